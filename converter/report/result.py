"""What every renderer gets: the source text, with its name, and what the conversion came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from msgspec import Struct

from converter.diagnostics import Diagnostic
from converter.outcome import Converted, Failed, Invalid, Outcome, Refused, Unchanged
from converter.span import SourceText

if TYPE_CHECKING:
    from converter.plan.model import Plan
    from converter.verify.proof import Proof


class Result(Struct, frozen=True):
    """One file's outcome; `source` is empty text where the file could not be read.

    `proof` is what building came to, None where nothing was built.
    """

    source: SourceText
    outcome: Outcome
    proof: Proof | None = None

    @property
    def kind(self) -> str:
        """The outcome's name in reports."""
        return kind(self.outcome)

    @property
    def reason(self) -> Diagnostic | None:
        """Why there is no conversion, or None where there is one."""
        return None if isinstance(self.outcome, Converted) else self.outcome.reason

    @property
    def plan(self) -> Plan | None:
        """What was decided, where the analysis came so far."""
        return None if isinstance(self.outcome, Invalid | Failed) else self.outcome.plan

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """All diagnostics, the reason first, each once."""
        reason = () if self.reason is None else (self.reason,)
        return tuple(dict.fromkeys((*reason, *self.outcome.diagnostics)))

    @property
    def message(self) -> str:
        """The outcome in one line."""
        if self.reason is not None:
            return self.reason.message
        if self.plan is None:
            return "split into a builder stage and a final stage"
        bases = self.plan.builder_base, self.plan.final_base
        return "split into a builder stage on {} and a final stage on {}".format(*bases)


def kind(outcome: Outcome) -> str:
    """The name of an outcome in reports."""
    match outcome:
        case Converted():
            return "converted"
        case Unchanged():
            return "unchanged"
        case Refused():
            return "refused"
        case Invalid():
            return "invalid"
        case Failed():
            return "failed"
        case _:
            assert_never(outcome)
