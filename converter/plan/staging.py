"""A populated prefix: only the difference that one step makes is copied, through a folder of the builder.

A stamp before the step, then what changed after it; decisions.md, section 6. BusyBox's find knows no
`-cnewer`, so there two sorted listings are compared.
"""

from __future__ import annotations

from converter.graph.model import Analysis
from converter.plan.artifacts import PRESUMED, Copies
from converter.plan.split import Artifact, Insertion, Stage

FOLDER = "/staged"
STAMP = "/tmp/before"


def staged(analysis: Analysis, copies: Copies) -> tuple[tuple[Artifact, ...], tuple[Insertion, ...]]:
    """All artifacts, those of staged prefixes among them, and the builder's lines that stage them."""
    artifacts = list(copies.artifacts)
    insertions: list[Insertion] = []
    by_step: dict[int, list[str]] = {}
    for difference in copies.differences:
        by_step.setdefault(difference.step, []).append(difference.prefix)
    for step, prefixes in sorted(by_step.items()):
        before, after = _lines(prefixes, analysis.base.family == "alpine")
        insertions.append(Insertion(Stage.BUILDER, step, before, before=True))
        insertions.append(Insertion(Stage.BUILDER, step, after, comment="# What the step above adds"))
        for prefix in prefixes:
            artifacts.append(
                Artifact(FOLDER + prefix, prefix, step, (PRESUMED,), f"added to {prefix}", directory=True)
            )
    return tuple(sorted(artifacts, key=lambda a: (a.producer, a.destination))), tuple(insertions)


def _lines(prefixes: list[str], busybox: bool) -> tuple[str, str]:
    places = " ".join(prefixes)
    folders = " ".join(FOLDER + prefix for prefix in prefixes)
    if busybox:
        return (
            f"RUN find {places} ! -type d | sort > {STAMP}",
            f"RUN mkdir -p {folders} \\\n\t&& find {places} ! -type d | sort | comm -13 {STAMP} - | tar -c -T - | tar -x -C {FOLDER}",
        )
    return (
        f"RUN touch {STAMP}",
        f"RUN mkdir -p {folders} \\\n\t&& find {places} -cnewer {STAMP} ! -type d -print0 | tar -c --null -T - | tar -x -C {FOLDER}",
    )
