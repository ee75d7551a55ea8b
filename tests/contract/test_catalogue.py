"""The catalogue, its pages and the code stay in step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from converter import convert
from converter.catalogue import STAGES, Entry, Leads, catalogue, entry
from converter.diagnostics import Severity
from converter.outcome import Converted, Invalid, Outcome, Refused, Unchanged
from converter.report.pages import all_pages
from converter.report.result import Result, kind
from converter.span import SourceText

CODES = [item.code for item in catalogue()]

PENDING: frozenset[str] = frozenset()
"""Codes that no stage reports yet. A stage that starts to report one must take it out of here."""

EXAMPLES = [
    pytest.param(
        item,
        id=item.code,
        marks=[pytest.mark.xfail(reason="not reported yet")] if item.code in PENDING else [],
    )
    for item in catalogue()
    if item.example
]


def used_in_code(repository: Path) -> set[str]:
    found: set[str] = set()
    for path in (repository / "converter").rglob("*.py"):
        found |= set(re.findall(r"\bMS\d{3}\b", path.read_text()))
    return found


def test_every_code_in_use_is_in_the_catalogue_and_the_reverse(repository: Path) -> None:
    assert sorted(used_in_code(repository) | PENDING) == CODES
    assert not used_in_code(repository) & PENDING


def test_the_pages_are_those_of_the_catalogue(repository: Path) -> None:
    folder = repository / "docs" / "diagnostics"
    written = {path.name: path.read_text() for path in folder.iterdir()}
    assert written == all_pages(), "run: multistage codes --pages docs/diagnostics"


@pytest.mark.parametrize("item", catalogue(), ids=CODES)
def test_an_entry_is_complete(item: Entry) -> None:
    assert re.fullmatch(r"MS[1-7]\d\d", item.code)
    assert item.stage in STAGES.values()
    assert item.title == item.title.strip().rstrip(".")
    assert len(item.title) <= 70
    assert item.explanation.endswith(".")
    assert item.remedy
    assert bool(item.example) != bool(item.situation)
    if item.outcome in (Leads.UNCHANGED, Leads.STEP):
        assert item.severity is Severity.NOTE
    if item.outcome in (Leads.REFUSED, Leads.INVALID, Leads.FAILED):
        assert item.severity is Severity.ERROR


def codes_of(outcome: Outcome) -> set[str]:
    result = Result(SourceText(""), outcome)
    steps = set() if result.plan is None else {step.code for step in result.plan.steps}
    return steps | {finding.code for finding in result.findings}


@pytest.mark.parametrize("item", EXAMPLES)
def test_an_example_shows_its_code(item: Entry) -> None:
    outcome = convert(item.example)
    assert item.code in codes_of(outcome), (kind(outcome), sorted(codes_of(outcome)))
    match item.outcome:
        case Leads.STEP:
            assert isinstance(outcome, Converted)
        case Leads.ANY:
            assert isinstance(outcome, Converted | Unchanged | Refused)
        case _:
            assert kind(outcome) == item.outcome.value
            assert not isinstance(outcome, Converted)
            assert outcome.reason.code == item.code


@pytest.mark.parametrize("item", [item for item in catalogue() if item.example], ids=lambda item: item.code)
def test_what_an_example_reports_is_in_the_catalogue(item: Entry) -> None:
    assert all(entry(code) is not None for code in codes_of(convert(item.example)))


def test_a_code_is_found_in_any_case_and_an_unknown_one_is_not() -> None:
    found = entry("ms301")
    assert found is not None
    assert found.code == "MS301"
    assert entry("MS000") is None


@pytest.mark.parametrize("text", ["", "\n", "# comment\n", "FROM", "FROM a\nX y\n"])
def test_what_is_no_dockerfile_is_invalid_with_a_known_code(text: str) -> None:
    outcome = convert(text)
    assert isinstance(outcome, Invalid)
    assert outcome.reason.code in CODES
