"""Inputs of every kind, and the reports on them, for the tests of what a report is and how it looks."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import ca
import quirks
from ca import Authority, Server, article_chain, good_chain, pem_bundle, pkcs7, request

import finesse_certlint as fcl
from finesse_certlint import Report

AT = datetime(2026, 11, 23, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
SCHEMA: dict[str, Any] = json.loads(
    files("finesse_certlint").joinpath("schemas", "report-1.schema.json").read_text("utf-8")
)


CAPTURES = Path(__file__).parent / "captures"
CAPTURED = {
    "scenario1": "s1_tls12_dhe256_2048_java.pcap",
    "scenario2": "s2_pssinter_java.pcap",
    "interleaved": "interleaved_s1_s2_ok.pcapng",
    "retry": "retry_twice_s1.pcap",
    "tls13": "tls13_java.pcapng",
    "resumed": "resumed_tls12.pcap",
    "client-certificate": "clientcert_pss_accepted.pcap",
    "cut": "snap128_s2.pcap",
    "no-tls": "plain_http_on_8443.pcap",
}


def example(name: str) -> Report:
    return fcl.lint((EXAMPLES / name).read_bytes(), name=name, at=AT)


def _damaged() -> bytes:
    block = good_chain()[1].pem.splitlines(keepends=True)
    return good_chain()[0].pem + b"".join(block[:5] + block[8:])


def _cross_signed() -> bytes:
    server, issuing, root = good_chain()
    other = Authority("Another Root CA")
    return pem_bundle(server, issuing, issuing.cross_sign(other), root, other)


def _malformed() -> bytes:
    return good_chain()[1].server("x", not_after=b"\x17\x00", spki=ca.sequence(), serial=-1, subject=()).pem


INPUTS: dict[str, tuple[Callable[[], bytes], dict[str, Any]]] = {
    "article": (lambda: pem_bundle(*article_chain()), {}),
    "article-p7b": (lambda: pkcs7(*article_chain()), {}),
    "good": (lambda: pem_bundle(*good_chain()), {"hostname": "gadgets.example.com"}),
    "good-with-trust": (lambda: pem_bundle(*good_chain()[:2]), {"trusted": good_chain()[2].pem}),
    "not-trusted": (lambda: pem_bundle(*good_chain()), {"trusted": Authority("Another Root CA").der}),
    "another-host": (lambda: pem_bundle(*good_chain()), {"hostname": "finesse.example.com"}),
    "no-issuer": (lambda: good_chain()[0].pem, {}),
    "cross-signed": (_cross_signed, {"limits": fcl.Limits(paths=1)}),
    "many-findings": (lambda: pem_bundle(*article_chain() * 3), {"limits": fcl.Limits(findings_per_rule=1)}),
    "pss-everywhere": (lambda: Server("a", key="rsapss2048", sign=ca.pss("SHA384", mgf="SHA1", salt=7)).pem, {}),
    "ecdsa": (lambda: Server("a", key="ec384").der, {}),
    "ed25519": (lambda: Server("a", key="ed25519").der, {}),
    "unknown-algorithm": (lambda: good_chain()[1].server("a", signature_oid="1.2.3.4").pem, {}),
    "malformed": (_malformed, {}),
    "damaged": (_damaged, {}),
    "utf-16": (lambda: pem_bundle(*good_chain()).decode().encode("utf-16"), {}),
    "request": (lambda: request("gadgets.example.com").pem, {}),
    "request-before-issue": (
        lambda: request("gadgets.example.com", sign=ca.pss()).pem,
        {"issuers": pem_bundle(*article_chain()[1:]), "issued": good_chain()[0].pem},
    ),
    "request-answered": (
        lambda: pem_bundle(*good_chain()),
        {"request": request("gadgets.example.com", key=good_chain()[0].key).pem},
    ),
    "request-settings": (lambda: b'[NewRequest]\r\nSubject = "CN=gadgets.example.com"\r\nKeyLength = 1024\r\n', {}),
    "ca-settings": (lambda: b"[certsrv_server]\nAlternateSignatureAlgorithm=1\n", {}),
    **{f"capture-{name}": ((CAPTURES / file).read_bytes, {}) for name, file in CAPTURED.items()},
    "several-files": (lambda: good_chain()[0].pem, {}),
    **{f"foreign-{name}": (make, {}) for name, make in quirks.FOREIGN.items()},
}


def report_of(name: str) -> Report:
    make, options = INPUTS[name]
    return fcl.lint(make(), name=name, at=AT, **options)
