"""The live oracle itself: it is there or says what it needs, and its word can be told from its failure."""

import ca
import compose
import jvm
import pytest
from jvm import Case

pytestmark = pytest.mark.skipif(bool(jvm.available()), reason=jvm.available() or "never")

LEAF, ISSUING, ROOT = (issued.der for issued in ca.good_chain())
HOST = "gadgets.example.com"


def test_a_good_chain_is_accepted_by_both_trust_managers() -> None:
    assert jvm.ask([Case((LEAF, ISSUING), (ROOT,), HOST)]) == [
        jvm.Verdict(accepted=True, path_accepted=True, sunx509_path_accepted=True)
    ]


def test_each_refusal_has_its_stage() -> None:
    path, host, presented, trusted, nothing = jvm.ask(
        [
            Case((LEAF,), (ROOT,), HOST),
            Case((LEAF, ISSUING), (ROOT,), "elsewhere.example.com"),
            Case((LEAF, ISSUING[:-1]), (ROOT,), HOST),
            Case((LEAF, ISSUING), (ROOT, b""), HOST),
            Case((LEAF, ISSUING), (), HOST),
        ]
    )
    assert (path.stage, path.path_accepted, path.exception.rpartition(".")[2]) == ("path", False, "ValidatorException")
    assert path.cause.endswith("unable to find valid certification path to requested target")
    assert (host.stage, host.path_accepted, host.accepted) == ("hostname", True, False)
    assert (presented.stage, presented.unparseable, presented.index) == ("parse", "presented", 1)
    assert (trusted.stage, trusted.unparseable, trusted.index) == ("parse", "trust", 1)
    assert presented.path_accepted is None
    assert nothing.stage == "path"


def test_no_host_and_hosts_that_are_not_ascii_are_asked_as_they_stand() -> None:
    issuing = ca.good_chain()[1]
    server = issuing.server("xn--exmple-cua.com").der
    cases = [Case((server, ISSUING), (ROOT,), host) for host in (None, "exämple.com", "xn--exmple-cua.com", "")]
    assert [verdict.accepted for verdict in jvm.ask(cases)] == [True, True, True, False]


def test_a_case_asked_again_is_answered_again() -> None:
    # X509CertImpl complains once of an address that cannot be written (a mask with holes), and then passes over it.
    san = ("2.5.29.17", False, ca.sequence(ca.tlv(0x87, bytes(31) + b"\1"), ca.tlv(0x82, HOST.encode())))
    server = ca.good_chain()[1].server(HOST, san=None, extra_extensions=(san,)).der
    first, second = jvm.ask([Case((server, ISSUING), (ROOT,), HOST)] * 2)
    assert first == second
    assert (first.stage, first.message) == ("hostname", "IPAddress cannot be parsed")


def test_the_settings_are_the_jvms_own_and_can_be_overridden() -> None:
    stock = jvm.disabled_certpath()
    assert stock.version.startswith("17")
    assert "MD5" in stock.certpath_disabled
    assert {"SHA256withRSA", "RSASSA-PSS", "SHA1withDSA"} <= {*stock.signature_algorithms}
    properties = f"jdk.certpath.disabledAlgorithms={stock.certpath_disabled}, RSASSA-PSS"
    changed = jvm.disabled_certpath(properties)
    assert changed.certpath_disabled == f"{stock.certpath_disabled}, RSASSA-PSS"
    # What may not stand in a chain is not offered to the server either.
    assert "RSASSA-PSS" not in changed.signature_algorithms
    leaf, issuing, root = (issued.der for issued in ca.article_chain())
    case = Case((leaf, issuing, root), (root,), HOST)
    signed = Case((ca.good_chain()[1].server(HOST, sign="RSASSA-PSS-SHA256").der, ISSUING), (ROOT,), HOST)
    assert [verdict.accepted for verdict in jvm.ask([case, signed])] == [True, True]
    assert [verdict.accepted for verdict in jvm.ask([case, signed], properties)] == [True, False]


def test_parse_says_what_the_factory_says() -> None:
    good, cut, empty = jvm.parse([LEAF, LEAF[:-1], b""])
    assert good == ""
    assert cut.startswith("java.security.cert.CertificateException: ")
    assert empty.endswith("Empty input")


def test_no_question_takes_no_virtual_machine() -> None:
    assert jvm.ask([]) == []
    assert jvm.parse([]) == []


def test_composed_chains_are_the_same_for_a_seed_and_fail_in_every_stage() -> None:
    drawn = compose.sample(150, seed=1)
    assert [story for _, story in compose.sample(150, seed=1)] == [story for _, story in drawn]
    stages = [verdict.stage for verdict in jvm.ask(case for case, _ in drawn)]
    assert {*stages} == {"", "parse", "path", "hostname"}
    assert 50 < stages.count("") < 100
