"""The packages and modules that an application's own files name: imports, and lists of dependencies."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator

from converter.verify.images.model import Names

_MOST = 2_000
_PYTHON = re.compile(r"^[ \t]*(?:from[ \t]+(\w[\w.]*)[ \t]+import|import[ \t]+([\w., \t]+))", re.M)
_NODE = re.compile(
    r"""(?:\brequire[ \t]*\(|\bfrom|\bimport[ \t]*\(?)[ \t]*(['"])((?:@[\w.~-]+/)?[\w~-][\w.~-]*)(?:/[^'"\n]*)?\1"""
)
_RUBY = re.compile(r"""^[ \t]*require[ \t(]+['"]([\w-]+)""", re.M)
_GEM = re.compile(r"""^[ \t]*gem[ \t(]+['"]([\w.-]+)""", re.M)
_REQUIREMENT = re.compile(r"[ \t]*([A-Za-z0-9][\w.-]*)")


def names_of(path: str, text: str) -> Names | None:
    """What the file at a path names, or None for a kind of file that names nothing."""
    base = path.rpartition("/")[2]
    for pattern, language, read in _READERS:
        if pattern.fullmatch(base):
            found = sorted(set(read(text)))[:_MOST]
            return Names(language, tuple(found)) if found else None
    return None


def imports(language: str, text: str) -> frozenset[str]:
    """The modules that a script's text imports; `language` is python, node or ruby."""
    readers = {"python": _python, "node": _node, "ruby": _ruby}
    return frozenset(readers[language](text)) if language in readers else frozenset()


def python_name(name: str) -> str:
    """The spelling under which an index knows a distribution (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _python(text: str) -> Iterator[str]:
    for match in _PYTHON.finditer(text):
        for part in (match[1] or match[2]).split(","):
            words = part.split()
            if words and words[0][0] != ".":
                yield words[0].partition(".")[0]


def _node(text: str) -> Iterator[str]:
    return (match[2] for match in _NODE.finditer(text))


def _ruby(text: str) -> Iterator[str]:
    return (match[1] for match in _RUBY.finditer(text))


def _gemfile(text: str) -> Iterator[str]:
    return (match[1] for match in _GEM.finditer(text))


def _requirements(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if (match := _REQUIREMENT.match(line)) and "://" not in line.partition("@")[0]:
            yield python_name(match[1])


def _metadata(text: str) -> Iterator[str]:
    """`Requires-Dist` of an installed distribution; what an extra or a foreign platform asks for is left out."""
    for line in text.partition("\n\n")[0].splitlines():
        if line.startswith("Requires-Dist:") and ";" not in line:
            yield from _requirements(line.removeprefix("Requires-Dist:"))


def _pyproject(text: str) -> Iterator[str]:
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    project = table.get("project")
    dependencies = project.get("dependencies") if isinstance(project, dict) else None
    if isinstance(dependencies, list):
        for item in dependencies:
            if isinstance(item, str) and ";" not in item:
                yield from _requirements(item)


def _package_json(text: str) -> Iterator[str]:
    return _keys(text, "dependencies")


def _composer_json(text: str) -> Iterator[str]:
    return (name for name in _keys(text, "require") if "/" in name or name.startswith("ext-"))


def _keys(text: str, table: str) -> Iterator[str]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    found = document.get(table) if isinstance(document, dict) else None
    if isinstance(found, dict):
        yield from (name for name in found if len(name) < 215)


_READERS: tuple[tuple[re.Pattern[str], str, Callable[[str], Iterator[str]]], ...] = (
    (re.compile(r"requirements.*\.txt"), "python-dist", _requirements),
    (re.compile(r"METADATA|PKG-INFO"), "python-dist", _metadata),
    (re.compile(r"pyproject\.toml"), "python-dist", _pyproject),
    (re.compile(r"package\.json"), "node", _package_json),
    (re.compile(r"composer\.json"), "php", _composer_json),
    (re.compile(r"Gemfile"), "ruby", _gemfile),
    (re.compile(r".*\.py"), "python", _python),
    (re.compile(r".*\.[mc]?js"), "node", _node),
    (re.compile(r".*\.rb"), "ruby", _ruby),
)
