"""What git is told of its user: for the container, unless the build needs it itself."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

IDENTITY = 'RUN git config --global user.email "bot@example.com"\n'
NODE = "WORKDIR /app\nCOPY package.json .\nRUN npm install\n"
END = 'COPY . .\nENTRYPOINT ["node", "server.js"]\n'
DEBIAN = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make git\n"
BUILD = 'COPY src /src\nRUN make -C /src && cp /src/app /usr/bin/app\nCMD ["/usr/bin/app"]\n'


def test_an_identity_stays_with_git_where_the_build_does_not_commit() -> None:
    builder, final = stages(f"FROM node:20\n{IDENTITY}{NODE}{END}")
    assert IDENTITY in builder
    assert final.index("install -y --no-install-recommends git") < final.index(IDENTITY)


@pytest.mark.parametrize(
    "lines",
    [
        IDENTITY
        + "RUN git clone https://example.com/x /x && cd /x && git merge origin/y && make && make install\n",
        'RUN git config --global url."https://".insteadOf git://\n',
        "RUN git config --global credential.helper store && git clone https://example.com/x /x && make -C /x\n",
    ],
)
def test_what_the_build_itself_needs_is_left_to_it(lines: str) -> None:
    builder, final = stages(DEBIAN + lines + BUILD)
    assert "git config" in builder
    assert "git" not in final


def test_an_identity_leaves_with_git() -> None:
    lines = IDENTITY + BUILD.replace("\nCMD", " && apt-get purge -y git\nCMD")
    _, final = stages(DEBIAN + lines)
    assert "git config" not in final


def test_an_identity_behind_the_build_is_none_of_its_business() -> None:
    builder, final = stages(DEBIAN + BUILD.replace("CMD", IDENTITY + "CMD"))
    assert "git config" not in builder
    assert IDENTITY in final
