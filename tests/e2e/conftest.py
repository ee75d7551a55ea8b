"""The running lab for end-to-end tests."""

from __future__ import annotations

import os

import pytest

from tests.e2e.lab import Lab, running, shared, start


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: a build of minutes, left to CI and MULTISTAGE_FULL=1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("CI") or os.environ.get("MULTISTAGE_FULL"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow; CI and MULTISTAGE_FULL=1 run it"))


@pytest.fixture(scope="session")
def lab() -> Lab:
    """The lab; started where that is CI's job, never missed there."""
    folder = shared() / "lab"
    in_ci = bool(os.environ.get("CI"))
    if not (folder / "up").exists():
        message = f"no lab in {folder}: set MULTISTAGE_SHARED to the folder that holds it"
        pytest.fail(message) if in_ci else pytest.skip(message)
    found = running(folder)
    if found is None and not in_ci:
        pytest.skip(f'the lab is not running: eval "$({folder}/up)"')
    return found or start(folder)
