"""How much smaller an image becomes: which figures there are, and when there is none."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted
from converter.plan.model import Estimate
from converter.report.lines import plain
from converter.report.result import Result
from converter.report.text import summary_lines
from converter.span import SourceText

COMPILE = """\
FROM {base}
RUN apt-get update && apt-get install -y --no-install-recommends {packages}
WORKDIR /src
COPY . .
RUN make && cp server /usr/local/bin/server
CMD ["/usr/local/bin/server"]
"""
SQUEEZED = """\
FROM debian:bookworm-slim
COPY server.c /src/
RUN apt-get update && apt-get install -y gcc libc6-dev \\
    && gcc -o /usr/local/bin/server /src/server.c \\
    && apt-get purge -y --auto-remove gcc libc6-dev
CMD ["/usr/local/bin/server"]
"""


def estimate(dockerfile: str) -> Estimate | None:
    outcome = convert(dockerfile)
    assert isinstance(outcome, Converted), outcome
    return outcome.plan.estimate


@pytest.mark.parametrize(
    ("base", "packages", "megabytes"),
    [
        ("debian:bookworm-slim", "gcc make", (90, 250)),
        ("debian:bookworm-slim", "gcc g++ make libssl-dev", (180, 400)),
        ("debian:bookworm", "gcc make", (130, 290)),
        ("ubuntu:22.04", "gcc make", (90, 250)),
        ("golang:1.22-bookworm", "make", (600, 800)),
        ("python:3.11-bookworm", "make", (700, 950)),
    ],
)
def test_figures(base: str, packages: str, megabytes: tuple[int, int]) -> None:
    found = estimate(COMPILE.format(base=base, packages=packages))
    assert found is not None
    assert megabytes[0] <= found.removed_bytes / 1_000_000 <= megabytes[1]
    assert found.removed_bytes % 1_000_000 == 0
    assert "in Debian bookworm" in found.source


@pytest.mark.parametrize(
    ("base", "packages", "said"),
    [
        ("debian:bookworm-slim", "gcc make", " packages in Debian bookworm"),
        ("debian:bookworm-slim", "gcc make no-such-package", "; 1 of 3 named packages not known"),
        ("debian:jessie", "gcc make", " and usual sizes of both base images, less a third for jessie"),
        ("debian:bookworm", "gcc make", " and usual sizes of both base images"),
    ],
)
def test_what_it_rests_on(base: str, packages: str, said: str) -> None:
    found = estimate(COMPILE.format(base=base, packages=packages))
    assert found is not None
    assert found.source.startswith("installed sizes of ")
    assert found.source.endswith(said)


def test_a_package_that_stays_is_no_gain() -> None:
    less = estimate(COMPILE.format(base="debian:bookworm-slim", packages="gcc make"))
    more = estimate(COMPILE.format(base="debian:bookworm-slim", packages="gcc make postgresql-client"))
    assert less is not None
    assert more is not None
    assert more.removed_bytes <= less.removed_bytes


def test_packages_without_sizes_leave_the_bases() -> None:
    found = estimate(
        "FROM golang:1.22-alpine3.19\nRUN apk add --no-cache git\nWORKDIR /src\nCOPY . .\n"
        'RUN CGO_ENABLED=0 go build -o /server .\nENTRYPOINT ["/server"]\n'
    )
    assert found == Estimate(220_000_000, "usual sizes of both base images; 1 of 1 named packages not known")


@pytest.mark.parametrize(
    "dockerfile",
    [
        pytest.param(COMPILE.format(base="example.org/team/base:1", packages="gcc make"), id="unknown base"),
        pytest.param(SQUEEZED, id="nothing removed"),
        pytest.param(
            COMPILE.format(base="debian:bookworm-slim", packages="no-such-dev"), id="unknown packages"
        ),
    ],
)
def test_no_figure(dockerfile: str) -> None:
    outcome = convert(dockerfile)
    plan = getattr(outcome, "plan", None)
    assert plan is None or plan.estimate is None


def test_the_text_report_says_it() -> None:
    dockerfile = COMPILE.format(base="debian:bookworm-slim", packages="gcc make")
    outcome = convert(dockerfile)
    assert isinstance(outcome, Converted)
    found = outcome.plan.estimate
    assert found is not None
    report = plain(summary_lines(Result(SourceText(dockerfile, "Dockerfile"), outcome)))
    assert f"about {found.removed_bytes // 1_000_000} MB (installed sizes of " in report
