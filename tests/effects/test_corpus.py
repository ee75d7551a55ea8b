"""Real files: how many commands are known, how long it takes, and that nothing ever raises."""

from __future__ import annotations

import pytest

from tests.dockerfile.corpus import files
from tests.effects.measuring import Tally, measure_corpus

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def tally() -> Tally:
    """The sample of the corpus (all of it with MULTISTAGE_FULL=1)."""
    return measure_corpus(files())


def test_commands_are_known(tally: Tally) -> None:
    assert tally.commands > 10_000
    assert tally.opaque <= 0.03 * tally.commands


def test_files_are_known(tally: Tally) -> None:
    assert tally.known_files >= 0.8 * tally.files
