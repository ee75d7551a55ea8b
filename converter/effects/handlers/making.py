"""Make, ninja, waf and their kin: they build in their directory, and install where they were told to."""

from __future__ import annotations

import re

from msgspec.structs import replace

from converter.effects.call import Call, Handler, Learned, Part, RunScript
from converter.effects.install_places import destination_of, installed, is_install, key_of
from converter.effects.makefiles import makefile_of, recipes
from converter.effects.model import Basis, Effects, Write, WriteKind
from converter.knowledge.places import is_shared, makes_accounts

_OUTPUT_VARIABLE = re.compile(r"(?:BIN|BINARY|OUT|OUTPUT|DEST|TARGET)(?:_?(?:PATH|FILE|NAME|BIN))?")
"""Names by which Makefiles are told what file to make."""


def make(call: Call, base: Effects) -> tuple[Part, ...]:
    """Make and ninja: work in their directory; an install target writes to the prefix as well."""
    targets: list[str] = []
    variables: dict[str, str] = {}
    for argument in call.operands:
        name, equals, value = argument.text.partition("=")
        if equals:
            variables[name.rstrip(":?+")] = value
        elif not argument.text.isdigit():
            targets.append(argument.text)
    for name in ("DESTDIR", "PREFIX", "prefix", "INSTALL_ROOT", "INSTALL_PREFIX"):
        if name not in variables and name in call.state.exported and (given := call.env(name)):
            variables[name] = given
    makefile = makefile_of(call.directory, call.parsed.value("-f"), call.state, call.facts)
    text = recipes(makefile, tuple(targets), variables) if makefile is not None else None
    if text is not None:
        return base, RunScript(text, call.span, "", (), call.directory, in_tree=True)
    if makefile is None:  # what cannot be read may fetch sources, or ask for the version
        base = replace(base, tools=(*base.tools, "git"))
        accounts = next(filter(makes_accounts, targets), None)
        if accounts is not None:
            base = replace(base, opaque=f"cannot tell which accounts `make {accounts}` makes")
    if not any(is_install(target) for target in targets):
        return (replace(base, writes=base.writes + _built(call, variables)),)
    return (replace(base, writes=base.writes + installed(call, call.directory, variables, targets)),)


def _built(call: Call, variables: dict[str, str]) -> tuple[Write, ...]:
    """What a build without an install is told to write outside its directory: `make BINPATH=/go/bin/app`."""
    return tuple(
        Write(place, WriteKind.OUTPUT, Basis.CONVENTION)
        for name, value in variables.items()
        if _OUTPUT_VARIABLE.fullmatch(name) and value.startswith("/")
        if not is_shared((place := call.place(value)).path)
    )


def install_build(call: Call, base: Effects) -> tuple[Part, ...]:
    """`meson install`: --destdir in front of the remembered prefix."""
    variables = destination_of(call)
    if destination := call.parsed.value("--destdir"):
        variables["DESTDIR"] = destination
    return (replace(base, writes=base.writes + installed(call, call.directory, variables)),)


def other_build(call: Call, base: Effects) -> tuple[Part, ...]:
    """b2, waf, scons: an install goes to --prefix; waf and b2 may configure and install in one call."""
    words = [argument.text for argument in call.operands]
    prefix = call.parsed.value("--prefix") or call.parsed.value("-prefix")
    parts: list[Part] = []
    if any(is_install(word) for word in words):
        variables = {"prefix": prefix} if prefix else {}
        variables.update({n: v for n, e, v in (w.partition("=") for w in words) if e})
        base = replace(base, writes=base.writes + installed(call, call.directory, variables))
    elif prefix:
        parts.append(Learned({key_of(call.directory): (call.path(prefix),)}))
    return (base, *parts)


HANDLERS: dict[str, Handler] = {
    "make": make,
    "meson_install": install_build,
    "other_build": other_build,
}
