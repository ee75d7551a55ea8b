"""Every sample through the command line: the reviewed output, or the outcome and code that it promises."""

from __future__ import annotations

import importlib.util
import json
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import dockerfile
import pytest

from tests.golden.command_line import multistage
from tests.golden.samples import Sample, all_samples, converted_samples

EXIT_CODES = {"converted": 0, "unchanged": 0, "refused": 3, "invalid": 4}
MISJUDGED = {
    # Both images are built on eclipse-temurin, so they are Ubuntu; the measure takes them for Debian.
    ("java-gradle", "base-family"),
    ("java-maven", "base-family"),
}
PARTS = {
    "Dockerfile",
    "context",
    "NOTE.md",
    "checks.toml",
    "expected.Dockerfile",
    "expected.toml",
    "multistage.toml",
}


def each(samples: list[Sample]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sample", samples, ids=lambda sample: sample.name)


@cache
def report(sample: Sample) -> dict[str, Any]:
    """What `convert --format json` says."""
    run = multistage("convert", *sample.arguments, "--format", "json")
    answer: dict[str, Any] = json.loads(run.stdout)
    assert run.code == EXIT_CODES[answer["outcome"]], run.stderr
    return answer


@each(all_samples())
def test_outcome_and_code(sample: Sample) -> None:
    answer = report(sample)
    assert (answer["outcome"], answer["code"]) == (sample.expected["outcome"], sample.expected["code"]), (
        answer["message"]
    )


@each(converted_samples())
def test_golden(sample: Sample, update_golden: bool) -> None:
    run = multistage("convert", *sample.arguments)
    assert run.code == 0, run.stderr
    if update_golden:
        sample.golden.write_bytes(run.stdout.encode())
    assert run.stdout.encode() == sample.golden.read_bytes()


@each([sample for sample in all_samples() if sample not in converted_samples()])
def test_stdout_of_the_others(sample: Sample) -> None:
    run = multistage("convert", *sample.arguments)
    original = sample.dockerfile.read_text() if sample.expected["outcome"] == "unchanged" else ""
    assert run.stdout == original
    assert sample.expected["code"] in run.stderr


@each(all_samples())
def test_explain(sample: Sample) -> None:
    run = multistage("explain", *sample.arguments)
    assert run.code == EXIT_CODES[sample.expected["outcome"]], run.stderr
    if sample.expected["outcome"] == "converted":
        assert run.stdout.strip()
    else:
        assert sample.expected["code"] in run.stdout + run.stderr


@each(converted_samples())
def test_converting_again_changes_nothing(sample: Sample, tmp_path: Path) -> None:
    converted = report(sample)["dockerfile"]
    again = tmp_path / "Dockerfile"
    again.write_bytes(converted.encode())
    run = multistage("convert", str(again), "--context", str(sample.context))
    assert (run.code, run.stdout) == (0, converted)


@each(converted_samples())
def test_buildkit_reads_the_output(sample: Sample) -> None:
    commands = dockerfile.parse_string(report(sample)["dockerfile"])
    stages = [command for command in commands if command.cmd.lower() == "from"]
    assert len(stages) >= 2
    assert any(flag.startswith("--from=") for command in commands for flag in command.flags)


@each(converted_samples())
def test_promises(sample: Sample, invariants: ModuleType) -> None:
    verdict = invariants.check(sample.dockerfile.read_text(), report(sample)["dockerfile"])
    errors = [error for error in verdict.errors if (sample.name, error.code) not in MISJUDGED]
    assert [f"{error.code}: {error.message}" for error in errors] == []


@each(all_samples())
def test_folder_is_complete(sample: Sample) -> None:
    names = {path.name for path in sample.folder.iterdir()}
    assert names <= PARTS
    assert {"Dockerfile", "context", "NOTE.md"} <= names
    assert ("expected.Dockerfile" in names) != ("expected.toml" in names)
    assert 2 < len((sample.folder / "NOTE.md").read_text().splitlines()) < 12


@pytest.fixture(scope="module")
def invariants(shared: Path) -> ModuleType:
    """The project's outside measure of what one conversion must keep."""
    folder = shared / "eval"
    sys.path.insert(0, str(folder))
    try:
        specification = importlib.util.spec_from_file_location("invariants", folder / "invariants.py")
        assert specification is not None
        assert specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        sys.modules["invariants"] = module
        specification.loader.exec_module(module)
        importlib.import_module("provided")  # which it imports while it runs
    finally:
        sys.path.remove(str(folder))
    return module
