"""Who issued whom: names propose, signatures decide; order, gaps, strays, twins, loops, trust, and bounds."""

import cProfile
from datetime import UTC, datetime
from functools import cache
from itertools import permutations
from typing import Any

import ca
import pytest
from ca import Authority, Issued, Server, Subject, good_chain, key, pem_bundle, pkcs7

import finesse_certlint as fcl
from finesse_certlint import Finding, Limits, Report

AT = datetime(2026, 11, 23, tzinfo=UTC)


def lint(*issued: Issued | bytes, **options: Any) -> Report:
    return fcl.lint(pem_bundle(*issued), at=AT, **options)


def of(report: Report, rule: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == rule]


def paths(report: Report) -> list[tuple[int, ...]]:
    return [chain.certificates for chain in report.chains]


def named(common_name: str, string_type: str = "utf8_string") -> Subject:
    return (("common_name", common_name, string_type),)


@cache
def chain() -> tuple[Issued, Authority, Authority]:
    return good_chain()


@cache
def stranger() -> Authority:
    return Authority("Another Root CA")


# -- Order -------------------------------------------------------------------------------------------------------------
# RFC 5246, section 7.4.2: "The sender's certificate MUST come first in the list. Each following certificate MUST
# directly certify the one preceding it."


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_any_order_the_path_is_the_same_and_only_the_right_one_goes_unreported(order: tuple[int, ...]) -> None:
    report = lint(*(chain()[place] for place in order))
    assert paths(report) == [(order.index(0), order.index(1), order.index(2))]
    assert report.verdict == "accepted"
    assert [role for _, role in sorted(zip(order, report.roles, strict=True))] == ["leaf", "intermediate", "root"]
    findings = of(report, "wrong-order")
    if order == (0, 1, 2):
        assert not findings
    else:
        assert [f.evidence["order"] for f in findings] == [[order.index(0), order.index(1), order.index(2)]]


def test_the_remedy_of_a_wrong_order_says_the_right_one() -> None:
    server, issuing, root = chain()
    (finding,) = of(lint(server, root, issuing), "wrong-order")
    assert (
        "gadgets.example.com (now number 1), Example Issuing CA 1 (now number 3), Example Root CA (now number 2)"
        in finding.remedy
    )


def test_the_order_in_a_pkcs7_means_nothing() -> None:
    """RFC 5652, section 10.2.3: CertificateSet is a SET; "there is no implied order"."""
    report = fcl.lint(pkcs7(*reversed(chain())), at=AT)
    assert paths(report) == [(2, 1, 0)]
    assert report.verdict == "accepted"
    assert of(report, "wrong-order") == []


def test_the_order_of_several_files_means_nothing_either() -> None:
    server, issuing, root = chain()
    report = fcl.lint({"root.pem": root.pem, "leaf.pem": server.pem, "issuing.pem": issuing.pem}, at=AT)
    assert paths(report) == [(1, 2, 0)]
    assert of(report, "wrong-order") == []
    assert report.name == "root.pem, leaf.pem, issuing.pem"


def test_a_root_is_known_wherever_it_stands() -> None:
    server, issuing, root = chain()
    report = lint(server, root, issuing)
    assert report.roles == ("leaf", "root", "intermediate")


def test_what_stands_last_is_no_root_for_that() -> None:
    server, issuing, _ = chain()
    report = lint(server, issuing)
    assert report.roles == ("leaf", "intermediate")
    assert not report.chains[0].complete


def test_a_self_issued_certificate_with_another_signature_is_no_root() -> None:
    """Subject and issuer are the same name, and the key that signed is another: not a root by its signature."""
    old = Authority("Example Root CA")
    new = Authority("Example Root CA", issuer=old, key=key("rsa2048", "the new key"))
    report = lint(new.server("gadgets.example.com"), new)
    assert report.roles[1] == "intermediate"
    assert report.verdict == "undetermined"


# -- Gaps --------------------------------------------------------------------------------------------------------------


def test_without_its_issuer_a_leaf_is_undetermined_and_the_issuer_is_named() -> None:
    report = lint(chain()[0])
    (finding,) = of(report, "issuer-missing")
    assert report.verdict == "undetermined"
    assert report.chains[0].missing_issuer == "CN=Example Issuing CA 1"
    assert "CN=Example Issuing CA 1" in finding.message
    assert "Add the certificate of Example Issuing CA 1" in finding.remedy


def test_without_its_root_a_chain_is_undetermined_for_the_article_counts_the_root() -> None:
    report = lint(*chain()[:2])
    (finding,) = of(report, "root-missing")
    assert report.verdict == "undetermined"
    assert "CN=Example Root CA" in finding.message
    assert of(report, "issuer-missing") == []


def test_a_gap_in_the_middle_names_the_one_that_is_missing_and_the_stray_above_it() -> None:
    server, _, root = chain()
    report = lint(server, root)
    assert paths(report) == [(0,)]
    assert report.verdict == "undetermined"
    assert [f.certificate for f in of(report, "issuer-missing")] == [0]
    assert [f.certificate for f in of(report, "stray-certificate")] == [1]


def test_a_gap_does_not_hide_what_is_wrong_with_the_rest() -> None:
    root = Authority("Example Root CA")
    issuing = root.authority("Example Issuing CA 1", sign=ca.pss())
    report = lint(issuing.server("gadgets.example.com"), issuing)
    assert report.verdict == "refused"


# -- Duplicates and strays ---------------------------------------------------------------------------------------------


def test_a_duplicate_is_listed_named_and_used_once() -> None:
    server, issuing, root = chain()
    report = lint(server, issuing, root, issuing, root)
    assert len(report.certificates) == 5
    assert paths(report) == [(0, 1, 2)]
    assert {f.certificate: f.evidence for f in of(report, "duplicate-certificate")}.keys() == {3, 4}
    assert report.roles == ("leaf", "intermediate", "root", "intermediate", "root")
    assert report.verdict == "accepted"


def test_an_error_on_a_duplicate_is_an_error_on_the_one_that_is_used() -> None:
    server, issuing, root = ca.article_chain()
    report = lint(root, server, issuing, root)
    assert report.verdict == "refused"


def test_the_article_speaks_of_a_root_that_is_sent_above_the_certificate_that_is_trusted_too() -> None:
    """The article: "If any certificate in the chain is signed with RSASSA-PSS, the connection fails." Java's path ends below it."""
    root = Authority("Example Root CA", sign=ca.pss())
    issuing = root.authority("Example Issuing CA 1")
    sent = (issuing.server("gadgets.example.com"), issuing, root)
    by_article = lint(*sent, trusted=issuing.pem)
    assert (by_article.verdict, by_article.chains[0].verdict) == ("refused", "refused")
    (finding,) = of(by_article, "signature-algorithm-unsupported")
    assert (finding.certificate, finding.chain) == (2, 0)
    assert "x Example Root CA" in by_article.render()
    assert lint(*sent, trusted=issuing.pem, profile="java-7u181").verdict == "accepted"
    assert lint(*sent[:2], trusted=issuing.pem).verdict == "accepted", "what is not sent is in nobody's chain"


def test_strays_are_named_and_do_not_change_the_verdict() -> None:
    bad = Authority("Unrelated CA", sign=ca.pss())
    report = lint(*chain(), bad)
    assert [f.certificate for f in of(report, "stray-certificate")] == [3]
    assert report.verdict == "accepted"
    assert [f.certificate for f in of(report, "signature-algorithm-unsupported")] == [3], "it is reported all the same"


# -- Several chains in one file ----------------------------------------------------------------------------------------


def test_each_server_in_a_file_has_its_path() -> None:
    server, issuing, root = chain()
    second = issuing.server("second.example.com")
    third = stranger().server("third.example.com")
    report = lint(server, second, issuing, root, third, stranger())
    assert paths(report) == [(0, 2, 3), (1, 2, 3), (4, 5)]
    assert report.verdict == "accepted"


def test_the_input_is_judged_by_its_worst_server() -> None:
    server, issuing, root = chain()
    lonely = Authority("A CA that is not here").server("lonely.example.com")
    report = lint(server, lonely, issuing, root)
    assert [chain.verdict.value for chain in report.chains] == ["accepted", "undetermined"]
    assert report.verdict == "undetermined"


# -- Twins and loops ---------------------------------------------------------------------------------------------------


def test_cross_signed_twins_give_two_paths_the_shortest_first() -> None:
    top = Authority("Top Root CA")
    between = top.authority("Between CA")
    root = Authority("Example Root CA")
    issuing = root.authority("Example Issuing CA 1")
    twin = root.cross_sign(between)
    report = lint(issuing.server("gadgets.example.com"), issuing, twin, between, top, root)
    assert paths(report) == [(0, 1, 5), (0, 1, 2, 3, 4)]
    assert report.verdict == "accepted"
    assert of(report, "stray-certificate") == []


def test_a_path_ends_at_the_first_certificate_that_is_trusted() -> None:
    server, issuing, root = chain()
    twin = root.cross_sign(stranger())
    report = lint(server, issuing, twin, stranger(), trusted=root.pem)
    assert {path[-1] for path in paths(report)} == {2, 4}, "the twin has the trusted root's name and key; 4 is the root"
    assert of(report, "stray-certificate")[0].certificate == 3


def test_a_renewed_ca_with_its_old_key_gives_two_paths() -> None:
    server, issuing, root = chain()
    assert sorted(paths(lint(server, issuing, issuing.renew(), root))) == [(0, 1, 3), (0, 2, 3)]


def test_a_loop_ends() -> None:
    """A has issued B, and B has issued A: no root, no end, and so no verdict."""
    first = Authority("CA A")
    second = Authority("CA B")
    looped = [first.cross_sign(second), second.cross_sign(first)]
    report = lint(first.server("gadgets.example.com"), *looped)
    assert paths(report) == [(0, 1, 2)]
    assert report.verdict == "undetermined"


def test_a_loop_without_a_beginning_ends_too() -> None:
    first, second = Authority("CA A"), Authority("CA B")
    report = lint(first.cross_sign(second), second.cross_sign(first))
    assert report.verdict == "undetermined"
    assert of(report, "no-server-certificate")


def test_a_loop_with_a_root_finds_it() -> None:
    first, second = Authority("CA A"), Authority("CA B")
    report = lint(first.server("gadgets.example.com"), first.cross_sign(second), second.cross_sign(first), second)
    assert (0, 1, 3) in paths(report)
    assert report.verdict == "accepted"


# -- Names -------------------------------------------------------------------------------------------------------------
# RFC 5280, section 7.1, by way of RFC 4518: case and blanks do not matter, nor does the type of string.


@pytest.mark.parametrize(
    "spelling",
    [
        named("EXAMPLE ISSUING CA 1"),
        named("  Example   Issuing CA 1 "),
        named("Example Issuing CA 1", "printable_string"),
    ],
)
def test_a_name_written_otherwise_is_the_same_name(spelling: Subject) -> None:
    _, issuing, root = chain()
    report = lint(issuing.server("gadgets.example.com", issuer_subject=spelling), issuing, root)
    assert paths(report) == [(0, 1, 2)]
    assert report.verdict == "accepted"


@pytest.mark.parametrize("string_type", ["bmp_string", "teletex_string", "universal_string"])
def test_a_name_in_another_type_of_string_is_still_followed(string_type: str) -> None:
    """Whether a client follows it too is for a rule to say; the path is what the standard says it is."""
    _, issuing, root = chain()
    report = lint(
        issuing.server("gadgets.example.com", issuer_subject=named("Example Issuing CA 1", string_type)), issuing, root
    )
    assert paths(report) == [(0, 1, 2)]


@pytest.mark.parametrize("spelling", [named("Example Issuing CA 2"), named("ExampleIssuing CA 1"), ()])
def test_another_name_is_another_ca_even_with_its_key(spelling: Subject) -> None:
    _, issuing, root = chain()
    report = lint(issuing.server("gadgets.example.com", issuer_subject=spelling), issuing, root)
    assert paths(report)[0] == (0,)
    assert report.verdict != "accepted"


@pytest.mark.parametrize(
    ("octets", "verdict"), [("Zürich".encode(), "accepted"), ("Zürich".encode("latin-1"), "refused")]
)
def test_java_reads_a_printable_string_as_utf_8_when_it_compares_names(octets: bytes, verdict: str) -> None:
    """OpenJDK's AVA.toRFC2253CanonicalString: "valStr = new String(value.getDataBytes(), "UTF8")"; observed on 17 and 21."""
    root = Authority("Zürich", subject=named("Zürich"))
    server = root.server("gadgets.example.com", issuer_subject=(("common_name", octets, "printable_string"),))
    assert lint(server, root, trusted=root.pem, profile="java-17").verdict == verdict


def test_sorting_java_gives_up_where_another_self_issued_certificate_comes_before_the_trusted_one() -> None:
    """SunCertPathBuilder: "If successive certs are self-issued, don't continue search on this branch"; observed on 17 and 25."""
    trusted = Authority("Example Root CA")
    other = trusted.renew()  # of the same name and key: as good as the trusted one, but for the place
    new = Authority("Example Root CA", issuer=trusted, key=ca.key("rsa2048", "rolled over"))
    server = new.server("gadgets.example.com")
    stray = Authority("Another Root CA")

    def verdict(*sent: Authority) -> str:
        return lint(server, *sent, trusted=trusted.pem, profile="java-17").verdict

    assert verdict(new, other) == "accepted"
    assert verdict(stray, new) == "accepted"
    assert verdict(stray, new, other) == "refused"


def test_a_root_whose_two_names_are_written_otherwise_is_a_root() -> None:
    root = Authority("Example Root CA", issuer_subject=named("EXAMPLE ROOT CA", "printable_string"))
    report = lint(root.server("gadgets.example.com"), root)
    assert report.roles == ("leaf", "root")
    assert report.verdict == "accepted"


def test_of_two_cas_of_one_name_the_one_with_the_key_is_taken() -> None:
    server, issuing, root = chain()
    report = lint(server, issuing.renew(new_key=True), issuing, root)
    assert paths(report) == [(0, 2, 3)]
    assert [f.certificate for f in of(report, "stray-certificate")] == [1]


def test_the_key_decides_even_where_key_identifiers_are_absent() -> None:
    root = Authority("Example Root CA", ski=False)
    issuing = root.authority("Example Issuing CA 1", ski=False, aki=False)
    other = issuing.renew(new_key=True)
    assert paths(lint(issuing.server("a.example.com", aki=False), other, issuing, root)) == [(0, 2, 3)]


def test_a_wrong_key_identifier_does_not_hide_an_issuer_whose_key_verifies() -> None:
    """RFC 4158, section 3.5.12: a key identifier is a hint for building paths, not a condition."""
    _, issuing, root = chain()
    report = lint(issuing.server("gadgets.example.com", aki=b"\1" * 20), issuing, root)
    assert paths(report) == [(0, 1, 2)]


@pytest.mark.parametrize("spelling", [None, named("EXAMPLE ISSUING CA 1", "printable_string")])
def test_a_namesake_with_another_key_is_not_the_issuer_and_is_named(spelling: Subject | None) -> None:
    _, issuing, root = chain()
    knobs: Any = {} if spelling is None else {"issuer_subject": spelling}
    report = lint(issuing.server("gadgets.example.com", **knobs), issuing.renew(new_key=True), root)
    (finding,) = of(report, "issuer-missing")
    assert "Certificate 2 has that name, but another key" in finding.message
    assert finding.evidence["same_name"] == 1
    assert of(report, "signature-invalid") == []
    assert report.verdict == "undetermined"


# -- Signatures --------------------------------------------------------------------------------------------------------
# RFC 5280, section 6.1.3 (a)(1): "The signature on the certificate can be verified ..."


def test_a_tampered_leaf_is_refused() -> None:
    _, issuing, root = chain()
    report = lint(issuing.server("gadgets.example.com", tamper=True), issuing, root)
    (finding,) = of(report, "signature-invalid")
    assert (finding.certificate, report.verdict) == (0, "refused")
    assert "does not verify with the public key of Example Issuing CA 1 (certificate 2)" in finding.message


def test_one_altered_byte_of_what_is_signed_is_refused() -> None:
    server, issuing, root = chain()
    altered = server.der.replace(b"gadgets.example.com", b"gadgets.examp1e.com")
    report = lint(altered, issuing, root)
    assert [f.certificate for f in of(report, "signature-invalid")] == [0]
    assert report.verdict == "refused"


def test_a_tampered_issuing_ca_is_refused_on_its_own_account() -> None:
    _, issuing, root = chain()
    tampered = root.authority("Example Issuing CA 1", path_length=0, tamper=True)
    report = lint(issuing.server("gadgets.example.com"), tampered, root)
    assert [f.certificate for f in of(report, "signature-invalid")] == [1]
    assert report.verdict == "refused"


def test_a_tampered_root_is_not_presumed_to_be_trusted() -> None:
    root = Authority("Example Root CA", tamper=True)
    report = lint(root.server("gadgets.example.com"), root)
    assert report.verdict != "accepted"


# -- The trust store ---------------------------------------------------------------------------------------------------


def test_where_nothing_is_said_of_trust_a_root_is_presumed_trusted_and_the_report_says_so() -> None:
    report = lint(*chain())
    assert (report.trust, report.chains[0].trust) == ("presumed", "presumed")
    assert [f.certificate for f in of(report, "trust-presumed")] == [2]


def test_the_root_alone_in_the_store_completes_what_the_server_sends() -> None:
    server, issuing, root = chain()
    report = lint(server, issuing, trusted=root.pem)
    assert (report.verdict, report.trust, report.chains[0].trust) == ("accepted", "given", "given")
    assert [certificate.trusted for certificate in report.certificates] == [False, False, True]
    assert report.certificates[2].location.document == "trusted"
    assert of(report, "trust-presumed") == []


def test_a_store_in_any_format_will_do() -> None:
    server, issuing, root = chain()
    for store in (root.pem, root.der, pkcs7(stranger(), root), root.pem.decode().encode("utf-16")):
        assert lint(server, issuing, trusted=store).verdict == "accepted"


def test_the_intermediate_alone_in_the_store_ends_the_path_there() -> None:
    """Observed: Java trusts whatever certificate its store holds, a root or not."""
    server, issuing, root = chain()
    for sent in ((server,), (server, issuing), (server, issuing, root)):
        report = lint(*sent, trusted=issuing.pem)
        assert paths(report) == [(0, 1)]
        assert report.verdict == "accepted"


def test_the_leaf_itself_in_the_store_is_trusted() -> None:
    server, issuing, root = chain()
    report = lint(server, issuing, root, trusted=server.pem)
    assert paths(report) == [(0,)]
    assert report.verdict == "accepted"


@pytest.mark.parametrize("sent", [1, 2, 3])
def test_an_unrelated_store_is_refused_and_nothing_of_it_is_listed(sent: int) -> None:
    report = lint(*chain()[:sent], trusted=stranger().pem)
    assert report.verdict == "refused"
    assert len(of(report, "trust-anchor-missing")) == 1
    assert len(report.certificates) == sent


def test_a_root_in_the_input_that_is_not_in_the_store_is_not_trusted() -> None:
    report = lint(*chain(), trusted=stranger().pem)
    (finding,) = of(report, "trust-anchor-missing")
    assert "Example Root CA, which is not in the trust store" in finding.message
    assert report.chains[0].trust is None


def test_a_twin_in_the_store_with_the_same_name_and_key_is_trust() -> None:
    """Observed on JDK 7 to 21: the same subject and the same public key are enough, whatever the signature."""
    server, issuing, root = chain()
    report = lint(server, issuing, root, trusted=root.renew(sign="SHA384withRSA").pem)
    assert report.verdict == "accepted"
    assert report.chains[0].certificates[:2] == (0, 1)


def test_a_namesake_in_the_store_with_another_key_is_no_trust() -> None:
    server, issuing, root = chain()
    report = lint(server, issuing, root, trusted=root.renew(new_key=True).pem)
    assert report.verdict == "refused"


def test_a_store_with_the_good_twin_of_a_bad_root_is_the_cure_while_the_bad_one_is_still_sent() -> None:
    """The renewed root is uploaded; the server still sends the old one, which Java does not look at."""
    server, issuing, root = ca.article_chain()
    renewed = root.renew(sign="SHA256withRSA").pem
    assert lint(server, issuing, trusted=renewed).verdict == "accepted"
    report = lint(server, issuing, root, trusted=renewed)
    assert report.verdict == "accepted"
    assert [f.certificate for f in of(report, "signature-algorithm-unsupported")] == [2], "it is reported all the same"


def test_a_store_without_a_certificate_is_misuse() -> None:
    with pytest.raises(fcl.InputError, match="no certificate in the trust store"):
        lint(*chain(), trusted=ca.request("gadgets.example.com").pem)


# -- Servers and CAs ---------------------------------------------------------------------------------------------------


def test_a_self_signed_leaf_is_presumed_trusted_and_warned_of() -> None:
    report = lint(Server("gadgets.example.com"))
    assert report.roles == ("leaf",)
    assert [f.certificate for f in of(report, "self-signed-leaf")] == [0]
    assert report.verdict == "accepted"


def test_a_self_signed_leaf_that_is_not_in_the_store_is_refused() -> None:
    assert lint(Server("gadgets.example.com"), trusted=stranger().pem).verdict == "refused"


def test_cas_alone_are_judged_and_the_verdict_waits_for_the_server() -> None:
    _, issuing, root = chain()
    report = lint(issuing, root)
    assert paths(report) == [(0, 1)]
    assert report.verdict == "undetermined"
    assert of(report, "no-server-certificate")


@pytest.mark.parametrize("scheme", ["RSASSA-PSS-SHA256", "SHA256withECDSA"])
def test_a_ca_alone_that_no_client_would_take_is_refused(scheme: str) -> None:
    kind = "ec256" if scheme.endswith("ECDSA") else "rsa2048"
    report = lint(Authority("Example Root CA", key=kind, sign=scheme))
    assert report.verdict == "refused"
    assert report.roles == ("root",)


def test_a_server_certificate_that_has_issued_another_is_a_ca_without_the_flag() -> None:
    _, issuing, root = chain()
    middle = issuing.server("gadgets.example.com")
    below = Server("below.example.com", issuer=middle)  # type: ignore[arg-type]  # a server is no authority; that is the point
    report = lint(below, middle, issuing, root)
    assert [f.certificate for f in of(report, "ca-flag-missing")] == [1]
    assert report.verdict == "refused"


# -- Bounds ------------------------------------------------------------------------------------------------------------


def cross_signed(count: int, *, root: bool) -> list[Issued]:
    """A leaf, and CAs of which each has signed each other; with a root or without."""
    authorities = [Authority(f"CA {number}", key=key("ec256", f"CA {number}")) for number in range(count)]
    crossed = [one.cross_sign(other) for one in authorities for other in authorities if one is not other]
    return [authorities[0].server("gadgets.example.com", key="ec256"), *crossed, *authorities[: int(root)]]


@pytest.mark.parametrize("root", [True, False], ids=["with-root", "without-root"])
def test_22_mutually_cross_signed_certificates_do_not_explode(root: bool) -> None:
    """Its paths grow with the factorial of the number of CAs; a path builder without bounds does not end on it."""
    certificates = cross_signed(5, root=root)
    assert len(certificates) == 21 + root
    report = fcl.lint(pem_bundle(*certificates), at=AT)
    assert of(report, "limit-reached") or len(report.chains) < Limits().paths


@pytest.mark.slow
@pytest.mark.parametrize("root", [True, False], ids=["with-root", "without-root"])
def test_22_mutually_cross_signed_cas_do_not_explode(root: bool) -> None:
    certificates = cross_signed(22, root=root)
    report = fcl.lint(pem_bundle(*certificates), at=AT)
    assert of(report, "limit-reached")
    assert report.verdict != "accepted"


def unrelated(count: int) -> bytes:
    """Servers without their issuers, CAs without their roots, and roots: a heap in which nothing belongs together."""
    shared = key("ec256", "shared")
    top = Authority("A CA that is not here", key=shared)
    heap: list[Issued] = []
    for number in range(count // 3 + 1):
        heap += [
            top.server(f"{number}.example.com", key=shared, issuer_subject=named(f"Missing CA {number}")),
            top.authority(f"CA {number}", key=shared, issuer_subject=named(f"Missing Root {number}")),
            Authority(f"Root {number}", key=shared),
        ]
    return pem_bundle(*heap[:count])


def calls(data: bytes) -> int:
    """How many calls of functions it takes to judge an input: a measure of work that no busy machine disturbs."""
    profiler = cProfile.Profile()
    profiler.runcall(fcl.lint, data, at=AT)
    return sum(entry.callcount for entry in profiler.getstats())


@pytest.mark.slow
def test_work_is_linear_in_the_number_of_unrelated_certificates() -> None:
    calls(unrelated(10))
    # In this order, as names that were met before cost less; and both of more than the caches of names and extensions hold.
    many, twice_as_many = calls(unrelated(6000)), calls(unrelated(12_000))
    assert twice_as_many / many < 2.2


def test_a_limit_of_paths_that_is_reached_is_said() -> None:
    """No path decides by itself that is not walked: what was left out may be the one that is accepted."""
    server, issuing, root = chain()
    crossed = [issuing.cross_sign(Authority(f"Root {number}")) for number in range(3)]
    roots = [Authority(f"Root {number}") for number in range(3)]
    report = lint(server, issuing, *crossed, root, *roots, limits=Limits(paths=2))
    assert len(report.chains) == 2
    assert [f.evidence["limit"] for f in of(report, "limit-reached")] == ["paths"]
    assert report.verdict == "accepted", "one acceptable path is enough, whatever the others are"


def test_a_limit_of_paths_never_makes_a_refusal() -> None:
    bad = [Authority(f"Root {number}", sign=ca.pss()) for number in range(3)]
    issuing = bad[0].authority("Example Issuing CA 1", sign="SHA256withRSA")
    crossed = [issuing.cross_sign(other, sign="SHA256withRSA") for other in (*bad[1:], stranger())]
    certificates = (issuing.server("gadgets.example.com"), issuing, *crossed, *bad, stranger())
    assert lint(*certificates).verdict == "accepted"
    assert lint(*certificates, limits=Limits(paths=2)).verdict == "undetermined"


def test_a_limit_of_signature_checks_that_is_reached_is_said() -> None:
    report = lint(*chain(), limits=Limits(signature_checks=1))
    assert [f.evidence["limit"] for f in of(report, "limit-reached")] == ["signature_checks"]
    assert report.verdict == "undetermined", "never accepted because it failed to look"


def test_three_checks_are_enough_for_three_certificates() -> None:
    report = lint(*chain(), limits=Limits(signature_checks=3))
    assert of(report, "limit-reached") == []
    assert report.verdict == "accepted"


def test_three_checks_are_not_enough_for_four_certificates() -> None:
    report = lint(*chain(), stranger(), limits=Limits(signature_checks=3))
    assert [f.evidence["limit"] for f in of(report, "limit-reached")] == ["signature_checks"]
    assert report.verdict == "undetermined"


def test_a_limit_of_the_path_length_that_is_reached_is_said() -> None:
    report = lint(*chain(), limits=Limits(path_length=2))
    assert [f.evidence["limit"] for f in of(report, "limit-reached")] == ["path_length"]
    assert report.verdict == "undetermined"


def test_a_limit_of_steps_that_is_reached_is_said() -> None:
    report = lint(*chain(), limits=Limits(path_steps=2))
    assert [f.evidence["limit"] for f in of(report, "limit-reached")] == ["path_steps"]
    assert report.verdict == "undetermined"


def test_a_limit_of_blocks_that_is_reached_is_said() -> None:
    report = lint(*chain(), limits=Limits(blocks=2))
    assert [f.evidence["limit"] for f in of(report, "limit-reached")] == ["blocks"]
    assert len(report.certificates) == 2
    assert report.verdict == "undetermined"


def test_a_certificate_that_is_too_large_is_said() -> None:
    large = chain()[1].server("gadgets.example.com", san=tuple(f"{n}.example.com" for n in range(200)))
    report = lint(large, *chain()[1:], limits=Limits(certificate_bytes=2000))
    assert [f.evidence["limit"] for f in of(report, "limit-reached")] == ["certificate_bytes"]
    assert report.verdict == "undetermined"


def test_findings_beyond_the_limit_are_counted_and_still_weigh() -> None:
    servers = [chain()[1].server(f"{number}.example.com", sign=ca.pss(), key="ec256") for number in range(5)]
    report = lint(*servers, *chain()[1:], limits=Limits(findings_per_rule=2))
    assert len(of(report, "signature-algorithm-unsupported")) == 2
    assert report.omitted == {"signature-algorithm-unsupported": 3}
    assert report.verdict == "refused"
    assert "3 x signature-algorithm-unsupported" in report.render("text")


def test_an_input_that_is_too_large_is_refused_with_the_limit() -> None:
    with pytest.raises(fcl.InputError, match="more than the limit of 1000"):
        lint(*chain(), limits=Limits(input_bytes=1000))
