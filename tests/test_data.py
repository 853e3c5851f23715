"""The labelled certificates that lie beside the project, not in it: what OpenSSL and pyca cryptography saw is seen here.

Several hundred files out of published test suites. They are not the project's to copy, so a machine without them skips
this; the cases that taught something are made anew in the other tests.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import finesse_certlint as fcl

AT = datetime(2026, 11, 23, tzinfo=UTC)
DATA = Path(__file__).parents[2] / "shared" / "data" / "certificates"
LABELS = [json.loads(line) for line in (DATA / "labels.jsonl").read_text("utf-8").splitlines()] if DATA.exists() else []

pytestmark = pytest.mark.skipif(not LABELS, reason="needs the labelled certificates")
Label = dict[str, Any]


def _report(label: Label) -> fcl.Report:
    return fcl.lint((DATA / label["file"]).read_bytes(), name=label["file"], at=AT)


@pytest.mark.parametrize("label", [x for x in LABELS if x["verdict"] == "parsed"], ids=lambda label: label["file"])
def test_what_others_parse_is_found_whole_and_judged_by_the_articles_list(label: Label) -> None:
    report = _report(label)
    found = {
        c.fingerprint_sha256: (c.signature_oid, c.tbs_signature_algorithm and c.tbs_signature_algorithm.oid)
        for c in report.certificates
    }
    assert found == {entry["fp"]: (entry["oid"], entry["tbs_oid"]) for entry in label["certs"]}
    if label["order"]:
        assert [c.fingerprint_sha256 for c in report.certificates] == label["order"]
    unsupported = {
        report.certificates[finding.certificate].fingerprint_sha256
        for finding in report.findings
        if finding.rule == "signature-algorithm-unsupported" and finding.certificate is not None
    }
    judged = [entry for entry in label["certs"] if not entry["ambiguous"]]
    assert unsupported == {entry["fp"] for entry in judged if not entry["in_list"]}


@pytest.mark.parametrize("label", [x for x in LABELS if x["verdict"] != "parsed"], ids=lambda label: label["file"])
def test_the_rest_end_in_a_report_or_an_input_error(label: Label) -> None:
    try:
        report = _report(label)
    except fcl.InputError:
        return
    assert not report.rules.crashed
    assert sum(len(block.span) for block in report.documents[0].blocks) == label["size"]
