"""What is decoded by a short way because nearly every certificate has it says what asn1crypto says, whatever the bytes."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from inspect import unwrap
from typing import Any
from unittest.mock import patch

import attrs
import ca
from asn1crypto import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from finesse_certlint.java import parse
from finesse_certlint.java.parse import algorithms as java_algorithms
from finesse_certlint.java.parse import certificate as java_certificate
from finesse_certlint.java.parse import names as java_names
from finesse_certlint.java.parse.stream import Stream
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
    short = identifiers._plain_key(raw)
    if short is None:
        return
    with patch.object(identifiers, "_plain_key", return_value=None):
        key = unwrap(identifiers.read_public_key)(raw)
    assert outcome(lambda: attrs.evolve(key, **identifiers.key_size(key))) == short


@QUICK
@given(st.data())
def test_alternative_names_are_alike(data: st.DataObject) -> None:
    parts = st.tuples(st.sampled_from((0x82, 0x87, 0x81, 0x86, 0xA0)), st.binary(max_size=18))
    raw = damaged(
        data.draw, ca.sequence(*(ca.tlv(tag, value) for tag, value in data.draw(st.lists(parts, max_size=4))))
    )
    if extensions._plain_names(raw) is None:
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


# -- Java's reader -----------------------------------------------------------------------------------------------------


SAMPLE = (
    ca.Authority("Example Issuing CA")
    .server(
        "gadgets.example.com",
        subject=(
            ("country_name", "DE", "printable_string"),
            ("domain_component", "example", "ia5_string"),
            ("organization_name", "Bücher", "utf8_string"),
            ("common_name", "gadgets.example.com", "bmp_string"),
        ),
        extra_extensions=(
            ("2.5.29.32", True, ca.sequence(ca.sequence(ca.oid("2.16.840.1.113730.4.1")))),
            ("2.16.840.1.113730.1.1", False, ca.tlv(0x03, b"\x06\x40")),
        ),
    )
    .der
)
RELEASES = (parse.JAVA_7U80, parse.JAVA_7U181, parse.JAVA_8U181, parse.JAVA_8U504, parse.JAVA_17, parse.JAVA_21)
ODD = (0x00, 0x01, 0x05, 0x1E, 0x1F, 0x30, 0x7F, 0x80, 0x81, 0x82, 0x83, 0xA0, 0xFF)


def read_by(java: parse.CertificateFactory, der: bytes, *, short: bool) -> Any:
    """What a release says of a certificate, its short ways open or closed; nothing is remembered from one to the other."""
    slow: dict[tuple[Any, str], Any] = {
        (Stream, "_plain"): lambda self, wanted=None: None,
        (Stream, "whole_sequence"): lambda self: b"",
        (java_names, "_is_one_attribute"): lambda octets: False,
        (java_certificate, "_sound_extension"): lambda value: None,
        (java_certificate, "_PLAIN_VALIDITY"): re.compile(rb"(?!)"),
    }
    fresh: dict[tuple[Any, str], Any] = {
        (place, name): unwrap(getattr(place, name))
        for place, name in (
            (java_names, "_read_attributes"),
            (java_names, "_is_plain"),
            (java_certificate, "_read_plain"),
            (java_algorithms, "_recurring_algorithm"),
        )
    }
    with ExitStack() as stack:
        for (place, name), other in (fresh if short else {**fresh, **slow}).items():
            stack.enter_context(patch.object(place, name, other))
        reading = java_certificate.Reading(java, der)
    return reading.refusal, reading.unreadable


@settings(QUICK, max_examples=600)
@given(st.data())
def test_java_reads_alike_the_short_way_and_the_long(data: st.DataObject) -> None:
    der = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(4, len(der) - 260))
        der[place] = data.draw(st.sampled_from((*ODD, der[place] ^ 1, (der[place] + 1) % 256, der[place] ^ 0x80)))
    java = data.draw(st.sampled_from(RELEASES))
    assert read_by(java, bytes(der), short=True) == read_by(java, bytes(der), short=False)
