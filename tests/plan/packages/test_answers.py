"""Installs of the final stage that apt would ask about: nobody answers it."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

BUILD = (
    "FROM debian:12\n{setting}RUN apt-get update && apt-get install -y build-essential libssl-dev\nRUN {install}\n"
    'RUN make -C /src install\nCMD ["app"]\n'
)


@pytest.mark.parametrize(
    ("install", "expected"),
    [
        ("apt-get install nodejs", "apt-get install -y nodejs"),
        ("sudo apt -q install nodejs", "sudo apt -q install -y nodejs"),
        (
            "apt-get install --no-install-recommends nodejs",
            "apt-get install -y --no-install-recommends nodejs",
        ),
        ("if true; then apt-get install nodejs; fi", "if true; then apt-get install -y nodejs; fi"),
    ],
)
def test_an_install_of_the_final_stage_is_answered(install: str, expected: str) -> None:
    builder, final = stages(BUILD.format(setting="", install=install))
    assert f"RUN {install}\n" in builder
    assert expected in final


@pytest.mark.parametrize(
    ("install", "setting"),
    [
        ("apt-get install -qqo Dpkg::Use-Pty=0 nodejs", ""),
        ("apt-get -yq install nodejs", ""),
        ("apt-get --assume-yes install nodejs", ""),
        ("yes | apt-get install nodejs", ""),
        ("apt-get install nodejs", "RUN echo 'APT::Get::Assume-Yes \"true\";' > /etc/apt/apt.conf.d/yes\n"),
    ],
)
def test_an_install_that_is_answered_stays_as_it_is(install: str, setting: str) -> None:
    _, final = stages(BUILD.format(setting=setting, install=install))
    assert f"RUN {install}" in final
