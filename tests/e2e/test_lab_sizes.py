"""How near `convert --build` comes to the size of what an expert wrote, over the lab's public cases."""

from __future__ import annotations

import os
import statistics
from pathlib import Path

import pytest

from tests.e2e.lab import Lab, LabError
from tests.e2e.test_lab_cases import NOTHING_TO_GAIN, cases
from tests.golden.command_line import multistage

pytestmark = [pytest.mark.lab, pytest.mark.slow]

SMALLEST = ("--build", "--final-base", "smallest")
PLANS = {"smallest": (SMALLEST, 1.25), "stripped": ((*SMALLEST, "--optimize", "strip,prune-dev"), 1.1)}
"""Options, and the size against the expert's at most, as geometric mean. CI builds the last, which tries the most."""


@pytest.mark.parametrize("plan", PLANS if os.environ.get("MULTISTAGE_FULL") else ["stripped"])
def test_built_conversions_are_equal_and_about_as_small_as_the_experts(
    plan: str, lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options, limit = PLANS[plan]
    for name in ("DOCKER_HOST", "DOCKER_BUILDKIT", "PATH"):
        monkeypatch.setenv(name, lab.environment[name])
    ratios = {}
    for case in sorted(set(cases()) - NOTHING_TO_GAIN):
        verdict = compare(lab, case, tmp_path / case, (*options, *network(lab)))
        ratios[case] = verdict["size_converted"] / verdict["size_expert"]
    print({case: round(ratio, 3) for case, ratio in ratios.items()})
    assert statistics.geometric_mean(ratios.values()) <= limit, ratios


def compare(lab: Lab, case: str, folder: Path, options: tuple[str, ...]) -> dict[str, int]:
    """The lab's verdict on a conversion, which must have no error. Raises LabError."""
    lab.command("stage-context", case, str(folder))
    run = multistage("convert", str(folder / "Dockerfile"), "--context", str(folder), "--quiet", *options)
    if run.code:
        raise LabError(f"{case}: {run.stderr}")
    converted = folder.with_suffix(".Dockerfile")
    converted.write_text(run.stdout)
    verdict = lab.compare(case, converted)
    assert verdict.get("error") is None, case
    assert verdict["built"], case
    assert verdict["smoke_same"], case
    assert verdict["equiv_errors"] == [], case
    return verdict


def network(lab: Lab) -> list[str]:
    """Build options that find the lab's download sites on this machine."""
    hosts = lab.site_hosts()
    return [
        "--build-option=--network=host",
        *(f"--build-option=--add-host={host}:127.0.0.1" for host in hosts),
    ]
