"""A verification for people and programs: what differs and what to do, sizes, times, and the verdict last."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from converter.report.lines import Line, line
from converter.report.text import size

if TYPE_CHECKING:
    from converter.verify.differences import Difference
    from converter.verify.engines.model import FailingStep
    from converter.verify.verification import Build, Verification

SCHEMA = 1
LONGEST = 140
SEVERITIES = ("error", "warning", "note")

_STYLES = {
    "equal": "good",
    "different": "error",
    "original broken": "error",
    "conversion broken": "error",
}


def verification_lines(found: Verification, quiet: bool = False) -> tuple[Line, ...]:
    """The report: differences first, the worst on top, then both images, then the verdict.

    Quiet leaves out what does not matter and the numbers.
    """
    shown = found.matters if quiet else found.differences
    ordered = sorted(shown, key=lambda item: SEVERITIES.index(item.severity.value))
    differences = tuple(row for item in ordered for row in _difference(item))
    builds = () if quiet else _builds(found)
    return (*differences, *_failure(found), *builds, *_verdict(found), *_left(found))


def round_lines(number: int, added: tuple[str, ...], found: Verification) -> tuple[Line, ...]:
    """One round of `convert --build`: what was added, how both images compare, what matters."""
    what = f", with {', '.join(added)}" if added else ""
    head = line(
        (f"round {number}", "place"), f"{what}: ", (found.verdict.value, _STYLES[found.verdict.value])
    )
    if found.verdict.value == "equal":
        return (head, *_builds(found))
    return (head, *(line("  ", row.message) for row in found.matters))


def _difference(item: Difference) -> tuple[Line, ...]:
    head = line(
        (item.severity.value, item.severity.value), f" {item.code}: ", (item.level.value, "quiet"), " ",
        (item.subject, "place"), f": {item.message}",
    )  # fmt: skip
    return (head, *(line("  ", ("help: ", "help"), text) for text in item.help))


def _failure(found: Verification) -> tuple[Line, ...]:
    """Why a build ended, or why the original does not do what it should."""
    if found.trouble:
        return (
            line(("error", "error"), " MS722: ", ("the original image", "place"), f": {found.trouble}"),
            line(
                "  ",
                ("help: ", "help"),
                "mend the original or its checks first; the conversion is not blamed",
            ),
        )
    for code, name, build in (
        ("MS720", "original", found.original),
        ("MS721", "conversion", found.converted),
    ):
        if build is not None and build.failure is not None:
            return _failing_step(code, name, build, build.failure)
    return ()


def _failing_step(code: str, name: str, build: Build, step: FailingStep) -> tuple[Line, ...]:
    where = f" at {_short(step.instruction)}" if step.instruction else ""
    rows = tuple(line(("    | ", "gutter"), row) for row in step.output)
    blame = (
        "mend the original first; the conversion is not blamed"
        if code == "MS720"
        else "the original builds, so this is the conversion's fault: please report it with the Dockerfile"
    )
    return (
        line(("error", "error"), f" {code}: the {name} does not build{where}: {_short(step.reason)}"),
        *rows,
        line("  ", ("help: ", "help"), f"the whole log is in {build.log}"),
        line("  ", ("help: ", "help"), blame),
    )


def _short(text: str) -> str:
    """A text on one line, cut where it is long: the log has the rest."""
    joined = " ".join(text.split())
    return joined if len(joined) <= LONGEST else joined[: LONGEST - 1] + "…"


def _builds(found: Verification) -> tuple[Line, ...]:
    builds = [("original", found.original)]
    builds += [] if found.converted is None else [("converted", found.converted)]
    rows = []
    for name, build in builds:
        if build.failure is None:
            what = f"{size(build.size)} in {_count(build.layers, 'layer')}, built in {build.seconds:.0f} s"
            rows.append(line((f"  {name:<10}", "quiet"), f"{what}, log {build.log}"))
    if saved := savings(found):
        percent = 100 * saved["bytes"] / (found.original.size or 1)
        fewer = saved["layers"]
        layers = f", {_count(abs(fewer), 'layer')} {'fewer' if fewer > 0 else 'more'}" if fewer else ""
        change = f"{size(abs(saved['bytes']))} ({abs(percent):.0f} %){layers}"
        rows.append(line((f"  {'saves' if percent >= 0 else 'costs':<10}", "quiet"), change))
    return tuple(rows)


def savings(found: Verification) -> dict[str, int] | None:
    """Bytes and layers that the conversion has fewer; None where one of the two was not built."""
    if found.converted is None or found.original.failure or found.converted.failure:
        return None
    return {
        "bytes": found.original.size - found.converted.size,
        "layers": found.original.layers - found.converted.layers,
    }


def _verdict(found: Verification) -> tuple[Line, ...]:
    counts = [
        _count(number, kind)
        for kind in SEVERITIES
        if (number := sum(item.severity.value == kind for item in found.differences))
    ]
    verdict = found.verdict.value
    told = f" ({', '.join(counts)})" if counts else ""
    return (line((verdict, _STYLES[verdict]), f"{told}, {found.engine}, {found.seconds:.0f} s"),)


def _left(found: Verification) -> tuple[Line, ...]:
    return (line("still there: ", ", ".join(found.left)),) if found.left else ()


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def render(found: Verification) -> str:
    """The verification as one JSON object on one line. Plain ASCII, so that no byte reaches a terminal raw."""
    return json.dumps(record(found), separators=(", ", ": "))


def record(found: Verification) -> dict[str, Any]:
    """The verification as JSON-ready data; keys are never missing, and never removed within a schema number."""
    return {
        "schema": SCHEMA,
        "verdict": found.verdict.value,
        "engine": found.engine,
        "original": _build(found.original),
        "converted": None if found.converted is None else _build(found.converted),
        "saved": savings(found),
        "trouble": found.trouble or None,
        "differences": [
            {
                "level": item.level.value,
                "severity": item.severity.value,
                "code": item.code,
                "subject": item.subject,
                "message": item.message,
                "help": "\n".join(item.help),
            }
            for item in found.differences
        ],
        "seconds": found.seconds,
        "left": list(found.left),
    }


def _build(build: Build) -> dict[str, Any]:
    step = build.failure
    failure = None if step is None else {
        "instruction": step.instruction or None, "reason": step.reason, "output": list(step.output),
    }  # fmt: skip
    return {
        "built": step is None,
        "size": build.size if step is None else None,
        "layers": build.layers if step is None else None,
        "seconds": build.seconds,
        "log": build.log,
        "failure": failure,
    }
