"""What the effects of a command depend on besides its words: the base image, the context, tables."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from converter.context import Context
from converter.dockerfile.model import HOLE
from converter.effects.places import join, within
from converter.knowledge.commands import CommandTables, shipped
from converter.knowledge.language_places import language_places, printed_places

ANY_VERSION = "*"
"""Stands for a version inside one path element that is not known."""


class Origin(Struct, frozen=True):
    """Content of the image that can be read: `destination` came from `source` in the context, or is `text`.

    Both name a file or a whole tree.
    """

    destination: str
    source: str = ""
    text: str | None = None


class Facts(Struct, frozen=True):
    """`places` are directories of the base by name (`python.site`, `node.prefix`…), as paths or patterns.

    `family` is debian, alpine, rpm or '' where it is not known. `origins` tell what COPY, ADD and
    here-documents brought, later ones first in force. `homes` are home directories of known accounts,
    `printed` what command lines print that ask a tool for a place.
    """

    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    family: str = ""
    context: Context | None = None
    origins: tuple[Origin, ...] = ()
    homes: Mapping[str, str] = field(default_factory=dict)
    tables: CommandTables = field(default_factory=shipped)
    printed: Mapping[str, str] = field(default_factory=dict)

    def with_origins(self, origins: tuple[Origin, ...]) -> Facts:
        """These facts after an instruction that brought readable files."""
        return replace(self, origins=self.origins + origins) if origins else self

    def read_text(self, path: str) -> str | None:
        """The text of a file of the image, if it came from the context or a here-document of COPY."""
        for origin in reversed(self.origins):
            if not within(path, origin.destination):
                continue
            if origin.text is not None:
                if path == origin.destination:
                    return origin.text
                continue
            rest = path[len(origin.destination) :].lstrip("/")
            source = "/".join(part for part in (origin.source, rest) if part)
            if self.context is not None and (text := self.context.read_text(source)) is not None:
                return text
        return None

    def is_brought(self, path: str) -> bool:
        """Whether a COPY or ADD brought just this file, readable or not."""
        return any(origin.destination == path for origin in self.origins)

    def home(self, user: str) -> str:
        """The home directory of an account (root's for '')."""
        name = user.partition(":")[0]
        if name in ("", "root", "0"):
            return "/root"
        return self.homes.get(name) or f"/home/{ANY_VERSION if name.isdigit() else name}"


def facts_of(
    *,
    family: str = "",
    language: str = "",
    version: str | None = None,
    env: Mapping[str, str] | None = None,
    context: Context | None = None,
    tables: CommandTables | None = None,
    origins: tuple[Origin, ...] = (),
    homes: Mapping[str, str] | None = None,
) -> Facts:
    """Facts of a base image from simple arguments.

    `family` is debian, alpine or rpm; `language` is the one whose official image the base is (python, node,
    ruby, php, go, rust…) or ''; `version` its version, None or '' where the tag does not say; `env` what the
    base image sets (GOPATH, CARGO_HOME, GEM_HOME… win over the conventions).
    """
    places = language_places(family, language, version, env or {})
    return Facts(
        places=places,
        family=family,
        context=context,
        origins=origins,
        homes=dict(homes or {}),
        tables=tables or shipped(),
        printed={line: text.replace("*", HOLE) for line, text in printed_places(places).items()},
    )


def place_of(directory: str | None, path: str) -> str:
    """A path as a place's path: absolute and normalised; unknown where its start is not known."""
    if path.startswith("/"):
        return join("/", path)
    if path.startswith(HOLE):
        return path.rstrip("/") if len(path) > 1 else path
    if directory is None:
        return f"{HOLE}/{path}"
    if directory.startswith(HOLE):
        return join("/" + directory, path)[1:]
    return join(directory, path)
