"""Where languages keep what they install, by base image: look-ups in `data/languages/places.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from converter.knowledge.loader import load_packed

_ALIASES = {"golang": "go"}
_MAJOR_MINOR = re.compile(r"(\d+)(?:\.(\d+))?")


@cache
def _rows() -> dict[str, dict[str, tuple[str, ...] | str]]:
    return {
        name: {key: value if isinstance(value, str) else tuple(value) for key, value in rows.items()}
        for name, rows in load_packed()["places"].items()
    }


def language_places(
    family: str, language: str, version: str | None, env: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Every place by its name (`python.site`), as paths or patterns, on one base image.

    `family` is debian, alpine, rpm or ''; `language` the one whose official image the base is, or '';
    `version` its version as the tag has it, None or '' where it has none; `env` what the base image sets.
    """
    language = _ALIASES.get(language, language)
    dotted = version_pattern(version)
    found: dict[str, tuple[str, ...]] = {}
    for name, rows in _rows().items():
        moved = env.get(str(rows["env"])) if "env" in rows else None
        if moved:
            found[name] = (moved,)
            continue
        row = next((rows[key] for key in (language, family, "other") if key in rows), ())
        found[name] = tuple(path.replace("{version}", dotted) for path in row)
    return found


def printed_places(places: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """What commands print that are asked for one of these places: `go env GOPATH`; the command line is the key.

    A pattern stands for what is not known; a place that may lie here or there is left out.
    """
    found: dict[str, str] = {}
    for name, rows in _rows().items():
        if "printed" in rows and len(places.get(name, ())) == 1:
            text = "/".join((places[name][0], *([str(rows["below"])] if "below" in rows else ())))
            found.update(dict.fromkeys(rows["printed"], text))
    return found


def place_variable(name: str) -> str | None:
    """The environment variable that moves a place (`GOPATH`), or None."""
    row = _rows().get(name, {}).get("env")
    return row if isinstance(row, str) else None


def moved_places(option: str, path: str) -> dict[str, tuple[str, ...]]:
    """The places that an option of `./configure` moves, and the official image's, which its old scripts know alone."""
    return {
        name: (path, *(place for place in rows[name.partition(".")[0]] if place != path))
        for name, rows in _rows().items()
        if rows.get("configured") == option
    }


def version_pattern(version: str | None) -> str:
    """The version inside one path element: major.minor, or a pattern where the tag says less."""
    match = _MAJOR_MINOR.match(version or "")
    if match is None:
        return "*"
    return f"{match[1]}.{match[2]}" if match[2] else f"{match[1]}.*"
