"""Requests: what is read of one, what is said before a certificate is issued, and after.

A request never says how the certificate will be signed. So each case here has two sides: what the request asks for, and
what is known of the CA that is to answer it.
"""

import json
import pickle
import shutil
import subprocess
from base64 import b64encode, encodebytes
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import ca
import pytest
from ca import Authority, Issued, article_chain, attribute, good_chain, pem_bundle, request, sequence, tlv
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import example, given, settings
from hypothesis import strategies as st
from quirks import QUIRKS, RARER

import finesse_certlint as fcl
from finesse_certlint import Finding, Report, Severity
from finesse_certlint.request import Request

AT = datetime(2026, 11, 23, tzinfo=UTC)
HOST = "gadgets.example.com"
JAVA_7 = "java-7u181"


def lint(data: bytes, **options: Any) -> Report:
    return fcl.lint(data, at=AT, **{"hostname": HOST, **options})


def before(wanted: ca.Request, *chain: Issued, **options: Any) -> Report:
    """A request, and the chain of the CA that is to answer it."""
    return lint(wanted.pem, issuers=pem_bundle(*chain), **options)


def of(report: Report, name: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == name]


def the(report: Report, name: str) -> Finding:
    """The one finding of that rule."""
    (finding,) = of(report, name)
    return finding


def only(report: Report) -> Request:
    (found,) = report.requests
    return found


@cache
def hierarchy() -> tuple[Authority, Authority]:
    _, issuing, root = good_chain()
    return issuing, root


@cache
def good() -> ca.Request:
    return request(HOST, eku=("server_auth",), key_usage=("digital_signature", "key_encipherment"))


INF = """;-- made for the web server --
[Version]
Signature="$Windows NT$"

[Strings]
szOID_SUBJECT_ALTERNATIVE_NAME = "2.5.29.17"

[NewRequest]
Subject = "CN=gadgets.example.com, O=""Example, Inc."", C=US"   ; the host
KeyLength = 2048
KeyUsage = 0xa0
HashAlgorithm = sha256
ProviderName = "Microsoft RSA SChannel Cryptographic Provider"

[EnhancedKeyUsageExtension]
OID = 1.3.6.1.5.5.7.3.1   ; Server Authentication

[Extensions]
%szOID_SUBJECT_ALTERNATIVE_NAME% = "{text}"
_continue_ = "dns=gadgets.example.com&"
_continue_ = "ipaddress=192.0.2.7&"

[RequestAttributes]
CertificateTemplate = WebServer
"""
"""Settings for certreq with nothing wrong."""


# -- What is read of one -----------------------------------------------------------------------------------------------


def test_a_request_is_read_in_full() -> None:
    wanted = request(
        HOST,
        san=(HOST, "www.example.com", "192.0.2.7"),
        eku=("server_auth", "client_auth"),
        key_usage=("digital_signature", "key_encipherment"),
    )
    found = only(lint(wanted.pem))
    assert (found.subject, found.common_names, found.title) == (f"CN={HOST}", (HOST,), HOST)
    assert (found.dns_names, found.ip_addresses) == ((HOST, "www.example.com"), ("192.0.2.7",))
    assert found.extended_key_usage == ("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2")
    assert found.key_usage == frozenset({"digitalSignature", "keyEncipherment"})
    assert (str(found.public_key), str(found.signature_algorithm)) == ("RSA 2048", "sha256WithRSAEncryption")
    assert (found.form, found.proof, found.ca, found.problems) == ("PKCS#10", "verified", False, ())
    assert found.der == wanted.der


def _space(name: str) -> str:
    return {"url-encoded": "%20", "html-escaped": "&nbsp;", "form-encoded": "+"}.get(name, " ")


# These wrap certificates in something that no request stands in, or print their names.
_FOR_CERTIFICATES = ("label-", "pkcs7", "ber-", "jks", "jceks", "pkcs12", "bag-", "keytool-", "s_client", "text-b")


def requested(name: str, der: bytes) -> bytes:
    """A request in the state of wear that the quirk of that name makes of a certificate."""
    data = {**QUIRKS, **RARER}[name]([der])
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        for word in ("CERTIFICATE", "certificate-----"):
            label = word.replace("ificate", "ificate request").replace("IFICATE", f"IFICATE{_space(name)}REQUEST")
            data = data.replace(word.encode(encoding), label.encode(encoding))
    return data


@pytest.mark.parametrize(
    "name", [name for name in {**QUIRKS, **RARER} if not any(word in name for word in _FOR_CERTIFICATES)]
)
def test_a_request_is_read_in_every_state_of_wear_that_certificates_are_read_in(name: str) -> None:
    data = requested(name, good().der)
    report = lint(data)
    assert [found.der for found in report.requests] == [good().der]
    (document,) = report.case.documents
    assert sum(len(block.span) for block in document.blocks) == len(data)


@pytest.mark.parametrize(
    "data",
    [
        good().pem,
        ca.armour("NEW CERTIFICATE REQUEST", good().der),
        good().der,
        b64encode(good().der),
        encodebytes(good().der),
        ca.armour("CERTIFICATE", good().der),
        b"\xef\xbb\xbf" + good().pem,
        b"Dear CA,\r\n\r\n" + good().pem.replace(b"\n", b"\r\n") + b"Regards\r\n",
        good().der + good().der[:40],
    ],
    ids=["pem", "keytool", "der", "base64", "base64-lines", "wrong-label", "bom", "mail", "trailing"],
)
def test_a_request_is_told_by_its_content(data: bytes) -> None:
    assert only(lint(data)).title == HOST


def signed_data(content_type: str, content: bytes) -> bytes:
    """A SignedData without signers around some content."""
    inner = sequence(ca.oid(content_type), tlv(0xA0, tlv(0x04, content)))
    signed = sequence(ca.integer(1), tlv(0x31), inner, tlv(0x31))
    return sequence(ca.oid("1.2.840.113549.1.7.2"), tlv(0xA0, signed))


def test_certreq_wraps_a_request_in_pkcs7_or_cmc() -> None:
    """`RequestType = PKCS7` has the request as the content; `CMC` in a PKIData (RFC 5272, section 3.2.1)."""
    wrapped = signed_data("1.2.840.113549.1.7.1", good().der)
    tagged = tlv(0xA0, ca.integer(1), good().der)
    pki_data = sequence(sequence(), sequence(tagged), sequence(), sequence())
    cmc = signed_data("1.3.6.1.5.5.7.12.2", pki_data)
    for data in (wrapped, cmc, ca.armour("NEW CERTIFICATE REQUEST", cmc)):
        found = only(lint(data))
        assert (found.der, found.proof) == (good().der, "verified")
        assert found.location.within == "requests[0]"


def test_several_requests_each_have_a_verdict() -> None:
    other = request("other.example.com")
    report = before_both(good().pem + other.pem)
    assert [(found.index, found.title, found.verdict.value) for found in report.requests] == [
        (0, HOST, "accepted"),
        (1, "other.example.com", "refused"),
    ]
    assert report.verdict == "refused"
    assert the(report, "hostname-mismatch").request == 1
    assert [c.title for c in report.certificates] == ["Example Issuing CA 1", "Example Root CA"], "each is there once"


def before_both(data: bytes) -> Report:
    return lint(data, issuers=pem_bundle(*hierarchy()))


def test_a_bound_on_requests_is_said_and_leaves_the_verdict_open() -> None:
    report = lint(good().pem * 3, issuers=pem_bundle(*hierarchy()), limits=fcl.Limits(requests=2))
    assert len(report.requests) == 2
    assert "1 further requests were not judged" in the(report, "limit-reached").message
    assert report.verdict == "undetermined"


def test_settings_count_against_the_bound_on_requests_too() -> None:
    report = fcl.lint(
        {"a.inf": INF.encode(), "b.csr": good().pem * 2},
        issuers=pem_bundle(*hierarchy()),
        limits=fcl.Limits(requests=2),
    )
    assert len(report.requests) == 2
    assert "1 further requests were not judged" in the(report, "limit-reached").message
    assert report.verdict == "undetermined"


def test_requests_pickle_and_copy() -> None:
    report = before(good(), *hierarchy())
    twin = pickle.loads(pickle.dumps(only(report)))
    assert (twin.der, twin.verdict, twin.proof) == (good().der, "accepted", "verified")
    assert pickle.loads(pickle.dumps(report)).to_json() == report.to_json()


# -- What Windows adds -------------------------------------------------------------------------------------------------


def bmp(text: str) -> bytes:
    return tlv(0x1E, text.encode("utf-16-be"))


@cache
def by_windows(template: str = "WebServer") -> ca.Request:
    """A request as certreq makes it: the template among the extensions, and attributes about the machine."""
    version = sequence(ca.oid("1.3.6.1.4.1.311.21.8.1.2.3"), ca.integer(100), ca.integer(7))
    wanted = (("1.3.6.1.4.1.311.20.2", False, bmp(template)), ("1.3.6.1.4.1.311.21.7", False, version))
    provider = sequence(
        ca.integer(1), bmp("Microsoft RSA SChannel Cryptographic Provider"), ca.tlv(0x03, b"\0" + bytes(8))
    )
    who = sequence(
        ca.integer(9),
        tlv(0x0C, b"WEB1.corp.example.com"),
        tlv(0x0C, b"CORP\\gadget-admin"),
        tlv(0x0C, b"certreq.exe"),
    )
    return request(
        HOST,
        extra_extensions=wanted,
        attributes=(
            attribute("1.3.6.1.4.1.311.13.2.3", tlv(0x16, b"10.0.17763.2")),
            attribute("1.3.6.1.4.1.311.21.20", who),
            attribute("1.3.6.1.4.1.311.13.2.2", provider),
        ),
    )


def test_what_windows_adds_is_read_and_who_made_it_is_not_told() -> None:
    report = lint(by_windows().pem)
    found = only(report)
    assert (found.template, found.os_version) == ("WebServer", "10.0.17763.2")
    assert found.provider == "Microsoft RSA SChannel Cryptographic Provider"
    assert found.problems == ()
    said = report.to_json() + report.render()
    assert "the names of the machine, the user and the program" in the(report, "request-made-by-windows").message
    assert "gadget-admin" not in said
    assert "WEB1" not in said


def test_extensions_in_microsofts_own_attribute_count_too() -> None:
    extensions = sequence(ca.extension("2.5.29.17", False, sequence(tlv(0x82, b"own.example.com"))))
    wanted = request(HOST, san=None, attributes=(attribute("1.3.6.1.4.1.311.2.1.14", extensions),))
    assert only(lint(wanted.pem)).dns_names == ("own.example.com",)


def test_a_template_that_is_not_for_servers_is_a_warning() -> None:
    finding = the(lint(by_windows("User").pem), "request-made-by-windows")
    assert finding.severity == "warning"
    assert "WebServer" in finding.remedy


def test_a_template_by_its_object_identifier_is_named_with_its_version() -> None:
    version = sequence(ca.oid("1.3.6.1.4.1.311.21.8.1.2.3"), ca.integer(100), ca.integer(7))
    wanted = request(HOST, extra_extensions=(("1.3.6.1.4.1.311.21.7", False, version),))
    assert only(lint(wanted.pem)).template == "1.3.6.1.4.1.311.21.8.1.2.3 100.7"


def test_a_challenge_password_is_reported_and_never_echoed() -> None:
    secret = b"correct horse battery"
    wanted = request(HOST, attributes=(attribute("1.2.840.113549.1.9.7", tlv(0x13, secret)),))
    report = lint(wanted.pem)
    finding = the(report, "request-challenge-password")
    assert finding.request == 0
    said = report.to_json() + report.render() + repr(report) + repr(report.requests)
    assert secret.decode() not in said
    assert secret.hex() not in said


def test_repeated_attributes_and_several_values_are_warnings() -> None:
    again = attribute("1.2.840.113549.1.9.14", sequence(ca.extension("2.5.29.17", False, sequence(tlv(0x82, b"x.y")))))
    assert "extensionRequest" in the(lint(request(HOST, attributes=(again,)).pem), "request-attribute-repeated").message
    two = attribute("1.3.6.1.4.1.311.13.2.3", tlv(0x16, b"6.1"), tlv(0x16, b"10.0"))
    assert "2 values" in the(lint(request(HOST, attributes=(two,)).pem), "request-attribute-repeated").message


# -- Before issue: the request itself ----------------------------------------------------------------------------------


def test_a_good_request_against_a_good_hierarchy_is_accepted_and_what_is_presumed_is_said() -> None:
    report = before(good(), *hierarchy())
    assert report.verdict == "accepted"
    assert only(report).verdict == "accepted"
    assert {finding.severity.value for finding in report.findings} == {"info"}
    assert "is presumed to sign with PKCS #1 v1.5" in the(report, "issuing-ca-signature-presumed").message
    assert [c.title for c in report.certificates] == ["Example Issuing CA 1", "Example Root CA"]
    assert [chain.certificates for chain in report.chains] == [(0, 1)]


def test_with_a_sample_nothing_but_the_trust_store_is_presumed() -> None:
    issuing, root = hierarchy()
    report = before(good(), issuing, root, issued=issuing.server("other.example.com").der, trusted=root.pem)
    assert report.verdict == "accepted"
    assert {finding.rule for finding in report.findings} == {"issuing-ca-signature-shown", "ask-the-ca"}


def test_a_request_alone_is_undetermined_and_says_what_to_give() -> None:
    report = lint(good().pem)
    assert report.verdict == "undetermined"
    finding = the(report, "issuers-not-given")
    assert "--issuers" in finding.remedy
    assert "--issued" in finding.remedy


@pytest.mark.parametrize(
    ("wanted", "rule", "field", "remedy"),
    [
        (
            lambda: request(HOST, key="rsapss2048"),
            "rsapss-public-key",
            "subjectPKInfo",
            "Make an ordinary RSA key (`openssl genpkey -algorithm RSA`",
        ),
        (
            lambda: request("other.example.com"),
            "hostname-mismatch",
            "subjectAltName",
            "Make the request anew with gadgets",
        ),
        (lambda: request(HOST, tamper=True), "request-signature-invalid", "signature", "with the server's private key"),
        (lambda: request(HOST, eku=("client_auth",)), "server-auth-missing", "extKeyUsage", "with serverAuth"),
        (
            lambda: request(HOST, key_usage=("key_encipherment",)),
            "server-use-not-allowed",
            "keyUsage",
            "with digitalSignature",
        ),
        (
            lambda: request(HOST, extra_extensions=(("1.3.6.1.4.1.99999.1", True, b"\x05\x00"),)),
            "critical-extension-unknown",
            "1.3.6.1.4.1.99999.1",
            "without that extension",
        ),
        (
            lambda: request(
                HOST, spki=sequence(sequence(ca.oid("1.2.840.10045.2.1"), sequence()), ca.bit_string(b"\4"))
            ),
            "certificate-unparseable",
            "subjectPKInfo",
            "Make the request anew",
        ),
    ],
    ids=["rsaPSS key", "host", "tampered", "purpose", "usage", "critical", "explicit curve"],
)
def test_what_the_requester_can_mend_is_refused_and_said_to_the_requester(
    wanted: Callable[[], ca.Request], rule: str, field: str, remedy: str
) -> None:
    report = before(wanted(), *hierarchy())
    assert (report.verdict, only(report).verdict) == ("refused", "refused")
    finding = the(report, rule)
    assert (finding.severity, finding.request, finding.certificate) == (Severity.ERROR, 0, None)
    assert remedy in finding.remedy
    assert finding.location is not None
    assert field in (finding.location.field or "")
    assert [chain.verdict.value for chain in report.chains] == ["accepted"], "the CA's chain has no part in it"


def weak(bits: int) -> ca.Request:
    from asn1crypto import keys

    numbers = {"modulus": (1 << bits) - 1, "public_exponent": 65537}
    info = {"algorithm": {"algorithm": "rsa"}, "public_key": keys.RSAPublicKey(numbers)}
    return request(HOST, spki=keys.PublicKeyInfo(info).dump())


def test_a_weak_key_is_refused_where_java_refuses_it_and_a_warning_where_only_cas_do() -> None:
    report = before(weak(768), *hierarchy())
    assert report.verdict == "refused"
    assert (
        the(report, "rsa-key-too-small").remedy == "Make an RSA key of at least 2048 bits, and a new request with it."
    )
    short = before(request(HOST, key="rsa1024"), *hierarchy())
    assert short.verdict == "accepted"
    assert the(short, "request-key-short").severity == "warning"


@pytest.mark.parametrize("profile", ["java-7u181", "java-11"])
def test_a_key_that_the_client_offers_nothing_for_is_refused(profile: str) -> None:
    report = before(request(HOST, key="ed25519"), *hierarchy(), profile=profile)
    assert report.verdict == "refused"
    assert the(report, "server-key-not-offered").request == 0


def test_an_elliptic_key_is_as_good_as_another_for_it_is_the_ca_that_signs() -> None:
    """The request is signed with ECDSA, which the article does not list; the certificate will not be."""
    report = before(request(HOST, key="ec256"), *hierarchy())
    assert report.verdict == "accepted"
    assert "digitalSignature in keyUsage" in the(report, "ask-the-ca").message


def test_a_request_signed_with_pss_is_a_warning_for_the_ca_signs_as_it_is_set_up() -> None:
    report = before(request(HOST, sign=ca.pss()), *hierarchy())
    finding = the(report, "request-signed-with-pss")
    assert report.verdict == "accepted"
    assert (finding.severity, finding.request) == ("warning", 0)
    assert "says nothing of how the CA will sign the certificate" in finding.message
    assert "AlternateSignatureAlgorithm = false" in finding.remedy
    assert of(before(good(), *hierarchy()), "request-signed-with-pss") == []
    newer = before(request(HOST, sign=ca.pss()), *hierarchy(), profile="java-17")
    assert the(newer, "request-signed-with-pss").severity == "notice"


def test_settings_for_a_self_signed_certificate_decide_by_their_own_signature() -> None:
    """The article counts a root's signature, and no Java does that of a trusted certificate."""
    text = INF.replace("HashAlgorithm", "AlternateSignatureAlgorithm = true\nRequestType = Cert\nHashAlgorithm")
    for profile, verdict, severity in (("finesse", "refused", "error"), (JAVA_7, "accepted", "warning")):
        report = lint(text.encode(), issuers=pem_bundle(*hierarchy()), profile=profile)
        assert (report.verdict, the(report, "request-signed-with-pss").severity) == (verdict, severity)


def test_without_a_subject_the_name_in_subject_alt_name_is_enough() -> None:
    """RFC 5280, section 4.2.1.6: the CA must then make that extension critical, and is taken to do so."""
    for profile in ("finesse", JAVA_7, "java-21"):
        assert before(request(HOST, subject=()), *hierarchy(), profile=profile).verdict == "accepted"


def test_a_request_for_a_ca_is_a_warning_and_the_server_is_judged_all_the_same() -> None:
    wanted = request(HOST, extra_extensions=(("2.5.29.19", True, b"\x30\x03\x01\x01\xff"),))
    report = before(wanted, *hierarchy())
    assert the(report, "request-for-ca").severity == "warning"
    assert report.verdict == "accepted"


def test_a_common_name_alone_is_enough_for_java_and_a_warning() -> None:
    report = before(request(HOST, san=None), *hierarchy())
    assert report.verdict == "accepted"
    assert "browsers do not" in the(report, "request-without-alternative-name").message


# -- Before issue: the CA ----------------------------------------------------------------------------------------------


def test_a_root_signed_with_pss_is_refused_by_the_article_and_passed_over_by_java() -> None:
    """Observed on 7u181: a trusted certificate's own signature is not checked."""
    _, issuing, root = article_chain()
    report = before(good(), issuing, root)
    finding = the(report, "signature-algorithm-unsupported")
    assert report.verdict == "refused"
    assert (finding.certificate, finding.role, finding.request) == (1, "root", None)
    assert "The administrator of Example Root CA sets AlternateSignatureAlgorithm=0" in finding.remedy
    by_java = before(good(), issuing, root, profile=JAVA_7)
    assert by_java.verdict == "accepted"
    assert the(by_java, "issuing-ca-signature-presumed").severity == "warning", "the hierarchy gives reason to ask"


@pytest.mark.parametrize("profile", ["finesse", JAVA_7])
def test_an_issuing_ca_signed_with_pss_is_refused_by_both(profile: str) -> None:
    _, root = hierarchy()
    report = before(good(), root.authority("Example Issuing CA 1", sign=ca.pss()), root, profile=profile)
    assert report.verdict == "refused"
    assert the(report, "signature-algorithm-unsupported").certificate == 0


@pytest.mark.parametrize("profile", ["finesse", JAVA_7])
def test_a_ca_whose_samples_are_signed_with_pss_is_refused_and_the_sample_is_named(profile: str) -> None:
    issuing, root = hierarchy()
    sample = issuing.server("other.example.com", sign=ca.pss())
    report = before(good(), issuing, root, issued={"sample.cer": sample.der}, profile=profile)
    assert (report.verdict, only(report).verdict) == ("refused", "refused")
    finding = the(report, "issuing-ca-signature-refused")
    assert (finding.certificate, finding.request) == (2, 0)
    assert report.certificates[2].der == sample.der
    assert "Example Issuing CA 1 signs with RSASSA-PSS" in finding.message
    assert "other.example.com signed (sample.cer" in finding.message
    assert "The administrator of Example Issuing CA 1" in finding.remedy
    assert "The request itself need not be changed" in finding.remedy


def test_the_sample_that_tells_may_stand_behind_any_number_of_others() -> None:
    issuing, root = hierarchy()
    older = [
        issuing.server(f"{month}.example.com", not_before=datetime(2025, month, 1, tzinfo=UTC)) for month in range(1, 9)
    ]
    newest = issuing.server("newest.example.com", sign=ca.pss(), not_before=datetime(2026, 1, 1, tzinfo=UTC))
    report = before(good(), issuing, root, issued=pem_bundle(*older, newest))
    assert (report.verdict, report.rules.crashed) == ("refused", ())
    finding = the(report, "issuing-ca-signature-refused")
    assert finding.certificate is not None
    assert report.certificates[finding.certificate].der == newest.der
    assert (finding.role, report.roles[finding.certificate]) == ("leaf", "leaf")


def test_a_java_that_has_pss_takes_such_a_ca() -> None:
    issuing, root = hierarchy()
    sample = issuing.server("other.example.com", sign=ca.pss())
    assert before(good(), issuing, root, issued=sample.pem, profile="java-17").verdict == "accepted"


def test_a_ca_that_signs_over_sha1_is_accepted_with_a_notice() -> None:
    issuing, root = hierarchy()
    report = before(good(), issuing, root, issued=issuing.server("other.example.com", sign="SHA1withRSA").pem)
    assert report.verdict == "accepted"
    finding = the(report, "issuing-ca-signature-shown")
    assert finding.severity == "notice"
    assert finding.remedy.startswith("Ask for SHA-256.")
    assert finding.message.endswith(".")


def test_the_newest_sample_decides_and_an_older_one_shows_that_something_changed() -> None:
    issuing, root = hierarchy()
    old = issuing.server("old.example.com", sign=ca.pss(), not_before=datetime(2024, 1, 1, tzinfo=UTC))
    new = issuing.server("new.example.com", not_before=datetime(2026, 1, 1, tzinfo=UTC))
    report = before(good(), issuing, root, issued=pem_bundle(old, new))
    assert report.verdict == "accepted"
    finding = the(report, "issuing-ca-signature-shown")
    assert finding.severity == "notice"
    assert "An older one, old.example.com" in finding.message
    back = issuing.server("new.example.com", sign=ca.pss(), not_before=datetime(2026, 6, 1, tzinfo=UTC))
    assert before(good(), issuing, root, issued=pem_bundle(new, back)).verdict == "refused"


def test_of_samples_that_are_equally_new_one_that_would_be_refused_tells() -> None:
    issuing, root = hierarchy()
    samples = (issuing.server("a.example.com"), issuing.server("b.example.com", sign=ca.pss()))
    for order in (samples, samples[::-1]):
        assert before(good(), issuing, root, issued=pem_bundle(*order)).verdict == "refused"


def test_a_sample_may_bring_its_chain_and_a_chain_its_sample() -> None:
    issuing, root = hierarchy()
    sample = issuing.server("other.example.com", sign=ca.pss())
    for options in (
        {"issued": ca.pkcs7(sample, issuing, root)},
        {"issuers": pem_bundle(sample, issuing, root)},
        {"issuers": pem_bundle(issuing, root), "issued": ca.pkcs7(sample, issuing, root)},
        {"issuers": [issuing.der, root.der], "issued": [sample.der]},
    ):
        report = lint(good().pem, **options)
        assert report.verdict == "refused"
        finding = the(report, "issuing-ca-signature-refused")
        assert report.certificates[finding.certificate or 0].der == sample.der


def test_samples_without_a_chain_show_how_the_ca_signs_and_no_more() -> None:
    issuing, _ = hierarchy()
    assert lint(good().pem, issued=issuing.server("o.example.com", sign=ca.pss()).pem).verdict == "refused"
    report = lint(good().pem, issued=issuing.server("o.example.com").pem)
    assert report.verdict == "undetermined"
    assert "1 that it has issued were" in the(report, "issuers-not-given").message


def test_a_sample_of_another_ca_says_nothing() -> None:
    issuing, root = hierarchy()
    stranger = Authority("Another CA").server("other.example.com", sign=ca.pss())
    report = before(good(), issuing, root, issued=stranger.pem)
    assert report.verdict == "accepted"
    assert the(report, "sample-of-another-ca").certificate == 2
    assert the(report, "issuing-ca-signature-presumed").severity == "warning"


def test_a_sample_from_before_the_ca_was_renewed_with_a_new_key_still_counts() -> None:
    issuing, root = hierarchy()
    former = root.authority("Example Issuing CA 1", key=ca.key("rsa2048", "former"))
    sample = former.server("other.example.com", sign=ca.pss())
    report = before(good(), issuing, root, issued=sample.pem)
    assert report.verdict == "refused"
    assert "with another key of that CA" in the(report, "issuing-ca-signature-refused").message


def test_a_sample_that_the_cas_key_cannot_have_signed_tells_nothing() -> None:
    """The CA was renewed with a key of another kind; what it signs now does not follow from what it signed then."""
    _, root = hierarchy()
    rsa, elliptic = root.authority("Example Issuing CA 1"), root.authority("Example Issuing CA 1", key="ec256")
    now_elliptic = before(good(), elliptic, root, issued=rsa.server("other.example.com").pem)
    assert now_elliptic.verdict == "refused"
    assert "has a key of the type EC" in the(now_elliptic, "issuing-ca-signature-refused").message
    now_rsa = before(good(), rsa, root, issued=elliptic.server("other.example.com").pem)
    assert now_rsa.verdict == "accepted"
    presumed = the(now_rsa, "issuing-ca-signature-presumed")
    assert presumed.severity == "warning"
    assert "signed with a key of another kind" in presumed.message


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_a_ca_that_was_renewed_with_another_key_the_newest_certificate_counts(newest_first: bool) -> None:
    """A former certificate with another key is no way round what is wrong with the one that issues now."""
    _, root = hierarchy()
    former = root.authority("Example Issuing CA 1")
    faults: list[dict[str, Any]] = [{"sign": ca.pss()}, {"not_after": datetime(2026, 6, 1, tzinfo=UTC)}]
    for knobs in faults:
        now = root.authority(
            "Example Issuing CA 1", key=ca.key("rsa2048", "new"), not_before=datetime(2026, 1, 1, tzinfo=UTC), **knobs
        )
        order = (now, former) if newest_first else (former, now)
        for profile in ("finesse", JAVA_7):
            assert before(good(), *order, root, profile=profile).verdict == "refused"
    good_now = root.authority(
        "Example Issuing CA 1", key=ca.key("rsa2048", "new"), not_before=datetime(2026, 1, 1, tzinfo=UTC)
    )
    expired = root.authority("Example Issuing CA 1", not_after=datetime(2025, 1, 1, tzinfo=UTC))
    order = (good_now, expired) if newest_first else (expired, good_now)
    for profile in ("finesse", JAVA_7):
        assert before(good(), *order, root, profile=profile).verdict == "accepted"


@pytest.mark.parametrize("profile", ["finesse", JAVA_7])
def test_a_ca_that_was_renewed_with_its_key_is_accepted_by_the_certificate_that_works(profile: str) -> None:
    """What the article's remedy leaves behind: in the file are the certificate signed with RSASSA-PSS and its successor."""
    _, root = hierarchy()
    former = root.authority("Example Issuing CA 1", sign=ca.pss())
    now = former.renew(sign="SHA256withRSA")
    for order in ((former, now), (now, former)):
        assert before(good(), *order, root, profile=profile).verdict == "accepted"


def test_the_chain_may_come_with_the_samples_where_no_ca_is_among_the_issuers() -> None:
    issuing, root = hierarchy()
    policy = b'[Version]\nSignature="$Windows NT$"\n[certsrv_server]\nAlternateSignatureAlgorithm=0\n'
    sample = issuing.server("other.example.com").pem
    for issuers in (sample, {"CAPolicy.inf": policy}):
        report = lint(good().pem, issuers=issuers, issued=sample + pem_bundle(issuing, root))
        assert report.verdict == "accepted"
        assert of(report, "issuers-not-given") == []


def test_a_ca_that_came_with_a_sample_does_not_make_its_root_one_that_issues_to_servers() -> None:
    issuing, root = hierarchy()
    former = root.authority("Example Issuing CA 1", key=ca.key("rsa2048", "former"))
    report = before(good(), issuing, root, issued=pem_bundle(issuing.server("other.example.com"), former, root))
    assert of(report, "issuing-ca-ambiguous") == []


@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [
        ("ec256", "ecdsa-with-SHA256"),
        ("ec384", "ecdsa-with-SHA384"),
        ("ed25519", "Ed25519"),
        ("rsapss2048", "RSASSA-PSS"),
    ],
)
def test_a_ca_whose_key_can_sign_in_one_way_only_needs_no_sample(kind: str, algorithm: str) -> None:
    _, root = hierarchy()
    report = before(good(), root.authority("Other CA", key=kind), root)
    assert report.verdict == "refused"
    finding = the(report, "issuing-ca-signature-refused")
    assert algorithm in finding.message
    assert "Have the certificate issued by a CA with an RSA key" in finding.remedy


def test_a_ca_with_an_elliptic_key_is_good_for_a_java_that_has_ecdsa() -> None:
    _, root = hierarchy()
    assert before(good(), root.authority("Other CA", key="ec256"), root, profile=JAVA_7).verdict == "accepted"


def test_a_root_that_issues_by_itself_and_signed_itself_with_pss_needs_a_sample() -> None:
    own = Authority("Example Root CA", sign=ca.pss())
    assert before(good(), own).verdict == "refused", "the article counts the root"
    report = before(good(), own, profile=JAVA_7)
    assert report.verdict == "undetermined"
    assert (
        "Give a certificate that Example Root CA has issued lately"
        in the(report, "issuing-ca-signature-doubtful").remedy
    )
    sample = own.server("other.example.com", sign="SHA256withRSA")
    assert before(good(), own, profile=JAVA_7, issued=sample.pem).verdict == "accepted"


@pytest.mark.parametrize(
    ("knobs", "rule"),
    [
        ({"not_after": datetime(2025, 1, 1, tzinfo=UTC)}, "certificate-expired"),
        ({"ca": None}, "ca-flag-missing"),
        ({"key_usage": ("digital_signature",)}, "key-cert-sign-missing"),
        ({"key": "rsa1024", "spki": b""}, None),
    ],
    ids=["expired", "no CA", "no keyCertSign", "no key"],
)
def test_what_is_wrong_with_the_ca_is_said_of_the_ca(knobs: dict[str, Any], rule: str | None) -> None:
    _, root = hierarchy()
    if rule is None:
        report = before(good(), root.authority("Other CA", spki=sequence(sequence(ca.NULL), ca.bit_string(b"x"))), root)
        assert report.verdict != "accepted"
        return
    report = before(good(), root.authority("Other CA", **knobs), root)
    assert report.verdict == "refused"
    finding = the(report, rule)
    assert (finding.certificate, finding.request) == (0, None)


def test_names_that_the_ca_may_not_issue_for_are_the_requesters_matter() -> None:
    _, root = hierarchy()
    permitted = ("2.5.29.30", True, sequence(tlv(0xA0, sequence(tlv(0x82, b"other.example.com")))))
    report = before(good(), root.authority("Other CA", extra_extensions=(permitted,)), root)
    assert report.verdict == "refused"
    finding = the(report, "name-constraints-violated")
    assert (finding.request, finding.certificate) == (0, None)
    assert "have another CA answer it" in finding.remedy


def test_a_policy_that_a_ca_insists_on_leaves_the_verdict_open() -> None:
    _, root = hierarchy()
    insists = ("2.5.29.36", True, b"\x30\x03\x80\x01\x00")
    report = before(good(), root.authority("Other CA", extra_extensions=(insists,)), root)
    assert report.verdict == "undetermined"
    assert "under which policy" in the(report, "issuance-policy-unknown").remedy


def test_a_path_length_that_leaves_no_room_is_found_before_issue() -> None:
    _, root = hierarchy()
    upper = root.authority("Policy CA", path_length=0)
    report = before(good(), upper.authority("Lower CA"), upper, root)
    assert report.verdict == "refused"
    assert the(report, "path-length-exceeded").certificate == 1


def test_without_the_root_the_verdict_is_open_and_the_root_is_asked_for() -> None:
    issuing, root = hierarchy()
    report = before(good(), issuing)
    assert report.verdict == "undetermined"
    assert the(report, "root-missing").certificate == 0
    assert before(good(), issuing, trusted=root.pem).verdict == "accepted"
    assert before(good(), issuing, root, trusted=Authority("Another Root CA").pem).verdict == "refused"


def test_several_cas_that_could_issue_must_agree() -> None:
    _, root = hierarchy()
    one, two = root.authority("CA 1"), root.authority("CA 2")
    bad = root.authority("CA 2", sign=ca.pss())
    report = before(good(), one, two, root)
    assert report.verdict == "accepted"
    assert "2 CAs could issue: CA 1, CA 2" in the(report, "issuing-ca-ambiguous").message.replace(
        "CA 2, CA 1", "CA 1, CA 2"
    )
    assert before(good(), one, bad, root).verdict == "undetermined"
    told = before(good(), one, bad, root, issued=one.server("other.example.com").pem)
    assert told.verdict == "accepted"
    assert [c.title for c in told.certificates] == ["CA 1", "CA 2", "Example Root CA", "other.example.com"]


def test_what_breaks_the_path_through_one_of_several_cas_is_said_of_that_one() -> None:
    _, root = hierarchy()
    sound, expired = root.authority("CA 1"), root.authority("CA 2", not_after=datetime(2025, 1, 1, tzinfo=UTC))
    for order in ((sound, expired), (expired, sound)):
        report = before(good(), *order, root, profile=JAVA_7)
        assert report.verdict == "undetermined"
        finding = the(report, "certificate-expired")
        assert (finding.severity, finding.certificate) == ("error", order.index(expired))
        verdicts = {chain.certificates[0]: chain.verdict.value for chain in report.chains}
        assert verdicts == {order.index(sound): "accepted", order.index(expired): "refused"}
        assert of(report, "stray-certificate") == [], "each is on the path through it"


def test_cas_that_have_no_part_in_the_chain_do_not_make_it_too_long() -> None:
    _, root = hierarchy()
    many = [root.authority(f"CA {number}", key="ec256") for number in range(11)] + [root.authority("CA 11")]
    sample = many[-1].server("other.example.com")
    assert before(good(), *many, root, issued=sample.pem, profile="java-17").verdict == "accepted"


def test_a_cross_signed_ca_has_two_paths_of_which_one_is_enough() -> None:
    _, root = hierarchy()
    by_bad = Authority("Old Root CA", sign=ca.pss()).authority("Example Issuing CA 9", sign="SHA256withRSA")
    report = before(good(), by_bad, by_bad.cross_sign(root), by_bad.issuer or root, root)
    assert report.verdict == "accepted"
    assert sorted(chain.verdict.value for chain in report.chains) == ["accepted", "refused"]


def test_one_key_for_the_ca_and_the_request_is_no_way_round_the_chain() -> None:
    """A request for the CA's own name and key must not make the certificate to be an issuer or a root."""
    issuing, root = hierarchy()
    for authority in (issuing, root):
        wanted = request(authority.common_name, key=authority.key, san=(HOST,))
        report = before(wanted, issuing, root, trusted=Authority("Another Root CA").pem)
        assert report.verdict == "refused"


def test_issuers_complete_the_chain_of_a_certificate() -> None:
    """What a CA's hook hands over is the server's certificate alone."""
    server, issuing, root = good_chain()
    report = lint(server.pem, issuers=pem_bundle(issuing, root))
    assert report.verdict == "accepted"
    assert [c.title for c in report.certificates] == [HOST, "Example Issuing CA 1", "Example Root CA"]
    whole = lint(pem_bundle(server, issuing), issuers=pem_bundle(issuing, root))
    assert [c.title for c in whole.certificates] == [HOST, "Example Issuing CA 1", "Example Root CA"]


@pytest.mark.parametrize("option", ["issuers", "issued", "request"])
def test_what_holds_nothing_of_its_kind_is_an_input_error_that_names_it(option: str) -> None:
    wrong = pem_bundle(*hierarchy()) if option == "request" else good().pem
    with pytest.raises(fcl.InputError, match=rf"{option}: there is no certificate.* Give"):
        lint(good().pem, **{option: wrong})
    with pytest.raises(fcl.InputError, match=r"ca\.txt: no certificate"):
        lint(good().pem, **{option: {"ca.txt": b"\xfa\xfb" * 50}})


def test_damage_in_what_was_given_beside_leaves_the_verdict_open() -> None:
    issuing, root = hierarchy()
    report = lint(good().pem, issuers=pem_bundle(issuing, root) + issuing.pem[:200])
    assert of(report, "block-damaged")
    assert report.verdict == "undetermined"


def test_other_clients_are_asked_about_a_request_too() -> None:
    issuing, root = hierarchy()
    report = before(good(), issuing, root, issued=issuing.server("o.example.com", sign=ca.pss()).pem)
    assert report.compare().accepted_by == ("java-8u504", "java-11", "java-17", "java-21")


def test_a_person_sees_the_request_the_ca_that_would_issue_and_the_sample() -> None:
    issuing, root = hierarchy()
    sample = issuing.server("other.example.com", sign=ca.pss())
    report = lint(
        request(HOST, san=(HOST, "192.0.2.7")).pem, name="r.csr", issuers=pem_bundle(issuing, root), issued=sample.pem
    )
    lines = report.render().splitlines()
    assert lines[0].startswith("refused   r.csr   by finesse: ")
    assert lines[2].split() == ["request", "x", HOST, "RSA", "2048", "signed", "with", "sha256WithRSAEncryption"]
    assert lines[3].strip() == f"for {HOST}, 192.0.2.7"
    assert lines[5].split()[:6] == ["would", "issue", "Example", "Issuing", "CA", "1"]
    assert "  issued to others before" in lines
    assert "error  issuing-ca-signature-refused   leaf: other.example.com (certificate 3 of 3, issued, line 1)" in lines
    assert f"info  ask-the-ca   request: {HOST} (r.csr, line 1)" in lines
    accepted = before(good(), issuing, root).render()
    assert "As far as can be known before it is issued" in " ".join(accepted.split())


def test_names_in_a_request_are_harmless_on_a_screen() -> None:
    evil = "evil\x1b[31m\u202e\nname"
    report = lint(request(evil, san=("a\x1b[2J.example.com",)).pem)
    for said in (report.render(), report.to_json()):
        assert "\x1b" not in said
        assert "\u202e" not in said
    assert "evil\\1B[31m\\E2\\80\\AE\\0Aname" in report.render()
    text = 'evil\x1b[31m\u202e = x\n[NewRequest]\nSubject = "CN=evil\x1b[31m"\nevil\x1b[31m = 1\nevil\x1b[1m\n'
    assert "\x1b" not in lint(text.encode("utf-16")).render()


# -- Real programs -----------------------------------------------------------------------------------------------------


def needs(program: str) -> str:
    found = shutil.which(program)
    if not found:
        pytest.skip(f"needs {program}")
    return found


def run(*command: str) -> bytes:
    return subprocess.run(command, capture_output=True, check=True).stdout


OPENSSL = {
    "plain": (["-newkey", "rsa:2048"], "verified", set()),
    "names": (["-newkey", "rsa:2048", "-addext", f"subjectAltName=DNS:{HOST},IP:192.0.2.7"], "verified", set()),
    "elliptic": (["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "verified", set()),
    "ed25519": (["-newkey", "ed25519"], "verified", set()),
    "sha1": (["-newkey", "rsa:2048", "-sha1"], "verified", {"request-weak-hash"}),
    "pss": (["-newkey", "rsa:2048", "-sigopt", "rsa_padding_mode:pss"], "verified", {"request-signed-with-pss"}),
    "pss key": (["-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"], "verified", {"rsapss-public-key"}),
}


@pytest.mark.parametrize("name", OPENSSL)
def test_requests_of_openssl(name: str, tmp_path: Path) -> None:
    options, proof, rules = OPENSSL[name]
    needs("openssl")
    made = run(
        "openssl", "req", "-new", "-nodes", "-keyout", str(tmp_path / "k"), "-subj", f"/O=Example/CN={HOST}", *options
    )
    report = lint(made)
    found = only(report)
    assert (found.title, found.proof, found.problems) == (HOST, proof, ())
    assert rules <= {finding.rule for finding in report.findings}
    assert report.rules.crashed == ()
    if name == "names":
        assert (found.dns_names, found.ip_addresses) == ((HOST,), ("192.0.2.7",))


@pytest.mark.slow
def test_requests_of_keytool(tmp_path: Path) -> None:
    needs("keytool")
    store = ["-keystore", str(tmp_path / "s.p12"), "-storepass", "changeit", "-alias", "gadgets"]
    run("keytool", "-genkeypair", *store, "-keyalg", "RSA", "-keysize", "2048", "-dname", f"CN={HOST}, O=Example")
    for options, rule in (([], None), (["-sigalg", "RSASSA-PSS"], "request-signed-with-pss")):
        made = run("keytool", "-certreq", *store, "-ext", f"san=dns:{HOST}", "-ext", "eku=serverAuth", *options)
        assert b"NEW CERTIFICATE REQUEST" in made
        report = lint(made)
        found = only(report)
        assert (found.dns_names, found.proof, found.problems) == ((HOST,), "verified", ())
        assert rule is None or of(report, rule)


def test_requests_of_pyca_cryptography() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    builder = (
        pyca.CertificateSigningRequestBuilder()
        .subject_name(pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, HOST)]))
        .add_extension(pyca.SubjectAlternativeName([pyca.DNSName(HOST)]), critical=False)
        .add_extension(pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_attribute(pyca.oid.AttributeOID.CHALLENGE_PASSWORD, b"secret!")
    )
    report = lint(builder.sign(key, hashes.SHA384()).public_bytes(Encoding.PEM))
    found = only(report)
    assert (found.dns_names, found.proof, found.problems) == ((HOST,), "verified", ())
    assert (str(found.public_key), found.challenge_password) == ("EC secp384r1", True)


# -- Whatever the bytes ------------------------------------------------------------------------------------------------


@cache
def seeds() -> tuple[bytes, ...]:
    small = request(HOST, key="ec256", attributes=(attribute("1.3.6.1.4.1.311.13.2.3", tlv(0x16, b"10.0.1")),))
    return small.pem, small.der, by_windows().der, INF.encode(), INF.encode("utf-16"), signed_data("1.2.3", small.der)


@cache
def small_chain() -> bytes:
    root = Authority("R", key="ec256")
    return pem_bundle(root.server("s.example.com", key="ec256"), root.authority("I", key="ec256"), root)


def contract(data: bytes) -> None:
    """A report or InputError; no rule crashes; every byte is accounted for; and the JSON holds what the text does."""
    for options in ({}, {"issuers": small_chain()}):
        try:
            report = lint(data, **options)
        except fcl.InputError:
            return
        assert report.rules.crashed == ()
        document = report.case.documents[0]
        assert sum(len(block.span) for block in document.blocks) == document.size == len(data)
        assert len(json.loads(report.to_json())["requests"]) == len(report.requests)
        assert report.render("text")


FEW = settings(max_examples=40)  # each is judged twice, and judging takes its time


@FEW
@given(st.integers(0, 5), st.floats(0, 1, exclude_max=True), st.integers(0, 255))
def test_any_one_byte_altered(seed: int, place: float, byte: int) -> None:
    data = bytearray(seeds()[seed])
    data[int(place * len(data))] = byte
    contract(bytes(data))


@FEW
@given(st.integers(0, 5), st.floats(0, 1, exclude_max=True), st.floats(0, 1))
def test_any_stretch_taken_out(seed: int, place: float, length: float) -> None:
    data = seeds()[seed]
    start = int(place * len(data))
    contract(data[:start] + data[start + 1 + int(length**4 * len(data)) :])


@FEW
@given(st.integers(0, 5), st.floats(0, 1))
def test_any_truncation(seed: int, place: float) -> None:
    data = seeds()[seed]
    contract(data[: int(place * len(data))])


@FEW
@given(st.integers(0, 5), st.floats(0, 1), st.binary(min_size=1, max_size=40))
@example(3, 0.4, b'"""""\r[NewRequest]\r=\r_continue_ = x')
def test_anything_inserted(seed: int, place: float, inserted: bytes) -> None:
    data = seeds()[seed]
    start = int(place * len(data))
    contract(data[:start] + inserted + data[start:])


@FEW
@given(st.text(alphabet='[]NewRquestxion;=%" \\\r\n.,{}&0123456789_csrv', max_size=300))
def test_any_text_of_settings(text: str) -> None:
    contract(f'[NewRequest]\nSubject="CN=x"\n{text}'.encode())


@FEW
@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=60))
def test_any_subject_attributes_and_key(subject: bytes, attributes: bytes, key: bytes) -> None:
    info = sequence(ca.integer(0), tlv(0x30, subject), tlv(0x30, key), tlv(0xA0, attributes))
    contract(
        ca.armour("CERTIFICATE REQUEST", sequence(info, ca.algorithm("1.2.840.113549.1.1.11"), ca.bit_string(b"x")))
    )


@FEW
@given(st.binary(max_size=80))
def test_a_samples_and_an_issuers_bytes_may_be_anything_too(data: bytes) -> None:
    chain = small_chain()
    for option in ("issuers", "issued", "request"):
        try:
            report = lint(good().pem, **{option: chain[: len(data) * 9] + data + chain[len(data) * 9 :]})
        except fcl.InputError:
            continue
        assert report.rules.crashed == ()
        assert report.to_json()


@pytest.mark.parametrize(
    "at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)], ids=["first", "last"]
)
def test_the_ends_of_time_end_in_a_report(at: datetime) -> None:
    report = fcl.lint(good().pem, at=at, issuers=pem_bundle(*hierarchy()))
    assert report.rules.crashed == ()
    assert report.verdict == "refused"
