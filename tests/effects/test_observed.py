"""What commands really did, against what their effects say; the cases lie in the shared data."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.effects.observed import EXPLAINED, evaluated, load, overstated, uncovered, unread


class Findings(NamedTuple):
    """Paths not covered, paths read but not told (None if not traced), products that are not there."""

    missing: tuple[str, ...]
    unread: tuple[str, ...] | None
    overstated: tuple[str, ...]


@pytest.fixture(scope="module")
def observed(shared: Path) -> dict[str, Findings]:
    """What each case with exit 0 shows."""
    found = {}
    for case in load(shared):
        if case.exit == 0:
            effects = evaluated(case)
            missed = unread(case, effects) if case.read is not None else None
            found[case.name] = Findings(uncovered(case, effects), missed, overstated(case, effects))
    return found


def test_what_was_changed_is_covered(observed: dict[str, Findings]) -> None:
    missing = {name: facts.missing for name, facts in observed.items() if facts.missing}
    assert set(missing) <= set(EXPLAINED), {n: p for n, p in missing.items() if n not in EXPLAINED}
    assert len(missing) <= 0.03 * len(observed)


def test_explanations_are_still_needed(observed: dict[str, Findings]) -> None:
    for name in EXPLAINED:
        assert observed[name].missing, f"{name} is covered: drop its explanation"


def test_what_was_read_is_told(observed: dict[str, Findings]) -> None:
    traced = [facts.unread for facts in observed.values() if facts.unread is not None]
    assert sum(not missed for missed in traced) >= 0.95 * len(traced)


def test_promised_products_exist(observed: dict[str, Findings]) -> None:
    broken = {name: facts.overstated for name, facts in observed.items() if facts.overstated}
    # a download that fails, an alternative that is removed again
    assert set(broken) <= {"wget02", "alt01"}, broken
