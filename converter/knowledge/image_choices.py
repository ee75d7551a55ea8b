"""Narrower bases of the same release: slim variants and plain systems."""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.knowledge.image_model import BaseChoice, BaseImage, Kind
from converter.knowledge.image_names import is_official, is_settled, named_suite, newest_suite, table_key
from converter.knowledge.image_runtimes import products_runtime, runtime_sibling
from converter.knowledge.image_tables import distributions, listed, repository_row
from converter.knowledge.image_text import with_repository, with_tag

__all__ = ["has_narrower", "runtime_sibling", "slim_sibling", "without_toolchain"]

_NO_TOOLS = "nothing in the final stage uses what the image is for"
_MAYBE_NEWER = "the builder may be of an older release than the final image"


def slim_sibling(image: BaseImage) -> str | None:
    """The slim variant of the same tag, if it exists and the image is not slim already.

    Copies of official images under other names (`tianon/debian`) have not all of their tags.
    """
    if image.slim or image.digest or image.family not in ("debian", "ubuntu"):
        return None
    if not is_official(image.repository):
        return None
    repository = table_key(image.repository)
    if repository == "debian":
        slim = _slim_debian(image)
    elif image.kind is Kind.LANGUAGE:
        slim = next((t for t in _slim_spellings(image.tag) if listed(repository, t)), None)
    else:
        slim = None
    return with_tag(image, slim) if slim else None


def has_narrower(image: BaseImage) -> bool:
    """Whether any smaller image of the same release is known: a plain system, a run time, or a slim variant."""
    return any(choose(image) is not None for choose in (without_toolchain, runtime_sibling, slim_sibling))


def _slim_debian(image: BaseImage) -> str | None:
    rules = distributions()["debian_slim"]
    if image.tag == "latest":
        return str(rules["latest"])
    if image.tag in rules["moving"]:
        return f"{image.tag}-slim"
    written = re.fullmatch(r"(?:[a-z]+|(\d+)(?:\.(\d+))?)(?:-(\d{8})(?:\.\d+)?)?", image.tag)
    if written is None or image.suite is None or image.suite in rules["without"]:
        return None
    major, point, date = written.groups()
    if point is not None and int(point) < rules["since_point"].get(major, 0):
        return None
    return None if date is not None and date < rules["since_date"] else f"{image.tag}-slim"


def _slim_spellings(tag: str) -> Iterator[str]:
    """The ways in which official images write the slim variant of a tag."""
    suite = named_suite(tag, "debian") or named_suite(tag, "ubuntu")
    if tag == "latest":
        yield "slim"
    elif suite and tag == suite:
        yield from (f"slim-{suite}", f"{suite}-slim")
    elif suite and tag.endswith(f"-{suite}"):
        yield from (f"{tag.removesuffix(suite)}slim-{suite}", f"{tag}-slim")
    elif not suite:
        yield f"{tag}-slim"


def without_toolchain(image: BaseImage) -> BaseChoice | None:
    """The plain system of the same release, for a result that needs neither interpreter nor compiler.

    Programs of some tool chains load its own libraries (CUDA, Swift): for these it is the run time without
    the compiler. A series that may move is pinned to its release where that tag is listed; without it, a
    floating tag gives None.
    A point release whose distribution's release is not certain gets the newest that it can have, marked as
    another one.
    """
    if image.kind not in (Kind.LANGUAGE, Kind.TOOLCHAIN) or image.digest:
        return None
    runtime = products_runtime(image)
    if runtime is not None:
        return BaseChoice(image.reference, runtime, "programs need the run-time libraries of the tool chain")
    repository = table_key(image.repository)
    row = repository_row(repository) or {}
    if row.get("run_time"):
        return None  # it has no compiler, or no run time of it is known
    suite = image.suite or newest_suite(image.repository, image.tag, row)
    if suite is None or suite in distributions()["debian_slim"]["without"] or _newer_libraries(image, suite):
        return None
    final = _plain(image, suite)
    if final is None:
        return None
    if image.suite:
        return BaseChoice(image.reference, final, _NO_TOOLS)
    if not is_settled(image.repository, image.tag, row) and re.match(r"v?\d+\.\d+\.\d+", image.tag):
        return BaseChoice(image.reference, final, f"{_NO_TOOLS}; {_MAYBE_NEWER}", True)
    pinned = _pinned(image, suite)
    if pinned is None and not is_settled(image.repository, image.tag, row):
        return None
    return BaseChoice(pinned or image.reference, final, _NO_TOOLS)


def _newer_libraries(image: BaseImage, suite: str) -> bool:
    """Whether the compiler's own run-time libraries are of another version than the distribution's."""
    if not image.own_libraries:
        return False
    own: str | None = distributions()["gcc"].get(suite)
    return image.version.split(".")[0] != own


def _plain(image: BaseImage, suite: str) -> str | None:
    match image.family:
        case "alpine":
            return with_repository(image, "alpine", suite)
        case "debian":
            return with_repository(image, "debian", f"{suite}-slim")
        case "ubuntu":
            numbers = {name: number for number, name in distributions()["releases"]["ubuntu"].items()}
            return with_repository(image, "ubuntu", numbers.get(suite, suite))
        case _:
            return None


def _pinned(image: BaseImage, suite: str) -> str | None:
    """The image with its release named, if that tag is listed."""
    if not is_official(image.repository):
        return None
    tag = image.tag
    if image.family == "alpine":
        spellings = [re.sub(r"alpine$", f"alpine{suite}", tag)]
    elif tag == "latest":
        spellings = [suite]
    else:
        spellings = [f"{tag}-{suite}", re.sub(r"slim$", f"{suite}-slim", tag)]
    for spelling in spellings:
        if spelling != tag and listed(table_key(image.repository), spelling):
            return with_tag(image, spelling)
    return None
