"""Which paths the distribution's packages brought, of which version, and whether they are as they came.

Read from the image's own package data: dpkg and apk. rpm's database is binary: it gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from converter.verify.images.lookup import Tree
from converter.verify.images.model import Script

_DPKG = "/var/lib/dpkg"
_SETTING = re.compile(r"(?<![\w$}.-])/etc/[\w.+-]+(?:/[\w.+-]+)*")
_APK = ("/lib/apk/db/installed", "/usr/lib/apk/db/installed")


class Distribution(Struct, frozen=True):
    """`owners` are the packages of real paths, `versions` those of packages.

    `delivered` are MD5 sums (hexadecimal) of settings as they came, by path. `makers` are, by path, the packages
    whose scripts name a setting.
    """

    owners: Mapping[str, str]
    versions: Mapping[str, str]
    delivered: Mapping[str, str]
    makers: Mapping[str, frozenset[str]]

    def version_of(self, path: str) -> tuple[str, str] | None:
        """The package that brought a path and its version, or None."""
        owner = self.owners.get(path)
        return None if owner is None else (owner, self.versions.get(owner, ""))


def distribution(tree: Tree) -> Distribution:
    """What the package data of an image says. An image without any gives nothing."""
    owners: dict[str, str] = {}
    versions: dict[str, str] = {}
    delivered: dict[str, str] = {}
    for package, version, sums in _installed(tree):
        versions[package] = version
        delivered.update(sums)
    for package, path in (*_listed(tree), *_apk_files(tree)):
        directory, _, name = path.rpartition("/")
        real = tree.real(directory or "/")  # a list may name /bin/ls on a merged /usr
        if real is not None:
            owners[f"{real.rstrip('/')}/{name}"] = package
    for line in tree.text("/var/lib/ucf/hashfile").splitlines():
        total, _, path = line.partition("  ")
        delivered[path] = total
    for line in _apk_lines(tree):
        if line[0] == "P":
            package = line[2:]
        elif line[0] == "V":
            versions[package] = line[2:]
    return Distribution(owners, versions, delivered, _makers(tree))


def _makers(tree: Tree) -> Mapping[str, frozenset[str]]:
    """Packages by the settings that their scripts make after the installation (deb-postinst(5))."""
    found: dict[str, frozenset[str]] = {}
    for name in tree.children.get(f"{_DPKG}/info", []):
        entry = tree.entries[f"{_DPKG}/info/{name}"]
        if name.endswith(".postinst") and isinstance(entry.content, Script):
            package = name.removesuffix(".postinst").partition(":")[0]
            for path in _SETTING.findall(entry.content.text):
                found[path] = found.get(path, frozenset()) | {package}
    return found


def _listed(tree: Tree) -> Iterator[tuple[str, str]]:
    for name in tree.children.get(f"{_DPKG}/info", []):
        if name.endswith(".list"):
            package = name.removesuffix(".list").partition(":")[0]
            for line in tree.text(f"{_DPKG}/info/{name}").splitlines():
                if line.startswith("/") and line != "/.":
                    yield package, line


def _installed(tree: Tree) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Package, version and the sums of its settings, from dpkg's status (deb-status(5))."""
    texts = [tree.text(f"{_DPKG}/status")]
    texts += [tree.text(f"{_DPKG}/status.d/{name}") for name in tree.children.get(f"{_DPKG}/status.d", [])]
    for text in texts:
        for paragraph in text.split("\n\n"):
            name = re.search(r"^Package: (\S+)", paragraph, re.M)
            version = re.search(r"^Version: (\S+)", paragraph, re.M)
            if name and version:
                found = re.findall(r"^ (/\S+) ([0-9a-f]{32})", paragraph, re.M)
                yield name[1], version[1], dict(found)


def _apk_lines(tree: Tree) -> Iterator[str]:
    for path in _APK:
        yield from (line for line in tree.text(path).splitlines() if line[1:2] == ":")


def _apk_files(tree: Tree) -> Iterator[tuple[str, str]]:
    package = directory = ""
    for line in _apk_lines(tree):
        match line[0]:
            case "P":
                package, directory = line[2:], ""
            case "F":
                directory = line[2:]
            case "R":
                yield package, f"/{directory}/{line[2:]}"
            case _:
                pass
