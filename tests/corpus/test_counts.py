"""What happens to real files, counted: a change of behaviour shows as a change of `counts.toml`."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from converter.convert import convert
from converter.outcome import Converted
from converter.report.result import kind
from tests.dockerfile.corpus import files

pytestmark = pytest.mark.corpus

KEPT = Path(__file__).with_name("counts.toml")
STEP = 20  # every 20th file, whatever else runs on the whole corpus: the counts are of these


@pytest.fixture(scope="module")
def counts() -> dict[str, dict[str, int]]:
    """Files by outcome, by the reason for no conversion, and by what is noted in converted ones."""
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    for name, text in files(STEP):
        outcome = convert(text, name=name)
        outcomes[kind(outcome)] += 1
        if isinstance(outcome, Converted):
            notes.update({finding.code for finding in outcome.diagnostics})
        else:
            reasons[outcome.reason.code] += 1
    return {"outcomes": dict(outcomes), "reasons": dict(reasons), "notes": dict(notes)}


def test_counts_are_the_kept_ones(counts: dict[str, dict[str, int]], request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-counts"):
        KEPT.write_text(_written(counts), encoding="utf-8")
    assert counts == tomllib.loads(KEPT.read_text(encoding="utf-8"))


def test_nothing_fails(counts: dict[str, dict[str, int]]) -> None:
    assert "failed" not in counts["outcomes"]


def _written(counts: dict[str, dict[str, int]]) -> str:
    lines = ["# Every 20th file of the corpus; written by: pytest tests/corpus --update-counts"]
    for table, numbers in counts.items():
        lines += ["", f"[{table}]", *(f"{key} = {number}" for key, number in sorted(numbers.items()))]
    return "\n".join(lines) + "\n"
