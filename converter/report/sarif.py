"""The `sarif` format: SARIF 2.1.0 for code scanning; a conversion comes as a fix of the whole file."""

from __future__ import annotations

import json
import urllib.parse
from typing import Any

from converter import __version__
from converter.catalogue import entry
from converter.diagnostics import Diagnostic, Severity
from converter.outcome import Converted
from converter.report.findings import AVAILABLE, shown_findings
from converter.report.result import Result

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render(results: tuple[Result, ...]) -> str:
    """One run with all results, without a line end."""
    found = [(result, finding) for result in results for finding in shown_findings(result)]
    codes = sorted({finding.code for _, finding in found})
    driver = {
        "name": "multistage",
        "version": __version__,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, finding, codes.index(finding.code)) for result, finding in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": VERSION, "runs": [run]}, indent=2)


def _rule(code: str) -> dict[str, Any]:
    item = entry(code)
    if item is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": item.title},
        "fullDescription": {"text": item.explanation},
        "help": {"text": item.remedy},
        "defaultConfiguration": {"level": _LEVELS[item.severity]},
    }


def _result(result: Result, finding: Diagnostic, index: int) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(result.source.name)}}
    if finding.line is not None:
        location["region"] = _region(finding)
    data = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join((finding.message, *finding.help))},
        "locations": [{"physicalLocation": location}],
    }
    if finding.code == AVAILABLE and isinstance(result.outcome, Converted):
        data["fixes"] = [_fix(result, result.outcome.dockerfile)]
    return data


def _region(finding: Diagnostic) -> dict[str, int]:
    places = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    return {name: value for name, value in places.items() if value is not None}


def _fix(result: Result, new: str) -> dict[str, Any]:
    last, column = result.source.position(len(result.source.text))
    whole = {"startLine": 1, "startColumn": 1, "endLine": last, "endColumn": column}
    change = {
        "artifactLocation": {"uri": _uri(result.source.name)},
        "replacements": [{"deletedRegion": whole, "insertedContent": {"text": new}}],
    }
    return {
        "description": {"text": "Split into a builder stage and a final stage"},
        "artifactChanges": [change],
    }


def _uri(name: str) -> str:
    """A relative reference where the path is relative, else a file URI."""
    quoted = urllib.parse.quote(name.encode("utf-8", "surrogateescape"))
    return f"file://{quoted}" if name.startswith("/") else quoted
