"""The labelled certificates that lie beside the project, not in it: what OpenSSL and pyca cryptography saw is seen here.

Several hundred files out of published test suites. They are not the project's to copy, so a machine without them skips
this; the cases that taught something are made anew in the other tests.
"""

import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.serialization import Encoding

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


def _requests(data: bytes) -> list[Any]:
    """The requests in a file as pyca cryptography reads them."""
    blocks = re.findall(rb"-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----.*?-----END[^\n]*", data, re.DOTALL)
    if blocks:
        return [pyca.load_pem_x509_csr(block) for block in blocks]
    return [pyca.load_der_x509_csr(data)]


@pytest.mark.parametrize(
    "label",
    [x for x in LABELS if x["kind"] == "CERTIFICATE REQUEST" or ("/requests/" in x["file"] and x["kind"] == "binary")],
    ids=lambda label: label["file"],
)
def test_requests_are_read_as_others_read_them(label: Label) -> None:
    data = (DATA / label["file"]).read_bytes()
    found, theirs = _report(label).requests, _requests(data)
    given = [sha256(other.public_bytes(Encoding.DER)).hexdigest() for other in theirs]
    assert [request.fingerprint_sha256 for request in found] == given, "their bytes are without a challenge password"
    for request, other in zip(found, theirs, strict=True):
        assert request.signature_algorithm is not None
        assert request.signature_algorithm.oid == other.signature_algorithm_oid.dotted_string
        # Of a signature over SHA-1 pyca says that it is not valid, whatever it is.
        if request.signature_algorithm.hash != "SHA-1":
            assert request.proof == ("verified" if other.is_signature_valid else "failed")
        assert request.public_key is not None
        assert request.public_key.bits == other.public_key().key_size


@pytest.mark.parametrize("label", [x for x in LABELS if x["verdict"] != "parsed"], ids=lambda label: label["file"])
def test_the_rest_end_in_a_report_or_an_input_error(label: Label) -> None:
    try:
        report = _report(label)
    except fcl.InputError:
        return
    assert not report.rules.crashed
    assert sum(len(block.span) for block in report.case.documents[0].blocks) == label["size"]
