"""Who may look at variables of the environment that the file does not show."""

from __future__ import annotations

from converter.effects.model import Effects, Invocation, Phase
from converter.knowledge.programs import interpreter_of


def may_read_any(effects: Effects, invocations: tuple[Invocation, ...]) -> bool:
    """Whether code of a project runs, which may ask for any variable, or something that nobody knows."""
    if effects.opaque:
        return True
    return effects.phase is not Phase.NONE and any(interpreter_of(i.name) is not None for i in invocations)
