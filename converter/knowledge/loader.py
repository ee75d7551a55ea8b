"""Reads command tables from TOML, checks them, and packs the shipped tables into two files that load fast.

`python -m converter.knowledge.loader` rewrites `data/commands.json` from `data/commands/*.toml`, and
`data/tables.json` from the other TOML files; tests keep them in step. User tables (overlays) take the same
path without the packing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from converter.knowledge.compiler import Where, compile_command
from converter.knowledge.schema import KnowledgeError
from converter.knowledge.tables import text as data_text

if TYPE_CHECKING:
    from pathlib import Path

Packed = dict[str, Any]
"""`commands` are raw tables by name, `names` every other spelling, `versions` the names that may end in a
version, `patterns` pairs of a pattern and the table it stands for, sorted."""


def read_tables(text: str, file: str) -> Packed:
    """The checked tables of one TOML text; raises KnowledgeError with file, table and key."""
    import tomllib

    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(file, "", "", str(error)) from error
    packed: Packed = {"commands": {}, "names": {}, "versions": [], "patterns": []}
    for name, table in raw.items():
        where = Where(file, name)
        if not isinstance(table, Mapping):
            raise where.error("", "must be a table")
        compile_command(name, table, where)
        if table.get("versions", False):
            packed["versions"].append(name)
        for spelling in table.get("names", ()):
            if spelling in packed["names"] or spelling in raw:
                raise where.error("names", f"{spelling!r} is named twice")
            packed["names"][spelling] = name
        packed["patterns"].extend([each, name] for each in (name, *table.get("names", ())) if "*" in each)
        packed["commands"][name] = _without_notes(table)
    return packed


def _without_notes(table: Mapping[str, Any], top: bool = True) -> dict[str, Any]:
    """A table without what only people read (and, at the top, what went into the lists of names)."""
    left: dict[str, Any] = {}
    for key, value in table.items():
        if key in ("source", "note") or (top and key in ("names", "versions")):
            continue
        if key == "sub":
            left[key] = {name: _without_notes(child, False) for name, child in value.items()}
        elif key == "when":
            left[key] = [_without_notes(child, False) for child in value]
        else:
            left[key] = value
    return left


def join_tables(parts: tuple[tuple[str, Packed], ...]) -> Packed:
    """Several files as one; a name may occur in one file only."""
    joined: Packed = {"commands": {}, "names": {}, "versions": [], "patterns": []}
    owner: dict[str, str] = {}
    for file, packed in parts:
        for name in (*packed["commands"], *packed["names"]):
            if name in owner:
                raise KnowledgeError(
                    file, packed["names"].get(name, name), "names", f"{name!r} is also in {owner[name]}"
                )
            owner[name] = file
        joined["commands"].update(packed["commands"])
        joined["names"].update(packed["names"])
        joined["versions"].extend(packed["versions"])
        joined["patterns"].extend(packed["patterns"])
    joined["versions"].sort()
    joined["patterns"].sort()
    return joined


def _data() -> Path:
    from pathlib import Path

    return Path(__file__).with_name("data")


def read_shipped() -> Packed:
    """The tables that come with the program, from their TOML files."""
    folder = _data() / "commands"
    paths = sorted(folder.glob("*.toml"))
    joined = join_tables(
        tuple((path.name, read_tables(path.read_text("utf-8"), path.name)) for path in paths)
    )
    return {**joined, "places": read_shipped_places()}


def read_places(text: str, file: str) -> dict[str, Any]:
    """The checked rows of the places of languages; raises KnowledgeError."""
    import tomllib

    places: dict[str, Any] = {}
    for name, rows in tomllib.loads(text).items():
        where = Where(file, name)
        for key, value in rows.items():
            if key in ("source", "note", "env", "below", "configured"):
                if not isinstance(value, str):
                    raise where.error(key, "must be a string")
            elif key == "printed":
                if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
                    raise where.error(key, "must be a list of command lines")
            elif not isinstance(value, list) or not all(str(path).startswith("/") for path in value):
                raise where.error(key, "must be a list of absolute paths")
        if "other" not in rows:
            raise where.error("other", "is missing")
        places[name] = {key: value for key, value in rows.items() if key not in ("source", "note")}
    return places


def read_shipped_places() -> dict[str, Any]:
    """The places of languages that come with the program."""
    path = _data() / "languages" / "places.toml"
    return read_places(path.read_text("utf-8"), path.name)


def pack(packed: Packed) -> str:
    """The text of the packed file: one line a command, so that a change shows as a small difference."""
    lines = [
        f"{json.dumps(name)}: {json.dumps(packed['commands'][name], separators=(',', ':'), sort_keys=True)}"
        for name in sorted(packed["commands"])
    ]
    names = json.dumps(packed["names"], separators=(",", ":"), sort_keys=True)
    versions = json.dumps(packed["versions"], separators=(",", ":"))
    patterns = json.dumps(packed["patterns"], separators=(",", ":"))
    tables = ",\n".join(lines)
    places = json.dumps(packed.get("places", {}), separators=(",", ":"), sort_keys=True)
    return (
        f'{{"commands": {{\n{tables}\n}},\n"names": {names},\n'
        f'"versions": {versions},\n"patterns": {patterns},\n"places": {places}}}\n'
    )


@cache
def load_packed() -> Packed:
    """The shipped tables from the packed file (a few milliseconds)."""
    packed: Packed = json.loads(data_text("commands.json"))
    return packed


def pack_tables() -> str:
    """The text of `data/tables.json`: a line for each TOML file beside the command tables, by its path."""
    import tomllib

    folder = _data()
    commands = folder / "commands"
    paths = sorted(path for path in folder.rglob("*.toml") if path.parent != commands)
    lines = (
        f"{json.dumps(path.relative_to(folder).as_posix())}: "
        f"{json.dumps(tomllib.loads(path.read_text('utf-8')), separators=(',', ':'))}"
        for path in paths
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    (_data() / "commands.json").write_text(pack(read_shipped()), "utf-8")
    (_data() / "tables.json").write_text(pack_tables(), "utf-8")
