"""Host names as OpenJDK compares them, release by release.

The statements quote what each release's source does; below them stand the measured verdicts, and a live Java 17.
"""

import base64
import json
import random
import re
import string
import subprocess
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import ca
import jvm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finesse_certlint.certificate import Certificate
from finesse_certlint.findings import Location
from finesse_certlint.java import hostname
from finesse_certlint.java.hostname import HostnameChecker, Mismatch, idn

HERE = Path(__file__).resolve().parent
VERDICTS = HERE.parents[1] / "shared" / "data" / "jvm-verdicts"
RELEASES = {
    "7u80": hostname.JAVA_7U80,
    "7u181": hostname.JAVA_7U181,
    "8u181": hostname.JAVA_8U181,
    "8u504": hostname.JAVA_8U504,
    "11": hostname.JAVA_11,
    "17": hostname.JAVA_17,
    "21": hostname.JAVA_21,
}
ALL = " ".join(RELEASES)
SAN = "2.5.29.17"

CommonNames = Sequence[tuple[int, bytes]]
"""Tag and octets of each common name, in encoding order."""


def dns(text: str | bytes) -> bytes:
    return ca.tlv(0x82, text if isinstance(text, bytes) else text.encode())


def ip(text: str | bytes) -> bytes:
    return ca.tlv(0x87, text if isinstance(text, bytes) else ip_address(text).packed)


def san(*names: bytes) -> bytes:
    return ca.sequence(*names)


def attribute(tag: int, octets: bytes, kind: str = "2.5.4.3") -> bytes:
    return ca.sequence(ca.oid(kind), ca.tlv(tag, octets))


def name(common_names: CommonNames) -> bytes:
    return ca.sequence(*(ca.tlv(0x31, attribute(tag, octets)) for tag, octets in common_names))


def der(subject: bytes, names: bytes | None, *, critical: bool = False) -> bytes:
    """A certificate of which only the names matter: its signature is junk, which no host name check looks at."""
    extensions = [ca.extension("2.5.29.19", True, ca.sequence())]
    if names is not None:
        extensions.append(ca.extension(SAN, critical, names))
    rsa = ca.algorithm("1.2.840.113549.1.1.11")
    tbs = ca.sequence(
        ca.tlv(0xA0, ca.integer(2)),
        ca.integer(1),
        rsa,
        name([(0x0C, b"Example Root CA")]),
        ca.sequence(ca.tlv(0x17, b"240101000000Z"), ca.tlv(0x17, b"440101000000Z")),
        subject,
        ca.key("ec256").spki,
        ca.tlv(0xA3, ca.sequence(*extensions)),
    )
    return ca.sequence(tbs, rsa, ca.bit_string(b"junk"))


def view(data: bytes) -> Certificate:
    return Certificate(index=0, der=data, location=Location(document="test", start=0, stop=len(data)))


def certificate(names: bytes | None = None, cn: str | CommonNames = "another.example.net") -> Certificate:
    subject = name([(0x0C, cn.encode())] if isinstance(cn, str) else cn)
    return view(der(subject, names))


def fits(
    checker: HostnameChecker, names: bytes | None, host: str, cn: str | CommonNames = "another.example.net"
) -> bool:
    return checker.mismatch(certificate(names, cn), host) is None


# -- What the source says ----------------------------------------------------------------------------------------------
# Each row: a certificate's names, a host, and the releases in which it fits.

NAMES: dict[str, tuple[Sequence[str | bytes], str, str]] = {
    "the name itself": (["a.example.com"], "a.example.com", ALL),
    "case does not count": (["A.Example.COM"], "a.eXample.com", ALL),
    "any of several": (["x.example.com", "a.example.com"], "a.example.com", ALL),
    "another name": (["x.example.com"], "a.example.com", ""),
    "a wildcard for a label": (["*.example.com"], "a.example.com", ALL),
    "a wildcard for part of a label": (["a*c.example.com"], "abbc.example.com", ALL),
    "two wildcards in a label": (["a*c*e.example.com"], "abcde.example.com", ALL),
    "its parts do not overlap": (["ab*bc.example.com"], "abc.example.com", ""),
    "a wildcard is not two labels": (["*.example.com"], "a.b.example.com", ""),
    "nor none": (["*.example.com"], "example.com", ""),
    # isMatched: "matchAllWildcards" up to 17, "matchLeftmostWildcard" from 20 (JDK-7192189).
    "a wildcard further right": (["a.*.example.com"], "a.b.example.com", "7u80 7u181 8u181 8u504 11 17"),
    "two labels with wildcards": (["*.*.com"], "a.example.com", "7u80 7u181 8u181 8u504 11 17"),
    # hasIllegalWildcard: "not ok if it is a single wildcard character", "not ok if there is no dot after wildcard".
    "a lone wildcard": (["*"], "gadgets", "7u80 7u181 8u181"),
    "a wildcard without a domain": (["gad*"], "gadgets", "7u80 7u181 8u181"),
    "a wildcard and a dot": (["*."], "gadgets", "7u80"),
    "the last label a wildcard": (["a.*"], "a.example", "7u80 7u181 8u181"),
    # The public suffix list counts for roots in Java's own cacerts alone.
    "a wildcard below a top-level domain": (["*.com"], "example.com", ALL),
    "a wildcard below a public suffix": (["*.co.uk"], "example.co.uk", ALL),
    # matchDNS: "new SNIHostName(expectedName)" with IDN.USE_STD3_ASCII_RULES.
    "an underscore in the host": (["my_app.example.com"], "my_app.example.com", "7u80"),
    "an underscore under a wildcard": (["*.example.com"], "my_app.example.com", "7u80"),
    "an underscore in another name": (["my_app.example.com", "a.example.com"], "a.example.com", ALL),
    "a hyphen at a label's end": (["a-.example.com"], "a-.example.com", "7u80"),
    "a label of 63": (["a" * 63 + ".example.com"], "a" * 63 + ".example.com", ALL),
    "a label of 64": (["a" * 64 + ".example.com"], "a" * 64 + ".example.com", "7u80"),
    # "Remove the ending dot, which is not allowed in SNIHostName"; 7u80's StringTokenizer passes over it.
    "a dot behind the host": (["a.example.com"], "a.example.com.", "7u80 8u504 11 17 21"),
    "a dot behind the name": (["a.example.com."], "a.example.com", "7u80"),
    "dots behind both": (["a.example.com."], "a.example.com.", "7u80"),
    "a dot before the name": ([".a.example.com"], "a.example.com", "7u80"),
    "two dots in another name": (["a..b", "a.example.com"], "a.example.com", ALL),
    "a blank behind the name": (["a.example.com "], "a.example.com", ""),
    "an octet of zero in the name": ([b"a.example.com\0.evil.example"], "a.example.com", ""),
    "UTF-8 in another name": (["bücher.example.com".encode(), "a.example.com"], "a.example.com", ALL),
    "an empty name": ([""], "a.example.com", ""),
    "an empty host": (["a.example.com"], "", ""),
    # isMatched, from 11: "name = IDN.toUnicode(IDN.toASCII(name))", the template likewise.
    "an A-label": (["xn--bcher-kva.example.com"], "xn--bcher-kva.example.com", ALL),
    "an A-label in capitals": (["XN--BCHER-KVA.example.com"], "xn--bcher-kva.example.com", ALL),
    "an A-label under a wildcard": (["*.example.com"], "xn--bcher-kva.example.com", ALL),
    "a wildcard behind xn--": (["xn--*.example.com"], "xn--bcher-kva.example.com", "7u80 7u181 8u181 8u504"),
    "a wildcard in Unicode": (["b*.example.com"], "xn--bcher-kva.example.com", "11 17 21"),
    "xn-- that is no Punycode": (["xn--zz--zz.example.com"], "xn--zz--zz.example.com", ALL),
    # The client sends the A-label in server_name, which is compared first; 7 compares the URL's host alone.
    "a host in Unicode": (["xn--bcher-kva.example.com"], "bücher.example.com", "8u181 8u504 11 17 21"),
}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("case", NAMES)
def test_a_dns_name(case: str, release: str) -> None:
    names, host, where = NAMES[case]
    assert fits(RELEASES[release], san(*map(dns, names)), host) is (release in where.split())


# matchDNS: "if certificate contains any subject alt names of type DNS but none match, reject"; else
# "findMostSpecificAttribute(X500Name.commonName_oid)".
COMMON: dict[str, tuple[bytes | None, str | CommonNames, str]] = {
    "no SAN": (None, "a.example.com", ALL),
    "a wildcard": (None, "*.example.com", ALL),
    "a SAN with another name": (san(dns("b.example.com")), "a.example.com", ""),
    "a SAN with an empty name": (san(dns("")), "a.example.com", ""),
    "a SAN with an address only": (san(ip("192.0.2.7")), "a.example.com", ALL),
    "a SAN with a URI only": (san(ca.tlv(0x86, b"https://b.example.com/")), "a.example.com", ALL),
    "the last of two": (None, [(0x0C, b"b.example.com"), (0x0C, b"a.example.com")], ALL),
    "the first of two": (None, [(0x0C, b"a.example.com"), (0x0C, b"b.example.com")], ""),
    "none": (None, [], ""),
    "PrintableString": (None, [(0x13, b"a.example.com")], ALL),
    "TeletexString": (None, [(0x14, b"a.example.com")], ALL),
    "IA5String": (None, [(0x16, b"a.example.com")], ALL),
    "GeneralString": (None, [(0x1B, b"a.example.com")], ALL),
    "BMPString": (None, [(0x1E, "a.example.com".encode("utf-16-be"))], ALL),
    # DerValue.getAsString: commented out up to 11.
    "UniversalString": (None, [(0x1C, "a.example.com".encode("utf-32-be"))], "17 21"),
    "VisibleString": (None, [(0x1A, b"a.example.com")], ""),
    # "if (!Normalizer.isNormalized(cname, Normalizer.Form.NFKC))"; before it IDN folds what 8u181 only looks at.
    "wide letters": (None, "ａ.example.com", ""),
}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("case", COMMON)
def test_a_common_name(case: str, release: str) -> None:
    names, cn, where = COMMON[case]
    assert fits(RELEASES[release], names, "a.example.com", cn) is (release in where.split())


def test_a_common_name_in_unicode_must_be_normalized_from_8u504_on() -> None:
    cn = "b\N{LATIN SMALL LETTER U}\N{COMBINING DIAERESIS}cher.example.com"
    for release, checker in RELEASES.items():
        # With decoded names 11 would take it, were it not for the normal form.
        assert fits(checker, None, cn, cn) is (release in ("7u80", "7u181", "8u181")), release


def test_of_two_common_names_in_one_rdn_the_first_counts() -> None:
    both = ca.sequence(ca.tlv(0x31, attribute(0x0C, b"a.example.com"), attribute(0x0C, b"b.example.com")))
    for checker in RELEASES.values():
        assert checker.mismatch(view(der(both, None)), "a.example.com") is None
        assert checker.mismatch(view(der(both, None)), "b.example.com") is not None


# getSubjectAlternativeNames: null for an extension that CertificateExtensions could not parse, up to 17; 21 throws
# CertificateParsingException with the reason (getExtensionIfParseable).
UNREADABLE: dict[str, bytes] = {
    "no SEQUENCE": ca.tlv(0x04, b"junk"),
    "an empty SEQUENCE": san(),
    "an address of five octets": san(dns("b.example.com"), ip(b"12345")),
    "an address of no octets": san(dns("b.example.com"), ip(b"")),
    "octets behind it": san(dns("b.example.com")) + b"\0\0",
    "cut off": san(dns("b.example.com"))[:-1],
    "nothing at all": b"",
    "a name of an unknown kind": san(dns("b.example.com"), ca.tlv(0x89, b"x")),
    "a constructed dNSName": san(ca.tlv(0xA2, b"b.example.com")),
    "a URI without a scheme": san(dns("b.example.com"), ca.tlv(0x86, b"b.example.com")),
    "a URI with a blank": san(dns("b.example.com"), ca.tlv(0x86, b"https://b.example.com/a b")),
    "a URI with a scope on an IPv4-mapped address": san(
        dns("b.example.com"), ca.tlv(0x86, b"https://[::ffff:192.0.2.7%1]/")
    ),
    "a URI with a group of five digits": san(dns("b.example.com"), ca.tlv(0x86, b"https://[00001::]/")),
    "a mail address without a domain": san(dns("b.example.com"), ca.tlv(0x81, b"someone@")),
    "an otherName without a value": san(dns("b.example.com"), ca.tlv(0xA0, ca.oid("1.2.3"))),
    "a registeredID that is none": san(dns("b.example.com"), ca.tlv(0x88, b"\x80")),
    "a directoryName that is none": san(dns("b.example.com"), ca.tlv(0xA4, ca.sequence(ca.sequence()))),
}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("case", UNREADABLE)
def test_names_that_cannot_be_read_count_as_absent_up_to_17_and_are_refused_by_21(case: str, release: str) -> None:
    checker, names = RELEASES[release], UNREADABLE[case]
    assert fits(checker, names, "a.example.com", "a.example.com") is (release != "21")
    assert not fits(checker, names, "b.example.com")
    assert not fits(checker, names, "192.0.2.7", "192.0.2.7")


READABLE: dict[str, bytes] = {
    "a URI with a port and a query": ca.tlv(0x86, b"https://b.example.com:8443/x?y=%20#z"),
    "a URI without an authority": ca.tlv(0x86, b"urn:uuid:1"),
    "a URI whose authority is a registry's": ca.tlv(0x86, b"https://my_host/"),
    "a URI with an address": ca.tlv(0x86, b"https://[2001:db8::7]:80/"),
    "a URI with a scope of 5,001 digits": ca.tlv(0x86, b"https://[fe80::7%" + b"0" * 5000 + b"1]/"),
    "a mail address": ca.tlv(0x81, b"someone@example.com"),
    "a UPN": ca.tlv(0xA0, ca.oid("1.3.6.1.4.1.311.20.2.3"), ca.tlv(0xA0, ca.tlv(0x0C, b"u@example.com"))),
    "a registeredID": ca.tlv(0x88, b"\x2a\x03"),
    "a directoryName": ca.tlv(0xA4, name([(0x0C, b"x")])),
    "an x400Address": ca.tlv(0xA3, b"\x30\x00"),
    "a subnet": ip(b"\x0a\0\0\0\xff\0\0\0"),
}


@pytest.mark.parametrize("case", READABLE)
def test_names_of_other_kinds_stand_beside_a_dns_name(case: str) -> None:
    for checker in RELEASES.values():
        assert fits(checker, san(READABLE[case], dns("a.example.com")), "a.example.com")


def test_some_names_that_can_be_read_are_refused_when_they_are_listed() -> None:
    party = ca.tlv(0xA5, ca.tlv(0xA1, ca.tlv(0x13, b"x")))
    gaps = ip(bytes(16) + b"\xff\x00\xff" + bytes(13))
    for checker in RELEASES.values():
        for odd in (party, gaps):
            assert not fits(checker, san(dns("a.example.com"), odd), "a.example.com", "a.example.com")


def test_a_uri_whose_host_begins_with_a_digit_is_unreadable_up_to_8u181() -> None:
    names = san(ca.tlv(0x86, b"https://3com.example.com/"), dns("a.example.com"))
    for release, checker in RELEASES.items():
        assert fits(checker, names, "a.example.com") is (release not in ("7u80", "7u181", "8u181")), release


# matchIP: "expectedIP.equalsIgnoreCase(ipAddress)", and from 7u181 InetAddress.getByName of both.
ADDRESSES: dict[str, tuple[bytes | None, str, str]] = {
    "IPv4": (san(ip("192.0.2.7")), "192.0.2.7", ALL),
    "another IPv4": (san(ip("192.0.2.8")), "192.0.2.7", ""),
    "as inet_aton has it": (san(ip("10.0.0.1")), "10.1", "7u181 8u181 8u504 11 17 21"),
    "as one number": (san(ip("10.0.0.1")), "167772161", "7u181 8u181 8u504 11 17 21"),
    "with zeros before it": (san(ip("10.0.0.1")), "010.0.0.01", "7u181 8u181 8u504 11 17 21"),
    "IPv6 in full": (san(ip("2001:db8::7")), "2001:DB8:0:0:0:0:0:7", ALL),
    "IPv6 abbreviated": (san(ip("2001:db8::7")), "2001:db8::7", "7u181 8u181 8u504 11 17 21"),
    "IPv6 in brackets": (san(ip("2001:db8::7")), "[2001:db8::7]", "7u181 8u181 8u504 11 17 21"),
    "IPv6 in full in brackets": (san(ip("2001:db8::7")), "[2001:db8:0:0:0:0:0:7]", ALL),
    "IPv6 with a numbered scope": (san(ip("fe80::7")), "fe80::7%1", "7u181 8u181 8u504 11 17 21"),
    "IPv6 with a named scope": (san(ip("fe80::7")), "fe80::7%none0", ""),
    "IPv4 mapped, in the host": (san(ip("192.0.2.7")), "::ffff:192.0.2.7", "7u181 8u181 8u504 11 17 21"),
    "IPv4 mapped, in the name": (san(ip("::ffff:192.0.2.7")), "192.0.2.7", ALL),
    "a subnet": (san(ip(b"\xc0\0\x02\x07\xff\xff\xff\xff")), "192.0.2.7", ""),
    "as dNSName": (san(dns("192.0.2.7")), "192.0.2.7", ""),
    "under a wildcard": (san(dns("*.0.2.7")), "192.0.2.7", ""),
    "no SAN": (None, "192.0.2.7", ""),
    # Five parts are no address, so the name rules apply.
    "no address": (san(dns("1.2.3.4.5")), "1.2.3.4.5", ALL),
    "too great a part": (san(dns("1.2.3.256")), "1.2.3.256", ALL),
}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("case", ADDRESSES)
def test_an_address(case: str, release: str) -> None:
    names, host, where = ADDRESSES[case]
    assert fits(RELEASES[release], names, host, host) is (release in where.split())


def test_a_mismatch_says_which_rule_it_was() -> None:
    def of(checker: HostnameChecker, names: bytes | None, host: str) -> Mismatch:
        found = checker.mismatch(certificate(names), host)
        assert found is not None
        return found

    assert of(hostname.JAVA_17, san(dns("b.example.com")), "a.example.com").names == ("b.example.com",)
    assert "common name does not count" in of(hostname.JAVA_17, san(dns("b.example.com")), "a.example.com").reason
    assert "leftmost label only" in of(hostname.JAVA_21, san(dns("a.*.com")), "a.b.com").reason
    assert "without a domain" in of(hostname.JAVA_17, san(dns("*")), "gadgets").reason
    assert "in Unicode" in of(hostname.JAVA_17, san(dns("xn--*.de")), "xn--bcher-kva.de").reason
    assert "ends with a dot" in of(hostname.JAVA_17, san(dns("a.de.")), "a.de").reason
    underscore = of(hostname.JAVA_17, san(dns("my_app.de")), "my_app.de")
    assert (underscore.at_fault, underscore.names) == ("host", ("my_app.de",))
    assert "letters, digits and hyphens" in underscore.reason
    address = of(hostname.JAVA_7U80, san(ip("2001:db8::7")), "[2001:db8::7]")
    assert (address.at_fault, address.names) == ("iPAddress", ("2001:db8:0:0:0:0:0:7",))
    assert "as text" in address.reason
    assert "cannot be read" in of(hostname.JAVA_21, san(ip(b"12345")), "a.example.com").reason
    assert of(hostname.JAVA_17, None, "a.example.com").names == ("another.example.net",)


def test_hostile_names_are_looked_at_in_no_time_to_speak_of() -> None:
    for text in ("*" * 20_000, "a*" * 10_000, "." * 20_000, "xn--" + "a" * 20_000, "ü" * 10_000):
        for checker in RELEASES.values():
            assert checker.mismatch(certificate(None, text), "a.example.com") is not None
            assert checker.mismatch(certificate(san(dns(text))), "a.example.com") is not None
            checker.mismatch(certificate(None, text), text)


@given(st.text(max_size=40), st.binary(max_size=60), st.text(max_size=30))
def test_nothing_is_raised_whatever_stands_there(host: str, names: bytes, cn: str) -> None:
    subject = [(0x0C, cn.encode("utf-8", "surrogatepass"))]
    for checker in RELEASES.values():
        for encoded in (names, san(names), san(dns(names)), san(ca.tlv(0x86, names))):
            found = checker.mismatch(certificate(encoded, subject), host)
            assert found is None or (found.reason and found.reason.isprintable())


# -- The measured verdicts ---------------------------------------------------------------------------------------------


def measured() -> Iterator[dict[str, Any]]:
    lines = (VERDICTS / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    return map(json.loads, lines)


def first(bundle: Path) -> Certificate:
    match = re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END", bundle.read_text(encoding="ascii"), re.DOTALL)
    assert match
    return view(base64.b64decode(match[1]))


@pytest.mark.skipif(not VERDICTS.is_dir(), reason="needs ../shared/data/jvm-verdicts")
def test_seven_releases_said_the_same() -> None:
    compared = refused = 0
    wrong = []
    for case in measured():
        leaf = first(VERDICTS / case["presented"])
        for release, checker in RELEASES.items():
            verdict = case["verdicts"][release]
            if not verdict.get("path_accepted"):
                continue
            found = checker.mismatch(leaf, case["host"])
            compared += 1
            refused += found is not None
            if (found is None) is not verdict["accepted"]:
                wrong.append((case["name"], release, case["host"], verdict.get("message"), found))
    print(f"{compared} verdicts, {refused} of them refusals; {len(wrong)} differ")
    assert not wrong
    assert compared > 1500
    assert refused > 100


# -- A live Java 17 ----------------------------------------------------------------------------------------------------

_LABELS = (
    *("finesse", "gadgets", "a", "b", "ab", "corp", "example", "com", "de", "x1", "3com", "my_app", "-a", "a-", "a--b"),
    *(
        "xn--bcher-kva",
        "XN--BCHER-KVA",
        "xn--mnchen-3ya",
        "xn--zz--zz",
        "xn--",
        "xn---",
        "xn--a",
        "xn--*",
        "xn--b*",
        "b*",
    ),
    *("*", "*", "a*", "*a", "a*b", "**", "*x*", "f*e", "", "a b", "\0", "a" * 63, "a" * 64, "10", "0x1", "1", "256"),
    *(
        "bücher",
        "BÜCHER",
        "b\N{COMBINING DIAERESIS}",
        "straße",
        "ＡＢ",
        "ﬁ",
        "İ",
        "ς",
        "אב",
        "אa",
        "\u200d",
        "\ufffd",
        "＊",
        "𐌀",
    ),
)
_ADDRESSES = (
    *(
        "192.0.2.7",
        "10.1",
        "167772161",
        "010.0.0.01",
        "1.2.3",
        "4294967295",
        "4294967296",
        "1.2.3.4.5",
        "1.2.3.256",
        "0",
    ),
    *(
        "2001:db8::7",
        "2001:DB8::7",
        "2001:db8:0:0:0:0:0:7",
        "::",
        "::1",
        "1::",
        ":::",
        "::ffff:192.0.2.7",
        "1:2:3:4:5:6:7:8",
    ),
    *(
        "1:2:3:4:5:6:7::",
        "::1.2.3.4",
        "1:2:3:4:5:6:1.2.3.4",
        "fe80::7%1",
        "fe80::7%none0",
        "::1%",
        "%",
        "00001::",
        "12345::",
    ),
    *(
        "[::1]",
        "[2001:db8::7]",
        "[192.0.2.7]",
        "[",
        "[]",
        "::ffff:1.2.3.4%1",
        "1:2",
        "1.2.3.4:80",
        "0x7f.1",
        "1.2.3.4.",
        "1..2",
    ),
)
_OCTETS = ("c0000207", "0a000001", "20010db8000000000000000000000007", "00000000000000000000ffffc0000207", "00" * 16)
_URIS = (
    *(
        b"https://a.example.com/",
        b"https://a.example.com:8443",
        b"urn:x",
        b"mailto:a@b",
        b"http://[::1]/",
        b"http://[::1",
    ),
    *(
        b"http://my_host:1/",
        b"http://a..b/",
        b"http://a.example./",
        b"http://1.2.3.4/",
        b"http://1.2.3/",
        b"http://u@h/",
    ),
    *(
        b"http://u@v@h/",
        b"http:///x",
        b"http://",
        b"http:",
        b"//a/b",
        b"a",
        b"",
        b"1x:y",
        b"x:y z",
        b"x:%zz",
        b"x:%20",
        b"x:/^",
    ),
    *(
        b"http://h:1x/",
        b"http://h:/",
        b"x:/a?b=[c]#d",
        b"x:/a[b]",
        b"x:y#z#",
        b"\xc3\xbc:x",
        b"x:\xc3\xbc",
        b"http://-a/",
        b"http://3com.de/",
    ),
    *(
        b"http://a.3/",
        b"http://h%41/",
        b"http://h\\x/",
        b"http://[fe80::1%251]/",
        b"x:",
        b"x:#f",
        b"x://#f",
        b"x://?q",
        b"http://a-.b/",
    ),
)


class Maker:
    """Certificates and hosts that are often near each other, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def host(self) -> str:
        random = self.random
        if random.random() < 0.2:
            return random.choice(_ADDRESSES)
        plain = random.random() < 0.6
        choices = [label for label in _LABELS if label.isascii() and label.isalnum()] if plain else _LABELS
        text = ".".join(random.choices(choices, k=random.randint(1, 4)))
        if random.random() < 0.1:
            text += "."
        if random.random() < 0.03:
            text = text.replace(".", random.choice("\u3002\uff0e\uff61"))
        return random.choice((text, text, text, text.upper(), f"[{text}]" if random.random() < 0.2 else text))

    def near(self, host: str) -> str:
        """A name that may well be for the host."""
        random = self.random
        labels = host.split(".")
        for _ in range(random.choice((0, 1, 1, 1, 2))):
            place = random.choice((0, 0, random.randrange(len(labels))))
            label = labels[place]
            cut = random.randint(0, len(label))
            labels[place] = random.choice(
                (
                    *("*", "*", label[:cut] + "*", "*" + label[cut:], label[:cut] + "*" + label[cut + 1 :]),
                    *(label.upper(), label.swapcase(), random.choice(_LABELS), self.encoded(label)),
                    label + random.choice("\0 -_."),
                )
            )
        name = ".".join(labels)
        return random.choice((name,) * 12 + (name + ".", "." + name, name.replace(".", "..", 1), labels[0], host))

    @staticmethod
    def encoded(label: str) -> str:
        return label if label.isascii() else "xn--" + label.lower().encode("punycode").decode()

    def general_name(self, host: str) -> bytes:
        random = self.random
        kind = random.random()
        if kind < 0.6:
            text = self.near(host)
            return dns(text.encode(random.choice(("utf-8", "latin-1")), "replace"))
        if kind < 0.8:
            octets = bytes.fromhex(random.choice(_OCTETS))
            # Builds of 2026 have come to look at the subnets of IPv4-mapped addresses in another way.
            if random.random() < 0.15 and b"\xff" not in octets:
                octets = random.choice((octets[:-1], octets * 2, b"", octets + b"\xff" * len(octets)))
            return ip(octets)
        return random.choice(
            (
                ca.tlv(0x86, random.choice(_URIS)),
                ca.tlv(0x86, random.choice(_URIS)),
                ca.tlv(0x81, random.choice((b"a@b", b"a@", b"@", b"", b".", b"a@.", b"a@b@.", b"x"))),
                ca.tlv(
                    0xA4, random.choice((name([(0x0C, b"x")]), b"", b"\x31\0", ca.sequence(ca.sequence()), b"\x30"))
                ),
                ca.tlv(
                    0xA0, ca.oid("1.2.3"), random.choice((ca.tlv(0xA0, ca.tlv(0x0C, b"x")), b"", ca.tlv(0x0C, b"x")))
                ),
                ca.tlv(0xA0, random.choice((b"", ca.NULL, ca.sequence()))),
                ca.tlv(0x88, random.choice((b"\x2a\x03", b"", b"\x80\x01", b"\x2a\x83"))),
                ca.tlv(0xA5, random.choice((b"", ca.tlv(0xA1, ca.tlv(0x13, b"x")), ca.tlv(0x81, ca.tlv(0x13, b"x"))))),
                ca.tlv(0xA3, random.choice((b"", b"\x30\0"))),
                ca.tlv(random.choice((0x80, 0xA1, 0xA2, 0x83, 0x85, 0xA6, 0xA7, 0xA8, 0x89, 0x30, 0x02, 0x16)), b"x"),
            )
        )

    def names(self, host: str) -> bytes | None:
        random = self.random
        if random.random() < 0.25:
            return None
        found = san(*(self.general_name(host) for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3)))))
        if random.random() < 0.04:
            found = random.choice(
                (b"", found[:-1], found + b"\0", ca.tlv(0x31, found), b"\x30\x80" + found[2:] + b"\0\0")
            )
        return found

    def subject(self, host: str) -> bytes:
        random = self.random
        relative = []
        for _ in range(random.choice((0, 1, 1, 1, 2))):
            pairs = []
            for _ in range(random.choice((1, 1, 1, 1, 2))):
                text = self.near(host)
                tag, encoding = random.choice(
                    (
                        *((0x0C, "utf-8"), (0x0C, "utf-8"), (0x13, "latin-1"), (0x14, "latin-1"), (0x16, "utf-8")),
                        *(
                            (0x1B, "ascii"),
                            (0x1E, "utf-16-be"),
                            (0x1C, "utf-32-be"),
                            (0x1A, "ascii"),
                            (0x0C, "latin-1"),
                        ),
                    )
                )
                # A BMPString with surrogates is refused by later builds when the certificate is read.
                text = re.sub("[\U00010000-\U0010ffff]", "", text)
                pairs.append(
                    attribute(tag, text.encode(encoding, "replace"), random.choice(("2.5.4.3",) * 6 + ("2.5.4.10",)))
                )
            relative.append(ca.tlv(0x31, *pairs))
        return ca.sequence(ca.tlv(0x31, attribute(0x13, b"Example", "2.5.4.10")), *relative)

    def cases(self, certificates: int, hosts: int) -> Iterator[tuple[bytes, str]]:
        for _ in range(certificates):
            host = self.host()
            data = der(self.subject(host), self.names(host))
            for other in (host, *(self.relative(host) for _ in range(hosts - 1))):
                yield data, other

    def relative(self, host: str) -> str:
        random = self.random
        labels = host.split(".")
        labels[0] = random.choice(
            (
                labels[0],
                random.choice(_LABELS),
                self.encoded(labels[0]),
                labels[0] + random.choice(string.ascii_letters),
            )
        )
        return random.choice((".".join(labels), host + ".", host.swapcase(), self.host(), random.choice(_ADDRESSES)))


def ask(lines: Sequence[str]) -> list[str]:
    command = [
        jvm.java(),
        "--add-opens",
        "java.base/sun.security.ssl=ALL-UNNAMED",
        str(HERE / "oracle" / "Hostname.java"),
    ]
    done = subprocess.run(
        command, input="\n".join(lines), capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert not done.returncode, done.stderr
    answers = done.stdout.split("\n")[:-1]
    assert len(answers) == len(lines)
    return answers


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


@pytest.mark.slow
def test_a_live_java_17_says_the_same() -> None:
    cases = list(Maker(20261123).cases(certificates=4000, hosts=4))
    lines = [f"{base64_of(data)} {base64_of(host.encode('utf-16-be'))}" for data, host in cases]
    tally = {"fits": 0, "differs": 0, "unparseable": 0}
    wrong = []
    for (data, host), answer in zip(cases, ask(lines), strict=True):
        word = answer.partition(" ")[0]
        tally[word] += 1
        found = hostname.JAVA_17.mismatch(view(data), host)
        if word != "unparseable" and (found is None) is not (word == "fits"):
            wrong.append((host, answer, found, data.hex()))
    print(f"{len(cases)} combinations: {tally}; {len(wrong)} differ")
    assert not wrong, wrong[:5]
    assert tally["fits"] > 1500
    assert tally["differs"] > 2000


@pytest.mark.slow
def test_a_live_java_17_makes_the_same_ascii_of_a_domain_name() -> None:
    # What came into Unicode after 3.2 is refused, so that both sides' versions of it hardly matter.
    characters = [chr(code) for code in range(0x80, 0x3100) if code != 0x1734]
    texts = [form for character in characters for form in (character, f"a{character}b", f"\u05d0{character}\u05d0")]
    answers = ask([f"idn {base64_of(text.encode('utf-16-be'))}" for text in texts])
    wrong = [(ascii(text), answer) for text, answer in zip(texts, answers, strict=True) if ascii_of(text) != answer]
    print(f"{len(texts)} domain names; {len(wrong)} differ")
    assert not wrong


def ascii_of(text: str) -> str:
    try:
        return idn.to_ascii(text)
    except ValueError:
        return "!"
