"""How far the profiles agree with real trust managers: what the tests assert, and the page in the docs shows.

    python tests/conformance.py

writes docs/conformance.json anew, from the cases in tests/verdicts and, where a JDK 17 is at hand, from composed chains.
"""

import json
import re
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import attrs

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # these sources, when run by itself

import finesse_certlint as fcl
from finesse_certlint.profiles.java import BY_RELEASE

AT = datetime(2026, 11, 23, tzinfo=UTC)
CASES = Path(__file__).parent / "verdicts" / "verdicts.jsonl"
PAGE = Path(__file__).resolve().parent.parent / "docs" / "conformance.json"
DISABLED_WITHOUT_PSS = (
    "MD2, MD5, SHA1 jdkCA & usage TLSServer, RSA keySize < 1024, DSA keySize < 1024, EC keySize < 224, "
    "SHA1 usage SignedJAR & denyAfter 2019-01-01, RSASSA-PSS"
)
"""What the label 17-nopss was run with."""


@attrs.frozen(kw_only=True)
class Outcome:
    """One question to one profile."""

    case: str
    family: str
    label: str
    with_host: bool
    expected: str
    got: str
    excluded: str = ""
    """Why the label says nothing of a handshake."""


@cache
def cases() -> list[dict[str, Any]]:
    """The recorded cases."""
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


@cache
def profiles() -> dict[str, fcl.Profile]:
    """The profile that each label is held against."""
    text = f"jdk.certpath.disabledAlgorithms={DISABLED_WITHOUT_PSS}\n"
    return {**BY_RELEASE, "17-nopss": fcl.Profile.from_java_security(text, "java-17", name="17-nopss")}


def blocks(bundle: str) -> tuple[bytes, ...]:
    """The bytes of each PEM block, whatever is in them."""
    found = re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", bundle, re.DOTALL)
    return tuple(b64decode("".join(block.split())) for block in found)


@cache
def outcomes(number: int) -> tuple[Outcome, ...]:
    """Every profile's answer to the case of that number, with and without the host name."""
    return tuple(_outcomes(cases()[number]))


def all_outcomes() -> list[Outcome]:
    """Every answer to every case."""
    return [outcome for number in range(len(cases())) for outcome in outcomes(number)]


def _outcomes(case: dict[str, Any]) -> Iterator[Outcome]:
    asked = profiles()
    for host in (case["host"], None):
        report = fcl.lint(
            case["presented"].encode("latin-1"), trusted=case["trust"].encode("latin-1"), hostname=host, at=AT
        )
        for label, answer in zip(asked, report.compare(asked.values()).reports, strict=True):
            verdict = case["verdicts"][label]
            accepted = verdict["accepted"] if host else verdict.get("path_accepted", False)
            yield Outcome(
                case=case["name"],
                family=case["family"],
                label=label,
                with_host=host is not None,
                expected="accepted" if accepted else "refused",
                got=answer.verdict.value,
                excluded=_excluded(case, label),
            )


def _excluded(case: dict[str, Any], label: str) -> str:
    if case.get("first_is_not_server"):
        return "the first certificate is a CA's: no server could prove that it holds its key"
    if label in case.get("no_handshake", ()):
        return "the client offers nothing that the server's key could be used with"
    if label == "7u80" and case.get("uses_ec"):
        return "7u80 was observed without an elliptic-curve provider"
    if "on_the_wire" in case["verdicts"][label]:
        return "more certificates are sent than the client reads"
    return ""


def table(found: list[Outcome]) -> list[dict[str, Any]]:
    """For each label: how many answers, and how many agree."""
    rows = []
    for label in profiles():
        own = [outcome for outcome in found if outcome.label == label]
        judged = [outcome for outcome in own if not outcome.excluded]
        rows.append(
            {
                "label": label,
                "profile": profiles()[label].title,
                "questions": len(judged),
                "agree": sum(outcome.expected == outcome.got for outcome in judged),
                "not judged": len(own) - len(judged),
            }
        )
    return rows


def differences(found: list[Outcome]) -> list[dict[str, Any]]:
    """Where the answer is another than the trust manager's, with the reason."""
    apart = [outcome for outcome in found if outcome.expected != outcome.got]
    return [
        {"reason": reason or "not explained", "family": family, "answers": count}
        for (reason, family), count in sorted(Counter((o.excluded, o.family) for o in apart).items())
    ]


def main() -> None:
    """Write the page's figures anew."""
    import test_live

    found = all_outcomes()
    page = {
        "cases": len(cases()),
        "families": dict(sorted(Counter(case["family"] for case in cases()).items())),
        "recorded": table(found),
        "differences": differences(found),
        "live": test_live.figures(),
    }
    PAGE.write_text(json.dumps(page, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
