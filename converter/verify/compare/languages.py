"""Level 7: packages of the languages: Python distributions, node packages, gems, PHP extensions, jars.

A conversion may leave packages behind that only the build used. So what the program's own files name is followed:
lists of dependencies, imports of its sources, and what those packages need themselves. A package on that way
that is missing is an error. Any other is a warning, unless it belongs to a tool of the language itself.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from converter.verify.compare.finding import error, judged, warning
from converter.verify.compare.packages import Package, packages
from converter.verify.compare.pair import Pair
from converter.verify.compare.places import in_builder_place, in_library, is_state
from converter.verify.differences import Difference, LacksPath, Level
from converter.verify.images.lookup import Tree
from converter.verify.images.model import Elf, Entry, Names, Script
from converter.verify.images.naming import imports

_LEVEL = Level.LANGUAGES
_TOOLS = frozenset(
    """pip setuptools wheel virtualenv pipenv poetry uv build cython npm corepack yarn pnpm
    node-gyp typescript webpack bundler rake gem""".split()  # noqa: SIM905
)
_EXTENSION = re.compile(r".*\.(?:node|so|cpython-[\w-]+\.so|abi3\.so)(?:\.[\d.]+)?")
_LANGUAGE_OF_LINE = re.compile(r"\b(python|node|ruby)[\d.]*\b")
_SHOWN = 3


def compare_languages(pair: Pair) -> Iterator[Difference]:
    """Packages, then compiled extensions inside packages that both images have."""
    known = [package for package in packages(pair.original) if _counted(package.path, pair)]
    needed = _needed(known, _named(pair.converted))
    lost: dict[str, list[Package]] = defaultdict(list)
    for package in known:
        if not pair.converted.exists(package.path) and not _elsewhere(package, pair):
            if package in needed and not _another(package, pair):
                yield error(
                    _LEVEL,
                    package.path,
                    f"{package.title} is missing, and the program names it",
                    "Copy the directory that it is installed in from the builder.",
                    lacks=(LacksPath(package.path),),
                )
            elif package.name not in _TOOLS:
                lost[_home(package.path)].append(package)
    for place, members in sorted(lost.items()):
        yield _summary(place, members, pair)
    yield from _extensions(pair)


def _counted(path: str, pair: Pair) -> bool:
    return path not in pair.owned and not is_state(path) and not in_builder_place(posixpath.dirname(path))


def _home(path: str) -> str:
    """The topmost directory of installed packages that a package lies in."""
    match = re.match(r".*?/(?:node_modules|(?:site|dist)-packages|gems|vendor)(?=/)", path)
    return match[0] if match else posixpath.dirname(path)


def _summary(place: str, members: list[Package], pair: Pair) -> Difference:
    names = sorted({package.name for package in members})
    shown = ", ".join(names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    language = members[0].language
    return warning(
        _LEVEL,
        place if len(members) > 1 else members[0].path,
        f"{place} lost {shown}{more} ({language}); nothing in the program names them",
        "Copy the directory from the builder if the program loads them by other means.",
    )


def _elsewhere(package: Package, pair: Pair) -> bool:
    """Whether another version of it lies in the same directory: the level paths compares what it holds."""
    if package.language not in ("python", "ruby"):
        return False
    directory, name = posixpath.split(package.path)
    stem = re.sub(r"-[\d][^/]*$", "", name).lower()
    return any(
        re.sub(r"-[\d][^/]*$", "", child).lower() == stem
        for child in pair.converted.children.get(directory, [])
    )


def _another(package: Package, pair: Pair) -> bool:
    """Whether a node package is found further up in the tree, as `require` does."""
    if package.language != "node":
        return False
    place = package.path
    while "/node_modules/" in place:
        place = place[: place.rindex("/node_modules/")]
        if pair.converted.exists(f"{posixpath.dirname(place)}/node_modules/{package.name}"):
            return True
    return False


def _named(tree: Tree) -> dict[str, set[str]]:
    """For each language, what the program's own files name; installed packages are not its own.

    The conversion's files are asked: of a program that was built to static pages, nothing runs that names a package.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for path, entry in tree.entries.items():
        if in_library(path) or is_state(path) or in_builder_place(posixpath.dirname(path)):
            continue
        language, names = _names(entry)
        if language:
            found[language].update(names)
    return found


def _names(entry: Entry) -> tuple[str, Iterable[str]]:
    match entry.content:
        case Names(language=language, names=names):
            return language, names
        case Script(line=line, text=text) if match := _LANGUAGE_OF_LINE.search(line):
            return match[1], imports(match[1], text)
        case _:
            return "", ()


def _needed(known: list[Package], named: dict[str, set[str]]) -> set[Package]:
    """The packages that the program names, with all they need."""
    by_name: dict[tuple[str, str], list[Package]] = defaultdict(list)
    for package in known:
        by_name[package.language, package.name].append(package)
    found = {package for package in known if _is_named(package, named)}
    pending = list(found)
    while pending:
        package = pending.pop()
        for name in package.needs:
            for other in _resolved(package, by_name.get((package.language, name), [])):
                if other not in found:
                    found.add(other)
                    pending.append(other)
    return found


def _resolved(package: Package, others: list[Package]) -> list[Package]:
    """Those of some packages of one name that a package gets: node takes the nearest on the way up."""
    near = [other for other in others if f"{package.path}/".startswith(f"{_folder(other)}/")]
    return [max(near, key=lambda other: len(other.path))] if package.language == "node" and near else others


def _folder(package: Package) -> str:
    """The directory whose files find a node package first."""
    return package.path.removesuffix(f"/node_modules/{package.name}")


def _is_named(package: Package, named: dict[str, set[str]]) -> bool:
    names = named.get(package.language, set())
    match package.language:
        case "python":
            return package.name in named.get("python-dist", set()) or bool(package.alias & names)
        case "ruby":
            return package.name in names or bool(package.alias & names)
        case "node":  # one inside another package is found by that package alone
            return package.name in names and "/node_modules/" not in f"{_folder(package)}/"
        case _:
            return package.name in names


def _extensions(pair: Pair) -> Iterator[Difference]:
    """Compiled parts that are missing from a package that is there."""
    for path, entry in pair.lost():
        if not isinstance(entry.content, Elf) or not in_library(path) or not _EXTENSION.fullmatch(path):
            continue
        place = _package_directory(path)
        if (
            not place
            or not pair.converted.exists(place)
            or not _counted(path, pair)
            or "/obj.target/" in path
        ):
            continue
        yield judged(
            True,
            _LEVEL,
            path,
            f"{place} lost its compiled part {path.removeprefix(place + '/')}",
            "Copy the whole directory of the package from the builder.",
            lacks=(LacksPath(path),),
        )


def _package_directory(path: str) -> str:
    """The directory of the package that a file lies in, "" for a file that lies among packages."""
    match = re.match(
        r".*/(?:node_modules/(?:@[^/]+/)?|(?:site|dist)-packages/|gems/(?:[\d.]+/gems/)?)[^/]+(?=/)", path
    )
    return match[0] if match else ""
