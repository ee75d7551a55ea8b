"""Compilers that leave, and that apt would bring back because a package that stays recommends them.

apt reads `r-base-dev-` in a list as "not this one"; everything else comes as the author's line brings it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from converter.graph.model import Analysis, Step
from converter.knowledge.installed_sizes import installed
from converter.knowledge.packages import programs, recommended_compilers

COMPILERS = frozenset({"gcc", "g++", "gfortran"})
_SETTING = "APT::Install-Recommends"


def takes_recommended(step: Step) -> bool:
    """Whether an install brings what its packages recommend."""
    words = (word for invocation in step.invocations for word in invocation.arguments)
    return not any("no-install-recommends" in word or "Install-Recommends" in word for word in words)


def kept_out(
    analysis: Analysis, installs: Mapping[int, tuple[str, ...]], leaving: Iterable[str]
) -> Mapping[int, tuple[str, ...]]:
    """By install of apt in the final stage: what it must not bring along; `leaving` are names of the builder alone.

    Only the first install that brings a package looks at what that recommends. What another package cannot be without
    is not kept out: apt would refuse the install.
    """
    left = frozenset(leaving)
    if _SETTING in analysis.dockerfile.source.text:
        return {}
    compilers = any(COMPILERS.intersection(programs("apt", name)) for name in left)
    found: dict[int, tuple[str, ...]] = {}
    staying = [name for names in installs.values() for name in names]
    settled = {*staying, *installed(staying, frozenset())}
    for index in sorted(installs):
        wanted = dict.fromkeys(
            name for package in installs[index] for name in recommended_compilers("apt", package)
        )
        if takes_recommended(analysis.steps[index]):
            found[index] = tuple(n for n in wanted if n not in settled and (n in left or compilers))
        settled |= {*wanted}
    return found
