"""What makes two findings the same one, in reports of different days: never their place in a list."""

import hashlib
from collections import Counter
from collections.abc import Iterator

from .findings import Finding
from .report import Report


def identity(report: Report, finding: Finding) -> tuple[str, ...]:
    """The rule and what it found fault with: a certificate by its fingerprint, a server by its address, a field by its path.

    Names of files are left out, because the same certificate is the same in another file; so are words, which may get
    better. A finding of the input as a whole is known by its rule and the element that it names.
    """
    location = finding.location
    return (
        finding.rule,
        "" if finding.certificate is None else report.certificates[finding.certificate].fingerprint_sha256,
        *_path(report, finding.chain),
        "" if finding.handshake is None else str(report.handshakes[finding.handshake].server or ""),
        "" if finding.request is None else str(report.requests[finding.request].subject),
        (location.field or "") if location else "",
        (location.within or "") if location and finding.certificate is None else "",
    )


def _path(report: Report, chain: int | None) -> tuple[str, ...]:
    if chain is None:
        return ()
    return tuple(report.certificates[index].fingerprint_sha256 for index in report.chains[chain].certificates)


def fingerprints(report: Report) -> Iterator[tuple[Finding, str]]:
    """Each finding with a digest of its identity, counted where several have the same: `0f3c...:1`, `0f3c...:2`."""
    seen: Counter[str] = Counter()
    for finding in report.findings:
        digest = hashlib.sha256("\0".join(identity(report, finding)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        seen[digest] += 1
        yield finding, f"{digest}:{seen[digest]}"
