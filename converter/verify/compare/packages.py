"""What language package managers installed in an image: one name, one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from converter.verify.images.lookup import Tree
from converter.verify.images.model import Kind, Names
from converter.verify.images.naming import python_name


class Package(Struct, frozen=True):
    """An installed package; `path` says where it is and is what the conversion must have as well.

    `name` is spelled as dependencies name it, `alias` other words by which programs name it (modules), and
    `needs` are names of packages of the same language that it needs itself.
    """

    language: str
    name: str
    path: str
    title: str
    alias: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


_DISTRIBUTION = re.compile(r"(.*/(?:site|dist)-packages)/([^/]+?)-[^/-]+?(?:-py[\d.]+)?\.(?:dist|egg)-info")
_NODE = re.compile(r".*/node_modules/((?:@[^/]+/)?[^/@.][^/]*)/package\.json")
_GEM = re.compile(r"(.*/gems/(?:[\d.]+/)?)specifications/(?:default/)?(.+)-([\d][\w.]*)\.gemspec")
_PHP = re.compile(r"(?:.*/extensions/[^/]+|/usr/lib/php/\d+)/([\w-]+)\.so")
_PHP_VENDOR = re.compile(r".*/vendor/([a-z0-9][\w.-]*/[a-z0-9][\w.-]*)/composer\.json")
_JAR = re.compile(r".*/([^/]+?)(?:-\d[\w.+-]*)?\.(?:jar|war|ear)")
_MODULE = re.compile(r"([A-Za-z_]\w*)(?:\.py|\.[\w-]+\.so)?")


def packages(tree: Tree) -> Iterator[Package]:
    """All installed packages, in the order of their paths."""
    modules = _Modules(tree)
    for path, entry in tree.entries.items():
        if entry.kind is Kind.DIRECTORY:
            readers = _OF_DIRECTORIES
        elif entry.kind is Kind.FILE:
            readers = _OF_FILES
        else:
            continue
        for pattern, make in readers:
            if match := pattern.fullmatch(path):
                yield make(match, path, tree, modules)
                break


class _Modules:
    """The top-level modules of a site-packages directory, by the distribution that their files are spelled like."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._lower: dict[str, dict[str, str]] = {}

    def of(self, place: str, name: str) -> frozenset[str]:
        """The module names in `place` that a distribution's name matches; its own spelling at least."""
        if place not in self._lower:
            found = (_MODULE.fullmatch(child) for child in self._tree.children.get(place, []))
            self._lower[place] = {match[1].lower(): match[1] for match in found if match}
        wanted = python_name(name).replace("-", "_")
        known = self._lower[place]
        guesses = (wanted, wanted.removeprefix("python_"), wanted.removeprefix("py"), *_KNOWN.get(wanted, ()))
        return frozenset((wanted, *(known[guess.lower()] for guess in guesses if guess.lower() in known)))


_KNOWN = {
    "pyyaml": ("yaml",),
    "pillow": ("PIL",),
    "beautifulsoup4": ("bs4",),
    "python_dateutil": ("dateutil",),
    "scikit_learn": ("sklearn",),
    "opencv_python": ("cv2",),
    "opencv_python_headless": ("cv2",),
    "psycopg2_binary": ("psycopg2",),
    "mysqlclient": ("MySQLdb",),
    "pyjwt": ("jwt",),
    "djangorestframework": ("rest_framework",),
    "protobuf": ("google",),
    "pycryptodome": ("Crypto",),
    "attrs": ("attr", "attrs"),
    "python_dotenv": ("dotenv",),
    "msgpack_python": ("msgpack",),
    "pyzmq": ("zmq",),
    "setuptools": ("pkg_resources",),
}
"""Distributions whose module has another name (their own documentation says so)."""


def _python(match: re.Match[str], path: str, tree: Tree, modules: _Modules) -> Package:
    name = match[2]
    metadata = tree.entries.get(f"{path}/METADATA") or tree.entries.get(f"{path}/PKG-INFO")
    content = metadata.content if metadata else None
    needed = frozenset(content.names if isinstance(content, Names) else ())
    alias = modules.of(match[1], name)
    return Package("python", python_name(name), path, f"the Python distribution {name}", alias, needed)


def _node(match: re.Match[str], path: str, tree: Tree, modules: _Modules) -> Package:
    content = tree.entries[path].content
    needed = frozenset(content.names if isinstance(content, Names) else ())
    place = path.removesuffix("/package.json")
    return Package("node", match[1], place, f"the node package {match[1]}", needs=needed)


def _gem(match: re.Match[str], path: str, tree: Tree, modules: _Modules) -> Package:
    alias = frozenset((match[2], match[2].replace("-", "_"), match[2].replace("-", "/")))
    return Package("ruby", match[2], path, f"the gem {match[2]}", alias)


def _php(match: re.Match[str], path: str, tree: Tree, modules: _Modules) -> Package:
    return Package("php", f"ext-{match[1]}", path, f"the PHP extension {match[1]}")


def _php_vendor(match: re.Match[str], path: str, tree: Tree, modules: _Modules) -> Package:
    place = path.removesuffix("/composer.json")
    return Package("php", match[1], place, f"the PHP package {match[1]}")


def _jar(match: re.Match[str], path: str, tree: Tree, modules: _Modules) -> Package:
    return Package("java", match[1], path, f"the archive {match[1]}")


_Maker = Callable[[re.Match[str], str, Tree, _Modules], Package]
_OF_DIRECTORIES: tuple[tuple[re.Pattern[str], _Maker], ...] = ((_DISTRIBUTION, _python),)
_OF_FILES: tuple[tuple[re.Pattern[str], _Maker], ...] = (
    (_NODE, _node),
    (_GEM, _gem),
    (_PHP, _php),
    (_PHP_VENDOR, _php_vendor),
    (_JAR, _jar),
)
