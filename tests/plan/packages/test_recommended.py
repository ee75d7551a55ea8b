"""Compilers that apt would bring back, since a package that stays recommends them."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

HEAD = "FROM debian:bookworm\n"
END = 'COPY src /src\nRUN make -C /src && cp /src/app /usr/local/bin/app\nCMD ["Rscript", "/usr/local/bin/app"]\n'


@pytest.mark.parametrize(
    ("install", "left"),
    [
        ("apt-get install -y r-base r-base-dev make", "apt-get install -y r-base r-base-dev-"),
        ("apt-get install -y r-base-core gcc make", "apt-get install -y r-base-core r-base-dev-"),
        ("apt-get install -y r-cran-xml g++ make", "apt-get install -y r-cran-xml r-base-dev-"),
        ("apt-get install -y --no-install-recommends r-base gcc make", "--no-install-recommends r-base &&"),
        ("apt-get install -y r-base make", "apt-get install -y r-base &&"),  # no compiler leaves
    ],
)
def test_what_a_package_that_stays_recommends_is_kept_out(install: str, left: str) -> None:
    _, final = stages(f"{HEAD}RUN apt-get update && {install}\n{END}")
    assert left in final


def test_only_the_first_install_looks_at_what_is_recommended() -> None:
    lines = (
        "RUN apt-get update && apt-get install -y r-base r-base-dev make\nRUN apt-get install -y r-cran-xml\n"
    )
    _, final = stages(HEAD + lines + END)
    assert final.count("r-base-dev-") == 1
    assert "install -y r-cran-xml" in final


@pytest.mark.parametrize(
    "lines",
    [
        "RUN apt-get update && apt-get install -y r-base opam gcc make\n",  # opam depends on build-essential
        "RUN echo 'APT::Install-Recommends 0;' > /etc/apt/apt.conf.d/x\n"
        "RUN apt-get update && apt-get install -y r-base r-base-dev make\n",
    ],
)
def test_nothing_is_kept_out_that_would_not_come(lines: str) -> None:
    _, final = stages(HEAD + lines + END)
    assert "build-essential-" not in final
    assert ("r-base-dev-" in final) is ("opam" in lines)
