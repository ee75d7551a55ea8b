"""Packages that the author marks by name so that they stay when he removes the rest."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

MARKED = (
    "FROM debian:stretch-slim\nRUN apt-get update && apt-get install -y {kept}gcc make libssl-dev \\\n"
    "\t&& wget -O- http://example.org/x.tgz | tar xz && make -C x install \\\n"
    "\t&& apt-mark manual {names} && apt-get purge -y --auto-remove gcc make libssl-dev\nCMD x\n"
)
LINE = "RUN apt-get update && apt-get install -y --no-install-recommends libssl1.1 && rm -rf /var/lib/apt/lists/*\n"


def test_an_install_that_stays_takes_them() -> None:
    _, final = stages(MARKED.format(kept="tini ", names="libssl1.1 libfoo2"))
    assert "apt-get install -y tini libssl1.1 libfoo2 \\\n" in final


def test_they_get_a_line_of_their_own_before_the_copy() -> None:
    _, final = stages(MARKED.format(kept="", names="libssl1.1"))
    assert f"{LINE}# Built in the builder stage\nCOPY --from=builder /usr/local " in final


def test_one_that_the_author_installs_stays_whatever_it_is_for() -> None:
    _, final = stages(MARKED.format(kept="curl g++ ", names="g++"))
    assert "g++" in final


@pytest.mark.parametrize(
    ("old", "new"),
    [("apt-get purge -y --auto-remove", "apt-get purge -y libssl1.1"), ("apt-get purge", "echo")],
)
def test_nothing_is_added_where_no_sweep_follows_or_the_author_removes_it(old: str, new: str) -> None:
    _, final = stages(MARKED.format(kept="", names="libssl1.1").replace(old, new))
    assert LINE not in final


def test_they_come_along_with_what_the_builder_lists() -> None:
    text = MARKED.format(kept="", names="libssl1.1")
    _, final = stages(text.replace("gcc make libssl-dev \\", "gcc make libssl-dev libodd-dev \\"))
    assert "apt-get install -y --no-install-recommends libssl1.1 $(cat /tmp/run-time-packages)" in final
