"""A program that plays docker, for all tests of verifications."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.playing import FakeDocker, installed


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    """A docker that is played; no engine is needed."""
    return installed(tmp_path, monkeypatch)
