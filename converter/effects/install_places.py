"""Where an install goes: remembered from the configuration of a build directory to the install.

The memory is `ShellState.learned`: `prefix:DIRECTORY` holds the places that an install from that build
directory writes to.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from converter.dockerfile.model import HOLE
from converter.effects.call import Call
from converter.effects.facts import place_of
from converter.effects.makefiles import install_prefixes, makefile_of
from converter.effects.memory import installed_packages
from converter.effects.model import Basis, Write, WriteKind
from converter.effects.places import Place
from converter.knowledge.places import (
    installed_places,
    module_places,
    outside_places,
    packaged_module_places,
    places_of_target,
    unread_places,
)

_INSTALL_VARIABLE = re.compile(r"[A-Za-z_]*(?:PREFIX|prefix|DIR|dir|PATH|ROOT|root|DEST|dest)[A-Za-z_]*")


def key_of(directory: str | None) -> str:
    """The name under which the places of a build directory are remembered."""
    return f"prefix:{directory or HOLE}"


def remembered(call: Call, directory: str | None) -> tuple[str, ...]:
    """The install places of a build directory or of the nearest directory above it that was configured."""
    learned = call.state.learned
    at = directory or HOLE
    while True:
        found = learned.get(key_of(at))
        if found:
            return found
        above = posixpath.dirname(at)
        if above == at or above in ("/", ""):
            return ()
        at = above


def is_install(target: str) -> bool:
    """Whether a target installs what was built: install, install-strip, altinstall; no `installdeps`."""
    return "install" in target and "uninstall" not in target and "dep" not in target


def installed(
    call: Call, directory: str | None, variables: dict[str, str], targets: Iterable[str] = ()
) -> tuple[Write, ...]:
    """What an install from a build directory writes."""
    basis = Basis.CONVENTION
    named = tuple(
        place_of(directory, value)
        for name, value in variables.items()
        if name not in ("DESTDIR", "INSTALL_ROOT")
        and _INSTALL_VARIABLE.fullmatch(name)
        and value.startswith(("/", HOLE))
    )
    explicit = next((variables[n] for n in ("prefix", "PREFIX", "INSTALL_PREFIX") if variables.get(n)), None)
    if explicit is not None:
        others = remembered(call, directory)[1:]  # absolute directories of the configuration stay
        prefixes = tuple(dict.fromkeys((place_of(directory, explicit), *named, *others)))
    else:
        prefixes = tuple(dict.fromkeys((*remembered(call, directory), *named)))
    if not prefixes:
        prefixes = install_prefixes(makefile_of(directory, None, call.state, call.facts))
    targets = tuple(targets)
    asked = [p for name in module_places(directory or "") for p in call.facts.places.get(name, ())]
    headers = packaged_module_places(installed_packages(call.state))
    if not prefixes:
        known = installed_places(directory or "")
        if known is not None:
            prefixes = known
        else:
            prefixes, basis = _unread(call) if targets and not asked else ("/usr/local",), Basis.UNKNOWN
    prefixes = tuple(dict.fromkeys((*prefixes, *asked, *headers, *outside_places(directory or ""))))
    root = variables.get("DESTDIR") or variables.get("INSTALL_ROOT")
    if root:
        top = place_of(directory, root)
        return (Write(Place(top, True), WriteKind.INSTALL, Basis.CONVENTION),)
    outside = dict.fromkeys(place for target in targets for place in places_of_target(target))
    return (
        *(Write(Place(prefix, True), WriteKind.INSTALL, basis) for prefix in prefixes),
        *(Write(Place(place, True), WriteKind.INSTALL, Basis.CONVENTION) for place in outside),
    )


def _unread(call: Call) -> tuple[str, ...]:
    """Where an unread Makefile may install; where Go is told of a path, it may run `go install`."""
    path = (call.env("GOPATH") or "").partition(":")[0]
    return (*unread_places(), *((posixpath.join(path, "bin"),) if path else ()))


def prefixes_below(prefix: str) -> tuple[str, ...]:
    """Where an install below a prefix goes by the rules of CMake's GNUInstallDirs and of Meson.

    Below /usr, configuration belongs to /etc; below any other prefix all is inside.
    """
    return (prefix, "/etc") if prefix == "/usr" else (prefix,)


def destination_of(call: Call) -> dict[str, str]:
    """DESTDIR of the environment, as a variable of the install."""
    value = call.env("DESTDIR")
    return {"DESTDIR": value} if value else {}
