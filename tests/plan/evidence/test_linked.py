"""Folders that packages are installed as links to come along with the links."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Refused
from tests.plan.stages import stages

LIBRARY = "RUN apt-get update && apt-get install -y gcc make\nCOPY lib /lib1\nRUN make -C /lib1 install\n"


@pytest.mark.parametrize(
    "install",
    [
        "cd /opt/tool && npm install -g .",
        "cd /opt/tool && npm install && npm link",
        "npm install --global /opt/tool",
    ],
)
def test_a_folder_that_npm_links_comes_along(install: str) -> None:
    _, final = stages(
        f"FROM node:20\n{LIBRARY}COPY . /opt/tool\nRUN {install}\nWORKDIR /data\nENTRYPOINT ['tool']\n"
    )
    assert "COPY --from=builder /opt/tool /opt/tool\n" in final


@pytest.mark.parametrize(
    "install",
    [
        "pip install --editable=/opt/tool",
        "pip install -e '/opt/tool[all]'",
        "cd /opt/tool && python setup.py -q develop",
    ],
)
def test_a_folder_that_pip_links_comes_along(install: str) -> None:
    _, final = stages(
        f'FROM python:3.11\n{LIBRARY}COPY . /opt/tool\nRUN {install}\nWORKDIR /data\nENTRYPOINT ["tool"]\n'
    )
    assert "COPY --from=builder /opt/tool /opt/tool\n" in final


def test_what_an_environment_links_lies_in_it() -> None:
    _, final = stages(
        "FROM python:3.11\nRUN virtualenv /venv && /venv/bin/pip install -e git+https://example.org/b.git#egg=b\n"
        'CMD ["/venv/bin/python", "-m", "b"]\n'
    )
    assert "COPY --from=builder /venv /venv\n" in final
    assert " /src" not in final


def test_links_into_the_root_directory_cannot_be_named() -> None:
    outcome = convert(
        "FROM python:3.11-slim\nRUN apt-get update && apt-get install -y gcc\nADD . /\n"
        'RUN pip install -r requirements.txt\nRUN python setup.py develop\nENTRYPOINT ["python", "-m", "b"]\n'
    )
    assert isinstance(outcome, Refused)
    assert outcome.reason.code == "MS302"
