"""Tools for people and builds that nobody uses: they leave where the smallest image is asked for and then compared.

An editor, a debugger, version control, a download tool or a compiler that no build step uses stays as a rule, since
its author put it there for a reason. Here nothing that the container starts, no step that stays and no file of the
program names it.
"""

from __future__ import annotations

import re

from converter.context import Context
from converter.effects.model import PackageAction
from converter.graph.model import Analysis
from converter.knowledge.packages import PackageKind, kind, programs
from converter.knowledge.places import needed_at_run_time
from converter.knowledge.programs import interpreter_of

KINDS = (PackageKind.BUILD, PackageKind.VCS, PackageKind.DEBUG, PackageKind.DOC, PackageKind.USE)
_MOST_FILES = 3_000
_WORD = re.compile(r"[A-Za-z0-9_+-]{2,40}", re.ASCII)


def idle_packages(analysis: Analysis, context: Context | None) -> frozenset[str]:
    """Names of packages whose programs nobody names; none where not all can be read, or nothing was built yet."""
    if context is None or analysis.runtime.opaque or not analysis.observed.built:
        return frozenset()
    found: dict[str, frozenset[str]] = {}
    for step in analysis.steps:
        for change in step.effects.packages:
            if change.action is PackageAction.INSTALL and not step.pragmas.keep:
                for package in change.names:
                    if kind(change.manager, package.name) in KINDS:
                        found[package.name] = frozenset(programs(change.manager, package.name))
    if not found:
        return frozenset()
    found = {name: brings for name, brings in found.items() if not any(map(interpreter_of, brings))}
    named = _named(context, frozenset().union(*found.values()))
    return frozenset() if named is None else frozenset(n for n, brings in found.items() if not brings & named)


def _named(context: Context, names: frozenset[str]) -> frozenset[str] | None:
    """Those of some names that occur as words in files that the program may read; None if there are too many files."""
    paths = context.walk("", _MOST_FILES)
    if len(paths) >= _MOST_FILES:
        return None
    seen: set[str] = set()
    for path in paths:
        if needed_at_run_time(path.rpartition("/")[2]):
            seen |= names.intersection(_WORD.findall(context.read_text(path) or ""))
    return frozenset(seen)
