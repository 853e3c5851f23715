"""Name constraints, policies, lengths, key usage and critical extensions as OpenJDK applies them, release by release.

The statements quote RFC 5280 or what each release's source does; below them stand the measured verdicts, and a live
Java 17 on paths made at random.
"""

import base64
import json
import random
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import attrs
import ca
import jvm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finesse_certlint.certificate import Certificate
from finesse_certlint.findings import Location
from finesse_certlint.java import constraints, parse
from finesse_certlint.java.constraints import PathConstraints, Violation
from finesse_certlint.java.constraints.usage import KEY_EXCHANGES
from finesse_certlint.java.names import canonical

HERE = Path(__file__).resolve().parent
VERDICTS = HERE.parents[1] / "shared" / "data" / "jvm-verdicts"
RELEASES = {
    "7u80": constraints.JAVA_7U80,
    "7u181": constraints.JAVA_7U181,
    "8u181": constraints.JAVA_8U181,
    "8u504": constraints.JAVA_8U504,
    "11": constraints.JAVA_11,
    "17": constraints.JAVA_17,
    "21": constraints.JAVA_21,
}
ALL = " ".join(RELEASES)
NOT_7U80 = ALL.removeprefix("7u80 ")

KEY_USAGE, SAN, BASIC, NAMES, POLICIES, MAPPINGS, POLICY_CONSTRAINTS, EKU, INHIBIT_ANY = (
    f"2.5.29.{arc}" for arc in (15, 17, 19, 30, 32, 33, 36, 37, 54)
)
CERT_TYPE = "2.16.840.1.113730.1.1"
ANY = "2.5.29.32.0"

Extra = tuple[str, bool, bytes]


def dns(text: str | bytes) -> bytes:
    return ca.tlv(0x82, text if isinstance(text, bytes) else text.encode())


def mail(text: str) -> bytes:
    return ca.tlv(0x81, text.encode())


def uri(text: str) -> bytes:
    return ca.tlv(0x86, text.encode())


def ip(text: str) -> bytes:
    return ca.tlv(0x87, ip_address(text).packed)


def net(text: str) -> bytes:
    network = ip_network(text)
    return ca.tlv(0x87, network.network_address.packed + network.netmask.packed)


def directory(*attributes: tuple[str, str]) -> bytes:
    return ca.tlv(0xA4, ca.name([(kind, value, "utf8_string") for kind, value in attributes]))


def upn(text: str) -> bytes:
    return ca.tlv(0xA0, ca.oid("1.3.6.1.4.1.311.20.2.3"), ca.tlv(0xA0, ca.tlv(0x0C, text.encode())))


def name_constraints(
    permitted: Sequence[bytes] | None = None, excluded: Sequence[bytes] | None = None, *, bound: bytes = b""
) -> bytes:
    return ca.sequence(
        *(
            ca.tlv(tag, *(ca.sequence(name, bound) for name in names))
            for tag, names in ((0xA0, permitted), (0xA1, excluded))
            if names is not None
        )
    )


def policies(*names: str, qualifier: bool = False) -> bytes:
    uri_of_practice = ca.sequence(ca.oid("1.3.6.1.5.5.7.2.1"), ca.tlv(0x16, b"https://example.com/cps"))
    qualifiers = ca.sequence(uri_of_practice) if qualifier else b""
    return ca.sequence(*(ca.sequence(ca.oid(name), qualifiers) for name in names))


def mappings(*pairs: tuple[str, str]) -> bytes:
    return ca.sequence(*(ca.sequence(ca.oid(issuer), ca.oid(subject)) for issuer, subject in pairs))


def policy_constraints(require: int | None = None, inhibit: int | None = None) -> bytes:
    numbers = ((0x80, require), (0x81, inhibit))
    return ca.sequence(*(ca.tlv(tag, ca.integer(number)[2:]) for tag, number in numbers if number is not None))


def view(data: bytes) -> Certificate:
    return Certificate(index=0, der=data, location=Location(document="test", start=0, stop=len(data)))


@cache
def root() -> ca.Authority:
    return ca.Authority("Example Root CA", key=ca.key("ec256", "root"))


def issuing(*extra: Extra, under: ca.Authority | None = None, **knobs: Any) -> ca.Authority:
    settings = {"key": ca.key("ec256", "issuing"), "extra_extensions": extra, **knobs}
    return (under or root()).authority(settings.pop("title", "Example Issuing CA 1"), **settings)


def server(under: ca.Authority, *names: bytes, cn: str | None = None, **knobs: Any) -> ca.Server:
    """A server's certificate with those names; its common name is no host's unless told."""
    extra = knobs.pop("extra_extensions", ())
    if names:
        extra = ((SAN, False, ca.sequence(*names)), *extra)
    settings = {"key": ca.key("ec256", "server"), "san": None, "extra_extensions": extra, **knobs}
    return under.server(cn or "A server", **settings)


def path(*issued: ca.Issued) -> list[Certificate]:
    return [view(item.der) for item in issued]


def above(leaf: ca.Issued) -> list[ca.Issued]:
    """The certificate and those above it, without the root."""
    found = [leaf]
    while (issuer := found[-1].issuer) is not None:
        found.append(issuer)
    return found[:-1]


# -- Names -------------------------------------------------------------------------------------------------------------
# Each row: permitted, excluded, the names in the server's subjectAltName, and the releases that take it.

FITS: dict[str, tuple[Sequence[bytes] | None, Sequence[bytes] | None, Sequence[bytes], str]] = {
    # RFC 5280 section 4.2.1.10: "Any DNS name that can be constructed by simply adding zero or more labels to the
    # left-hand side of the name satisfies the name constraint."
    "the host itself": ([dns("a.example.com")], None, [dns("a.example.com")], ALL),
    "case does not count": ([dns("Example.COM")], None, [dns("a.eXample.com")], ALL),
    "a label more": ([dns("example.com")], None, [dns("a.example.com")], ALL),
    "two labels more": ([dns("com")], None, [dns("a.example.com")], ALL),
    "not a label's end": ([dns("example.com")], None, [dns("anexample.com")], ""),
    "elsewhere": ([dns("example.com")], None, [dns("a.example.net")], ""),
    "one of two": ([dns("example.net"), dns("example.com")], None, [dns("a.example.com")], ALL),
    "every name must fit": ([dns("example.com")], None, [dns("a.example.com"), dns("b.example.net")], ""),
    "a wildcard within": ([dns("example.com")], None, [dns("*.example.com")], ALL),
    "a wildcard is taken as it stands": ([dns("a.example.com")], None, [dns("*.example.com")], ""),
    "excluded": (None, [dns("example.com")], [dns("a.example.com")], ""),
    "excluded elsewhere": (None, [dns("example.net")], [dns("a.example.com")], ALL),
    "excluded below": (None, [dns("x.a.example.com")], [dns("a.example.com")], ALL),
    "permitted and excluded": ([dns("example.com")], [dns("a.example.com")], [dns("a.example.com")], ""),
    # DNSName.constrains, JDK-8311546: "if (inName.charAt(ndx-1) == '.' ^ thisName.charAt(0) == '.')".
    "a dot before the domain": ([dns(".example.com")], None, [dns("a.example.com")], "17 21"),
    "a dot, and the domain itself": ([dns(".example.com")], None, [dns("example.com")], ""),
    "a dot before what is excluded": (None, [dns(".example.com")], [dns("a.example.com")], "7u80 7u181 8u181 8u504 11"),
    # "thisName.charAt(0)" of an empty name; before it no name ends with a dot that is not there.
    "nothing permitted": ([dns("")], None, [dns("a.example.com")], ""),
    "nothing excluded": (None, [dns("")], [dns("a.example.com")], "7u80 7u181 8u181 8u504 11"),
    # NameConstraintsExtension.verify in 2026: "Match a wildcard in DNSName only against the excluded subtree".
    "a wildcard over what is excluded": (None, [dns("a.example.com")], [dns("*.example.com")], "7u80 7u181 8u181 17"),
    "a wildcard beside what is excluded": (None, [dns("x.a.example.com")], [dns("*.example.com")], ALL),
    # "continue checking other permitted names": constraints hold for names of their own kind.
    "another kind permitted": ([mail("example.com"), uri("example.com")], None, [dns("a.example.net")], ALL),
    "another kind excluded": (None, [mail("example.com"), uri(".example.com")], [dns("a.example.com")], ALL),
    "an address in the range": ([net("10.0.0.0/8")], None, [ip("10.1.2.3")], ALL),
    "an address elsewhere": ([net("10.0.0.0/8")], None, [ip("192.0.2.7")], ""),
    "an address excluded": (None, [net("10.0.0.0/8")], [ip("10.1.2.3")], ""),
    "every address excluded": (None, [net("0.0.0.0/0")], [ip("10.1.2.3")], ""),
    "IPv6 in the range": ([net("2001:db8::/32")], None, [ip("2001:db8::7")], ALL),
    "IPv6 elsewhere": ([net("2001:db8::/32")], None, [ip("2001:db9::7")], ""),
    # IPAddressName.constrains before JDK-8267617: "if ((otherAddress[i] & address[i+maskOffset]) != address[i])".
    "all IPv6 excluded, and IPv4": (None, [net("::/0")], [ip("10.1.2.3")], "21"),
    "all IPv4 excluded, and IPv6": (None, [net("0.0.0.0/0")], [ip("2001:db8::7")], "21"),
    "a range of IPv6 excluded, and IPv4": (None, [net("2001:db8::/32")], [ip("10.1.2.3")], ALL),
    "an IPv6 range permitted, and IPv4": ([net("2001:db8::/32")], None, [ip("10.1.2.3")], ""),
    "an address where names are constrained": ([dns("example.com")], None, [dns("a.example.com"), ip("10.1.2.3")], ALL),
    "a bad mask": ([ca.tlv(0x87, bytes([10, 0, 0, 1, 255, 0, 0, 0]))], None, [ip("10.0.0.1")], ""),
    "one address": ([ip("10.0.0.1")], None, [ip("10.0.0.1")], ALL),
    "an IPv4 address as IPv6": ([net("192.0.2.0/24")], None, [ip("::ffff:192.0.2.7")], "21"),
    # RFC 5280 section 4.2.1.10: "root@example.com", "example.com" (a host), ".example.com" (a domain).
    "a mailbox": ([mail("me@example.com")], None, [mail("Me@example.com")], ALL),
    "another mailbox": ([mail("me@example.com")], None, [mail("you@example.com")], ""),
    "a mailbox at the host": ([mail("example.com")], None, [mail("me@example.com")], ALL),
    "a mailbox below the host": ([mail("example.com")], None, [mail("me@a.example.com")], ""),
    "a mailbox in the domain": ([mail(".example.com")], None, [mail("me@a.example.com")], ALL),
    "a URI at the host": ([uri("example.com")], None, [uri("https://Example.com:8443/x")], ALL),
    "a URI below the host": ([uri("example.com")], None, [uri("https://a.example.com/")], ""),
    "a URI in the domain": ([uri(".example.com")], None, [uri("https://a.example.com/")], ALL),
    "a URI at the domain itself": ([uri(".example.com")], None, [uri("https://example.com/")], ""),
    "a URI with an address": ([uri(".example.com")], None, [uri("https://192.0.2.7/")], ""),
    # No address (IPAddressUtil: 15 characters at most), and a domain name only where a label may be digits, and as long as it
    # likes. Elsewhere the extension cannot be read and, not being critical, counts as absent.
    "a URI with an address of 5,004 digits": (
        [uri(".example.com")],
        None,
        [uri(f"https://{'0' * 5000}1.2.3.4/")],
        "7u80 7u181 8u181 21",
    ),
    # URIName.constrains: "otherHost.equalsIgnoreCase(host)", where otherHost is null.
    "a URI whose port is no int": (None, [uri("example.com")], [uri("https://a.example.net:99999999999/")], ""),
    "a URI without a host": (None, [uri("example.com")], [uri("urn:uuid:1")], ""),
    "a directoryName below": (
        [directory(("country_name", "DE"))],
        None,
        [directory(("country_name", "de"), ("organization_name", "Example"))],
        ALL,
    ),
    "a directoryName beside": ([directory(("country_name", "DE"))], None, [directory(("country_name", "FR"))], ""),
    # OtherName.constrains: "Narrowing, widening, and matching are not supported for OtherName."
    "an otherName": ([upn("a@example.com")], None, [upn("a@example.com")], ""),
    "an otherName where there is none": ([upn("a@example.com")], None, [dns("a.example.com")], ALL),
    "a registeredID": ([ca.tlv(0x88, b"\x2a\x03")], None, [ca.tlv(0x88, b"\x2a\x03")], ALL),
    "another registeredID": (None, [ca.tlv(0x88, b"\x2a\x03")], [ca.tlv(0x88, b"\x2a\x04")], ""),
    "an x400Address": (None, [ca.tlv(0xA3, b"\x30\x00")], [ca.tlv(0xA3, b"\x30\x00")], ""),
    "neither permitted nor excluded": (None, None, [dns("a.example.com")], ALL),
    "empty lists": ([], [], [dns("a.example.com")], ALL),
}


@pytest.mark.parametrize("critical", [True, False])
@pytest.mark.parametrize("case", FITS)
def test_a_name_under_a_constraint(case: str, critical: bool) -> None:
    permitted, excluded, names, where = FITS[case]
    # Up to 17 a subject without the permitted kind's names is all the same a directoryName.
    subject = [("country_name", "DE", "utf8_string"), ("common_name", "A server", "utf8_string")]
    leaf = server(issuing((NAMES, critical, name_constraints(permitted, excluded))), *names, subject=subject)
    for release, rules in RELEASES.items():
        found = rules.name_constraints(path(*above(leaf)))
        assert (found is None) is (release in where.split()), (release, found)


# NameConstraintsExtension.verify: "If there is no IPAddressName or DNSName in subjectAlternativeNames, see if the last CN
# inside subjectName can be used instead."
COMMON: dict[str, tuple[bytes, Sequence[bytes], str, str]] = {
    "no SAN": (dns("example.com"), [], "a.example.net", "7u80"),
    "one that fits": (dns("example.com"), [], "a.example.com", ALL),
    "a SAN with an address only": (dns("example.com"), [ip("10.0.0.1")], "a.example.net", "7u80"),
    "a SAN with a dNSName": (dns("example.com"), [dns("a.example.com")], "a.example.net", ALL),
    "no domain name": (dns("example.com"), [], "A server", ALL),
    "a single word": (dns("example.com"), [], "Contoso", "7u80"),
    "an underscore": (dns("example.com"), [], "my_app.example.net", ALL),
    "a dot at its end": (dns("example.com"), [], "a.example.net.", ALL),
    # DNSName(String) up to 8u181: "DNSName components must begin with a letter".
    "a digit first": (dns("example.com"), [], "3com.example.net", "7u80 7u181 8u181"),
    "a hyphen at its end": (dns("example.com"), [], "a-.example.net", "7u80 21"),
    "64 letters": (dns("example.com"), [], "a" * 64 + ".example.net", "7u80 21"),
    "a wildcard": (dns("example.com"), [], "*.example.net", NOT_7U80.removesuffix(" 21") + " 7u80"),
    "an address": (net("10.0.0.0/8"), [], "192.0.2.7", "7u80"),
    "an address that fits": (net("10.0.0.0/8"), [], "10.1", ALL),
    "an address beside a dNSName": (net("10.0.0.0/8"), [dns("a.example.com")], "192.0.2.7", "7u80"),
    "an address as one number": (net("10.0.0.0/8"), [], "3221225991", ALL),
    "an IPv6 address": (net("2001:db8::/32"), [], "2001:db9::7", "7u80"),
    "an address under a dNSName": (dns("example.com"), [], "192.0.2.7", ALL),
}


@pytest.mark.parametrize("case", COMMON)
def test_a_common_name_under_a_constraint(case: str) -> None:
    permitted, names, cn, where = COMMON[case]
    leaf = server(issuing((NAMES, True, name_constraints([permitted]))), *names, cn=cn)
    for release, rules in RELEASES.items():
        found = rules.name_constraints(path(*above(leaf)))
        assert (found is None) is (release in where.split()), (release, found)
        assert found is None or found.field == "tbsCertificate.subject"


def test_of_several_common_names_the_last_counts_and_a_strange_string_is_none() -> None:
    one = issuing((NAMES, True, name_constraints([dns("example.com")])))
    for subject, fits in (
        ([("common_name", "a.example.net", "utf8_string"), ("common_name", "a.example.com", "utf8_string")], True),
        ([("common_name", "a.example.com", "utf8_string"), ("common_name", "a.example.net", "utf8_string")], False),
        ([("common_name", "a.example.net", "bmp_string")], False),
    ):
        leaf = server(one, subject=subject)
        assert (constraints.JAVA_17.name_constraints(path(*above(leaf))) is None) is fits
    universal = path(*above(server(one, subject=[("common_name", "a.example.net", "universal_string")])))
    assert [name for name, rules in RELEASES.items() if rules.name_constraints(universal)] == ["17", "21"]


def test_the_subject_is_a_directory_name_unless_it_is_empty() -> None:
    one = issuing((NAMES, True, name_constraints([directory(("organization_name", "Example"))])))
    inside = [("organization_name", "EXAMPLE ", "printable_string"), ("common_name", "x y", "utf8_string")]
    outside = [("common_name", "x y", "utf8_string"), ("organization_name", "Example", "utf8_string")]
    for subject, fits in ((inside, True), (outside, False), ([], True)):
        leaf = server(one, subject=subject, extra_extensions=((SAN, True, ca.sequence(dns("a.example.com"))),))
        for rules in RELEASES.values():
            assert (rules.name_constraints(path(*above(leaf))) is None) is fits
    everything = issuing((NAMES, True, name_constraints(None, [ca.tlv(0xA4, ca.sequence())])))
    assert constraints.JAVA_7U80.name_constraints(path(*above(server(everything)))) is not None


def test_an_email_address_in_the_subject_counts_without_a_subject_alt_name() -> None:
    """RFC 5280 section 4.2.1.10: "When a certificate does not include a subject alternative name, the rfc822Name
    constraint MUST be applied to the attribute of type emailAddress in the subject distinguished name."
    """
    one = issuing((NAMES, True, name_constraints([mail("example.com")])))
    for text, tag, fits in (
        ("me@example.com", "ia5_string", True),
        ("me@example.net", "ia5_string", False),
        ("me@example.net", "utf8_string", False),
        ("me@", "ia5_string", True),
    ):
        subject = [("email_address", text, tag)]
        for rules in RELEASES.values():
            assert (rules.name_constraints(path(*above(server(one, subject=subject)))) is None) is fits
            named = server(one, dns("a.example.com"), subject=subject)
            assert rules.name_constraints(path(*above(named))) is None


def test_unreadable_names_count_as_absent() -> None:
    one = issuing((NAMES, True, name_constraints([dns("example.com"), mail("example.com")])))
    leaf = server(
        one, dns("a.example.net"), ca.tlv(0x87, b"12345"), subject=[("email_address", "me@example.net", "ia5_string")]
    )
    for rules in RELEASES.values():
        found = rules.name_constraints(path(*above(leaf)))
        assert found is not None
        assert (found.field, found.evidence["kind"]) == ("tbsCertificate.subject", "rfc822Name")


def test_unreadable_constraints_that_are_not_critical_are_none() -> None:
    for value in (b"", b"\x04\x00", name_constraints([uri("https://example.com/")]), name_constraints([mail("x@")])):
        leaf = server(issuing((NAMES, False, value)), dns("a.example.net"))
        for rules in RELEASES.values():
            assert rules.name_constraints(path(*above(leaf))) is None


def test_minimum_and_maximum_are_not_supported() -> None:
    """NameConstraintsExtension.verify: "Non-zero minimum BaseDistance in name constraints not supported"."""
    for bound, fits in ((b"\x80\x01\0", True), (b"\x80\x01\1", False), (b"\x81\x01\0", False), (b"\x81\x01\xff", True)):
        leaf = server(issuing((NAMES, True, name_constraints([dns("example.com")], bound=bound))), dns("a.example.com"))
        for rules in RELEASES.values():
            assert (rules.name_constraints(path(*above(leaf))) is None) is fits


def test_a_ca_is_constrained_as_well_unless_it_is_self_issued() -> None:
    """RFC 5280 section 6.1.3 (b): "If certificate i is self-issued and it is not the final certificate in the path, skip
    this step for certificate i."
    """
    upper = issuing((NAMES, True, name_constraints([directory(("common_name", "Example Root CA"))])), title="Upper")
    lower = issuing(under=upper, title="Lower", key=ca.key("ec256", "lower"))
    leaf = [("common_name", "Example Root CA", "utf8_string"), ("common_name", "x y", "utf8_string")]
    for rules in RELEASES.values():
        found = rules.name_constraints(path(*above(server(lower, subject=leaf))))
        assert found is not None
        assert (found.index, found.evidence["constrained_by"]) == (1, 2)
    same = [("common_name", "UPPER", "printable_string")]
    again = issuing(under=upper, subject=same, key=ca.key("ec256", "lower"))
    for rules in RELEASES.values():
        assert rules.name_constraints(path(*above(server(again, subject=leaf)))) is None
        # The server's own certificate is looked at even then.
        found = rules.name_constraints(path(*above(server(upper, subject=same))))
        assert found is not None
        assert found.index == 0


def test_constraints_of_several_certificates_are_merged() -> None:
    def fits(upper: bytes, lower: bytes, *names: bytes) -> list[bool]:
        first = issuing((NAMES, True, upper), title="x y")
        second = issuing((NAMES, True, lower), title="y z", under=first, key=ca.key("ec256", "lower"))
        chain = path(*above(server(second, *names)))
        return [rules.name_constraints(chain) is None for rules in RELEASES.values()]

    everywhere, nowhere = [True] * 7, [False] * 7
    com, a_com, net_ = dns("example.com"), dns("a.example.com"), dns("example.net")

    def permit(*names: bytes) -> bytes:
        return name_constraints(names)

    def exclude(*names: bytes) -> bytes:
        return name_constraints(None, names)

    assert fits(permit(com), permit(a_com), dns("a.example.com")) == everywhere
    assert fits(permit(com), permit(a_com), dns("b.example.com")) == nowhere
    assert fits(permit(a_com), permit(com), dns("b.example.com")) == nowhere
    assert fits(permit(com), exclude(a_com), dns("a.example.com")) == nowhere
    assert fits(exclude(com), exclude(net_), dns("a.example.com")) == nowhere
    assert fits(permit(com), permit(net("10.0.0.0/8")), dns("a.example.com"), ip("10.0.0.1")) == everywhere
    assert fits(permit(com), permit(net("10.0.0.0/8")), dns("a.example.com"), ip("11.0.0.1")) == nowhere
    # GeneralSubtrees.createWidestSubtree: new DNSName("") ends in "Unexpected error", whatever names there are.
    assert fits(permit(com), permit(net_), mail("me@example.com")) == nowhere
    assert fits(permit(net("10.0.0.0/8")), permit(net("11.0.0.0/8")), dns("a.example.com")) == nowhere
    # Of two, one is narrowed and the other has nothing in common any more.
    assert fits(permit(com, net_), permit(a_com), dns("a.example.com")) == nowhere
    assert fits(permit(com, net_), permit(a_com, net_), dns("a.example.com")) == everywhere
    # new X500Name("") is a name, below which everything is.
    one, two = directory(("country_name", "DE")), directory(("country_name", "FR"))
    assert fits(permit(one), permit(two), dns("a.example.com")) == nowhere
    assert fits(name_constraints([]), permit(com), dns("a.example.net")) == nowhere


def test_what_the_anchor_says_and_what_the_server_says_constrains_nothing() -> None:
    anchor = ca.Authority(
        "x y", key=ca.key("ec256", "root"), extra_extensions=((NAMES, True, name_constraints([dns("a")])),)
    )
    leaf = server(issuing(under=anchor), dns("b"), extra_extensions=((NAMES, True, name_constraints([dns("c")])),))
    for rules in RELEASES.values():
        assert rules.name_constraints(path(*above(leaf))) is None


def test_sorting_up_to_8u181_looks_at_each_ca_by_itself() -> None:
    """ForwardBuilder.getMatchingCACerts: "checks that current cert's name constraints permit it to certify all the DNs and
    AltNames that have been traversed".
    """
    old = ("7u80", "7u181", "8u181")

    def refused(leaf: ca.Issued, anchor: ca.Issued | None = None) -> list[str]:
        above_it = view(anchor.der) if anchor else None
        chain = path(*above(leaf))
        return [
            release
            for release, rules in RELEASES.items()
            if rules.name_constraints(chain, was_sorted=True, anchor=above_it) is not None
        ]

    com = issuing((NAMES, True, name_constraints([dns("example.com")])))
    assert refused(server(com, dns("a.example.com"))) == []
    assert refused(server(com, dns("a.example.net"))) == list(RELEASES)
    # Common names, distances and what two CAs have in common are not looked at,
    later = [release for release in RELEASES if release not in old]
    assert refused(server(com, cn="a.example.net")) == later
    bound = issuing((NAMES, True, name_constraints([dns("example.com")], bound=b"\x80\x01\1")))
    assert refused(server(bound, dns("a.example.com"))) == later
    both = issuing(
        (NAMES, True, name_constraints([dns("example.net")])), under=com, title="x y", key=ca.key("ec256", "lower")
    )
    assert refused(server(both, ip("10.0.0.1"))) == later
    # but what cannot be read and what the anchor says are.
    assert refused(server(issuing((NAMES, False, b"\x04\0")), dns("a.example.com"))) == list(old)
    anchor = ca.Authority(
        "x y", key=ca.key("ec256", "root"), extra_extensions=((NAMES, True, name_constraints([dns("example.net")])),)
    )
    assert refused(server(issuing(under=anchor), dns("a.example.com")), anchor) == list(old)
    directories = issuing((NAMES, True, name_constraints([directory(("country_name", "DE"))])))
    nameless = server(directories, subject=[], extra_extensions=((SAN, True, ca.sequence(dns("a.example.com"))),))
    assert refused(nameless) == list(old)


# -- Policies ----------------------------------------------------------------------------------------------------------
# Each row: the extensions of the CAs from the anchor down, of the server's certificate, and the releases that take it.

GOLD, SILVER, TIN = (f"1.3.6.1.4.1.99999.{arc}" for arc in (1, 2, 3))


def said(*names: str, critical: bool = False, qualifier: bool = False) -> Extra:
    return POLICIES, critical, policies(*names, qualifier=qualifier)


def required(number: int = 0, inhibit: int | None = None) -> Extra:
    return POLICY_CONSTRAINTS, True, policy_constraints(number, inhibit)


LIMITS: dict[str, tuple[Sequence[Sequence[Extra]], Sequence[Extra], bool]] = {
    "none anywhere": ([[]], [], True),
    "that differ": ([[said(GOLD)]], [said(SILVER)], True),
    "critical that differ": ([[said(GOLD, critical=True)]], [said(SILVER)], True),
    # RFC 5280 section 6.1.5 (g): "If either (1) the value of explicit_policy variable is greater than zero, or (2) the
    # valid_policy_tree is not NULL, the path processing has succeeded."
    "required, none on the server": ([[said(GOLD), required()]], [], False),
    "required, and the same": ([[said(GOLD), required()]], [said(GOLD)], True),
    "required, and another": ([[said(GOLD), required()]], [said(SILVER)], False),
    "required, none on the CA": ([[required()]], [said(GOLD)], False),
    "required, any on the CA": ([[said(ANY), required()]], [said(GOLD)], True),
    "required, any on the server": ([[said(GOLD), required()]], [said(ANY)], True),
    "required after one more": ([[said(GOLD), required(1)]], [], False),
    "required after two more": ([[said(GOLD), required(2)]], [], True),
    "required by the server itself": ([[]], [required()], False),
    "required by the server after one": ([[]], [required(1)], True),
    "required further down": ([[], [said(GOLD), required()]], [said(GOLD)], False),
    "the lower of two numbers": ([[said(GOLD), required(3)], [said(GOLD), required(0)]], [said(SILVER)], False),
    # 6.1.3 (d) (2): "If the certificate policies extension includes the policy anyPolicy ... and either (a)
    # inhibit_anyPolicy is greater than 0".
    "any inhibited": ([[said(GOLD), required(), (INHIBIT_ANY, True, ca.integer(0))]], [said(ANY)], False),
    "any inhibited later": ([[said(GOLD), required(), (INHIBIT_ANY, True, ca.integer(1))]], [said(ANY)], True),
    "any inhibited on the way": (
        [[said(GOLD), required(), (INHIBIT_ANY, True, ca.integer(1))], [said(ANY)]],
        [said(GOLD)],
        True,
    ),
    "any inhibited on the way already": (
        [[said(GOLD), required(), (INHIBIT_ANY, True, ca.integer(0))], [said(ANY)]],
        [said(GOLD)],
        False,
    ),
    # InhibitAnyPolicyExtension: "Criticality cannot be false for InhibitAnyPolicy", so that Java cannot read it.
    "any inhibited, not critical": ([[said(GOLD), required(), (INHIBIT_ANY, False, ca.integer(0))]], [said(ANY)], True),
    "mapped": ([[said(GOLD), required(), (MAPPINGS, True, mappings((GOLD, SILVER)))]], [said(SILVER)], True),
    "mapped away": ([[said(GOLD), required(), (MAPPINGS, True, mappings((GOLD, SILVER)))]], [said(GOLD)], False),
    "mapped to two": (
        [[said(GOLD), required(), (MAPPINGS, True, mappings((GOLD, SILVER), (GOLD, TIN)))]],
        [said(TIN)],
        True,
    ),
    "mapped from any": ([[said(ANY), required(), (MAPPINGS, True, mappings((GOLD, SILVER)))]], [said(SILVER)], True),
    "mapping inhibited": (
        [[said(GOLD), required(0, 0)], [said(GOLD), (MAPPINGS, True, mappings((GOLD, SILVER)))]],
        [said(SILVER)],
        False,
    ),
    "mapping inhibited, and the first left out": (
        [[said(GOLD, TIN), required(0, 0)], [said(GOLD, TIN), (MAPPINGS, True, mappings((GOLD, SILVER)))]],
        [said(TIN)],
        True,
    ),
    "mapping inhibited after one": (
        [[said(GOLD), required(0, 1)], [said(GOLD), (MAPPINGS, True, mappings((GOLD, SILVER)))]],
        [said(SILVER)],
        True,
    ),
    "mapping inhibited after one, two below": (
        [[said(GOLD), required(0, 1)], [said(GOLD)], [said(GOLD), (MAPPINGS, True, mappings((GOLD, SILVER)))]],
        [said(SILVER)],
        False,
    ),
    # "encountered an issuerDomainPolicy of ANY_POLICY", where there is a tree to map in.
    "any mapped": ([[said(GOLD), (MAPPINGS, True, mappings((ANY, SILVER)))]], [said(GOLD)], False),
    "mapped to any": ([[said(GOLD), (MAPPINGS, True, mappings((GOLD, ANY)))]], [said(GOLD)], False),
    "any mapped without policies": ([[(MAPPINGS, True, mappings((ANY, SILVER)))]], [said(GOLD)], True),
    "any mapped by the server": ([[said(GOLD)]], [said(GOLD), (MAPPINGS, True, mappings((ANY, SILVER)))], True),
    # "reject cert if we find critical policy qualifiers and the policyQualifiersRejected flag is set", as it is.
    "critical qualifiers": ([[said(GOLD)]], [said(GOLD, critical=True, qualifier=True)], False),
    "critical qualifiers of any": ([[said(GOLD)]], [said(ANY, critical=True, qualifier=True)], True),
    "critical qualifiers without a tree": ([[]], [said(GOLD, critical=True, qualifier=True)], True),
    "qualifiers": ([[said(GOLD)]], [said(GOLD, qualifier=True)], True),
    "unreadable policies": ([[said(GOLD), required()]], [(POLICIES, False, b"\x04\0")], False),
    "negative number": ([[said(GOLD), required(-5)]], [], True),
}


def line(cas: Sequence[Sequence[Extra]], leaf: Sequence[Extra]) -> list[Certificate]:
    one = None
    for number, extra in enumerate(cas):
        one = issuing(*extra, under=one, title=f"CA {number}", key=ca.key("ec256", f"ca{number}"))
    assert one is not None
    return path(*above(server(one, extra_extensions=tuple(leaf))))


@pytest.mark.parametrize("case", LIMITS)
def test_policies(case: str) -> None:
    cas, leaf, fits = LIMITS[case]
    chain = line(cas, leaf)
    for release, rules in RELEASES.items():
        found = rules.policies(chain)
        assert (found is None) is fits, (release, found)


def test_a_self_issued_ca_is_not_counted_among_those_that_may_follow() -> None:
    """RFC 5280 section 6.1.4 (h): "If certificate i is not self-issued", the counters are decremented."""
    upper = issuing(said(GOLD), required(1), title="Upper")
    same = issuing(said(GOLD), under=upper, title="Upper", key=ca.key("ec256", "lower"))
    other = issuing(said(GOLD), under=upper, title="Lower", key=ca.key("ec256", "lower"))
    for rules in RELEASES.values():
        refused = [rules.policies(path(*above(server(ca_, extra_extensions=())))) for ca_ in (same, other)]
        assert [found and found.index for found in refused] == [0, 0]
    inhibited = (INHIBIT_ANY, True, ca.integer(0))
    upper = issuing(said(GOLD), required(0), inhibited, title="Upper")
    same = issuing(said(ANY), under=upper, title="Upper", key=ca.key("ec256", "lower"))
    other = issuing(said(ANY), under=upper, title="Lower", key=ca.key("ec256", "lower"))
    for rules in RELEASES.values():
        # 6.1.3 (d) (2): "or (b) i<n and the certificate is self-issued".
        assert rules.policies(path(*above(server(same, extra_extensions=(said(GOLD),))))) is None
        found = rules.policies(path(*above(server(other, extra_extensions=(said(GOLD),)))))
        assert found is not None
        assert found.index == 1


def test_a_thousand_policies_under_a_thousand_do_not_multiply() -> None:
    names = [f"1.3.6.1.4.1.99999.{arc}" for arc in range(1000)]
    maps = (MAPPINGS, True, mappings(*((name, other) for name in names[:40] for other in names[:40])))
    assert constraints.JAVA_17.policies(line([[said(*names, ANY), maps]] * 8, [said(*names)])) is None


# -- Lengths, key usage, critical extensions ---------------------------------------------------------------------------


def test_each_ca_must_say_that_it_is_one() -> None:
    for knobs, fits in (
        ({}, True),
        ({"ca": None}, False),
        ({"ca": False}, False),
        ({"version": 1}, False),
        ({"ca": None, "extra_extensions": ((BASIC, False, ca.sequence(b"\1\1\xff")),)}, True),
        ({"ca": None, "extra_extensions": ((BASIC, False, b"\x04\0"),)}, False),
        ({"ca": None, "extra_extensions": ((BASIC, True, ca.sequence(b"\1\1\1", ca.integer(-1))),)}, False),
        ({"ca": None, "extra_extensions": ((BASIC, True, ca.sequence(b"\1\1\1", ca.integer(-2))),)}, True),
        ({"ca": None, "extra_extensions": ((BASIC, True, ca.sequence(ca.integer(0))),)}, False),
    ):
        settings: dict[str, Any] = dict(knobs)
        extra = settings.pop("extra_extensions", ())
        chain = path(*above(server(issuing(*extra, **settings))))
        for rules in RELEASES.values():
            found = rules.basic_constraints(chain)
            assert (found is None) is fits, (knobs, found)
            assert found is None or found.index == 1


def test_a_version_1_ca_passes_where_it_is_the_anchors_own() -> None:
    """ConstraintsChecker: "We choose to reject all version 1 and version 2 intermediate certificates except that it is
    self issued by the trust anchor in order to support key rollover".
    """
    rolled = root().authority("Example Root CA", key=ca.key("ec256", "new"), version=1)
    lower = issuing(under=rolled)
    below = lower.authority("Example Issuing CA 1", key=ca.key("ec256", "new"), version=1)
    for rules in RELEASES.values():
        assert rules.basic_constraints(path(*above(server(lower)))) is None
        found = rules.basic_constraints(path(*above(server(below))))
        assert found is not None
        assert found.index == 1


def test_path_lengths() -> None:
    def fits(*limits: int | None, same: bool = False) -> bool:
        one: ca.Authority | None = None
        for number, limit in enumerate(limits):
            title = "CA" if same else f"CA {number}"
            one = issuing(under=one, title=title, key=ca.key("ec256", f"ca{number}"), path_length=limit)
        assert one is not None
        answers = {rules.basic_constraints(path(*above(server(one)))) is None for rules in RELEASES.values()}
        return answers.pop() if len(answers) == 1 else False

    # RFC 5280 section 4.2.1.9: "the maximum number of non-self-issued intermediate certificates that may follow this
    # certificate in a valid certification path ... A pathLenConstraint of zero indicates that no non-self-issued
    # intermediate CA certificates may follow".
    assert fits(0)
    assert fits(1, 0)
    assert fits(1, None)
    assert not fits(0, None)
    assert not fits(1, None, None)
    assert not fits(None, 0, 5)
    assert fits(0, 0, 0, same=True)
    # Lower down nothing gives back what is spent above.
    assert not fits(2, 7, 7, 7)


def test_a_ca_with_key_usage_must_be_allowed_to_sign_certificates() -> None:
    for usage, fits in ((None, True), (("key_cert_sign",), True), (("crl_sign",), False), ((), False)):
        chain = path(*above(server(issuing(key_usage=usage), key_usage=("digital_signature",))))
        for rules in RELEASES.values():
            assert (rules.key_usage(chain) is None) is fits
    # KeyUsageExtension: "if (extValue[0] == DerValue.tag_OctetString)".
    nested = issuing((KEY_USAGE, True, ca.tlv(0x04, b"\x03\x02\x01\x06")), key_usage=None)
    assert constraints.JAVA_17.key_usage(path(*above(server(nested)))) is None
    assert constraints.JAVA_17.key_usage(path(server(root()))) is None


UNDERSTOOD = {
    KEY_USAGE: b"\x03\x02\x07\x80",
    SAN: ca.sequence(dns("a.example.com")),
    BASIC: ca.sequence(),
    NAMES: name_constraints([dns("example.com")]),
    POLICIES: policies(GOLD),
    MAPPINGS: mappings((GOLD, SILVER)),
    POLICY_CONSTRAINTS: policy_constraints(5),
    EKU: ca.sequence(ca.oid("1.3.6.1.5.5.7.3.1")),
    INHIBIT_ANY: ca.integer(5),
}
NOT_UNDERSTOOD = {
    "2.5.29.31": ca.sequence(ca.sequence(ca.tlv(0xA0, ca.tlv(0xA0, uri("http://example.com/x.crl"))))),
    "2.5.29.28": ca.sequence(b"\x81\x01\xff"),
    "2.5.29.14": ca.tlv(0x04, b"12"),
    CERT_TYPE: b"\x03\x02\x06\x40",
    "1.2.3.4": b"anything",
}


@pytest.mark.parametrize("dotted", [*UNDERSTOOD, *NOT_UNDERSTOOD])
def test_critical_extensions(dotted: str) -> None:
    """RFC 5280 section 4.2: "A certificate-using system MUST reject the certificate if it encounters a critical extension
    it does not recognize".
    """
    value = {**UNDERSTOOD, **NOT_UNDERSTOOD}[dotted]
    plain: dict[str, Any] = {"ca": None, "key_usage": None, "eku": None, "ski": False}
    leaf = server(issuing(), extra_extensions=((dotted, True, value),), **plain)
    above_it = server(issuing((dotted, True, value), **{k: v for k, v in plain.items() if k != "eku"}))
    for release, rules in RELEASES.items():
        for index, chain in enumerate((path(*above(leaf)), path(*above(above_it)))):
            found = rules.critical_extensions(chain)
            assert (found is None) is (dotted in UNDERSTOOD)
            if found:
                assert (found.index, found.evidence["oids"]) == (index, [dotted])
        # EndEntityChecker of 7: checkRemainingExtensions, whoever checked the path.
        found = rules.end_entity(view(leaf.der), "ECDHE_ECDSA")
        strict = release in ("7u80", "7u181")
        taken = {KEY_USAGE, SAN, BASIC, EKU, CERT_TYPE}
        assert (found is None) is (dotted in taken or not strict), (release, found)


def test_several_unknown_extensions_are_named_together() -> None:
    leaf = server(issuing(), extra_extensions=(("1.2.3.5", True, b""), ("1.2.3.4", True, b""), ("1.2.3.6", False, b"")))
    found = constraints.JAVA_17.critical_extensions(path(*above(leaf)))
    assert found is not None
    assert found.evidence["oids"] == ["1.2.3.4", "1.2.3.5"]
    assert found.field == "tbsCertificate.extensions.1.2.3.5"
    assert "1.2.3.4, 1.2.3.5 are not understood" in found.reason


# -- The server's certificate ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("usage", "exchanges"),
    [
        (None, "RSA DHE_RSA DHE_DSS ECDHE_RSA ECDHE_ECDSA UNKNOWN RSA_EXPORT DH_RSA DH_DSS ECDH_RSA ECDH_ECDSA"),
        (("digital_signature",), "DHE_RSA DHE_DSS ECDHE_RSA ECDHE_ECDSA UNKNOWN RSA_EXPORT"),
        (("key_encipherment",), "RSA"),
        (("key_agreement",), "DH_RSA DH_DSS ECDH_RSA ECDH_ECDSA"),
        (("key_cert_sign", "non_repudiation"), ""),
        ((), ""),
    ],
)
def test_key_usage_and_key_exchange(usage: tuple[str, ...] | None, exchanges: str) -> None:
    leaf = view(server(issuing(), key_usage=usage).der)
    for rules in RELEASES.values():
        for exchange in KEY_EXCHANGES:
            assert (rules.end_entity(leaf, exchange) is None) is (exchange in exchanges.split())
        found = rules.end_entity(leaf, "GOST\n")
        assert found is not None
        assert found.reason.isprintable()


def test_purposes() -> None:
    for purposes, fits in (
        (None, True),
        (("1.3.6.1.5.5.7.3.1",), True),
        (("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"), True),
        (("2.5.29.37.0",), True),
        (("1.3.6.1.4.1.311.10.3.3",), True),
        (("2.16.840.1.113730.4.1",), True),
        (("1.3.6.1.5.5.7.3.2",), False),
        ((), False),
    ):
        leaf = view(server(issuing(), eku=purposes).der)
        for rules in RELEASES.values():
            found = rules.end_entity(leaf, "ECDHE_ECDSA")
            assert (found is None) is fits
            assert found is None or found.evidence["purposes"] == list(purposes or ())
    unreadable = view(server(issuing(), eku=None, extra_extensions=((EKU, False, b"\x04\0"),)).der)
    refused = [name for name, rules in RELEASES.items() if rules.end_entity(unreadable, "UNKNOWN")]
    assert refused == ["21"]


def test_netscape_certificate_type() -> None:
    for value, fits in (
        (b"\x03\x02\x06\x40", True),
        (b"\x03\x02\x07\x80", False),
        (b"\x03\x01\0", False),
        (b"x", True),
    ):
        leaf = view(server(issuing(), extra_extensions=((CERT_TYPE, False, value),)).der)
        for rules in RELEASES.values():
            assert (rules.end_entity(leaf, "UNKNOWN") is None) is fits


# -- Whatever stands there ---------------------------------------------------------------------------------------------


def checked(
    rules: PathConstraints, chain: Sequence[Certificate], *, was_sorted: bool = False
) -> dict[str, Violation | None]:
    return {
        "key_usage": rules.key_usage(chain),
        "basic_constraints": rules.basic_constraints(chain, was_sorted=was_sorted),
        "name_constraints": rules.name_constraints(chain, was_sorted=was_sorted),
        "policies": rules.policies(chain),
        "critical_extensions": rules.critical_extensions(chain),
    }


def everything(rules: PathConstraints, chain: Sequence[Certificate]) -> list[Violation]:
    found = [*checked(rules, chain).values(), *checked(rules, chain, was_sorted=True).values()]
    found.append(rules.end_entity(chain[0], "ECDHE_ECDSA"))
    return [violation for violation in found if violation is not None]


@given(st.sampled_from([*UNDERSTOOD, CERT_TYPE]), st.binary(max_size=80), st.booleans(), st.binary(max_size=40))
def test_nothing_is_raised_whatever_stands_there(dotted: str, value: bytes, critical: bool, inner: bytes) -> None:
    shaped = {
        NAMES: name_constraints([ca.tlv(0x82 + len(inner) % 7, inner), ca.tlv(0xA4, inner)], [ca.tlv(0x87, inner)]),
        SAN: ca.sequence(ca.tlv(0x86, inner), ca.tlv(0xA5, inner), ca.tlv(0xA0, inner)),
    }
    for encoded in (value, ca.sequence(value), ca.sequence(ca.sequence(value)), shaped.get(dotted, b"")):
        extra = (dotted, critical, encoded)
        others = (NAMES, False, name_constraints([dns("example.com"), mail("a"), uri("b")], [net("10.0.0.0/8")]))
        junk = ca.sequence(ca.sequence(encoded), ca.sequence(value), ca.tlv(0x03, inner))
        chain = [view(one) for one in (bare(extra), bare(extra, others), bare(extra), junk, bare(others, extra))]
        for rules in RELEASES.values():
            for violation in everything(rules, chain):
                assert violation.reason.isprintable()


def bare(*extra: Extra) -> bytes:
    """A certificate of which only the extensions matter: its signature is junk."""
    algorithm = ca.algorithm("1.2.840.10045.4.3.2", b"")
    subject = ca.name([("common_name", "a.example.com", "utf8_string"), ("email_address", "me@b", "ia5_string")])
    tbs = ca.sequence(
        ca.tlv(0xA0, ca.integer(2)),
        ca.integer(1),
        algorithm,
        ca.name([("common_name", "x", "utf8_string")]),
        ca.sequence(ca.tlv(0x17, b"240101000000Z"), ca.tlv(0x17, b"440101000000Z")),
        subject,
        ca.key("ec256", "server").spki,
        ca.tlv(0xA3, ca.sequence(*(ca.extension(*one) for one in extra))),
    )
    return ca.sequence(tbs, algorithm, ca.bit_string(b"junk"))


def test_very_many_names_are_not_compared_without_end() -> None:
    many, others = ([dns(f"h{number}.example.{top}") for number in range(2000)] for top in ("com", "net"))
    upper = issuing((NAMES, True, name_constraints(None, others)))
    lower = issuing((NAMES, True, name_constraints(None, many)), under=upper, title="x y", key=ca.key("ec256", "lower"))
    for chain, index in ((path(*above(server(upper, *many))), 0), (path(*above(server(lower))), 1)):
        found = constraints.JAVA_8U181.name_constraints(chain)
        assert found is not None
        assert "1,000,000" in found.reason
        assert found.index == index


# -- The measured verdicts ---------------------------------------------------------------------------------------------

# What each check's refusal looks like in the messages.
LOGGED = {
    "name_constraints": "name constraints check failed",
    "policies": "policy tree is null",
    "basic_constraints": "basic constraints check failed",
    "key_usage": "CA key usage check failed",
    "critical_extensions": "unrecognized critical extension",
    "end_entity": "KeyUsage does not allow|Extended key usage does not|Netscape cert type|unsupported critical extensions",
}


def measured() -> Iterator[dict[str, Any]]:
    lines = (VERDICTS / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    return map(json.loads, lines)


def bundle(file: Path) -> list[Certificate]:
    found = re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END", file.read_text(encoding="ascii"), re.DOTALL)
    return [view(base64.b64decode(text)) for text in found]


def straight(presented: list[Certificate], trusted: list[Certificate]) -> list[Certificate] | None:
    """The path through certificates that are in order and end below a trusted one; None where Java would sort."""
    held = {certificate.der for certificate in trusted}
    names = {canonical(certificate.subject_raw) for certificate in trusted}
    keys = {(canonical(c.subject_raw), c.public_key and c.public_key.raw) for c in trusted}
    found: list[Certificate] = []
    for certificate in presented:
        name = canonical(certificate.subject_raw)
        if found and name != canonical(found[-1].issuer_raw):
            return None
        if certificate.der in held or (name, certificate.public_key and certificate.public_key.raw) in keys:
            return found
        found.append(certificate)
    return found if canonical(found[-1].issuer_raw) in names else None


@pytest.mark.skipif(not VERDICTS.is_dir(), reason="needs ../shared/data/jvm-verdicts")
def test_seven_releases_said_the_same() -> None:
    compared: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    wrong = []
    for case in measured():
        chain: list[Certificate] | None = None
        for release, rules in RELEASES.items():
            verdict = case["verdicts"][release]
            if verdict.get("stage") == "parse" or (release == "7u80" and case.get("uses_ec")):
                continue
            if chain is None:
                chain = straight(bundle(VERDICTS / case["presented"]), bundle(VERDICTS / case["trust"]))
            if not chain:
                break
            found = checked(rules, chain)
            found["end_entity"] = rules.end_entity(chain[0], case["auth_type"])
            violated = {name for name, violation in found.items() if violation}
            message = f"{verdict.get('message')} {verdict.get('cause')}" if not verdict["path_accepted"] else ""
            expected = {name for name, words in LOGGED.items() if re.search(words, message)}
            family = case["family"]
            compared[family] += 1
            refused[family] += bool(violated)
            if verdict["path_accepted"]:
                agrees = not violated
            elif "incorrect KeyUsage extension bits" in message:
                agrees = bool(violated & {"key_usage", "end_entity"})
            else:
                # Refused for something else, what is looked at here may or may not hold as well.
                agrees = expected <= violated and (not {"name-constraints", "policies"} & {family} or bool(violated))
            if not agrees:
                wrong.append((case["name"], release, message, found))
    print(f"{compared.total()} verdicts, {refused.total()} with a violation; {len(wrong)} differ")
    print({family: (compared[family], refused[family]) for family in compared})
    assert not wrong, wrong[:5]
    assert compared["name-constraints"] == 15 * 7
    assert compared["policies"] == 5 * 7
    assert compared.total() > 1500


# -- A live Java 17 ----------------------------------------------------------------------------------------------------

_HOSTS = (
    *("a.example.com", "b.example.com", "x.a.example.com", "example.com", "anexample.com", "a.example.net", "com", "a"),
    *(
        "A.EXAMPLE.com",
        "*.example.com",
        "*.a.example.com",
        "3com.example.com",
        "a-.example.com",
        "*",
        "",
        ".example.com",
    ),
    *("a b", "a.example.com.", "xn--bcher-kva.example.com", "*x.example.com", "a*.example.com"),
)
_ADDRESSES = ("10.0.0.7", "10.1.2.3", "192.0.2.7", "2001:db8::7", "::1", "a00:7::1")
_NETS = ("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "192.0.2.0/24", "2001:db8::/32", "::/0", "a00::/16")
_MAILS = (
    "me@example.com",
    "you@example.com",
    "me@a.example.com",
    "example.com",
    ".example.com",
    "a.example.com",
    "Me@Example.com",
)
_URIS = (
    *(
        "https://a.example.com/",
        "https://example.com",
        "https://u@A.Example.com:8443/x?y",
        "urn:x",
        "https://192.0.2.7/",
    ),
    *(
        "https://[2001:db8::7]/",
        "https://my_host/",
        "ldap:///x",
        "https://x.a.example.com#f",
        "https://3com.example.com/",
    ),
)
_DIRECTORY = (("country_name", "DE"), ("organization_name", "Example"), ("common_name", "a.example.com"))
_COMMON = (
    *_HOSTS[:9],
    *(
        "A server",
        "10.0.0.7",
        "192.0.2.7",
        "10.1",
        "2001:db8::7",
        "167772161",
        "my_app.example.com",
        "a" * 64 + ".example.com",
    ),
    *("3com.example.com", "a-.example.com", "*.example.com", "::ffff:10.0.0.7"),
)
_POLICIES = (GOLD, SILVER, TIN)


class Maker:
    """Paths whose constraints are often near their names, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def some(self, *choices: Any, most: int = 3) -> list[Any]:
        return [self.random.choice(choices) for _ in range(self.random.randint(1, most))]

    def directory(self) -> bytes:
        length = self.random.choice((0, 1, 1, 2, 2, 3))
        return directory(
            *(
                (kind, self.random.choice((value, value, value.upper(), f" {value}", "Other")))
                for kind, value in _DIRECTORY[:length]
            )
        )

    def alternative_name(self, kind: str) -> bytes:
        choose = self.random.choice
        match kind:
            case "host":
                return dns(choose(_HOSTS))
            case "address":
                return ip(choose(_ADDRESSES))
            case "mail":
                return mail(choose(_MAILS))
            case "uri":
                return uri(choose(_URIS))
            case "directory":
                return self.directory()
        return choose(
            (upn("a@example.com"), ca.tlv(0x88, b"\x2a\x03"), ca.tlv(0x88, b"\x2a\x04"), ca.tlv(0xA3, b"\x30\0"))
        )

    def constraint(self, kind: str) -> bytes:
        choose = self.random.choice
        match kind:
            case "address":
                odd = ca.tlv(0x87, bytes([10, 0, 0, 1, 255, 0, 0, 0]))
                return choose((net(choose(_NETS)), net(choose(_NETS)), net(choose(_NETS)), ip(choose(_ADDRESSES)), odd))
            case "uri":
                return uri(choose(("example.com", ".example.com", "a.example.com", "Example.com", "x.a.example.com")))
            case "host":
                return dns(
                    choose(("example.com", "com", "a.example.com", "example.net", ".example.com", choose(_HOSTS)))
                )
        return self.alternative_name(kind)

    def kinds(self) -> tuple[str, ...]:
        weighted = ("host",) * 6 + ("address",) * 3 + ("mail", "uri", "directory", "directory")
        return tuple({self.random.choice(weighted) for _ in range(self.random.choice((1, 1, 2, 3)))}) + (
            ("odd",) if self.random.random() < 0.05 else ()
        )

    def names(self, kinds: Sequence[str]) -> bytes:
        lists: list[list[bytes] | None] = [
            [self.constraint(self.random.choice(kinds)) for _ in range(self.random.choice((0, 1, 1, 2, 3)))]
            if self.random.random() < chance
            else None
            for chance in (0.6, 0.45)
        ]
        bound = (
            self.random.choice((b"\x80\x01\1", b"\x81\x01\5", b"\x80\x01\0")) if self.random.random() < 0.03 else b""
        )
        return name_constraints(*lists, bound=bound)

    def policies(self, final: bool) -> list[Extra]:
        chance, found = self.random.random, list[Extra]()
        choices = (*_POLICIES, *_POLICIES, ANY)
        if chance() < 0.85:
            names = list(dict.fromkeys(self.some(*choices)))
            found.append((POLICIES, chance() < 0.3, policies(*names, qualifier=chance() < 0.1)))
        if chance() < (0.1 if final else 0.5):
            numbers = [self.random.choice((None, 0, 0, 0, 1, 2)) for _ in range(2)]
            found.append((POLICY_CONSTRAINTS, chance() < 0.5, policy_constraints(*numbers)))
        if chance() < 0.3:
            some = (*_POLICIES, *_POLICIES, *_POLICIES, *_POLICIES, ANY)
            pairs = [(self.random.choice(some), self.random.choice(some)) for _ in range(self.random.randint(1, 3))]
            found.append((MAPPINGS, chance() < 0.5, mappings(*pairs)))
        if chance() < 0.2:
            found.append((INHIBIT_ANY, chance() < 0.9, ca.integer(self.random.choice((0, 0, 1, 2)))))
        return found

    def critical(self) -> list[Extra]:
        dotted, value = self.random.choice([*NOT_UNDERSTOOD.items()])
        return [(dotted, self.random.random() < 0.5, value)]

    def authority(self, under: ca.Authority, number: int, topic: str, kinds: Sequence[str]) -> ca.Authority:
        chance = self.random.random
        title = self.random.choice((f"CA {number}", f"ca{number}.example.com", under.common_name))
        extra: list[Extra] = []
        settings: dict[str, Any] = {"ski": True, "path_length": None}
        if topic == "names" and chance() < 0.75:
            extra.append((NAMES, chance() < 0.7, self.names(kinds)))
        if topic == "policies":
            extra += self.policies(final=False)
        if topic == "lengths":
            settings["path_length"] = self.random.choice((None, None, 0, 1, 2))
            if chance() < 0.15:
                settings["ca"] = self.random.choice((None, False))
            if chance() < 0.1:
                settings |= {"version": 1}
            if chance() < 0.2:
                settings["key_usage"] = self.random.choice(
                    (None, ("crl_sign",), (), ("key_cert_sign",), ("digital_signature",))
                )
            if chance() < 0.15:
                extra += [one for one in self.critical() if one[0] != "2.5.29.14"]
        # The subject is the topmost name's only where the title is: self-issued, then.
        subject: ca.Subject = [("country_name", "DE", "utf8_string"), ("common_name", title, "utf8_string")]
        if title == under.common_name:
            subject = under._knobs.get("subject", [("common_name", title, "utf8_string")])
        return under.authority(
            title, key=ca.key("ec256", f"ca{number}"), subject=subject, extra_extensions=tuple(extra), **settings
        )

    def subject(self) -> list[tuple[str, str, str]]:
        string = self.random.choice(
            ("utf8_string", "utf8_string", "printable_string", "ia5_string", "bmp_string", "universal_string")
        )
        found = [("country_name", self.random.choice(("DE", "de", "FR")), "printable_string")]
        if self.random.random() < 0.5:
            found.append(("organization_name", self.random.choice(("Example", "EXAMPLE", "Other")), "utf8_string"))
        if self.random.random() < 0.2:
            kind = self.random.choice(("ia5_string", "utf8_string"))
            found.append(("email_address", self.random.choice((*_MAILS, "me@", "x")), kind))
        common = self.random.choices(_COMMON, k=self.random.choice((0, 1, 1, 1, 2)))
        return found + [("common_name", text, string) for text in common]

    def chain(self) -> tuple[str, list[ca.Issued]]:
        chance = self.random.random
        topic = self.random.choice(("names", "names", "names", "policies", "policies", "lengths", "server"))
        kinds = self.kinds()
        one = root()
        for number in range(self.random.choice((1, 1, 2, 2, 3, 4))):
            one = self.authority(one, number, topic, kinds)
        extra: list[Extra] = []
        settings: dict[str, Any] = {"key_usage": ("digital_signature",), "eku": None}
        if topic == "names":
            settings["subject"] = self.subject()
            if chance() < 0.75:
                names = [self.alternative_name(self.random.choice(kinds)) for _ in range(self.random.randint(1, 3))]
                if chance() < 0.05:
                    names.append(ca.tlv(0x87, b"12345"))
                extra.append((SAN, False, ca.sequence(*names)))
            if chance() < 0.05:
                extra.append((NAMES, chance() < 0.7, self.names(kinds)))
        if topic == "policies":
            extra += self.policies(final=True)
        if topic == "server":
            usages = ("digital_signature", "key_encipherment", "key_agreement", "non_repudiation")
            settings["key_usage"] = self.random.choice((None, (), tuple(self.some(*usages))))
            purposes = (
                "server_auth",
                "client_auth",
                "any_extended_key_usage",
                "1.3.6.1.4.1.311.10.3.3",
                "2.16.840.1.113730.4.1",
            )
            settings["eku"] = self.random.choice((None, None, tuple(dict.fromkeys(self.some(*purposes, most=2)))))
            if settings["eku"] is None and chance() < 0.2:
                extra.append((EKU, False, b"\x04\0"))
            if chance() < 0.3:
                extra.append(
                    (CERT_TYPE, chance() < 0.3, self.random.choice((b"\x03\x02\x06\x40", b"\x03\x02\x07\x80")))
                )
            elif chance() < 0.3:
                extra += self.critical()
            if any(dotted == "2.5.29.14" for dotted, _, _ in extra):
                settings["ski"] = False
        exchanges = ("ECDHE_ECDSA", "ECDHE_RSA", "RSA", "DHE_RSA", "UNKNOWN", "ECDH_ECDSA", "RSA_EXPORT", "NONE")
        exchange = self.random.choice(exchanges) if topic == "server" else "ECDHE_ECDSA"
        leaf = one.server("x y", key=ca.key("ec256", "server"), san=None, extra_extensions=tuple(extra), **settings)
        return exchange, [*above(leaf), root()]


def line_of(exchange: str, issued: Sequence[ca.Issued]) -> str:
    return " ".join([exchange, *(base64.b64encode(item.der).decode("ascii") for item in issued)])


def ask(lines: Sequence[str]) -> list[str]:
    opened = "java.base/sun.security.validator=ALL-UNNAMED"
    command = [jvm.java(), "--add-opens", opened, str(HERE / "oracle" / "Constraints.java")]
    done = subprocess.run(
        command, input="\n".join(lines), capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert not done.returncode, done.stderr
    answers = done.stdout.split("\n")[:-1]
    assert len(answers) == len(lines)
    return answers


# Updates of 17 differ in these fields; what a live one does is found by asking it. Each row: permitted, excluded, a name
# in subjectAltName or a common name, and whether the update whose field is True accepts it.
PROBES: dict[str, tuple[Sequence[bytes] | None, Sequence[bytes] | None, Sequence[bytes], str, bool]] = {
    "dot_domains": ([dns(".example.com")], None, [dns("a.example.com")], "x y", True),
    "labels_limited": ([dns("example.com")], None, [], "a-.example.net", True),
    "common_name_wildcards": ([dns("example.com")], None, [], "*.example.net", False),
    "excluded_wildcards": (None, [dns("a.example.com")], [dns("*.example.com")], "x y", False),
    "address_families_apart": (None, [net("::/0")], [ip("10.1.2.3")], "x y", True),
    "mapped_addresses": ([net("192.0.2.0/24")], None, [ip("::ffff:192.0.2.7")], "x y", True),
}


def live_rules(base: PathConstraints = constraints.JAVA_17) -> PathConstraints:
    """The model of the Java 17 that is here: 17.0.15, with what its update has more or less."""
    lines = [
        line_of("ECDHE_ECDSA", [*above(server(issuing((NAMES, True, name_constraints(p, e))), *names, cn=cn)), root()])
        for p, e, names, cn, _ in PROBES.values()
    ]
    probes = zip(PROBES, ask(lines), strict=True)
    fields: dict[str, Any] = {field: (answer == "accepted") is PROBES[field][-1] for field, answer in probes}
    return attrs.evolve(base, **fields)


@pytest.mark.slow
def test_a_live_java_17_says_the_same() -> None:
    rules = live_rules()
    maker = Maker(20261124)
    cases = [maker.chain() for _ in range(6000)]
    # Out of order Java sorts them, and applies the same checks; it looks for five CAs at most.
    shuffled = [maker.random.random() < 0.3 and len(issued) > 3 for _, issued in cases]
    lines = [
        line_of(exchange, [issued[0], *reversed(issued[1:-1]), issued[-1]] if turned else issued)
        for (exchange, issued), turned in zip(cases, shuffled, strict=True)
    ]
    tally: Counter[str] = Counter()
    wrong = []
    for (exchange, issued), turned, answer in zip(cases, shuffled, ask(lines), strict=True):
        word = answer.partition(" ")[0]
        tally[word] += 1
        chain = path(*issued[:-1])
        if word == "unparseable":
            assert any(parse.JAVA_17.refusal(certificate) for certificate in chain), answer
            continue
        if turned and repeats(chain):
            tally["not to be sorted"] += 1
            continue
        found = checked(rules, chain, was_sorted=turned)
        found["end_entity"] = rules.end_entity(chain[0], exchange)
        violated = {name for name, violation in found.items() if violation}
        tally.update(violated)
        expected = {name for name, words in LOGGED.items() if re.search(words, answer)}
        if bool(violated) is (word == "accepted") or not expected <= violated:
            wrong.append((turned, answer, {name: str(found[name]) for name in violated}, line_of(exchange, issued)))
    print(f"{len(cases)} paths, {sum(shuffled)} of them to be sorted: {dict(tally)}; {len(wrong)} differ")
    assert not wrong, wrong[:3]
    assert tally["accepted"] > 1500
    assert all(tally[name] > 100 for name in LOGGED)


def repeats(chain: Sequence[Certificate]) -> bool:
    """Whether sorting is hindered by self-issued certificates, two of which in a row are not gone through."""
    return any(canonical(c.subject_raw) == canonical(c.issuer_raw) for c in chain)
