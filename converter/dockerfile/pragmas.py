"""Comments that speak to this program: `# multistage: keep`, `# multistage: run=/usr/local/bin/x`.

A pragma about an instruction stands in the comments right before it; the others hold for the whole file
wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from converter.diagnostics import Diagnostic, Severity, diagnostic
from converter.dockerfile.model import Comment, Dockerfile

_PRAGMA = re.compile(r"multistage[ \t]*:", re.IGNORECASE)

_FLAGS = ("keep", "build", "skip-file")
_PATHS = ("writes", "keep-path", "run")
_WHOLE_FILE = frozenset({"keep-path", "run", "skip-file"})
KNOWN = (*_FLAGS, *_PATHS)


class Pragmas(Struct, frozen=True):
    """What the author says.

    About one instruction: `keep` and `build` where it belongs, `writes` what it writes. About the file:
    `keep_paths` are always copied, `run` is started in the container, `skip_file` asks for no conversion.
    """

    keep: bool = False
    build: bool = False
    writes: tuple[str, ...] = ()
    keep_paths: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    skip_file: bool = False


class FilePragmas(Struct, frozen=True):
    """All pragmas of a file: of the whole, by index of the instruction, and what is wrong with them."""

    file: Pragmas = Pragmas()
    instructions: Mapping[int, Pragmas] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


class _Pragma(Struct, frozen=True):
    name: str
    paths: tuple[str, ...] = ()


def pragmas(dockerfile: Dockerfile) -> FilePragmas:
    """The pragmas of a file; unknown ones are MS110, those with a bad value MS111, and have no effect."""
    file = Pragmas()
    instructions: dict[int, Pragmas] = {}
    findings: list[Diagnostic] = []

    def warn(code: str, comment: Comment, message: str, help: str) -> None:
        findings.append(diagnostic(code, Severity.WARNING, message, dockerfile.source, comment.span, (help,)))

    for index, comment, where in _comments(dockerfile):
        pragma = _read(comment, warn)
        if pragma is None:
            continue
        if pragma.name in _WHOLE_FILE:
            file = _with(file, pragma)
        elif where:
            warn("MS110", comment, f"this pragma {where} and has no effect", "put it before the instruction")
        else:
            instructions[index] = _with(instructions.get(index, Pragmas()), pragma)
    return FilePragmas(file, instructions, tuple(findings))


def _comments(dockerfile: Dockerfile) -> Iterator[tuple[int, Comment, str]]:
    """All comments with the index of the instruction they belong to, and why they speak of none."""
    for index, instruction in enumerate(dockerfile.instructions):
        for comment in instruction.comments:
            yield index, comment, ""
        for comment in instruction.inner_comments:
            yield index, comment, "stands inside an instruction"
    for comment in dockerfile.trailing_comments:
        yield len(dockerfile.instructions), comment, "is followed by no instruction"


def _read(comment: Comment, warn: Callable[[str, Comment, str, str], None]) -> _Pragma | None:
    match = _PRAGMA.match(comment.text)
    if match is None:
        return None
    said = comment.text[match.end() :].split("#", 1)[0].strip()
    name, sign, value = (part.strip() for part in said.partition("="))
    name = name.lower()
    if name not in KNOWN:
        import difflib

        near = difflib.get_close_matches(name, KNOWN, 1)
        help = f"did you mean {near[0]}?" if near else "known are " + ", ".join(KNOWN)
        warn("MS110", comment, f"unknown pragma {name!r}" if name else "the pragma is empty", help)
        return None
    if name in _FLAGS:
        if not sign:
            return _Pragma(name)
        warn("MS111", comment, f"the pragma {name} takes no value", f"write {name} alone")
        return None
    paths = tuple(part.strip() for part in value.split(",") if part.strip())
    wrong = [path for path in paths if not path.startswith("/")]
    if paths and not wrong:
        return _Pragma(name, paths)
    what = f"{wrong[0]} is no absolute path" if wrong else "it names no path"
    warn("MS111", comment, f"the pragma {name} has a bad value: {what}", f"write {name}=/a/path,/another")
    return None


def _with(said: Pragmas, pragma: _Pragma) -> Pragmas:
    match pragma.name:
        case "keep":
            return replace(said, keep=True)
        case "build":
            return replace(said, build=True)
        case "writes":
            return replace(said, writes=said.writes + pragma.paths)
        case "keep-path":
            return replace(said, keep_paths=said.keep_paths + pragma.paths)
        case "run":
            return replace(said, run=said.run + pragma.paths)
        case _:
            return replace(said, skip_file=True)
