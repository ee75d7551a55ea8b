"""What a removal of the final stage names must be there.

`apk del` fails on a package or group that is not, and apt on a name that it cannot find without its lists.
"""

from __future__ import annotations

from msgspec.structs import replace

from converter.effects.model import PackageAction, PackageChange, PackageName
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage
from converter.knowledge.installed_sizes import holding, installed
from converter.knowledge.packages import kind
from converter.plan.evidence.outlook import TOOLS
from converter.plan.evidence.removal import GONE
from converter.plan.marks import Marks
from converter.plan.packages.lists import Operand, list_edits
from converter.plan.split import Edit, Packages
from converter.shell.model import Simple

_MANAGERS = ("apk", "apt")


def without_missing(analysis: Analysis, marks: Marks, packages: Packages, final: BaseImage) -> Packages:
    """Packages whose edits take out of each removal what the final stage never installed.

    A removal of which nothing is left is dropped. What no step of the file installs, the base has, unless apt is
    known to have brought it along with a package that leaves.
    """
    edits = dict(packages.edits)
    ever = {name for step in analysis.steps for change in _installs(step) for name in _brought(change, ())}
    along = _brought_besides(analysis, ever, packages, final)
    present = {*packages.added}
    for step in analysis.steps:
        if step.index not in marks.final or not step.is_run:
            continue
        for change in _installs(step):
            present |= _brought(change, edits.get(step.index, ()))
        for change in step.effects.packages:
            if change.manager not in _MANAGERS or change.action not in GONE:
                continue
            absent = (ever if change.manager == "apk" else ever | along) - present
            missing = [p for p in change.names if p.name in absent]
            left = len(missing) < len(change.names) or not change.complete
            if missing and left:
                operands = [Operand(p, p not in missing) for p in change.names]
                found = list_edits(analysis.dockerfile.source.text, operands, ())
                edits[step.index] = (*edits.get(step.index, ()), *found)
            elif missing and len(step.members) == 1 and isinstance(step.members[0].command, Simple):
                marks.drop(step.index, "removes what the final stage never has")
            present -= {p.name for p in change.names}
    return replace(packages, edits=edits)


def _brought_besides(analysis: Analysis, ever: set[str], packages: Packages, final: BaseImage) -> set[str]:
    """What packages that leave bring besides: what they depend on, and the build tools that removals name."""
    held = holding(final)
    if held is None or not packages.leaving:
        return set()
    leaving, staying = ever - {*packages.final}, installed(packages.final, held.packages)
    named = {p.name for s in analysis.removing for c in s.effects.packages for p in c.names}
    tools = {name for name in named if kind("apt", name) in TOOLS}
    return ({*installed(leaving, held.packages)} | tools) - {*staying} - held.packages - ever


def _installs(step: Step) -> list[PackageChange]:
    changes = step.effects.packages
    return [c for c in changes if c.manager in _MANAGERS and c.action is PackageAction.INSTALL]


def _brought(change: PackageChange, edits: tuple[Edit, ...]) -> set[str]:
    """The packages that an install with these edits brings, and its group."""
    kept = {p.name for p in change.names if not any(_takes(edit, p) for edit in edits)}
    return kept | {change.group} if change.group else kept


def _takes(edit: Edit, package: PackageName) -> bool:
    return package.span in edit.span and package.name not in edit.text.split()
