"""Operating-system packages of PHP extensions: what building one needs, and what it loads when it runs.

`docker-php-ext-install` and `pecl` compile extensions against headers that the author installs; this says
which libraries stay when the headers leave, for bases whose release is not known too: Debian's names are
patterns (`^libicu[0-9]+$`) where they carry a version.
"""

from __future__ import annotations

from msgspec import Struct

from converter.knowledge.tables import line_of, text

_TABLE = "packages/php_extensions.txt"
_OTHER_NAMES = {"zend opcache": "opcache"}


class ExtensionPackages(Struct, frozen=True):
    """The packages of one extension over all releases: one release has some of several versions of a library.

    A name that starts with `^` is a regular expression for apt-get.
    """

    runtime: tuple[str, ...]
    build: tuple[str, ...]


def extension_packages(extension: str, family: str) -> ExtensionPackages | None:
    """What an extension needs on a base of this family (debian, alpine); None if it is not known.

    The extension is named as `docker-php-ext-install` and `pecl` take it: `gd`, `redis-5.3.7`, `imagick`.
    """
    name = extension.strip().lower()
    name = _OTHER_NAMES.get(name, name)
    found = line_of(_TABLE, f"{name}@{family}")
    if found is None:
        found = line_of(_TABLE, f"{name.partition('-')[0]}@{family}")
    if found is None:
        return None
    runtime, _, build = found.partition("\t")
    return ExtensionPackages(tuple(runtime.split()), tuple(build.split()))


def known_extensions(family: str) -> tuple[str, ...]:
    """The names of the extensions that the table has for a family, sorted."""
    rows = (line.partition("\t")[0].rpartition("@") for line in text(_TABLE).splitlines() if line[0] != "#")
    return tuple(sorted(name for name, _, of in rows if of == family))
