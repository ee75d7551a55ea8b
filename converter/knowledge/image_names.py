"""An image reference to repository, tag, distribution family and release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from converter.dockerfile.model import HOLE
from converter.knowledge.image_tables import distributions, shortened, tags

_DEFAULT_REGISTRY = re.compile(r"^((index\.|registry-1\.)?docker\.io/)?(library/)?")
_SAME_IMAGES = re.compile(
    r"^((mirror\.gcr\.io|public\.ecr\.aws/docker|quay\.io)/library/"
    r"|(amd64|i386|arm32v[567]|arm64v8|ppc64le|s390x|riscv64|mips64le)/)"
)
_VARIANTS = ("alpine", "slim", "apache", "fpm", "curl", "scm")


def split_reference(reference: str) -> tuple[str, str, str]:
    """Repository (lower case, default registry left out), tag (`latest` if none is given) and digest."""
    text, _, digest = reference.partition("@")
    head, slash, last = text.rpartition("/")
    name, _, tag = last.partition(":")
    repository = _DEFAULT_REGISTRY.sub("", f"{head}{slash}{name}".lower())
    return repository, (tag or ("" if digest else "latest")).lower(), digest


def is_official(repository: str) -> bool:
    """Whether it is an official image, from the default registry, a mirror, or for one architecture."""
    return "/" not in _SAME_IMAGES.sub("", repository)


def table_key(repository: str) -> str:
    """The repository whose facts hold: mirrors and single-architecture copies are the official images."""
    name = _SAME_IMAGES.sub("", repository)
    aliases: Mapping[str, str] = distributions()["aliases"]
    return aliases.get(name, name)


def variant_of(tag: str) -> str:
    """`alpine`, `slim`, `apache`, `fpm`, `curl`, `scm`, or `plain`."""
    for word in _VARIANTS:
        if re.search(rf"(^|[-_.]){word}", tag):
            return word
    return "plain"


def named_suite(tag: str, distribution: str) -> str | None:
    """The release of debian or ubuntu that a tag names by its word."""
    for suite in distributions()["suites"][distribution]:
        if re.search(rf"(^|[-_.]){suite}($|[-_.0-9])", tag):
            return str(suite)
    return None


def family_of(repository: str, tag: str, row: Mapping[str, Any] | None) -> str:
    """The distribution family; `unknown` where a part of the name that decides it is not known."""
    if repository == "scratch":
        return "scratch"
    if row is not None and row["kind"] == "os" and not re.search("alpine|windows|nanoserver", tag):
        return str(row.get("family", "debian"))
    if named_suite(tag, "ubuntu"):
        return "ubuntu"
    for family, words in distributions()["words"].items():
        if any(word in f"/{repository}:{tag}" for word in words):
            return str(family)
    if named_suite(tag, "debian"):
        return "debian"
    if row is None or HOLE in tag or "$" in tag:
        return "unknown"
    known = tags(table_key(repository)).get(shortened(tag)) or _suite_by_version(row, tag)
    if known and not known[0].isdigit():
        return _family_of_suite(known)
    return str(row.get("family", "debian" if "contents" in row else "unknown"))


def _family_of_suite(suite: str) -> str:
    if suite in distributions()["suites"]["ubuntu"] or suite.startswith("ubuntu"):
        return "ubuntu"
    return "rpm" if re.match(r"ol\d", suite) else "debian"


def suite_of(repository: str, tag: str, family: str, row: Mapping[str, Any] | None) -> str | None:
    """The release, or None where it is not known or not certain.

    Certain are releases that the tag names, and those of series that stayed on an older one: what is on the
    newest release that the repository has may be built on the next one tomorrow.
    """
    releases: Mapping[str, Mapping[str, str]] = distributions()["releases"]
    if family == "alpine":
        if found := re.search(r"alpine-?v?(\d+\.\d+)", tag):
            return found[1]
        if row is not None and row["kind"] == "os" and (found := re.search(r"(?:^|-)v?(\d+\.\d+)", tag)):
            return found[1]
    elif family in ("debian", "ubuntu"):
        if suite := named_suite(tag, family):
            return suite
        if found := re.search(rf"{family}[-_]?(\d+(?:\.\d\d)?)", f"{repository}:{tag}"):
            return releases[family].get(found[1])
        if row is not None and row["kind"] == "os":
            number = re.match(r"\d\d\.\d\d" if family == "ubuntu" else r"\d+", tag)
            return releases[family].get(number[0]) if number else None
    suite = newest_suite(repository, tag, row)
    if row is None or suite is None or not is_settled(repository, tag, row):
        return None
    return suite if row.get("ended") or suite != _last_suite(table_key(repository), family) else None


@cache
def _last_suite(key: str, family: str) -> str | None:
    """The newest release of a family that any tag of a repository is on."""
    known = set(tags(key).values())
    if family == "alpine":
        numbers = [tuple(map(int, suite.split("."))) for suite in known if re.fullmatch(r"\d+\.\d+", suite)]
        return ".".join(map(str, max(numbers))) if numbers else None
    ordered: list[str] = distributions()["suites"].get(family, sorted(known))
    return next((suite for suite in reversed(ordered) if suite in known and suite != "sid"), None)


def newest_suite(repository: str, tag: str, row: Mapping[str, Any] | None) -> str | None:
    """The release that a tag (its X.Y) names now; point releases of it may be on an older one."""
    if row is None:
        return None
    return tags(table_key(repository)).get(shortened(tag)) or _suite_by_version(row, tag)


def oldest_suite(repository: str, tag: str, row: Mapping[str, Any] | None) -> str | None:
    """The oldest release that a numbered tag may be on, whenever it was built; None where that is not known."""
    found = re.match(r"v?(\d+(?:\.\d+)*)", tag)
    if found is None or row is None or row["kind"] == "os":
        return None
    number = tuple(map(int, found[1].split(".")))
    since: Mapping[str, str] = row.get("since", {})
    for suite, first in reversed(tuple(since.items())):
        if number >= tuple(map(int, first.split("."))):
            return suite
    short = ".".join(map(str, number[:2]))
    known = tags(table_key(repository))
    order: list[str] = [*distributions()["suites"]["debian"], *distributions()["suites"]["ubuntu"]]
    return next((s for s in order if known.get(short) == s or f"{short}-{s}" in known), None)


def _suite_by_version(row: Mapping[str, Any], tag: str) -> str | None:
    """What the row says of X.Y where it lists no tags; only for tags that name no other variant."""
    found = re.match(r"(\d+\.\d+)(?:\.\d+)*(?:-(?:sdk|runtime|aspnetcore-runtime|bullseye-slim))?$", tag)
    suites: Mapping[str, str] = row.get("suites", {})
    return suites.get(found[1]) if found else None


def is_settled(repository: str, tag: str, row: Mapping[str, Any]) -> bool:
    """Whether the release behind a tag is known not to move: X.Y, a whole number, a line or major that ended.

    A point release X.Y.Z stays on what was current when it came out: it counts only where X.Y is as
    short-lived (`points` of the row), or where X.Y has been on one release only.
    """
    found = re.match(r"v?(\d+)(\.\d+)?(\.\d+)?", tag)
    if found is None:
        return any(tag == line or tag.startswith(f"{line}-") for line in row.get("lines", ()))
    if found[3]:
        return bool(row.get("points") or row.get("suites")) or _has_one_suite(table_key(repository), tag)
    if found[2] or row.get("series") == 1:
        return True
    numbers = (re.match(r"\d+", name) for name in tags(table_key(repository)))
    return int(found[1]) < max((int(number[0]) for number in numbers if number), default=0)


def _has_one_suite(key: str, tag: str) -> bool:
    """Whether the default of X.Y is the oldest release that X.Y was built on."""
    known = tags(key)
    short = shortened(tag)
    default = known.get(short, "")
    if not default:
        return False
    if short.endswith("alpine"):
        named = {known[name] for name in known if re.fullmatch(rf"{re.escape(short)}\d\.\d+", name)}
        return named == {default}
    order: list[str] = [*distributions()["suites"]["debian"], *distributions()["suites"]["ubuntu"]]
    if default not in order:
        return False
    older = order[: order.index(default)]
    return not any(f"{short}-{suite}" in known for suite in older)


def version_of(tag: str, row: Mapping[str, Any] | None) -> str:
    """X.Y of a tag, or X where the image's series are whole numbers; '' else."""
    found = re.match(r"v?(\d+)(\.\d+)?", tag)
    if found is None or row is None or row["kind"] == "os":
        return ""
    if found[2] or row.get("series") == 1:
        return f"{found[1]}{found[2] or ''}"
    return ""
