"""Makes the tables of known tags, `data/base_images/tags`, from the `library` files of the official images.

A library file says what each tag is today; the table also keeps what tags were that are built no more, so a table is
brought up to date rather than made anew. The shipped ones were added up from the history of those files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from converter.knowledge.image_names import named_suite
from converter.knowledge.image_tables import shortened

_FIELD = re.compile(r"^(\w+): *(.*(?:\n[ \t].*)*)", re.MULTILINE)
_ALPINE = re.compile(r"alpine[-/]?v?(\d+\.\d+)")
_LEFT_OUT = re.compile(r"windows|nanoserver|-rc|beta|alpha\d")
_NO_SUITE = "-"


def lines(library: str, older: Iterable[str]) -> Iterator[str]:
    """The lines `SUITE<tab>tags…` of a library file, on top of the lines that there were."""
    known: dict[str, str] = {}
    for line in older:
        suite, _, tags = line.partition("\t")
        known.update(dict.fromkeys(tags.split(), suite))
    for names, directory in _entries(library):
        suite = _suite(names, directory)
        known.update(dict.fromkeys((tag for tag in names if _is_kept(tag)), suite))
    by_suite: dict[str, list[str]] = {}
    for tag, suite in known.items():
        by_suite.setdefault(suite, []).append(tag)
    yield from (f"{suite}\t{' '.join(sorted(by_suite[suite]))}" for suite in sorted(by_suite))


def _entries(library: str) -> Iterator[tuple[Sequence[str], str]]:
    """All tags of each image, and the directory of its Dockerfile."""
    for paragraph in library.split("\n\n"):
        fields = dict(_FIELD.findall(paragraph))
        if "Tags" in fields and "windows" not in fields.get("Architectures", ""):
            words = f"{fields['Tags']}, {fields.get('SharedTags', '')}"
            yield [tag.strip() for tag in words.split(",") if tag.strip()], fields.get("Directory", "")


def _suite(tags: Sequence[str], directory: str) -> str:
    """The release that one of the tags names, else the directory; these names are all for the same image."""
    for text in (*tags, directory.replace("/", "-")):
        found = _ALPINE.search(text)
        suite = found[1] if found else named_suite(text, "debian") or named_suite(text, "ubuntu")
        if suite is not None:
            return suite
    return _NO_SUITE


def _is_kept(tag: str) -> bool:
    """Whether the table lists a tag: X.Y stands for X.Y.Z, and what is no release yet is left out."""
    return shortened(tag) == tag and not _LEFT_OUT.search(tag)
