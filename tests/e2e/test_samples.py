"""Samples built twice, as written and as converted: both behave alike, and the second is smaller."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from converter.verify.engines.docker import Docker
from converter.verify.running.behaviour import Behaviour
from converter.verify.running.checks import Checks
from converter.verify.running.checks_file import read_checks
from converter.verify.running.comparing import compare_behaviours
from converter.verify.running.examination import Subject, examine
from converter.verify.session import Session
from tests.e2e.lab import Lab
from tests.golden.command_line import multistage
from tests.golden.samples import Sample, buildable_samples

pytestmark = pytest.mark.lab


def parameters() -> list[Any]:
    """Samples as test parameters; those whose checks say so are slow."""
    marked = []
    for sample in buildable_samples():
        slow = [pytest.mark.slow] if read_checks(str(sample.checks)).slow else []
        marked.append(pytest.param(sample, id=sample.name, marks=slow))
    return marked


def behaviours(lab: Lab, images: tuple[str, str], wanted: Checks) -> list[Behaviour]:
    """What each image does when it is asked what a sample's checks ask."""
    engine = Docker(lab.environment)
    with Session(engine) as session:
        subjects = [Subject("sample", image, engine.facts(image), images[0]) for image in images]
        return [examine(session, subject, wanted, None) for subject in subjects]


@pytest.mark.parametrize("sample", parameters())
def test_conversion_behaves_like_the_original(sample: Sample, lab: Lab, tmp_path: Path) -> None:
    run = multistage("convert", *sample.arguments, "--format", "json")
    report = json.loads(run.stdout)
    assert report["outcome"] == "converted", report["message"]
    converted = tmp_path / "Dockerfile"
    converted.write_bytes(report["dockerfile"].encode())

    before = lab.build(f"{sample.name}-original", sample.dockerfile, sample.context)
    after = lab.build(f"{sample.name}-converted", converted, sample.context)
    wanted = read_checks(str(sample.checks))
    original, conversion = behaviours(lab, (before, after), wanted)
    assert (original.trouble, conversion.trouble) == ("", "")
    assert [answer for answer in original.answers if answer.unmet or answer.doubtful] == []
    assert compare_behaviours(original, conversion) == ()

    accepted = [entry.finding for entry in wanted.allow]
    errors = lab.differences(before, after, report["final_base"], report["builder_base"])
    assert [error for error in errors if not any(re.search(pattern, error) for pattern in accepted)] == []
    assert lab.size(after) < lab.size(before)
