"""Fills the templates of a table with the values of one call: from rule to places."""

from __future__ import annotations

import posixpath

from converter.dockerfile.model import HOLE
from converter.effects.call import Call
from converter.effects.facts import place_of
from converter.effects.model import Basis, Write, WriteKind
from converter.effects.places import Place
from converter.knowledge.schema import Template, Variable

_KINDS = {kind.value: kind for kind in WriteKind}
_SUFFIXES = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar.lzma")
_SILENT = ("/dev/", "/proc/", "/sys/")


def values(variable: Variable, call: Call) -> tuple[str, ...]:
    """The values of one variable; empty where it has none."""
    name = variable.name
    if len(name) == 1:
        found = tuple(argument.text for argument in call.roles.get(name, ()))
    elif name[0] in "-+":
        found = call.parsed.values(name)
    elif name[0] == "$":
        value = call.env(name[1:])
        found = (value,) if value else ()
    elif name == "cwd":
        found = (call.directory if call.directory is not None else HOLE,)
    elif name == "home":
        found = (call.home,)
    elif name == "root":
        found = ("",) if call.by_root else ()
    elif name == "program":
        found = (call.program,)
    else:
        found = call.places(name)
    if variable.transform:
        return tuple(transformed(value, variable.transform) for value in found)
    return found


def transformed(text: str, transform: str) -> str:
    """`name` (without a version behind a colon), `dir`, `stem` or `bare` of a path."""
    match transform:
        case "name":
            return posixpath.basename(text.rstrip("/")).partition(":")[0]
        case "dir":
            return posixpath.dirname(text) or "."
        case "stem":
            return _bare(posixpath.basename(text.rstrip("/")))
        case _:
            return _bare(text)


def _bare(text: str) -> str:
    for suffix in _SUFFIXES:
        if text.endswith(suffix):
            return text[: -len(suffix)]
    return posixpath.splitext(text)[0]


def fill(template: Template, call: Call) -> tuple[Place, ...]:
    """The places of a template: those of the first alternative all of whose variables have a value."""
    for pieces, tree in template.alternatives:
        texts: tuple[str, ...] = ("",)
        for piece in pieces:
            if isinstance(piece, str):
                texts = tuple(text + piece for text in texts)
            else:
                found = values(piece, call)
                texts = tuple(text + value for text in texts for value in found)
        if texts:
            return tuple(
                Place(place_of(call.directory, text), tree) for text in texts if text not in ("", "-")
            )
    return ()


def places(templates: tuple[Template, ...], call: Call) -> tuple[Place, ...]:
    """The places of several templates, devices left out."""
    return tuple(
        place
        for template in templates
        for place in fill(template, call)
        if not place.path.startswith(_SILENT)
    )


def writes(templates: tuple[Template, ...], call: Call) -> tuple[Write, ...]:
    """The writes of several templates, devices left out.

    A tool that works "in its directory" does not when that is the root directory, unless it builds there.
    """
    found = []
    for template in templates:
        basis = Basis.PROVEN if template.proven else Basis.CONVENTION
        for place in fill(template, call):
            if place.path == "/" and template.kind in ("tree", "edit") and call.rule.phase != "build":
                continue
            if not place.path.startswith(_SILENT):
                found.append(Write(place, _KINDS[template.kind], basis))
    return tuple(found)
