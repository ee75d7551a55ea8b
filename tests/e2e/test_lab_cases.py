"""The lab's public cases: original, conversion and an expert's version, built and compared by the lab."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

import pytest

from tests.e2e.lab import Lab, shared
from tests.golden.command_line import multistage

pytestmark = pytest.mark.lab

NOTHING_TO_GAIN = {"seed-simple"}
LARGEST_RATIO = 1.5
"""Size against the expert's at most, as geometric mean; experts strip programs and leave out more."""
BUILT_ANEW = {"goapp"}
"""Cases whose expert also changed how the program is built (a static one, alone in its image)."""


def cases() -> list[str]:
    """Names of the cases; none where the lab is not there."""
    return sorted(path.parent.name for path in (shared() / "lab" / "cases").glob("*/Dockerfile"))


@pytest.fixture(scope="module")
def ratios() -> dict[str, float]:
    """Size ratios of the cases that this process compared."""
    return {}


@pytest.mark.parametrize("case", cases())
def test_case(case: str, lab: Lab, tmp_path: Path, ratios: dict[str, float]) -> None:
    context = tmp_path / "context"
    lab.command("stage-context", case, str(context))
    dockerfile = context / "Dockerfile"
    run = multistage("convert", str(dockerfile), "--context", str(context), "--format", "json")
    report = json.loads(run.stdout)
    if case in NOTHING_TO_GAIN:
        assert (report["outcome"], report["code"]) == ("unchanged", "MS501")
        return
    assert report["outcome"] == "converted", report["message"]
    converted = tmp_path / "converted.Dockerfile"
    converted.write_bytes(report["dockerfile"].encode())

    verdict = lab.compare(case, converted)

    assert verdict.get("error") is None
    assert verdict["built"]
    assert verdict["smoke_same"]
    assert verdict["equiv_errors"] == []
    assert verdict["size_converted"] < verdict["size_orig"]
    if case not in BUILT_ANEW:
        ratios[case] = verdict["size_converted"] / verdict["size_expert"]


def test_sizes_are_near_the_experts(ratios: dict[str, float]) -> None:
    if ratios:
        assert statistics.geometric_mean(ratios.values()) <= LARGEST_RATIO, ratios


def test_there_are_cases(lab: Lab) -> None:
    assert set(cases()) == set(lab.command("cases").split())
