"""Samples built twice, as written and as converted: both behave alike, and the second is smaller."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import checks
from tests.e2e.lab import Lab
from tests.golden.command_line import multistage
from tests.golden.samples import Sample, buildable_samples

pytestmark = pytest.mark.lab


def parameters() -> list[Any]:
    """Samples as test parameters; those whose checks say so are slow."""
    marked = []
    for sample in buildable_samples():
        slow = [pytest.mark.slow] if checks.load(sample.checks).get("slow") else []
        marked.append(pytest.param(sample, id=sample.name, marks=slow))
    return marked


@pytest.mark.parametrize("sample", parameters())
def test_conversion_behaves_like_the_original(sample: Sample, lab: Lab, tmp_path: Path) -> None:
    run = multistage("convert", *sample.arguments, "--format", "json")
    report = json.loads(run.stdout)
    assert report["outcome"] == "converted", report["message"]
    converted = tmp_path / "Dockerfile"
    converted.write_bytes(report["dockerfile"].encode())

    before = lab.build(f"{sample.name}-original", sample.dockerfile, sample.context)
    after = lab.build(f"{sample.name}-converted", converted, sample.context)
    wanted = checks.load(sample.checks)
    assert checks.run(lab, after, wanted) == checks.run(lab, before, wanted)

    accepted = [entry["finding"] for entry in wanted.get("allow", [])]
    errors = lab.differences(before, after, report["final_base"], report["builder_base"])
    assert [error for error in errors if not any(re.search(pattern, error) for pattern in accepted)] == []
    assert lab.size(after) < lab.size(before)
