"""Trees that something was built in: clones and unpacked sources that a conversion leaves behind on purpose.

Both Dockerfiles do not say what was meant. A lost tree with build files at its top is a build's, unless something
names it: the configuration, a script of the application, or a link that the conversion has.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from converter.verify.compare.pair import Pair
from converter.verify.compare.starting import needs
from converter.verify.images.model import Kind, Script

_BUILD_FILE = re.compile(
    r"(?:GNU)?[Mm]akefile(?:\.am|\.in)?|CMakeLists\.txt|configure(?:\.ac|\.in)?|autogen\.sh|meson\.build|SConstruct"
    r"|Cargo\.toml|go\.mod|pom\.xml|build\.(?:xml|gradle(?:\.kts)?|zig)|WORKSPACE|BUILD\.bazel"
    r"|.+\.(?:pro|cabal|csproj|fsproj|sln)"
)


def is_built_tree(path: str, pair: Pair) -> bool:
    """Whether a lost path is a tree with build files at its top that nothing names."""
    entry = pair.original.entries.get(path)
    if entry is None or entry.kind is not Kind.DIRECTORY:
        return False
    names = pair.original.children.get(path, [])
    if not any(map(_BUILD_FILE.fullmatch, names)):
        return False
    before, name = pair.before, path.rpartition("/")[2]
    started = (*before.entrypoint, *before.cmd)
    return not (
        any(_names(text, name) for text in started) or any(_names(text, path) for text in _texts(pair))
    )


def _names(text: str, path: str) -> bool:
    """Whether a text has a path or name in it: not as a part of another name."""
    return path in text and re.search(rf"(?<![\w.-]){re.escape(path)}(?![\w-])", text) is not None


def _texts(pair: Pair) -> Iterator[str]:
    """Texts in which a path may be named."""
    before = pair.before
    yield from (before.working_dir, *before.volumes, *before.env.values())
    for need in needs(pair.original):
        yield need.text
        yield posixpath.normpath(posixpath.join(need.directory, need.text))
    for path, entry in pair.converted.entries.items():
        if entry.kind is Kind.LINK:
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), entry.target))
        elif isinstance(entry.content, Script) and path not in pair.owned_after:
            yield entry.content.text
