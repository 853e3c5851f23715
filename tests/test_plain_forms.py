"""What is decoded by a short way because nearly every certificate has it says what asn1crypto says, whatever the bytes."""

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from inspect import unwrap
from typing import Any
from unittest.mock import patch

import attrs
import ca
import pytest
from asn1crypto import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from finesse_certlint import certificate, tlv
from finesse_certlint.certificate import Certificate
from finesse_certlint.documents import Block, Kind
from finesse_certlint.findings import Location
from finesse_certlint.formats import armour
from finesse_certlint.formats.der import Reading
from finesse_certlint.formats.text import decode
from finesse_certlint.java import parse
from finesse_certlint.java.parse import algorithms as java_algorithms
from finesse_certlint.java.parse import certificate as java_certificate
from finesse_certlint.java.parse import extensions as java_extensions
from finesse_certlint.java.parse import keys as java_keys
from finesse_certlint.java.parse import names as java_names
from finesse_certlint.java.parse import plain
from finesse_certlint.java.parse.stream import Stream, Value
from finesse_certlint.limits import Limits
from finesse_certlint.pkix import extensions, identifiers, names

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=400)
TYPES = ("common_name", "country_name", "organization_name", "serial_number", "domain_component", "street_address")
TEXT = st.text("aAzZ 09.-äßÄΩİ\u00ad\u200bＡ\ufffd\u05d0,=+\0\t\x7f\u00a0", max_size=12) | st.text(
    "a ", min_size=120, max_size=140
)
LABEL = st.text("aZ9-", max_size=6) | st.sampled_from(("corp", "xn--mller-kva", "a.b", "XN--"))
ATTRIBUTE = st.tuples(
    st.sampled_from(TYPES), TEXT | st.binary(max_size=6), st.sampled_from(("utf8_string", "printable_string"))
).filter(lambda a: isinstance(a[1], bytes) or a[2] == "utf8_string" or max(a[1], default="") < "\u0100") | st.tuples(
    st.sampled_from(("domain_component", "common_name")), LABEL | st.binary(max_size=6), st.just("ia5_string")
)


def damaged(draw: Any, raw: bytes) -> bytes:
    """The bytes, or the same with one octet changed."""
    if not draw(st.booleans()) or not raw:
        return raw
    place = draw(st.integers(0, len(raw) - 1))
    return raw[:place] + bytes([draw(st.integers(0, 255))]) + raw[place + 1 :]


def outcome(call: Callable[[], Any]) -> Any:
    """What comes of a call: its value, or the exception in words."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - which one is what is compared
        return f"{type(error).__name__}: {error}"


@QUICK
@given(st.data())
def test_names_compare_alike(data: st.DataObject) -> None:
    raw = damaged(data.draw, ca.name(data.draw(st.lists(ATTRIBUTE, max_size=4))))

    def slow() -> str:
        try:
            return str(x509.Name.load(raw, strict=True).hashable)
        except Exception:  # noqa: BLE001 - as name_key has it
            return raw.hex()

    assert unwrap(names.name_key)(raw) == slow()


def test_a_name_whose_length_is_not_its_own_equals_only_itself() -> None:
    raw = ca.name([("common_name", "corp", "utf8_string")])
    for length in {*range(256)} - {raw[1]}:
        changed = raw[:1] + bytes([length]) + raw[2:]
        assert unwrap(names.name_key)(changed) == changed.hex()


@QUICK
@given(st.text([chr(point) for point in range(0x20, 0x180)], max_size=12))
def test_letters_with_accents_are_prepared_alike(text: str) -> None:
    value = x509.NameTypeAndValue({"type": "name", "value": x509.DirectoryString("utf8_string", text)})
    assert unwrap(names._prepared)(text.encode()) == value.prepped_value


@QUICK
@given(st.data())
def test_sizes_of_keys_are_alike(data: st.DataObject) -> None:
    raw = damaged(data.draw, ca.key(data.draw(st.sampled_from(("rsa1024", "rsa2048", "ec256", "ec521")))).spki)
    short = outcome(lambda: identifiers._plain_key(raw))
    if short is None or not whole(raw):
        return
    with patch.object(identifiers, "_plain_key", return_value=None):
        key = unwrap(identifiers.read_public_key)(raw)
    assert outcome(lambda: attrs.evolve(key, **identifiers.key_size(key))) == short
    if isinstance(short, identifiers.PublicKey) and short.in_der:
        outer = tlv.read(raw, 0, len(raw))
        assert all(map(tlv.is_shortest, (outer, *tlv.children(raw, outer))))


@QUICK
@given(st.data())
def test_numbers_of_rsa_keys_are_alike(data: st.DataObject) -> None:
    numbers = st.integers(0, 2**1100) | st.sampled_from((3, 65537, 2**127, 2**1015, 2**2047))
    raw = damaged(data.draw, ca.sequence(*(ca.tlv(2, _signed(data.draw(numbers))) for _ in range(2))))
    short = unwrap(identifiers.rsa_in_der)(raw)
    assert short is None or short == identifiers.rsa_numbers(raw)


def _signed(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


@QUICK
@given(st.data())
def test_attributes_of_names_are_alike(data: st.DataObject) -> None:
    raw = damaged(data.draw, ca.name(data.draw(st.lists(ATTRIBUTE, max_size=4))))
    read = lambda: [[each[:3] for each in rdn] for rdn in unwrap(names._relative_names)(raw)]  # noqa: E731
    with patch.object(names, "_attributes", unwrap(names._attributes)):
        short = outcome(read)
        with (
            patch.object(names, "_plain_attribute", return_value=None),
            patch.object(names, "pieces", return_value=None),
        ):
            assert outcome(read) == short


@QUICK
@given(st.data())
def test_alternative_names_are_alike(data: st.DataObject) -> None:
    parts = st.tuples(st.sampled_from((0x82, 0x87, 0x81, 0x86, 0xA0)), st.binary(max_size=18))
    raw = damaged(
        data.draw, ca.sequence(*(ca.tlv(tag, value) for tag, value in data.draw(st.lists(parts, max_size=4))))
    )
    if extensions.plain_names(raw) is None:
        return
    found = x509.GeneralNames.load(raw, strict=True)
    assert extensions.dns_names(raw) == tuple(
        n.chosen.contents.decode("latin-1") for n in found if n.name == "dns_name"
    )


# -- Extensions --------------------------------------------------------------------------------------------------------


def constraints(raw: bytes) -> extensions.BasicConstraints:
    parsed = x509.BasicConstraints.load(raw, strict=True)
    return extensions.BasicConstraints(ca=parsed["ca"].native, path_length=parsed["path_len_constraint"].native)


def usage(raw: bytes) -> frozenset[str]:
    return frozenset(extensions._KEY_USAGE_NAMES[bit] for bit in x509.KeyUsage.load(raw, strict=True).native)


def purposes(raw: bytes) -> tuple[str, ...]:
    return tuple(purpose.dotted for purpose in x509.ExtKeyUsageSyntax.load(raw, strict=True))


def identifier(raw: bytes) -> bytes | None:
    found: bytes | None = x509.AuthorityKeyIdentifier.load(raw, strict=True)["key_identifier"].native
    return found


def test_every_plain_value_of_basic_constraints_is_alike() -> None:
    assert len(extensions._PLAIN_CONSTRAINTS) == 130
    for raw, short in extensions._PLAIN_CONSTRAINTS.items():
        assert short == constraints(raw)


def test_every_key_usage_of_one_octet_is_alike() -> None:
    for unused in range(10):
        for bits in range(256):
            raw = bytes([3, 2, unused, bits])
            assert outcome(lambda raw=raw: unwrap(extensions.key_usage)(raw)) == outcome(lambda raw=raw: usage(raw))  # type: ignore[misc]


ARCS = st.sampled_from((0, 1, 3, 39, 40, 119, 120, 127, 128, 311, 840, 16383, 16384, 2**40))
IDENTIFIERS = st.builds(lambda arcs: b"".join(map(arc, arcs)), st.lists(ARCS, min_size=1, max_size=6))


def arc(number: int) -> bytes:
    """One part of an OID (X.690, section 8.19.2)."""
    octets = [number & 0x7F]
    while number := number >> 7:
        octets.append(0x80 | number & 0x7F)
    return bytes(reversed(octets))


@QUICK
@given(st.data())
def test_purposes_are_alike(data: st.DataObject) -> None:
    listed = data.draw(st.lists(IDENTIFIERS | st.sampled_from((b"\x2b\6\1\5\5\7\3\1", b"\x80\1", b"")), max_size=4))
    raw = damaged(data.draw, ca.sequence(*(ca.tlv(0x06, content) for content in listed)))
    assert outcome(lambda: unwrap(extensions.extended_key_usage)(raw)) == outcome(lambda: purposes(raw))


@QUICK
@given(st.data())
def test_key_identifiers_are_alike(data: st.DataObject) -> None:
    parts = st.tuples(
        st.sampled_from((0x80, 0x82, 0xA1)), st.binary(max_size=8) | st.binary(min_size=120, max_size=130)
    )
    listed = data.draw(st.lists(parts, max_size=2))
    raw = damaged(data.draw, ca.sequence(*(ca.tlv(tag, content) for tag, content in listed)))
    assert outcome(lambda: unwrap(extensions.key_identifier)(raw)) == outcome(lambda: identifier(raw))


@QUICK
@given(st.data())
def test_subject_key_identifiers_are_alike(data: st.DataObject) -> None:
    raw = damaged(data.draw, ca.tlv(0x04, data.draw(st.binary(max_size=24) | st.binary(min_size=120, max_size=130))))
    assert outcome(lambda: extensions.octets(raw)) == outcome(lambda: x509.OctetString.load(raw, strict=True).native)


@settings(QUICK, max_examples=1500)
@given(st.data())
def test_heads_of_extensions_are_alike(data: st.DataObject) -> None:
    kind = data.draw(
        IDENTIFIERS | st.sampled_from((b"\x55\x1d\x11", b"\x2b\6\1\5\5\7\1\1", b"\x55\x80\1", b"\x55\1\x80"))
    )
    flag = data.draw(st.sampled_from((b"", ca.tlv(1, b"\xff"), ca.tlv(1, b"\0"), ca.tlv(1, b""), b"\1\x81\1\xff")))
    value = ca.tlv(
        4, data.draw(st.binary(max_size=4) | st.sampled_from([bytes(n) for n in (127, 128, 240, 255, 256, 300)]))
    )
    raw = damaged(data.draw, ca.sequence(ca.tlv(6, kind), flag, value))
    if not whole(raw):
        return
    short = outcome(lambda: extensions._in_der(raw, "x"))
    if short is not None:
        assert outcome(lambda: extensions._walked(raw, "x")) == short


def whole(raw: bytes) -> bool:
    """Whether it is one element and nothing else, as what is looked at always is."""
    try:
        return tlv.read(raw, 0, len(raw)).stop == len(raw)
    except tlv.TlvError:
        return False


@QUICK
@given(st.data())
def test_pieces_are_the_octets_of_the_elements(data: st.DataObject) -> None:
    contents = st.binary(max_size=3) | st.sampled_from((bytes(127), bytes(128), bytes(300)))
    parts = data.draw(st.lists(st.tuples(st.sampled_from((2, 0x30, 0x3F, 0xA0)), contents), max_size=4))
    raw = damaged(data.draw, b"".join(ca.tlv(tag, content) for tag, content in parts))
    parent = tlv.Tlv(0x30, 0, 0, len(raw), len(raw))
    walked = outcome(lambda: [raw[element.start : element.stop] for element in tlv.children(raw, parent)])
    assert tlv.pieces(raw, parent) == (walked if isinstance(walked, list) else None)


@QUICK
@given(st.integers(0, 99 * 365 * 86_400))
def test_every_utc_time_is_its_moment(seconds: int) -> None:
    """RFC 5280, section 4.1.2.5.1: the years 1950 to 2049."""
    moment = datetime(1950, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    text = f"{moment:%y%m%d%H%M%SZ}".encode()
    assert certificate._moment(text[:6], text[6:]) == moment


# -- Java's reader -----------------------------------------------------------------------------------------------------


SAMPLES = tuple(
    ca.Authority("Example Issuing CA")
    .server(
        "gadgets.example.com",
        subject=(
            ("country_name", "DE", "printable_string"),
            ("domain_component", "example", "ia5_string"),
            ("organization_name", "Bücher", "utf8_string"),
            ("common_name", "gadgets.example.com", kind),
        ),
        extra_extensions=(
            ("2.5.29.32", True, ca.sequence(ca.sequence(ca.oid("2.16.840.1.113730.4.1")))),
            ("2.16.840.1.113730.1.1", False, ca.tlv(0x03, b"\x06\x40")),
        ),
        key=ca.key(key),
    )
    .der
    for kind, key in (("bmp_string", "rsa2048"), ("utf8_string", "rsa2048"), ("utf8_string", "ec256"))
)
RELEASES = (parse.JAVA_7U80, parse.JAVA_7U181, parse.JAVA_8U181, parse.JAVA_8U504, parse.JAVA_17, parse.JAVA_21)
ODD = (0x00, 0x01, 0x05, 0x1E, 0x1F, 0x30, 0x7F, 0x80, 0x81, 0x82, 0x83, 0xA0, 0xFF)


def read_by(java: parse.CertificateFactory, der: bytes, *, short: bool) -> Any:
    """What a release says of a certificate, its short ways open or closed; nothing is remembered from one to the other."""
    slow: dict[tuple[Any, str], Any] = {
        (plain, "reads"): lambda java, certificate: False,
        (Stream, "_plain"): lambda self, wanted=None: None,
        (Stream, "whole_sequence"): lambda self: b"",
        (java_names, "_is_one_attribute"): lambda octets: False,
        (java_certificate, "_sound_extension"): lambda value: None,
        (java_certificate, "PLAIN_VALIDITY"): re.compile(rb"(?!)"),
        (java_extensions, "_is_plain"): lambda java, reader, octets: False,
        (java_keys, "rsa_in_der"): lambda octets: None,
    }
    fresh: dict[tuple[Any, str], Any] = {
        (place, name): unwrap(getattr(place, name))
        for place, name in (
            (java_names, "_read_attributes"),
            (java_names, "is_plain_name"),
            (java_certificate, "extension_in"),
            (extensions, "extension_in"),
            (java_algorithms, "_recurring_algorithm"),
            (java_keys, "_rsa_key"),
        )
    }
    with ExitStack() as stack:
        for (place, name), other in (fresh if short else {**fresh, **slow}).items():
            stack.enter_context(patch.object(place, name, other))
        found = Certificate(index=0, der=der, location=Location(document="x", start=0, stop=len(der)))
        return java.refusal(found), java.unreadable_extensions(found)


@settings(QUICK, max_examples=1500)
@given(st.data())
def test_java_reads_alike_the_short_way_and_the_long(data: st.DataObject) -> None:
    der = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(4, len(der) - 260))
        der[place] = data.draw(st.sampled_from((*ODD, der[place] ^ 1, (der[place] + 1) % 256, der[place] ^ 0x80)))
    java = data.draw(st.sampled_from(RELEASES))
    assert read_by(java, bytes(der), short=True) == read_by(java, bytes(der), short=False)


@settings(QUICK, max_examples=1500)
@given(st.data())
def test_java_reads_uris_alike(data: st.DataObject) -> None:
    pieces = ("http", "ldap", "://", ":", "/", "//", ".", "-", "a", "9", "pki", "corp", "_", "%20", "%", "~", "?", "@")
    parts = st.lists(st.sampled_from([*pieces, " ", "x" * 42]), max_size=12)
    uri = data.draw(st.sampled_from(("http://", ""))) + "".join(data.draw(parts))
    value = Value(data.draw(st.sampled_from(RELEASES)), 0x86, uri.encode(), 0, len(uri))
    short = outcome(lambda: java_names.read_general_name(value))
    with patch.object(java_names, "_PLAIN_URI", re.compile(r"(?!)")):
        assert outcome(lambda: java_names.read_general_name(value)) == short


URIS = (
    b"http://crl.example.com/ca.crl",
    b"ldap:///CN=CA,CN=CDP,DC=example?certificateRevocationList?base",
    b"http://9.example/",
    b"x" * 130,
    b"http://pki.example.com/" + b"a" * 300,
    b"",
)
METHODS = ("1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.2", "1.3.6.1.5.5.7.48.3")


def points(*names: bytes) -> bytes:
    """A distribution point of these names."""
    return ca.sequence(ca.tlv(0xA0, ca.tlv(0xA0, *[ca.tlv(0x86, name) for name in names])))


def accesses(*places: tuple[str, bytes]) -> bytes:
    """Descriptions of where to find what."""
    return ca.sequence(*[ca.sequence(ca.oid(method), ca.tlv(0x86, name)) for method, name in places])


VALUES: Mapping[str, tuple[bytes, ...]] = {
    "2.5.29.14": (ca.tlv(0x04, b"x" * 20), ca.tlv(0x04), ca.tlv(0x04, b"x" * 200)),
    "2.5.29.17": (ca.sequence(ca.tlv(0x82, b"a.example"), ca.tlv(0x87, b"\x0a\0\0\1")),),
    "2.5.29.35": (
        ca.sequence(ca.tlv(0x80, b"x" * 20)),
        ca.sequence(ca.tlv(0x80, b"x"), ca.tlv(0x82, b"\1")),
        ca.sequence(ca.tlv(0x80)),
    ),
    "2.5.29.31": (
        *(ca.sequence(points(uri)) for uri in URIS),
        ca.sequence(points(*URIS[:2])),
        ca.sequence(points(URIS[0]), points(URIS[1])),
        ca.sequence(points()),
        ca.sequence(),
    ),
    "1.3.6.1.5.5.7.1.1": (
        *(accesses((method, uri)) for method, uri in zip(METHODS * 2, URIS, strict=True)),
        accesses(*zip(METHODS[:2], URIS, strict=False)),
        accesses(),
    ),
}


@settings(QUICK, max_examples=3000)
@given(st.data())
def test_java_reads_extensions_alike(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(tuple(VALUES)))
    raw = bytearray(data.draw(st.sampled_from(VALUES[name])))
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(0, min(len(raw) - 1, 40)))
        raw[place] = data.draw(st.sampled_from((*ODD, raw[place] ^ 1, (raw[place] + 1) % 256, raw[place] ^ 0x80)))
    java = data.draw(st.sampled_from(RELEASES))
    read = lambda: java_extensions.read_extension(java, name, False, bytes(raw))  # noqa: E731
    short = outcome(read)
    with patch.object(java_extensions, "_is_plain", return_value=False):
        assert outcome(read) == short


@pytest.mark.parametrize("name", VALUES)
def test_the_first_of_each_is_read_the_short_way(name: str) -> None:
    _, reader = java_extensions.EXTENSIONS[name]
    assert reader is not None
    assert java_extensions._is_plain(parse.JAVA_17, reader, VALUES[name][0])


@pytest.mark.parametrize("java", RELEASES)
def test_the_certificates_above_are_read_the_short_way(java: parse.CertificateFactory) -> None:
    """Without which the comparison above would compare one way with itself."""
    found = [Certificate(index=0, der=der, location=Location(document="x", start=0, stop=len(der))) for der in SAMPLES]
    assert all(plain.reads(java, each) for each in found)


# -- PEM ---------------------------------------------------------------------------------------------------------------

ROOTS = [ca.Authority(f"Root {name}") for name in "abc"]
PEM = [root.pem for root in ROOTS]
PEM_LIMITS = (Limits(), Limits(blocks=2), Limits(blocks=0), Limits(certificate_bytes=600))


def slowly(data: bytes, limits: Limits) -> tuple[Block, ...]:
    return tuple(armour.blocks(decode(data), Reading.begin(limits)))


def test_certificates_in_pem_are_read_at_a_glance() -> None:
    for text in (b"".join(PEM), b"\n".join(PEM), b"".join(PEM).rstrip(), b"".join(PEM).replace(b"\n", b"\r\n")):
        found = armour.plain_blocks(text, Limits())
        assert found is not None
        assert found == slowly(text, Limits())
        assert [block.der for block in found if block.kind is Kind.CERTIFICATE] == [root.der for root in ROOTS]


@settings(QUICK, max_examples=3000)
@given(st.data())
def test_what_is_read_of_pem_at_a_glance_is_what_the_markers_and_bodies_say(data: st.DataObject) -> None:
    parts = data.draw(
        st.lists(st.sampled_from([*PEM, b"\n", b"\r\n", b"\r", b" ", b"words\n"]), min_size=1, max_size=6)
    )
    text = b"".join(parts)
    if data.draw(st.booleans()):
        text = text.replace(b"\n", data.draw(st.sampled_from([b"\r\n", b"\r", b"\n\n", b""])))
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(0, len(text)))
        within = place + data.draw(st.integers(0, 3))
        text = (
            text[:place]
            + data.draw(st.sampled_from([b"", b"\n", b"=", b"A", b"-", b" ", b"\0", b"\xa0", b"=\n="]))
            + text[within:]
        )
    limits = data.draw(st.sampled_from(PEM_LIMITS))
    found = armour.plain_blocks(text, limits)
    assert found is None or found == slowly(text, limits)


def test_every_octet_around_the_base64_counts() -> None:
    text = PEM[0] + PEM[1]
    body = len("-----BEGIN CERTIFICATE-----\n")
    second = len(PEM[0])
    for place in (
        *range(body + 2),
        *range(second - body - 4, second + body + 2),
        *range(len(text) - body - 4, len(text)),
    ):
        for octet in (*b"\0\n\r -=AZ09bE", 0x80, 0xFF):
            changed = text[:place] + bytes([octet]) + text[place + 1 :]
            found = armour.plain_blocks(changed, Limits())
            assert found is None or found == slowly(changed, Limits())
            assert found is None or changed == text or octet in b"\r\nAZ09bE=-"
