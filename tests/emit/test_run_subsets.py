"""A RUN with some of its members: the author's text, operators that keep the meaning, the state it needs."""

from __future__ import annotations

import pytest

from converter.dockerfile.model import Run, State
from converter.dockerfile.reader import read
from converter.effects.facts import facts_of
from converter.effects.model import Member
from converter.emit.run_text import run_text
from converter.graph.steps import steps_of
from converter.plan.split import Edit
from converter.span import SourceText, Span


def subset(
    body: str, kept: set[int], final: bool = False, absent: tuple[str, ...] = (), gone: str = ""
) -> str:
    """The RUN `body` with the members at the indices `kept`, and without the word `gone`."""
    text = f"FROM debian\n{body}\n"
    dockerfile = read(SourceText(text))
    states = tuple(State() for _ in range(len(dockerfile.instructions) + 1))
    steps, _ = steps_of(dockerfile, states, 0, facts_of(family="debian"), None, {})
    members = tuple(member for step in steps for member in step.members)
    run = dockerfile.instructions[1]
    assert isinstance(run, Run)
    at = text.find(f" {gone}") if gone else -1
    edits = {i: (Edit(Span(at, at + 1 + len(gone)), ""),) for i in kept if at in range(*_ends(members[i]))}
    return run_text(text, run, members, frozenset(kept), edits, final, frozenset(absent))


def _ends(member: Member) -> tuple[int, int]:
    return member.span.start, member.span.end


@pytest.mark.parametrize(
    ("body", "kept", "wanted"),
    [
        ("RUN a && b && c", {0, 1, 2}, "RUN a && b && c"),
        ("RUN a && b && c", {0, 2}, "RUN a && c"),
        ("RUN a && b && c", {2}, "RUN c"),
        ("RUN a && b", set(), ""),
        ("RUN a \\\n    && b \\\n    && c", {1, 2}, "RUN b \\\n    && c"),
        ("RUN a; b; c", {0}, "RUN a || true"),
        ("RUN set -e; \\\n a \\\n  x \\\n ; \\\n b", {2}, "RUN set -e; \\\n b"),
        ("RUN a && \\\n b \\\n  x \\\n && \\\n c", {0, 2}, "RUN a && \\\n c"),
        ("RUN a \\\n ; \\\n b \\\n ; \\\n c", {0, 2}, "RUN a \\\n ; \\\n c"),
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


@pytest.mark.parametrize("gone", ["rm -rf /var/www", "mv /var/www /var/old", "rmdir /var/www/html"])
def test_the_shell_goes_back_to_a_directory_that_was_deleted_and_made_anew(gone: str) -> None:
    body = f"RUN cd /var/www/html && {gone} && mkdir -p /var/www/html && cd /var/www/html && touch x && make"
    assert subset(body, {1, 2, 4}, final=True).endswith(
        f"{gone} && mkdir -p /var/www/html && cd /var/www/html && touch x"
    )


def test_only_those_moves_are_kept_that_lead_to_the_directory() -> None:
    body = "RUN cd /root && cd app-1.0 && make && cd .. && ./setup.sh"
    assert subset(body, {4}, final=True) == "RUN cd /root && ./setup.sh"


def test_a_directory_whose_names_were_edited_away_is_not_entered() -> None:
    body = "RUN cd /tmp/app && make && rm -rf /var/cache/apk/* app.tgz"
    assert subset(body, {2}, final=True, gone="app.tgz") == "RUN rm -rf /var/cache/apk/*"
    assert subset(body, {2}, final=True, gone="/var/cache/apk/*") == "RUN cd /tmp/app && rm -rf app.tgz"


def test_a_package_is_downloaded_from_its_address_wherever_the_shell_is() -> None:
    body = "RUN cd app && make && yum install -y https://example.com/bison.rpm"
    assert subset(body, {2}, final=True) == "RUN yum install -y https://example.com/bison.rpm"
