"""Libraries that packages of Python load by name, while the program runs: no list of linked libraries has them.

An image with compilers has some from the start, and the slim one lacks them. Where the names of the packages are not
known, the builder looks for those that it has installed.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from converter.effects.model import LibraryChange
from converter.graph.model import Analysis
from converter.knowledge.libraries import loaded_by_name
from converter.plan.marks import Marks
from converter.plan.split import Bases, Packages

PYTHON = "pypi"
_WITHOUT_MODULES = ("/bin", "/etc", "/share")
"""Folders of a prefix that hold no packages of Python."""


def with_loaded(analysis: Analysis, marks: Marks, bases: Bases, packages: Packages) -> Packages:
    """Adds what the packages that builder steps install may load, where the final base lacks what the old one has."""
    if not bases.narrowed or not analysis.base.build_libraries:
        return packages
    changes = tuple(_installed(analysis, marks))
    named = {name.lower().replace("_", "-") for change in changes for name in change.names}
    found = (p for e in loaded_by_name() if named & {*e.names, *e.used_by} for p in e.packages)
    searched = any(not change.names and change.native is not False for change in changes)
    return replace(
        packages, loaded=tuple(dict.fromkeys((*packages.loaded, *found))), loaders_searched=searched
    )


def _installed(analysis: Analysis, marks: Marks) -> Iterator[LibraryChange]:
    for step in analysis.steps:
        if step.index in marks.builder and step.index not in marks.final:
            yield from (change for change in step.effects.libraries if change.ecosystem == PYTHON)


def listing(folders: tuple[str, ...], loaded: tuple[str, ...], searched: bool) -> str:
    """The commands behind the list of linked libraries that add packages by patterns, each with its `;` ahead.

    `loaded` are patterns; `searched`: those of distributions that lie in `folders` are looked for too.
    """
    show = "dpkg-query --show --showformat '${Status} ${Package}\\n'"
    installed = "\t| sed -n 's/^install ok installed //p' || true"
    lines: list[str] = []
    if loaded:
        lines.append(f"\t; {show} {' '.join(map(repr, loaded))} \\\n{installed}")
    if searched and not all(f.endswith(_WITHOUT_MODULES) for f in folders):
        searched_in = [f for f in folders if not f.endswith(_WITHOUT_MODULES)]
        rules = " \\\n\t\t".join(_rule(e.names, e.packages) for e in loaded_by_name())
        lines.append(
            f"\t; find {' '.join(searched_in)} -name '*-info' | sed -n \\\n\t\t{rules} \\\n"
            f"\t| xargs -r {show} \\\n{installed}"
        )
    return " \\\n".join(lines)


def _rule(names: tuple[str, ...], packages: tuple[str, ...]) -> str:
    """An option of sed that prints patterns of packages for a folder of metadata: `python_magic-0.4.27.dist-info`."""
    called = "\\|".join(name.replace("-", "[-_]") for name in names)
    alternatives = f"\\({called}\\)" if len(names) > 1 else called
    return f"-e 's,.*/{alternatives}-[0-9].*,{' '.join(packages)},Ip'"
