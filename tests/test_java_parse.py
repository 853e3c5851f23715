"""What Java's CertificateFactory cannot read: statements, recorded verdicts of seven releases, and a living JDK 17.

The living one is asked about thousands of damaged certificates. Beside the parse model it is the only judge: a mutation
need not make sense, both need only say the same of it.
"""

import json
import random
import struct
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import ca
import jvm
import pytest
from ca import Authority, bit_string, integer, oid, sequence, tlv

import finesse_certlint as fcl
from finesse_certlint import Certificate, Location
from finesse_certlint.java import parse
from finesse_certlint.java.parse import CertificateFactory, Refusal

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ORACLE = Path(__file__).with_name("oracle") / "Parse.java"

RELEASES = {
    "7u80": parse.JAVA_7U80,
    "7u181": parse.JAVA_7U181,
    "8u181": parse.JAVA_8U181,
    "8u504": parse.JAVA_8U504,
    "11": parse.JAVA_11,
    "17": parse.JAVA_17,
    "21": parse.JAVA_21,
}
ALL = frozenset(RELEASES)
OLD = frozenset({"7u80", "7u181", "8u181"})


def certificate(der: bytes) -> Certificate:
    return Certificate(index=0, der=der, location=Location(document="test", start=0, stop=len(der)))


def refusal(java: CertificateFactory, der: bytes) -> Refusal | None:
    return java.refusal(certificate(der))


def refusing(der: bytes) -> frozenset[str]:
    """The releases that cannot read it."""
    return frozenset(name for name, java in RELEASES.items() if refusal(java, der))


# -- Certificates to begin with ----------------------------------------------------------------------------------------

HOST = "gadgets.example.com"


@cache
def root() -> Authority:
    return Authority("Example Root CA")


def made(**knobs: Any) -> bytes:
    """A server's certificate made otherwise."""
    return root().server(HOST, **knobs).der


def with_extension(identifier: str, value: bytes, *, critical: bool, **knobs: Any) -> bytes:
    return made(extra_extensions=((identifier, critical, value),), **knobs)


def bare(*extensions: bytes, key: bytes | None = None, **fields: bytes) -> bytes:
    """A certificate put together from encoded fields, over a signature that is junk; the fields by RFC 5280's names."""
    algorithm = fields.get("signature", ca.algorithm("1.2.840.113549.1.1.11"))
    parts = [
        fields.get("version", tlv(0xA0, integer(2))),
        fields.get("serialNumber", integer(77)),
        algorithm,
        fields.get("issuer", NAME),
        fields.get("validity", sequence(utc("240101000000Z"), utc("440101000000Z"))),
        fields.get("subject", NAME),
        ca.key("rsa2048").spki if key is None else key,
        fields.get("tail", tlv(0xA3, sequence(*extensions)) if extensions else b""),
    ]
    outer = fields.get("signatureAlgorithm", algorithm)
    return sequence(sequence(*parts), outer, fields.get("signatureValue", bit_string(bytes(64))))


def utc(text: str) -> bytes:
    return tlv(0x17, text.encode("latin-1"))


def generalized(text: str) -> bytes:
    return tlv(0x18, text.encode("latin-1"))


def attribute(identifier: str, value: bytes) -> bytes:
    return tlv(0x31, sequence(oid(identifier), value))


NAME = sequence(attribute("2.5.4.6", tlv(0x13, b"DE")), attribute("2.5.4.3", tlv(0x0C, b"Example")))
RSA_NULL = ca.algorithm("1.2.840.113549.1.1.11")


def rsa_key(modulus: int | bytes, exponent: int = 65537, parameters: bytes = ca.NULL) -> bytes:
    number = integer(modulus) if isinstance(modulus, int) else tlv(0x02, modulus)
    return sequence(ca.algorithm("1.2.840.113549.1.1.1", parameters), bit_string(sequence(number, integer(exponent))))


def ec_key(curve: str, point: bytes) -> bytes:
    return sequence(ca.algorithm("1.2.840.10045.2.1", oid(curve)), bit_string(point))


def named(identifier: bytes) -> dict[str, bytes]:
    return {"signature": identifier}


def pss_parameters(*fields: bytes) -> bytes:
    return ca.algorithm("1.2.840.113549.1.1.10", sequence(*fields))


def mgf1(digest: str) -> bytes:
    return tlv(0xA1, ca.algorithm("1.2.840.113549.1.1.8", ca.algorithm(digest)))


P256, BRAINPOOL_P384 = "1.2.840.10045.3.1.7", "1.3.36.3.3.2.8.1.1.11"
SHA256, SHA3_256, MD5 = "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.8", "1.2.840.113549.2.5"
SAN, EKU, KEY_USAGE, BASIC, AKI = "2.5.29.17", "2.5.29.37", "2.5.29.15", "2.5.29.19", "2.5.29.35"
NAME_CONSTRAINTS = "2.5.29.30"
EMPTY = sequence()
DNS = tlv(0x82, HOST.encode())


def extension(identifier: str, value: bytes, *, critical: bool = True) -> bytes:
    return ca.extension(identifier, critical, value)


# -- Statements --------------------------------------------------------------------------------------------------------
# "Observed" is what the seven releases did (verdicts.jsonl); the rest is read in the source that is named.

STATEMENTS: dict[str, tuple[bytes, frozenset[str]]] = {
    "an ordinary certificate": (bare(extension(SAN, sequence(DNS))), frozenset()),
    # Observed: "Unsupported trailerField value 2"; up to 8u181 PSS parameters are not read.
    "PSS trailer field 2": (bare(**named(pss_parameters(tlv(0xA3, integer(2))))), ALL - OLD),
    # PSSParameters: "Unrecognized message digest algorithm MD5" is said of the mask's hash, not of the message's.
    "PSS mask with MD5": (bare(**named(pss_parameters(mgf1(MD5)))), ALL - OLD),
    "PSS hash MD5 with the default mask": (bare(**named(pss_parameters(tlv(0xA0, ca.algorithm(MD5))))), frozenset()),
    "PSS mask with SHA3-256": (bare(**named(pss_parameters(mgf1(SHA3_256)))), frozenset({"8u504", "11"})),
    "PSS with a negative salt length": (bare(**named(pss_parameters(tlv(0xA2, integer(-1))))), ALL - OLD),
    "PSS with parameters that are an OCTET STRING": (
        bare(**named(ca.algorithm("1.2.840.113549.1.1.10", tlv(0x04, b"x")))),
        ALL - OLD,
    ),
    # Observed: absent and NULL parameters are read everywhere, and refused later.
    "PSS without parameters": (bare(**named(ca.algorithm("1.2.840.113549.1.1.10", b""))), frozenset()),
    "PSS with NULL parameters": (bare(**named(ca.algorithm("1.2.840.113549.1.1.10"))), frozenset()),
    "junk parameters of another algorithm": (
        bare(**named(ca.algorithm("1.2.840.113549.1.1.11", tlv(0x04, b"junk")))),
        frozenset(),
    ),
    "NULL with content": (bare(**named(ca.algorithm("1.2.840.113549.1.1.11", tlv(0x05, b"x")))), ALL),
    # AlgorithmId.equals: absent and NULL are both null; any other difference of parameters counts.
    "inner NULL, outer absent": (
        bare(signatureAlgorithm=ca.algorithm("1.2.840.113549.1.1.11", b"")),
        frozenset(),
    ),
    "inner NULL, outer a SEQUENCE": (bare(signatureAlgorithm=ca.algorithm("1.2.840.113549.1.1.11", EMPTY)), ALL),
    "inner and outer algorithm differ": (bare(signatureAlgorithm=ca.algorithm("1.2.840.113549.1.1.5")), ALL),
    # Observed: "Only named ECParameters supported", "Unknown named curve".
    "explicit curve": (
        bare(key=sequence(ca.algorithm("1.2.840.10045.2.1", sequence(integer(1))), bit_string(b"\4" + bytes(64)))),
        ALL,
    ),
    "brainpool": (bare(key=ec_key(BRAINPOOL_P384, b"\4" + bytes(96))), frozenset({"7u80", "7u181"})),
    "a curve that no Java knows": (bare(key=ec_key("1.2.3.4", b"\4" + bytes(64))), ALL),
    # Observed: "Invalid EC key" from 7u181; 7u80 has no KeyFactory for EC.
    "compressed point": (bare(key=ec_key(P256, b"\2" + bytes(32))), ALL - {"7u80"}),
    "point of the wrong size": (bare(key=ec_key(P256, b"\4" + bytes(62))), ALL - {"7u80"}),
    "EC key that names no curve": (
        bare(key=sequence(ca.algorithm("1.2.840.10045.2.1", b""), bit_string(b"\4" + bytes(64)))),
        ALL - {"7u80"},
    ),
    # RSAKeyFactory: MIN_MODLEN 512, MAX_MODLEN 16384, MAX_MODLEN_RESTRICT_EXP 3072, MAX_RESTRICTED_EXPLEN 64.
    "RSA 504 bits": (bare(key=rsa_key((1 << 504) - 1)), ALL),
    "RSA 505 bits, rounded up to 512": (bare(key=rsa_key((1 << 505) - 1)), frozenset()),
    "RSA 16384 bits": (bare(key=rsa_key((1 << 16384) - 1)), frozenset()),
    "RSA 16385 bits": (bare(key=rsa_key((1 << 16385) - 1)), ALL),
    "RSA 3072 bits, exponent of 65 bits": (bare(key=rsa_key((1 << 3072) - 1, (1 << 64) + 1)), frozenset()),
    "RSA 3073 bits, exponent of 65 bits": (bare(key=rsa_key((1 << 3073) - 1, (1 << 64) + 1)), ALL),
    "RSA exponent 1": (bare(key=rsa_key((1 << 2048) - 1, 1)), ALL),
    "RSA exponent not below the modulus": (bare(key=rsa_key((1 << 1023) + 1, (1 << 1024) + 1)), ALL),
    # getPositiveBigInteger: "implementations that incorrectly encode some values as negative".
    "RSA modulus that reads as negative": (bare(key=rsa_key(b"\xff" * 256)), frozenset()),
    "RSA key without NULL": (bare(key=rsa_key((1 << 2048) - 1, parameters=b"")), frozenset()),
    "RSA key with a third number": (
        bare(
            key=sequence(
                ca.algorithm("1.2.840.113549.1.1.1"),
                bit_string(sequence(integer((1 << 2048) - 1), integer(65537), integer(1))),
            )
        ),
        ALL,
    ),
    # RSAPublicKeyImpl.parseASN1 of 17 wants one value; before, a stream is read and its rest left.
    "something after the RSA key": (
        bare(
            key=sequence(
                ca.algorithm("1.2.840.113549.1.1.1"),
                bit_string(sequence(integer((1 << 2048) - 1), integer(65537)) + ca.NULL),
            )
        ),
        frozenset({"17", "21"}),
    ),
    # X509Key: "Return generic X509Key with opaque key data".
    "a key of an unknown kind": (bare(key=sequence(ca.algorithm("1.2.3.4.5"), bit_string(b"junk"))), frozenset()),
    "X25519 key of 31 octets": (
        bare(key=sequence(ca.algorithm("1.3.101.110", b""), bit_string(bytes(31)))),
        frozenset({"11", "17", "21"}),
    ),
    "Ed25519 key of 31 octets": (
        bare(key=sequence(ca.algorithm("1.3.101.112", b""), bit_string(bytes(31)))),
        frozenset({"17", "21"}),
    ),
    # KnownOIDs.X942_DH: 11 and later take it for PKCS #3, whose third number is small.
    "X9.42 Diffie-Hellman key": (
        bare(
            key=sequence(
                ca.algorithm("1.2.840.10046.2.1", sequence(integer(1 << 1023), integer(2), integer(1 << 159))),
                bit_string(integer(5)),
            )
        ),
        frozenset({"11", "17", "21"}),
    ),
    "ML-DSA key with NULL parameters": (
        bare(key=sequence(ca.algorithm("2.16.840.1.101.3.4.3.18"), bit_string(bytes(1952)))),
        frozenset(),
    ),
    "ML-DSA key with parameters": (
        bare(key=sequence(ca.algorithm("2.16.840.1.101.3.4.3.18", EMPTY), bit_string(bytes(1952)))),
        frozenset({"21"}),
    ),
    # X509CertInfo.parse.
    "empty issuer": (bare(issuer=EMPTY), ALL),
    "issuer with an empty RDN": (bare(issuer=sequence(tlv(0x31))), ALL),
    "empty subject, critical SAN": (bare(extension(SAN, sequence(DNS)), subject=EMPTY), frozenset()),
    "empty subject, SAN not critical": (bare(extension(SAN, sequence(DNS), critical=False), subject=EMPTY), ALL),
    "empty subject, no SAN": (bare(extension(BASIC, EMPTY), subject=EMPTY), ALL),
    "empty subject, no extensions at all": (bare(subject=EMPTY), frozenset()),  # verifyCert is not reached
    "empty subject in version 1": (bare(subject=EMPTY, version=b""), ALL),
    "version 1": (bare(version=b""), frozenset()),
    "version 1 with extensions": (bare(extension(BASIC, EMPTY), version=b""), ALL),
    "version 1 with a unique identifier": (bare(version=b"", tail=tlv(0x81, b"\0x")), ALL),
    "version 2 with a unique identifier": (bare(version=tlv(0xA0, integer(1)), tail=tlv(0x81, b"\0x")), frozenset()),
    "version 2 with extensions": (bare(extension(BASIC, EMPTY), version=tlv(0xA0, integer(1))), ALL),
    "version 10 with extensions": (bare(extension(BASIC, EMPTY), version=tlv(0xA0, integer(9))), ALL),
    "version 10 without extensions": (bare(version=tlv(0xA0, integer(9))), frozenset()),
    "both unique identifiers": (bare(tail=tlv(0x81, b"\0x") + tlv(0x82, b"\0y")), frozenset()),
    "extensions that are no SEQUENCE": (bare(tail=tlv(0xA3, tlv(0x31))), ALL),
    "something after the extensions": (
        bare(tail=tlv(0xA3, sequence(extension(BASIC, EMPTY))) + ca.NULL),
        frozenset(),
    ),
    "serial number 0": (bare(serialNumber=integer(0)), frozenset()),
    "negative serial number": (bare(serialNumber=integer(-5)), frozenset()),
    "serial number of 64 octets": (bare(serialNumber=integer(1 << 510)), frozenset()),
    "serial number without octets": (bare(serialNumber=tlv(0x02)), ALL),
    # DerInputBuffer.getTime: "We allow for non-encoded seconds".
    "UTCTime without seconds": (bare(validity=sequence(utc("2401010000Z"), utc("4401010000Z"))), frozenset()),
    "UTCTime with offset": (bare(validity=sequence(utc("240101000000+0130"), utc("440101000000-0130"))), frozenset()),
    "UTCTime without zone": (bare(validity=sequence(utc("240101000000"), utc("440101000000Z"))), ALL),
    "no end of validity": (bare(validity=sequence(utc("240101000000Z"), generalized("99991231235959Z"))), frozenset()),
    "GeneralizedTime before 2050": (
        bare(validity=sequence(generalized("20240101000000Z"), generalized("20440101000000Z"))),
        frozenset(),
    ),
    "a fraction of a second": (
        bare(validity=sequence(generalized("20240101000000.5Z"), generalized("20440101000000.123Z"))),
        frozenset(),
    ),
    "a fraction with five digits": (
        bare(validity=sequence(generalized("20240101000000.12345Z"), generalized("20440101000000Z"))),
        OLD,
    ),
    "30 February": (bare(validity=sequence(utc("240230000000Z"), utc("440101000000Z"))), frozenset()),
    "month 13": (bare(validity=sequence(utc("241301000000Z"), utc("440101000000Z"))), ALL),
    "hour 24": (bare(validity=sequence(utc("240101240000Z"), utc("440101000000Z"))), ALL),
    "a letter among the digits": (bare(validity=sequence(utc("24O101000000Z"), utc("440101000000Z"))), ALL - OLD),
    "three times": (bare(validity=sequence(*[utc("240101000000Z")] * 3)), ALL),
    # CertificateExtensions.parseExtension.
    "a known extension twice": (bare(*[extension(SAN, sequence(DNS), critical=False)] * 2), ALL),
    "an unknown extension twice": (bare(*[extension("1.2.3.4", ca.NULL, critical=False)] * 2), ALL),
    "the same twice, one of them unreadable": (
        bare(extension(SAN, sequence(DNS)), extension(SAN, b"junk", critical=False)),
        frozenset(),
    ),
    "unknown critical extension": (bare(extension("1.2.3.4", b"junk")), frozenset()),
    **{
        f"unreadable {name}, {'critical' if critical else 'not critical'}": (
            bare(extension(identifier, b"\x04\x05junk!", critical=critical)),
            ALL if critical else frozenset(),
        )
        for name, identifier in {
            "SAN": SAN,
            "EKU": EKU,
            "keyUsage": KEY_USAGE,
            "AKI": AKI,
            "policies": "2.5.29.32",
        }.items()
        for critical in (True, False)
    },
    "unreadable CRL distribution points, critical": (bare(extension("2.5.29.31", sequence(EMPTY))), ALL),
    "basicConstraints followed by junk, critical": (bare(extension(BASIC, EMPTY + b"\5\0")), ALL),
    "basicConstraints followed by junk, not critical": (
        bare(extension(BASIC, EMPTY + b"\5\0", critical=False)),
        frozenset(),
    ),
    "negative path length": (bare(extension(BASIC, sequence(b"\1\1\xff", integer(-3)))), frozenset()),
    "path length of 33 bits": (bare(extension(BASIC, sequence(b"\1\1\xff", integer(1 << 33)))), ALL),
    "BOOLEAN TRUE written as 01": (bare(extension(BASIC, sequence(b"\1\1\1"))), frozenset()),
    "BOOLEAN of two octets": (bare(extension(BASIC, sequence(b"\1\2\1\1"))), ALL),
    "CA:FALSE written out": (bare(extension(BASIC, sequence(b"\1\1\0"))), frozenset()),
    "empty SAN, critical": (bare(extension(SAN, EMPTY)), ALL),
    "iPAddress of 5 octets, critical": (bare(extension(SAN, sequence(DNS, tlv(0x87, bytes(5))))), ALL),
    "odd dNSNames, critical": (
        bare(extension(SAN, sequence(tlv(0x82, b"a..b"), tlv(0x82, b".a"), tlv(0x82, b""), tlv(0x82, b"\xff")))),
        frozenset(),
    ),
    "URI without scheme, critical": (bare(extension(SAN, sequence(tlv(0x86, b"www.example.com")))), ALL),
    "URI with a blank, critical": (bare(extension(SAN, sequence(tlv(0x86, b"http://example.com/a b")))), ALL),
    # DNSName, JDK-8213952: "Relax DNSName restriction as per RFC 1123".
    "URI whose host begins with a digit, critical": (
        bare(extension(SAN, sequence(tlv(0x86, b"http://3com.example/")))),
        OLD,
    ),
    # DNSName, JDK-8381771.
    "URI whose host has a label of 64 letters, critical": (
        bare(extension(SAN, sequence(tlv(0x86, b"http://" + b"a" * 64 + b".example/")))),
        frozenset({"21"}),
    ),
    "URI with an IPv4 address, critical": (bare(extension(SAN, sequence(tlv(0x86, b"http://10.1.2.3/")))), frozenset()),
    "rfc822Name without domain, critical": (bare(extension(SAN, sequence(tlv(0x81, b"who@")))), ALL),
    "otherName not in [0], critical": (
        bare(extension(SAN, sequence(tlv(0xA0, oid("1.2.3"), tlv(0x0C, b"x"))))),
        frozenset({"21"}),
    ),
    "URI name constraint with a scheme, critical": (
        bare(extension(NAME_CONSTRAINTS, sequence(tlv(0xA0, sequence(tlv(0x86, b"https://example.com")))))),
        ALL,
    ),
    "name constraints with a leading dot, critical": (
        bare(
            extension(
                NAME_CONSTRAINTS,
                sequence(tlv(0xA0, sequence(tlv(0x86, b".example.com")), sequence(tlv(0x82, b".example.com")))),
            )
        ),
        frozenset(),
    ),
    "inhibitAnyPolicy not critical": (bare(extension("2.5.29.54", integer(0), critical=False)), frozenset()),
    # Strings: AVA keeps the value as it is.
    "UTF8String with Latin-1 octets": (
        bare(subject=sequence(attribute("2.5.4.3", tlv(0x0C, b"M\xfcller")))),
        frozenset(),
    ),
    "BMPString of an odd number of octets": (
        bare(subject=sequence(attribute("2.5.4.3", tlv(0x1E, b"\0M\0")))),
        frozenset(),
    ),
    "BMPString with surrogates": (
        bare(subject=sequence(attribute("2.5.4.3", tlv(0x1E, "\N{GRINNING FACE}".encode("utf-16-be"))))),
        frozenset({"8u504", "11", "21"}),
    ),
    "an INTEGER as an attribute": (bare(subject=sequence(attribute("2.5.4.3", integer(5)))), frozenset()),
    "RDN that is a SEQUENCE": (bare(subject=sequence(sequence(sequence(oid("2.5.4.3"), tlv(0x0C, b"x"))))), ALL),
    # Encodings.
    "bytes after the certificate": (bare() + bytes(16), frozenset()),
    "indefinite outer length": (ca.indefinite(0x30, bare()[4:]), frozenset()),
    "a length longer than need be": (
        bare(serialNumber=b"\x02\x81\x01\x05"),
        frozenset({"7u181", "8u181", "8u504", "11"}),
    ),
    "truncated": (bare()[:-10], ALL),
    "something inside the certificate after the signature": (
        sequence(bare()[4:], ca.NULL),
        ALL,
    ),
    "signature of no octets": (bare(signatureValue=tlv(0x03)), ALL),
    "no certificate": (b"no certificate", ALL),
    "nothing": (b"", ALL),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_holds_for_every_release(name: str) -> None:
    der, expected = STATEMENTS[name]
    assert refusing(der) == expected


@pytest.mark.parametrize(
    ("der", "field"),
    [
        (bare(issuer=EMPTY), "tbsCertificate.issuer"),
        (bare(key=rsa_key((1 << 504) - 1)), "tbsCertificate.subjectPublicKeyInfo"),
        (bare(extension(SAN, EMPTY)), "tbsCertificate.extensions.subjectAltName"),
        (bare(*[extension("1.2.3.4", ca.NULL)] * 2), "tbsCertificate.extensions.1.2.3.4"),
        (bare(validity=sequence(utc("240101000000Z"), utc("44"))), "tbsCertificate.validity.notAfter"),
        (bare(signatureAlgorithm=ca.algorithm("1.2.3")), "tbsCertificate.signature"),
        (bare()[:-10], "certificate"),
    ],
)
def test_a_refusal_names_the_field_and_what_java_says(der: bytes, field: str) -> None:
    found = refusal(parse.JAVA_17, der)
    assert found is not None
    assert found.field == field
    assert "(Java: " in found.reason


def test_what_is_passed_over_is_told() -> None:
    der = bare(
        extension(SAN, b"junk", critical=False), extension(EKU, EMPTY), extension(KEY_USAGE, b"", critical=False)
    )
    for java in RELEASES.values():
        found = java.unreadable_extensions(certificate(der))
        assert [extension.oid for extension in found] == [SAN, KEY_USAGE]
        assert java.refusal(certificate(der)) is None


# -- Through the whole library -----------------------------------------------------------------------------------------

AT = datetime(2026, 11, 23, tzinfo=UTC)
JAVAS = [f"java-{name}" for name in RELEASES]


@pytest.mark.parametrize("profile", JAVAS)
def test_a_stray_certificate_that_cannot_be_read_ends_the_handshake(profile: str) -> None:
    sent = ca.pem_bundle(made(), bare(issuer=EMPTY))
    report = fcl.lint(sent, trusted=root().pem, at=AT, profile=profile)
    (finding,) = [finding for finding in report.findings if finding.rule == "certificate-unparseable"]
    assert (finding.certificate, finding.severity) == (1, "error")
    assert finding.location is not None
    assert finding.location.field == "tbsCertificate.issuer"
    assert report.verdict == "refused"


TOLERATED: dict[str, dict[str, Any]] = {
    "UTCTime without seconds": {"not_after": utc("4401010000Z")},
    "UTCTime with an offset": {"not_after": utc("440101000000+0100")},
    "keyUsage unreadable": {"key_usage": None, "extra_extensions": ((KEY_USAGE, False, b"junk"),)},
    "authorityKeyIdentifier unreadable": {"aki": False, "extra_extensions": ((AKI, False, b"junk"),)},
    "certificatePolicies unreadable": {"extra_extensions": (("2.5.29.32", False, b"junk"),)},
    "UTF8String with Latin-1 octets": {"subject": (("common_name", b"M\xfcller", "utf8_string"),)},
    "negative modulus": {"spki": rsa_key(b"\xc1" * 256)},
    "RSA key without NULL": {"spki": rsa_key((1 << 2048) - 1, parameters=b"")},
    "serial number 0": {"serial": 0},
    "negative serial number": {"serial": -5},
    "serial number of 64 octets": {"serial": 1 << 510},
}


@pytest.mark.parametrize("profile", [*JAVAS, "finesse"])
@pytest.mark.parametrize("knobs", TOLERATED.values(), ids=TOLERATED)
def test_what_java_tolerates_is_no_error(profile: str, knobs: dict[str, Any]) -> None:
    report = fcl.lint(ca.pem_bundle(made(**knobs)), trusted=root().pem, at=AT, profile=profile)
    assert [finding.message for finding in report.findings if finding.severity >= "error"] == []
    assert report.verdict == "accepted"


def test_an_unreadable_purpose_of_a_server_is_an_error_on_21_alone() -> None:
    """Observed: "Invalid encoding for ExtendedKeyUsageExtension." though it is not critical."""
    leaf = made(eku=None, extra_extensions=((EKU, False, b"junk"),))
    verdicts = {
        name: fcl.lint(ca.pem_bundle(leaf), trusted=root().pem, at=AT, profile=f"java-{name}").verdict
        for name in RELEASES
    }
    assert {name for name, verdict in verdicts.items() if verdict != "accepted"} == {"21"}


# -- Recorded verdicts -------------------------------------------------------------------------------------------------


def _cases() -> list[dict[str, Any]]:
    file = DATA / "jvm-verdicts" / "verdicts.jsonl"
    if not file.exists():
        pytest.skip("needs ../shared/data/jvm-verdicts")
    return [json.loads(line) for line in file.read_text().splitlines()]


def _bundle(file: Path) -> list[bytes]:
    import base64
    import re

    blocks = re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END", file.read_text(), re.DOTALL)
    return [base64.b64decode("".join(block.split())) for block in blocks]


def test_every_recorded_verdict_agrees_with_the_model(capsys: pytest.CaptureFixture[str]) -> None:
    """For each certificate of each case, whether it was the one that could not be read."""
    seen: dict[tuple[str, bytes], bool] = {}
    judged = 0
    for case in _cases():
        bundles = {kind: _bundle(DATA / "jvm-verdicts" / case[kind]) for kind in ("presented", "trust")}
        for label, java in RELEASES.items():
            verdict = case["verdicts"][label]
            culprit = (verdict["unparseable"], verdict["index"]) if verdict.get("stage") == "parse" else None
            for kind, bundle in bundles.items():
                for index, der in enumerate(bundle):
                    if culprit and (kind, index) > culprit:
                        continue  # "presented" was read before "trust", and nothing behind the culprit
                    key = label, der
                    if key not in seen:
                        seen[key] = refusal(java, der) is not None
                    if label == "7u80" and case.get("uses_ec"):
                        continue  # "do not judge 7u80 by it"
                    judged += 1
                    assert seen[key] == ((kind, index) == culprit), (case["name"], label, kind, index)
    with capsys.disabled():
        print(f" [{judged} verdicts on {len({der for _, der in seen})} certificates]", end="")
    assert judged > 9_000


def test_7u80_agrees_even_where_it_is_not_to_be_judged() -> None:
    for case in _cases():
        if case.get("uses_ec"):
            verdict = case["verdicts"]["7u80"]
            for index, der in enumerate(_bundle(DATA / "jvm-verdicts" / case["presented"])):
                culprit = verdict.get("stage") == "parse" and verdict["index"] == index
                assert (refusal(parse.JAVA_7U80, der) is not None) == culprit, case["name"]


# -- A living JDK 17 ---------------------------------------------------------------------------------------------------


def ask(ders: list[bytes]) -> list[str]:
    """What the JDK says of each: "ok", or the exception."""
    data = b"".join(struct.pack(">I", len(der)) + der for der in ders)
    done = subprocess.run([jvm.java(), "-Xss16m", str(ORACLE)], input=data, capture_output=True, check=True)
    answers = done.stdout.decode().split("\n")[:-1]
    assert len(answers) == len(ders)
    return answers


@cache
def living() -> CertificateFactory:
    """The model of the JDK at hand: what vendors carried back to 17 after 17.0.15 is asked of it."""
    asked = (
        "BMPString with surrogates",
        "ML-DSA key with parameters",
        "URI whose host has a label of 64 letters, critical",
    )
    surrogates, ml_keys, labels = (answer != "ok" for answer in ask([STATEMENTS[name][0] for name in asked]))
    return attrs.evolve(parse.JAVA_17, surrogates_refused=surrogates, ml_keys=ml_keys, labels_limited=labels)


def disagreements(ders: dict[str, bytes]) -> list[str]:
    answers = ask(list(ders.values()))
    found = []
    for (name, der), answer in zip(ders.items(), answers, strict=True):
        model = refusal(living(), der)
        if (model is None) != (answer == "ok"):
            found.append(f"{name}: Java {answer[:160]}; the model {model}")
    return found


def test_a_living_17_agrees_with_the_statements() -> None:
    assert disagreements({name: der for name, (der, _) in STATEMENTS.items()}) == []


def test_a_living_17_agrees_on_published_certificates() -> None:
    labels = DATA / "certificates" / "labels.jsonl"
    if not labels.exists():
        pytest.skip("needs ../shared/data/certificates")
    found: dict[str, bytes] = {}
    for row in map(json.loads, labels.read_text().splitlines()):
        if row["verdict"] != "parsed":
            continue
        try:
            report = fcl.lint((labels.parent / row["file"]).read_bytes(), rules=[])
        except fcl.InputError:
            continue
        found.update({f"{row['file']}[{one.index}]": one.der for one in report.certificates})
    assert len(found) > 100
    assert disagreements(found) == []


# Structured damage: every element of a certificate, also inside extensions and keys, is changed in every way there is.


@attrs.frozen
class Node:
    """An element: its tag, and its content or its members; `prefix` stands before the members (a BIT STRING's zero)."""

    tag: int
    content: bytes = b""
    members: "tuple[Node, ...] | None" = None
    prefix: bytes = b""

    def encoded(self) -> bytes:
        if self.members is None:
            return tlv(self.tag, self.content)
        return tlv(self.tag, self.prefix, *(member.encoded() for member in self.members))


def tree(data: bytes) -> tuple[Node, ...] | None:
    """The elements in these bytes, None where they are none."""
    nodes: list[Node] = []
    while data:
        if len(data) < 2 or data[0] & 0x1F == 0x1F or data[0] == 0:
            return None
        size, header = data[1], 2
        if size >= 0x80:
            header += size & 0x7F
            if size == 0x80 or header > 6:
                return None
            size = int.from_bytes(data[2:header], "big")
        if header + size > len(data):
            return None
        content, data_after = data[header : header + size], data[header + size :]
        prefix = b"\0" if data[0] == 0x03 and content[:1] == b"\0" else b""
        inside = None
        if data[0] & 0x20 or data[0] == 0x04 or prefix:
            inside = tree(content[len(prefix) :])
        if inside or data[0] & 0x20:
            nodes.append(Node(data[0], members=inside or (), prefix=prefix))
        else:
            nodes.append(Node(data[0], content))
        data = data_after
    return tuple(nodes)


TAGS = (0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0A, 0x0C, 0x13, 0x16, 0x17, 0x18, 0x1E, 0x24, 0x30, 0x31, 0x80, 0x81, 0x82,
        0x83, 0x84, 0x86, 0x87, 0x88, 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0x1F, 0x00, 0x60, 0xC0)  # fmt: skip


def changes(node: Node) -> Iterator[tuple[str, bytes]]:
    """Encodings that may stand in this element's place."""
    whole = node.encoded()
    content = node.content if node.members is None else whole[-_size(node) :] if _size(node) else b""
    yield "dropped", b""
    yield "twice", whole * 2
    yield "emptied", tlv(node.tag)
    yield "with NULL behind", whole + ca.NULL
    yield "with NULL inside", tlv(node.tag, content, ca.NULL)
    yield "with a byte inside", tlv(node.tag, content, b"\0")
    yield "with a byte before", tlv(node.tag, b"\0", content)
    yield "cut by a byte", tlv(node.tag, content[:-1])
    yield "its first byte gone", tlv(node.tag, content[1:])
    yield "wrapped", tlv(0x30, whole)
    yield "zeroed", tlv(node.tag, bytes(len(content)))
    yield "all ones", tlv(node.tag, b"\xff" * len(content))
    yield "length too long", whole[:1] + bytes([min(len(content) + 1, 0x7F)]) + content
    yield "length with zeros", bytes([node.tag, 0x84]) + struct.pack(">I", len(content)) + content
    yield "length of five octets", bytes([node.tag, 0x85]) + struct.pack(">Q", len(content))[3:] + content
    yield "length in long form", bytes([node.tag, 0x83]) + struct.pack(">I", len(content))[1:] + content
    yield "indefinite", ca.indefinite(node.tag, content)
    yield "indefinite without end", bytes([node.tag, 0x80]) + content
    yield "indefinite inside", tlv(node.tag, ca.indefinite(0x24, tlv(0x04, content)))
    for tag in TAGS:
        if tag != node.tag:
            yield f"tag {tag:02x}", tlv(tag, content)


def _size(node: Node) -> int:
    return len(node.prefix) + sum(len(member.encoded()) for member in node.members or ())


def damaged(der: bytes, every: int) -> Iterator[tuple[str, bytes]]:
    """The certificate with one element changed, for every element and every so-many-th change."""
    nodes = tree(der)
    assert nodes
    number = 0
    for path, node in _walk(nodes[0], ()):
        for name, replacement in changes(node):
            number += 1
            if number % every == 0:
                yield f"{'.'.join(map(str, path))} {name}", _replaced(nodes[0], path, replacement)


def _walk(node: Node, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Node]]:
    yield path, node
    for number, member in enumerate(node.members or ()):
        yield from _walk(member, (*path, number))


def _replaced(node: Node, path: tuple[int, ...], replacement: bytes) -> bytes:
    if not path:
        return replacement
    members = node.members or ()
    encoded = [
        _replaced(member, path[1:], replacement) if number == path[0] else member.encoded()
        for number, member in enumerate(members)
    ]
    return tlv(node.tag, node.prefix, *encoded)


def _all_extensions(*, critical: bool) -> list[bytes]:
    names = sequence(
        tlv(0xA0, oid("1.3.6.1.4.1.311.20.2.3"), tlv(0xA0, tlv(0x0C, b"who@example.com"))),
        tlv(0x81, b"who@example.com"),
        DNS,
        tlv(0xA3, sequence()),
        tlv(0xA4, NAME),
        tlv(0xA5, tlv(0x80, tlv(0x0C, b"a")), tlv(0x81, tlv(0x0C, b"b"))),
        tlv(0x86, b"ldap://dc1.example.com:389/CN=CA,DC=example?caCertificate?base?objectClass=cA#x"),
        tlv(0x87, b"\x0a\1\2\3"),
        tlv(0x88, oid("1.2.3.4")[2:]),
    )
    point = sequence(
        tlv(0xA0, tlv(0xA0, tlv(0x86, b"http://pki.example.com/a.crl"))), tlv(0x81, b"\1\6"), tlv(0xA2, DNS)
    )
    relative = sequence(tlv(0xA0, tlv(0xA1, sequence(oid("2.5.4.3"), tlv(0x0C, b"x")))))
    values = {
        "2.5.29.14": tlv(0x04, b"12345678"),
        KEY_USAGE: b"\x03\x02\5\xa0",
        "2.5.29.16": sequence(tlv(0x80, b"20240101000000Z"), tlv(0x81, b"20440101000000Z")),
        SAN: names,
        "2.5.29.18": names,
        BASIC: sequence(b"\1\1\xff", integer(3)),
        "2.5.29.20": integer(1),
        "2.5.29.21": b"\x0a\1\1",
        "2.5.29.27": integer(1),
        "2.5.29.28": sequence(tlv(0xA0, tlv(0xA0, DNS)), tlv(0x81, b"\xff"), tlv(0x83, b"\1\6"), tlv(0x84, b"\0")),
        "2.5.29.29": names,
        NAME_CONSTRAINTS: sequence(
            tlv(0xA0, sequence(tlv(0x82, b"example.com"), tlv(0x80, b"\0")), sequence(tlv(0x86, b".example.com"))),
            tlv(0xA1, sequence(tlv(0xA4, NAME)), sequence(tlv(0x87, bytes(8)), tlv(0x81, b"\5"))),
        ),
        "2.5.29.31": sequence(point, relative),
        "2.5.29.32": sequence(
            sequence(
                oid("1.2.3.4"), sequence(sequence(oid("1.3.6.1.5.5.7.2.1"), tlv(0x16, b"http://example.com/cps")))
            ),
            sequence(oid("2.5.29.32.0")),
        ),
        "2.5.29.33": sequence(sequence(oid("1.2.3"), oid("1.2.4"))),
        AKI: sequence(tlv(0x80, b"12345678"), tlv(0xA1, tlv(0xA4, NAME)), tlv(0x82, b"\x4d")),
        "2.5.29.36": sequence(tlv(0x80, b"\0"), tlv(0x81, b"\1")),
        EKU: sequence(oid("1.3.6.1.5.5.7.3.1"), oid("2.5.29.37.0")),
        "2.5.29.46": sequence(point),
        "2.5.29.54": integer(1),
        "1.3.6.1.5.5.7.1.1": sequence(sequence(oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, b"http://ocsp.example.com"))),
        "1.3.6.1.5.5.7.1.11": sequence(sequence(oid("1.3.6.1.5.5.7.48.5"), tlv(0xA4, NAME))),
        "1.3.6.1.5.5.7.48.1.5": ca.NULL,
        "2.16.840.1.113730.1.1": b"\x03\x02\6\x40",
        "1.3.6.1.4.1.99999.1": ca.NULL,
    }
    return [extension(identifier, value, critical=critical) for identifier, value in values.items()]


@cache
def specimens() -> dict[str, bytes]:
    """Certificates that are whole, of as many kinds as there are."""
    small = ec_key(P256, b"\4" + bytes(64))
    dsa = ca.algorithm("1.2.840.10040.4.1", sequence(integer(1 << 1023), integer(1 << 159), integer(3)))
    dh = ca.algorithm("1.2.840.113549.1.3.1", sequence(integer(1 << 1023), integer(2), integer(160)))
    oaep = sequence(
        tlv(0xA0, ca.algorithm(SHA256)), mgf1(SHA256), tlv(0xA2, ca.algorithm("1.2.840.113549.1.1.9", tlv(0x04, b"x")))
    )
    rsa = sequence(integer((1 << 1024) - 1), integer(3))
    full = pss_parameters(tlv(0xA0, ca.algorithm(SHA256)), mgf1(SHA256), tlv(0xA2, integer(32)), tlv(0xA3, integer(1)))
    return {
        "leaf": made(),
        "root": root().der,
        "every extension critical": bare(*_all_extensions(critical=True), key=small),
        "no extension critical": bare(*_all_extensions(critical=False), key=small),
        "unique identifiers": bare(key=small, tail=tlv(0x81, b"\0a") + tlv(0x82, b"\3\xf8")),
        "version 1": bare(key=small, version=b""),
        "PSS": bare(key=small, signature=full),
        "PSS key": bare(key=sequence(full, bit_string(rsa))),
        "RSA key": bare(key=sequence(ca.algorithm("1.2.840.113549.1.1.1"), bit_string(rsa))),
        "OAEP key": bare(key=sequence(ca.algorithm("1.2.840.113549.1.1.7", oaep), bit_string(rsa))),
        "DSA key": bare(key=sequence(dsa, bit_string(integer(1 << 1000)))),
        "DH key": bare(key=sequence(dh, bit_string(integer(1 << 1000)))),
        "X25519 key": bare(key=sequence(ca.algorithm("1.3.101.110", b""), bit_string(bytes(32)))),
        "X448 key": bare(key=sequence(ca.algorithm("1.3.101.111", b""), bit_string(bytes(56)))),
        "Ed25519 key": bare(key=sequence(ca.algorithm("1.3.101.112", b""), bit_string(bytes(32)))),
        "Ed448 key": bare(key=sequence(ca.algorithm("1.3.101.113", b""), bit_string(bytes(57)))),
        "ML-DSA key": bare(key=sequence(ca.algorithm("2.16.840.1.101.3.4.3.17", b""), bit_string(bytes(1312)))),
        "specified ECDSA": bare(key=small, signature=ca.algorithm("1.2.840.10045.4.3", ca.algorithm(SHA256, b""))),
        "empty subject": bare(extension(SAN, sequence(DNS)), key=small, subject=EMPTY),
        "GeneralizedTime": bare(
            key=small, validity=sequence(generalized("20240101000000.25+0130"), generalized("99991231235959Z"))
        ),
        "BMPString": bare(key=small, subject=sequence(attribute("2.5.4.3", tlv(0x1E, "Müller".encode("utf-16-be"))))),
        "indefinite": ca.indefinite(0x30, bare(key=small)[4:]),
    }


def test_the_specimens_are_readable() -> None:
    assert {name for name, der in specimens().items() if refusal(parse.JAVA_17, der)} == set()


def structured(every: int = 1) -> dict[str, bytes]:
    found = {}
    for name, der in specimens().items():
        if name != "indefinite":
            found.update({f"{name}: {change}": changed for change, changed in damaged(der, every)})
    return found


URIS = (
    "http://example.com", "http://example.com.", "http://-a.example", "http://a-.example", "http://a_b.example/",
    "http://10.1.2.3/", "http://10.1.2.300/", "http://10.1.2/", "http://1.2.3.4.5", "http://[::1]/", "http://[::1",
    "http://[x]/", "http://", "http:///x", "http:", "http:x", "http:#x", "mailto:who@example.com", "urn:a b",
    "urn:[x]", "a", "", ":", "1http://x", "h ttp://x", "http://u@h:80/p", "http://h:80x/", "http://h:/",
    "http://h:99999999999/", "http://u:p@h/", "http://@h/", "http://h%41/", "ldap:///CN=a,DC=b?c?d", "ldap:///CN=a b",
    "http://h/a%zz", "http://h/a%20b", "http://h/é", "http://é/", "http://h/{x}", "http://h/a|b",
    "http://3com.example", "http://a.3", "http://" + "a" * 64 + ".example/", "http://h?x#y", "http://h#y#z", "//h/p",
    "/p", "example.com", ".example.com", ".", "..a", "a..b", "a b", "a:b", "-a", "a-", "3com.example", "a/b", "a?b",
    "a#b", "%41", "http://h\\p", "http://h/^", "http://[fe80::1%25nowhere]/", "http://[fe80::1%3]/",
    "http://[fe80::1%]/", "http://[::ffff:10.1.2.3]/", "a%2eb", "a%zz", "http://[::1]:80/", "http://[::1]x/",
    "http://a,b/", "http://a.b.c1/", "a" * 64, "http://" + "a." * 127 + "example/", "a." * 140 + "example", "http://a./",
    "http://[::ffff:10.1.2.3%3]/", "http://[fe80::1%99999999999]/", "http://[fe80::1%" + "0" * 5000 + "3]/",
    "http://[00001::]/", "http://h:" + "0" * 20 + "9/", "http://" + "0" * 5000 + "1.2.3.4/", "http://001.002.003.0004/",
)  # fmt: skip
TIMES = (
    "240101000000Z", "2401010000Z", "24010100Z", "240101000000", "240101000000+0000", "240101000000-2359",
    "240101000000+2400", "240101000000+0060", "240101000000+00", "240101000000z", "2401010000+0100", "24010100000Z",
    "240101000060Z", "240101006000Z", "240101250000Z", "240001000000Z", "240100000000Z", "240132000000Z",
    "240231000000Z", "241301000000Z", "24O101000000Z", "240101000000.5Z", "240101000000ZZZZZ", "20240101000000Z",
    "202401010000Z", "2024010100Z", "20240101000000.Z", "20240101000000.1", "20240101000000.1Z", "20240101000000,12Z",
    "20240101000000.1234567890Z", "20240101000000.1+0100", "20240101000000.x+0100", "99991231235959Z",
    "00000101000000Z", "20240101000000+01:00", "", "Z", "20240101000000.123456789012345678901Z", "never",
    "-40101000000Z", "2401010000Z+", "2401010000+01", "20240101000000+010", "20240101000000Z0000",
)  # fmt: skip


IDENTIFIERS = (
    "1.2.840.10040.4.3", "1.2.840.10045.2.1", "1.2.840.10040.4.1", "1.2.840.113549.1.1.1", "1.3.101.112", "2.5.8.1.1",
    "1.2.840.113549.1.1", "1.2.840.113549.1.3.1", "1.2.840.10046.2.1", "1.3.132.1.12", "1.3.14.3.2.12",
    "1.2.840.113549.1.1.7", "1.2.840.10045.4.3", "2.16.840.1.101.3.4.3.18", "2.16.840.1.101.3.4.4.2",
)  # fmt: skip


def handmade() -> dict[str, bytes]:
    """Values that no change of one element comes upon."""
    small = ec_key(P256, b"\4" + bytes(64))
    found = {}
    for text in URIS:
        octets = text.encode("latin-1")
        found[f"URI {text}"] = bare(extension(SAN, sequence(tlv(0x86, octets))), key=small)
        found[f"URI constraint {text}"] = bare(
            extension(NAME_CONSTRAINTS, sequence(tlv(0xA0, sequence(tlv(0x86, octets))))), key=small
        )
        found[f"mail {text}"] = bare(extension(SAN, sequence(tlv(0x81, octets))), key=small)
    for text in TIMES:
        for tag in (0x17, 0x18):
            time = tlv(tag, text.encode("latin-1"))
            found[f"notBefore {tag:02x} {text}"] = bare(key=small, validity=sequence(time, utc("440101000000Z")))
            found[f"notAfter {tag:02x} {text}"] = bare(key=small, validity=sequence(utc("240101000000Z"), time))
    for number in (*range(-3, 12), 1 << 31, (1 << 31) - 1, -(1 << 31)):
        for tail in (b"", tlv(0xA3, sequence(extension(BASIC, EMPTY))), tlv(0x81, b"\0x")):
            found[f"version {number} {tail.hex()}"] = bare(key=small, version=tlv(0xA0, integer(number)), tail=tail)
    for bits in (8, 504, 505, 511, 512, 1024, 3064, 3065, 3072, 3073, 16384, 16385):
        for exponent in (0, 1, 2, 3, 65537, (1 << 64) - 1, 1 << 64, (1 << bits) - 1, 1 << bits):
            found[f"RSA {bits} {exponent.bit_length()} {exponent % 7}"] = bare(key=rsa_key((1 << bits) - 1, exponent))
    for curve, bits in {
        P256: 256,
        "1.3.132.0.35": 521,
        "1.3.132.0.10": 256,
        BRAINPOOL_P384: 384,
        "1.3.132.0.15": 163,
    }.items():
        for first in (0, 2, 3, 4, 6):
            for size in (
                0,
                1,
                (bits + 7) // 8,
                2 * ((bits + 7) // 8) - 1,
                2 * ((bits + 7) // 8),
                2 * ((bits + 7) // 8) + 1,
            ):
                found[f"EC {curve} {first} {size}"] = bare(key=ec_key(curve, bytes([first]) + bytes(size)))
    for arc in (*range(1, 13), 99):
        digest = f"2.16.840.1.101.3.4.2.{arc}"
        found[f"mask {digest}"] = bare(key=small, signature=pss_parameters(mgf1(digest)))
        found[f"hash {digest}"] = bare(key=small, signature=pss_parameters(tlv(0xA0, ca.algorithm(digest))))
    for identifier in IDENTIFIERS:
        for parameters in (
            b"",
            ca.NULL,
            EMPTY,
            oid(P256),
            oid("1.2.3"),
            sequence(integer(5), integer(6), integer(7)),
            tlv(0x04, b"x"),
        ):
            encoded = ca.algorithm(identifier, parameters)
            found[f"signature {identifier} {parameters.hex()}"] = bare(key=small, signature=encoded)
            for key in (
                b"",
                b"x",
                integer(5),
                sequence(integer((1 << 1024) - 1), integer(3)),
                b"\4" + bytes(64),
                bytes(32),
            ):
                found[f"key {identifier} {parameters.hex()} {key.hex()}"] = bare(key=sequence(encoded, bit_string(key)))
    for padding in range(10):
        for size in (0, 1, 2):
            octets = bytes([padding]) + b"\xff" * size
            found[f"signature bits {padding} {size}"] = bare(key=small, signatureValue=tlv(0x03, octets))
            found[f"unique bits {padding} {size}"] = bare(key=small, tail=tlv(0x81, octets))
            found[f"usage bits {padding} {size}"] = bare(extension(KEY_USAGE, tlv(0x03, octets)), key=small)
            found[f"key bits {padding} {size}"] = bare(key=sequence(ca.algorithm("1.2.3"), tlv(0x03, octets)))
    found["directory name without its SEQUENCE"] = bare(extension(SAN, sequence(tlv(0xA4, NAME[2:]))), key=small)
    found["directory name empty"] = bare(extension(SAN, sequence(tlv(0xA4))), key=small)
    found["keyUsage in an OCTET STRING"] = bare(extension(KEY_USAGE, tlv(0x04, b"\x03\x02\5\xa0")), key=small)
    found["an extension that is a SET"] = bare(tlv(0x31, extension(BASIC, EMPTY)[2:]), key=small)
    return found


def test_a_living_17_agrees_on_damage_by_hand_and_on_a_part_of_the_structured() -> None:
    ders = {**handmade(), **structured(every=23)}
    assert len(ders) > 4_500
    assert disagreements(ders) == []


@pytest.mark.slow
def test_a_living_17_agrees_on_all_structured_damage(capsys: pytest.CaptureFixture[str]) -> None:
    ders = structured()
    with capsys.disabled():
        print(f" [{len(ders)} certificates]", end="")
    assert len(ders) > 70_000
    assert disagreements(ders) == []


def test_a_living_17_agrees_on_random_damage() -> None:
    chance = random.Random(20261123)
    ders = {}
    names = list(specimens())
    for number in range(20_000):
        der = bytearray(specimens()[chance.choice(names)])
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            place = chance.randrange(len(der))
            match chance.randrange(4):
                case 0:
                    der[place] = chance.randrange(256)
                case 1:
                    der[place] ^= 1 << chance.randrange(8)
                case 2:
                    del der[place]
                case 3:
                    der.insert(place, chance.randrange(256))
        ders[f"random {number}"] = bytes(der)
    assert disagreements(ders) == []


def test_no_bytes_at_all_make_it_fail() -> None:
    """Whatever stands there, there is an answer."""
    chance = random.Random(4)
    der = specimens()["every extension critical"]
    for _ in range(400):
        cut = chance.randrange(len(der))
        junk = chance.randbytes(chance.randrange(60))
        for java in RELEASES.values():
            refusal(java, der[:cut] + junk + der[cut + chance.randrange(60) :])
            refusal(java, b"\x30\x80" + junk + der[cut:])
    for deep in (b"\x30\x80" * 20_000, b"\x24\x80" * 20_000, b"\x30\x80" * 90 + der + b"\0\0" * 90):
        for java in RELEASES.values():
            assert refusal(java, deep) is not None
