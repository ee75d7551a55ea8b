"""Deletions of programs that only packages which leave bring: nothing is there to delete in the final stage."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

FILE = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y {install} gcc make && {deletion} && make -C /src install
{more}ENTRYPOINT ["x"]
"""


def final_stage(deletion: str, install: str = "tini curl", more: str = "") -> str:
    """The final stage of a program that is built behind a deletion."""
    if more:
        more += "\n"
    return stages(FILE.format(install=install, deletion=deletion, more=more))[1]


@pytest.mark.parametrize("name", ["curl", "gcc", "openssl", "c_rehash"])
def test_one_that_left_is_not_deleted(name: str) -> None:
    more = "RUN apt-get purge -y --auto-remove curl"
    assert "rm " not in final_stage(f"rm /usr/bin/{name}", more=more).replace("rm -rf /var/lib/apt/lists", "")


@pytest.mark.parametrize(
    ("deletion", "install"),
    [
        ("rm /usr/bin/openssl", "tini curl"),  # certificates that curl brought stay, and openssl with them
        ("rm /usr/bin/openssl", "tini curl openssl"),
        ("rm /usr/bin/unheard-of", "tini curl"),  # nobody knows who brings it
        ("rm /usr/bin/passwd", "tini curl"),  # the base has it
        ("rm /usr/share/curl", "tini curl"),
    ],
)
def test_others_are(deletion: str, install: str) -> None:
    assert deletion in final_stage(deletion, install)
