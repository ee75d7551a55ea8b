"""The outcome of one conversion: a closed union of frozen, picklable, comparable values."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from converter.diagnostics import Diagnostic

if TYPE_CHECKING:
    from converter.plan.model import Plan


class Converted(Struct, frozen=True):
    """A conversion that passed the self-check; `dockerfile` is the new text, `plan` why it looks so."""

    dockerfile: str
    plan: Plan
    diagnostics: tuple[Diagnostic, ...] = ()


class Unchanged(Struct, frozen=True):
    """Nothing to gain, or already multi-stage; `plan` is there where the file was analysed."""

    reason: Diagnostic
    plan: Plan | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


class Refused(Struct, frozen=True):
    """A conversion could break the image; the reason tells how to make the file convertible."""

    reason: Diagnostic
    plan: Plan | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


class Invalid(Struct, frozen=True):
    """Not a Dockerfile that BuildKit accepts."""

    reason: Diagnostic
    diagnostics: tuple[Diagnostic, ...] = ()


class Failed(Struct, frozen=True):
    """A bug of this program, or a file that cannot be read."""

    reason: Diagnostic
    diagnostics: tuple[Diagnostic, ...] = ()


Outcome: TypeAlias = "Converted | Unchanged | Refused | Invalid | Failed"
