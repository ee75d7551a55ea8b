"""Reads checks.toml; whatever is wrong with it is said with the table, the key and what is meant instead."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, NoReturn, TypeVar

from msgspec import Struct

from converter.diagnostics import Severity, diagnostic
from converter.verify.errors import VerifyError
from converter.verify.running.checks import (
    Allowed,
    Checks,
    Exec,
    Expected,
    Http,
    Run,
    StartWith,
    Tcp,
    Wait,
)

MAX_BYTES = 1 << 20
MAX_SECONDS = 3600

T = TypeVar("T")


def read_checks(path: str) -> Checks:
    """The checks of a file. Raises VerifyError."""
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        _wrong(path, f"cannot be read: {(error.strerror or str(error)).lower()}")
    if len(content) > MAX_BYTES:
        _wrong(path, f"larger than {MAX_BYTES:,} bytes, so it is not read")
    try:
        return from_text(content.decode("utf-8"), path)
    except UnicodeDecodeError:
        _wrong(path, "not UTF-8 text")


def from_text(text: str, name: str) -> Checks:
    """The checks of a file's text; `name` starts every complaint. Raises VerifyError."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        _wrong(name, f"not valid TOML: {error}")
    top = _Table(name, "", table)
    top.only("slow", "start", "wait", "tcp", "http", "exec", "run", "mask", "allow")
    return Checks(
        start=_start(top.table("start")),
        wait=_wait(top.table("wait")),
        tcp=top.each("tcp", _tcp),
        http=top.each("http", _http),
        exec=top.each("exec", _exec),
        run=top.each("run", _run),
        mask=top.patterns("mask"),
        allow=top.each("allow", _allow),
        slow=top.flag("slow"),
    )


def _start(table: _Table) -> StartWith:
    table.only("options", "args", "env")
    return StartWith(table.words("options"), table.words("args"), table.pairs("env"))


def _wait(table: _Table) -> Wait:
    table.only("port", "log", "exit", "seconds")
    conditions = [key for key in ("port", "log", "exit") if key in table.values]
    if len(conditions) > 1:
        table.wrong(f"{' and '.join(conditions)} exclude each other: name one condition")
    return Wait(
        port=table.port("port") if "port" in table.values else None,
        log=next(iter(table.patterns("log", single=True)), None),
        exit=table.flag("exit"),
        seconds=table.number("seconds", 1, MAX_SECONDS, Wait().seconds),
    )


def _tcp(table: _Table) -> Tcp:
    table.only("port", "send", "expect", "contains", "mask")
    return Tcp(table.port("port"), table.text("send") or "", _expected(table))


def _http(table: _Table) -> Http:
    table.only("port", "path", "method", "headers", "body", "status", "expect", "contains", "mask")
    path = table.text("path") or "/"
    if not path.startswith("/"):
        table.wrong("'path' must start with /")
    method = table.text("method") or "GET"
    if not re.fullmatch(r"[A-Z]+", method):
        table.wrong("'method' must be a word such as GET or POST")
    return Http(
        table.port("port"), path, method, table.pairs("headers"), table.text("body") or "",
        _expected(table, "status", 100, 599),
    )  # fmt: skip


def _exec(table: _Table) -> Exec:
    table.only("command", "exit", "expect", "contains", "mask")
    command = table.words("command", needed=True)
    if not command:
        table.wrong("'command' must name a program")
    return Exec(command, _expected(table, "exit", 0, 255))


def _run(table: _Table) -> Run:
    table.only("args", "exit", "expect", "contains", "mask")
    return Run(table.words("args", needed=True), _expected(table, "exit", 0, 255))


def _allow(table: _Table) -> Allowed:
    table.only("finding", "reason")
    [finding] = table.patterns("finding", single=True, needed=True)
    reason = table.text("reason", needed=True)
    return Allowed(finding, reason or "")


def _expected(table: _Table, status: str | None = None, least: int = 0, most: int = 0) -> Expected:
    code = None
    if status is not None and status in table.values:
        code = int(table.number(status, least, most, 0, whole=True))
    return Expected(code, table.text("expect"), table.text("contains"), table.patterns("mask"))


class _Table(Struct, frozen=True):
    """One table of the file, with the place that its complaints name."""

    file: str
    place: str
    values: Mapping[str, Any]

    def wrong(self, message: str, *help: str) -> NoReturn:
        """Complain about this table."""
        _wrong(self.file, f"{self.place}: {message}" if self.place else message, *help)

    def only(self, *known: str) -> None:
        """Complain about a key that means nothing, with the nearest that does."""
        for key in self.values:
            if key not in known:
                near = get_close_matches(key.lower(), known, 1, 0.5)
                hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}"
                self.wrong(f"unknown key '{key}'", hint)

    def table(self, key: str) -> _Table:
        """The table of a key, empty where there is none."""
        value = self.values.get(key, {})
        if isinstance(value, list):
            self.wrong(f"'{key}' is one table: write [{key}], not [[{key}]]")
        if not isinstance(value, dict):
            self.wrong(f"'{key}' must be a table: write [{key}]")
        return _Table(self.file, f"[{key}]", value)

    def each(self, key: str, read: Callable[[_Table], T]) -> tuple[T, ...]:
        """What is read from each table of a list of tables."""
        value = self.values.get(key, [])
        if isinstance(value, dict):
            self.wrong(f"'{key}' is a list of tables: write [[{key}]], not [{key}]")
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.wrong(f"'{key}' must be a list of tables: write [[{key}]]")
        return tuple(
            read(_Table(self.file, f"[[{key}]] {number}", item)) for number, item in enumerate(value, 1)
        )

    def text(self, key: str, needed: bool = False) -> str | None:
        """A text; None where it is not given."""
        if key not in self.values:
            if needed:
                self.wrong(f"'{key}' is missing")
            return None
        value = self.values[key]
        if not isinstance(value, str):
            self.wrong(f"'{key}' must be a text")
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.wrong(f"'{key}' must be true or false")
        return value

    def number(self, key: str, least: int, most: int, default: float, whole: bool = False) -> float:
        """A number between two bounds."""
        value = self.values.get(key, default)
        kinds = (int,) if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
            self.wrong(f"'{key}' must be a {'whole ' if whole else ''}number from {least} to {most}")
        return float(value)

    def port(self, key: str) -> int:
        """The number of a port, which must be there."""
        if key not in self.values:
            self.wrong(f"'{key}' is missing")
        return int(self.number(key, 1, 65535, 0, whole=True))

    def words(self, key: str, needed: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        if needed and key not in self.values:
            self.wrong(f"'{key}' is missing")
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self.wrong(f'\'{key}\' must be a list of texts: {key} = ["first", "second"]')
        return tuple(value)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A table of texts."""
        value = self.values.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.wrong(f"'{key}' must be names with texts: {key} = {{ NAME = \"value\" }}")
        return tuple(value.items())

    def patterns(self, key: str, single: bool = False, needed: bool = False) -> tuple[str, ...]:
        """A list of regular expressions, or a single one."""
        text = self.text(key, needed) if single else None
        found = (() if text is None else (text,)) if single else self.words(key)
        for pattern in found:
            try:
                re.compile(pattern)
            except (re.error, OverflowError, RecursionError) as error:
                self.wrong(f"'{key}' has a pattern that is no regular expression: {error}")
        return found


def _wrong(name: str, message: str, *help: str) -> NoReturn:
    raise VerifyError(diagnostic("MS708", Severity.ERROR, f"{name}: {message}", help=help))
