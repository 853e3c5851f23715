"""What real Java trust managers said of 381 chains, release by release, and what the profiles say: the same.

"Refused" includes what CertificateFactory cannot read. `conformance` says which answers of the trust managers say nothing
of a handshake, and why.
"""

import json

import conformance
import pytest


@pytest.mark.parametrize("number", range(len(conformance.cases())), ids=lambda n: conformance.cases()[n]["name"])
def test_the_profiles_say_what_the_trust_managers_said(number: int) -> None:
    found = [outcome for outcome in conformance.outcomes(number) if not outcome.excluded]
    assert [outcome for outcome in found if outcome.got != outcome.expected] == [], conformance.cases()[number]["story"]


def test_the_page_in_the_docs_shows_what_the_tests_find() -> None:
    """What `python tests/conformance.py` would write of the recorded cases stands in docs/conformance.json."""
    page = json.loads(conformance.PAGE.read_text("utf-8"))
    found = conformance.all_outcomes()
    assert page["recorded"] == conformance.table(found)
    assert page["differences"] == conformance.differences(found)
    assert page["cases"] == len(conformance.cases())
