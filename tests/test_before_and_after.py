"""What is said before a certificate is issued is what is said of the chain once it has been issued as foreseen.

The two sides share no way: before, the certificate is put together from the request and its signature taken for granted;
after, it is a real one, made here. Where something that decides is not known before, the verdict is undetermined.
"""

from datetime import UTC, datetime
from typing import Any

import ca
import pytest
from ca import Authority, pem_bundle, request, sequence, tlv
from hypothesis import given, settings
from hypothesis import strategies as st
from test_requests import AT, HOST, JAVA_7, lint

import finesse_certlint as fcl

PAST, FUTURE = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
PERMITTED = ("2.5.29.30", True, sequence(tlv(0xA0, sequence(tlv(0x82, b"other.example.org")))))
UNKNOWN = ("1.3.6.1.4.1.99999.1", True, b"\x05\x00")

# What is in order stands first, and twice, so that not everything is refused.
WAYS = {
    "rsa": ["SHA256withRSA", "SHA256withRSA", "RSASSA-PSS-SHA256", "SHA1withRSA", "SHA224withRSA"],
    "rsapss": ["RSASSA-PSS-SHA256"],
    "ec": ["SHA256withECDSA", "SHA384withECDSA"],
}
KINDS = st.sampled_from(["rsa2048", "rsa2048", "rsa2048", "ec256", "rsapss2048"])
FAULTS: list[dict[str, Any]] = [
    {"not_after": PAST},
    {"not_before": FUTURE},
    {"key_usage": ("digital_signature",)},
    {"path_length": 0},
    {"extra_extensions": (PERMITTED,)},
    {"extra_extensions": (UNKNOWN,)},
    {"eku": ("client_auth",)},
    {"version": 1},
]
CA_KNOBS: st.SearchStrategy[dict[str, Any]] = st.one_of(st.just({}), st.just({}), st.just({}), st.sampled_from(FAULTS))
ASKED: list[dict[str, Any]] = [
    {"san": None},
    {"san": ("other.example.com",)},
    {"san": ("*.example.com",)},
    {"eku": ("client_auth",)},
    {"key_usage": ("key_encipherment",)},
    {"extra_extensions": (UNKNOWN,)},
    {"subject": ()},
    {"key": "rsa1024"},
    {"key": "rsapss2048"},
    {"key": "ec256"},
]


def ways(authority: Authority) -> list[str]:
    return WAYS[authority.key.kind.rstrip("0123456789")]


@st.composite
def hierarchies(draw: st.DrawFn) -> tuple[list[Authority], Authority]:
    """The certificates of CAs in a file, and the one of them that issues."""
    root = Authority("Root", key=draw(KINDS), **draw(CA_KNOBS))
    chain = [root]
    for number in range(draw(st.integers(0, 2))):
        above = chain[0]
        chain.insert(
            0,
            above.authority(f"CA {number}", key=draw(KINDS), sign=draw(st.sampled_from(ways(above))), **draw(CA_KNOBS)),
        )
    former: list[Authority] = []
    issuing = chain[0]
    parent = issuing.issuer
    if parent and draw(st.booleans()):
        # It was renewed, with its key or another, and both certificates are in the file.
        renewed: dict[str, Any] = {
            "not_before": datetime(2023, 1, 1, tzinfo=UTC),
            "sign": draw(st.sampled_from(ways(above))),
        }
        if draw(st.booleans()):
            renewed["key"] = ca.key(draw(KINDS), "former")
        former = [issuing.renew(**renewed)]
    elif parent and draw(st.booleans()):
        former = [issuing.cross_sign(Authority("Other Root"))]
    return draw(st.permutations([*former, *chain])), issuing


@pytest.mark.parametrize("profile", ["finesse", JAVA_7, "java-17"])
@settings(max_examples=60)
@given(hierarchies(), st.one_of(st.just({}), st.sampled_from(ASKED)), st.data())
def test_the_verdict_before_issue_is_that_of_the_chain_that_is_issued(
    profile: str, hierarchy: tuple[list[Authority], Authority], asked: dict[str, Any], data: st.DataObject
) -> None:
    chain, issuing = hierarchy
    asked = {"san": (HOST,), "eku": ("server_auth",), "key_usage": ("digital_signature",), **asked}
    way = data.draw(st.sampled_from(ways(issuing)))
    options: dict[str, Any] = {"profile": profile}
    if data.draw(st.booleans()):
        options["trusted"] = next(each for each in chain if each.common_name == "Root").pem
    sample = issuing.server("other.example.com", sign=way)

    before = lint(request(HOST, **asked).pem, issuers=pem_bundle(*chain), issued=sample.pem, **options)
    server = issuing.server(HOST, sign=way, **asked)
    # In two files, whose order says nothing of what the server will send, as there is none yet.
    files = {"server.pem": server.pem, "chain.pem": pem_bundle(*chain)}
    after = fcl.lint(files, at=AT, hostname=HOST, **options)

    unknown = {"issuance-policy-unknown", "issuing-ca-signature-doubtful", "issuing-ca-ambiguous"}
    if unknown.isdisjoint(finding.rule for finding in before.findings):
        assert before.verdict == after.verdict
    else:
        assert before.verdict in ("undetermined", after.verdict)
