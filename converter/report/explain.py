"""The explanation of one file: each step with its verdict and why, each copied path with what needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.report.lines import Line, line
from converter.report.result import Result
from converter.report.text import finding_lines, size, step_lines, summary_lines

if TYPE_CHECKING:
    from converter.plan.model import Plan


def explanation_lines(result: Result) -> tuple[Line, ...]:
    """Everything that was decided and why; the findings alone where the analysis did not come so far."""
    findings = tuple(row for finding in result.findings for row in finding_lines(result.source, finding))
    plan = result.plan
    if plan is None:
        return findings + summary_lines(result)
    head = line((f"{result.source.name}: ", "place"), f"{result.kind}: {result.message}")
    sections = (
        (head,),
        _bases(plan),
        _section("Steps", step_lines(result)),
        _section("Copied from the builder", _copies(plan)),
        _section("Packages", _packages(plan)),
        _section("Findings", findings),
    )
    filled = [section for section in sections if section]
    return tuple(
        row for at, section in enumerate(filled) for row in ((line(), *section) if at > 1 else section)
    )


def _section(title: str, rows: tuple[Line, ...]) -> tuple[Line, ...]:
    return (line((title, "title")), *rows) if rows else ()


def _bases(plan: Plan) -> tuple[Line, ...]:
    rows = [("builder", plan.builder_base), ("final", plan.final_base)]
    if plan.estimate is not None:
        rows.append(("saves", f"about {size(plan.estimate.removed_bytes)} ({plan.estimate.source})"))
    return tuple(line((f"  {label:<8}", "quiet"), value) for label, value in rows if value)


def _copies(plan: Plan) -> tuple[Line, ...]:
    rows: list[Line] = []
    for copy in plan.copies:
        moved = "" if copy.source == copy.destination else f" to {copy.destination}"
        owner = f", owned by {copy.chown}" if copy.chown else ""
        rows.append(line(f"  {copy.source}{moved}{owner}"))
        rows.append(line(("    because ", "quiet"), f"{copy.reason} ({copy.basis})"))
        rows += [line(("    needed by ", "quiet"), chain) for chain in copy.needed_by]
    return tuple(rows)


def _packages(plan: Plan) -> tuple[Line, ...]:
    packages = plan.packages
    lists = (("builder", packages.build), ("final", packages.final), ("added", packages.added))
    rows = [line((f"  {label:<8}", "quiet"), ", ".join(names)) for label, names in lists if names]
    if packages.discovered_at_build:
        rows.append(
            line(("  and     ", "quiet"), "the run-time libraries that the builder lists while it builds")
        )
    return tuple(rows)
