"""The outcome of one conversion: a closed union of frozen, picklable, comparable values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from converter.diagnostics import Diagnostic

if TYPE_CHECKING:
    from converter.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Converted:
    """A conversion that passed the self-check; `dockerfile` is the new text, `plan` why it looks so."""

    dockerfile: str
    plan: Plan
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing to gain, or already multi-stage; `plan` is there where the file was analysed."""

    reason: Diagnostic
    plan: Plan | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A conversion could break the image; the reason tells how to make the file convertible."""

    reason: Diagnostic
    plan: Plan | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Invalid:
    """Not a Dockerfile that BuildKit accepts."""

    reason: Diagnostic
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """A bug of this program, or a file that cannot be read."""

    reason: Diagnostic
    diagnostics: tuple[Diagnostic, ...] = ()


Outcome: TypeAlias = "Converted | Unchanged | Refused | Invalid | Failed"
