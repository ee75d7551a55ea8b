"""Libraries that packages of Python load by name, which the full image has and the slim one lacks."""

from __future__ import annotations

import pytest

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
    assert "-info'" not in builder


def test_the_builder_looks_for_packages_whose_names_are_not_known() -> None:
    builder, _ = stages(f"FROM python:3.11\nCOPY req.txt .\nRUN pip install -r req.txt{END}")
    assert "; find /usr/local/lib/python3.11/site-packages -name '*-info' | sed -n \\" in builder
    assert "-e 's,.*/cairocffi-[0-9].*,libcairo2,Ip'" in builder
    assert "| xargs -r dpkg-query --show" in builder


@pytest.mark.parametrize("base", ["python:3.11", "python:3.11-slim"])
def test_nothing_is_looked_for_where_the_image_had_nothing(base: str) -> None:
    tools = "" if base == "python:3.11" else "RUN apt-get update && apt-get install -y gcc libpq-dev\n"
    names = "flask" if base == "python:3.11" else "-r req.txt"
    builder, _ = stages(f"FROM {base}\n{tools}COPY req.txt .\nRUN pip install {names}{END}")
    assert "-info'" not in builder
    assert "showformat" not in builder


def test_an_environment_in_the_tree_of_the_project_is_searched_too() -> None:
    lines = "RUN pip install -r req.txt\nWORKDIR /app\nRUN python -m venv v && v/bin/pip install -r req.txt"
    builder, _ = stages(f"FROM python:3.11\nCOPY req.txt .\n{lines}{END}")
    searched = next(line for line in builder.split("\n") if "-name '*-info'" in line)
    assert "/usr/local/lib/python3.11/site-packages" in searched
    assert "/app" in searched
