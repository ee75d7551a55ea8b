"""Tools that nobody names leave where the smallest image is asked for and then compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from converter.convert import convert
from converter.directory_context import DirectoryContext
from converter.observed import Observed
from converter.options import Options
from converter.outcome import Converted

TEXT = """\
FROM python:3.11
RUN apt-get update && apt-get install -y vim git netcat-openbsd libpq5
WORKDIR /app
COPY . .
RUN pip install --no-binary :all: psycopg2
CMD ["python", "app.py"]
"""


def final(folder: Path, source: str, base: str = "smallest", built: bool = True, reading: bool = True) -> str:
    (folder / "app.py").write_text(source)
    (folder / "README.md").write_text("clone it with git\n")
    (folder / "Dockerfile").write_text(TEXT)
    context = DirectoryContext(str(folder), str(folder / "Dockerfile")) if reading else None
    outcome = convert(TEXT, context=context, options=Options(final_base=base), observed=Observed(built=built))
    assert isinstance(outcome, Converted), outcome
    return outcome.dockerfile.partition("\n\nFROM ")[2]


def test_tools_that_nobody_names_leave(tmp_path: Path) -> None:
    text = final(tmp_path, "import psycopg2\n")
    assert "libpq5" in text
    assert not any(name in text for name in ("vim", "git", "netcat"))


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("subprocess.run(['git', 'pull'])\n", "git"),
        ("os.system('nc -z db 5432')\n", "netcat-openbsd"),
        ("EDITOR = '/usr/bin/vi'\n", "vim"),
    ],
)
def test_what_the_program_names_stays(tmp_path: Path, source: str, kept: str) -> None:
    assert f" {kept}" in final(tmp_path, source)


@pytest.mark.parametrize(
    ("base", "built", "reading"), [("auto", True, True), ("smallest", False, True), ("smallest", True, False)]
)
def test_they_stay_where_not_all_is_known(tmp_path: Path, base: str, built: bool, reading: bool) -> None:
    text = final(tmp_path, "import psycopg2\n", base, built, reading)
    assert "vim git netcat-openbsd" in text
