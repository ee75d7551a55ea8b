"""An instruction's logical line cut into keyword, flags and arguments."""

from __future__ import annotations

import re

from msgspec import Struct

from converter.dockerfile.lines import ASCII_BLANK, BLANK
from converter.dockerfile.model import Flag, ShellText
from converter.dockerfile.problem import Misuse

_KEYWORD = re.compile(r"[^\t\v\f\r ]+")
_FLAG = re.compile(
    rf"""(?:[^{ASCII_BLANK}'"\\]|\\.|\\\Z|'(?:[^'\\]|\\.|\\\Z)*+(?:'|\Z)|"(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z))++""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_QUOTED = re.compile(
    r"""\\(?P<plain>.?)|'(?P<single>(?:[^'\\]|\\.?)*+)'?|"(?P<double>(?:[^"\\]|\\.?)*+)"?""", re.DOTALL
)

BOOLEAN = frozenset({"link", "parents", "keep-git-dir", "unpack"})
REPEATED = frozenset({"mount", "exclude", "device"})
BY_KEYWORD: dict[str, frozenset[str]] = {
    "FROM": frozenset({"platform"}),
    "RUN": frozenset({"mount", "network", "security", "device"}),
    "COPY": frozenset({"from", "chown", "chmod", "link", "parents", "exclude"}),
    "ADD": frozenset({"chown", "chmod", "link", "keep-git-dir", "checksum", "unpack", "exclude"}),
    "HEALTHCHECK": frozenset({"interval", "timeout", "start-period", "start-interval", "retries"}),
}
"""Flags by instruction, from the Dockerfile reference (syntax 1.20)."""


class Parts(Struct, frozen=True):
    """Keyword and flags of a logical line; its arguments are `line.text[start:end]` without outer blanks."""

    keyword: str
    keyword_start: int
    flags: tuple[Flag, ...]
    start: int
    end: int


def split(line: ShellText, start: int = 0) -> Parts:
    """Keyword, flags and arguments of a logical line, or of the part from `start` on (ONBUILD's child)."""
    text = line.text
    end = len(text.rstrip(BLANK))
    first = skip(text, start, end, BLANK)
    match = _KEYWORD.match(text, first, end)
    if match is None:
        return Parts("", first, (), end, end)
    at = skip(text, match.end(), end)
    flags: list[Flag] = []
    while text.startswith("--", at, end):
        found = _FLAG.match(text, at, end)
        assert found is not None  # it starts with two hyphens
        word = found[0]
        if "\\" in word or "'" in word or '"' in word:
            word = _unquoted(word)
        stop = found.end()
        at = skip(text, stop, end)
        if word == "--":
            break
        name, sign, value = word[2:].partition("=")
        flags.append(Flag(name, value if sign else None, line.span(found.start(), stop)))
    return Parts(match[0], first, tuple(flags), skip(text, at, end, BLANK), end)


def check(keyword: str, flags: tuple[Flag, ...]) -> None:
    """A Misuse for a flag that the instruction does not have, that lacks its value or comes twice."""
    known = BY_KEYWORD.get(keyword, frozenset())
    seen: set[str] = set()
    for flag in flags:
        if flag.name not in known:
            names = ", ".join("--" + name for name in sorted(known)) or "none"
            raise Misuse(
                f"{keyword} has no flag --{flag.name}", f"flags of {keyword}: {names}", span=flag.span
            )
        if flag.name in seen and flag.name not in REPEATED:
            raise Misuse(f"{keyword} has the flag --{flag.name} twice", "keep one of them", span=flag.span)
        seen.add(flag.name)
        if flag.name in BOOLEAN:
            if flag.value is not None and flag.value.lower() not in ("true", "false"):
                raise Misuse(f"--{flag.name} is true or false, not {flag.value!r}", span=flag.span)
        elif flag.value is None:
            raise Misuse(f"--{flag.name} needs a value", f"write --{flag.name}=VALUE", span=flag.span)


def skip(text: str, start: int, end: int, blank: str = ASCII_BLANK) -> int:
    """The offset of the first character from `start` on that is not blank, or `end`."""
    while start < end and text[start] in blank:
        start += 1
    return start


def _unquoted(word: str) -> str:
    def part(match: re.Match[str]) -> str:
        if match["plain"] is not None:
            return match["plain"]
        inner = match["single"] if match["single"] is not None else match["double"]
        return _ESCAPED.sub(r"\1", inner)

    return _QUOTED.sub(part, word)
