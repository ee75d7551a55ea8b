"""What `apk del` of the final stage names must be there: it fails on a package or group that is not."""

from __future__ import annotations

from msgspec.structs import replace

from converter.effects.model import PackageAction, PackageChange, PackageName
from converter.graph.model import Analysis, Step
from converter.plan.marks import Marks
from converter.plan.package_lists import Operand, list_edits
from converter.plan.removal import GONE
from converter.plan.split import Edit, Packages
from converter.shell.model import Simple


def without_missing(analysis: Analysis, marks: Marks, packages: Packages) -> Packages:
    """Packages whose edits take out of each `apk del` what the final stage never installed.

    A removal of which nothing is left is dropped. What no step of the file installs, the base has.
    """
    edits = dict(packages.edits)
    ever = {name for step in analysis.steps for change in _installs(step) for name in _brought(change, ())}
    present: set[str] = set()
    for step in analysis.steps:
        if step.index not in marks.final or not step.is_run:
            continue
        for change in _installs(step):
            present |= _brought(change, edits.get(step.index, ()))
        for change in step.effects.packages:
            if change.manager != "apk" or change.action not in GONE:
                continue
            missing = [p for p in change.names if p.name in ever and p.name not in present]
            left = len(missing) < len(change.names) or not change.complete
            if missing and left:
                operands = [Operand(p, p not in missing) for p in change.names]
                found = list_edits(analysis.dockerfile.source.text, operands, ())
                edits[step.index] = (*edits.get(step.index, ()), *found)
            elif missing and len(step.members) == 1 and isinstance(step.members[0].command, Simple):
                marks.drop(step.index, "removes what the final stage never has")
            present -= {p.name for p in change.names}
    return replace(packages, edits=edits)


def _installs(step: Step) -> list[PackageChange]:
    changes = step.effects.packages
    return [c for c in changes if c.manager == "apk" and c.action is PackageAction.INSTALL]


def _brought(change: PackageChange, edits: tuple[Edit, ...]) -> set[str]:
    """The packages that an install with these edits brings, and its group."""
    kept = {p.name for p in change.names if not any(_takes(edit, p) for edit in edits)}
    return kept | {change.group} if change.group else kept


def _takes(edit: Edit, package: PackageName) -> bool:
    return package.span in edit.span and package.name not in edit.text.split()
