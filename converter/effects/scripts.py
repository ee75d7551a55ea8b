"""Scripts that a command runs and whose text is known: from the context, or written out in the Dockerfile."""

from __future__ import annotations

import posixpath
import re

from converter.effects.arguments import Argument
from converter.effects.call import Rerun, RunScript
from converter.effects.facts import Facts
from converter.effects.memory import known_text
from converter.effects.model import ShellState
from converter.knowledge.programs import is_shell_script
from converter.knowledge.search_path import DEFAULT_PATH

SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"})
_SHEBANG = re.compile(r"#!\s*(\S+)(?:[ \t]+(\S+))?")


def interpreter_of(text: str, path: str) -> str | None:
    """The base name of the program that runs a script, None if the text does not look like one."""
    found = _SHEBANG.match(text)
    if found is None:
        return "sh" if is_shell_script(path) else None
    name = posixpath.basename(found[1])
    if name == "env" and found[2]:
        name = posixpath.basename(found[2])
    return name


def script_of(
    name: str, path: str | None, arguments: tuple[Argument, ...], state: ShellState, facts: Facts
) -> RunScript | Rerun | None:
    """What to evaluate instead of `path` (or `name`, looked up on PATH); None if its text is not known."""
    candidates = (
        (path,)
        if path is not None
        else tuple(
            f"{directory.rstrip('/')}/{name}"
            for directory in state.variables.get("PATH", DEFAULT_PATH).split(":")
            if directory.startswith("/")
        )
    )
    for candidate in candidates:
        text = known_text(candidate, state, facts)
        if text is None:
            continue
        runner = interpreter_of(text, candidate)
        if runner is None:
            return None
        first = arguments[0]
        if runner in SHELLS:
            return RunScript(text, first.span, candidate, tuple(a.text for a in arguments[1:]))
        return Rerun((Argument(runner, first.span, False), first._replace(text=candidate), *arguments[1:]))
    return None
