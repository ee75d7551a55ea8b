"""Commands that work for the project whose modules they import, wherever Python finds those.

`django-admin` looks for its settings in the folders of PYTHONPATH, not in the directory that it is called in; where
static files go is said by these settings, and by convention that is inside the project.
"""

from __future__ import annotations

import posixpath

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.call import Call, Handler, Part
from converter.effects.model import Effects, Write, WriteKind
from converter.effects.places import Place
from converter.knowledge.places import is_shared, scratch_place

_PACKAGES = ("/site-packages", "/dist-packages")


def module_folders(call: Call) -> tuple[Place, ...]:
    """The folders that PYTHONPATH and --pythonpath add to where modules are looked for."""
    entries = (*(call.env("PYTHONPATH") or "").split(":"), *call.parsed.values("--pythonpath"))
    return tuple(call.place(entry, True) for entry in entries if entry and HOLE not in entry)


def python_project(call: Call, base: Effects) -> tuple[Part, ...]:
    """`manage.py`, `django-admin`…: work in the folders of their script and of the project's modules.

    Scratch space that they are called in is then none of the project's.
    """
    folders = module_folders(call)
    script = posixpath.dirname(call.program)
    if script and not script.endswith("bin"):
        folders = (call.place(script, True), *folders)
    own = tuple(p for p in folders if not is_shared(p.path) and not p.path.endswith(_PACKAGES))
    here = call.place(".", True)
    reads = tuple(place for place in base.reads if not (own and place == here and scratch_place(place.path)))
    writes = tuple(w for w in base.writes if w.kind is WriteKind.BOOK or w.place in (*reads, *own))
    writes += tuple(Write(place, WriteKind.TREE) for place in own)
    return (
        replace(
            base,
            reads=tuple(dict.fromkeys(reads + folders)),
            writes=tuple(dict.fromkeys(writes)),
        ),
    )


HANDLERS: dict[str, Handler] = {"python_project": python_project}
