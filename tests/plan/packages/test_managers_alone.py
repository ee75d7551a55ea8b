"""An install of package managers alone uses no compiler: one that the author installs is for the container."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Unchanged
from tests.plan.stages import stages

TEXT = """\
FROM ubuntu:22.04
RUN apt-get update && apt-get install -y build-essential git curl {packages}
RUN {install}
COPY . /app
WORKDIR /app
ENTRYPOINT ["./bin/start"]
"""


@pytest.mark.parametrize(
    ("packages", "install"),
    [
        ("python3", "curl https://bootstrap.pypa.io/get-pip.py | python3 && pip3 install -U pip 'wheel<1'"),
        ("ruby libpq-dev", "gem update --system && gem install bundler"),
    ],
)
def test_nothing_is_gained_where_they_alone_are_installed(packages: str, install: str) -> None:
    outcome = convert(TEXT.format(packages=packages, install=install))
    assert isinstance(outcome, Unchanged)
    assert outcome.reason.code == "MS501"


@pytest.mark.parametrize(
    ("packages", "install"),
    [("python3-dev python3-pip", "pip3 install -U pip setuptools==58.0"), ("npm", "npm install -g yarn")],
)
def test_compilers_stay_where_the_manager_itself_leaves(packages: str, install: str) -> None:
    _, final = stages(TEXT.format(packages=packages, install=install))
    assert "build-essential git curl" in final
    assert ("python3-dev" in packages) is ("python3-dev" in final)


@pytest.mark.parametrize(
    ("packages", "install"),
    [
        ("python3-pip", "pip3 install -U pip numpy"),
        ("ruby", "gem update"),
        ("ruby", "gem install bundler nokogiri"),
        ("npm", "npm install -g npm bcrypt"),
    ],
)
def test_what_may_be_compiled_uses_them(packages: str, install: str) -> None:
    _, final = stages(TEXT.format(packages=packages, install=install))
    assert "build-essential" not in final
