"""`apt-get autoremove` leaves a final stage in which there is nothing for it to do.

It follows a removal, or an install, of the builder's packages. Where nothing of the kind is left, the base alone
could have a package that nothing needs: its makers swept it themselves, and one that stays harms nobody.
"""

from __future__ import annotations

from converter.effects.model import PackageAction
from converter.graph.model import Step
from converter.plan.evidence.removal import GONE
from converter.plan.marks import Marks
from converter.plan.steps.cleaning import only_cleans

LOOSENING = (*GONE, PackageAction.UPGRADE, PackageAction.MARK_AUTO)
"""What may leave packages behind that nothing needs any more."""


def drop_idle_sweeps(marks: Marks) -> None:
    """Drop the sweeps that have nothing to do in the final stage, now that all packages have their places."""
    loose = False  # whether there may be packages that nothing needs
    recommended = False  # whether packages came along that an option of a sweep may give up
    left = False
    for step in marks.steps:
        actions = {change.action for change in step.effects.packages}
        if step.index not in marks.final:
            left = left or bool(actions.intersection(GONE))
        elif _sweeps(step):
            waits = loose or (recommended and "RecommendsImportant" in _words(step))
            if not waits and (left or _is_remainder(marks, step)):
                _drop(marks, step, "removes what no package of the final stage leaves behind")
            loose = False
        else:
            loose = loose or bool(actions.intersection(LOOSENING) or step.effects.opaque)
            installs = PackageAction.INSTALL in actions
            recommended = recommended or (installs and "--no-install-recommends" not in _words(step))


def _drop(marks: Marks, step: Step, reason: str) -> None:
    """Leave a step out of the final stage; a check of the builder may need it there."""
    if step.index in marks.builder:
        marks.to_builder(step.index, reason)
    else:
        marks.drop(step.index, reason)


def _sweeps(step: Step) -> bool:
    """Whether all that a step does is to remove what nothing needs: it names no packages."""
    changes = step.effects.packages
    sweeping = (*GONE, PackageAction.AUTOREMOVE)
    return (
        bool(changes)
        and not step.effects.deletes
        and all(
            c.manager == "apt" and c.action in sweeping and c.autoremove and not c.names and c.complete
            for c in changes
        )
    )


def _words(step: Step) -> str:
    return " ".join(word for call in step.invocations for word in call.arguments)


def _is_remainder(marks: Marks, step: Step) -> bool:
    """Whether sweeping and cleaning is all that the final stage has of a RUN which did more."""
    mates = [s for s in marks.steps if s.ordinal == step.ordinal and not s.state_only]
    here = [s.index in marks.final for s in mates]
    return not all(here) and all(
        _sweeps(s) or only_cleans(s) for s, stays in zip(mates, here, strict=True) if stays
    )
