"""Libraries that stay beside a tool although the author removes their -dev package: the split takes the tool out."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

FILE = """\
FROM {base}
RUN apt-get update && apt-get install -y {kept} gcc make {dev} && \\
    curl -sL https://example.org/x.tar.gz | tar zx && cd x && make install && cd .. && rm -rf x && \\
    apt-get purge -y {option} gcc make {purged}
CMD ["x"]
"""
CURL = "libcurl4-openssl-dev"


def final_stage(
    kept: str = "curl",
    dev: str = CURL,
    purged: str = CURL,
    option: str = "--auto-remove",
    base: str = "debian:bookworm",
) -> str:
    """The final stage of a program that links to a library whose -dev package is purged."""
    return stages(FILE.format(kept=kept, dev=dev, purged=purged, option=option, base=base))[1]


@pytest.mark.parametrize(
    ("base", "library"),
    [("debian:bookworm", "libcurl4"), ("ubuntu:noble", "libcurl4t64"), ("debian:stretch", "libcurl3")],
)
def test_the_library_of_a_tool_that_only_the_split_takes_out_is_installed(base: str, library: str) -> None:
    assert f" {library} " in final_stage(base=base)


def test_it_is_listed_where_the_release_is_not_known() -> None:
    assert "$(cat /tmp/run-time-packages)" in final_stage(base="debian")


@pytest.mark.parametrize(
    ("kept", "dev", "purged"),
    [
        ("curl", CURL, f"{CURL} curl"),  # nothing holds it in the original either
        ("curl", "libpq-dev", "libpq-dev"),  # curl does not need it
        ("curl cmake cmake-data", CURL, f"{CURL} curl cmake-data"),  # cmake left with what it needs
    ],
)
def test_none_is_installed_that_the_original_lacks(kept: str, dev: str, purged: str) -> None:
    final = final_stage(kept, dev, purged)
    assert "libcurl" not in final
    assert "libpq" not in final


def test_what_stays_brings_it_by_itself() -> None:
    assert "libcurl4" not in final_stage(kept="curl libgdal32")
