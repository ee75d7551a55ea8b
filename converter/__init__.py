"""`multistage` as a library: the public names, imported only when they are used.

`converter.convert` is the function although a module of that name lies in this package: importing a
submodule puts it into its package as an attribute, and `_Package` keeps public names out of its reach.
"""

from __future__ import annotations

import sys
from types import ModuleType

__version__ = "0.1.0"

_PUBLIC = {
    "Converted": "outcome",
    "Diagnostic": "diagnostics",
    "DirectoryContext": "directory_context",
    "Failed": "outcome",
    "Invalid": "outcome",
    "Observed": "observed",
    "Options": "options",
    "Outcome": "outcome",
    "Plan": "plan.model",
    "Refused": "outcome",
    "Severity": "diagnostics",
    "Unchanged": "outcome",
    "convert": "convert",
}

__all__ = [
    "Converted",
    "Diagnostic",
    "DirectoryContext",
    "Failed",
    "Invalid",
    "Observed",
    "Options",
    "Outcome",
    "Plan",
    "Refused",
    "Severity",
    "Unchanged",
    "__version__",
    "convert",
]

TYPE_CHECKING = False  # as typing has it; importing typing would be half of what `--version` costs
if TYPE_CHECKING:
    from converter.convert import convert
    from converter.diagnostics import Diagnostic, Severity
    from converter.directory_context import DirectoryContext
    from converter.observed import Observed
    from converter.options import Options
    from converter.outcome import Converted, Failed, Invalid, Outcome, Refused, Unchanged
    from converter.plan.model import Plan


class _Package(ModuleType):
    """The package as a module whose public names no submodule can take."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (isinstance(value, ModuleType) and name in _PUBLIC):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_PUBLIC})


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value


sys.modules[__name__].__class__ = _Package
