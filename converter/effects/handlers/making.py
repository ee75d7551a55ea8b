"""Configure, make and their kin: where an install goes is remembered from the configuration to the install.

The memory is `ShellState.learned`: `prefix:DIRECTORY` holds the places that an install from that build
directory writes to.
"""

from __future__ import annotations

import posixpath
import re

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.call import Call, Handler, Learned, Part, RunScript
from converter.effects.facts import place_of
from converter.effects.makefiles import install_prefixes, makefile_of, recipes
from converter.effects.model import Basis, Effects, Phase, Write, WriteKind
from converter.effects.places import Place
from converter.knowledge.language_places import moved_places
from converter.knowledge.places import configured_places, is_shared, module_places

_DIRECTORY_OPTION = re.compile(r"--([a-z0-9-]*?(?:dir|path|prefix|root|home))=(.+)")
_MODULE = re.compile(r"--add-(?:dynamic-)?module=(.+)")
"""Sources that a configure script builds along (nginx)."""
_INSTALL_VARIABLE = re.compile(r"[A-Za-z_]*(?:PREFIX|prefix|DIR|dir|PATH|ROOT|root|DEST|dest)[A-Za-z_]*")
_OUTPUT_VARIABLE = re.compile(r"(?:BIN|BINARY|OUT|OUTPUT|DEST|TARGET)(?:_?(?:PATH|FILE|NAME|BIN))?")
"""Names by which Makefiles are told what file to make."""


_DYNAMIC = re.compile(r"--add-dynamic-module=|--with-\w+=dynamic")
"""Without such a module nginx makes no directory of modules. Source: `auto/install` of nginx."""
_PERL_MODULE = re.compile(r"--with-http_perl_module(?:=dynamic)?")
"""nginx in Perl: `make install` installs a module of Perl too, where Perl has those of its site (`auto/lib/perl`)."""
_PERL_PLACE = "--with-perl_modules_path="
_APXS = re.compile(rf"--with-apxs2?(?:=(?:/usr/bin/apxs2?|{HOLE}))?")
"""The distribution's apxs, which `make install` then calls to put a module into its place (`which apxs`)."""


def _key(directory: str | None) -> str:
    return f"prefix:{directory or HOLE}"


def remembered(call: Call, directory: str | None) -> tuple[str, ...]:
    """The install places of a build directory or of the nearest directory above it that was configured."""
    learned = call.state.learned
    at = directory or HOLE
    while True:
        found = learned.get(_key(at))
        if found:
            return found
        above = posixpath.dirname(at)
        if above == at or above in ("/", ""):
            return ()
        at = above


def configure(call: Call, base: Effects) -> tuple[Part, ...]:
    """A configure script: works in the current directory and fixes where the install goes."""
    prefix = ""
    places: list[str] = []
    sources: list[Place] = []
    values = [a.text for a in call.arguments]
    dynamic = any(map(_DYNAMIC.match, values))
    for argument in call.arguments:
        found = _DIRECTORY_OPTION.match(argument.text)
        if _APXS.fullmatch(argument.text):
            places.extend(call.facts.places.get("apache.modules", ()))
        elif _PERL_MODULE.fullmatch(argument.text) and not any(a.startswith(_PERL_PLACE) for a in values):
            places.extend(call.facts.places.get("perl.arch", ()))
        elif argument.text.startswith(_PERL_PLACE):
            places.append(call.path(argument.text.removeprefix(_PERL_PLACE)))
        if found is None:
            if argument.text.startswith("-prefix="):
                prefix = argument.text[8:]
            elif module := _MODULE.fullmatch(argument.text):
                sources.append(call.place(module[1], True))
            continue
        name, value = found[1], found[2]
        if name in ("prefix", "installdir", "install-prefix"):
            prefix = value
        elif name.startswith(("with-", "enable-", "x-")) or "$" in value:
            continue
        elif value.startswith(("/", HOLE)):
            places.extend(_installed_by(name, value) if name != "modules-path" or dynamic else ())
    for at, value in enumerate(values[:-1]):
        if value in ("--prefix", "-prefix"):
            prefix = values[at + 1]
    prefix, *rest = (call.path(prefix),) if prefix else configured_places(call.directory or "")
    places.extend(rest)
    places.extend(call.state.learned.get(f"phpize:{call.directory}", ()))
    kept = tuple(p for p in places if not (p + "/").startswith(prefix.rstrip("/") + "/"))
    script = place_of(call.state.directory, call.program)
    source = posixpath.dirname(script)
    reads = base.reads if source == call.directory else (*base.reads, Place(source, True))
    effects = replace(base, reads=(*reads, *sources))
    known = {_key(call.directory): tuple(dict.fromkeys((prefix, *kept)))}
    return effects, Learned(known | _moved(values))


def _moved(arguments: list[str]) -> dict[str, tuple[str, ...]]:
    """Places of a language that its own configure script moves: `--with-config-file-scan-dir=/php/conf.d`."""
    found: dict[str, tuple[str, ...]] = {}
    for option, _, value in (argument.partition("=") for argument in arguments):
        if value.startswith("/"):
            found |= moved_places(option, value)
    return found


def _installed_by(name: str, value: str) -> tuple[str, ...]:
    """What an install fills of the place that an option of `./configure` names.

    nginx and what is built like it make the directories of logs and of the configuration; process ids, locks
    and temporary files come to be when the program runs. Source: `auto/install` and `auto/options` of nginx.
    """
    if name.endswith(("pid-path", "lock-path", "temp-path")):
        return ()
    if name.endswith(("log-path", "conf-path")):
        directory = posixpath.dirname(value)
        return () if directory.count("/") < 2 or directory == "/var/log" else (directory,)
    return (value,)


def configure_elsewhere(call: Call, base: Effects) -> tuple[Part, ...]:
    """`meson setup BUILD [SOURCE]`."""
    operands = [argument.text for argument in call.operands]
    build = call.path(operands[0]) if operands else call.directory
    prefix = call.parsed.value("--prefix")
    writes = (Write(Place(build or HOLE, True), WriteKind.TREE),)
    places = _prefixes(call.path(prefix) if prefix else "/usr/local")
    return replace(base, writes=base.writes + writes), Learned({_key(build): places})


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
    if not any(is_install(target) for target in targets):
        return (replace(base, writes=base.writes + _built(call, variables)),)
    return (replace(base, writes=base.writes + installed(call, call.directory, variables)),)


def _built(call: Call, variables: dict[str, str]) -> tuple[Write, ...]:
    """What a build without an install is told to write outside its directory: `make BINPATH=/go/bin/app`."""
    return tuple(
        Write(place, WriteKind.OUTPUT, Basis.CONVENTION)
        for name, value in variables.items()
        if _OUTPUT_VARIABLE.fullmatch(name) and value.startswith("/")
        if not is_shared((place := call.place(value)).path)
    )


def is_install(target: str) -> bool:
    """Whether a target installs what was built: install, install-strip, altinstall; no `installdeps`."""
    return "install" in target and "uninstall" not in target and "dep" not in target


def installed(call: Call, directory: str | None, variables: dict[str, str]) -> tuple[Write, ...]:
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
    if not prefixes:
        prefixes, basis = ("/usr/local",), Basis.UNKNOWN
    asked = [p for name in module_places(directory or "") for p in call.facts.places.get(name, ())]
    prefixes = tuple(dict.fromkeys((*prefixes, *asked)))
    root = variables.get("DESTDIR") or variables.get("INSTALL_ROOT")
    if root:
        top = place_of(directory, root)
        return (Write(Place(top, True), WriteKind.INSTALL, Basis.CONVENTION),)
    return tuple(Write(Place(prefix, True), WriteKind.INSTALL, basis) for prefix in prefixes)


_CONFIGURATION = re.compile(r"(?:^|_)(?:ETC|SYSCONF|CONF|LOCALSTATE)(?:_INSTALL)?_?DIR$")
"""Names by which projects call the directories of their configuration and state, outside the prefix."""

_ABSOLUTE = re.compile(r"""DESTINATION\s+"?(/[^\s")$]+)""", re.I)


def cmake(call: Call, base: Effects) -> tuple[Part, ...]:
    """cmake: configure (-S, -B, a directory), --build, --install, -E command, -P script."""
    parsed = call.parsed
    build = parsed.value("--build")
    if build is not None:
        directory = call.path(build)
        effects = _in_tree(base, directory)
        if any(is_install(t) for t in (*parsed.values("--target"), *(o.text for o in call.operands))):
            effects = replace(effects, writes=effects.writes + installed(call, directory, _destdir(call)))
        return (effects,)
    target = parsed.value("--install")
    if target is not None:
        directory = call.path(target)
        variables = _destdir(call)
        if prefix := parsed.value("--prefix"):
            variables["prefix"] = prefix
        manifest = Write(Place(posixpath.join(directory, "install_manifest.txt")), WriteKind.BOOK)
        writes = (*base.writes, *installed(call, directory, variables), manifest)
        return (replace(base, reads=(*base.reads, Place(directory, True)), writes=writes),)
    if parsed.has("-E"):
        return _cmake_tool(call, base)
    if parsed.has("-P", "--version", "--help"):
        if parsed.has("-P"):
            return (_in_tree(base, call.directory or HOLE),)
        return (replace(base, phase=Phase.NONE),)
    operands = [argument.text for argument in call.operands]
    source = call.path(parsed.value("-S") or parsed.value("-H") or (operands[-1] if operands else "."))
    tree = call.path(parsed.value("-B") or ".")
    chosen = parsed.value("--install-prefix") or "/usr/local"
    extra = []
    inner: list[str] = []
    for definition in parsed.values("-D"):
        name, _, value = definition.partition("=")
        inner += _handed_on(value)
        name = name.partition(":")[0]
        if name == "CMAKE_INSTALL_PREFIX" and value:
            chosen = value
        elif (name.startswith("CMAKE_INSTALL_") or _CONFIGURATION.search(name)) and value.startswith("/"):
            extra.append(value)
    text = call.text(posixpath.join(source, "CMakeLists.txt"))
    if text is not None:
        extra += [found.rstrip("/") for found in _ABSOLUTE.findall(text)]
    effects = replace(
        base,
        reads=(*base.reads, Place(source, True)),
        writes=(
            *base.writes,
            Write(Place(tree, True), WriteKind.TREE),
            *(Write(Place(place, True), WriteKind.INSTALL) for place in dict.fromkeys(inner)),
        ),
    )
    return effects, Learned({_key(tree): tuple(dict.fromkeys((*_prefixes(call.path(chosen)), *extra)))})


def _handed_on(value: str) -> list[str]:
    """What a project fills that the build configures and installs by itself: its options, in the value of another.

    So CMake's ExternalProject does. A directory of modules need not come to be.
    """
    options = re.findall(r"--([a-z-]+)=(/[^\s;\"']+)", value)
    if not any(name == "prefix" for name, _ in options):
        return []
    return [
        place
        for name, path in options
        if name != "modules-path"
        for place in ((path,) if name == "prefix" else _installed_by(name, path))
    ]


def _prefixes(prefix: str) -> tuple[str, ...]:
    """Where an install below a prefix goes by the rules of CMake's GNUInstallDirs and of Meson.

    Below /usr, configuration belongs to /etc; below any other prefix all is inside.
    """
    return (prefix, "/etc") if prefix == "/usr" else (prefix,)


def _destdir(call: Call) -> dict[str, str]:
    value = call.env("DESTDIR")
    return {"DESTDIR": value} if value else {}


def _in_tree(base: Effects, directory: str) -> Effects:
    place = Place(directory, True)
    return replace(base, reads=(*base.reads, place), writes=(*base.writes, Write(place, WriteKind.TREE)))


def _cmake_tool(call: Call, base: Effects) -> tuple[Part, ...]:
    words = [argument.text for argument in call.arguments]
    rest = words[words.index("-E") + 1 :] if "-E" in words else []
    match rest:
        case ("copy" | "copy_directory" | "rename" | "create_symlink" | "copy_if_different", *_, target):
            writes = (Write(call.place(target, True), WriteKind.OUTPUT, Basis.PROVEN),)
            reads = tuple(call.place(word, True) for word in rest[1:-1])
            return (replace(base, phase=Phase.FOLLOW, reads=base.reads + reads, writes=base.writes + writes),)
        case ("make_directory" | "touch", *paths):
            made = tuple(Write(call.place(path), WriteKind.DIRECTORY, Basis.PROVEN) for path in paths)
            return (replace(base, phase=Phase.FOLLOW, writes=base.writes + made),)
        case ("remove" | "remove_directory" | "rm", *paths):
            gone = tuple(call.place(path, True) for path in paths if not path.startswith("-"))
            return (replace(base, phase=Phase.CLEAN, deletes=gone),)
        case _:
            return (_in_tree(base, call.directory or HOLE),)


def install_build(call: Call, base: Effects) -> tuple[Part, ...]:
    """`meson install`: --destdir in front of the remembered prefix."""
    variables = _destdir(call)
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
        parts.append(Learned({_key(call.directory): (call.path(prefix),)}))
    return (base, *parts)


HANDLERS: dict[str, Handler] = {
    "other_build": other_build,
    "configure": configure,
    "meson_setup": configure_elsewhere,
    "make": make,
    "cmake": cmake,
    "meson_install": install_build,
}
