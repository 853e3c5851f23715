"""Every rule, from both sides: an input that it must speak of, and one that it must not.

The certificates are made by `ca`; nothing here looks inside the library, only at its reports.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import attrs
import ca
import exchanges
import flights
import packets
import pytest
import quirks
from asn1crypto import keys
from ca import SCHEMES, Authority, Issued, Server, article_chain, good_chain, pem_bundle, pkcs7, request
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

import finesse_certlint as fcl
from finesse_certlint import Finding, Problem, Report, Rule, Severity
from finesse_certlint.handshake import Question
from finesse_certlint.rule import HEADINGS, rule
from finesse_certlint.subject import Subject

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAST = datetime(2025, 1, 1, tzinfo=UTC)
FUTURE = datetime(2030, 1, 1, tzinfo=UTC)

PSS = "1.2.840.113549.1.1.10"
ARTICLES_LIST = {
    "1.2.840.113549.1.1.2": "MD2withRSA",
    "1.2.840.113549.1.1.4": "MD5withRSA",
    "1.2.840.113549.1.1.5": "SHA1withRSA",
    "1.2.840.113549.1.1.11": "SHA256withRSA",
    "1.2.840.113549.1.1.12": "SHA384withRSA",
    "1.2.840.113549.1.1.13": "SHA512withRSA",
}
"""Cisco TechNote 214617 has these six and NONEwithRSA, which has no object identifier."""

SHA256_RSA = ca.algorithm("1.2.840.113549.1.1.11")
SHA384_RSA = ca.algorithm("1.2.840.113549.1.1.12")
POLICY_WITH_A_QUALIFIER = ca.sequence(
    ca.sequence(
        ca.oid("1.3.6.1.4.1.99999.7"),
        ca.sequence(ca.sequence(ca.oid("1.3.6.1.5.5.7.2.1"), ca.tlv(0x16, b"https://example.com/cps"))),
    )
)


def lint(*issued: Issued | bytes, **options: Any) -> Report:
    return fcl.lint(pem_bundle(*issued), at=AT, **options)


def of(report: Report, name: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == name]


def the(report: Report, name: str) -> Finding:
    """The one finding of that rule."""
    (finding,) = of(report, name)
    return finding


# -- Each rule has an input that it speaks of, and one that it does not ------------------------------------------------


@attrs.frozen
class Given:
    """An input, and the certificates in it that the rule must speak of; None is the input itself."""

    data: bytes
    certificates: frozenset[int | None] = frozenset({None})
    options: dict[str, Any] = attrs.field(factory=dict)

    @property
    def report(self) -> Report:
        return self.judged()

    def judged(self, **more: Any) -> Report:
        """The report, with further options."""
        return fcl.lint(self.data, at=AT, **self.options, **more)

    def by(self, profile: str) -> "Given":
        """The same, judged by that profile."""
        return attrs.evolve(self, options={**self.options, "profile": profile})


def given(*issued: Issued | bytes, on: int | None = None, **options: Any) -> Given:
    return Given(pem_bundle(*issued), frozenset({on}), options)


@cache
def root() -> Authority:
    return Authority("Example Root CA")


@cache
def issuing(**knobs: Any) -> Authority:
    return root().authority("Example Issuing CA 1", **knobs)


@cache
def leaf(**knobs: Any) -> Server:
    return issuing().server("gadgets.example.com", **knobs)


@cache
def stranger() -> Authority:
    return Authority("Another Root CA")


def rsa_key(bits: int) -> bytes:
    """A subjectPublicKeyInfo whose modulus has that many bits; nobody has its private half."""
    numbers = {"modulus": (1 << bits) - 1, "public_exponent": 65537}
    info = {"algorithm": {"algorithm": "rsa"}, "public_key": keys.RSAPublicKey(numbers)}
    encoded: bytes = keys.PublicKeyInfo(info).dump()
    return encoded


def stored(**options: Any) -> Given:
    """The good chain in a Java key store."""
    chain = (leaf().der, issuing().der, root().der)
    return Given(quirks.keystore(quirks.JKS, *chain), options=options)


def good(**options: Any) -> Given:
    return given(leaf(), issuing(), root(), **options)


def captured(conversation: str = "tls-1.2-rsa", *, snap: int = 0, link: int = 1, **options: Any) -> Given:
    """A conversation in a capture."""
    made = packets.frames(
        packets.Wire(), packets.converse(exchanges.known()[conversation]), packets.LINKS["ethernet"], snap=snap
    )
    return Given(packets.pcap(made, link), options=options)


@attrs.frozen
class Probed(Given):
    """A server that a probe asked, by a script of its answers."""

    script: Any = None
    profile: str = "finesse"
    host: str = "gadgets"

    def judged(self, **more: Any) -> Report:
        """The report, with further options."""
        probe = flights.carry_out(fcl.Probe(self.host, profile=self.profile), self.script)
        return probe.report(at=AT, **self.options, **more)

    def by(self, profile: str) -> "Given":
        """The same, judged by that profile."""
        return attrs.evolve(self, profile=profile)


def probed(own: flights.Answer, *, host: str = "gadgets", **further: flights.Answer) -> Probed:
    """A server that answers so to the client's own hello, and so to further ones: `any_suite=...`."""
    script = {Question.OWN: own, **{Question[name.upper()]: answer for name, answer in further.items()}}
    return Probed(b"", script=script, host=host)


def sent(suite: int = 0x0035, **knobs: Any) -> bytes:
    """A server's flight with the good chain."""
    return flights.flight(suite, leaf(), issuing(), root(), **knobs)


def with_leaf(**knobs: Any) -> Given:
    """The good chain, its leaf made otherwise."""
    return given(leaf(**knobs), issuing(), root(), on=0)


def with_issuing(**knobs: Any) -> Given:
    """The good chain, its issuing CA made otherwise."""
    authority = issuing(**knobs)
    return given(authority.server("gadgets.example.com"), authority, root(), on=1)


def with_root(**knobs: Any) -> Given:
    """The good chain, its root made otherwise."""
    top = Authority("Example Root CA", **knobs)
    middle = top.authority("Example Issuing CA 1", sign="SHA256withRSA")
    return given(middle.server("gadgets.example.com"), middle, top, on=2)


def damaged() -> Given:
    """A chain whose second block lost its middle; the first and the third are whole."""
    block = issuing().pem.splitlines(keepends=True)
    return Given(leaf().pem + b"".join(block[:5] + block[8:]) + root().pem)


def deep(path_length: int) -> Given:
    """Three CAs above the leaf, where the uppermost but one allows so many below it."""
    upper = root().authority("Policy CA", path_length=path_length)
    lower = upper.authority("Example Issuing CA 2")
    return given(lower.server("gadgets.example.com"), lower, upper, root(), on=2)


def cross_signed(**options: Any) -> Given:
    """One leaf with two paths to two roots."""
    other = issuing().cross_sign(stranger())
    return given(leaf(), issuing(), other, root(), stranger(), **options)


def named(identifier: bytes) -> dict[str, bytes]:
    """The algorithm as it shall stand, in both places."""
    return {"inner_algorithm": identifier, "outer_algorithm": identifier}


@cache
def namesake() -> Authority:
    """A root of the same name with another key."""
    return Authority("Example Root CA", key=ca.key("rsa2048", "another"))


def ec_key(curve: ec.EllipticCurve) -> bytes:
    """A subjectPublicKeyInfo on that curve."""
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    return ec.derive_private_key(7, curve).public_key().public_bytes(serialization.Encoding.DER, spki)


def with_leaf_of_pss_key() -> Given:
    """A CA whose key is of the type id-RSASSA-PSS, and which signs with PKCS #1 v1.5 all the same."""
    authority = issuing(key="rsapss2048")
    return given(authority.server("gadgets.example.com", sign="SHA256withRSA"), authority, root(), on=0)


def chain_of(authority: Authority) -> tuple[Issued, Authority, Authority]:
    return authority.server("gadgets.example.com"), authority, root()


def permitted(domain: str) -> tuple[str, bool, bytes]:
    """nameConstraints (RFC 5280, section 4.2.1.10) that permit the hosts of one domain."""
    subtree = ca.sequence(ca.tlv(0x82, domain.encode()))
    return "2.5.29.30", True, ca.sequence(ca.tlv(0xA0, subtree))


# -- Requests: by themselves, before issue, after issue ----------------------------------------------------------------


def asked(*, on: int | None = None, **knobs: Any) -> Given:
    """A request alone, made otherwise."""
    return Given(request("gadgets.example.com", **knobs).pem, frozenset({on}))


def before_issue(
    *chain: Issued, issued: Issued | None = None, on: int | None = None, profile: str = "finesse", **knobs: Any
) -> Given:
    """A request with the chain of the CA that is to answer it, and perhaps a sample of what that CA has issued."""
    options: dict[str, Any] = {"issuers": pem_bundle(*(chain or (issuing(), root()))), "profile": profile}
    if issued:
        options["issued"] = issued.pem
    return Given(request("gadgets.example.com", **knobs).pem, frozenset({on}), options)


def settings(*lines: str) -> Given:
    return Given("\r\n".join(["[Version]", 'Signature="$Windows NT$"', *lines, ""]).encode("utf-16"))


def after_issue(*, key: str = "rsa2048", on: int | None = 0, hostname: str | None = None, **knobs: Any) -> Given:
    """The good chain, delivered for a request of the same key unless told otherwise."""
    pair = leaf().key if key == "rsa2048" else ca.key(key)
    wanted = request("gadgets.example.com", key=pair, **knobs)
    return given(leaf(), issuing(), root(), on=on, request=wanted.pem, hostname=hostname)


EXPLICIT_POLICY = ("2.5.29.36", True, b"\x30\x03\x80\x01\x00")
CHALLENGE = ca.attribute("1.2.840.113549.1.9.7", ca.tlv(0x13, b"correct horse"))
OS_VERSION = ca.attribute("1.3.6.1.4.1.311.13.2.3", ca.tlv(0x16, b"10.0.17763.2"))
WEB_SERVER = ("1.3.6.1.4.1.311.20.2", False, ca.tlv(0x1E, "WebServer".encode("utf-16-be")))

CASES: dict[str, tuple[Callable[[], Given], Callable[[], Given]]] = {
    "file-not-certificates": (lambda: Given(quirks.FOREIGN["html-page"]()), good),
    "pkcs12-not-read": (lambda: Given(quirks.FOREIGN["pkcs12"]()), good),
    "no-certificate": (lambda: Given(pkcs7()), lambda: Given(pkcs7(leaf(), issuing(), root()))),
    "block-damaged": (damaged, good),
    "private-key-in-input": (lambda: Given(leaf().pem + leaf().key.pem + issuing().pem + root().pem), good),
    "other-object-in-input": (lambda: Given(quirks.FOREIGN["crl-pem"]()), good),
    "keystore-digest-differs": (lambda: stored(password="another"), lambda: stored(password="changeit")),
    "keystore-not-verified": (stored, lambda: stored(password="changeit")),
    "input-repaired": (lambda: Given(pem_bundle(leaf(), issuing(), root()).decode().encode("utf-16")), good),
    "capture-without-tls": (lambda: Given(quirks.FOREIGN["pcap"]()), captured),
    "capture-limit-reached": (
        lambda: captured(limits=fcl.Limits(handshakes=0)),
        lambda: captured(limits=fcl.Limits(handshakes=1)),
    ),
    "capture-cut-short": (lambda: captured(snap=300), captured),
    "link-type-not-read": (lambda: captured(link=147), captured),
    "handshake-not-seen": (lambda: captured("tls-1.3"), captured),
    "probe-not-answered": (lambda: probed(None), lambda: probed(sent())),
    "sent-certificate-unreadable": (
        lambda: probed(flights.flight(0x0035, leaf().der[:-9], issuing(), root())),
        lambda: probed(sent()),
    ),
    "cipher-suite-refused": (lambda: probed(sent(0x0039, dh=flights.dhe())), lambda: probed(sent(0x0035))),
    "dh-prime-refused": (
        lambda: probed(sent(0x0033, dh=flights.dhe())).by("java-7u80"),
        lambda: probed(sent(0x0033, dh=flights.dhe(flights.prime_of(1024)))).by("java-7u80"),
    ),
    "protocol-not-offered": (
        lambda: probed(flights.alert(80), tls_1_2=sent(0x0035, version=flights.TLS_1_2)),
        lambda: probed(sent(0x0035)),
    ),
    "no-common-suite": (
        lambda: probed(flights.alert(40), tls_1_2=flights.alert(40), any_suite=sent(0xC009)),
        lambda: probed(sent(0x0035)),
    ),
    "better-suite-available": (
        lambda: probed(sent(0x0039, dh=flights.dhe()), without_refused_suites=sent(0x0035)),
        lambda: probed(sent(0x0035)),
    ),
    "answer-depends-on-name": (
        lambda: probed(sent(0x0035), server_name=sent(0x002F), host="gadgets.example.com"),
        lambda: probed(sent(0x0035), server_name=sent(0x0035), host="gadgets.example.com"),
    ),
    "client-certificate-requested": (
        lambda: probed(sent(request=flights.certificate_request(root().name))),
        lambda: probed(sent()),
    ),
    "alert-explained": (lambda: captured("tls-1.2-refused"), captured),
    "answered-another-client": (captured, lambda: probed(sent())),
    "cause-masked": (lambda: captured("tls-1.2-refused"), captured),
    "certificate-malformed": (lambda: with_leaf(not_after=b"\x17\x05never"), good),
    "certificate-unparseable": (
        # Observed on every release: an extension that stands twice, even one that nobody knows.
        lambda: with_leaf(extra_extensions=(("1.3.6.1.4.1.99999.1", False, b"\x05\x00"),) * 2),
        good,
    ),
    "certificate-bytes-unreadable": (lambda: damaged().by("java-17"), lambda: good().by("java-17")),
    "serial-number-odd": (lambda: with_leaf(serial=-7), good),
    "signature-algorithm-unsupported": (lambda: with_issuing(sign=ca.pss("SHA256")), good),
    "signature-algorithm-disabled": (
        lambda: with_issuing(sign="MD5withRSA").by("java-7u181"),
        lambda: good().by("java-7u181"),
    ),
    "signature-algorithm-mismatch": (lambda: with_leaf(inner_algorithm=SHA384_RSA), good),
    "signature-parameters-malformed": (
        # RFC 4055, section 5: "the parameters MUST be NULL".
        lambda: with_leaf(**named(ca.algorithm("1.2.840.113549.1.1.11", ca.sequence()))),
        good,
    ),
    "signature-key-mismatch": (lambda: with_leaf(signature_oid="1.2.840.10045.4.3.2"), good),
    "signature-invalid": (lambda: with_leaf(tamper=True), good),
    "issuer-key-differs": (
        lambda: given(leaf(), issuing(), root(), on=2, trusted=namesake().pem).by("java-7u181"),
        lambda: good(trusted=root().pem).by("java-7u181"),
    ),
    "issuer-key-unsupported": (
        lambda: with_leaf_of_pss_key().by("java-7u181"),
        lambda: with_leaf_of_pss_key().by("java-8u504"),
    ),
    "signature-weak-hash": (lambda: with_leaf(sign="SHA1withRSA"), good),
    "signature-not-checked": (lambda: with_leaf(signature_oid="1.2.3.4.5"), good),
    "rsapss-public-key": (lambda: with_issuing(key="rsapss2048"), good),
    "rsa-key-too-small": (
        lambda: with_leaf(spki=rsa_key(768)),
        lambda: given(leaf(spki=rsa_key(1024)), issuing(), root()),
    ),
    "public-key-disabled": (
        lambda: with_leaf(spki=ec_key(ec.SECP224R1())).by("java-11"),
        lambda: given(leaf(spki=ec_key(ec.SECP256R1())), issuing(), root()).by("java-11"),
    ),
    "server-key-not-offered": (
        lambda: with_leaf(key="ed25519").by("java-11"),
        lambda: with_leaf(key="ed25519").by("java-17"),
    ),
    "server-auth-missing": (
        lambda: with_leaf(eku=("client_auth",)),
        lambda: given(leaf(eku=("client_auth", "any_extended_key_usage")), issuing(), root()),
    ),
    "critical-extension-unknown": (
        lambda: with_leaf(extra_extensions=(("1.3.6.1.4.1.99999.1", True, b"\x05\x00"),)),
        lambda: given(leaf(extra_extensions=(("1.3.6.1.4.1.99999.1", False, b"\x05\x00"),)), issuing(), root()),
    ),
    "ca-purpose-passed-over": (
        lambda: with_issuing(eku=("client_auth",)),
        lambda: given(*chain_of(issuing(eku=("client_auth", "server_auth")))),
    ),
    "name-constraints-violated": (
        lambda: given(*chain_of(issuing(extra_extensions=(permitted("other.example.com"),))), on=0),
        lambda: given(*chain_of(issuing(extra_extensions=(permitted("example.com"),)))),
    ),
    "policy-refused": (
        # policyConstraints with requireExplicitPolicy [0] of 0: from here on a policy must hold.
        lambda: given(*chain_of(issuing(extra_extensions=(("2.5.29.36", True, b"\x30\x03\x80\x01\x00"),))), on=0),
        good,
    ),
    "server-use-not-allowed": (
        lambda: with_leaf(key_usage=("key_encipherment",)),
        lambda: given(leaf(key_usage=("digital_signature",)), issuing(), root()),
    ),
    "certificate-expired": (lambda: with_leaf(not_after=PAST), good),
    "certificate-not-yet-valid": (lambda: with_issuing(not_before=FUTURE), good),
    "trust-anchor-missing": (
        lambda: given(leaf(), issuing(), on=1, trusted=stranger().pem),
        lambda: given(leaf(), issuing(), trusted=root().pem),
    ),
    "issuer-missing": (lambda: given(leaf(), on=0), good),
    "root-missing": (lambda: given(leaf(), issuing(), on=1), good),
    "ca-flag-missing": (lambda: with_issuing(ca=None), good),
    "key-cert-sign-missing": (lambda: with_issuing(key_usage=("digital_signature", "crl_sign")), good),
    "path-length-exceeded": (lambda: deep(0), lambda: deep(1)),
    "self-signed-leaf": (lambda: given(Server("gadgets.example.com"), on=0), good),
    "path-not-followed": (
        # The issuer's name is a BMPString here and an UTF8String in the CA's own certificate.
        lambda: with_leaf(issuer_subject=(("common_name", "Example Issuing CA 1", "bmp_string"),)).by("java-7u181"),
        lambda: good().by("java-7u181"),
    ),
    "chain-too-long": (
        lambda: given(leaf(), issuing(), *[root()] * 9, on=10).by("java-17"),
        lambda: given(leaf(), issuing(), *[root()] * 8).by("java-17"),
    ),
    "wrong-order": (lambda: given(leaf(), root(), issuing(), on=0), good),
    "stray-certificate": (lambda: given(leaf(), issuing(), root(), stranger(), on=3), good),
    "duplicate-certificate": (lambda: given(leaf(), issuing(), issuing(), root(), on=2), good),
    "no-server-certificate": (lambda: given(issuing(), root(), on=0), good),
    "trust-presumed": (lambda: given(leaf(), issuing(), root(), on=2), lambda: good(trusted=root().pem)),
    "limit-reached": (lambda: cross_signed(limits=fcl.Limits(paths=1)), cross_signed),
    "hostname-mismatch": (
        lambda: given(leaf(), issuing(), root(), on=0, hostname="finesse.example.com"),
        lambda: good(hostname="gadgets.example.com"),
    ),
    "common-name-differs": (
        lambda: given(leaf(san=("a.example.com", "b.example.com")), issuing(), root(), on=0, hostname="b.example.com"),
        lambda: good(hostname="gadgets.example.com"),
    ),
    "request-malformed": (lambda: asked(spki=ca.sequence(ca.sequence(ca.NULL), ca.bit_string(b"x"))), asked),
    "request-signature-invalid": (lambda: asked(tamper=True), asked),
    "request-signature-not-checked": (lambda: asked(signature_oid="1.2.3.4.5"), asked),
    "request-signed-with-pss": (lambda: asked(sign=ca.pss()), asked),
    "request-weak-hash": (lambda: asked(sign="SHA1withRSA"), asked),
    "request-key-short": (lambda: asked(key="rsa1024"), asked),
    "request-attribute-repeated": (lambda: asked(attributes=(OS_VERSION, OS_VERSION)), asked),
    "request-challenge-password": (lambda: asked(attributes=(CHALLENGE,)), asked),
    "request-for-ca": (lambda: asked(extra_extensions=(("2.5.29.19", True, b"\x30\x03\x01\x01\xff"),)), asked),
    "request-without-alternative-name": (lambda: asked(san=None), asked),
    "request-made-by-windows": (lambda: asked(extra_extensions=(WEB_SERVER,)), asked),
    "issuing-ca-signature-refused": (
        lambda: before_issue(issued=issuing().server("other.example.com", sign=ca.pss()), on=2),
        lambda: before_issue(issued=leaf()),
    ),
    "issuing-ca-signature-shown": (lambda: before_issue(issued=leaf(), on=2), before_issue),
    "issuing-ca-signature-presumed": (before_issue, lambda: before_issue(issued=leaf())),
    "issuing-ca-signature-doubtful": (
        lambda: before_issue(Authority("Own Root", sign="MD5withRSA"), profile="java-7u181"),
        lambda: before_issue(root(), profile="java-7u181"),
    ),
    "issuers-not-given": (asked, before_issue),
    "issuing-ca-ambiguous": (
        lambda: before_issue(issuing(), root().authority("Example Issuing CA 2"), root()),
        before_issue,
    ),
    "sample-of-another-ca": (
        lambda: before_issue(issued=stranger().server("other.example.com"), on=2),
        lambda: before_issue(issued=leaf()),
    ),
    "issuance-policy-unknown": (
        lambda: before_issue(issuing(extra_extensions=(EXPLICIT_POLICY,)), root()),
        before_issue,
    ),
    "ask-the-ca": (before_issue, lambda: given(leaf(), issuing(), root())),
    "capolicy-alternate-signature": (
        lambda: settings("[Certsrv_Server]", "AlternateSignatureAlgorithm=1"),
        lambda: settings("[Certsrv_Server]", "AlternateSignatureAlgorithm=0"),
    ),
    "capolicy-discrete-signature": (
        lambda: settings("[certsrv_server]", "DiscreteSignatureAlgorithm=0"),
        lambda: settings("[certsrv_server]", "AlternateSignatureAlgorithm=0"),
    ),
    "capolicy-says-little": (
        lambda: settings("[certsrv_server]", "LoadDefaultTemplates=0"),
        lambda: settings("[certsrv_server]", "AlternateSignatureAlgorithm=1"),
    ),
    "delivered-key-differs": (lambda: after_issue(key="ec256"), after_issue),
    "delivered-name-missing": (lambda: after_issue(san=("gadgets.example.com", "www.example.com")), after_issue),
    "delivered-usage-missing": (lambda: after_issue(eku=("server_auth", "client_auth")), after_issue),
    "delivered-subject-differs": (
        lambda: after_issue(
            subject=(("common_name", "gadgets.example.com", "utf8_string"), ("country_name", "DE", "printable_string"))
        ),
        after_issue,
    ),
    "delivered-validity": (after_issue, lambda: after_issue(key="ec256")),
    "upload-order": (after_issue, lambda: after_issue(key="ec256")),
}


RULES = {rule.name: rule for rule in fcl.rules()}


def test_no_rule_lacks_a_case() -> None:
    assert list(CASES) == list(RULES), "the cases stand in the order of the catalogue"


@pytest.mark.parametrize("name", RULES)
def test_the_bad_input_yields_the_finding_on_the_right_certificate(name: str) -> None:
    bad = CASES[name][0]()
    findings = of(bad.report, name)
    assert {finding.certificate for finding in findings} == bad.certificates
    assert RULES[name].severity in {finding.severity for finding in findings}


@pytest.mark.parametrize("name", RULES)
def test_the_good_input_yields_none(name: str) -> None:
    report = CASES[name][1]().report
    assert of(report, name) == []
    # What to ask a CA for is said of every request.
    assert name in report.rules.run or name == "ask-the-ca", "the rule looked"


@pytest.mark.parametrize("name", RULES)
def test_a_bad_input_is_never_accepted_unless_the_rule_is_a_mild_one(name: str) -> None:
    report = CASES[name][0]().report
    if RULES[name].severity >= Severity.ERROR:
        assert report.verdict != "accepted"
    assert report.rules.crashed == ()


@pytest.mark.parametrize("name", RULES)
def test_every_finding_says_what_is_the_matter_and_what_to_do(name: str) -> None:
    for finding in CASES[name][0]().report.findings:
        assert finding.message.strip().endswith(".")
        assert finding.remedy.strip().endswith(".")
        assert "None" not in finding.message + finding.remedy
        assert finding.references


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_runs_alone_says_the_same(name: str) -> None:
    bad = CASES[name][0]()
    alone = bad.judged(rules=[name])
    assert list(alone.findings) == of(bad.report, name)


@pytest.mark.parametrize("entry", RULES.values(), ids=RULES)
def test_a_rule_is_documented_under_the_five_headings_and_cites_a_source(entry: Rule) -> None:
    assert tuple(entry.sections) == HEADINGS
    assert all(entry.sections.values())
    assert entry.references
    assert all(reference.strip() for reference in entry.references)
    assert entry.summary.endswith(".")


def test_a_rule_without_its_headings_is_refused_when_it_is_defined() -> None:
    def half_documented(_subject: Subject) -> Iterator[Problem]:
        """It says something, and nothing more."""
        yield from ()

    with pytest.raises(fcl.RuleError, match=r"half-documented.*What it means"):
        rule(severity="error", scope="input", references=("RFC 5280",))(half_documented)


def test_a_rule_that_cites_nothing_is_refused_when_it_is_defined() -> None:
    def unfounded(_subject: Subject) -> Iterator[Problem]:
        yield from ()

    unfounded.__doc__ = "It speaks.\n\n" + "\n\n".join(f"## {heading}\nWords." for heading in HEADINGS)
    with pytest.raises(fcl.RuleError, match="unfounded cites no source"):
        rule(severity="error", scope="input", references=())(unfounded)


def test_a_rule_that_does_not_exist_is_refused_with_the_nearest_that_does() -> None:
    with pytest.raises(fcl.RuleError, match="signature-weak-hash"):
        lint(leaf(), rules=["signature-weak-hsah"])


# -- RSASSA-PSS: exactly the certificate that is so signed, and the CA that must mend it -------------------------------
# The article: "If any certificate in the chain is signed with RSASSA-PSS, the connection fails."


@pytest.mark.parametrize(
    ("case", "index", "role", "signer"),
    [
        (lambda: with_leaf(sign=ca.pss()), 0, "leaf", "Example Issuing CA 1"),
        (lambda: with_issuing(sign=ca.pss()), 1, "intermediate", "Example Root CA"),
        (lambda: with_root(sign=ca.pss()), 2, "root", "Example Root CA"),
        (lambda: with_root(sign=ca.pss("SHA1")), 2, "root", "Example Root CA"),
        (lambda: with_root(key="rsapss2048", sign=ca.pss()), 2, "root", "Example Root CA"),
    ],
    ids=["leaf", "issuing", "root", "root-sha1", "root-with-pss-key"],
)
def test_pss_is_an_error_in_any_position_and_mended_by_the_issuer(
    case: Callable[[], Given], index: int, role: str, signer: str
) -> None:
    report = case().report
    finding = the(report, "signature-algorithm-unsupported")
    assert (report.verdict, finding.severity) == ("refused", "error")
    assert (finding.certificate, finding.role) == (index, role)
    assert finding.evidence["oid"] == PSS
    assert 'The article: "If any certificate in the chain is signed with RSASSA-PSS' in finding.message
    assert f"The administrator of {signer} sets AlternateSignatureAlgorithm=0" in finding.remedy


def test_a_finding_speaks_the_words_of_the_screens() -> None:
    message = the(with_root(sign="RSASSA-PSS-SHA1").report, "signature-algorithm-unsupported").message
    assert "RSASSA-PSS (SHA-1, MGF1 with SHA-1, 20), 1.2.840.113549.1.1.10" in message
    assert 'Windows shows "RSASSA-PSS"' in message
    assert 'OpenSSL shows "rsassaPss"' in message


def test_every_certificate_so_signed_is_named_once() -> None:
    top = Authority("Example Root CA", sign=ca.pss())
    middle = top.authority("Example Issuing CA 1", sign=ca.pss())
    report = lint(middle.server("gadgets.example.com", sign=ca.pss()), middle, top)
    assert [f.certificate for f in of(report, "signature-algorithm-unsupported")] == [0, 1, 2]


def test_a_root_from_the_trust_store_counts_like_one_in_the_file() -> None:
    server, middle, top = article_chain()
    report = lint(server, middle, trusted=top.pem)
    finding = the(report, "signature-algorithm-unsupported")
    assert report.verdict == "refused"
    assert report.certificates[finding.certificate or 0].subject == "CN=Example Root CA"


def test_a_ca_that_renews_with_its_key_spares_what_is_below() -> None:
    """The remedy of the article's case, carried out: nothing but the root's certificate is made anew."""
    server, middle, top = article_chain()
    report = lint(server, middle, top.renew(sign="SHA256withRSA"))
    assert report.verdict == "accepted"
    assert of(report, "signature-algorithm-unsupported") == []


def test_a_ca_that_renews_with_a_new_key_invalidates_what_is_below() -> None:
    """The remedy says so: the old issuing CA is not the new root's."""
    server, middle, top = article_chain()
    report = lint(server, middle, top.renew(sign="SHA256withRSA", new_key=True))
    assert report.verdict == "undetermined"
    assert "another key" in the(report, "root-missing").message


def test_two_paths_of_which_one_is_acceptable_are_accepted_and_the_other_is_reported() -> None:
    bad_root = Authority("Old Root CA", sign=ca.pss())
    by_bad_root = bad_root.authority("Example Issuing CA 1", sign="SHA256withRSA")
    by_good_root = by_bad_root.cross_sign(root())
    server = by_bad_root.server("gadgets.example.com")
    report = lint(server, by_bad_root, by_good_root, bad_root, root())
    assert report.verdict == "accepted"
    assert {chain.certificates: chain.verdict.value for chain in report.chains} == {
        (0, 1, 3): "refused",
        (0, 2, 4): "accepted",
    }
    assert the(report, "signature-algorithm-unsupported").certificate == 3


def test_two_paths_of_which_none_is_acceptable_are_refused() -> None:
    first, second = Authority("Old Root CA", sign=ca.pss()), Authority("New Root CA", sign=ca.pss("SHA512"))
    middle = first.authority("Example Issuing CA 1", sign="SHA256withRSA")
    server = middle.server("gadgets.example.com")
    report = lint(server, middle, middle.cross_sign(second, sign="SHA256withRSA"), first, second)
    assert report.verdict == "refused"


def test_two_servers_in_one_input_are_judged_by_the_worse() -> None:
    bad = issuing().server("other.example.com", sign=ca.pss())
    report = lint(leaf(), bad, issuing(), root())
    assert report.verdict == "refused"
    assert the(report, "signature-algorithm-unsupported").certificate == 1


# -- Every algorithm ---------------------------------------------------------------------------------------------------

_KEYS = {"RSA": "rsa2048", "PSS": "rsa2048", "ECDSA": "ec256", "DSA": "dsa1024"}


def _signed(scheme: ca.Scheme) -> tuple[Server, Authority]:
    kind = _KEYS.get(scheme.family, scheme.name.lower())
    authority = Authority(f"CA with a key of kind {kind}", key=kind)
    try:
        return authority.server("gadgets.example.com", sign=scheme), authority
    except ValueError:  # No tool here signs so any more; what the algorithm is called is judged all the same.
        dotted = _oid(scheme)
        return authority.server("gadgets.example.com", signature_oid=dotted), authority


def _oid(scheme: ca.Scheme) -> str:
    from asn1crypto import core

    return str(core.load(scheme.algorithm)[0].dotted)


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_an_algorithm_is_an_error_if_and_only_if_the_article_does_not_list_it(scheme: ca.Scheme) -> None:
    report = lint(*_signed(scheme))
    findings = [f for f in of(report, "signature-algorithm-unsupported") if f.certificate == 0]
    algorithm = report.certificates[0].signature_algorithm
    assert algorithm is not None
    assert algorithm.oid == _oid(scheme)
    assert [f.evidence["oid"] for f in findings] == ([] if _oid(scheme) in ARTICLES_LIST else [_oid(scheme)])


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_what_can_be_signed_here_verifies_here(scheme: ca.Scheme) -> None:
    server, authority = _signed(scheme)
    report = lint(server, authority)
    assert of(report, "signature-invalid") == []
    assert [chain.certificates for chain in report.chains] == [(0, 1)]


def test_the_oiw_alias_is_told_from_sha1_with_rsa_and_accepted_as_it() -> None:
    """Observed: every Java from 7u80 to 21 takes 1.3.14.3.2.29 for SHA1withRSA."""
    report = with_leaf(signature_oid="1.3.14.3.2.29").report
    algorithm = report.certificates[0].signature_algorithm
    assert algorithm is not None
    assert algorithm.oid == "1.3.14.3.2.29"
    assert of(report, "signature-algorithm-unsupported") == []


def test_an_unknown_algorithm_is_reported_dotted() -> None:
    finding = the(with_leaf(signature_oid="1.3.6.1.4.1.99999.7").report, "signature-algorithm-unsupported")
    assert finding.message.startswith("Signed with 1.3.6.1.4.1.99999.7, 1.3.6.1.4.1.99999.7.")
    assert finding.evidence["oid"] == "1.3.6.1.4.1.99999.7"


def test_none_with_rsa_has_no_object_identifier_so_rsa_encryption_is_not_it() -> None:
    """1.2.840.113549.1.1.1 names a key; the article's NONEwithRSA matches no certificate."""
    finding = the(with_leaf(signature_oid="1.2.840.113549.1.1.1").report, "signature-algorithm-unsupported")
    assert finding.severity == "error"


# -- Milder where Java is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "name", "severity"),
    [
        # Observed: Java does not check the dates of a certificate in the trust store.
        (lambda: with_root(not_after=PAST), "certificate-expired", "warning"),
        (lambda: with_root(not_before=FUTURE), "certificate-not-yet-valid", "warning"),
        (lambda: with_issuing(not_after=PAST), "certificate-expired", "error"),
        # A root's own signature protects nothing.
        (lambda: with_root(sign="SHA1withRSA"), "signature-weak-hash", "notice"),
        (lambda: with_issuing(sign="SHA1withRSA"), "signature-weak-hash", "warning"),
        (lambda: with_leaf(sign="MD5withRSA"), "signature-weak-hash", "warning"),
        # RFC 4055, section 5: "Implementations MUST accept the parameters being absent as well as present."
        (
            lambda: with_leaf(**named(ca.algorithm("1.2.840.113549.1.1.11", b""))),
            "signature-parameters-malformed",
            "notice",
        ),
        (
            lambda: with_leaf(**named(ca.algorithm("1.2.840.113549.1.1.11", ca.integer(5)))),
            "signature-parameters-malformed",
            "warning",
        ),
        # Observed on a trusted root: Java 7u181 and 8u181 accept, 8u504 and later refuse.
        (lambda: with_root(ca=None), "ca-flag-missing", "warning"),
        (lambda: with_root(ca=False), "ca-flag-missing", "warning"),
        (lambda: with_issuing(ca=False), "ca-flag-missing", "error"),
        (lambda: with_root(key_usage=("crl_sign",)), "key-cert-sign-missing", "warning"),
        # Observed: on the trusted root the limit is not enforced.
        (lambda: with_root(path_length=0), "path-length-exceeded", "warning"),
        # The same algorithm twice, once without NULL: RFC 5280, section 4.1.1.2, wants "the same algorithm identifier".
        (
            lambda: with_leaf(inner_algorithm=ca.algorithm("1.2.840.113549.1.1.11", b"")),
            "signature-algorithm-mismatch",
            "warning",
        ),
    ],
)
def test_the_severity_is_what_the_place_makes_of_it(case: Callable[[], Given], name: str, severity: str) -> None:
    bad = case()
    finding = the(bad.report, name)
    assert finding.severity == severity
    assert {finding.certificate} == bad.certificates


@pytest.mark.parametrize("knobs", [{"not_after": PAST}, {"sign": "SHA1withRSA"}, {"ca": None}, {"path_length": 0}])
def test_a_warning_on_the_trusted_root_does_not_refuse(knobs: dict[str, Any]) -> None:
    assert with_root(**knobs).report.verdict == "accepted"


def test_an_expired_issuing_ca_is_an_error_even_if_it_stands_in_the_trust_store_of_another() -> None:
    middle = issuing(not_after=PAST)
    report = lint(middle.server("gadgets.example.com"), middle, root(), trusted=root().pem)
    assert the(report, "certificate-expired").severity == "error"


def test_an_expired_intermediate_that_is_itself_trusted_is_an_anchor() -> None:
    middle = issuing(not_after=PAST)
    report = lint(middle.server("gadgets.example.com"), middle, trusted=middle.pem)
    assert the(report, "certificate-expired").severity == "warning"
    assert report.verdict == "accepted"


@pytest.mark.parametrize(
    ("moment", "verdict"),
    [
        (datetime(2026, 11, 23, 0, 0, 0, tzinfo=UTC), "accepted"),  # "the validity period includes" its ends
        (datetime(2026, 11, 23, 0, 0, 1, tzinfo=UTC), "refused"),
    ],
)
def test_a_certificate_holds_up_to_and_with_its_last_second(moment: datetime, verdict: str) -> None:
    server = leaf(not_after=datetime(2026, 11, 23, tzinfo=UTC))
    assert fcl.lint(pem_bundle(server, issuing(), root()), at=moment).verdict == verdict


def test_a_self_issued_ca_is_not_counted_in_the_path_length() -> None:
    """RFC 5280, section 4.2.1.9: "the maximum number of non-self-issued intermediate certificates"."""
    old = root().authority("Example Issuing CA 1", path_length=0)
    new = Authority("Example Issuing CA 1", issuer=old, key="rsa2048")
    report = lint(new.server("gadgets.example.com"), new, old, root())
    assert of(report, "path-length-exceeded") == []


# What Java reads in an extension counts, not what another reader makes of it. Observed on Java 17 and 21.


@pytest.mark.parametrize("limit", [-1, 1 << 31])
@pytest.mark.parametrize("position", [with_issuing, with_root], ids=["issuing", "root"])
def test_a_path_length_that_java_does_not_take_makes_a_ca_none(position: Callable[..., Given], limit: int) -> None:
    """X509CertImpl.getBasicConstraints: -1 is "not a CA"; what is not critical and cannot be read is absent."""
    value = ca.sequence(ca.tlv(0x01, b"\xff"), ca.integer(limit))
    bad = position(ca=None, extra_extensions=(("2.5.29.19", False, value),)).by("java-17")
    finding = the(bad.report, "ca-flag-missing")
    assert (bad.report.verdict, finding.severity) == ("refused", "error")
    assert {finding.certificate} == bad.certificates
    assert "makes no sense to Java" in finding.message


def test_of_a_path_length_below_zero_java_asks_only_whether_a_ca_follows() -> None:
    value = ca.sequence(ca.tlv(0x01, b"\xff"), ca.integer(-2))
    top = issuing(ca=None, extra_extensions=(("2.5.29.19", True, value),))
    last = top.authority("Example Issuing CA 2")
    direct, deeper = top.server("gadgets.example.com"), last.server("gadgets.example.com")
    assert lint(direct, top, root(), profile="java-17").verdict == "accepted"
    assert lint(direct, root(), top, profile="java-17").verdict == "refused"  # sorted: "limit < 0"
    assert lint(deeper, last, top, root(), profile="java-17").verdict == "refused"


def test_a_version_1_ca_passes_where_the_anchor_of_its_name_has_issued_it() -> None:
    """ConstraintsChecker: "self issued by the trust anchor in order to support key rollover"; observed on 17, 21 and 25."""
    new = Authority("Example Root CA", issuer=root(), key=ca.key("rsa2048", "rolled over"), version=1)
    server = new.server("gadgets.example.com")
    stray = stranger()
    assert lint(server, new, trusted=root().pem, profile="java-17").verdict == "accepted"
    assert lint(server, stray, new, trusted=root().pem, profile="java-17").verdict == "refused"  # sorted
    assert lint(server, new, trusted=new.renew().pem, profile="java-17").verdict == "accepted"
    below = issuing(version=1)
    assert lint(below.server("gadgets.example.com"), below, trusted=root().pem, profile="java-17").verdict == "refused"


@pytest.mark.parametrize(("profile", "verdict"), [("java-17", "accepted"), ("java-21", "refused")])
def test_purposes_that_java_cannot_read_are_none(profile: str, verdict: str) -> None:
    value = ca.sequence(ca.tlv(0x06, b"\x80\x01"))  # an OID that begins with a zero
    report = with_leaf(eku=None, extra_extensions=(("2.5.29.37", False, value),)).by(profile).report
    assert report.verdict == verdict
    messages = [finding.message for finding in of(report, "server-auth-missing")]
    assert messages == (
        [] if verdict == "accepted" else ["Its extKeyUsage cannot be read (Java: CertificateParsingException)."]
    )


@pytest.mark.parametrize("profile", ["java-17", "java-21"])
def test_beside_purposes_that_java_cannot_read_those_count_that_it_can(profile: str) -> None:
    unreadable = ("2.5.29.37", False, ca.sequence(ca.tlv(0x06, b"\x80\x01")))
    readable = ("2.5.29.37", False, ca.sequence(ca.oid("1.3.6.1.5.5.7.3.2")))
    for both in ((unreadable, readable), (readable, unreadable)):
        report = with_leaf(eku=None, extra_extensions=both).by(profile).report
        assert the(report, "server-auth-missing").evidence["purposes"] == ["1.3.6.1.5.5.7.3.2"]


@pytest.mark.parametrize("profile", ["finesse", "java-17", "java-21"])
@pytest.mark.parametrize("position", [with_leaf, with_issuing], ids=["leaf", "issuing"])
@pytest.mark.parametrize(
    ("knobs", "dotted", "value"),
    [
        ({"ski": False}, "2.5.29.14", ca.tlv(0x04, b"12")),
        ({"aki": False}, "2.5.29.35", ca.sequence(ca.tlv(0x80, b"12"))),
        ({}, "2.16.840.1.113730.1.1", b"\3\2\6\x44"),
    ],
    ids=["subjectKeyIdentifier", "authorityKeyIdentifier", "netscape-cert-type"],
)
def test_key_identifiers_and_a_netscape_type_must_not_be_critical(
    knobs: dict[str, Any], dotted: str, value: bytes, position: Callable[..., Given], profile: str
) -> None:
    """RFC 5280, sections 4.2.1.1 and 4.2.1.2: "Conforming CAs MUST mark this extension as non-critical"."""
    bad = position(**knobs, extra_extensions=((dotted, True, value),)).by(profile)
    finding = the(bad.report, "critical-extension-unknown")
    assert bad.report.verdict == "refused"
    assert {finding.certificate} == bad.certificates
    assert finding.evidence["oid"] == dotted


# A remedy that is carried out must help.


@pytest.mark.parametrize(
    ("case", "name", "remedy"),
    [
        (
            lambda: with_leaf(**named(ca.algorithm("1.2.840.113549.1.1.11", ca.sequence()))).by("java-17"),
            "signature-parameters-malformed",
            (
                "Have Example Issuing CA 1 reissue gadgets.example.com with the parameters that the standard has for this "
                "algorithm; where its software cannot, have another CA issue it."
            ),
        ),
        (
            lambda: with_leaf(key_usage=("key_encipherment",)),
            "server-use-not-allowed",
            "Have Example Issuing CA 1 reissue it with digitalSignature and, for an RSA key, keyEncipherment in keyUsage.",
        ),
        (
            lambda: with_leaf(extra_extensions=(("2.16.840.1.113730.1.1", False, b"\3\2\7\x80"),)),
            "server-use-not-allowed",
            "Have Example Issuing CA 1 reissue it without the Netscape certificate type, or with SSL server in it.",
        ),
        (
            lambda: with_leaf(extra_extensions=(("2.5.29.30", True, ca.sequence()),)).by("java-7u181"),
            "server-use-not-allowed",
            "Have Example Issuing CA 1 reissue it with that extension not critical, or without it.",
        ),
        (
            lambda: with_issuing(extra_extensions=(("2.5.29.36", True, ca.sequence(ca.tlv(0x80, b"\0"))),)),
            "policy-refused",
            (
                "Have gadgets.example.com issued under a policy of the CAs above it, or have Example Issuing CA 1 "
                "issued anew without policyConstraints."
            ),
        ),
        (
            lambda: with_issuing(extra_extensions=(("2.5.29.32", True, POLICY_WITH_A_QUALIFIER),)),
            "policy-refused",
            (
                "Have Example Root CA reissue Example Issuing CA 1 with certificatePolicies that are not critical, and without "
                "anyPolicy in policyMappings."
            ),
        ),
    ],
)
def test_a_remedy_is_for_what_is_the_matter(case: Callable[[], Given], name: str, remedy: str) -> None:
    assert the(case().report, name).remedy == remedy


def test_a_profile_may_say_otherwise() -> None:
    strict = attrs.evolve(fcl.get_profile("finesse"), name="strict", severities={"signature-weak-hash": Severity.ERROR})
    report = lint(leaf(sign="SHA1withRSA"), issuing(), root(), profile=strict)
    assert the(report, "signature-weak-hash").severity == "error"
    assert report.verdict == "refused"


# -- Host names --------------------------------------------------------------------------------------------------------
# RFC 2818, section 3.1: "If a subjectAltName extension of type dNSName is present, that MUST be used as the identity.
# Otherwise, the (most specific) Common Name field in the Subject field of the certificate MUST be used."


@pytest.mark.parametrize("subject", [(), (("common_name", " ", "utf8_string"),)])
def test_a_certificate_without_a_common_name_is_not_called_by_another(subject: Any) -> None:
    nameless = issuing().server("gadgets.example.com", subject=subject)
    report = fcl.lint(pem_bundle(nameless, issuing(), root()), at=AT, hostname="gadgets.example.com")
    finding = the(report, "common-name-differs")
    assert finding.message.startswith("It has no common name, and the host is gadgets.example.com")
    assert finding.remedy.startswith("Have the certificate reissued")


@pytest.mark.parametrize(
    ("knobs", "hostname", "fits"),
    [
        ({}, "gadgets.example.com", True),
        ({}, "GADGETS.Example.Com", True),
        ({}, "gadgets.example.com.", False),  # observed on Java 7u181, which the article shows
        ({}, "example.com", False),
        ({"san": ("*.example.com",)}, "gadgets.example.com", True),
        ({"san": ("*.example.com",)}, "a.gadgets.example.com", False),
        ({"san": ("*.example.com",)}, "example.com", False),
        ({"san": ("g*.example.com",)}, "gadgets.example.com", True),
        ({"san": ("f*.example.com",)}, "gadgets.example.com", False),
        ({"san": ("*",)}, "gadgets", True),
        ({"san": ("a.example.com", "b.example.com")}, "b.example.com", True),
        ({"san": ("other.example.com",)}, "gadgets.example.com", False),  # the common name does not count then
        ({"san": None}, "gadgets.example.com", True),
        ({"san": ("192.0.2.7",)}, "192.0.2.7", True),
        ({"san": ("192.0.2.7",)}, "192.0.2.8", False),
        ({"san": ("192.0.2.7",)}, "gadgets.example.com", True),  # an address is no dNSName
        ({"san": ("2001:db8::7",)}, "2001:db8:0:0:0:0:0:7", True),
        ({"san": None, "subject": (("common_name", "192.0.2.7", "utf8_string"),)}, "192.0.2.7", False),
    ],
)
def test_a_host_name_fits_or_not(knobs: dict[str, Any], hostname: str, fits: bool) -> None:
    report = fcl.lint(with_leaf(**knobs).data, at=AT, hostname=hostname)
    assert bool(of(report, "hostname-mismatch")) is not fits
    assert report.verdict == ("accepted" if fits else "refused")


# -- Private keys are named and never shown ----------------------------------------------------------------------------

_KEY_FILES = [name for name in quirks.FOREIGN if name.startswith("private-key")]


@pytest.mark.parametrize("name", _KEY_FILES)
@pytest.mark.parametrize("beside", [False, True], ids=["alone", "with-its-certificate"])
def test_a_private_key_is_named_and_nothing_of_it_is_shown(name: str, beside: bool) -> None:
    key = quirks.FOREIGN[name]()
    data = key + (b"" if not beside else leaf().der if name.endswith("-der") else leaf().pem)
    report = fcl.lint(data, at=AT)
    assert the(report, "private-key-in-input").severity == "warning"
    assert report.verdict == "undetermined"
    shown = report.to_json() + report.render("text") + repr(report) + repr(report.case.documents)
    for secret in _secrets(key):
        assert secret not in shown


def _secrets(key: bytes) -> list[str]:
    """What of the key must not be seen: each line of its body, or, of a binary one, stretches in each usual writing."""
    if key.startswith(b"-----"):
        lines = [line for line in key.decode().splitlines() if line and "-----" not in line and ": " not in line]
        assert len(lines) > 2
        return lines
    pieces = [key[at : at + 16] for at in range(32, len(key) - 16, 16)]
    return [form for piece in pieces for form in (piece.hex(), repr(piece)[2:-1], str(list(piece)))]


# -- A rule that crashes -----------------------------------------------------------------------------------------------


@rule(severity="error", scope="certificate", references=("nothing, it is for this test",))
def always_fails(_subject: Subject, _certificate: fcl.Certificate) -> Iterator[Problem]:
    """It fails.

    ## What it means
    Nothing.

    ## Why it matters
    It does not.

    ## What to do
    Nothing.

    ## How to see it yourself
    Look.

    ## Source
    None.
    """
    raise ZeroDivisionError("the secret of this certificate")
    yield


def test_a_rule_that_crashes_is_a_finding_and_the_others_run() -> None:
    report = lint(leaf(), issuing(), root(), rules=[always_fails, *fcl.rules()])
    bug = report.findings[0]
    assert (bug.severity, bug.rule) == (Severity.BUG, "rule-crashed")
    assert bug.evidence["rule"] == "always-fails"
    assert "the secret" not in report.to_json(), "an exception's text may quote the input"
    assert report.verdict == "undetermined", "never accepted because it failed to look"
    assert report.rules.crashed == ("always-fails",)
    assert set(report.rules.run) >= {"signature-algorithm-unsupported", "trust-presumed"}
    assert [f.rule for f in report.findings[1:]] == [f.rule for f in lint(leaf(), issuing(), root()).findings]


def test_a_rule_that_crashes_does_not_hide_that_the_server_is_refused() -> None:
    report = lint(*article_chain(), rules=[always_fails, *fcl.rules()])
    assert report.verdict == "refused"


def test_good_is_good() -> None:
    report = lint(*good_chain())
    assert report.verdict == "accepted"
    assert [(f.rule, f.severity.value) for f in report.findings] == [("trust-presumed", "info")]


def test_a_trusted_roots_own_signature_is_not_held_against_it() -> None:
    """Observed on Java 7u80 to 21: an anchor whose signature does not verify passes; in the input alone it is no root."""
    tampered = Authority("Tampered Root CA", tamper=True)
    issuing_below = tampered.authority("Example Issuing CA 1")
    server = issuing_below.server("gadgets.example.com")
    trusted = lint(server, issuing_below, trusted=tampered.pem)
    assert trusted.verdict == "accepted"
    assert the(trusted, "signature-invalid").severity == "warning"
    alone = lint(server, issuing_below, tampered)
    assert alone.verdict == "refused"
    assert the(alone, "signature-invalid").severity == "error"
