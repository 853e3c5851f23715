"""A live Java and the profile of that same Java, over the recorded cases and over chains composed at random.

The profile is that of the release with the machine's own lists, by `Profile.from_java_security()`: stock, and for 17 also with
RSASSA-PSS added to jdk.certpath.disabledAlgorithms, which makes of it a Java without RSASSA-PSS.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import attrs
import ca
import compose
import conformance
import jvm
import pytest
from hypothesis import Phase, given, settings

import finesse_certlint as fcl

COUNT = 300
"""How many composed chains the virtual machine is asked about, for each of the two configurations."""

# A trust manager is asked about certificates alone: what a handshake would end on before is not its matter.
RULES = [rule for rule in fcl.rules() if rule.name not in ("server-key-not-offered", "chain-too-long")]

Drawn = tuple[jvm.Case, str]
pytestmark = pytest.mark.skipif(bool(jvm.available()), reason=jvm.available() or "never")


@attrs.frozen(kw_only=True)
class Client:
    """A Java that answers, and the profile of its release."""

    release: str
    lists: str = "stock"
    program: str | None = None
    """Another `java` than that of release 17."""

    @property
    def properties(self) -> str | None:
        """The text of the file that it is started with, or None."""
        if self.lists == "stock":
            return None
        return f"jdk.certpath.disabledAlgorithms={jvm.disabled_certpath().certpath_disabled}, RSASSA-PSS\n"

    @cached_property
    def settings(self) -> jvm.Settings:
        """What its verdicts depend on."""
        return jvm.disabled_certpath(self.properties, self.program)

    @cached_property
    def profile(self) -> fcl.Profile:
        """The profile of its release, with its own lists."""
        own = self.settings
        text = (
            f"jdk.certpath.disabledAlgorithms={own.certpath_disabled}\njdk.tls.disabledAlgorithms={own.tls_disabled}\n"
        )
        return fcl.Profile.from_java_security(text, f"java-{self.release}", name=f"Java {own.version}")


STOCK = Client(release="17")
WITHOUT_PSS = Client(release="17", lists="with RSASSA-PSS disabled")


def java_21() -> Client:
    """Java 21; skips the test where there is none."""
    return Client(release="21", program=jvm.java_21())


def differences(drawn: Sequence[Drawn], client: Client) -> list[str]:
    """Where the profile and the trust manager part, with the host and without it."""
    # An empty trust store is no trust store: lint() takes none.
    drawn = [(case, story) for case, story in drawn if case.trusted]
    verdicts = jvm.ask([case for case, _ in drawn], client.properties, client.program)
    found = []
    for (case, story), verdict in zip(drawn, verdicts, strict=True):
        for host, accepted in ((case.host, verdict.accepted), (None, bool(verdict.path_accepted))):
            report = fcl.lint(
                ca.pem_bundle(*case.presented),
                trusted=ca.pem_bundle(*case.trusted),
                hostname=host,
                profile=client.profile,
                rules=RULES,
            )
            if (report.verdict == "accepted") is not accepted or report.rules.crashed:
                errors = [finding.rule for finding in report.findings if finding.severity >= "error"]
                said = f"{verdict.stage} {verdict.cause or verdict.message}" if not accepted else "accepted"
                found.append(f"{story}, host {host}: Java says {said}; we say {report.verdict} {errors}")
    return found


def composed(count: int) -> list[Drawn]:
    """Chains that hypothesis composes, the same in every run; one virtual machine is then asked about all of them."""
    found: list[Drawn] = []

    @settings(max_examples=count, phases=[Phase.generate])
    @given(compose.chains())
    def collect(drawn: Drawn) -> None:
        found.append(drawn)

    collect()
    return found


@pytest.mark.parametrize("client", [STOCK, WITHOUT_PSS], ids=["stock", "without-pss"])
def test_a_live_java_17_says_the_same_of_composed_chains(client: Client) -> None:
    assert differences(composed(COUNT), client) == []


@pytest.mark.slow
@pytest.mark.parametrize("which", ["stock", "without-pss", "21"])
def test_it_says_the_same_of_thousands(which: str, capsys: pytest.CaptureFixture[str]) -> None:
    client = {"stock": lambda: STOCK, "without-pss": lambda: WITHOUT_PSS, "21": java_21}[which]()
    drawn = compose.sample(1500, seed=7)
    assert differences(drawn, client) == []
    with capsys.disabled():
        print(f"\n{len(drawn)} composed chains, {2 * len(drawn)} answers: {client.profile.name} agrees")


def test_the_recorded_cases_hold_for_the_java_at_hand() -> None:
    """What 17.0.15 said is what this 17 says, so the oracle is asked as the recording was made."""
    recorded = conformance.cases()
    verdicts = jvm.ask(of_record(case) for case in recorded)
    apart = [
        (case["name"], said)
        for case, verdict in zip(recorded, verdicts, strict=True)
        if (said := (verdict.accepted, bool(verdict.path_accepted)))
        != (case["verdicts"]["17"]["accepted"], case["verdicts"]["17"].get("path_accepted", False))
    ]
    assert apart == []


def of_record(recorded: dict[str, Any]) -> jvm.Case:
    """A recorded case as the oracle takes it."""
    return jvm.Case(
        presented=conformance.blocks(recorded["presented"]),
        trusted=conformance.blocks(recorded["trust"]),
        host=recorded["host"],
        auth_type=recorded["auth_type"],
    )


def figures(count: int = 2000) -> list[dict[str, Any]]:
    """For the page in the docs: how many composed chains, how many answers, how many agree."""
    if jvm.available():
        return []
    rows = []
    drawn = [each for each in compose.sample(count, seed=1) if each[0].trusted]
    for client in (STOCK, WITHOUT_PSS, java_21()):
        apart = len(differences(drawn, client))
        answers = 2 * len(drawn)
        rows.append(
            {
                "java": client.settings.version,
                "lists": client.lists,
                "chains": len(drawn),
                "answers": answers,
                "agree": answers - apart,
            }
        )
    return rows
