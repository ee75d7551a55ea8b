"""What happens to real files, counted: a change of behaviour shows as a change of `counts.toml`."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from converter.outcome import Converted, Outcome
from converter.report.result import kind

pytestmark = pytest.mark.corpus

KEPT = Path(__file__).with_name("counts.toml")


@pytest.fixture(scope="module")
def counts(outcomes: list[tuple[str, str, Outcome]]) -> dict[str, dict[str, int]]:
    """Files by outcome, by the reason for no conversion, and by what is noted in converted ones."""
    kinds: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    for _, _, outcome in outcomes:
        kinds[kind(outcome)] += 1
        if isinstance(outcome, Converted):
            notes.update({finding.code for finding in outcome.diagnostics})
        else:
            reasons[outcome.reason.code] += 1
    return {"outcomes": dict(kinds), "reasons": dict(reasons), "notes": dict(notes)}


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
