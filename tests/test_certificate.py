"""One certificate: what is read of it, and that whatever is malformed in it is a finding while the rest is judged."""

import copy
import json
import pickle
import string
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import ca
import pytest
import quirks
from asn1crypto import parser
from attrs.exceptions import FrozenInstanceError
from ca import Authority, Issued, Server, Subject, good_chain, integer, pem_bundle, sequence, tlv
from hypothesis import example, given, settings
from hypothesis import strategies as st

import finesse_certlint as fcl
from finesse_certlint import Certificate, Report
from finesse_certlint.pkix import AlgorithmIdentifier, PssParameters, PublicKey

AT = datetime(2026, 11, 23, tzinfo=UTC)

PSS = "1.2.840.113549.1.1.10"
SHA256_RSA = "1.2.840.113549.1.1.11"


@cache
def issuer() -> Authority:
    return Authority("Example Root CA")


def lint(*issued: Issued | bytes, **options: Any) -> Report:
    return fcl.lint(pem_bundle(*issued), at=AT, **options)


def one(item: Issued | bytes) -> Certificate:
    """The certificate as a report has it."""
    (certificate,) = lint(item).certificates
    return certificate


def made(**knobs: Any) -> Certificate:
    """A leaf of the example root, made with these knobs."""
    return one(issuer().server("gadgets.example.com", **knobs))


def fields_of(report: Report) -> set[str | None]:
    """Where something is malformed."""
    return {f.location.field for f in report.findings if f.rule == "certificate-malformed" and f.location}


def algorithm_of(certificate: Certificate) -> AlgorithmIdentifier:
    assert certificate.signature_algorithm is not None
    return certificate.signature_algorithm


# -- Algorithm identifiers ---------------------------------------------------------------------------------------------


def test_the_outer_and_the_inner_algorithm_are_read_each_by_itself() -> None:
    inner = ca.algorithm("1.2.840.113549.1.1.12")
    certificate = made(inner_algorithm=inner)
    assert certificate.signature_oid == algorithm_of(certificate).oid == SHA256_RSA
    assert certificate.tbs_signature_algorithm is not None
    assert certificate.tbs_signature_algorithm.oid == "1.2.840.113549.1.1.12"


@pytest.mark.parametrize(
    ("parameters", "form"),
    [(ca.NULL, "null"), (b"", "absent"), (sequence(), "sequence"), (integer(1), "other")],
)
def test_the_form_of_the_parameters_is_told(parameters: bytes, form: str) -> None:
    certificate = made(outer_algorithm=ca.algorithm(SHA256_RSA, parameters))
    assert algorithm_of(certificate).form == form
    assert algorithm_of(certificate).name == "sha256WithRSAEncryption"


def pss_of(parameters: bytes) -> AlgorithmIdentifier:
    return algorithm_of(made(outer_algorithm=ca.algorithm(PSS, parameters)))


HASH_SHA1 = ca.algorithm("1.3.14.3.2.26")
HASH_SHA256 = ca.algorithm("2.16.840.1.101.3.4.2.1")
MGF1 = "1.2.840.113549.1.1.8"


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        # RFC 4055, section 3.1: DEFAULT sha1Identifier, mgf1SHA1Identifier, 20, 1
        (sequence(), "SHA-1, MGF1 with SHA-1, 20"),
        (
            sequence(
                tlv(0xA0, HASH_SHA1),
                tlv(0xA1, ca.algorithm(MGF1, HASH_SHA1)),
                tlv(0xA2, integer(20)),
                tlv(0xA3, integer(1)),
            ),
            "SHA-1, MGF1 with SHA-1, 20",
        ),
        (
            sequence(tlv(0xA0, HASH_SHA256), tlv(0xA1, ca.algorithm(MGF1, HASH_SHA256)), tlv(0xA2, integer(32))),
            "SHA-256, MGF1 with SHA-256, 32",
        ),
        (sequence(tlv(0xA0, HASH_SHA256)), "SHA-256, MGF1 with SHA-1, 20"),
        (sequence(tlv(0xA2, integer(0))), "SHA-1, MGF1 with SHA-1, 0"),
        (sequence(tlv(0xA3, integer(2))), "SHA-1, MGF1 with SHA-1, 20, trailer field 2"),
        (sequence(tlv(0xA0, ca.algorithm("1.2.3.4"))), "1.2.3.4, MGF1 with SHA-1, 20"),
        (sequence(tlv(0xA1, ca.algorithm("1.2.3.5", HASH_SHA1))), "SHA-1, 1.2.3.5, 20"),
    ],
)
def test_pss_parameters_are_read_with_their_defaults_filled_in(parameters: bytes, words: str) -> None:
    algorithm = pss_of(parameters)
    assert str(algorithm) == f"RSASSA-PSS ({words})"
    assert algorithm.problem is None


@pytest.mark.parametrize("digest", ["SHA1", "SHA256", "SHA384", "SHA512"])
def test_pss_parameters_are_those_that_it_was_signed_with(digest: str) -> None:
    scheme = ca.pss(digest, salt=17)
    certificate = made(sign=scheme)
    assert algorithm_of(certificate).parameters == PssParameters(
        hash_oid=ca._HASHES[digest].oid,
        mgf_oid=MGF1,
        mgf_hash_oid=ca._HASHES[digest].oid,
        salt_length=17,
        trailer_field=1,
    )


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (b"", "the parameters must be RSASSA-PSS-params and are absent"),
        (ca.NULL, "the parameters must be RSASSA-PSS-params and are null"),
        (integer(3), "the parameters must be RSASSA-PSS-params and are other"),
        (sequence(integer(1)), "tag 0x02 out of its place"),
        (sequence(tlv(0xA2, integer(32)), tlv(0xA0, HASH_SHA256)), "tag 0xa0 out of its place"),
        (sequence(tlv(0xA2, integer(32)), tlv(0xA2, integer(32))), "tag 0xa2 out of its place"),
        (sequence(tlv(0xA4, integer(1))), "tag 0xa4 out of its place"),
        (sequence(tlv(0xA0)), "an empty [0]"),
        (sequence(tlv(0xA0, integer(1))), "no AlgorithmIdentifier in [0]"),
        (sequence(tlv(0xA2, HASH_SHA1)), "no usable INTEGER in [2]"),
        (sequence(tlv(0xA2, integer(2**64))), "no usable INTEGER in [2]"),
        (sequence(tlv(0xA2, integer(-1))), "the salt length is -1"),
        (sequence(tlv(0xA3, integer(7))), "the trailer field is 7 and must be 1"),
        (sequence(tlv(0xA0, HASH_SHA256)), "another hash than SHA-256"),
        (sequence(tlv(0xA0, ca.algorithm("1.2.3.4"))), "the hash is 1.2.3.4"),
        (sequence(tlv(0xA1, ca.algorithm("1.2.3.5"))), "the mask generation function is 1.2.3.5"),
        (sequence() + ca.NULL, "more than one value stands in its parameters"),
        (b"\x30\x05\xa0\x09", "cut off"),
    ],
)
def test_nonsense_in_pss_parameters_is_a_finding_beside_that_of_pss(parameters: bytes, reason: str) -> None:
    both = dict.fromkeys(("inner_algorithm", "outer_algorithm"), ca.algorithm(PSS, parameters))
    report = lint(issuer().server("gadgets.example.com", **both), issuer())  # type: ignore[arg-type]
    found = {f.rule: f for f in report.findings if f.certificate == 0}
    assert found["signature-algorithm-unsupported"].evidence["oid"] == PSS
    malformed = found.get("signature-parameters-malformed") or found["certificate-malformed"]
    assert reason in malformed.message
    assert report.verdict == "refused"


# -- Validity ----------------------------------------------------------------------------------------------------------


def utc(text: str) -> bytes:
    return tlv(0x17, text.encode())


def generalized(text: str) -> bytes:
    return tlv(0x18, text.encode())


@pytest.mark.parametrize(
    ("encoded", "moment"),
    [
        # RFC 5280, section 4.1.2.5.1: "Where YY is greater than or equal to 50, the year SHALL be interpreted as 19YY;
        # and where YY is less than 50, the year SHALL be interpreted as 20YY."
        (utc("491231235959Z"), datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (utc("500101000000Z"), datetime(1950, 1, 1, tzinfo=UTC)),
        (utc("000229120000Z"), datetime(2000, 2, 29, 12, tzinfo=UTC)),
        (generalized("20500101000000Z"), datetime(2050, 1, 1, tzinfo=UTC)),
        # Section 4.1.2.5: "To indicate that a certificate has no well-defined expiration date"
        (generalized("99991231235959Z"), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_forms_of_time(encoded: bytes, moment: datetime) -> None:
    certificate = made(not_after=encoded)
    assert certificate.not_after == moment
    assert certificate.problems == ()


@pytest.mark.parametrize(
    ("encoded", "moment"),
    [
        (utc("2912312359Z"), datetime(2029, 12, 31, 23, 59, tzinfo=UTC)),  # without seconds
        (utc("291231235959+0100"), datetime(2029, 12, 31, 22, 59, 59, tzinfo=UTC)),
        (generalized("20291231235959-0030"), datetime(2030, 1, 1, 0, 29, 59, tzinfo=UTC)),
        (generalized("20291231235959.5Z"), datetime(2029, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (generalized("20291231235959.123456789012Z"), datetime(2029, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (generalized("20291231235959"), datetime(2029, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (utc("290230000000Z"), datetime(2029, 3, 2, tzinfo=UTC)),  # as Java counts: observed on 17
    ],
)
def test_a_time_in_another_form_is_read_with_a_warning(encoded: bytes, moment: datetime) -> None:
    """RFC 5280: "MUST be expressed in Greenwich Mean Time (Zulu) and MUST include seconds"."""
    report = lint(issuer().server("gadgets.example.com", not_after=encoded), issuer())
    assert report.certificates[0].not_after == moment
    (finding,) = [f for f in report.findings if f.rule == "certificate-malformed"]
    assert finding.severity == "warning"
    assert finding.location is not None
    assert finding.location.field == "tbsCertificate.validity.notAfter"


@pytest.mark.parametrize(
    "encoded",
    [
        utc("never"),
        utc(""),
        utc("991331000000Z"),
        utc("250132000000Z"),
        utc("250101250000Z"),
        utc("250101000060Z"),
        generalized("00000101000000Z"),
        generalized("99991231235959-2359"),
        generalized("20250101000000+9999"),
        tlv(0x17, "２５0101000000Z".encode()),
        tlv(0x13, b"250101000000Z"),
        ca.NULL,
    ],
)
def test_no_date_is_an_error_and_never_accepted(encoded: bytes) -> None:
    for knob, field in (("not_before", "notBefore"), ("not_after", "notAfter")):
        knobs: Any = {knob: encoded}
        report = lint(issuer().server("gadgets.example.com", **knobs), issuer())
        assert fields_of(report) == {f"tbsCertificate.validity.{field}"}
        assert report.verdict == "refused"
        assert getattr(report.certificates[0], knob) is None


# -- Serial numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("serial", [0, 1, 127, 128, -1, -128, 2**159 - 1, 2**160, -(2**200), 2**2000])
def test_a_serial_number_is_read_whatever_its_sign_and_size(serial: int) -> None:
    report = lint(issuer().server("gadgets.example.com", serial=serial))
    assert report.certificates[0].serial == serial
    assert int(report.to_dict()["certificates"][0]["serial"], 16) == serial


def test_a_serial_number_beyond_reason_is_a_warning() -> None:
    report = lint(issuer().server("gadgets.example.com", serial=2**9000), issuer())
    assert fields_of(report) == {"tbsCertificate.serialNumber"}
    assert report.verdict == "accepted"


# -- Public keys -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "words", "bits", "curve"),
    [
        ("rsa1024", "RSA 1024", 1024, None),
        ("rsa2048", "RSA 2048", 2048, None),
        ("rsa3072", "RSA 3072", 3072, None),
        ("rsapss2048", "RSASSA-PSS 2048", 2048, None),
        ("ec256", "EC secp256r1", 256, "1.2.840.10045.3.1.7"),
        ("ec384", "EC secp384r1", 384, "1.3.132.0.34"),
        ("ec521", "EC secp521r1", 521, "1.3.132.0.35"),
        ("ed25519", "Ed25519 256", 256, None),
        ("ed448", "Ed448 456", 456, None),
        ("dsa1024", "DSA 1024", 1024, None),
    ],
)
def test_a_key_has_the_size_that_people_give_it(kind: str, words: str, bits: int, curve: str | None) -> None:
    found = made(key=kind).public_key
    assert found is not None
    assert (str(found), found.bits, found.curve) == (words, bits, curve)


def test_the_key_restricted_to_pss_is_told_from_a_signature_with_pss() -> None:
    certificate = made(key="rsapss2048")
    assert certificate.public_key is not None
    assert (certificate.public_key.oid, certificate.signature_oid) == (PSS, SHA256_RSA)


def test_an_exponent_has_a_size_too() -> None:
    found = made().public_key
    assert found is not None
    assert found.exponent_bits == 17


def test_a_key_of_an_unknown_kind_is_dotted() -> None:
    found = made(spki=sequence(ca.algorithm("1.2.3.4"), ca.bit_string(b"key"))).public_key
    assert isinstance(found, PublicKey)
    assert (str(found), found.bits) == ("1.2.3.4", None)


# -- Fingerprints ------------------------------------------------------------------------------------------------------


def test_the_fingerprint_is_of_exactly_the_certificates_bytes() -> None:
    server = issuer().server("gadgets.example.com")
    wanted = sha256(server.der).hexdigest()
    forms = {
        "PEM": server.pem,
        "DER": server.der,
        "DER with something behind": server.der + b"\n\n",
        "PKCS#7": ca.pkcs7(server),
        "TRUSTED CERTIFICATE": ca.armour("TRUSTED CERTIFICATE", quirks.trusted(server.der)),
    }
    found = {name: fcl.lint(data, at=AT).certificates[0].fingerprint_sha256 for name, data in forms.items()}
    assert found == dict.fromkeys(forms, wanted)


# -- Names -------------------------------------------------------------------------------------------------------------


def subject(*parts: tuple[str, str | bytes, str]) -> Subject:
    return parts


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        # RFC 4514, section 2.1: "starting with the last element of the sequence and moving backwards toward the first"
        (
            subject(("country_name", "AT", "printable_string"), ("common_name", "Example", "utf8_string")),
            "CN=Example,C=AT",
        ),
        # Section 4's own examples
        (subject(("common_name", 'James "Jim" Smith, III', "utf8_string")), 'CN=James \\"Jim\\" Smith\\, III'),
        (subject(("common_name", "Before\rAfter", "utf8_string")), "CN=Before\\0DAfter"),
        (subject(("1.3.6.1.4.1.1466.0", b"\x48\x69", "utf8_string")), "1.3.6.1.4.1.1466.0=Hi"),
        (subject(("common_name", "Lu\u010di\u0107", "utf8_string")), "CN=Lu\u010di\u0107"),
        # Section 2.4
        (subject(("common_name", "#1 + 2; <3>", "utf8_string")), "CN=\\#1 \\+ 2\\; \\<3\\>"),
        (subject(("common_name", " both ends ", "utf8_string")), "CN=\\ both ends\\ "),
        (subject(("common_name", " ", "utf8_string")), "CN=\\ "),
        (subject(("common_name", "back\\slash", "utf8_string")), "CN=back\\\\slash"),
        (subject(("common_name", "", "utf8_string")), "CN="),
        # Every string type, also where the bytes are not what the type says
        (subject(("common_name", "Grün", "bmp_string")), "CN=Grün"),
        (subject(("common_name", "Grün", "teletex_string")), "CN=Grün"),
        (subject(("common_name", "Grün", "universal_string")), "CN=Grün"),
        (subject(("common_name", "Grün".encode(), "printable_string")), "CN=GrÃ¼n"),
        (subject(("email_address", "pki@example.com", "ia5_string")), "emailAddress=pki@example.com"),
        (subject(), ""),
    ],
)
def test_a_name_is_written_as_rfc_4514_has_it(parts: Subject, written: str) -> None:
    assert made(subject=parts).subject == written


HOSTILE = {
    "ansi": "\x1b[2J\x1b[31mgadgets",
    "c1-csi": "\x9b31mgadgets",
    "bidi-override": "gadgets\u202emoc.elpmaxe",
    "bidi-isolate": "gadgets\u2066\u2069",
    "nul": "gadgets.example.com\0.evil.example",
    "newline": "gadgets\nerror  nothing-is-wrong   leaf",
    "carriage-return": "refused\raccepted",
    "line-separator": "gadgets\u2028accepted",
    "next-line": "gadgets\u0085accepted",
    "zero-width": "gad\u200bgets",
    "byte-order-mark": "\ufeffgadgets",
    "tag-characters": "gadgets\U000e0041",
    "private-use": "gadgets\ue000",
    "markup": "<script>alert(1)</script>",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("place", ["subject", "issuer", "root", "san", "everywhere"])
def test_hostile_characters_come_out_harmless(text: str, place: str) -> None:
    """No name in a certificate moves a cursor, forges a line or hides a letter, in whatever form the report comes."""
    hostile = subject(("common_name", text, "utf8_string"))
    alternative = b"".join(tlv(0x82, part) for part in (text.encode(), b"gadgets.example.com"))
    knobs: Any = {}
    root = issuer()
    if place in ("subject", "everywhere"):
        knobs["subject"] = hostile
    if place in ("san", "everywhere"):
        knobs |= {"san": None, "extra_extensions": (("2.5.29.17", False, sequence(alternative)),)}
    if place == "issuer":
        knobs["issuer_subject"] = hostile
    if place in ("root", "everywhere"):
        root = Authority("hostile", subject=hostile, key=root.key, not_after=datetime(2025, 1, 1, tzinfo=UTC))
    report = lint(root.server("gadgets.example.com", **knobs), root, hostname="finesse.example.com")
    harmless(report)


def harmless_text(report: Report) -> None:
    text = report.render("text")
    assert {c for c in text if not c.isprintable()} <= {"\n"}
    assert not [line for line in text.splitlines() if line.startswith("error  nothing-is-wrong")]


def harmless(report: Report) -> None:
    harmless_text(report)
    for form in (report.to_json(), report.render("json")):
        assert set(form) <= set(string.printable) - set("\x0b\x0c\r\t")
        unprintable = [value for value in _strings(json.loads(form)) if not value.replace("\n", "").isprintable()]
        assert not unprintable, "what a program takes out of the report may be printed too"


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(text for part in value.values() for text in _strings(part))]
    if isinstance(value, list):
        return [text for part in value for text in _strings(part)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_of_a_file_comes_out_harmless(text: str) -> None:
    """In words. As JSON it is what the caller said, escaped as JSON escapes, for a program to find the file by."""
    for report in (
        fcl.lint({text: good_chain()[0].pem.decode().encode("utf-16"), "b": b"<html></html>"}, at=AT),
        fcl.lint(pem_bundle(*reversed(good_chain())), name=text, at=AT),
        fcl.lint(b"", name=text, at=AT, hostname=text),
    ):
        harmless_text(report)
        assert text in json.loads(report.to_json())["name"]
        assert report.to_json().isascii()


def test_a_surrogate_in_a_bmp_string_is_no_crash() -> None:
    report = lint(issuer().server("x", subject=subject(("common_name", b"\xd8\x00\x00a", "bmp_string"))))
    harmless(report)
    report.render("text").encode()


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        (subject(("common_name", "one", "utf8_string"), ("common_name", "two", "utf8_string")), "two"),
        (subject(("organization_name", "Example", "utf8_string")), "O=Example"),
        (subject(("organization_name", "Example", "utf8_string"), ("common_name", "", "utf8_string")), "CN=,O=Example"),
        (subject(), "serial number 1a"),
    ],
)
def test_a_certificate_is_called_by_its_last_common_name_or_what_else_it_has(parts: Subject, title: str) -> None:
    assert made(subject=parts, serial=26).title == title


# -- Malformed fields --------------------------------------------------------------------------------------------------


def members(der: bytes) -> list[bytes]:
    """The encoded members of a constructed value."""
    rest = parser.parse(der)[4]
    found = []
    while rest:
        size = parser.peek(rest)
        found.append(rest[:size])
        rest = rest[size:]
    return found


@cache
def pss_leaf() -> bytes:
    """Signed with PSS, so that there is a finding on its algorithm, whatever else becomes of it."""
    return issuer().server("gadgets.example.com", sign=ca.pss()).der


FIELDS = ("version", "serialNumber", "signature", "issuer", "validity", "subject", "subjectPublicKeyInfo", "extensions")


def replaced(field: str, value: bytes) -> bytes:
    """The leaf with another encoding of one field; "" takes the field out."""
    tbs, outer, signature = members(pss_leaf())
    parts = members(tbs)
    parts[FIELDS.index(field)] = value
    return sequence(sequence(*parts), outer, signature)


def extended(*extensions: tuple[str, bytes]) -> bytes:
    """The leaf with these extensions in place of its own."""
    return replaced("extensions", tlv(0xA3, sequence(*(ca.extension(oid, False, value) for oid, value in extensions))))


COMMON_NAME = ca.oid("2.5.4.3")
JUNK = b"\x0c\x04junk"

MALFORMED = {
    "version-7": (replaced("version", tlv(0xA0, integer(6))), "version"),
    "version-is-text": (replaced("version", tlv(0xA0)), "version"),
    "serial-is-empty": (replaced("serialNumber", tlv(0x02)), "serialNumber"),
    "inner-algorithm-is-empty": (replaced("signature", sequence()), "signature"),
    "inner-algorithm-is-no-oid": (replaced("signature", sequence(integer(1))), "signature"),
    "inner-oid-is-unfinished": (replaced("signature", sequence(b"\x06\x02\x2a\x86")), "signature"),
    "issuer-without-value": (replaced("issuer", sequence(tlv(0x31, sequence(COMMON_NAME)))), "issuer"),
    "issuer-cut-off": (replaced("issuer", b"\x30\x04\x31\x0a\x30\x00"), "issuer"),
    "subject-without-type": (replaced("subject", sequence(tlv(0x31, sequence(JUNK, JUNK)))), "subject"),
    "subject-is-flat": (replaced("subject", sequence(JUNK)), "subject"),
    "validity-with-one-end": (replaced("validity", sequence(utc("300101000000Z"))), "validity"),
    "validity-is-empty": (replaced("validity", sequence()), "validity"),
    "key-is-empty": (replaced("subjectPublicKeyInfo", sequence()), "subjectPublicKeyInfo"),
    "key-is-junk": (
        replaced("subjectPublicKeyInfo", sequence(ca.algorithm("1.2.840.113549.1.1.1"), ca.bit_string(b"junk"))),
        "subjectPublicKeyInfo",
    ),
    "extensions-are-no-sequence": (replaced("extensions", tlv(0xA3, integer(1))), "extensions"),
    "extension-without-value": (replaced("extensions", tlv(0xA3, sequence(sequence(COMMON_NAME)))), "extensions"),
    "basic-constraints": (extended(("2.5.29.19", JUNK)), "extensions.basicConstraints"),
    "basic-constraints-and-more": (extended(("2.5.29.19", sequence() + JUNK)), "extensions.basicConstraints"),
    "key-usage": (extended(("2.5.29.15", JUNK)), "extensions.keyUsage"),
    "extended-key-usage": (extended(("2.5.29.37", JUNK)), "extensions.extKeyUsage"),
    "alternative-names": (extended(("2.5.29.17", JUNK)), "extensions.subjectAltName"),
    "authority-key-identifier": (extended(("2.5.29.35", JUNK)), "extensions.authorityKeyIdentifier"),
    "subject-key-identifier": (extended(("2.5.29.14", JUNK)), "extensions.subjectKeyIdentifier"),
    "an-extension-twice": (
        extended(("2.5.29.14", tlv(0x04, b"1")), ("2.5.29.14", tlv(0x04, b"2"))),
        "extensions.subjectKeyIdentifier",
    ),
}


@pytest.mark.parametrize(("der", "field"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_field_is_a_finding_with_its_path_and_the_algorithm_is_judged(der: bytes, field: str) -> None:
    report = lint(der, issuer())
    assert fields_of(report) == {f"tbsCertificate.{field}"}
    assert [f.certificate for f in report.findings if f.rule == "signature-algorithm-unsupported"] == [0]
    assert report.certificates[0].fingerprint_sha256 == sha256(der).hexdigest()
    assert report.rules.crashed == ()
    assert report.verdict == "refused"


@pytest.mark.parametrize(
    ("extensions", "severity"),
    [
        # Observed: an unreadable subjectAltName or extKeyUsage that is not critical makes only Java 21 refuse.
        ((("2.5.29.17", False, JUNK),), "warning"),
        ((("2.5.29.37", False, JUNK),), "warning"),
        # RFC 5280, section 4.2: "A certificate-using system MUST reject the certificate if it encounters a critical
        # extension it does not recognize or a critical extension that contains information that it cannot process."
        ((("2.5.29.17", True, JUNK),), "error"),
        ((("2.5.29.37", True, JUNK),), "error"),
        # Section 4.2: "A certificate MUST NOT include more than one instance of a particular extension." Observed: no
        # Java from 7u80 to 21 can parse one that does.
        ((("1.2.3.4", False, JUNK), ("1.2.3.4", False, JUNK)), "error"),
    ],
)
def test_an_extension_that_is_unreadable_or_stands_twice(
    extensions: tuple[tuple[str, bool, bytes], ...], severity: str
) -> None:
    server = issuer().server("gadgets.example.com", san=None, eku=None, extra_extensions=extensions)
    report = lint(server, issuer())
    (finding,) = [f for f in report.findings if f.rule == "certificate-malformed"]
    assert finding.severity == severity
    assert report.verdict == ("accepted" if severity == "warning" else "refused")


@pytest.mark.parametrize("field", [field for field in FIELDS if field not in ("version", "extensions")])
def test_a_missing_field_is_a_finding_and_the_algorithm_is_judged(field: str) -> None:
    report = lint(replaced(field, b""), issuer())
    malformed = [f for f in report.findings if f.rule == "certificate-malformed"]
    assert malformed
    assert field in " ".join(f.message for f in malformed)
    assert any(f.rule == "signature-algorithm-unsupported" and f.certificate == 0 for f in report.findings)
    assert report.rules.crashed == ()


@pytest.mark.parametrize("value", [b"\x03\x01\x01", b"\x03\x00", b"\x03\x02\x04\xf0", tlv(0x03, b"\x07")])
def test_a_malformed_signature_value_is_a_finding(value: bytes) -> None:
    tbs, outer, _ = members(pss_leaf())
    report = lint(sequence(tbs, outer, value), issuer())
    assert fields_of(report) == {"signatureValue"}
    assert report.verdict == "refused"


@pytest.mark.parametrize("outer", [sequence(), sequence(ca.NULL), sequence(b"\x06\x00"), sequence(b"\x06\x02\x80\x01")])
def test_an_unreadable_algorithm_is_a_finding_and_never_accepted(outer: bytes) -> None:
    tbs, _, signature = members(issuer().server("gadgets.example.com").der)
    report = lint(sequence(tbs, outer, signature), issuer())
    assert fields_of(report) == {"signatureAlgorithm"}
    assert report.certificates[0].signature_algorithm is None
    assert report.to_dict()["certificates"][0]["signature_algorithm"] is None
    assert report.verdict == "refused"


def test_a_certificate_of_version_1_has_no_extensions_and_nothing_malformed() -> None:
    certificate = made(version=1)
    assert (certificate.version, certificate.extensions, certificate.problems) == (1, (), ())


def test_what_is_damaged_in_one_certificate_does_not_hide_the_next() -> None:
    report = lint(MALFORMED["key-is-empty"][0], MALFORMED["subject-is-flat"][0], issuer())
    assert len(report.certificates) == 3
    assert report.certificates[2].subject == "CN=Example Root CA"


# -- Values ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("der", [b"", *(der for der, _ in MALFORMED.values())], ids=["good", *MALFORMED])
def test_certificates_pickle_and_copy(der: bytes) -> None:
    certificate = one(der or issuer().server("gadgets.example.com"))
    before = (certificate.subject, certificate.problems)
    for twin in (pickle.loads(pickle.dumps(certificate)), copy.deepcopy(certificate), copy.copy(certificate)):
        assert (twin.der, twin.index, twin.location) == (certificate.der, certificate.index, certificate.location)
        assert (twin.subject, twin.problems) == before


@pytest.mark.parametrize("name", ["der", "index", "trusted", "subject", "anything"])
def test_a_certificate_does_not_change(name: str) -> None:
    certificate = made()
    with pytest.raises((FrozenInstanceError, AttributeError)):
        setattr(certificate, name, "changed")


def test_a_rule_sees_the_same_values_in_whatever_order_it_looks() -> None:
    """Fields are decoded where somebody looks; what was looked at before makes no difference."""
    names = ("problems", "subject", "public_key", "not_after", "dns_names", "ca", "serial", "title")
    certificate = one(MALFORMED["subject-is-flat"][0])
    forwards = {name: getattr(certificate, name) for name in names}
    certificate = one(MALFORMED["subject-is-flat"][0])
    backwards = {name: getattr(certificate, name) for name in reversed(names)}
    assert forwards == backwards


# -- Whatever the bytes: a report, or InputError -----------------------------------------------------------------------


@cache
def seeds() -> tuple[bytes, ...]:
    root = Authority("Example Root CA", key="ec256")
    middle = root.authority("Example Issuing CA 1", key="rsa1024", sign="SHA256withECDSA")
    server = middle.server("gadgets.example.com", key="rsa1024", sign=ca.pss())
    chain = server.der, middle.der, root.der
    return pem_bundle(*chain), b"".join(chain), ca.pkcs7(*chain), ca.pkcs7(*chain, ber=True), ca.pkcs7_pem(*chain)


def contract(data: bytes) -> None:
    """A report or InputError; no rule crashes; every byte is accounted for."""
    try:
        report = fcl.lint(data, at=AT, hostname="gadgets.example.com")
    except fcl.InputError:
        return
    assert report.rules.crashed == ()
    for document in report.case.documents:
        position = 0
        for block in document.blocks:
            assert block.span.start == position
            position = block.span.stop
        assert position == document.size == len(data)
    for certificate in report.certificates:
        place = certificate.location
        assert 0 <= place.start < place.stop <= len(data)
    json.loads(report.to_json())
    report.render("text")


PATIENT = settings(max_examples=400)


@PATIENT
@given(st.integers(0, 4), st.floats(0, 1, exclude_max=True), st.integers(0, 255))
def test_any_one_byte_altered(seed: int, place: float, byte: int) -> None:
    data = bytearray(seeds()[seed])
    data[int(place * len(data))] = byte
    contract(bytes(data))


@PATIENT
@given(st.integers(0, 4), st.floats(0, 1, exclude_max=True), st.floats(0, 1))
def test_any_stretch_taken_out(seed: int, place: float, length: float) -> None:
    data = seeds()[seed]
    start = int(place * len(data))
    contract(data[:start] + data[start + 1 + int(length**4 * len(data)) :])


@PATIENT
@given(st.integers(0, 4), st.floats(0, 1))
def test_any_truncation(seed: int, place: float) -> None:
    data = seeds()[seed]
    contract(data[: int(place * len(data))])


@PATIENT
@given(st.integers(0, 4), st.floats(0, 1), st.binary(min_size=1, max_size=40))
@example(1, 0.5, b"-----BEGIN CERTIFICATE-----")
@example(0, 0.5, b"\r")
def test_anything_inserted(seed: int, place: float, inserted: bytes) -> None:
    data = seeds()[seed]
    start = int(place * len(data))
    contract(data[:start] + inserted + data[start:])


@PATIENT
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    contract(data)


@PATIENT
@given(st.text(alphabet="-BEGIN CERTFAD\n\r=+/\\>30Mi", max_size=200))
def test_any_text_of_armour(text: str) -> None:
    contract(text.encode())


def test_a_moment_without_a_zone_is_taken_as_utc() -> None:
    report = fcl.lint(good_chain()[0].pem, at=AT.replace(tzinfo=None))
    assert report.at == AT
    assert report.at.utcoffset() == timedelta(0)


def test_a_server_alone_is_read_in_full() -> None:
    certificate = one(Server("gadgets.example.com", san=("gadgets.example.com", "192.0.2.7", "2001:db8::7")))
    assert certificate.dns_names == ("gadgets.example.com",)
    assert certificate.ip_addresses == ("192.0.2.7", "2001:db8::7")
    assert certificate.key_usage == frozenset({"digitalSignature", "keyEncipherment"})
    assert certificate.extended_key_usage == ("1.3.6.1.5.5.7.3.1",)
    assert (certificate.ca, certificate.for_server, certificate.self_issued) == (False, True, True)
