"""What a RUN is parted into, and the state of the shell before each part."""

from __future__ import annotations

import pytest

from converter.effects.interpreter import invocation_effects
from converter.effects.model import Invocation
from converter.span import Span
from tests.effects.saying import DEBIAN, run, said

SPLITS = [
    ("a && b ; c", ["a", "b", "c"]),
    ("a && b || c && d", ["a && b || c", "d"]),
    ("a || b", ["a || b"]),
    ("a ; b || true ; c", ["a", "b || true", "c"]),
    ("a && b &\nc", ["a && b", "c"]),
    ("a | b && c", ["a | b", "c"]),
    ("if a; then b; fi && c", ["if a; then b; fi", "c"]),
    ("set -e; for x in 1 2; do a; done; b", ["set -e", "for x in 1 2; do a; done", "b"]),
    ("{ a; b; } && ( c )", ["{ a; b; }", "( c )"]),
]


@pytest.mark.parametrize(("text", "parts"), SPLITS, ids=[case[0] for case in SPLITS])
def test_members_of_a_list(text: str, parts: list[str]) -> None:
    found, _ = run(text)
    assert [text[member.span.start : member.span.end] for member in found] == parts


def test_operators_follow_the_members() -> None:
    found, _ = run("a && b || c ; d")
    assert [member.operator for member in found] == [";", ""]


def test_state_flows() -> None:
    found, after = run("set -e; v=1.2 && cd /src/$v && export X=y; umask 022; echo $v", env={"HOME": "/h"})
    assert [member.state_only for member in found] == [True, True, True, True, True, False]
    assert [member.before.errexit for member in found] == [False, True, True, True, True, True]
    assert [member.before.directory for member in found] == [
        "/w",
        "/w",
        "/w",
        "/src/1.2",
        "/src/1.2",
        "/src/1.2",
    ]
    assert after.variables["v"] == "1.2"
    assert "X" in after.exported
    assert found[1].sets == {"v"}
    assert found[2].uses == {"v"}


def test_errexit_by_options() -> None:
    for text, expected in (
        ("set -eux", True),
        ("set -o errexit", True),
        ("set -e; set +e", False),
        ("set -x", False),
    ):
        assert run(text)[1].errexit is expected, text


def test_unknown_directories_are_unknown() -> None:
    found, _ = run("cd $SOMEWHERE && touch f")
    assert found[1].before.directory is None
    assert said(found[1].effects)["writes"] == {"edit! \ufffc/f"}


def test_pushd_and_popd() -> None:
    found, _ = run("pushd /a; pushd /b; popd; touch f; popd; touch g")
    assert said(found[3].effects)["writes"] == {"edit! /a/f"}
    assert said(found[5].effects)["writes"] == {"edit! /w/g"}


def test_invocations_are_evaluated_with_wrappers_off() -> None:
    found, _ = run("x=1; sudo -u app /opt/bin/tool --v=$x")
    inner = found[1].invocations[-1]
    assert (inner.name, inner.program, inner.arguments, inner.user) == (
        "tool",
        "/opt/bin/tool",
        ("--v=1",),
        "app",
    )


def test_one_invocation_by_itself() -> None:
    call = Invocation("sh", ("-c", "touch f"), Span(3, 5), "/srv", "app", "/bin/sh")
    effects = invocation_effects(call, DEBIAN)
    assert said(effects)["writes"] == {"edit! /srv/f"}


def test_assignments_before_a_command_do_not_last() -> None:
    _, after = run("A=1 touch f; B=2")
    assert "A" not in after.variables
    assert after.variables["B"] == "2"


def test_the_classic_squeezed_run() -> None:
    text = (
        "buildDeps='gcc make' && set -x && apt-get update && apt-get install -y $buildDeps"
        ' && mkdir -p /usr/src/r && curl -sSL "$URL" -o r.tgz && echo "$SUM *r.tgz" | sha1sum -c -'
        " && tar -xzf r.tgz -C /usr/src/r --strip-components=1 && make -C /usr/src/r"
        " && make -C /usr/src/r install"
        " && rm -r /usr/src/r r.tgz && apt-get purge -y --auto-remove $buildDeps"
    )
    found, _ = run(text, directory="/", env={"URL": "http://x/r.tgz", "SUM": "abc"})
    facts = [said(member.effects) for member in found]
    phases = "none none package package follow fetch none fetch build build clean package"
    assert " ".join(next(iter(fact["phase"])) for fact in facts) == phases
    assert facts[3]["packages"] == {"apt install gcc make"}
    assert facts[5]["writes"] == {"fetch! /r.tgz"}
    assert facts[6]["reads"] == {"/r.tgz"}
    assert facts[7]["writes"] == {"fetch /usr/src/r/**"}
    assert facts[8]["writes"] == {"tree /usr/src/r/**"}
    assert facts[9]["writes"] == {"tree /usr/src/r/**", "install? /usr/**", "install? /etc/**"}
    assert facts[10]["deletes"] == {"/usr/src/r/**", "/r.tgz/**"}
    assert facts[11]["packages"] == {"apt purge gcc make autoremove"}
