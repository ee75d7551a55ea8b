"""Programs, libraries and certificates of the final stage that only packages which leave brought along.

apt installs recommended packages too: `gpg` is there for `apt-key` because pip recommends a compiler.
"""

from __future__ import annotations

from converter.effects.model import PackageAction
from converter.graph.model import Analysis, Step
from converter.knowledge.image_contents import has_command, install_for
from converter.knowledge.images import BaseImage
from converter.knowledge.installed_sizes import PACKAGED, installed, is_leaner
from converter.knowledge.packages import programs
from converter.knowledge.programs import is_shell
from converter.plan.evidence.provenance import is_packaged
from converter.plan.marks import Marks
from converter.plan.packages.certificates import came_with_tools
from converter.plan.packages.openmp import came_with_compiler
from converter.plan.split import Addition, Packages


def came_along(
    analysis: Analysis, marks: Marks, packages: Packages, final: BaseImage, listed: bool
) -> tuple[Addition, ...]:
    """The packages to add; `listed`: the builder lists what copied programs load."""
    found = _programs(analysis, marks, packages, final)
    found += tuple(map(Addition, came_with_tools(analysis, marks, packages, final)))
    if listed or packages.discovered:
        return found
    return (*found, *map(Addition, came_with_compiler(analysis, marks, packages, final)))


def _programs(analysis: Analysis, marks: Marks, packages: Packages, final: BaseImage) -> tuple[Addition, ...]:
    """Packages of programs that steps of the final stage run; none for old releases, which have more of their own."""
    if not packages.leaving or final.family not in PACKAGED or is_leaner(final.suite):
        return ()
    staying = installed(packages.final, frozenset())
    there = {program for name in staying for program in programs("apt", name)}
    there |= _used_before_installs(analysis)
    steps = [s for s in analysis.steps if s.index in marks.final and _runs_plainly(analysis, s)]
    first = {tool: step.index for step in reversed(steps) for tool in step.effects.tools}
    missing = [
        t for t in sorted({*first} - there) if has_command(final, t) is False and not is_packaged(analysis, t)
    ]
    found = [(install_for(tool, final.family), first[tool]) for tool in missing]
    return tuple(Addition(name, at) for name, at in found if name is not None and name not in staying)


def _runs_plainly(analysis: Analysis, step: Step) -> bool:
    """Whether a step installs nothing that it needs by itself, and runs nothing whose package depends on that."""
    if not step.is_run or step.effects.packages:
        return False
    names = {i.name for i in step.invocations}
    return not any(map(is_shell, names)) and any(not is_packaged(analysis, name) for name in names)


def _used_before_installs(analysis: Analysis) -> set[str]:
    """Programs that steps run before anything is installed: the base has them."""
    found: set[str] = set()
    for step in analysis.steps:
        if any(c.action is PackageAction.INSTALL for c in step.effects.packages):
            break
        found |= {*step.effects.tools}
    return found
