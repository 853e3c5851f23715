"""Chains like others before them: the same answers, and fewer rules asked."""

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import ca
import pytest
from asn1crypto import x509
from benchmarks.corpus import chains
from ca import Authority, Server

import finesse_certlint as fcl
from finesse_certlint import alike, in_common, run
from finesse_certlint.alone import MoreIsAskedError
from finesse_certlint.certificate import Certificate
from finesse_certlint.rule import Problem, Rule
from finesse_certlint.subject import Subject

AT = datetime(2026, 11, 23, tzinfo=UTC)
HOST = "gadgets.example.com"
CASES = Path(__file__).parent / "verdicts" / "verdicts.jsonl"
PROFILES = [profile.name for profile in fcl.profiles()]


def subject_of(*files: bytes, hostname: str | None = HOST) -> Subject:
    """What the rules are given of these files by the profile finesse."""
    given: list[Subject] = []

    def takes(subject: Subject) -> Iterator[Problem]:
        given.append(subject)
        return iter(())

    rule = attrs.evolve(fcl.rules()[0], name="takes", scope="presented", beside=False, check=takes)
    fcl.lint(dict(zip(map(str, range(len(files))), files, strict=True)), hostname=hostname, at=AT, rules=[rule])
    return given[0]


def likeness(*files: bytes, hostname: str | None = HOST) -> Hashable:
    return alike.likeness(subject_of(*files, hostname=hostname))


def judged(files: Iterable[bytes], profile: str = "finesse", hostname: str | None = HOST) -> dict[str, Any]:
    named = {f"{number}.cer": data for number, data in enumerate(files)}
    return fcl.lint(named, profile=profile, hostname=hostname, at=AT).to_dict()


def forgotten() -> None:
    """Nothing is known of any likeness."""
    run._last_alike.cache_clear()


# -- What is alike -----------------------------------------------------------------------------------------------------

ROOT = Authority("Example Root CA")
ISSUING = ROOT.authority("Example Issuing CA 1")


def chain(server: Server) -> tuple[bytes, bytes, bytes]:
    return server.der, ISSUING.der, ROOT.der


def test_servers_certificates_that_differ_in_name_time_number_and_key_are_alike() -> None:
    one = ISSUING.server(HOST, key=ca.key("rsa2048", "one"))
    other = ISSUING.server(
        "other.example.com",
        key=ca.key("rsa2048", "other"),
        serial=77,
        not_after=AT - timedelta(days=1),
        san=("a.example", "b.example"),
    )
    assert likeness(*chain(one)) is not None
    assert likeness(*chain(one)) == likeness(*chain(other))


def test_chains_of_other_cas_are_alike_where_their_algorithms_keys_and_uses_are() -> None:
    root = Authority("Another Root CA")
    issuing = root.authority("Another Issuing CA")
    own = likeness(*chain(ISSUING.server(HOST)))
    assert likeness(issuing.server(HOST).der, issuing.der, root.der) == own
    open_ended = root.authority("An Issuing CA for more", path_length=7)
    assert likeness(open_ended.server(HOST).der, open_ended.der, root.der) != own


@pytest.mark.parametrize(
    "knobs",
    [
        {"sign": "SHA1withRSA"},
        {"sign": "RSASSA-PSS-SHA256"},
        {"key_usage": ("key_agreement",)},
        {"key_usage": None},
        {"eku": ("client_auth",)},
        {"extra_extensions": (("1.2.3.4", True, b"\5\0"),)},
        {"extra_extensions": (("1.2.3.4", False, b"\5\0"),)},
    ],
    ids=str,
)
def test_what_a_rule_may_look_at_on_the_way_tells_them_apart(knobs: Any) -> None:
    own = likeness(*chain(ISSUING.server(HOST)))
    assert likeness(*chain(ISSUING.server(HOST, **knobs))) not in (None, own)


def test_so_do_the_kind_of_key_the_root_and_the_order() -> None:
    server = ISSUING.server(HOST)
    kinds = [
        likeness(*chain(server)),
        likeness(*chain(ISSUING.server(HOST, key="ec256"))),
        likeness(server.der, ISSUING.der),
        likeness(server.der),
        likeness(ROOT.der),
        likeness(ROOT.der, ISSUING.der, server.der),
        likeness(ISSUING.der, server.der, ROOT.der),
    ]
    assert None not in kinds
    assert len(set(kinds)) == len(kinds)


def test_what_is_no_chain_is_like_nothing() -> None:
    server = ISSUING.server(HOST)
    assert likeness(server.der, ROOT.der) is None
    assert likeness(server.der, ISSUING.der, ROOT.der, ROOT.der) is None


def test_a_certificate_with_a_fault_is_like_no_other() -> None:
    broken = ISSUING.server(HOST, extra_extensions=(("2.5.29.17", False, b"\5\0"),))
    assert likeness(*chain(broken)) is None


# -- What the view shows -----------------------------------------------------------------------------------------------


def shown(subject: Subject) -> dict[str, Any]:
    """All that can be seen of the certificates in the view, by the names of a certificate's attributes."""
    found: dict[str, Any] = {}
    for certificate in in_common.view(subject).certificates:
        for name in dir(Certificate):
            if name.startswith("_"):
                continue
            try:
                value = getattr(certificate, name)
            except MoreIsAskedError:
                continue
            if name in ("public_key", "kept"):
                value = vars(value) if name == "public_key" else list(value.values())
            found[f"{certificate.index}.{name}"] = None if callable(value) else value
        for extension in (*certificate._extensions, "1.2.3.4.5"):  # type: ignore[attr-defined]
            try:
                found[f"{certificate.index}.{extension}"] = certificate.extension(extension)
            except MoreIsAskedError:
                continue
    return found


def test_what_the_view_shows_is_the_same_in_all_chains_that_are_alike() -> None:
    groups: dict[Hashable, list[dict[str, Any]]] = defaultdict(list)
    for made in chains(150, 3, hierarchies=6):
        subject = subject_of(made.leaf, made.issuing, made.root, hostname=made.host)
        groups[alike.likeness(subject)].append(shown(subject))
    assert None not in groups
    assert max(map(len, groups.values())) > 10
    for first, *others in groups.values():
        assert "0.signature_algorithm" in first
        assert "2.2.5.29.19" in first
        assert not {f"0.{name}" for name in ("der", "subject", "serial", "dns_names", "not_after", "location")} & set(
            first
        )
        assert all(other == first for other in others)


@pytest.mark.parametrize("name", ["documents", "blocks_of", "handshakes", "requests_left", "at", "hostname"])
def test_of_what_the_view_knows_nothing_no_question_is_answered(name: str) -> None:
    subject = subject_of(*chain(ISSUING.server(HOST)))
    assert alike.likeness(subject) is not None
    unknown = getattr(in_common.view(subject), name)
    questions: list[Callable[[Any], object]] = [
        lambda it: it == 1, lambda it: it != 1, lambda it: it < 1, lambda it: it > 1, lambda it: it - 1, lambda it: 1 + it,
        bool, len, list, str, repr, hash, lambda it: f"{it}", lambda it: 1 in it, lambda it: it[0],
        lambda it: isinstance(it, datetime), lambda it: it.year, lambda it: hasattr(it, "year"),
        lambda it: getattr(it, "year", None),
    ]  # fmt: skip
    for question in questions:
        with pytest.raises(MoreIsAskedError):
            question(unknown)


# -- Which rules are asked ---------------------------------------------------------------------------------------------


def asked_of(scope: Any, look: Callable[..., object], length: int = 3) -> int:
    """How often a rule that has nothing to say is asked about the first certificate of six chains that are alike."""
    asked = 0

    def check(subject: Subject, about: Any = None) -> Iterable[Problem]:
        nonlocal asked
        if scope != "certificate" or about.index == 0:
            look(subject, about)
            asked += 1
        return ()

    rule = attrs.evolve(fcl.rules()[-1], name="counts", scope=scope, needs=(), astray=False, beside=False, check=check)
    forgotten()
    for number in range(6):
        host = f"s{number}.{scope}.example.com"
        files = {str(i): data for i, data in enumerate(chain(ISSUING.server(host))[:length])}
        report = fcl.lint(files, hostname=host, at=AT, rules=[*fcl.rules(), rule])
        assert report.verdict is (fcl.Verdict.ACCEPTED if length == 3 else fcl.Verdict.UNDETERMINED)
    return asked


ONCE_MORE = 3
"""Of the first chain, and of the second by what the view shows; of a CA's certificate there may have been more to ask."""


@pytest.mark.parametrize(
    ("scope", "look"),
    [
        ("certificate", lambda _subject, certificate: certificate.signature_algorithm.hash),
        ("certificate", lambda subject, certificate: (subject.profile.title, certificate.public_key.bits)),
        (
            "certificate",
            lambda subject, certificate: (subject.role(certificate), certificate.ca, certificate.key_usage),
        ),
        ("path", lambda _subject, path: [each.extension("2.5.29.19") for each in path.below]),
        ("path", lambda subject, path: (subject.at, path.chain.links, path.anchor.extended_key_usage)),
        ("presented", lambda subject, _: (subject.hierarchy.servers, subject.chains[0].complete, subject.trust_given)),
        ("presented", lambda subject, _: (subject.documents, subject.at)),  # handed on, perhaps, and not looked at
    ],
)
def test_a_rule_that_looks_at_what_they_have_in_common_is_asked_no_more(
    scope: str, look: Callable[..., object]
) -> None:
    assert asked_of(scope, look) <= ONCE_MORE


@pytest.mark.parametrize(
    ("scope", "look"),
    [
        ("certificate", lambda _subject, certificate: certificate.subject),
        ("certificate", lambda _subject, certificate: certificate.serial),
        ("certificate", lambda _subject, certificate: certificate.not_after),
        ("certificate", lambda _subject, certificate: certificate.public_key.raw),
        ("certificate", lambda _subject, certificate: certificate.dns_names),
        ("certificate", lambda _subject, certificate: certificate.extension("2.5.29.17")),
        ("certificate", lambda _subject, certificate: certificate.extensions),
        ("certificate", lambda _subject, certificate: certificate.location),
        ("certificate", lambda _subject, certificate: isinstance(certificate, Certificate) and certificate.subject),
        ("path", lambda _subject, path: path.certificates[-1].title),
        ("path", lambda _subject, path: path.certificates[0] == path.certificates[1]),
        ("path", lambda _subject, path: path.certificates[0].public_key == path.certificates[1].public_key),
        ("path", lambda _subject, path: {path.certificates[0].public_key}),
        ("path", lambda _subject, path: str(path.certificates[0].public_key)),
        ("path", lambda _subject, path: f"{path.certificates[0]!r}"),
        ("path", lambda subject, path: path.chain.complete and subject.at > AT),
        ("presented", lambda subject, _: subject.hostname == HOST),
        ("presented", lambda subject, _: list(subject.walk())),
        ("input", lambda subject, _: [document.name for document in subject.documents]),
    ],
)  # fmt: skip
def test_a_rule_that_looks_at_what_may_differ_is_asked_of_each(scope: str, look: Callable[..., object]) -> None:
    assert asked_of(scope, look) >= 6


@pytest.mark.parametrize("length", [1, 2])
def test_of_a_chain_without_its_root_the_name_that_is_missing_may_differ(length: int) -> None:
    assert asked_of("presented", lambda subject, _: subject.chains[0].complete, length) <= ONCE_MORE
    assert asked_of("presented", lambda subject, _: f"{subject.chains[0].missing_issuer}", length) >= 6


def test_a_rule_that_would_not_hear_that_more_is_asked_is_asked_of_each() -> None:
    def looks(_subject: Subject, certificate: Certificate) -> object:
        try:
            return certificate.subject
        except Exception:  # noqa: BLE001 - as a careless rule has it
            return None

    assert asked_of("certificate", looks) >= 6


def test_a_rule_that_speaks_of_what_they_have_in_common_speaks_of_each() -> None:
    sha1 = [ISSUING.server(f"s{number}.example.com", sign="SHA1withRSA") for number in range(5)]
    reports = [judged(chain(server)) for server in sha1]
    assert all("signature-weak-hash" in [finding["rule"] for finding in report["findings"]] for report in reports)


def test_where_a_rule_is_left_out_all_that_are_asked_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else fields would be looked at, and signatures verified, that nobody asked for."""
    monkeypatch.setattr(run, "likeness", lambda _subject: pytest.fail("it was looked for"))
    some: list[Rule] = [rule for rule in fcl.rules() if rule.name != "certificate-malformed"]
    for _ in range(3):
        fcl.lint(b"".join(chain(ISSUING.server(HOST))), at=AT, rules=some)


# -- And they say the same ---------------------------------------------------------------------------------------------


def unlike_in_one_thing() -> list[tuple[bytes, ...]]:
    """Chains that are alike in all or most, and of which some rule says something of its own."""
    permitted = x509.NameConstraints({"permitted_subtrees": [{"base": x509.GeneralName("dns_name", "example.com")}]})
    restricted = ROOT.authority(
        "Example Issuing CA with constraints", extra_extensions=(("2.5.29.30", True, bytes(permitted.dump())),)
    )
    plain: list[dict[str, Any]] = [
        {},
        {"not_after": AT - timedelta(days=1)},
        {"not_before": AT + timedelta(days=1)},
        {"san": ("elsewhere.example.net",)},
        {"san": ()},
        {"serial": 0},
        {"serial": -5},
        {"key": "rsa1024"},
        {"key": "ec521"},
        {"key": "ed25519"},
        {"key_usage": ("key_agreement",)},
        {"eku": ("client_auth",)},
        {"sign": "RSASSA-PSS-SHA256"},
        {"sign": "SHA1withRSA"},
    ]
    found: list[tuple[bytes, ...]] = []
    for knobs in plain:
        for issuing in (ISSUING, restricted):
            server = issuing.server(HOST, **knobs)
            found += [(server.der, issuing.der, ROOT.der), (server.der, issuing.der), (server.der,)]
            found += [(ROOT.der, issuing.der, server.der), (server.der, ROOT.der, issuing.der)]
    return found


def judged_each_as_the_first(cases: Iterable[Iterable[bytes]], profile: str) -> list[dict[str, Any]]:
    found = []
    for files in cases:
        forgotten()
        found.append(judged(files, profile))
    return found


@pytest.mark.parametrize("profile", PROFILES)
def test_a_chain_like_others_before_it_is_judged_as_if_it_were_the_first(profile: str) -> None:
    cases = [*unlike_in_one_thing(), *((c.leaf, c.issuing, c.root) for c in chains(40, 5, hierarchies=3))]
    first = judged_each_as_the_first(cases, profile)
    for _ in range(3):
        assert [judged(files, profile) for files in cases] == first


@pytest.mark.parametrize("profile", PROFILES[::3])
def test_so_is_every_chain_that_was_shown_to_a_jvm(profile: str) -> None:
    presented = []
    for line in CASES.read_text("utf-8").splitlines():
        data = json.loads(line)["presented"].encode("latin-1")
        try:
            fcl.lint(data, at=AT, rules=[])
        except fcl.InputError:
            continue
        presented.append((data,))
    assert len(presented) > 300
    first = judged_each_as_the_first(presented, profile)
    for _ in range(2):
        assert [judged(files, profile) for files in presented] == first


def test_what_fails_while_a_likeness_is_sought_is_left_to_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    files = chain(ISSUING.server(HOST))
    usual = judged(files)
    monkeypatch.setattr(run, "likeness", lambda _subject: 1 // 0)
    assert judged(files) == usual
