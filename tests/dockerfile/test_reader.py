"""Typed instructions: what each keyword's arguments become."""

from __future__ import annotations

import pytest

from converter.dockerfile.model import (
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    ExecForm,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    ShellForm,
    Stopsignal,
    User,
    Volume,
    Workdir,
)
from tests.dockerfile.reading import after_from, dockerfile, only, script


def test_a_whole_file_in_order() -> None:
    text = '# syntax=docker/dockerfile:1\n\n# base\nARG V=1\nFROM a:$V AS Build\nRUN x\nCMD ["y"]\n# end\n'
    file = dockerfile(text)
    assert [type(each) for each in file.instructions] == [Arg, From, Run, Cmd]
    assert [(d.name, d.value) for d in file.directives] == [("syntax", "docker/dockerfile:1")]
    assert [c.text for c in file.instructions[0].comments] == ["base"]
    assert [c.text for c in file.trailing_comments] == ["end"]
    assert [each.span.of(text) for each in file.instructions] == [
        "ARG V=1",
        "FROM a:$V AS Build",
        "RUN x",
        'CMD ["y"]',
    ]
    assert file.stages == (file.instructions[1],)


@pytest.mark.parametrize(
    ("line", "image", "name", "name_text", "platform"),
    [
        ("FROM debian", "debian", None, None, None),
        ("from debian as Base", "debian", "base", "Base", None),
        ("FROM --platform=$BUILDPLATFORM golang:1 AS b", "golang:1", "b", "b", "$BUILDPLATFORM"),
        ("FROM\tx\t AS\ty", "x", "y", "y", None),
    ],
)
def test_from(line: str, image: str, name: str | None, name_text: str | None, platform: str | None) -> None:
    found = only(line, From)
    assert (found.image.text, found.name, found.name_text, found.platform) == (
        image,
        name,
        name_text,
        platform,
    )


@pytest.mark.parametrize("keyword", ["RUN", "run", "Run", "rUn"])
def test_the_keyword_stays_as_written(keyword: str) -> None:
    found = after_from(f"{keyword} true")
    assert isinstance(found, Run)
    assert found.keyword == keyword


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ('["a", "b c"]', ("a", "b c")),
        ('[ "a" , "b" ]', ("a", "b")),
        ("[]", ()),
        (r'["\u0041\n\"", "é"]', ('A\n"', "é")),
        ('["a"] # what follows is ignored', ("a",)),
        (r'["\ud800x"]', ("\ufffdx",)),
    ],
)
def test_exec_form(arguments: str, words: tuple[str, ...]) -> None:
    found = after_from("CMD " + arguments)
    assert isinstance(found, Cmd)
    assert isinstance(found.form, ExecForm)
    assert found.form.words == words
    assert len(found.form.spans) == len(words)


@pytest.mark.parametrize(
    "arguments",
    [
        "['a', 'b']",
        '["a", "b"',
        '["a" "b"]',
        '["a",]',
        '["\\x"]',
        '["a\tb"]',
        "[ -f x ] && y",
        "[NaN]",
        "echo []",
    ],
)
def test_what_is_no_json_is_shell(arguments: str) -> None:
    assert script(after_from("ENTRYPOINT " + arguments)).text == arguments


def test_exec_spans_cover_the_quoted_words() -> None:
    text = 'FROM a\nCMD ["x", \\\n  "y z"]'
    form = only(text, Cmd).form
    assert isinstance(form, ExecForm)
    assert [span.of(text) for span in form.spans] == ['"x"', '"y z"']


def test_cmd_and_entrypoint_without_words() -> None:
    assert script(after_from("CMD")).text == ""
    assert script(after_from("ENTRYPOINT  ")).text == ""
    assert isinstance(after_from("ENTRYPOINT []"), Entrypoint)


@pytest.mark.parametrize(
    ("line", "flags"),
    [
        (
            "RUN --mount=type=cache,target=/x --network=none make",
            [("mount", "type=cache,target=/x"), ("network", "none")],
        ),
        (
            "RUN --mount=type=secret,id=a --mount=type=ssh x",
            [("mount", "type=secret,id=a"), ("mount", "type=ssh")],
        ),
        ("COPY --link --chown=1:2 a b", [("link", None), ("chown", "1:2")]),
        ('COPY --chown="a b" a b', [("chown", "a b")]),
        ("COPY --chown=a\\ b --from='x y' a b", [("chown", "a b"), ("from", "x y")]),
        (
            "COPY --link=false --parents --exclude=*.o --exclude=.git a b",
            [("link", "false"), ("parents", None), ("exclude", "*.o"), ("exclude", ".git")],
        ),
        (
            "ADD --checksum=sha256:0 --keep-git-dir=true --chmod=755 a b",
            [("checksum", "sha256:0"), ("keep-git-dir", "true"), ("chmod", "755")],
        ),
        ("RUN --security=insecure -- x", [("security", "insecure")]),
        ("RUN x --not-a-flag", []),
    ],
)
def test_flags(line: str, flags: list[tuple[str, str | None]]) -> None:
    assert [(flag.name, flag.value) for flag in after_from(line).flags] == flags


def test_flags_know_their_place() -> None:
    text = "FROM a\nRUN --mount=type=cache,\\\ntarget=/x --network=none \\\n  make"
    found = only(text, Run)
    assert [flag.span.of(text) for flag in found.flags] == [
        "--mount=type=cache,\\\ntarget=/x",
        "--network=none",
    ]
    assert found.flag("network") == "none"
    assert found.flag("security") is None
    assert script(found).text == "make"
    assert after_from("COPY --link a b").flag("link") == ""


@pytest.mark.parametrize("keyword", ["COPY", "ADD"])
@pytest.mark.parametrize(
    ("arguments", "sources", "destination"),
    [
        ("a b", ["a"], "b"),
        ("a  b\tc /d/", ["a", "b", "c"], "/d/"),
        ('["a b", "/c d"]', ["a b"], "/c d"),
        ('"a b" c', ['"a', 'b"'], "c"),
        ("$x/*.go ${y:-z} ./", ["$x/*.go", "${y:-z}"], "./"),
    ],
)
def test_copy_and_add(keyword: str, arguments: str, sources: list[str], destination: str) -> None:
    found = after_from(f"{keyword} {arguments}")
    assert isinstance(found, Copy | Add)
    assert [word.text for word in found.sources] == sources
    assert found.destination.text == destination


@pytest.mark.parametrize("kind", [Env, Label])
@pytest.mark.parametrize(
    ("arguments", "pairs"),
    [
        ("a=b", [("a", "b")]),
        ("a=b c='d e' f=\"g h\"", [("a", "b"), ("c", "'d e'"), ("f", '"g h"')]),
        ("a=b\\ c d=", [("a", "b\\ c"), ("d", "")]),
        ("a=$x:${y}", [("a", "$x:${y}")]),
        ("a='it is\" b=c' d=e", [("a", "'it is\" b=c'"), ("d", "e")]),
        ('a="\\"b c" d=e', [("a", '"\\"b c"'), ("d", "e")]),
        ('"a b"=c', [('"a b"', "c")]),
        ("a='not closed b=c", [("a", "'not closed b=c")]),
    ],
)
def test_pairs(kind: type[Env] | type[Label], arguments: str, pairs: list[tuple[str, str]]) -> None:
    found = only(f"FROM a\n{kind.__name__} {arguments}", kind)
    assert [(name.text, value.text) for name, value in found.pairs] == pairs


def test_env_in_its_old_form() -> None:
    found = after_from("ENV key  the whole 'value' a=b ")
    assert isinstance(found, Env)
    assert found.legacy
    assert [(name.text, value.text) for name, value in found.pairs] == [("key", "the whole 'value' a=b")]


def test_pairs_know_their_places() -> None:
    text = "FROM a\nENV A=1 \\\n    # about B\n    B='2 3'\n"
    found = only(text, Env)
    assert [(n.span.of(text), v.span.of(text)) for n, v in found.pairs] == [("A", "1"), ("B", "'2 3'")]
    assert [comment.text for comment in found.inner_comments] == ["about B"]


def test_arg() -> None:
    found = after_from("ARG a b=c d= e='f g'")
    assert isinstance(found, Arg)
    assert [(name.text, value and value.text) for name, value in found.pairs] == [
        ("a", None),
        ("b", "c"),
        ("d", ""),
        ("e", "'f g'"),
    ]


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("HEALTHCHECK NONE", None),
        ("HEALTHCHECK none", None),
        ("HEALTHCHECK --interval=5m --timeout=3s CMD curl -f x || exit 1", "curl -f x || exit 1"),
        ('HEALTHCHECK CMD ["a", "b"]', ("a", "b")),
        ("HEALTHCHECK \\\n  --retries=3 \\\n  cmd   x", "x"),
    ],
)
def test_healthcheck(line: str, form: str | tuple[str, ...] | None) -> None:
    found = after_from(line)
    assert isinstance(found, Healthcheck)
    match found.form:
        case None:
            assert form is None
        case ExecForm(words=words):
            assert form == words
        case ShellForm(script=text):
            assert form == text.text


def test_the_plain_rest() -> None:
    file = dockerfile(
        "FROM a\nMAINTAINER  A  B <c@d> \nWORKDIR /a b\nUSER $u:g\nSTOPSIGNAL 9\nEXPOSE 80  443/udp $p\n"
        'VOLUME /a /b\nVOLUME ["/c d"]\nSHELL ["bash", "-ec"]\n'
    )
    _, maintainer, workdir, user, signal, expose, volume, listed, shell = file.instructions
    assert isinstance(maintainer, Maintainer)
    assert maintainer.text == "A  B <c@d>"
    assert isinstance(workdir, Workdir)
    assert workdir.path.text == "/a b"
    assert isinstance(user, User)
    assert user.name.text == "$u:g"
    assert isinstance(signal, Stopsignal)
    assert signal.signal.text == "9"
    assert isinstance(expose, Expose)
    assert [port.text for port in expose.ports] == ["80", "443/udp", "$p"]
    assert isinstance(volume, Volume)
    assert [path.text for path in volume.paths] == ["/a", "/b"]
    assert isinstance(listed, Volume)
    assert [path.text for path in listed.paths] == ["/c d"]
    assert isinstance(shell, Shell)
    assert shell.words == ("bash", "-ec")


def test_onbuild_holds_its_child() -> None:
    text = "FROM a\nONBUILD COPY --chown=x . \\\n /app\n"
    found = only(text, Onbuild)
    assert isinstance(found.child, Copy)
    assert found.child.flag("chown") == "x"
    assert found.child.destination.span.of(text) == "/app"
    assert found.child.span.of(text) == "COPY --chown=x . \\\n /app"


@pytest.mark.parametrize("child", ["COPPY . /x", "COPY x", "RUN", "RUN --mount x"])
def test_an_onbuild_that_fails_only_when_it_is_triggered(child: str) -> None:
    found = after_from("ONBUILD " + child)
    assert isinstance(found, Onbuild)
    assert found.child is None
