"""Commands inside commands: wrappers, shells, functions, loops, branches, evaluated text."""

from __future__ import annotations

from tests.effects.saying import effects_of, run


def test_a_shell_inside_leaves_the_state_alone() -> None:
    found, after = run("(cd /x); sh -c 'cd /y'; cd /z")
    assert [member.before.directory for member in found] == ["/w", "/w", "/w"]
    assert after.directory == "/z"


def test_recursion_ends() -> None:
    assert effects_of("f() { f; }; f").opaque == "function f is nested too deep"
