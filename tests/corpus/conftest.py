"""Real files and what becomes of them, converted once for all tests of this folder."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Outcome
from tests.dockerfile.corpus import files

STEP = 20  # every 20th file, whatever else runs on the whole corpus: the counts are of these


@pytest.fixture(scope="session")
def outcomes() -> list[tuple[str, str, Outcome]]:
    """Name, text and outcome of every `STEP`-th file."""
    return [(name, text, convert(text, name=name)) for name, text in files(STEP)]
