"""Images that were really built: the comparison reads them as the engine saves them, and finds no error."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from converter.diagnostics import Severity
from converter.verify.comparison import compare
from converter.verify.images.archive import read_image
from converter.verify.images.model import Image
from converter.verify.intended import intended_by_bases
from tests.e2e.lab import Lab
from tests.golden.command_line import multistage
from tests.golden.samples import buildable_samples

pytestmark = pytest.mark.lab

SAMPLES = {sample.name: sample for sample in buildable_samples()}


def saved(lab: Lab, tag: str) -> Image:
    with subprocess.Popen(["docker", "save", tag], stdout=subprocess.PIPE, env=lab.environment) as process:
        assert process.stdout is not None
        return read_image(cast(BinaryIO, process.stdout))


@pytest.mark.parametrize("name", ["c-make", "python-venv"])
def test_original_and_conversion_of_a_sample_have_no_error(name: str, lab: Lab, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    report = json.loads(multistage("convert", *sample.arguments, "--format", "json").stdout)
    converted = tmp_path / "Dockerfile"
    converted.write_bytes(report["dockerfile"].encode())
    before = saved(lab, lab.build(f"{name}-original", sample.dockerfile, sample.context))
    after = saved(lab, lab.build(f"{name}-converted", converted, sample.context))

    found = compare(before, after, intended_by_bases(report["builder_base"], report["final_base"]))
    assert [difference.message for difference in found if difference.severity is Severity.ERROR] == []
    assert len(before.entries) > 5_000
    assert before.unpacked > after.unpacked > 10_000_000
    assert any(entry.capabilities or entry.content for entry in before.entries.values())
