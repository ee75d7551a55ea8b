"""A RUN with some of its members: the author's text, operators that keep the meaning, the state it needs."""

from __future__ import annotations

import pytest

from converter.dockerfile.model import Run, State
from converter.dockerfile.reader import read
from converter.effects.facts import facts_of
from converter.emit.run_text import run_text
from converter.graph.steps import steps_of
from converter.span import SourceText


def subset(body: str, kept: set[int], final: bool = False, absent: tuple[str, ...] = ()) -> str:
    """The RUN `body` with the members at the indices `kept`."""
    text = f"FROM debian\n{body}\n"
    dockerfile = read(SourceText(text))
    states = tuple(State() for _ in range(len(dockerfile.instructions) + 1))
    steps = steps_of(dockerfile, states, 0, facts_of(family="debian"), None, {})
    members = tuple(member for step in steps for member in step.members)
    run = dockerfile.instructions[1]
    assert isinstance(run, Run)
    return run_text(text, run, members, frozenset(kept), {}, final, frozenset(absent))


@pytest.mark.parametrize(
    ("body", "kept", "wanted"),
    [
        ("RUN a && b && c", {0, 1, 2}, "RUN a && b && c"),
        ("RUN a && b && c", {0, 2}, "RUN a && c"),
        ("RUN a && b && c", {2}, "RUN c"),
        ("RUN a && b", set(), ""),
        ("RUN a \\\n    && b \\\n    && c", {1, 2}, "RUN b \\\n    && c"),
        ("RUN a; b; c", {0}, "RUN a || true"),
        ("RUN set -e; a; b", {1}, "RUN set -e; a"),
        ("RUN a && b; c", {0, 2}, "RUN a; c"),
        ("RUN x=1 && y=2 && echo $y", {2}, "RUN x=1 && y=2 && echo $y"),
        ("RUN --network=none a && b", {1}, "RUN --network=none b"),
        (
            "RUN --mount=type=cache,target=/x \\\n  --network=none \\\n  a \\\n  && b",
            {1},
            "RUN --mount=type=cache,target=/x \\\n  --network=none \\\n  b",
        ),
        ("RUN f() { sed $1; } && a && b $(f x)", {2}, "RUN f() { sed $1; } && b $(f x)"),
        ("RUN a \\\n# why b\n && b", {1}, "# why b\nRUN b"),
        ("run cd /x && make && cd / && touch /y", {1}, "run cd /x && make"),
        ("RUN export GNUPGHOME=/k X=1 && gpg --verify a && make", {2}, "RUN export GNUPGHOME=/k X=1 && make"),
        ("RUN export GNUPGHOME=/k && gpg --verify a && make", {2}, "RUN make"),
        (
            "RUN export GNUPGHOME=/k && gpg --import k && gpg --verify a",
            {2},
            "RUN export GNUPGHOME=/k && gpg --verify a",
        ),
        (
            "RUN a && \\\n  # log it\n  cd /x && b && \\\n  # make it\n  c",
            {3},
            "RUN cd /x && \\\n  # make it\n  c",
        ),
        ("RUN a && \\\n  # log it\n  cd /x && b && c", {0, 3}, "RUN a && \\\n  cd /x && c"),
        ("RUN a && \\\n  # log it\n  cd /x && b && c", {2}, "# log it\nRUN cd /x && b"),
    ],
)
def test_members_of_the_builder(body: str, kept: set[int], wanted: str) -> None:
    assert subset(body, kept) == wanted


@pytest.mark.parametrize(
    ("body", "kept", "wanted"),
    [
        ("RUN cd /usr/src/x && make && touch /y", {2}, "RUN touch /y"),
        ("RUN cd /usr/src/x && make && rm -rf /usr/src", {2}, "RUN rm -rf /usr/src"),
        (
            "RUN cd /srv && make && apt-get install -y ./x.deb",
            {2},
            "RUN cd /srv && apt-get install -y ./x.deb",
        ),
        ("RUN cd /srv && make && dpkg -i x.deb", {2}, "RUN cd /srv && dpkg -i x.deb"),
        ("RUN cd /srv && make && touch y", {2}, "RUN cd /srv && touch y"),
        ("RUN a=1 b=2; d=gcc && echo $a", {2}, "RUN a=1 b=2; echo $a"),
        ("RUN f() { sed $1; } && f x && touch /y", {2}, "RUN touch /y"),
        (
            "RUN f() { sed $1; } && g() { f x; } && make && echo $(g) > /y",
            {3},
            "RUN f() { sed $1; } && g() { f x; } && echo $(g) > /y",
        ),
        ("RUN set -ex && cd /src && make && useradd app", {3}, "RUN set -ex && useradd app"),
    ],
)
def test_the_final_stage_takes_only_the_state_that_it_needs(body: str, kept: set[int], wanted: str) -> None:
    assert subset(body, kept, final=True) == wanted


def test_a_directory_that_is_certainly_absent_is_only_entered_where_it_matters() -> None:
    body = "RUN cd /opt/data && mkdir -p /etc/app && make"
    assert subset(body, {1}, absent=("/opt/data",)) == "RUN mkdir -p /etc/app"
    assert subset(body, {2}, absent=("/opt/data",)) == "RUN cd /opt/data && make"
    assert subset(body, {1}) == "RUN cd /opt/data && mkdir -p /etc/app"


def test_a_variable_may_be_a_path_below_the_directory_it_is_used_in() -> None:
    body = 'RUN name=app-1.0 && cd /tmp/src && tar xf a.tgz && cd "$name" && make && make install'
    assert subset(body, {5}) == 'RUN name=app-1.0 && cd /tmp/src && cd "$name" && make install'
