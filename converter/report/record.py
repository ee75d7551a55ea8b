"""One result as plain data: the object behind `--format json` and each line of a batch report.

Keys are never missing and never removed within a schema number; a new key is no new schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from converter.diagnostics import Diagnostic
from converter.outcome import Converted
from converter.report.result import Result

if TYPE_CHECKING:
    from converter.plan.model import CopyReport, Estimate, PackageReport, StepReport
    from converter.verify.proof import Proof

SCHEMA = 1


def record(result: Result) -> dict[str, Any]:
    """The result as JSON-ready data."""
    outcome, plan, reason = result.outcome, result.plan, result.reason
    return {
        "schema": SCHEMA,
        "file": result.source.name,
        "outcome": result.kind,
        "code": None if reason is None else reason.code,
        "message": result.message,
        "dockerfile": outcome.dockerfile if isinstance(outcome, Converted) else None,
        "builder_base": None if plan is None else plan.builder_base,
        "final_base": None if plan is None else plan.final_base,
        "copies": [] if plan is None else [_copy(copy) for copy in plan.copies],
        "packages": _packages(None if plan is None else plan.packages),
        "steps": [] if plan is None else [_step(step) for step in plan.steps],
        "diagnostics": [_diagnostic(finding) for finding in result.findings],
        "estimate": None if plan is None else _estimate(plan.estimate),
        "build": None if result.proof is None else _proof(result.proof),
    }


def _copy(copy: CopyReport) -> dict[str, Any]:
    return {
        "source": copy.source,
        "destination": copy.destination,
        "chown": copy.chown,
        "needed_by": list(copy.needed_by),
        "reason": copy.reason,
        "basis": copy.basis,
    }


def _packages(packages: PackageReport | None) -> dict[str, Any]:
    return {
        "build": [] if packages is None else list(packages.build),
        "final": [] if packages is None else list(packages.final),
        "added": [] if packages is None else list(packages.added),
        "discovered_at_build": packages is not None and packages.discovered_at_build,
    }


def _step(step: StepReport) -> dict[str, Any]:
    return {
        "line": step.line,
        "end_line": step.end_line,
        "command": step.command,
        "verdict": step.verdict.value,
        "code": step.code,
        "reason": step.reason,
        "basis": step.basis,
    }


def _diagnostic(finding: Diagnostic) -> dict[str, Any]:
    data = asdict(finding)
    data["severity"] = finding.severity.value
    data["help"] = "\n".join(finding.help)
    return data


def _estimate(estimate: Estimate | None) -> dict[str, Any] | None:
    return None if estimate is None else {"removed_bytes": estimate.removed_bytes, "from": estimate.source}


def _proof(proof: Proof) -> dict[str, Any]:
    """What was learned from the original's layers, and each conversion that was built."""
    from converter.report.verification import record as verification

    return {
        "learned": [{"line": one.line, "writes": list(one.writes)} for one in proof.learned],
        "rounds": [
            {
                "added": list(each.added),
                "final_base": each.final_base,
                "verification": verification(each.verification),
            }
            for each in proof.rounds
        ],
    }
