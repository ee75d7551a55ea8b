"""One answer to one question, made comparable: what differs from run to run is masked."""

from __future__ import annotations

import re

from msgspec import Struct

from converter.verify.running.checks import Expected

MASK = "…"
MAX_SHOWN = 300


class Answer(Struct, frozen=True):
    """What an image answered to one check.

    `text` is masked. `unmet` says which expectation of the check it does not fulfil. `doubtful` says why a
    check that expects nothing may be a wrong question: a command that failed, a page that is not there.
    """

    question: str
    text: str
    unmet: str = ""
    doubtful: str = ""


def judged(
    question: str,
    output: str,
    expected: Expected,
    masks: tuple[str, ...],
    status: int | None = None,
    heading: str = "",
) -> Answer:
    """The answer of an output; `status` is that of the command or of HTTP, `heading` what stands before it."""
    unmet = _unmet(output, expected, status)
    text = heading + output
    for pattern in masks:
        text = re.sub(pattern, MASK, text)
    return Answer(question, text, unmet)


def _unmet(output: str, expected: Expected, status: int | None) -> str:
    if expected.status is not None and status != expected.status:
        return f"status {status}, expected {expected.status}: {shown(output)}"
    if expected.expect is not None and output != expected.expect:
        return f"got {shown(output)}, expected {shown(expected.expect)}"
    if expected.contains is not None and expected.contains not in output:
        return f"{shown(expected.contains)} is not in {shown(output)}"
    return ""


def shown(text: str) -> str:
    """A text on one line, quoted, cut where it is long."""
    quoted = repr(text)
    return quoted if len(quoted) <= MAX_SHOWN else quoted[:MAX_SHOWN] + "…"
