"""Lines of the final stage that install what no install of the author can take."""

from __future__ import annotations

from converter.graph.model import Analysis
from converter.knowledge.images import BaseImage
from converter.plan.copies.artifacts import Copies
from converter.plan.insertions import as_root
from converter.plan.marks import Marks
from converter.plan.split import Insertion, Packages, Stage


def install_lines(
    analysis: Analysis, copies: Copies, packages: Packages, final: BaseImage, beside: tuple[str, ...]
) -> tuple[tuple[Insertion, ...], tuple[Insertion, ...]]:
    """Lines right behind FROM, and those before the first copy, where the author's own archives are there.

    `beside` are the names that come along with what the builder lists.
    """
    homeless = tuple(name for name in packages.homeless if name not in beside)
    marked = tuple(name for name in packages.marked if name not in beside)
    early = _install_line(analysis, homeless, final)
    late = _install_line(analysis, marked, final)
    return (
        (Insertion(Stage.FINAL, -1, early),) if early else (),
        (Insertion(Stage.FINAL, copies.first, as_root(analysis, copies.first, late), before=True),)
        if late
        else (),
    )


def installed_with_list(
    marks: Marks, copies: Copies, packages: Packages, final: BaseImage
) -> tuple[str, ...]:
    """Added packages that one install brings together with the builder's list, if no step before it needs them."""
    if packages.listed_at is not None or final.family not in ("debian", "ubuntu"):
        return ()
    earlier = any(s.index in marks.final and s.is_run for s in marks.steps[: copies.first])
    return packages.marked if earlier else (*packages.homeless, *packages.marked)


def _install_line(analysis: Analysis, names: tuple[str, ...], final: BaseImage) -> str:
    """The install, or nothing where there are no names or the family is not known."""
    if not names:
        return ""
    listed = " ".join(names)
    match final.family:
        case "debian" | "ubuntu":
            install = f"apt-get install -y --no-install-recommends {listed}"
            return f"RUN apt-get update && {install} && rm -rf /var/lib/apt/lists/*"
        case "alpine":
            return f"RUN apk add --no-cache {listed}"
        case "rpm":
            used = (c.manager for s in analysis.steps for c in s.effects.packages if c.manager != "rpm")
            tool = next(used, "yum")
            return f"RUN {tool} install -y {listed} && {tool} clean all"
        case _:
            return ""
