"""What one evaluation collects: the effects and commands of one member of a RUN, in order."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field
from msgspec.structs import replace

from converter.effects.call import RunScript
from converter.effects.facts import Facts
from converter.effects.model import Effects, Invocation, Phase, ShellState
from converter.span import Span

MAX_DEPTH = 8
"""How deep scripts, functions and wrappers are followed."""


class Session(Struct):
    """An accumulator that lives as long as the evaluation of one member.

    `span` is set inside nested text (`sh -c "…"`, scripts of the context), where every command counts as
    standing at that place of the Dockerfile. `rounds` is how many rounds the loops around have, all in all.
    """

    facts: Facts
    run_script: Callable[[Session, RunScript, ShellState], ShellState]
    dialect: str = "sh"
    span: Span | None = None
    depth: int = 0
    rounds: int = 1
    effects: list[Effects] = field(default_factory=list)
    invocations: list[Invocation] = field(default_factory=list)

    def add(self, effects: Effects) -> None:
        """Collects effects that are not nothing."""
        self.effects.append(effects)

    def opaque(self, reason: str) -> None:
        """Collects the statement that something unknown happens."""
        self.effects.append(Effects(phase=Phase.OPAQUE, opaque=reason))

    def only_asked(self, since: int) -> None:
        """Of what was collected since, commands that nobody knows were asked for their text, and change nothing."""
        self.effects[since:] = [
            replace(each, phase=Phase.NONE, opaque=None) if each.opaque and each.tools else each
            for each in self.effects[since:]
        ]
