"""What the project promises of itself: commands of the README, names, sizes."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path

import pytest

from converter import __version__
from converter.cli.exit_codes import ExitCode

PYTHON_LIMIT = 350


def command(readme: str, mark: str) -> list[str]:
    """The lines of a marked command in the README."""
    found = re.search(rf"<!-- {mark} -->\n```\n(.*?)```\n<!-- /{mark} -->", readme, re.DOTALL)
    assert found is not None
    return found.group(1).splitlines()


@pytest.fixture
def readme(repository: Path) -> str:
    return (repository / "README.md").read_text()


def test_the_readme_has_two_one_line_commands(readme: str) -> None:
    [first], [second] = command(readme, "try"), command(readme, "tests")
    assert first.startswith("python3 -m venv .venv && ")
    assert second.startswith("python3 -m venv .venv && ")
    assert "pytest" in second


def test_the_sample_of_the_readme_exists(readme: str, repository: Path) -> None:
    sample = re.search(r"samples/\S+", command(readme, "try")[0])
    assert sample is not None
    assert (repository / sample.group()).is_file()


def test_ci_runs_the_command_of_the_readme(readme: str, repository: Path) -> None:
    script = (repository / ".ci" / "run").read_text()
    extraction = re.search(r"^command=\$\((.*)\)$", script, re.MULTILINE)
    assert extraction is not None
    printed = subprocess.run(
        ["bash", "-c", extraction.group(1)], cwd=repository, capture_output=True, text=True
    )
    assert printed.stdout.splitlines() == command(readme, "tests")


def test_names_of_the_distribution(repository: Path) -> None:
    setup = configparser.ConfigParser()
    setup.read(repository / "setup.cfg")
    assert setup["metadata"]["name"] == "dockerfile-multistage"
    assert setup["metadata"]["license"] == "GPL-3.0-or-later"
    assert setup["options"]["python_requires"] == ">=3.11"
    assert setup["options.entry_points"]["console_scripts"].strip() == "multistage = converter.__main__:main"
    assert (repository / "LICENSE").read_text().lstrip().startswith("GNU GENERAL PUBLIC LICENSE")


def test_the_changelog_has_this_version(repository: Path) -> None:
    assert f"## {__version__}" in (repository / "CHANGELOG.md").read_text()


def test_exit_codes_are_those_of_the_contract() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "AVAILABLE": 1,
        "USAGE": 2,
        "REFUSED": 3,
        "INVALID": 4,
        "DIFFERENT": 5,
        "BUG": 70,
        "INTERRUPTED": 130,
        "BROKEN_PIPE": 141,
    }


def test_modules_are_small_and_say_what_they_are(repository: Path) -> None:
    for path in sorted((repository / "converter").rglob("*.py")):
        text = path.read_text()
        assert text.count("\n") <= PYTHON_LIMIT, path
        assert text.startswith(('"""', 'r"""')), path


def test_no_path_of_a_developer_s_machine_is_committed(repository: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=repository, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    for name in listed.stdout.split("\0"):
        path = repository / name
        if path.is_file() and path.suffix in (".py", ".toml", ".md", ".cfg") and path != Path(__file__):
            assert not re.search(r"(?<![\w.])/(work|home/\w+)/(main|shared)\b", path.read_text()), name
