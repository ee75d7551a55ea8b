"""Files that libraries open by a fixed name, which the old base has and the new one lacks."""

from __future__ import annotations

from collections.abc import Iterator

from converter.dockerfile.model import Expose
from converter.effects.model import PackageAction
from converter.graph.model import Analysis
from converter.knowledge.images import BaseImage
from converter.knowledge.programs import is_interpreted
from converter.knowledge.shared_files import brings_mime_types, reads_mime_types
from converter.plan.bases.restate import takes_bundle
from converter.plan.marks import Marks
from converter.plan.split import Insertion, Packages, Stage

BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
MIME_TYPES = "/etc/mime.types"


def shared_files(
    analysis: Analysis, marks: Marks, packages: Packages, final: BaseImage, builder: str
) -> tuple[Insertion, ...]:
    """Copies of certificates and mime types that programs of the final stage read and no package brings."""
    places: dict[int, list[tuple[str, str]]] = {}
    for place, what, path in _wanted(analysis, marks, packages, final):
        places.setdefault(place, []).append((what, path))
    return tuple(
        Insertion(
            Stage.FINAL,
            place,
            "\n".join(f"COPY --from={builder} {path} {path}" for _, path in found),
            f"# {' and '.join(what for what, _ in found).capitalize()} of the old base",
        )
        for place, found in places.items()
    )


def _wanted(
    analysis: Analysis, marks: Marks, packages: Packages, final: BaseImage
) -> Iterator[tuple[int, str, str]]:
    if takes_bundle(analysis, final):
        yield -1, "certificates", BUNDLE
    if has_mime_types(analysis) and not final.mime_types and _serves(analysis):
        if _may_read_them(analysis, final) and not brings_mime_types(packages.final):
            yield _last_install(marks), "mime types", MIME_TYPES


def has_mime_types(analysis: Analysis) -> bool:
    """Whether the original has the list of types."""
    observed = analysis.observed
    return MIME_TYPES in observed.shared if observed.built else analysis.base.mime_types


def _serves(analysis: Analysis) -> bool:
    """Whether the image says that it listens somewhere: the types of files go into headers of answers."""
    return bool(analysis.base.expose) or any(isinstance(s.instruction, Expose) for s in analysis.steps)


def _may_read_them(analysis: Analysis, final: BaseImage) -> bool:
    """Whether a program in the language of the old base runs that asks the system for types."""
    return any(
        reads_mime_types(language) and (language in final.languages or not is_interpreted(language))
        for language in analysis.base.languages
    )


def _last_install(marks: Marks) -> int:
    """The end of the last RUN of the final stage that installs packages.

    Ahead of it, apt would ask which list is to stay if one of them brought it after all.
    """
    final = [step for step in marks.steps if step.index in marks.final]
    runs = {s.ordinal for s in final for c in s.effects.packages if c.action is PackageAction.INSTALL}
    return max((step.index for step in final if step.ordinal in runs), default=-1)
