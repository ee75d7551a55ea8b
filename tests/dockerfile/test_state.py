"""What is in force before each instruction."""

from __future__ import annotations

import pytest

from converter.dockerfile.model import HOLE, From, State
from converter.dockerfile.state import PLATFORM_ARGS, image_reference, states
from tests.dockerfile.reading import dockerfile

BASE = State(env={"PATH": "/bin", "HOME": "/root"}, workdir="/srv", user="app")


def replay(text: str, build_args: dict[str, str] | None = None, base: State = BASE) -> tuple[State, ...]:
    return states(dockerfile(text), lambda image: base, build_args)


def last(lines: str, build_args: dict[str, str] | None = None, base: State = BASE) -> State:
    return replay("FROM a\n" + lines, build_args, base)[-1]


def test_one_state_before_each_instruction_and_one_after_the_last() -> None:
    found = replay("ARG V=1\nFROM a:$V\nENV A=1\nWORKDIR /x\nRUN y\n")
    assert len(found) == 6
    assert [state.env.get("A") for state in found] == [None, None, None, "1", "1", "1"]
    assert [state.workdir for state in found[2:]] == ["/srv", "/srv", "/x", "/x"]


def test_the_base_image_gives_the_start() -> None:
    asked: list[str] = []

    def base(image: str) -> State:
        asked.append(image)
        return BASE

    found = states(dockerfile("ARG V=3\nFROM alpine:${V}.1\nRUN x"), base)
    assert asked == ["alpine:3.1"]
    assert (found[-1].env, found[-1].workdir, found[-1].user) == (BASE.env, "/srv", "app")
    assert not found[-1].declared_workdir


@pytest.mark.parametrize(
    ("lines", "name", "value"),
    [
        ("ENV A=1 B=$A", "B", HOLE),
        ("ENV A=1\nENV B=$A", "B", "1"),
        ("ENV A=1\nENV A=2 B=$A", "B", "1"),
        ("ENV PATH=/x:$PATH", "PATH", "/x:/bin"),
        ("ENV A the 'whole' $HOME ", "A", "the whole /root"),
        ("ENV A='$HOME'", "A", "$HOME"),
        ('ENV A="$HOME/x y"', "A", "/root/x y"),
        ("ENV A=$UNKNOWN", "A", HOLE),
        ("ENV A=${UNKNOWN:-d}", "A", "d"),
        ("ARG V\nENV A=v$V", "A", f"v{HOLE}"),
        ("ARG V\nENV A=${V:-1.0}", "A", "1.0"),
        ("ARG V=2\nENV A=$V", "A", "2"),
        ("ARG V=2 W=$V.1\nENV A=$W", "A", "2.1"),
        ("ARG V=2\nARG V\nENV A=$V", "A", "2"),
        ("ARG HOME=/arg\nENV A=$HOME", "A", "/root"),
        ("ARG TARGETARCH\nENV A=x-$TARGETARCH", "A", f"x-{HOLE}"),
        ("ARG TARGETARCH=amd64\nENV A=$TARGETARCH", "A", "amd64"),
        ("ENV A=$TARGETARCH", "A", HOLE),
        ("ENV A=\\$HOME", "A", "$HOME"),
        ("ENV $HOME=x", "/root", "x"),
    ],
)
def test_env(lines: str, name: str, value: str) -> None:
    assert last(lines).env[name] == value


def test_args() -> None:
    state = last("ARG A\nARG B=b C=\nARG D", {"D": "d", "B": "given"})
    assert state.args == {"A": "", "B": "given", "C": "", "D": "d"}
    assert state.unset_args == {"A"}


def test_build_arguments_beat_defaults() -> None:
    assert last("ARG V=1\nENV A=$V", {"V": "2"}).env["A"] == "2"
    assert last("ENV V=1\nARG V\nENV A=$V", {"V": "2"}).env["A"] == "1"
    assert "V" not in last("RUN x", {"V": "2"}).args


def test_global_args_must_be_declared_again() -> None:
    text = "ARG V=1\nARG W\nFROM a\nENV A=$V\nARG V\nARG W\nENV B=$V C=${W:-unset}\n"
    env = replay(text)[-1].env
    assert (env["A"], env["B"], env["C"]) == (HOLE, "1", "unset")


def test_proxies_need_no_declaration() -> None:
    state = last("RUN x", {"http_proxy": "http://p", "OTHER": "x"})
    assert state.args == {"http_proxy": "http://p"}


@pytest.mark.parametrize(
    ("lines", "workdir"),
    [
        ("WORKDIR /a", "/a"),
        ("WORKDIR a", "/srv/a"),
        ("WORKDIR a\nWORKDIR b/\nWORKDIR ./c", "/srv/a/b/c"),
        ("WORKDIR /a//b/../c/", "/a/c"),
        ("WORKDIR //a", "/a"),
        ("WORKDIR ..\nWORKDIR ..", "/"),
        ("WORKDIR $HOME/x", "/root/x"),
        ("WORKDIR '/a b'", "/a b"),
        ("WORKDIR /$UNKNOWN", None),
        ("WORKDIR /$UNKNOWN\nWORKDIR x", None),
        ("WORKDIR /$UNKNOWN\nWORKDIR /x", "/x"),
        ("WORKDIR ${UNKNOWN:-/d}", "/d"),
    ],
)
def test_workdir(lines: str, workdir: str | None) -> None:
    state = last(lines)
    assert state.workdir == workdir
    assert state.declared_workdir


def test_user_and_shell() -> None:
    state = last('ARG U=me\nUSER $U:${G:-us}\nSHELL ["/bin/bash", "-ec"]')
    assert state.user == "me:us"
    assert state.shell == ("/bin/bash", "-ec")


def test_stages_start_afresh() -> None:
    found = replay('FROM a AS one\nENV A=1\nARG B=2\nWORKDIR /w\nSHELL ["x"]\nFROM b\nRUN x')
    assert found[5].env["A"] == "1"
    assert found[6] == State(env=BASE.env, workdir="/srv", user="app")


def test_a_stage_built_from_another_goes_on_with_it() -> None:
    found = replay('FROM a AS One\nENV A=1\nARG B=2\nWORKDIR w\nUSER u\nSHELL ["x"]\nFROM one\nRUN x')
    final = found[-1]
    assert (final.env["A"], final.workdir, final.user, final.shell) == ("1", "/srv/w", "u", ("x",))
    assert final.args == {}


def test_the_state_before_from_is_that_of_the_stage_above() -> None:
    found = replay("ARG V=1\nFROM a\nENV A=1\nFROM b")
    assert found[1].args["V"] == "1"
    assert all(found[1].args[name] == HOLE for name in PLATFORM_ARGS)
    assert found[3].env["A"] == "1"


@pytest.mark.parametrize(
    ("text", "build_args", "image"),
    [
        ("FROM debian", {}, "debian"),
        ("ARG V=1\nFROM a:$V", {}, "a:1"),
        ("ARG V=1\nFROM a:$V", {"V": "2"}, "a:2"),
        ("ARG V=1\nARG I=a:${V%.*}-x\nFROM $I", {"V": "3.4"}, "a:3-x"),
        ("ARG V\nFROM a:$V", {}, f"a:{HOLE}"),
        ("ARG V\nFROM a:${V:-latest}", {}, "a:latest"),
        ("FROM a:${V:-latest}", {}, "a:latest"),
        ("FROM a-$TARGETARCH", {}, f"a-{HOLE}"),
        ("FROM a-$TARGETARCH", {"TARGETARCH": "arm64"}, "a-arm64"),
        ('FROM "a"', {}, "a"),
        ("ARG V='1'\nARG V\nFROM a:$V", {}, "a:1"),
        ("FROM ${", {}, HOLE),
    ],
)
def test_image_reference(text: str, build_args: dict[str, str], image: str) -> None:
    file = dockerfile(text)
    from_ = file.instructions[-1]
    assert isinstance(from_, From)
    assert image_reference(file, from_, build_args) == image
