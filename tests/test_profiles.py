"""What is known of each Java, where it is said, and how a profile of one's own is made."""

from typing import Any

import attrs
import ca
import pytest
import quirks
from ca import Authority, Issued, pem_bundle

import finesse_certlint as fcl
from finesse_certlint.java.security import Key
from finesse_certlint.profiles.java import RELEASES

PSS = "1.2.840.113549.1.1.10"
SHA224_RSA = "1.2.840.113549.1.1.14"


def chain(**signed: str | ca.Scheme) -> tuple[Issued, Authority, Authority]:
    """Server, issuing CA and root; each signed as told."""
    root = Authority("Example Root CA", **_sign(signed.get("root")))
    issuing = root.authority("Example Issuing CA 1", **_sign(signed.get("issuing")))
    return issuing.server("gadgets.example.com", **_sign(signed.get("leaf"))), issuing, root


def _sign(scheme: str | ca.Scheme | None) -> dict[str, Any]:
    return {} if scheme is None else {"sign": scheme}


def lint(profile: str | fcl.Profile, *issued: Issued) -> fcl.Report:
    return fcl.lint(pem_bundle(*issued), trusted=issued[-1].pem, profile=profile)


# -- Facts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", fcl.profiles(), ids=lambda profile: profile.name)
def test_each_fact_names_its_source(profile: fcl.Profile) -> None:
    assert profile.facts
    assert all(fact.what and fact.source for fact in profile.facts)
    assert profile.source
    fields = [fact.field for fact in profile.facts if fact.field]
    assert len(fields) == len(set(fields)), "one fact a field"


@pytest.mark.parametrize("profile", RELEASES, ids=lambda profile: profile.name)
def test_every_value_in_which_releases_differ_rests_on_a_fact(profile: fcl.Profile) -> None:
    own = {field.name for field in attrs.fields(type(profile.algorithms))}
    words = {"name", "title", "description", "release", "source", "facts", "severities", "algorithm_list", "statement"}
    values = {field.name for field in attrs.fields(fcl.Profile)} - words - {"observed", "algorithms"}
    assert {fact.field for fact in profile.facts if fact.field} == values | own


@pytest.mark.parametrize("profile", RELEASES, ids=lambda profile: profile.name)
def test_a_profile_is_a_value(profile: fcl.Profile) -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        profile.title = "another"  # type: ignore[misc]
    assert attrs.evolve(profile, name="mine").algorithms == profile.algorithms


# -- Where the article and the JVM differ ------------------------------------------------------------------------------


def test_a_pss_root_in_the_trust_store_is_an_error_for_the_article_and_passes_in_java() -> None:
    issued = chain(root=ca.pss())
    by_article = lint("finesse", *issued)
    (finding,) = [f for f in by_article.findings if f.rule == "signature-algorithm-unsupported"]
    assert (by_article.verdict, finding.severity) == ("refused", "error")
    assert 'The article: "If any certificate in the chain is signed with RSASSA-PSS' in finding.message
    assert "Observed: Java 7u80, 7u181 and 8u181 accept a root so signed" in finding.message
    by_java = lint("java-7u181", *issued)
    (finding,) = [f for f in by_java.findings if f.rule == "signature-algorithm-unsupported"]
    assert (by_java.verdict, finding.severity) == ("accepted", "notice")
    assert "Cisco TechNote 214617 says otherwise" in finding.message


@pytest.mark.parametrize("position", ["leaf", "issuing"])
def test_a_pss_certificate_below_the_root_is_refused_by_both_with_what_java_logs(position: str) -> None:
    issued = chain(**{position: ca.pss()})
    assert lint("finesse", *issued).verdict == "refused"
    report = lint("java-7u181", *issued)
    assert report.verdict == "refused"
    assert f"NoSuchAlgorithmException: {PSS} Signature not available" in report.findings[0].message
    assert lint("java-8u504", *issued).verdict == "accepted", "RSASSA-PSS came with 8u251"


def test_an_md5_intermediate_is_on_the_articles_list_and_refused_by_java_since_7u95() -> None:
    issued = chain(issuing="MD5withRSA")
    assert lint("finesse", *issued).verdict == "accepted"
    report = lint("java-7u181", *issued)
    assert report.verdict == "refused"
    assert report.findings[0].rule == "signature-algorithm-disabled"
    assert "Algorithm constraints check failed on signature algorithm: MD5withRSA" in report.findings[0].message
    assert lint("java-7u80", *issued).verdict == "accepted"


def test_sha224_with_rsa_is_outside_the_articles_list_and_accepted_by_java_since_7u101() -> None:
    issued = chain(issuing="SHA224withRSA")
    assert lint("finesse", *issued).verdict == "refused"
    assert lint("java-7u181", *issued).verdict == "accepted"
    assert lint("java-7u80", *issued).verdict == "refused"


def test_sha1_is_refused_below_a_root_that_came_with_the_jdk_only() -> None:
    """java.security: "SHA1 jdkCA & usage TLSServer"; in cacerts such a root's alias contains " [jdk"."""
    leaf, issuing, root = chain(leaf="SHA1withRSA")
    verdicts = {
        alias: fcl.lint(
            pem_bundle(leaf, issuing),
            trusted=quirks.keystore(quirks.JKS, root.der, alias=alias),
            profile="java-17",
        ).verdict
        for alias in ("our root", "exampleroot [jdk]")
    }
    assert verdicts == {"our root": "accepted", "exampleroot [jdk]": "refused"}


# -- From what `java -version` prints ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('java version "1.7.0_181"\nOpenJDK Runtime Environment (rhel-2.6.14.8.el6_9-i386 u181-b00)', "java-7u181"),
        ('java version "1.7.0_80"', "java-7u80"),
        ('java version "1.7.0_40"', "java-7u80"),
        ('java version "1.7.0_131"', "java-7u181"),
        ('openjdk version "1.8.0_242"', "java-8u181"),
        ('openjdk version "1.8.0_252"', "java-8u504"),
        ('java version "9.0.4"', "java-8u181"),
        ('openjdk version "11" 2018-09-25', "java-11"),
        ('openjdk version "11.0.33" 2026-10-20', "java-11"),
        ('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6)', "java-17"),
        ('openjdk version "19.0.2" 2023-01-17', "java-17"),
        ('openjdk version "25" 2025-09-16', "java-21"),
        ("1.7.0_181", "java-7u181"),
        ("17.0.15", "java-17"),
        ("1.8", "java-8u181"),
        ("7u181", "java-7u181"),
        ("jdk8u504", "java-8u504"),
        ("Java 7 Update 181", "java-7u181"),
        ("jdk-17.0.2", "java-17"),
        ("java-1.7.0-openjdk-1.7.0.181-2.6.14.8.el6_9.i686", "java-7u181"),
        (
            'java version "1.7.0"\nIBM J9 VM (build 2.6, JRE 1.7.0)\nJCL - 20180115_01 based on Oracle jdk7u171-b13',
            "java-7u181",
        ),
        ("openjdk 17 2021-09-14\nOpenJDK Runtime Environment (build 17+35-2724)", "java-17"),
        ("Picked up JAVA_TOOL_OPTIONS: -Xmx512m\njava 17.0.9 2023-10-17 LTS", "java-17"),
    ],
)
def test_the_profile_is_picked_by_what_java_version_prints(text: str, name: str) -> None:
    assert fcl.profile_for_java(text).name == name


def test_a_release_that_nobody_observed_says_which_one_speaks_for_it() -> None:
    profile = fcl.profile_for_java('java version "1.7.0_191"')
    assert profile.title == "Java 7u181, the nearest observed to 7u191"
    assert profile.facts[0].what.startswith("Java 7u191 itself was not observed; it is judged as 7u181")
    assert fcl.profile_for_java('java version "1.7.0_181"').title == "Java 7u181"
    for text in ('java version "9.0.4"', 'java version "10.0.2" 2018-07-17'):
        assert fcl.profile_for_java(text).title.startswith("Java 8u181, the nearest observed to ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no version here",
        "GNU bash",
        'java version "1.6.0_45"',
        "2024-11-12",
        "Cisco Finesse 11.6(1)",
        "OpenJDK 64-Bit Server VM (build 25.504-b09, mixed mode)",
    ],
)
def test_what_is_no_observed_java_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(fcl.ProfileError, match=r"holds no version of Java|was not observed"):
        fcl.profile_for_java(text)


# -- An administrator's own java.security ------------------------------------------------------------------------------


def test_a_java_security_file_is_heeded_in_place_of_the_releases_own() -> None:
    text = "# ours\njdk.certpath.disabledAlgorithms=MD2, \\\n    MD5, RSASSA-PSS, RSA keySize < 2048\n"
    profile = fcl.Profile.from_java_security(text, base="java-17")
    assert lint("java-17", *chain(issuing=ca.pss())).verdict == "accepted"
    report = lint(profile, *chain(issuing=ca.pss()))
    assert report.verdict == "refused"
    assert "`RSASSA-PSS` in jdk.certpath.disabledAlgorithms" in report.findings[0].message
    assert lint(profile, *chain(root=ca.pss())).verdict == "accepted", (
        "a trusted certificate's own signature is not checked"
    )
    (fact,) = [fact for fact in profile.facts if fact.field == "disabled"]
    assert (fact.what, fact.source) == (
        "jdk.certpath.disabledAlgorithms = MD2, MD5, RSASSA-PSS, RSA keySize < 2048",
        "the file java.security",
    )


def test_a_file_that_is_no_java_security_is_refused() -> None:
    with pytest.raises(fcl.ProfileError, match="is it a java"):
        fcl.Profile.from_java_security("networkaddress.cache.ttl=30\n", base="java-17")


def test_an_entry_that_java_does_not_understand_is_refused_by_name() -> None:
    with pytest.raises(fcl.ProfileError, match=r"jdk.certpath.disabledAlgorithms: `RSA keysize 1024`"):
        fcl.Profile.from_java_security("jdk.certpath.disabledAlgorithms=MD2, RSA keysize 1024", base="java-17")


def test_what_java_security_no_longer_disables_is_offered_and_taken() -> None:
    """Observed on 17.0.15, 21.0.8 and 25.0.3: with both lists emptied an MD5 chain passes."""
    freed = fcl.Profile.from_java_security("jdk.certpath.disabledAlgorithms=\njdk.tls.disabledAlgorithms=\n")
    assert lint(freed, *chain(issuing="MD5withRSA")).verdict == "accepted"
    half = fcl.Profile.from_java_security("jdk.certpath.disabledAlgorithms=\n")
    report = lint(half, *chain(issuing="MD5withRSA"))
    assert report.verdict == "refused"
    assert "`MD5withRSA` in jdk.tls.disabledAlgorithms" in report.findings[0].message


def test_an_algorithm_none_of_whose_schemes_is_offered_is_refused() -> None:
    """Observed on 17.0.15, 21.0.8 and 25.0.3; its usage on 25.0.3."""
    for entry, verdict in (
        ("rsa_pkcs1_sha1", "refused"),
        ("rsa_pkcs1_sha1 usage CertificateSignature", "refused"),
        ("rsa_pkcs1_sha1 usage HandshakeSignature", "accepted"),
        ("rsa_pss_rsae_sha256", "accepted"),
    ):
        profile = fcl.Profile.from_java_security(f"jdk.tls.disabledAlgorithms={entry}")
        assert lint(profile, *chain(issuing="SHA1withRSA")).verdict == verdict, entry
        assert lint(profile, *chain(issuing=ca.pss())).verdict == "accepted", entry


def test_a_root_s_key_is_measured_by_the_list_for_certificates_alone() -> None:
    """Observed on 17.0.15, 21.0.8 and 25.0.3."""
    root = ca.Authority("Example Root CA", key="rsa1024")
    issuing = root.authority("Example Issuing CA 1")
    issued = (issuing.server("gadgets.example.com"), issuing, root)
    for name, verdict in (("tls", "accepted"), ("certpath", "refused")):
        profile = fcl.Profile.from_java_security(f"jdk.{name}.disabledAlgorithms=RSA keySize < 2048")
        assert lint(profile, *issued).verdict == verdict
    below = root.authority("Example Issuing CA 2", key="rsa1024")
    profile = fcl.Profile.from_java_security("jdk.tls.disabledAlgorithms=RSA keySize < 2048")
    assert lint(profile, below.server("gadgets.example.com"), below, root).verdict == "refused"


@pytest.mark.parametrize("base", ["java-8u504", "java-11"])
def test_what_a_list_includes_comes_from_the_release_where_the_file_does_not_set_it(base: str) -> None:
    curve = Key(algorithm="EC", bits=256, curve="secp256k1")
    listed = "MD2, include jdk.disabled.namedCurves"
    for profile in (
        fcl.Profile.from_java_security(f"jdk.certpath.disabledAlgorithms={listed}", base),
        fcl.Profile.from_mapping({"base": base, "certpath_disabled": listed}),
    ):
        assert profile.algorithms.disabled.refuses_key(curve)
    other = fcl.Profile.from_java_security("jdk.disabled.namedCurves=secp384r1", base).algorithms
    for disabled in (other.disabled, other.tls_disabled):
        assert disabled.refuses_key(curve) is None
        assert disabled.refuses_key(Key(algorithm="EC", bits=384, curve="secp384r1"))


# -- A profile of one's own --------------------------------------------------------------------------------------------


def test_a_portal_makes_its_own_profile_from_a_mapping() -> None:
    profile = fcl.Profile.from_mapping(
        {
            "base": "java-8u181",
            "name": "contact-centre",
            "title": "What our contact centre accepts",
            "signature_algorithms": ["SHA256withRSA", "SHA384withRSA"],
            "certpath_disabled": "RSA keySize < 2048",
            "severities": {"signature-weak-hash": "error"},
        }
    )
    assert set(profile.signature_algorithms.values()) == {"SHA256withRSA", "SHA384withRSA"}
    assert lint(profile, *chain()).verdict == "accepted"
    assert lint(profile, *chain(leaf="SHA512withRSA")).verdict == "refused"
    assert profile.severities == {"signature-weak-hash": "error"}


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"base": "java-9"}, "there is no profile 'java-9'"),
        ({"signature_algoritms": []}, "a profile has no 'signature_algoritms'"),
        ({"signature_algorithms": ["SHA256WithRSAEncryption"]}, "is no standard name of Java's"),
        ({"signature_algorithms": "SHA256withRSA"}, "signature_algorithms must be a list"),
        ({"longest_chain": True}, "longest_chain must be a number"),
        ({"judges_anchors": 1}, "judges_anchors must be true or false"),
        ({"certpath_disabled": "RSA size < 1"}, "is no condition"),
        ({"severities": {"signature-weak-hash": "bad"}}, "severities: signature-weak-hash"),
        ({"name": 7}, "name must be text"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused_and_says_why(mapping: dict[str, Any], said: str) -> None:
    with pytest.raises(fcl.ProfileError, match=said):
        fcl.Profile.from_mapping(mapping)


# -- Several clients ---------------------------------------------------------------------------------------------------


def test_a_report_says_which_other_clients_would_accept_the_same() -> None:
    report = lint("java-7u181", *chain(issuing=ca.pss()))
    comparison = report.compare()
    assert comparison.accepted_by == ("java-8u504", "java-11", "java-17", "java-21")
    assert [r.profile for r in comparison.reports] == [p.name for p in fcl.profiles()]
    text = comparison.render()
    assert "Accepted by java-8u504, java-11, java-17, java-21." in text
    assert "signature-algorithm-unsupported   Example Issuing CA 1" in text
    rows = {row["name"]: row for row in comparison.to_dict()["profiles"]}
    assert rows["java-7u181"]["breaks"][0]["certificate"] == 1
    assert rows["java-17"] == {"name": "java-17", "title": "Java 17", "verdict": "accepted", "breaks": []}


def test_chosen_clients_are_compared_in_their_order() -> None:
    mine = fcl.Profile.from_mapping({"base": "java-21", "name": "mine", "certpath_disabled": "RSASSA-PSS"})
    comparison = lint("finesse", *chain(leaf=ca.pss())).compare(["java-21", mine])
    assert [(r.profile, r.verdict) for r in comparison.reports] == [("java-21", "accepted"), ("mine", "refused")]


def test_what_no_client_accepts_is_said() -> None:
    leaf, issuing, root = chain()
    text = lint("java-17", leaf.renew(tamper=True), issuing, root).compare().render()
    assert "No profile accepts it: another Java would not help" in text


def test_a_comparison_without_room_for_columns_names_what_breaks_behind_each_client() -> None:
    leaf, issuing, root = chain(issuing=ca.pss())
    comparison = lint("finesse", leaf.renew(tamper=True), issuing, root).compare(["finesse", "java-21"])
    text = comparison.render(width=90)
    assert (
        "  finesse   refused   signature-invalid: gadgets.example.com\n"
        "                      signature-algorithm-unsupported: Example Issuing CA 1\n"
        "  java-21   refused   signature-invalid: gadgets.example.com\n"
    ) in text
    assert max(map(len, text.splitlines())) <= 90


def test_a_report_that_lost_its_input_says_so() -> None:
    report = attrs.evolve(lint("finesse", *chain()), case=None)
    with pytest.raises(ValueError, match="lint it again"):
        report.compare()
