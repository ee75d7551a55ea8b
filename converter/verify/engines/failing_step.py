"""Finds in a build's log the step that failed.

Three forms are known: BuildKit's plain progress, docker's legacy builder, and buildah's, which podman shares.
"""

from __future__ import annotations

import re

from converter.verify.engines.faults import last_words
from converter.verify.engines.model import FailingStep

LINES_SHOWN = 12

_BUILDKIT = re.compile(r"^ > \[(?:[^\]]*\s)?\d+/\d+\] (?P<step>.*?):?\s*$")
_BUILDKIT_INTERNAL = re.compile(r"^ > \[internal\] load metadata for (?P<image>\S+?):?$")
_BUILDKIT_OUTPUT = re.compile(r"^#\d+ (?:\d+\.\d+ )?")
_BUILDKIT_FAILURE = re.compile(r"^#(\d+) ERROR: ")
_NUMBERED = re.compile(r"^(?:\[\d+/\d+\] )?(?:Step|STEP) \d+(?:/\d+)? ?: (?P<step>.*)$")
_RULE = re.compile(r"^-{4,}$")


def failing_step(log: str) -> FailingStep:
    """The step that ended a build, from the log's end."""
    rows = log.splitlines()
    reason = last_words(log)
    for at in range(len(rows) - 1, -1, -1):
        if found := _BUILDKIT.match(rows[at]):
            return FailingStep(found["step"], reason, _until_rule(rows[at + 1 :]) or _of_failed_step(rows))
        if found := _BUILDKIT_INTERNAL.match(rows[at]):
            return FailingStep(f"FROM {found['image']}", reason, ())
        if found := _NUMBERED.match(rows[at]):
            return FailingStep(found["step"], reason, _shown(rows[at + 1 :]))
    return FailingStep("", reason, _shown(rows))


def _until_rule(rows: list[str]) -> tuple[str, ...]:
    """What the step printed, as BuildKit repeats it between two rules."""
    end = next((at for at, row in enumerate(rows) if _RULE.match(row)), len(rows))
    return _shown([_BUILDKIT_OUTPUT.sub("", row) for row in rows[:end]])


def _of_failed_step(rows: list[str]) -> tuple[str, ...]:
    """What the step printed while it ran: older versions repeat nothing at the end."""
    failed = next((found[1] for row in reversed(rows) if (found := _BUILDKIT_FAILURE.match(row))), None)
    printed = re.compile(rf"^#{failed} \d+\.\d+ ")
    return _shown([printed.sub("", row) for row in rows if printed.match(row)])


def _shown(rows: list[str]) -> tuple[str, ...]:
    return tuple(row.rstrip() for row in rows if row.strip())[-LINES_SHOWN:]
