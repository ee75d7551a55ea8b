"""Base images: what they are, hold, set and start; `image_choices.py` knows their narrower siblings."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from converter.dockerfile.model import HOLE, State

_DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "base_images")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Kind(StrEnum):
    """What an image is for."""

    OS = "os"
    LANGUAGE = "language"  # its interpreter or virtual machine runs the result
    TOOLCHAIN = "toolchain"  # it only builds
    SERVICE = "service"  # it starts a server of its own
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BaseImage:
    """One base image as far as it is known; defaults mean that nothing is known.

    `family` is debian, ubuntu, alpine, rpm, arch, busybox, scratch, distroless, windows or unknown. `suite` is
    the release that the tag names (bookworm, jammy, 3.18), None where it names none: such a tag moves from one
    release to the next. `version` is the tag's X.Y.
    `build_libraries`: it brings -dev packages of its own, so that programs may load libraries that a slim
    image lacks. `has` and `lacks` are commands (both empty: not known).
    """

    reference: str
    repository: str = ""
    tag: str = ""
    digest: str = ""
    family: str = "unknown"
    suite: str | None = None
    kind: Kind = Kind.UNKNOWN
    slim: bool = False
    languages: tuple[str, ...] = ()
    version: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    user: str = ""
    workdir: str = "/"
    stopsignal: str = ""
    volumes: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    usr_local_empty: bool = False
    certificates: bool = False
    tzdata: bool = False
    netbase: bool = False
    mime_types: bool = False
    onbuild: bool = False
    build_libraries: bool = False
    pass_through_entrypoint: bool = False
    reads: tuple[str, ...] = ()
    has: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()


@cache
def repositories() -> Mapping[str, Mapping[str, Any]]:
    """The table of repositories."""
    with open(os.path.join(_DATA, "repositories.toml"), "rb") as file:
        return tomllib.load(file)


@cache
def distributions() -> Mapping[str, Any]:
    """The table of distributions."""
    with open(os.path.join(_DATA, "distributions.toml"), "rb") as file:
        return tomllib.load(file)


@cache
def _contents() -> Mapping[str, Mapping[str, Any]]:
    with open(os.path.join(_DATA, "contents.json"), encoding="utf-8") as file:
        rows: Mapping[str, Mapping[str, Any]] = json.load(file)
        return rows


@cache
def tags(repository: str) -> Mapping[str, str]:
    """Known tags of an official image with their suites ('' where none is known); empty for others."""
    path = os.path.join(_DATA, "tags", f"{repository}.txt")
    if not re.fullmatch(r"[\w-]+", repository) or not os.path.isfile(path):
        return {}
    found: dict[str, str] = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            suite, _, names = line.rstrip("\n").partition("\t")
            found.update(dict.fromkeys(names.split(), "" if suite == "-" else suite))
    return found


@lru_cache(maxsize=1024)
def base_image(reference: str) -> BaseImage:
    """What is known of an image; never raises, whatever the text."""
    repository, tag, digest = _split(reference)
    row = repositories().get(repository)
    variant = _variant(tag)
    family = _family(repository, tag, row)
    if row is None:
        known = Kind.UNKNOWN
        row = {}
    else:
        known = Kind(row["kind"])
    if repository == "php" and variant in ("apache", "fpm"):
        known = Kind.SERVICE
    if repository == "nvidia/cuda" and "devel" not in tag:
        known = Kind.OS
    if repository == "microsoft/dotnet" and "sdk" not in tag and re.search(r"runtime", tag):
        known = Kind.LANGUAGE
    contents = _row(row, variant, family)
    version = re.match(r"v?(\d+(?:\.\d+)?)", tag)
    env = {"PATH": PATH} if row else {}
    env |= {name: HOLE if value == "?" else value for name, value in row.get("env", {}).items()}
    slim_env = repository == "php" and variant in ("apache", "fpm")
    cmd = tuple(row.get("cmd", ()))
    if slim_env:
        cmd = ("apache2-foreground",) if variant == "apache" else ("php-fpm",)
    if variant == "alpine" and cmd == ("bash",):
        cmd = ("/bin/sh",)
    return BaseImage(
        reference=reference,
        repository=repository,
        tag=tag,
        digest=digest,
        family=family,
        suite=_suite(repository, tag, family),
        kind=known,
        slim="slim" in tag or variant == "alpine" or repository == "bitnami/minideb",
        languages=tuple(row.get("languages", ())),
        version=version[1] if version and known is not Kind.OS else "",
        env=env,
        entrypoint=tuple(row.get("entrypoint", ())),
        cmd=cmd,
        user=row.get("user", ""),
        workdir="/var/www/html" if slim_env else row.get("workdir", "/"),
        stopsignal=row.get("stopsignal", ""),
        volumes=tuple(row.get("volumes", ())),
        users=tuple(row.get("users", ())),
        usr_local_empty=bool(row) and known is Kind.OS and family != "unknown" and "usr_local" not in row,
        certificates=bool(contents.get("certificates", False)),
        tzdata=bool(contents.get("tzdata", False)),
        netbase=bool(contents.get("netbase", False)),
        mime_types=bool(contents.get("mime_types", False)),
        onbuild=tag.endswith("onbuild"),
        build_libraries=bool(row.get("build_libraries", False)) and "slim" not in tag and family == "debian",
        pass_through_entrypoint=bool(row.get("pass_through", False)),
        reads=tuple(row.get("reads", ())),
        has=frozenset(contents.get("has", ())),
        lacks=frozenset(contents.get("lacks", ())),
    )


def _split(reference: str) -> tuple[str, str, str]:
    """Repository (lower case, default registry left out), tag and digest of a reference."""
    text, _, digest = reference.partition("@")
    head, slash, last = text.rpartition("/")
    name, _, tag = last.partition(":")
    repository = f"{head}{slash}{name}".lower()
    repository = re.sub(r"^((index\.)?docker\.io/|registry\.docker\.com/|registry-1\.docker\.io/)", "", repository)
    repository = re.sub(r"^(library|amd64|i386|arm32v[67]|arm64v8|ppc64le|s390x|public\.ecr\.aws/docker/library)/", "", repository)
    return repository, (tag or ("" if digest else "latest")).lower(), digest


def _variant(tag: str) -> str:
    for word in ("alpine", "slim", "apache", "fpm", "curl", "scm"):
        if re.search(rf"(^|[-_.]){word}", tag):
            return word
    return "plain"


def _family(repository: str, tag: str, row: Mapping[str, Any] | None) -> str:
    if repository == "scratch":
        return "scratch"
    if row is not None and row["kind"] == "os" and "alpine" not in tag:
        return str(row.get("family", "debian"))
    table = distributions()
    for suite in table["suites"]["ubuntu"]:
        if re.search(rf"(^|[-_.]){suite}($|[-_.0-9])", tag):
            return "ubuntu"
    for word in table["words"]:
        if any(name in f"/{repository}:{tag}" for name in table["words"][word]):
            return str(word)
    for suite in table["suites"]["debian"]:
        if re.search(rf"(^|[-_.]){suite}($|[-_.0-9])", tag):
            return "debian"
    if row is None:
        return "unknown"
    known = tags(repository).get(tag)
    if known and not known[0].isdigit():
        return "ubuntu" if known in table["suites"]["ubuntu"] else "rpm" if known.startswith("ol") else "debian"
    return str(row.get("family", "debian" if "contents" in row else "unknown"))


def _suite(repository: str, tag: str, family: str) -> str | None:
    table = distributions()
    if family == "alpine":
        if found := re.search(r"alpine-?(\d+\.\d+)", tag):
            return found[1]
        if repository == "alpine" and (found := re.match(r"(\d+\.\d+)", tag)):
            return found[1]
    elif family in ("debian", "ubuntu"):
        for suite in table["suites"][family]:
            if re.search(rf"(^|[-_.]){suite}($|[-_.0-9])", tag):
                return str(suite)
        if repository in ("debian", "ubuntu"):
            number = re.match(r"\d+(\.\d+)?", tag)
            if number is None:
                return None
            key = number[0] if repository == "ubuntu" else number[0].split(".")[0]
            found_suite: str | None = table["releases"][repository].get(key)
            return found_suite
    return None


def suite_of_tag(repository: str, tag: str) -> str | None:
    """The suite that the table gives a tag; X.Y.Z counts as X.Y. None for a floating or an unknown tag."""
    if tag in ("latest", "alpine", "slim"):
        return None
    known = tags(repository)
    for name in (tag, re.sub(r"^(\d+\.\d+)\.\d+", r"\1", tag)):
        if known.get(name):
            return known[name]
    return None


def _row(row: Mapping[str, Any], variant: str, family: str) -> Mapping[str, Any]:
    names = row.get("contents", {})
    name = names.get(variant) or ("alpine" if family == "alpine" else names.get("plain"))
    empty: Mapping[str, Any] = {}
    return _contents().get(name, empty) if name else empty


def state_of(image: BaseImage) -> State:
    """The state that a stage of this image starts with."""
    return State(env=dict(image.env), workdir=image.workdir or "/", user=image.user)


def has_command(image: BaseImage, name: str) -> bool | None:
    """Whether an image holds a command; None where it is not known."""
    if name in image.has:
        return True
    return False if name in image.lacks else None


def has_user(image: BaseImage, name: str) -> bool:
    """Whether an account or group is there from the start."""
    listed = distributions()["accounts"].get(image.family)
    return name in image.users or listed is None or name in listed


def loses(old: BaseImage, new: BaseImage) -> tuple[str, ...]:
    """Commands that only the old image is known to have."""
    return tuple(sorted(old.has - new.has)) if new.has else ()


def install_for(command: str, family: str) -> str | None:
    """The package that brings a command, or None."""
    brings = distributions()["brings"].get("debian" if family == "ubuntu" else family, {})
    found: str | None = brings.get(command)
    return found


def same_libc(one: BaseImage, two: BaseImage) -> bool:
    """Whether programs of one image can run in the other as far as the C library's kind goes."""
    musl = {"alpine"}
    return (one.family in musl) == (two.family in musl)
