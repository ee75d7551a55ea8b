"""How much smaller the image becomes, from installed sizes of packages and base images; nothing is built.

Rather too low than too high: what the build itself leaves (sources, objects, caches) and recommended packages are not
counted. What is copied from the builder is in both images.
"""

from __future__ import annotations

from collections.abc import Iterator

from converter.effects.model import PackageAction
from converter.graph.model import Analysis
from converter.knowledge.images import BaseImage, base_image
from converter.knowledge.installed_sizes import (
    PACKAGED,
    RELEASE,
    Holding,
    distribution,
    holding,
    installed,
    is_leaner,
    is_sized,
    libraries,
)
from converter.knowledge.package_kinds import FAMILIES
from converter.plan.evidence.removal import removed_later
from converter.plan.model import Estimate
from converter.plan.split import Packages


def estimate_of(analysis: Analysis, packages: Packages, builder: str, final: str) -> Estimate | None:
    """The bytes that leave with `final` instead of `builder` and what stays of the packages; None if not known."""
    before, after = _holdings(base_image(builder), base_image(final))
    if before is None or after is None:
        return None
    kept, named = _names(packages), tuple(dict.fromkeys(_installed_for_good(analysis)))
    sized = analysis.base.family in PACKAGED
    old = installed((*named, *kept), before.packages) if sized else {}
    new = installed(kept, after.packages) if sized else {}
    kilobytes = before.kilobytes + sum(old.values()) - after.kilobytes - sum(new.values())
    leaner = is_leaner(analysis.base.suite)
    megabytes = (kilobytes * 2 // 3 if leaner else kilobytes) // 1000
    if megabytes <= 0:
        return None
    leaving = (before.packages | old.keys()) - after.packages - new.keys()
    source = _source(len(leaving), before is not after)
    if leaner:
        source += f", less a third for {analysis.base.suite}"
    unknown = [name for name in named if not (sized and is_sized(name))]
    if unknown:
        source += f"; {len(unknown)} of {len(named)} named packages not known"
    return Estimate(megabytes * 1_000_000, source)


def _holdings(builder: BaseImage, final: BaseImage) -> tuple[Holding | None, Holding | None]:
    """What both bases hold; the same image need not be known, if its distribution is."""
    before = holding(builder)
    if builder.reference != final.reference:
        return before, holding(final)
    if before is None and builder.is_known:
        before = distribution(builder)
    return before, before


def _installed_for_good(analysis: Analysis) -> Iterator[str]:
    """The names that installs leave in the image: only a removal in the same RUN makes it smaller."""
    for step in analysis.steps:
        for change in step.effects.packages:
            if change.action is PackageAction.INSTALL and change.manager in FAMILIES:
                for package in change.names:
                    if removed_later(analysis, step, change, package.name, same_layer=True) is None:
                        yield package.name


def _names(packages: Packages) -> tuple[str, ...]:
    """The names that the final stage installs; what the builder lists is at most all that -dev packages brought."""
    if not packages.discovered:
        return packages.final
    listed = (library for name in packages.leaving if name.endswith("-dev") for library in libraries(name))
    return (*packages.final, *listed)


def _source(leaving: int, other_base: bool) -> str:
    """Where the figure comes from, as users read it behind `saves`."""
    parts = []
    if leaving:
        parts.append(f"installed sizes of {leaving} package{'s' * (leaving > 1)} in {RELEASE}")
    if other_base:
        parts.append("usual sizes of both base images")
    return " and ".join(parts)
