"""After issue: what a CA delivered, held against the request that it was to answer."""

from datetime import UTC, datetime
from typing import Any

import ca
from ca import Issued, Server, pem_bundle, request
from test_requests import HOST, good, hierarchy, lint, of, only, the

import finesse_certlint as fcl
from finesse_certlint import Report


def answered(server: Issued, wanted: ca.Request, **options: Any) -> Report:
    issuing, root = hierarchy()
    return lint(pem_bundle(server, issuing, root), request=wanted.pem, **options)


def issue(wanted: ca.Request, **knobs: Any) -> Server:
    issuing, _ = hierarchy()
    return issuing.server(HOST, key=wanted.key, **knobs)


def test_what_was_asked_and_delivered_is_accepted_and_where_it_goes_is_said() -> None:
    report = answered(issue(good()), good())
    assert report.verdict == "accepted"
    found = only(report)
    assert (found.answered, found.certificate, found.verdict) == (True, 0, "accepted")
    finding = the(report, "upload-order")
    issuing, root = hierarchy()
    fingerprints = [c.fingerprint_sha256 for c in report.certificates]
    assert finding.evidence["tomcat_trust"] == [fingerprints[2], fingerprints[1]], "the root first, then downwards"
    assert finding.evidence["server"] == fingerprints[:2]
    steps = finding.remedy.split("\n")
    assert f"upload {root.common_name} with the purpose tomcat-trust" in steps[0]
    assert f"Upload {issuing.common_name}" in steps[1]
    assert "Restart Finesse" in steps[2]
    assert f"one file with {HOST}, then {issuing.common_name}" in steps[3]


def test_another_key_is_refused() -> None:
    report = answered(issue(request(HOST)), request(HOST, key="ec256"))
    finding = the(report, "delivered-key-differs")
    assert (report.verdict, only(report).certificate) == ("refused", None)
    assert (finding.certificate, finding.request) == (0, 0)
    assert "(RSA 2048) is not the one in the request" in finding.message
    assert of(report, "upload-order") == []


def test_a_chain_without_the_servers_certificate_is_refused_for_the_request() -> None:
    report = lint(pem_bundle(*hierarchy()), request=good().pem)
    assert report.verdict == "refused"
    assert "None of the 2 certificates" in the(report, "delivered-key-differs").message


def test_a_name_that_was_dropped_is_refused_or_a_warning_where_the_host_fits() -> None:
    wanted = request(HOST, san=(HOST, "www.example.com", "192.0.2.7", "*.example.org"))
    report = answered(issue(wanted), wanted, hostname=None)
    finding = the(report, "delivered-name-missing")
    assert (report.verdict, finding.severity) == ("refused", "error")
    assert finding.evidence["missing"] == ["www.example.com", "*.example.org", "192.0.2.7"]
    fits = answered(issue(wanted), wanted, hostname=HOST)
    assert (fits.verdict, the(fits, "delivered-name-missing").severity) == ("accepted", "warning")
    kept = issue(wanted, san=(HOST, "www.example.com", "192.0.2.7", "*.example.org"))
    assert of(answered(kept, wanted), "delivered-name-missing") == []


def test_a_use_that_was_dropped_is_a_warning() -> None:
    wanted = request(HOST, eku=("server_auth", "client_auth"), key_usage=("digital_signature", "key_agreement"))
    finding = the(answered(issue(wanted), wanted), "delivered-usage-missing")
    assert finding.evidence["missing"] == ["1.3.6.1.5.5.7.3.2", "keyAgreement"]


def test_of_what_has_expired_nothing_says_until_when_it_holds() -> None:
    report = answered(issue(good(), not_after=datetime(2026, 1, 1, tzinfo=UTC)), good())
    assert of(report, "certificate-expired")
    assert of(report, "delivered-validity") == []


def test_a_ca_that_ends_first_is_a_warning_with_the_day() -> None:
    _, root = hierarchy()
    short = root.authority("Short CA", not_after=datetime(2027, 1, 1, tzinfo=UTC))
    server = short.server(HOST, key=good().key)
    report = lint(pem_bundle(server, short, root), request=good().pem)
    finding = the(report, "delivered-validity")
    assert finding.severity == "warning"
    assert "only until 2027-01-01: the chain ends then, in 39 days" in finding.message


def test_a_delivered_certificate_signed_with_pss_is_refused_whatever_was_asked() -> None:
    report = answered(issue(good(), sign=ca.pss()), good())
    assert report.verdict == "refused"
    assert the(report, "signature-algorithm-unsupported").certificate == 0


def test_without_a_root_the_upload_begins_with_getting_it() -> None:
    issuing, _ = hierarchy()
    report = lint(pem_bundle(issue(good()), issuing), request=good().pem)
    assert the(report, "upload-order").remedy.startswith("1. Get the certificate of Example Root CA, which is not here")


def test_a_wildcard_or_an_odd_name_that_was_kept_is_not_missing() -> None:
    for name, san in (("*.example.com", None), ("my_host.example.com", ("my_host.example.com",))):
        wanted = request(name, san=san)
        report = answered(hierarchy()[0].server(name, key=wanted.key, san=san), wanted, hostname=None)
        assert of(report, "delivered-name-missing") == []
        assert report.verdict == "accepted"


def test_an_address_in_the_common_name_alone_is_missing() -> None:
    wanted = request("192.0.2.7")
    server = hierarchy()[0].server("192.0.2.7", key=wanted.key, san=None)
    assert the(answered(server, wanted, hostname=None), "delivered-name-missing").evidence["missing"] == ["192.0.2.7"]


def test_a_common_name_that_is_no_hosts_is_not_asked_for_as_a_host() -> None:
    wanted = request("Gadget Server v1.2", san=None)
    server = hierarchy()[0].server("Gadget Server v1.2", key=wanted.key, san=(HOST,))
    assert of(answered(server, wanted, hostname=None), "delivered-name-missing") == []


def test_a_use_that_was_dropped_stands_in_the_extension_that_lacks_it() -> None:
    wanted = request(HOST, key_usage=("digital_signature", "key_agreement"))
    location = the(answered(issue(wanted), wanted), "delivered-usage-missing").location
    assert location is not None
    assert location.field == "tbsCertificate.extensions.keyUsage"


def test_of_several_that_were_delivered_each_request_has_its_own_verdict() -> None:
    other = request("other.example.com")
    expired = hierarchy()[0].server("other.example.com", key=other.key, not_after=datetime(2025, 1, 1, tzinfo=UTC))
    delivered = pem_bundle(issue(good()), expired, *hierarchy())
    report = lint(delivered, request=good().pem + other.pem, hostname=None)
    assert [found.verdict.value for found in report.requests] == ["accepted", "refused"]
    assert report.verdict == "refused"
    # Java takes the first for the server's own, so that the other was not judged, and nothing of it is accepted.
    by_java = lint(delivered, request=good().pem + other.pem, hostname=None, profile="java-17")
    assert [found.verdict.value for found in by_java.requests] == ["accepted", "undetermined"]
    assert by_java.verdict == "undetermined"
    finding = the(by_java, "stray-certificate")
    assert (finding.severity, finding.certificate) == ("warning", 1)
    assert "answers the request for other.example.com, and was not judged" in finding.message


def test_what_breaks_the_connection_breaks_it_for_every_request() -> None:
    other = request("other.example.com")
    servers = (issue(good()), hierarchy()[0].server("other.example.com", key=other.key))
    # Empty names of CAs are what no Java reads.
    junk = ca.Authority("Junk", subject=())
    report = lint(pem_bundle(*servers, junk, *hierarchy()), request=good().pem + other.pem, hostname=None)
    assert [found.verdict.value for found in report.requests] == ["refused", "refused"]


def test_a_bound_on_requests_that_were_answered_is_said_too() -> None:
    report = answered(issue(good()), good(), limits=fcl.Limits(requests=1))
    assert report.verdict == "accepted"
    both = lint(
        pem_bundle(issue(good()), *hierarchy()),
        request=good().pem + request("b.example.com").pem,
        limits=fcl.Limits(requests=1),
    )
    assert "1 further requests were not judged" in the(both, "limit-reached").message
    assert both.verdict == "undetermined"
