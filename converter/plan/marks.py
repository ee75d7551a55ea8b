"""Where steps are while the rules of placement run, and why."""

from __future__ import annotations

from msgspec import Struct, field

from converter.dockerfile.model import (
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    Healthcheck,
    Label,
    Maintainer,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
)
from converter.effects.model import Basis, Phase
from converter.graph.model import Step
from converter.plan.split import Placement

CONFIGURATION = (Cmd, Entrypoint, Expose, Healthcheck, Label, Maintainer, Stopsignal, Volume)
AMBIENT = (Arg, Env, Shell, User, Workdir)


_CODES = {(True, True): "MS522", (True, False): "MS520", (False, True): "MS521", (False, False): "MS523"}


class Marks(Struct, dict=True):
    """Where steps are while the rules run: indices of the steps in the builder and in the final stage, and why."""

    steps: tuple[Step, ...]
    builder: set[int] = field(default_factory=set)
    final: set[int] = field(default_factory=set)
    reasons: dict[int, tuple[str, str, Basis]] = field(default_factory=dict)

    def to_builder(self, index: int, reason: str, basis: Basis = Basis.CONVENTION) -> bool:
        """Move a step to the builder alone; true if that is new."""
        if self.steps[index].pragmas.keep or (index in self.builder and index not in self.final):
            return False
        self.builder.add(index)
        self.final.discard(index)
        self.reasons[index] = (reason, "MS520", basis)
        return True

    def to_final(self, index: int) -> None:
        """Take a step back from the builder."""
        self.builder.discard(index)
        self.final.add(index)
        self.reasons.pop(index, None)

    def to_both(self, index: int, reason: str) -> None:
        """Put a step of the final stage into the builder as well."""
        if index not in self.builder:
            self.builder.add(index)
            if index in self.final:
                self.reasons[index] = (reason, "MS522", Basis.CONVENTION)
            else:
                self.reasons[index] = (reason, "MS520", Basis.CONVENTION)

    def drop(self, index: int, reason: str) -> None:
        """Leave a step out of both stages."""
        if not self.steps[index].pragmas.keep:
            self.builder.discard(index)
            self.final.discard(index)
            self.reasons[index] = (reason, "MS523", Basis.PROVEN)

    def put(self, index: int, builder: bool, final: bool, reason: str) -> None:
        """Say where a step is, whatever was said before."""
        self.builder.discard(index)
        self.final.discard(index)
        if builder:
            self.builder.add(index)
        if final:
            self.final.add(index)
        self.reasons[index] = (reason, _CODES[builder, final], Basis.PROVEN)

    def placement(self, index: int) -> Placement:
        """The verdict of a step."""
        reason, code, basis = self.reasons.get(index) or _kept(self.steps[index])
        return Placement(index in self.builder, index in self.final, reason, code, basis)


def _kept(step: Step) -> tuple[str, str, Basis]:
    """Why a step stays in the final stage where no other rule says more."""
    if isinstance(step.instruction, CONFIGURATION):
        return "run-time configuration of the image", "MS521", Basis.PROVEN
    if isinstance(step.instruction, (Copy, Add)):
        return "the running container may read what it brings", "MS521", Basis.CONVENTION
    if step.effects.opaque:
        return f"kept where it stands: {step.effects.opaque}", "MS524", Basis.UNKNOWN
    if step.phase is Phase.RUNTIME:
        return "system state, which cannot be copied", "MS521", Basis.CONVENTION
    return "the running container may use what it does", "MS521", Basis.CONVENTION
