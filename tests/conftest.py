"""What all tests share: the places of shared data, options, and how hypothesis searches."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what comes out into the expected files of samples/",
    )
    parser.addoption(
        "--update-counts",
        action="store_true",
        help="write what comes out of real files into tests/corpus/counts.toml",
    )


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout that holds these tests."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared(repository: Path) -> Path:
    """Data that lies beside the checkout; a test that needs it is skipped where it is absent."""
    folder = Path(os.environ.get("MULTISTAGE_SHARED") or repository.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"no shared data in {folder}: set MULTISTAGE_SHARED to its folder")
    return folder


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the user's own changes what a test sees."""
    for name in [*os.environ]:
        if name.startswith("MULTISTAGE_") and name not in ("MULTISTAGE_SHARED", "MULTISTAGE_FULL"):
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
