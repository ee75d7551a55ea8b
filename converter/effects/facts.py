"""What the effects of a command depend on besides its words: the base image, the context, tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from converter.context import Context
from converter.effects.places import join, within
from converter.knowledge.commands import CommandTables, shipped

ANY_VERSION = "*"
"""Stands for a version inside one path element that is not known."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Content of the image that can be read: `destination` came from `source` in the context, or is `text`.

    Both name a file or a whole tree.
    """

    destination: str
    source: str = ""
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """`places` are directories of the base by name (`python.site`, `node.prefix`…), as paths or patterns.

    `family` is debian, alpine, rpm or '' where it is not known. `origins` tell what COPY, ADD and
    here-documents brought, later ones first in force. `homes` are home directories of known accounts.
    """

    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    family: str = ""
    context: Context | None = None
    origins: tuple[Origin, ...] = ()
    homes: Mapping[str, str] = field(default_factory=dict)
    tables: CommandTables = field(default_factory=shipped)

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
    ruby, php, golang, rust…) or ''; `version` its major.minor, None where the tag does not say; `env` what
    the base image sets (GOPATH, CARGO_HOME, GEM_HOME, PHP_INI_DIR… win over the conventions).
    """
    return Facts(
        places=base_places(family, language, version, env or {}),
        family=family,
        context=context,
        origins=origins,
        homes=dict(homes or {}),
        tables=tables or shipped(),
    )


def base_places(
    family: str, language: str, version: str | None, env: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Where language packages go on a base image; the table of "Where things are written"."""
    dotted = version or ANY_VERSION
    places: dict[str, tuple[str, ...]] = {}
    places.update(_python(family, language, dotted))
    prefix = "/usr/local" if language == "node" else "/usr"
    if language not in ("node",) and family == "debian":
        places["node.prefix"] = ("/usr/local", "/usr")
    elif language == "node":
        places["node.prefix"] = (prefix,)
    else:
        places["node.prefix"] = ("/usr", "/usr/local")
    share = tuple(f"{p}/share" for p in places["node.prefix"])
    places["yarn.cache"] = tuple(f"{s}/.cache/yarn" for s in share)
    places["yarn.global"] = tuple(f"{s}/.config/yarn/global" for s in share)
    places["yarn.rc"] = tuple(f"{s}/.yarnrc" for s in share)
    places.update(_ruby(family, language))
    places["go.path"] = (env.get("GOPATH") or ("/go" if language == "golang" else "/root/go"),)
    places["cargo.home"] = (
        env.get("CARGO_HOME") or ("/usr/local/cargo" if language == "rust" else "/root/.cargo"),
    )
    places["rustup.home"] = (
        env.get("RUSTUP_HOME") or ("/usr/local/rustup" if language == "rust" else "/root/.rustup"),
    )
    places.update(_php(family, language, env))
    places["perl.lib"] = (
        ("/usr/local/lib/perl5",)
        if language == "perl"
        else ("/usr/local/share/perl", "/usr/local/lib", "/usr/share/perl5")
    )
    places["r.library"] = ("/usr/local/lib/R",)
    places["conda.prefix"] = (env.get("CONDA_DIR") or "/opt/conda",)
    return places


def _python(family: str, language: str, dotted: str) -> dict[str, tuple[str, ...]]:
    site: tuple[str, ...]
    prefix: tuple[str, ...]
    if language == "python":
        site, prefix = (f"/usr/local/lib/python{dotted}/site-packages",), ("/usr/local",)
    elif family == "alpine":
        site, prefix = ("/usr/lib/python*/site-packages",), ("/usr",)
    elif family == "rpm":
        site = tuple(
            f"{p}/python*/site-packages"
            for p in ("/usr/local/lib", "/usr/local/lib64", "/usr/lib", "/usr/lib64")
        )
        prefix = ("/usr/local", "/usr")
    elif family == "debian":
        site, prefix = (
            ("/usr/local/lib/python*/dist-packages", "/usr/local/lib/python*/site-packages"),
            ("/usr/local",),
        )
    else:
        site = ("/usr/local/lib/python*/*-packages", "/usr/lib/python*/*-packages")
        prefix = ("/usr/local", "/usr")
    return {
        "python.site": site,
        "python.prefix": prefix,
        "python.data": tuple(
            f"{p}/{name}" for p in prefix if p != "/usr" for name in ("share", "include", "etc", "man")
        ),
        "python.bin": tuple(f"{p}/bin" for p in prefix),
        "python.lib": tuple(
            f"{p}/lib/python{dotted if language == 'python' else '*'}" for p in ("/usr/local", "/usr")
        ),
    }


def _ruby(family: str, language: str) -> dict[str, tuple[str, ...]]:
    if language == "ruby":
        return {"gem.home": ("/usr/local/bundle",), "gem.bin": ("/usr/local/bundle/bin",)}
    if family == "alpine":
        return {"gem.home": ("/usr/lib/ruby/gems",), "gem.bin": ("/usr/bin",)}
    if family == "rpm":
        return {
            "gem.home": (
                "/usr/share/gems",
                "/usr/local/share/gems",
                "/usr/lib64/gems",
                "/usr/local/lib64/gems",
            ),
            "gem.bin": ("/usr/local/bin", "/usr/bin"),
        }
    return {"gem.home": ("/var/lib/gems",), "gem.bin": ("/usr/local/bin",)}


def _php(family: str, language: str, env: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    if language == "php":
        return {
            "php.extensions": ("/usr/local/lib/php/extensions",),
            "php.conf": ((env.get("PHP_INI_DIR") or "/usr/local/etc/php") + "/conf.d",),
            "php.pear": ("/usr/local/lib/php", "/usr/local/include/php"),
        }
    return {
        "php.extensions": ("/usr/lib/php", "/usr/lib/php5", "/usr/lib/php7"),
        "php.conf": ("/etc/php",),
        "php.pear": ("/usr/share/php", "/usr/include/php"),
    }


def place_of(directory: str | None, path: str) -> str:
    """A path as a place's path: absolute and normalised; unknown where its start is not known."""
    from converter.dockerfile.model import HOLE

    if path.startswith("/"):
        return join("/", path)
    if path.startswith(HOLE):
        return path.rstrip("/") if len(path) > 1 else path
    if directory is None:
        return f"{HOLE}/{path}"
    if directory.startswith(HOLE):
        return join("/" + directory, path)[1:]
    return join(directory, path)
