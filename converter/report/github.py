"""The `github` format: workflow commands, which GitHub shows as annotations in the changed files."""

from __future__ import annotations

from converter.diagnostics import Diagnostic, Severity
from converter.report.findings import shown_findings
from converter.report.lines import printable
from converter.report.result import Result

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(result: Result) -> str:
    """One command a finding, each on its line."""
    return "".join(_command(result.source.name, finding) + "\n" for finding in shown_findings(result))


def _command(name: str, finding: Diagnostic) -> str:
    properties = {"file": name, "title": f"multistage {finding.code}"}
    if finding.line is not None:
        properties["line"] = str(finding.line)
        if finding.end_line is not None:
            properties["endLine"] = str(finding.end_line)
        if finding.column is not None and finding.end_line in (None, finding.line):
            properties["col"] = str(finding.column)
            if finding.end_column is not None:
                properties["endColumn"] = str(finding.end_column)
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = "\n".join(printable(row) for row in (finding.message, *finding.help))
    return f"::{_LEVELS[finding.severity]} {given}::{_data(message)}"


def _data(text: str) -> str:
    """A message; the escapes are those of GitHub's own toolkit."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
