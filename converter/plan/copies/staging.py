"""A populated prefix: only the difference that one step makes is copied, through a folder of the builder.

A stamp before the step, then what changed after it. BusyBox's find knows no
`-cnewer`, so there two sorted listings are compared: time, size, mode and owner of each name.
Where packages of the base may be replaced or removed, the names that are gone come along: they are deleted behind the
copy.
"""

from __future__ import annotations

from converter.effects.model import PackageAction, Phase, WriteKind
from converter.effects.places import Place, within
from converter.graph.model import Analysis, Step
from converter.knowledge.books import own_files
from converter.knowledge.places import is_one_of_several
from converter.plan.copies.artifacts import PRESUMED, Copies
from converter.plan.copies.prefixes import STAMP
from converter.plan.evidence.provenance import only_deletes
from converter.plan.insertions import as_root
from converter.plan.marks import Marks
from converter.plan.split import Artifact, Insertion, Stage

FOLDER = "/install"
NAMES = "/tmp/names-before"
REMOVED = ".removed"


def staged(
    analysis: Analysis, marks: Marks, copies: Copies
) -> tuple[tuple[Artifact, ...], tuple[Insertion, ...]]:
    """All artifacts, those of staged prefixes among them, and the builder's lines that stage them."""
    artifacts = list(copies.artifacts)
    insertions: list[Insertion] = []
    busybox = analysis.base.family in ("alpine", "unknown")
    for group in _groups(analysis, marks, copies):
        prefixes = [d.prefix for d in copies.differences if set(d.steps) & set(group)]
        first, last = group[0], group[-1]
        before, after = _lines(prefixes, busybox)
        after += _without_own(prefixes, _makes_accounts(analysis, marks, first, last))
        for prefix in prefixes:
            if any(removes_packages(analysis, analysis.steps[i], prefix) for i in group):
                before, after = _with_removed(before, after, prefix)
        stamp, adding = as_root(analysis, first, before), as_root(analysis, last, after)
        insertions.append(Insertion(Stage.BUILDER, first, stamp, before=True))
        insertions.append(Insertion(Stage.BUILDER, last, adding, comment="# What the steps above add"))
    for difference in copies.differences:
        source = FOLDER + difference.prefix
        reason = f"what the build adds to {difference.prefix}"
        artifacts.append(Artifact(source, difference.prefix, difference.producer, (PRESUMED,), reason))
        if any(removes_packages(analysis, analysis.steps[i], difference.prefix) for i in difference.steps):
            at = difference.producer
            removal = as_root(analysis, at, _removal(difference.prefix))
            insertions.append(
                Insertion(Stage.FINAL, at, removal, comment="# What the steps of the builder remove")
            )
    return tuple(sorted(artifacts, key=lambda a: (a.producer, a.destination))), tuple(insertions)


def _groups(analysis: Analysis, marks: Marks, copies: Copies) -> list[list[int]]:
    """Steps that one stamp serves: no package is installed in the builder between them."""
    groups: list[list[int]] = []
    for index in sorted({i for d in copies.differences for i in d.steps}):
        between = analysis.steps[groups[-1][-1] + 1 : index] if groups else ()
        if groups and not any(s.index in marks.builder and _installs(s) for s in between):
            groups[-1].append(index)
        elif not only_deletes(analysis.steps[index]):
            groups.append([index])
    return groups


def _installs(step: Step) -> bool:
    return any(c.action in (PackageAction.INSTALL, PackageAction.UPGRADE) for c in step.effects.packages)


def _lines(prefixes: list[str], busybox: bool) -> tuple[str, str]:
    places = " ".join(prefixes)
    # where one may be absent, its listing must not end a shell that looks at each part of a pipe
    start, end = ("{ ", " 2>/dev/null || true; }") if any(map(is_one_of_several, prefixes)) else ("", "")
    folders = " ".join(FOLDER + prefix for prefix in prefixes)
    # directories come by themselves, for their modes and owners, and because some are empty
    pack = f"tar -c --no-recursion -T - | tar -x -C {FOLDER}"
    if busybox:
        listing = f"{start}find {places} -exec stat -c '%Y %s %a %u:%g %n' '{{}}' +{end} | sort"
        return (
            f"RUN {listing} > {STAMP}",
            f"RUN mkdir -p {folders} \\\n"
            f"\t&& {listing} | comm -13 {STAMP} - \\\n"
            f"\t| cut -d ' ' -f 5- | {pack}",
        )
    return (
        f"RUN touch {STAMP}",
        f"RUN mkdir -p {folders} \\\n"
        f"\t&& {start}find {places} -cnewer {STAMP} -print0{end} | {pack.replace(' -T', ' --null -T')}",
    )


def _without_own(prefixes: list[str], accounts: bool) -> str:
    """The end of the line that gathers: the builder's own files are no part of the difference."""
    own = [file for file in own_files(accounts) if any(within(file, prefix) for prefix in prefixes)]
    return f" \\\n\t&& rm -f {' '.join(FOLDER + file for file in own)}" if own else ""


def _makes_accounts(analysis: Analysis, marks: Marks, first: int, last: int) -> bool:
    """Whether accounts that the final stage makes itself are made in the builder between two steps."""
    return any(
        step.effects.accounts and step.index in marks.builder & marks.final
        for step in analysis.steps[first : last + 1]
    )


def removes_packages(analysis: Analysis, step: Step, prefix: str) -> bool:
    """Whether a step may take away packages that the base has in a prefix: conda has one version of each there.

    An uninstall of what the file itself installed before takes nothing of the base.
    """
    if step.phase is not Phase.LIBRARY or not any(
        w.place == Place(prefix, tree=True) for w in step.effects.writes if w.kind is not WriteKind.BOOK
    ):
        return False
    if any(change.ecosystem == "conda" for change in step.effects.libraries):
        return True
    if not any(w.kind is WriteKind.EDIT and w.place.path == prefix for w in step.effects.writes):
        return False
    names = {word for i in step.invocations for word in i.arguments[1:] if not word.startswith("-")}
    earlier = (name for s in analysis.steps[: step.index] for c in s.effects.libraries for name in c.names)
    return bool(names - set(earlier))


def _with_removed(before: str, after: str, prefix: str) -> tuple[str, str]:
    """The lines that stage a prefix, with those that list the names which are gone from it."""
    listing = f"find {prefix} | sort"
    removed = f"{FOLDER}{prefix}/{REMOVED}"
    return (
        f"{before} \\\n\t&& {listing} > {NAMES}",
        f"{after} \\\n\t&& {listing} | comm -23 {NAMES} - >> {removed}",
    )


def _removal(prefix: str) -> str:
    listed = f"{prefix}/{REMOVED}"
    return f"RUN tr '\\n' '\\0' < {listed} | xargs -0 rm -rf \\\n\t&& rm {listed}"
