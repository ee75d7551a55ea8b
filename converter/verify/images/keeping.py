"""Which files' texts are kept while an image is read, and up to which size in bytes."""

from __future__ import annotations

import re

SCRIPT = 64 << 10
"""Longest script whose text is kept; the first line of a longer one is."""

_ACCOUNTS = 1 << 20
_LIST = 512 << 10
_DATABASE = 24 << 20

_EXACT = {
    "etc/nsswitch.conf": _LIST,
    "etc/passwd": _ACCOUNTS,
    "etc/group": _ACCOUNTS,
    "etc/ld.so.conf": _LIST,
    "lib/apk/db/installed": _DATABASE,
    "usr/lib/apk/db/installed": _DATABASE,
    "var/lib/dpkg/status": _DATABASE,
    "var/lib/ucf/hashfile": _LIST,
    "usr/lib/os-release": _LIST,
    "etc/os-release": _LIST,
}
_TEXTS = re.compile(
    r"(?:etc/ld\.so\.conf\.d/[^/]+\.conf|etc/ld-musl-[^/]+\.path|var/lib/dpkg/(?:info/[^/]+\.list|status\.d/[^/]+)"
    r"|usr/lib/sysusers\.d/[^/]+\.conf|(?:.*/)?conf\.d/[^/]+\.ini)"
)
_MANIFESTS = re.compile(
    r"(?:.*/)?(?:requirements[^/]*\.txt|package\.json|Gemfile|composer\.json|pyproject\.toml|Pipfile|METADATA|PKG-INFO)"
)
_SOURCES = re.compile(r".*\.(?:py|js|mjs|cjs|rb)")
_FOREIGN = re.compile(
    r"(?:^|/)(?:node_modules/(?:.*/)?node_modules|(?:site|dist)-packages/(?!.*\.(?:dist|egg)-info/)|gems/|__pycache__"
    r"|(?:usr/|usr/local/)lib/python[\d.]+/(?!site-packages))|^usr/(?:share|lib)/"
)


def text_limit(path: str) -> int:
    """The size up to which the file's text is kept as it is; 0 if it is not."""
    limit = _EXACT.get(path)
    if limit is not None:
        return limit
    return _LIST if _TEXTS.fullmatch(path) else 0


def names_limit(path: str) -> int:
    """The size up to which the packages that the file names are read; 0 if it names none.

    Source files count only where an application keeps its own: the many files of installed libraries name
    what their packages declare anyway.
    """
    if not (_MANIFESTS.fullmatch(path) or _SOURCES.fullmatch(path)) or _FOREIGN.search(path):
        return 0
    if "node_modules/" in path and not path.endswith("package.json"):
        return 0
    return _LIST
