"""Positional parameters: `$1`, `$@`, `$#` of scripts, functions and `set --`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from converter.effects.model import ShellState
from converter.shell.model import Script, Simple

_POSITIONAL = frozenset("@*#0123456789")


def with_parameters(state: ShellState, values: Sequence[str], name: str | None = None) -> ShellState:
    """The state with these parameters; `name` becomes `$0`."""
    kept = {key: value for key, value in state.variables.items() if key[:1] not in _POSITIONAL or key == "0"}
    kept.update({str(index): value for index, value in enumerate(values, 1)})
    kept.update({"@": " ".join(values), "*": " ".join(values), "#": str(len(values))})
    if name is not None:
        kept["0"] = name
    return replace(state, variables=kept)


def parameters(variables: Mapping[str, str]) -> list[str]:
    """The parameters `$1`, `$2`… in order."""
    values: list[str] = []
    while (value := variables.get(str(len(values) + 1))) is not None:
        values.append(value)
    return values


def restored(after: ShellState, before: ShellState) -> ShellState:
    """The state after a function, with the parameters of its caller."""
    variables = {name: value for name, value in after.variables.items() if name[:1] not in _POSITIONAL}
    variables.update({n: v for n, v in before.variables.items() if n[:1] in _POSITIONAL})
    return replace(after, variables=variables)


def nothing_left(condition: Script, state: ShellState) -> bool:
    """Whether a loop's `[ $# -gt 0 ]` has no parameter to work on: its function was called with none."""
    command = condition.items[0].command
    if state.variables.get("#") != "0" or len(condition.items) > 1 or not isinstance(command, Simple):
        return False
    words = [word.text.strip('"') for word in command.words]
    return words in (["[", "$#", "-gt", "0", "]"], ["[", "$#", "-ne", "0", "]"])
