"""JSON (exec) form or shell form."""

from __future__ import annotations

import json
import re

from converter.dockerfile.lines import cut
from converter.dockerfile.model import ExecForm, Form, ShellForm, ShellText
from converter.dockerfile.problem import Problem

_STRING = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
_GAP = r"[ \t\r\n]*+"
_ARRAY = re.compile(rf"\[{_GAP}(?:{_STRING}(?:{_GAP},{_GAP}{_STRING})*+)?{_GAP}\]")
_WORD = re.compile(_STRING)
_LONE = re.compile("[\ud800-\udfff]")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def json_words(text: str, start: int, end: int) -> list[tuple[str, int, int]] | None:
    """The decoded strings of the JSON array at `text[start:end]` with their offsets, quotes included.

    Whatever follows the array is ignored, as BuildKit 0.12 does. None where this is no JSON array: BuildKit
    then takes it as shell form, without a word. A Problem where it is an array, but not of strings.
    """
    if not text.startswith("[", start, end):
        return None
    match = _ARRAY.match(text, start, end)
    if match is not None:
        found = _WORD.finditer(text, start, match.end())
        return [(_decoded(word[0]), word.start(), word.end()) for word in found]
    try:
        value, _ = _DECODER.raw_decode(text[start:end])
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list) and not all(isinstance(item, str) for item in value):
        raise Problem(
            "a JSON array here must consist of strings only",
            'quote each element: ["program", "1"]; or write the command without brackets',
        )
    return None


def form(line: ShellText, start: int, end: int) -> Form:
    """The form that the arguments `line.text[start:end]` have."""
    words = json_words(line.text, start, end)
    if words is None:
        return ShellForm(cut(line, start, end))
    return exec_form(line, words)


def exec_form(line: ShellText, words: list[tuple[str, int, int]]) -> ExecForm:
    """The exec form of decoded words."""
    return ExecForm(
        tuple(word for word, _, _ in words), tuple(line.span(low, high) for _, low, high in words)
    )


def _decoded(quoted: str) -> str:
    if "\\" not in quoted:
        return quoted[1:-1]
    value: str = json.loads(quoted)
    return _LONE.sub("\ufffd", value)
