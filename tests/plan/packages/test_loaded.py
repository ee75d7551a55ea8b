"""Libraries that packages of Python load by name, which the full image has and the slim one lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from converter import Converted, DirectoryContext, convert
from tests.plan.stages import stages

END = '\nCOPY . /app\nCMD ["python", "/app/app.py"]\n'


@pytest.mark.parametrize(
    ("packages", "patterns"),
    [
        ("flask python-magic==0.4.27", "'libmagic1*'"),
        ("Wand", "'libmagickwand-*.q16-[0-9]*' 'libmagickcore-*-extra'"),
        ("CairoSVG", "'libcairo2'"),
        ("psycopg", "'libpq5'"),
    ],
)
def test_libraries_of_packages_with_known_names_are_listed(packages: str, patterns: str) -> None:
    builder, _ = stages(f"FROM python:3.11\nRUN pip install {packages}{END}")
    assert f"dpkg-query --show --showformat '${{Status}} ${{Package}}\\n' {patterns} \\" in builder


@pytest.mark.parametrize(
    ("base", "packages"),
    [("python:3.11", "flask"), ("python:3.11", "-r req.txt"), ("python:3.11-slim", "Wand")],
)
def test_nothing_is_added_where_no_package_is_known_or_the_image_had_nothing(
    base: str, packages: str
) -> None:
    tools = "" if base == "python:3.11" else "RUN apt-get update && apt-get install -y gcc libpq-dev\n"
    builder, _ = stages(f"FROM {base}\n{tools}COPY req.txt .\nRUN pip install {packages}{END}")
    assert "showformat" not in builder


def test_names_in_the_context_are_known(tmp_path: Path) -> None:
    (tmp_path / "req.txt").write_text("flask\nPython_Magic>=0.4\n")
    text = f"FROM python:3.11\nCOPY req.txt .\nRUN pip install -r req.txt{END}"
    outcome = convert(text, context=DirectoryContext(tmp_path))
    assert isinstance(outcome, Converted)
    assert "'libmagic1*'" in outcome.dockerfile
