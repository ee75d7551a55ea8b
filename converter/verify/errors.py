"""What stops a verification: an image or an engine that cannot be used."""

from __future__ import annotations

from converter.diagnostics import Severity, diagnostic
from converter.errors import InputError


class VerifyError(InputError):
    """The verification cannot go on; `diagnostic` has code, message and help."""


def broken_archive(reason: str) -> VerifyError:
    """An image archive that no engine would load; `reason` completes "the image archive is broken: "."""
    help = "Save the image again; if it stays so, the engine or the disk has a problem."
    return VerifyError(
        diagnostic("MS704", Severity.ERROR, f"the image archive is broken: {reason}", help=(help,))
    )
