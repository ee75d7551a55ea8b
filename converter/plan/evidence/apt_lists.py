"""apt's package lists: where they are there, and which install sees the archives that all others saw."""

from __future__ import annotations

from collections.abc import Iterable

from converter.effects.model import PackageAction, WriteKind
from converter.effects.places import within
from converter.graph.model import Analysis, Step
from converter.knowledge.images import Kind
from converter.shell.model import Simple

LISTS = "/var/lib/apt/lists"
EMPTYING = frozenset({"distclean", "dist-clean"})


def does(step: Step, action: PackageAction) -> bool:
    """Whether a step has apt do something."""
    return any(c.manager == "apt" and c.action is action for c in step.effects.packages)


def deletes_lists(step: Step) -> bool:
    """Whether no lists are there behind a step."""
    words = {word for i in step.invocations for word in i.arguments}
    return bool(EMPTYING & words) or any(
        within(p.path, LISTS) or within(LISTS, p.path) for p in step.effects.deletes
    )


def misses_lists(step: Step) -> bool:
    """Whether a step is an `rm` without -f that fails where no lists are."""
    options = [word for i in step.invocations for word in i.arguments if word.startswith("-")]
    forced = any("f" in word for word in options)
    return deletes_lists(step) and all(i.name == "rm" for i in step.invocations) and not forced


def is_plain_root(step: Step) -> bool:
    """Whether a step is one simple command that root runs, and the author does not keep it as it is."""
    simple = len(step.members) == 1 and isinstance(step.members[0].command, Simple)
    is_root = step.state.user.split(":")[0] in ("", "root", "0") and "sudo" not in step.effects.tools
    return simple and is_root and not step.pragmas.keep


def taking_install(analysis: Analysis, able: Iterable[int], before: int) -> int | None:
    """The last install ahead of step `before` that can take more names; None if it may not find all of them.

    `able` are the installs whose names are written out and that something stays in.
    """
    found = max((i for i in able if i < before), default=None)
    if found is None or not is_plain_root(analysis.steps[found]):
        return None
    if not _has_lists(analysis.steps[:found]) and not _uses_lists_of_base(analysis, found, before):
        return None
    between = analysis.steps[found + 1 : before]
    return None if any(adds_archive(s) or s.effects.opaque for s in between) else found


def lists_serve(steps: Iterable[Step]) -> bool:
    """Whether the lists that are there before some steps serve an install of theirs that fetches none itself."""
    for step in steps:
        if does(step, PackageAction.UPDATE):
            return False
        if does(step, PackageAction.INSTALL):
            return True
    return False


def _has_lists(steps: tuple[Step, ...]) -> bool:
    """Whether an update is known whose lists no later step deletes."""
    for step in reversed(steps):
        if does(step, PackageAction.UPDATE):
            return True
        if deletes_lists(step):
            return False
    return False


def _uses_lists_of_base(analysis: Analysis, install: int, before: int) -> bool:
    """Whether an install works with the lists that the base brings, and so do all that may bring libraries.

    Images that are known have none: only what they have anyhow can be installed there without an update.
    """
    fetched = any(does(s, PackageAction.UPDATE) or s.effects.opaque for s in analysis.steps[:before])
    deleted = any(map(deletes_lists, analysis.steps[:install]))
    return analysis.base.kind is Kind.UNKNOWN and not fetched and not deleted


def adds_archive(step: Step) -> bool:
    """Whether a step is known to name another source of packages."""
    return bool({"add-apt-repository", "apt-key"} & set(step.effects.tools)) or any(
        within(w.place.path, "/etc/apt") for w in step.effects.writes if w.kind is not WriteKind.BOOK
    )


def leaves_recommended(step: Step) -> bool:
    """Whether an install of apt brings no more than it has to."""
    words = {word for invocation in step.invocations for word in invocation.arguments}
    return any("no-install-recommends" in word or "Install-Recommends" in word for word in words)
