"""The text report: findings with their source line and a caret, then the summary of one file."""

from __future__ import annotations

from converter.diagnostics import Diagnostic, Severity
from converter.outcome import Converted, Failed
from converter.report.lines import Line, line
from converter.report.result import Result
from converter.span import SourceText

QUIET, NORMAL, VERBOSE = -1, 0, 1

TAB = "    "


def report_lines(result: Result, verbosity: int = NORMAL) -> tuple[Line, ...]:
    """The whole report: quiet, only what stops a conversion; verbose, the verdict of each step too."""
    stops = result.reason is not None and result.kind != "unchanged"
    if verbosity <= QUIET:
        return finding_lines(result.source, result.reason) if stops and result.reason else ()
    findings = tuple(parts for finding in result.findings for parts in finding_lines(result.source, finding))
    return findings + summary_lines(result) + (step_lines(result) if verbosity >= VERBOSE else ())


def finding_lines(source: SourceText, finding: Diagnostic) -> tuple[Line, ...]:
    """A finding as `file:line:column: severity CODE: message`, its source line, carets, `help:` lines."""
    place = source.name
    if finding.line is not None:
        place += f":{finding.line}" + (f":{finding.column}" if finding.column is not None else "")
    head = line(
        (f"{place}: ", "place"),
        (finding.severity.value, finding.severity.value),
        f" {finding.code}: {finding.message}",
    )
    helps = tuple(line("  ", ("help: ", "help"), text) for text in finding.help)
    return (head, *_excerpt(source, finding), *helps)


def _excerpt(source: SourceText, finding: Diagnostic) -> tuple[Line, ...]:
    if finding.line is None or not 1 <= finding.line <= len(source.line_starts) or not source.text:
        return ()
    content = source.line_text(finding.line)
    number = f"{finding.line:>5}"
    shown = line((f"{number} | ", "gutter"), content.replace("\t", TAB))
    if finding.column is None:
        return (shown,)
    start = finding.column - 1
    ends_here = finding.end_line in (None, finding.line) and finding.end_column is not None
    end = finding.end_column - 1 if ends_here and finding.end_column else len(content.rstrip())
    return shown, line((" " * len(number) + " | ", "gutter"), *_caret(content, start, end))


def _caret(content: str, start: int, end: int) -> tuple[str | tuple[str, str], ...]:
    """The caret's line: as many columns as the printed text takes, whatever was written out in it."""

    def width(text: str) -> int:
        return sum(len(piece) for piece, _ in line(text.replace("\t", TAB)))

    return " " * width(content[:start]), ("^" * max(1, width(content[start:end])), "caret")


def summary_lines(result: Result) -> tuple[Line, ...]:
    """The outcome and, for a conversion, what it consists of."""
    outcome, plan = result.outcome, result.plan
    name: tuple[str, str] = (f"{result.source.name}: ", "place")
    if not isinstance(outcome, Converted):
        style = "note" if result.kind == "unchanged" else "error"
        lines: tuple[Line, ...] = (line(name, (result.kind, style)),)
        if (
            isinstance(outcome, Failed)
            and outcome.reason.severity is Severity.ERROR
            and outcome.reason.code.startswith("MS6")
        ):
            lines += (
                line("  This is a fault of multistage. Please report it, with the Dockerfile if you can."),
            )
        return lines
    lines = (line(name, ("converted", "good")),)
    if plan is None:
        return lines
    rows = [("builder", plan.builder_base), ("final", plan.final_base)]
    rows += [
        ("copied", copy.source if copy.source == copy.destination else f"{copy.source} to {copy.destination}")
        for copy in plan.copies
    ]
    leaves = [name for name in plan.packages.build if name not in plan.packages.final]
    if leaves:
        rows.append(("left out", ", ".join(leaves)))
    if plan.packages.added:
        rows.append(("added", ", ".join(plan.packages.added)))
    if plan.packages.discovered_at_build:
        rows.append(("libraries", "listed by the builder while it builds"))
    if plan.estimate is not None:
        rows.append(("saves", f"about {size(plan.estimate.removed_bytes)} ({plan.estimate.source})"))
    return lines + tuple(line((f"  {label:<10}", "quiet"), value) for label, value in rows)


def step_lines(result: Result) -> tuple[Line, ...]:
    """Each step with its line, its verdict and why."""
    if result.plan is None:
        return ()
    lines: list[Line] = []
    for step in result.plan.steps:
        first = step.command.split("\n", 1)[0]
        shown = first if len(first) <= 90 else first[:87] + "..."
        lines.append(
            line((f"{step.line:>5} | ", "gutter"), (f"{step.verdict.value:<8}", step.verdict.value), shown)
        )
        lines.append(
            line(("      | ", "gutter"), " " * 8, (f"{step.code}: {step.reason} ({step.basis})", "quiet"))
        )
    return tuple(lines)


def size(count: int) -> str:
    """Bytes for people, in powers of 1000 as registries show them."""
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
