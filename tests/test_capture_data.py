"""Packet captures of real handshakes: what tshark read in them is read here, and each shows what it was made to show.

`captures/` holds 34 of them, made on loopback with OpenSSL, GnuTLS, nginx and tlslite-ng as servers and Java 17, curl,
OpenSSL and Python as clients. `labels.jsonl` says of each what it was made to show (`expect`, `accept_also`), and what
tshark 4.0.17 saw of each of its TCP streams (`oracle.streams`).
"""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import finesse_certlint as fcl
from finesse_certlint.handshake import Handshake

AT = datetime(2026, 11, 23, tzinfo=UTC)
DATA = Path(__file__).parent / "captures"
LABELS = [json.loads(line) for line in (DATA / "labels.jsonl").read_text("utf-8").splitlines()]
SCHEMA = Path(fcl.__file__).parent / "schemas" / "report-1.schema.json"
VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
Label = dict[str, Any]
each = pytest.mark.parametrize("label", LABELS, ids=lambda label: label["file"])


def report_of(label: Label) -> fcl.Report:
    return fcl.lint((DATA / label["file"]).read_bytes(), name=label["file"], at=AT)


def diagnosis(*handshakes: Handshake) -> set[str]:
    return {word.value for handshake in handshakes for word in handshake.diagnosis}


def as_tshark_says(handshake: Handshake, report: fcl.Report) -> dict[str, Any]:
    """A handshake in the words of the labels."""
    hello, exchange = handshake.client_hello, handshake.key_exchange
    return {
        "client": str(handshake.client),
        "server": str(handshake.server),
        "client_suites": hello and [f"0x{suite:04x}" for suite in hello.cipher_suites],
        "client_version": hello and f"0x{hello.version:04x}",
        "sni": hello and hello.server_name,
        "suite": None if handshake.cipher_suite is None else f"0x{handshake.cipher_suite:04x}",
        "version": None if handshake.version is None else f"0x{handshake.version:04x}",
        "tls13": handshake.version == 0x0304,
        "cert_count": len(handshake.certificates) or None,
        "chain_sig_oids": [report.certificates[index].signature_oid for index in handshake.certificates] or None,
        "dh_p_bits": exchange and exchange.dh_bits,
        "ske_len": exchange and exchange.length,
        "alerts": [
            {
                "frm": str(getattr(handshake, alert.sender)),
                "who": alert.sender,
                "level": alert.level,
                "desc": alert.description,
            }
            for alert in handshake.alerts
            if alert.level is not None
        ],
        "diagnosis": sorted(diagnosis(handshake)),
    }


@each
def test_it_shows_what_it_was_made_to_show(label: Label) -> None:
    found = diagnosis(*report_of(label).handshakes)
    right = [set(label["expect"]["diagnosis"]), *(set(other) for other in label["accept_also"])]
    assert found in right


@each
def test_each_connection_is_read_as_tshark_reads_it(label: Label) -> None:
    report = report_of(label)
    streams = label["oracle"]["streams"]
    assert len(report.handshakes) == len(streams)
    for handshake, stream in zip(report.handshakes, streams, strict=True):
        read = as_tshark_says(handshake, report)
        seen = {key: stream[key] for key in read}
        if label["file"] == "snap128_s2.pcap":  # no hello is whole: tshark does not say who is who, the SYN does
            assert (seen.pop("client"), seen.pop("server")) == (None, None)
            seen["alerts"][0]["who"] = "client"
        assert {key: read[key] for key in seen} == seen


@each
def test_every_byte_is_accounted_for_and_no_rule_crashes(label: Label) -> None:
    report = report_of(label)
    assert not report.rules.crashed
    assert sum(len(block.span) for block in report.case.documents[0].blocks) == label["size"]


@each
def test_a_file_is_judged_as_its_bytes_are(label: Label) -> None:
    with (DATA / label["file"]).open("rb") as file:
        assert fcl.lint_capture(file, name=label["file"], at=AT).to_json() == report_of(label).to_json()


def test_a_capture_is_read_in_parts_of_any_size() -> None:
    label = next(label for label in LABELS if label["file"] == "interleaved_s1_s2_ok.pcapng")

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(7, size or 7))

    data = (DATA / label["file"]).read_bytes()
    assert fcl.lint_capture(Slow(data), name=label["file"], at=AT).to_json() == report_of(label).to_json()


def test_who_ended_it_is_kept_apart_from_what_was_said() -> None:
    """The same internal_error from the client of a Scenario 1 and from a server that never chose a suite."""
    by_name = {label["file"]: report_of(label).handshakes[0] for label in LABELS}
    client, server = by_name["s1_tls10_schannel_like_padded_g.pcap"], by_name["server_sends_internal_error_tls10.pcap"]
    assert [(a.sender, a.description) for a in client.alerts] == [("client", 80)]
    assert [(a.sender, a.description) for a in server.alerts] == [("server", 80)]
    assert (diagnosis(client), diagnosis(server)) == ({"scenario1"}, {"undetermined"})


def test_the_articles_key_exchange_is_1032_bytes_long_because_its_numbers_are_padded() -> None:
    (label,) = [label for label in LABELS if label["file"] == "s1_tls10_schannel_like_padded_g.pcap"]
    exchange = report_of(label).handshakes[0].key_exchange
    assert exchange is not None
    assert (exchange.length, exchange.dh_bits, exchange.dh_generator) == (1032, 2048, 2)
    assert 4 * (2 + 256) == 1032, "p, g, Ys and the signature, each of 256 bytes behind a length of two"


@each
def test_the_report_follows_its_schema(label: Label) -> None:
    assert list(VALIDATOR.iter_errors(report_of(label).to_dict())) == []
