"""A populated prefix: only the difference that one step makes is copied, through a folder of the builder.

A stamp before the step, then what changed after it. BusyBox's find knows no
`-cnewer`, so there two sorted listings are compared, each name with its time and size.
"""

from __future__ import annotations

from converter.effects.model import PackageAction
from converter.graph.model import Analysis, Step
from converter.knowledge.places import is_one_of_several
from converter.plan.artifacts import PRESUMED, Copies
from converter.plan.discovery import as_root
from converter.plan.marks import Marks
from converter.plan.prefixes import STAMP
from converter.plan.provenance import only_deletes
from converter.plan.split import Artifact, Insertion, Stage

FOLDER = "/install"


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
        stamp, adding = as_root(analysis, first, before), as_root(analysis, last, after)
        insertions.append(Insertion(Stage.BUILDER, first, stamp, before=True))
        insertions.append(Insertion(Stage.BUILDER, last, adding, comment="# What the steps above add"))
    for difference in copies.differences:
        source = FOLDER + difference.prefix
        reason = f"what the build adds to {difference.prefix}"
        artifacts.append(Artifact(source, difference.prefix, difference.producer, (PRESUMED,), reason))
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
        listing = f"{start}find {places} -exec stat -c '%n %Y %s' '{{}}' +{end} | sort"
        return (
            f"RUN {listing} > {STAMP}",
            f"RUN mkdir -p {folders} \\\n"
            f"\t&& {listing} | comm -13 {STAMP} - \\\n"
            f"\t| sed 's/ [0-9]* [0-9]*$//' | {pack}",
        )
    return (
        f"RUN touch {STAMP}",
        f"RUN mkdir -p {folders} \\\n"
        f"\t&& {start}find {places} -cnewer {STAMP} -print0{end} | {pack.replace(' -T', ' --null -T')}",
    )
