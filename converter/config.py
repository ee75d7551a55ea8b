"""What a user can set, from three places: flags beat environment variables, which beat the config file.

One table says each setting's key, kind and choices; the readers of all three places follow it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any, assert_never

from msgspec import Struct

from converter.errors import UsageError
from converter.options import Options

FILE_NAME = "multistage.toml"
_PYPROJECT = "pyproject.toml"
PREFIX = "MULTISTAGE_"
NO_CONTEXT = ""
MAX_BYTES = 1 << 20

FORMATS = ("text", "json", "sarif", "github")
COLORS = ("auto", "always", "never")
OPTIMIZE = ("strip", "prune-dev")
FAIL_ON = ("refused", "invalid", "convertible")


class Kind(Enum):
    """What values a setting has."""

    TEXT = auto()
    CHOICE = auto()
    NAMES = auto()
    FLAG = auto()
    NUMBER = auto()
    PAIRS = auto()
    FOLDER = auto()


class Setting(Struct, frozen=True):
    """One setting: its key in a config file, which gives the names of its variable and its field."""

    key: str
    kind: Kind
    choices: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The attribute of `Settings`."""
        return self.key.replace("-", "_")

    @property
    def variable(self) -> str:
        """The environment variable."""
        return PREFIX + self.field.upper()


SETTINGS = (
    Setting("final-base", Kind.TEXT),
    Setting("build-args", Kind.PAIRS),
    Setting("optimize", Kind.NAMES, OPTIMIZE),
    Setting("strict", Kind.FLAG),
    Setting("context", Kind.FOLDER),
    Setting("format", Kind.CHOICE, FORMATS),
    Setting("color", Kind.CHOICE, COLORS),
    Setting("jobs", Kind.NUMBER),
    Setting("fail-on", Kind.NAMES, FAIL_ON),
)


class Settings(Struct, frozen=True):
    """Values from one place, or of all together; None is "not said there".

    `context` is a folder, or NO_CONTEXT where none is wanted.
    """

    final_base: str | None = None
    build_args: tuple[tuple[str, str], ...] | None = None
    optimize: frozenset[str] | None = None
    strict: bool | None = None
    context: str | None = None
    format: str | None = None
    color: str | None = None
    jobs: int | None = None
    fail_on: frozenset[str] | None = None

    def options(self) -> Options:
        """The part that the conversion itself needs."""
        return Options(
            final_base=self.final_base or "auto",
            build_args=self.build_args or (),
            optimize=self.optimize or frozenset(),
            strict=bool(self.strict),
        )


def layered(*layers: Settings) -> Settings:
    """All layers in one: for each setting the first layer that says it; build arguments add up by name."""
    values: dict[str, Any] = {}
    for name in Settings.__struct_fields__:
        said = [value for layer in layers if (value := getattr(layer, name)) is not None]
        values[name] = said[0] if said else None
    build_args = {name: value for layer in reversed(layers) for name, value in layer.build_args or ()}
    values["build_args"] = tuple(build_args.items()) or None
    return Settings(**values)


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings of `MULTISTAGE_*` variables; lists are separated by commas, pairs by blanks."""
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        if text := environment.get(setting.variable):
            raw = _from_text(setting, text)
            values[setting.field] = _checked(setting, raw, f"{setting.variable}: ")
    if is_true(environment.get(PREFIX + "NO_CONTEXT", "")):
        values["context"] = NO_CONTEXT
    return Settings(**values)


def from_table(table: Mapping[str, object], origin: str, folder: str) -> Settings:
    """The settings of a config file's table; `folder` is where the file lies. Raises UsageError."""
    known = {setting.key: setting for setting in SETTINGS}
    values: dict[str, Any] = {}
    for key, raw in table.items():
        if key not in known:
            from difflib import get_close_matches

            near = get_close_matches(key.replace("_", "-"), known, 1, 0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(sorted(known))}"
            raise UsageError(f"{origin}: unknown key '{key}'", hint)
        values[known[key].field] = _checked(known[key], raw, f"{origin}: '{key}' ")
    if context := values.get("context"):
        values["context"] = _context_inside(context, folder, origin)
    return Settings(**values)


def from_file(path: str) -> Settings:
    """The settings of a file that is named: `[tool.multistage]`, or all of a file that is ours. Raises UsageError."""
    found = _table(path)
    if found is None:
        raise UsageError(f"{path}: has no table [tool.multistage]")
    return from_table(found, path, os.path.dirname(os.path.abspath(path)))


def nearest(folder: str) -> Settings:
    """The settings of the first config file that is found going up from a folder; none is no error."""
    at = os.path.abspath(folder)
    while True:
        for name in (FILE_NAME, _PYPROJECT):
            path = os.path.join(at, name)
            if os.path.isfile(path) and (table := _table(path)) is not None:
                return from_table(table, path, at)
        above = os.path.dirname(at)
        if above == at:
            return Settings()
        at = above


def _table(path: str) -> Mapping[str, object] | None:
    """The table in a config file, or None where a `pyproject.toml` has none for us."""
    import tomllib

    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UsageError(f"{path}: larger than {MAX_BYTES:,} bytes, so it is not read")
        table = tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from error
    if os.path.basename(path) == FILE_NAME:
        return table
    tool = table.get("tool")
    ours = tool.get("multistage") if isinstance(tool, dict) else None
    if ours is not None and not isinstance(ours, dict):
        raise UsageError(f"{path}: 'tool.multistage' must be a table")
    # whatever else a file is called that somebody names, it is one for us
    return table if ours is None and os.path.basename(path) != _PYPROJECT else ours


def _from_text(setting: Setting, text: str) -> object:
    """A variable's text as the value that a config file would hold."""
    match setting.kind:
        case Kind.TEXT | Kind.CHOICE | Kind.FOLDER:
            return text
        case Kind.NAMES:
            return [name for name in text.split(",") if name]
        case Kind.FLAG:
            lowered = text.lower()
            return is_true(text) if lowered in (*_TRUE, *_FALSE) else text
        case Kind.NUMBER:
            return int(text) if text.isascii() and text.isdigit() else text
        case Kind.PAIRS:
            import shlex

            try:
                return dict(pair.partition("=")[::2] for pair in shlex.split(text))
            except ValueError:
                return text
        case _:
            assert_never(setting.kind)


_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")


def is_true(text: str) -> bool:
    """Whether a variable's text switches something on."""
    return text.lower() in _TRUE


def _checked(setting: Setting, raw: object, subject: str) -> object:
    """The value of a setting, or a UsageError that says what it must be; `subject` starts the sentence."""
    match setting.kind, raw:
        case (Kind.TEXT, str()) if raw.strip():
            return raw.strip()
        case (Kind.FOLDER, str()) if raw:
            return raw
        case (Kind.FOLDER, False):
            return NO_CONTEXT
        case (Kind.CHOICE, str()) if raw in setting.choices:
            return raw
        case (Kind.FLAG, bool()):
            return raw
        case (Kind.NUMBER, int()) if not isinstance(raw, bool) and raw > 0:
            return raw
        case (Kind.NAMES, list()) if all(name in setting.choices for name in raw):
            return frozenset(raw)
        case (Kind.PAIRS, dict()) if all(name and isinstance(value, str) for name, value in raw.items()):
            return tuple(raw.items())
        case _:
            raise UsageError(subject + _expectation(setting))


def _expectation(setting: Setting) -> str:
    match setting.kind:
        case Kind.TEXT:
            return "must be a text"
        case Kind.CHOICE:
            return f"must be one of {', '.join(setting.choices)}"
        case Kind.NAMES:
            return f"must be a list of {', '.join(setting.choices)}"
        case Kind.FLAG:
            return "must be true or false"
        case Kind.NUMBER:
            return "must be a whole number above 0"
        case Kind.PAIRS:
            return 'must be names with texts (NAME = "value")'
        case Kind.FOLDER:
            return "must be a folder, or false for none"
        case _:
            assert_never(setting.kind)


def _context_inside(context: str, folder: str, origin: str) -> str:
    """The context that a config file names, which must lie in the file's folder: it may be a stranger's."""
    place = os.path.normpath(os.path.join(folder, context))
    real, root = os.path.realpath(place), os.path.realpath(folder)
    if real != root and not real.startswith(root.rstrip(os.sep) + os.sep):
        raise UsageError(f"{origin}: 'context' leads out of {folder}", "name the folder with --context")
    return place
