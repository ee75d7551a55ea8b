"""Operands of package managers: the bare package name in each of the forms the managers accept."""

from __future__ import annotations

import re

from converter.dockerfile.model import HOLE
from converter.effects.arguments import Argument
from converter.effects.model import PackageName

_APT = re.compile(r"(?P<name>[^=/]+?)(?::(?P<arch>[a-z0-9-]+))?(?:[=/].*)?")
_APT_KEPT = re.compile(r"(?<!\+)\+$|(?<=\+\+)\+$")
_APK = re.compile(r"!?(?P<name>[^=<>~@]+).*")
_FILE = re.compile(r"(?:.*/)?(?:(?P<deb>[a-z0-9][a-z0-9+.-]*)_[^/]*\.deb|(?P<rpm>[^/]+?)-[^-/]+-[^-/]+\.rpm)")
_RPM_ARCH = re.compile(r"\.(x86_64|noarch|i[3-6]86|aarch64|ppc64le|s390x)$")


def is_file(text: str) -> bool:
    """Whether an operand is a package file or its address instead of a name."""
    return (
        text.startswith(("/", "./", "../", "~")) or "://" in text or text.endswith((".deb", ".rpm", ".apk"))
    )


def marks_kept(text: str) -> bool:
    """Whether an operand of apt ends in the `+` that means "install" after any verb; that of `g++` is the name's."""
    return not is_file(text) and _APT_KEPT.search(text) is not None


def name_in_file(text: str) -> str | None:
    """The package's name in the name of its file: `NAME_VERSION_ARCH.deb`, `NAME-VERSION-RELEASE.ARCH.rpm`."""
    found = _FILE.fullmatch(text)
    return (found["deb"] or found["rpm"]) if found else None


def bare_name(manager: str, text: str) -> str:
    """The name without version, suite, architecture or repository tag."""
    if is_file(text):
        return text
    match manager:
        case "apt" | "dpkg":
            found = _APT.fullmatch(_APT_KEPT.sub("", text) if manager == "apt" else text)
            return found["name"] if found else text
        case "apk":
            found = _APK.fullmatch(text)
            return found["name"] if found else text
        case "yum" | "dnf" | "microdnf":
            return _RPM_ARCH.sub("", text)
        case "zypper":
            return re.split(r"[=<>]", text, maxsplit=1)[0]
        case _:
            return text


def package_names(manager: str, operands: tuple[Argument, ...]) -> tuple[tuple[PackageName, ...], bool]:
    """The names that operands give, and whether they are all known."""
    names = []
    complete = True
    for operand in operands:
        name = bare_name(manager, operand.text)
        if not name:
            continue
        if HOLE in name:
            complete = False
            continue
        names.append(PackageName(name, operand.text, operand.span, operand.literal))
    return tuple(names), complete
