"""Programs that the final stage will not have, as far as it is known before any step is placed."""

from __future__ import annotations

from collections.abc import Iterator

from converter.effects.model import PackageAction, Phase
from converter.graph.model import Analysis
from converter.knowledge.image_choices import slim_sibling, without_toolchain
from converter.knowledge.images import base_image, loses
from converter.knowledge.packages import PackageKind, kind, programs
from converter.knowledge.programs import is_everywhere
from converter.plan.evidence.identity import is_for_build
from converter.plan.evidence.removal import removed_later


def leaving_programs(analysis: Analysis) -> Iterator[str]:
    """Programs that the final stage will not have, as long as nothing that stays runs them."""
    certain = {
        tool
        for step in analysis.steps
        if step.phase in (Phase.RUNTIME, Phase.BOTH) and not is_for_build(analysis, step)
        for tool in step.effects.tools
    }
    used = analysis.runtime.names | analysis.runtime.program_names() | certain
    leaving = (
        (PackageKind.BUILD, PackageKind.VCS)
        if analysis.runtime.opaque
        else (PackageKind.BUILD, PackageKind.VCS, PackageKind.USE)
    )
    for step in analysis.steps:
        for change in step.effects.packages:
            for package in change.names:
                if is_everywhere(package.name):
                    continue
                gone = change.action is PackageAction.INSTALL and removed_later(
                    analysis, step, change, package.name
                )
                if gone is None or gone is False:
                    if kind(change.manager, package.name) not in leaving:
                        continue
                yield from (p for p in programs(change.manager, package.name) if gone or p not in used)
    narrower = slim_sibling(analysis.base)
    choice = without_toolchain(analysis.base) if narrower is None else None
    other = narrower or (choice.final if choice is not None else None)
    if other is not None and not analysis.runtime.opaque:
        for program in loses(analysis.base, base_image(other)):
            if program not in used:
                yield program
