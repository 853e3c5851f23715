"""Reports travel: what was written as JSON or pickled comes back as an equal report that looks the same."""

import json
import pickle
from base64 import b64encode
from hashlib import sha256
from typing import Any

import attrs
import pytest
from ca import article_chain, good_chain, oid, pem_bundle, request, sequence, tlv
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import AT, INPUTS, example, report_of

import finesse_certlint as fcl
from finesse_certlint import Report
from finesse_certlint.findings import Finding, Severity
from finesse_certlint.handshake import CertificateRequest, ClientHello, Handshake, KeyExchange, ServerHello
from finesse_certlint.render import FORMATS
from finesse_certlint.request import Request


def through_json(report: Report) -> Report:
    """The report as another machine gets it."""
    return Report.from_dict(json.loads(report.to_json()))


@pytest.mark.parametrize("name", INPUTS)
def test_a_report_comes_back_equal(name: str) -> None:
    report = report_of(name)
    assert through_json(report) == Report.from_dict(report.to_dict()) == pickle.loads(pickle.dumps(report)) == report
    assert through_json(report).to_json() == report.to_json()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", INPUTS)
def test_every_form_of_it_is_the_same_to_the_byte(name: str, format: str) -> None:
    report = report_of(name)
    assert through_json(report).render(format) == report.render(format)
    assert pickle.loads(pickle.dumps(report)).render(format) == report.render(format)


def test_what_reports_have_in_common_is_there_once_when_they_come_back_one_by_one() -> None:
    """So do workers send them, by the thousand."""
    reports = [example(name) for name in ("article-chain.pem", "article-chain.p7b")]
    first, second = (pickle.loads(pickle.dumps(report)) for report in reports)
    assert (first, second) == tuple(reports)
    assert first.rules is second.rules
    assert first.explanations[0] is second.explanations[0]
    fewer = attrs.evolve(reports[0], rules=attrs.evolve(reports[0].rules, skipped=()))
    assert pickle.loads(pickle.dumps(fewer)) == fewer != reports[0]


def test_reports_that_differ_are_not_equal() -> None:
    report = example("good-chain.pem")
    assert report != example("article-chain.pem")
    assert report != attrs.evolve(report, findings=())
    assert report != fcl.lint(pem_bundle(*good_chain()), at=AT)


def test_what_came_back_cannot_be_compared_and_says_so() -> None:
    with pytest.raises(ValueError, match="does not hold its input"):
        through_json(example("good-chain.pem")).compare()


def test_a_certificate_is_decoded_by_its_reader_and_not_believed() -> None:
    values = example("good-chain.pem").to_dict()
    values["certificates"][0]["subject"] = "CN=another"
    assert Report.from_dict(values).certificates[0].subject == "CN=gadgets.example.com"


def test_evidence_is_made_of_json_values_whatever_a_rule_gives() -> None:
    given_ = {"bytes": b"\x01\xff", "pair": (1, 2), "at": AT, "words": {"b", "a"}, "how": Severity.ERROR, "odd": object}
    evidence = Finding(rule="r", severity=Severity.INFO, message="", remedy="", evidence=given_).evidence
    assert json.loads(json.dumps(dict(evidence))) == evidence
    assert (evidence["bytes"], evidence["pair"], evidence["words"]) == ("01ff", [1, 2], ["a", "b"])


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("schema",), "another", "schema must be 'finesse_certlint report 1', and is 'another'"),
        (("verdict",), "maybe", "verdict must be one of accepted, refused, undetermined, and is 'maybe'"),
        (("at",), "yesterday", "at must be an ISO 8601 date and time, and is 'yesterday'"),
        (("certificates",), {}, "certificates must be an array"),
        (("certificates", 1, "der"), "!", r"certificates\[1\].der must be base64"),
        (("certificates", 1, "der"), "AA==", r"certificates\[1\].fingerprint_sha256 is not that of its der"),
        (("certificates", 1, "index"), 2, r"certificates\[1\].index must be 1, and is 2"),
        (("chains", 0, "certificates"), [0, 7], r"chains\[0\].certificates points at 7, and there are 3"),
        (("chains", 0, "certificates"), [], r"chains\[0\].certificates is empty"),
        (("findings", 0, "certificate"), -1, r"findings\[0\].certificate points at -1, and there are 3"),
        (("findings", 0, "severity"), None, r"findings\[0\].severity must be text, and is None"),
        (
            ("findings", 0, "location", "start"),
            True,
            r"findings\[0\].location.start must be a whole number, and is True",
        ),
        (("omitted",), {"rule": "many"}, "omitted.rule must be a whole number, and is 'many'"),
        (("at",), "0001-01-01T00:00:00+14:00", "at must be an ISO 8601 date and time"),
    ],
)
def test_what_is_no_report_is_refused_with_the_place(path: tuple[Any, ...], value: Any, message: str) -> None:
    values = json.loads(example("article-chain.pem").to_json())
    place = values
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(fcl.InputError, match=message):
        Report.from_dict(values)


@pytest.mark.parametrize("der", [b"", b"\x30\x00", b"\x30\x82", b"\x95\xe6\x9f"])
def test_bytes_that_are_nothing_signed_are_refused_though_their_fingerprint_fits(der: bytes) -> None:
    values = example("good-chain.pem").to_dict()
    values["certificates"][0] |= {"der": b64encode(der).decode(), "fingerprint_sha256": sha256(der).hexdigest()}
    with pytest.raises(fcl.InputError, match=r"certificates\[0\].der is nothing signed"):
        Report.from_dict(values)
    values = example("request.csr").to_dict()
    values["requests"][0]["der"] = b64encode(der).decode()
    with pytest.raises(fcl.InputError, match=r"requests\[0\].der is nothing signed"):
        Report.from_dict(values)


def test_a_request_of_a_form_that_there_is_not_is_refused() -> None:
    values = example("request.csr").to_dict()
    values["requests"][0]["form"] = "CRMF"
    with pytest.raises(fcl.InputError, match=r"requests\[0\].form must be one of PKCS#10, certreq.inf, and is 'CRMF'"):
        Report.from_dict(values)


def test_a_moment_without_a_zone_is_one_of_utc() -> None:
    values = example("good-chain.pem").to_dict()
    values["at"] = "2026-11-24T12:00:00"
    assert "as of 2026-11-24 12:00 UTC" in Report.from_dict(values).render("markdown")


def test_what_is_missing_is_named() -> None:
    values = example("article-chain.pem").to_dict()
    del values["findings"][0]["message"]
    with pytest.raises(fcl.InputError, match=r"findings\[0\].message is missing"):
        Report.from_dict(values)
    with pytest.raises(fcl.InputError, match="the report must be an object"):
        Report.from_dict([])  # type: ignore[arg-type]


JUNK: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3) | st.just([]) | st.just({})
)


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(st.data())
def test_whatever_a_report_was_made_into_it_is_refused_or_can_be_rendered(data: st.DataObject) -> None:
    values = json.loads(fcl.lint(pem_bundle(*article_chain()), at=AT).to_json())
    place: Any = values
    while True:
        key: Any = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], (dict, list)) or not place[key] or data.draw(st.integers(0, 4)) == 0:
            break
        place = place[key]
    place[key] = data.draw(JUNK)
    try:
        report = Report.from_dict(values)
    except fcl.InputError:
        return
    for format in FORMATS:
        assert isinstance(report.render(format), str)


def test_no_field_of_a_handshake_is_left_behind() -> None:
    """A field that is added to one of these classes must be added to the JSON and to its reading."""
    values = report_of("capture-client-certificate").to_dict()["handshakes"][0]
    for kind, part, renamed in (
        (Handshake, values, {"client_certificate_bytes": "client_certificates"}),
        (ClientHello, values["client_hello"], {}),
        (ServerHello, values["server_hello"], {}),
        (KeyExchange, report_of("capture-scenario1").to_dict()["handshakes"][0]["key_exchange"], {}),
        (CertificateRequest, values["certificate_request"], {}),
    ):
        assert {renamed.get(field.name, field.name) for field in attrs.fields(kind)} <= set(part), kind


def test_no_field_of_a_request_or_a_certificate_is_left_behind() -> None:
    values = report_of("request-settings").to_dict()["requests"][0]
    said = {*values, *values["settings"], "proof", "given_fingerprint", "parts", "kept", "_noted"}
    assert {field.name for field in attrs.fields(Request)} <= said
    values = report_of("good").to_dict()["certificates"][0]
    assert {field.name for field in attrs.fields(fcl.Certificate)} <= {*values, "parts", "kept", "_noted", "awaited"}


SECRET = b"correct horse battery staple"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(tlv(0x31, tlv(0x0C, SECRET)), id="as RFC 2985 has it"),
        pytest.param(tlv(0x31, tlv(0x0C, SECRET), tlv(0x13, SECRET)), id="twice"),
        pytest.param(b"\x31\x84\x7f\xff\xff\xff" + SECRET, id="damaged"),
    ],
)
def test_a_challenge_password_is_in_nothing_that_is_made_of_a_report(value: bytes) -> None:
    data = request("gadgets.example.com", attributes=(sequence(oid("1.2.840.113549.1.9.7"), value),)).der
    report = fcl.lint(data, name="server.req", at=AT)
    [found] = report.requests
    assert SECRET in data
    assert SECRET not in found.der
    assert len(found.der) == len(data)
    assert found.fingerprint_sha256 == sha256(data).hexdigest(), "of the request as it was given"
    assert SECRET not in pickle.dumps(report)
    assert SECRET.hex() not in report.to_json()
    assert not any(SECRET.decode() in report.render(format) for format in FORMATS)
    assert through_json(report) == report
