"""Node packages: installs that run scripts of the project, and scripts of package.json."""

from __future__ import annotations

import json
import re

from msgspec.structs import replace

from converter.effects.call import Call, Handler, Learned, Part, RunScript
from converter.effects.model import Effects, LibraryChange, Phase, Write, WriteKind
from converter.effects.places import Place
from converter.knowledge.libraries import own_places

_NAME = re.compile(r"(?:npm:)?(@[^/@]+/[^@/]+|[A-Za-z0-9][^@/:]*)(?:@.*)?")
_LIFECYCLE = ("preinstall", "install", "postinstall", "prepare")


def scripts_of(call: Call) -> dict[str, str]:
    """The scripts of the package.json in force, as far as its text is known."""
    text = call.text(call.path("package.json"))
    if text is None:
        return {}
    try:
        package = json.loads(text)
    except ValueError:
        return {}
    scripts = package.get("scripts") if isinstance(package, dict) else None
    if not isinstance(scripts, dict):
        return {}
    return {name: script for name, script in scripts.items() if isinstance(script, str)}


def _is_path(text: str) -> bool:
    return text.startswith((".", "/", "~", "file:")) or text.endswith((".tgz", ".tar.gz"))


def dependencies_of(call: Call) -> tuple[str, ...]:
    """Names of all packages that an install without names brings: of the lock file, else of package.json."""
    for file in ("package-lock.json", "npm-shrinkwrap.json", "package.json"):
        text = call.text(call.path(file))
        if text is None:
            continue
        try:
            package = json.loads(text)
        except ValueError:
            continue
        if not isinstance(package, dict):
            continue
        found: set[str] = set()
        for key in ("packages", "dependencies", "devDependencies", "optionalDependencies"):
            entries = package.get(key)
            if isinstance(entries, dict):
                found |= {str(name).rpartition("node_modules/")[2] for name in entries} - {""}
        if found:
            return tuple(sorted(found))
    return ()


def npm_install(call: Call, base: Effects) -> tuple[Part, ...]:
    """Installs names, files, directories, or what package.json asks for, whose own scripts run too."""
    parsed = call.parsed
    globally = parsed.has("-g") or parsed.value("--location") == "global"
    names, reads, writes = [], list(base.reads), list(base.writes)
    for argument in call.operands:
        text = argument.text
        if _is_path(text):
            tree = not text.endswith((".tgz", ".tar.gz"))
            reads.append(call.place(text.removeprefix("file:"), tree))
            if tree:
                writes.append(Write(call.place(text.removeprefix("file:"), True), WriteKind.TREE))
        elif found := _NAME.fullmatch(text):
            names.append(found[1])
    if globally and not call.operands:
        reads.append(call.place(".", True))
    library = LibraryChange("npm", tuple(names) or dependencies_of(call), globally)
    brought = (Place(place, True) for place in own_places(library.names, call.home))
    writes += [Write(place, WriteKind.INSTALL) for place in brought if place.exact]
    parts: list[Part] = [replace(base, reads=tuple(reads), writes=tuple(writes), libraries=(library,))]
    if not call.operands and not parsed.has("--ignore-scripts"):
        scripts = scripts_of(call)
        parts.extend(
            RunScript(scripts[name], call.span, "", (), call.directory, in_tree=True)
            for name in _LIFECYCLE
            if name in scripts
        )
    return tuple(parts)


_CLASSIC = re.compile(r"(?:yarn@)?(?:v?[01](?:\..*)?|classic|legacy)")
"""What names yarn 1: 1.22.19, yarn@1.x, `classic`."""
_LATER_YARN = "yarn.later"


def yarn_install(call: Call, base: Effects) -> tuple[Part, ...]:
    """Yarn 1 fills `node_modules` alone. Later versions keep `.yarn`, and `.pnp.cjs` in place of the packages.

    Which version corepack runs, and which of these a project asks for, is not known without its files.
    """
    settings = call.text(call.path(".yarnrc.yml"))
    brought = any(call.facts.is_brought(call.path(name)) for name in (".yarnrc.yml", ".yarn"))
    later = settings is not None or brought or _LATER_YARN in call.state.learned or _asks_later_yarn(call)
    if not later:
        return npm_install(call, base)
    if settings is not None and re.search(r"^nodeLinker:\s*[\"']?node-modules", settings, re.M):
        own = Write(call.place(".yarn", True), WriteKind.TREE)
        return npm_install(call, replace(base, writes=(*base.writes, own)))
    whole = Write(call.place(".", True), WriteKind.TREE)
    return npm_install(call, replace(base, phase=Phase.BUILD, writes=(*base.writes, whole)))


def _asks_later_yarn(call: Call) -> bool:
    """Whether package.json names a version of yarn (`"packageManager": "yarn@4.1.0"`) that is not 1."""
    found = re.search(r'"packageManager"\s*:\s*"(yarn@[^"+]*)', call.text(call.path("package.json")) or "")
    return found is not None and not _CLASSIC.fullmatch(found[1])


def yarn_version(call: Call, base: Effects) -> tuple[Part, ...]:
    """`yarn set version V`, `corepack enable` and `corepack prepare yarn@V`: another yarn runs from there on."""
    words = [argument.text for argument in call.operands]
    if call.name.startswith("corepack"):
        named = [word for word in words[1:] if word.startswith("yarn")]
        asked = words[:1] == ["enable"] or any(not _CLASSIC.fullmatch(word) for word in named)
    else:
        asked = any(word in ("version", "set-version") for word in words[:-1]) and not _CLASSIC.fullmatch(
            words[-1]
        )
    return (base, Learned({_LATER_YARN: (words[-1],)})) if asked else (base,)


def _run(call: Call, base: Effects, name: str, arguments: tuple[str, ...]) -> tuple[Part, ...]:
    scripts = scripts_of(call)
    parts: list[Part] = [base]
    for wanted in (f"pre{name}", name, f"post{name}"):
        if wanted in scripts:
            extra = " ".join(arguments) if wanted == name else ""
            text = f"{scripts[wanted]} {extra}".strip()
            parts.append(RunScript(text, call.span, "", (), call.directory, in_tree=True))
    return tuple(parts)


def npm_run(call: Call, base: Effects) -> tuple[Part, ...]:
    """`npm run NAME`: the script of that name, with those that go before and after it."""
    operands = [argument.text for argument in call.operands if argument.text != "--"]
    return _run(call, base, operands[0], tuple(operands[1:])) if operands else (base,)


def yarn_script(call: Call, base: Effects) -> tuple[Part, ...]:
    """`yarn NAME`."""
    return _run(call, base, call.name.rpartition(" ")[2], tuple(a.text for a in call.operands))


def npm_config(call: Call, base: Effects) -> tuple[Part, ...]:
    """`npm config set prefix P` moves later global installs."""
    words = [argument.text for argument in call.operands if argument.text != "set"]
    if words and "=" in words[0]:
        words = list(words[0].partition("=")[::2])
    if len(words) > 1 and words[0] == "prefix":
        return base, Learned({"node.prefix": (call.path(words[1]),)})
    return (base,)


def bower(call: Call, base: Effects) -> tuple[Part, ...]:
    """`bower install` fills the directory that .bowerrc names; one that cannot be read may name any of the project."""
    if base.phase is not Phase.LIBRARY:
        return (base,)
    settings = call.path(".bowerrc")
    text = call.text(settings)
    if text is None and call.facts.is_brought(settings):
        return (replace(base, phase=Phase.BUILD, writes=(Write(call.place(".", True), WriteKind.TREE),)),)
    directory = _directory(text) if text is not None else None
    if directory is None:
        return (base,)
    return (replace(base, writes=(Write(call.place(directory, True), WriteKind.TREE),)),)


def _directory(settings: str) -> str | None:
    """The directory that the text of a .bowerrc names."""
    try:
        found = json.loads(settings)
    except ValueError:
        return None
    directory = found.get("directory") if isinstance(found, dict) else None
    return directory if isinstance(directory, str) and directory else None


HANDLERS: dict[str, Handler] = {
    "bower": bower,
    "npm_install": npm_install,
    "npm_run": npm_run,
    "yarn_install": yarn_install,
    "yarn_script": yarn_script,
    "yarn_version": yarn_version,
    "npm_config": npm_config,
}
