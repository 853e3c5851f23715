"""The report: its contract as JSON, its order, what it says of the rules, and its form as text."""

import json
import pickle
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import attrs
import ca
import pytest
from ca import Authority, Server, article_chain, good_chain, pem_bundle, pkcs7, pkcs7_pem
from jsonschema import Draft202012Validator
from reports import AT, INPUTS, SCHEMA, example, report_of

import finesse_certlint as fcl
from finesse_certlint import Report, Severity, Verdict
from finesse_certlint.chain import Chain, Hierarchy, Link, Obstacle, ObstacleKind, Trust
from finesse_certlint.render import FORMATS
from finesse_certlint.report import SCHEMA as CONTRACT
from finesse_certlint.report import judge_chains
from finesse_certlint.verification import LinkState

# -- The contract ------------------------------------------------------------------------------------------------------


def test_the_schema_is_a_schema_of_2020_12() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", INPUTS)
def test_every_report_is_as_the_schema_says(name: str) -> None:
    as_json = json.loads(report_of(name).to_json())
    errors = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(as_json)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_a_report_on_several_files_is_as_the_schema_says() -> None:
    server, issuing, root = good_chain()
    report = fcl.lint({"a.pem": server.pem, "b.der": issuing.der}, trusted=pkcs7(root), at=AT)
    Draft202012Validator(SCHEMA).validate(report.to_dict())
    assert [document["name"] for document in report.to_dict()["documents"]] == ["a.pem", "b.der", "trusted"]


def test_the_schema_would_notice() -> None:
    """That a report validates says something only if another would not."""
    good = example("article-chain.pem").to_dict()
    spoils: tuple[Callable[[dict[str, Any]], object], ...] = (
        lambda report: report.update(verdict="maybe"),
        lambda report: report.update(extra=1),
        lambda report: report.pop("trust"),
        lambda report: report["certificates"][0].pop("serial"),
        lambda report: report["certificates"][0].update(fingerprint_sha256="AB"),
        lambda report: report["findings"][0].update(severity="bad"),
        lambda report: report["chains"][0].update(certificates=[]),
        lambda report: report["documents"][0]["blocks"].update(nonsense=1),
    )
    for spoil in spoils:
        spoiled = json.loads(json.dumps(good))
        spoil(spoiled)
        assert not Draft202012Validator(SCHEMA).is_valid(spoiled)


def _nodes(node: Any, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from _nodes(value, f"{path}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _nodes(value, f"{path}/{number}")


def test_every_field_and_every_definition_is_described_in_a_sentence() -> None:
    for path, node in _nodes(SCHEMA):
        if path.endswith(("/properties", "/$defs")):
            bare = [name for name, field in node.items() if not field.get("description", "").endswith(".")]
            assert not bare, f"{path}: {bare}"


def test_every_enumeration_is_described() -> None:
    assert [path for path, node in _nodes(SCHEMA) if "enum" in node and not node.get("description")] == []


def test_no_object_takes_a_field_that_is_not_described_and_none_lacks_one_that_is() -> None:
    for path, node in _nodes(SCHEMA):
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            assert node["additionalProperties"] is False, path
            assert node["required"] == list(node["properties"]), path


def test_the_fields_stand_in_the_order_of_the_schema() -> None:
    report = example("article-chain.pem").to_dict()
    assert list(report) == list(SCHEMA["properties"])
    for name, definition in {
        "certificates": "certificate",
        "chains": "chain",
        "findings": "finding",
        "documents": "document",
    }.items():
        assert list(report[name][0]) == list(SCHEMA["$defs"][definition]["properties"])


def test_the_words_of_the_schema_are_those_of_the_library() -> None:
    definitions = SCHEMA["$defs"]
    assert definitions["verdict"]["enum"] == [verdict.value for verdict in Verdict]
    assert definitions["severity"]["enum"] == [severity.value for severity in Severity]
    assert definitions["role"]["enum"] == [role.value for role in fcl.Role]
    assert SCHEMA["properties"]["schema"]["const"] == CONTRACT == example("good-chain.pem").to_dict()["schema"]


# -- JSON --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INPUTS)
def test_json_is_ascii_and_the_same_as_the_dictionary(name: str) -> None:
    report = report_of(name)
    text = report.to_json()
    assert text.isascii()
    assert json.loads(text) == report.to_dict()
    assert report.render("json") == text + "\n"


def test_json_on_one_line() -> None:
    assert "\n" not in example("good-chain.pem").to_json(indent=None)


def test_names_beyond_ascii_survive_json() -> None:
    subject = (("common_name", "Grüner Prüfstand č", "utf8_string"),)
    report = fcl.lint(Server("a", subject=subject).pem, name="Prüfung.pem", at=AT)
    read = json.loads(report.to_json())
    assert read["certificates"][0]["subject"] == "CN=Grüner Prüfstand č"
    assert read["name"] == "Prüfung.pem"


def test_the_same_input_gives_the_same_report() -> None:
    data = INPUTS["cross-signed"][0]()
    assert fcl.lint(data, at=AT).to_json() == fcl.lint(data, at=AT).to_json()


def test_bytes_and_what_is_like_bytes_give_the_same_report() -> None:
    data = pem_bundle(*good_chain())
    reports = {fcl.lint(form, at=AT).to_json() for form in (data, bytearray(data), memoryview(data))}
    assert len(reports) == 1


def test_the_time_of_judgement_keeps_its_zone() -> None:
    vienna = timezone(timedelta(hours=1))
    report = fcl.lint(pem_bundle(*good_chain()), at=datetime(2026, 11, 23, 1, tzinfo=vienna))
    assert report.to_dict()["at"] == "2026-11-23T01:00:00+01:00"


def test_the_p7b_says_the_same_as_the_pem() -> None:
    """The same three certificates as a Windows CA exports them: the same verdict, findings, certificates."""

    def told(report: Report) -> Any:
        findings = [
            (f.rule, f.severity, f.certificate, f.role, f.message, f.remedy, f.evidence) for f in report.findings
        ]
        return report.verdict, findings, [c.fingerprint_sha256 for c in report.certificates], report.chains

    assert told(example("article-chain.pem")) == told(example("article-chain.p7b"))


# -- Findings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INPUTS)
def test_findings_stand_worst_first(name: str) -> None:
    report = report_of(name)
    ranks = [finding.severity.rank for finding in report.findings]
    assert ranks == sorted(ranks, reverse=True)
    assert report.worst == (report.findings[0].severity if report.findings else None)


@pytest.mark.parametrize("name", INPUTS)
def test_an_index_leads_where_it_says(name: str) -> None:
    report = report_of(name)
    assert [certificate.index for certificate in report.certificates] == list(range(len(report.certificates)))
    for finding in report.findings:
        if finding.certificate is not None:
            place = report.certificates[finding.certificate].location
            assert finding.role == report.roles[finding.certificate]
            assert finding.location is not None
            assert (finding.location.document, finding.location.start) == (place.document, place.start)
        if finding.chain is not None:
            assert finding.chain < len(report.chains)


@pytest.mark.parametrize("name", INPUTS)
def test_every_rule_has_run_or_is_skipped_with_a_reason(name: str) -> None:
    outcome = report_of(name).rules
    assert outcome.crashed == ()
    assert all(skipped.reason for skipped in outcome.skipped)
    accounted = {*outcome.run, *(skipped.name for skipped in outcome.skipped)}
    assert accounted == {rule.name for rule in fcl.rules()}


def test_a_rule_that_is_skipped_says_why() -> None:
    reasons = {rule.name: rule.reason for rule in example("good-chain.pem").rules.skipped}
    of_handshakes = [rule.name for rule in fcl.rules() if rule.scope == "handshake"]
    assert reasons == {
        "hostname-mismatch": "no host name was given",
        "common-name-differs": "no host name was given",
        "trust-anchor-missing": "no trust store was given",
        **dict.fromkeys(of_handshakes, "the input holds no handshake"),
        **{rule.name: "the input holds no request" for rule in fcl.rules() if rule.scope == "request"},
        **{rule.name: "no request was given" for rule in fcl.rules() if "request" in rule.needs},
    }


def test_without_a_certificate_the_rules_on_certificates_are_skipped() -> None:
    reasons = {rule.name: rule.reason for rule in report_of("foreign-crl-pem").rules.skipped}
    assert reasons["signature-algorithm-unsupported"] == "the input holds no certificate"


@pytest.mark.parametrize(
    "name", ["foreign-pkcs12", "foreign-jks-empty", "foreign-html-page", "foreign-empty", "foreign-zip"]
)
def test_what_cannot_be_judged_is_fatal_and_undetermined(name: str) -> None:
    report = report_of(name)
    assert (report.readable, report.verdict, report.worst) == (False, "undetermined", "fatal")


def test_severities_are_ordered_and_compare_with_plain_words() -> None:
    words = ["debug", "info", "notice", "warning", "error", "fatal", "bug"]
    assert [severity.value for severity in sorted(Severity, reverse=True)] == words[::-1]
    assert Severity.ERROR > Severity.INFO, "not by the alphabet, in which error comes first"
    assert Severity.WARNING < "error"
    assert Severity.ERROR >= "error"
    assert Severity.ERROR <= "error"
    assert {str(word): 1 for word in Severity}[Severity.NOTICE] == 1, "a severity is equal to its word"
    assert max(Severity) is Severity.BUG
    with pytest.raises(ValueError, match="nonsense"):
        assert Severity.ERROR > "nonsense"


# -- Values ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INPUTS)
def test_a_report_pickles(name: str) -> None:
    report = report_of(name)
    assert pickle.loads(pickle.dumps(report)).to_json() == report.to_json()


def test_a_report_does_not_change() -> None:
    report = example("article-chain.pem")
    with pytest.raises(AttributeError):
        report.verdict = Verdict.ACCEPTED  # type: ignore[misc]
    with pytest.raises(AttributeError):
        report.findings[0].severity = Severity.INFO  # type: ignore[misc]
    with pytest.raises(TypeError):
        report.findings[0].evidence["oid"] = "1.2.3"  # type: ignore[index]
    with pytest.raises(TypeError):
        report.omitted["rule"] = 1  # type: ignore[index]


# -- Text --------------------------------------------------------------------------------------------------------------


def test_a_format_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ValueError, match=r"no format 'nonsense'; there are: text, json, html, markdown"):
        example("good-chain.pem").render("nonsense")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", INPUTS)
def test_every_report_has_every_form(name: str, format: str) -> None:
    report = report_of(name)
    text = report.render(format)
    assert text.endswith("\n") or (format.startswith("lines") and not report.findings)
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("name", INPUTS)
def test_the_verdict_is_in_the_first_line_and_no_line_ends_in_blanks(name: str) -> None:
    report = report_of(name)
    lines = report.render("text").splitlines()
    assert lines[0].startswith(f"{report.verdict}   {name}   by finesse: Cisco TechNote 214617")
    assert [line for line in lines if line != line.rstrip()] == []
    assert "None" not in report.render("text").replace("NONEwithRSA", "")


ARTICLE = """\
refused   article-chain.pem   by finesse: Cisco TechNote 214617, the seven SunMSCAPI signature algorithms

  leaf           gadgets.example.com    sha256WithRSAEncryption                   until 2044-01-01
  issued by      Example Issuing CA 1   sha256WithRSAEncryption                   until 2044-01-01
  issued by    x Example Root CA        RSASSA-PSS (SHA-1, MGF1 with SHA-1, 20)   until 2044-01-01

error  signature-algorithm-unsupported   root: Example Root CA (certificate 3 of 3, article-chain.pem, line 40)
  Signed with RSASSA-PSS (SHA-1, MGF1 with SHA-1, 20), 1.2.840.113549.1.1.10.
  Windows shows "RSASSA-PSS", OpenSSL shows "rsassaPss", Java shows "RSASSA-PSS".
  The article: "If any certificate in the chain is signed with RSASSA-PSS, the connection fails."
  Observed: Java 7u80, 7u181 and 8u181 accept a root so signed once it is in the trust store, because they do
  not check a trusted certificate's own signature; they refuse a server certificate or an issuing CA so
  signed.
  What to do:
    1. The administrator of Example Root CA sets AlternateSignatureAlgorithm=0 in [certsrv_server] of
       CAPolicy.inf and in the CA's registry value of that name; the hash is SHA-1, so also `certutil -setreg
       ca\\csp\\CNGHashAlgorithm SHA256`; then restarts the CA's service (so on AD CS; in another CA, choose RSA
       with PKCS #1 v1.5).
    2. The same administrator renews the CA's own certificate, where policy allows with its existing key: then
       what it has issued stays valid. With a new key everything below it must be reissued (here: Example
       Issuing CA 1).
    3. Upload the renewed certificate to Finesse's tomcat-trust in place of the old one, restart, and install
       the renewed chain on the server.

notice  signature-weak-hash   root: Example Root CA (certificate 3 of 3, article-chain.pem, line 40)
  Signed over SHA-1. SHA-1 is broken: a full collision is known (Stevens and others, The first collision for
  full SHA-1, 2017); NIST SP 800-131A Rev. 2 disallows it for generating signatures, and RFC 9155 deprecates
  it for signatures in TLS 1.2. On a root this matters little: it is trusted for being in the trust store.
  What to do: Renew it with SHA-256 when it is due.

info  trust-presumed   root: Example Root CA (certificate 3 of 3, article-chain.pem, line 40)
  Example Root CA is presumed to be in the client's trust store; nothing was said about it.
  What to do: Give the trust store with --trusted, or check that this root is in Finesse's tomcat-trust.

1 error, 1 notice, 1 info. More: finesse-certlint explain signature-algorithm-unsupported
"""

GOOD = """\
accepted   good-chain.pem   by finesse: Cisco TechNote 214617, the seven SunMSCAPI signature algorithms
Nothing in these certificates makes this client refuse the server. If the connection fails all the same, look
elsewhere: the cipher suites, the host name, the trust store, a restart that is due.

  leaf           gadgets.example.com    sha256WithRSAEncryption   until 2044-01-01
  issued by      Example Issuing CA 1   sha256WithRSAEncryption   until 2044-01-01
  issued by      Example Root CA        sha256WithRSAEncryption   until 2044-01-01

info  trust-presumed   root: Example Root CA (certificate 3 of 3, good-chain.pem, line 40)
  Example Root CA is presumed to be in the client's trust store; nothing was said about it.
  What to do: Give the trust store with --trusted, or check that this root is in Finesse's tomcat-trust.

1 info. More: finesse-certlint explain trust-presumed
"""

NO_ISSUER = """\
undetermined   no-issuer.pem   by finesse: Cisco TechNote 214617, the seven SunMSCAPI signature algorithms
Something that decides is not here; the findings say what.

  leaf           gadgets.example.com       sha256WithRSAEncryption   until 2044-01-01
  issued by    ? CN=Example Issuing CA 1   not in the input

warning  issuer-missing   leaf: gadgets.example.com (certificate 1 of 1, no-issuer.pem, line 1)
  Its issuer is not in the input: CN=Example Issuing CA 1.
  What to do: Add the certificate of Example Issuing CA 1 (the issuing CA) and judge again: as a further file,
  or with --trusted if it is in Finesse's tomcat-trust. Make sure that the server sends it, unless it is the
  root.

1 warning. More: finesse-certlint explain issuer-missing
"""


@pytest.mark.parametrize(
    ("name", "text"), [("article-chain.pem", ARTICLE), ("good-chain.pem", GOOD), ("no-issuer.pem", NO_ISSUER)]
)
def test_the_examples_as_a_person_sees_them(name: str, text: str) -> None:
    assert example(name).render() == text


def test_the_broken_link_is_marked_on_its_own_path_alone() -> None:
    bad = Authority("Old Root CA", sign=ca.pss())
    issuing = bad.authority("Example Issuing CA 1", sign="SHA256withRSA")
    good = Authority("New Root CA")
    server = issuing.server("gadgets.example.com")
    text = fcl.lint(pem_bundle(server, issuing, issuing.cross_sign(good), bad, good), at=AT).render()
    assert "  path 1 of 2: refused\n" in text
    assert "  path 2 of 2: accepted\n" in text
    assert [line.split()[3] for line in text.splitlines() if line.startswith("  issued by    x")] == ["Old"]


def test_certificates_in_no_path_are_shown_apart() -> None:
    text = fcl.lint(pem_bundle(*good_chain(), Authority("Another Root CA")), at=AT).render()
    assert "  in no path\n  root           Another Root CA" in text


def test_the_number_of_a_certificate_is_out_of_those_in_the_input() -> None:
    server, issuing, root = article_chain()
    text = fcl.lint(pem_bundle(server, issuing), trusted=root.pem, at=AT).render()
    assert "root: Example Root CA (in the trust store, trusted, line 1)" in text


def test_of_many_paths_a_few_are_drawn() -> None:
    servers = [good_chain()[1].server(f"{number}.example.com", key="ec256") for number in range(9)]
    text = fcl.lint(pem_bundle(*servers, *good_chain()[1:]), at=AT).render()
    assert "  4 more paths are not drawn; --format json has them all." in text


# -- Values that are put together anew -----------------------------------------------------------------------------------


def test_a_path_that_was_judged_has_lost_nothing() -> None:
    """A field that is added to Chain must be added where its verdict is set, and here."""
    chain = Chain(
        certificates=(0,),
        trust=Trust.GIVEN,
        links=(Link(child=0, issuer=0, state=LinkState.VERIFIED),),
        obstacles=(Obstacle(kind=ObstacleKind.ORDER, certificate=0),),
        sorted=True,
        missing_issuer="CN=Example CA",
    )
    others = [field for field in attrs.fields(Chain) if field.name != "verdict"]
    assert all(getattr(chain, field.name) != field.default for field in others)
    hierarchy = Hierarchy(
        certificates=(),
        duplicates={},
        issuers={},
        roots=frozenset(),
        leaves=(),
        servers=frozenset(),
        chains=(chain,),
        strays=(),
        limits_reached=(),
    )
    (judged,) = judge_chains(hierarchy, ())
    assert judged.verdict is Verdict.REFUSED
    assert attrs.evolve(judged, verdict=chain.verdict) == chain


def test_a_finding_stands_where_its_certificate_does() -> None:
    """A field that is added to Location must be added where a finding gets its place, and here."""
    report = fcl.lint(b"\n" + pkcs7_pem(*article_chain()), at=AT)
    found = [finding for finding in report.findings if finding.certificate is not None and finding.location]
    assert any(finding.location and finding.location.field for finding in found)
    for finding in found:
        place = report.certificates[finding.certificate or 0].location
        unset = {field.name for field in attrs.fields(type(place)) if getattr(place, field.name) is None}
        assert unset == {"field"}
        assert finding.location is not None
        assert attrs.evolve(place, field=finding.location.field) == finding.location
