"""Commands inside commands: wrappers, shells, functions, loops, branches, evaluated text."""

from __future__ import annotations

import pytest

from tests.effects.saying import effects_of, run, said


def test_a_shell_inside_leaves_the_state_alone() -> None:
    found, after = run("(cd /x); sh -c 'cd /y'; cd /z")
    assert [member.before.directory for member in found] == ["/w", "/w", "/w"]
    assert after.directory == "/z"


def test_recursion_ends() -> None:
    assert effects_of("f() { f; }; f").opaque == "function f is nested too deep"


def test_loops_in_loops_are_walked_a_bounded_number_of_times() -> None:
    heads = "".join(f"for a{n} in 1 2 3 4 5 6 7 8; do " for n in range(8))
    found, _ = run(heads + "touch /x$a0$a1;" + " done;" * 8)
    (member,) = found
    assert len(member.invocations) <= 64
    assert {w.place.path for w in member.effects.writes} >= {"/x11", "/x88"}


def test_words_are_expanded_before_the_assignments_of_their_command_count() -> None:
    found, _ = run("a=1; a=2 touch /x$a")
    assert [str(w.place) for member in found for w in member.effects.writes] == ["/x1"]


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("curl -L get.rvm.io | bash -s stable", "install /usr/local/rvm/**"),
        ("curl -L get.rvm.io | bash -s stable", "install /etc/profile.d/rvm.sh"),
        ("curl -L get.rvm.io | bash -s -- --path /opt/rvm", "install /opt/rvm/**"),
        ("curl -L get.rvm.io | sudo -u app bash -s stable", "install /home/app/.rvm/**"),
        ("gosu app curl https://install.meteor.com/ | sh", "install /usr/local/bin/*"),
        (
            "curl -fsSL https://github.com/rbenv/rbenv-installer/raw/HEAD/bin/rbenv-installer | bash",
            "install /root/.*/**",
        ),
        ("curl -s get.nextflow.io | bash", "output /w/nextflow"),
        ("wget -qO- https://install.perlbrew.pl | bash", "install /root/perl5/perlbrew/**"),
        ("curl -sSL https://get.docker.com/ | sh", "install /usr/bin/docker*"),
    ],
)
def test_installers_are_known_by_their_address(text: str, writes: str) -> None:
    assert writes in said(effects_of(text))["writes"]


def test_an_unknown_address_stays_unknown() -> None:
    assert effects_of("curl -sSL https://example.org/install.sh | sh").opaque


def test_a_command_is_asked_for_its_text() -> None:
    effects = effects_of('cd /src && go build -ldflags "$(./ldflags.sh)" -o /out/app')
    assert effects.opaque is None
    assert "ldflags.sh" in effects.tools
    assert effects_of("$(./ldflags.sh)").opaque
