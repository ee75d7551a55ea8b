"""What annotating formats show of a result: its findings, and for a conversion that there is one."""

from __future__ import annotations

from converter.diagnostics import Diagnostic, Severity
from converter.outcome import Converted
from converter.report.result import Result

AVAILABLE = "MS600"


def shown_findings(result: Result) -> tuple[Diagnostic, ...]:
    """The findings; a conversion comes first, as a finding at the file's first line."""
    if not isinstance(result.outcome, Converted):
        return result.findings
    help = ("run: multistage convert --write " + result.source.name,)
    available = Diagnostic(AVAILABLE, Severity.NOTE, "can be " + result.message, help, line=1)
    return (available, *result.findings)
