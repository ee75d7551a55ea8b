"""From a table as it was read to its frozen form, with an exact error for whatever breaks the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from converter.knowledge.schema import (
    PACKAGE_ACTIONS,
    PHASES,
    STYLES,
    TRANSFORMS,
    VALUE_KINDS,
    WRITE_KINDS,
    Command,
    Condition,
    KnowledgeError,
    LibraryRule,
    Option,
    PackageRule,
    Role,
    Rule,
    Template,
    Variable,
)

LIST_KEYS = ("reads", "writes", "deletes", "attributes", "book", "settings")
RULE_KEYS = frozenset(
    (
        *LIST_KEYS,
        "operands",
        "phase",
        "owners",
        "tools",
        "network",
        "packages",
        "libraries",
        "handler",
        "opaque",
    )
)
COMMAND_KEYS = RULE_KEYS | {
    "names", "style", "options", "default", "sub", "when", "versions", "source", "note",
}  # fmt: skip
SUB_KEYS = RULE_KEYS | {"names", "options", "when", "sub", "style", "default", "source", "note"}
WHEN_KEYS = RULE_KEYS | {"with", "without", "first", "count", "source", "note"}


class Where(Struct, frozen=True):
    """The place in a file that an error names."""

    file: str
    table: str

    def error(self, key: str, message: str) -> KnowledgeError:
        """The error for a key of this table."""
        return KnowledgeError(self.file, self.table, key, message)

    def below(self, name: str) -> Where:
        """A table inside this one."""
        return Where(self.file, f"{self.table}.{name}")


def compile_command(name: str, raw: Mapping[str, Any], where: Where) -> Command:
    """The frozen form of one table; raises KnowledgeError for whatever breaks the schema."""
    return _command(name, raw, where, COMMAND_KEYS, Command(name))


def _command(
    name: str,
    raw: Mapping[str, Any],
    where: Where,
    keys: frozenset[str] | set[str],
    parent: Command,
) -> Command:
    _check_keys(raw, where, keys)
    options = {**parent.options, **parse_options(_text(raw, "options", where), where)}
    style = _text(raw, "style", where) or parent.style
    if style not in STYLES:
        raise where.error("style", f"{style!r} is none of {', '.join(STYLES)}")
    rule = _rule(raw, where)
    if not rule.settings and parent.rule.settings:
        rule = _with_settings(rule, parent.rule.settings)
    subcommands: dict[str, Command] = {}
    handed = Command(name, style, options, rule)
    for key, child in _table(raw, "sub", where).items():
        compiled = _command(key, child, where.below(f"sub.{key}"), SUB_KEYS, handed)
        for spelling in (key, *_words(child, "names", where.below(f"sub.{key}"))):
            if spelling in subcommands:
                raise where.error("sub", f"{spelling!r} occurs twice")
            subcommands[spelling] = compiled
    default = _text(raw, "default", where) or None
    if default is not None and default not in subcommands:
        raise where.error("default", f"there is no sub-command {default!r}")
    return Command(name, style, options, rule, subcommands, default)


def _with_settings(rule: Rule, settings: tuple[Template, ...]) -> Rule:
    """The rule, and its variants, with places of configuration."""
    variants = tuple((condition, replace(each, settings=settings)) for condition, each in rule.variants)
    return replace(rule, settings=settings, variants=variants)


def _rule(raw: Mapping[str, Any], where: Where) -> Rule:
    base = {key: raw[key] for key in RULE_KEYS if key in raw}
    variants = []
    for index, child in enumerate(raw.get("when", ())):
        there = where.below(f"when.{index}")
        if not isinstance(child, Mapping):
            raise there.error("", "must be a table")
        _check_keys(child, there, WHEN_KEYS)
        fields = {**base, **{key: child[key] for key in RULE_KEYS if key in child}}
        variants.append((_condition(child, there), _plain_rule(fields, there)))
    return replace(_plain_rule(base, where), variants=tuple(variants))


def _plain_rule(raw: Mapping[str, Any], where: Where) -> Rule:
    phase = _text(raw, "phase", where) or "none"
    if phase not in PHASES:
        raise where.error("phase", f"{phase!r} is none of {', '.join(PHASES)}")
    network = raw.get("network", False)
    if not isinstance(network, bool):
        raise where.error("network", "must be true or false")
    writes = tuple(parse_template(text, where, "writes", kinds=True) for text in _words(raw, "writes", where))
    book = tuple(
        parse_template("book " + text, where, "book", kinds=True) for text in _words(raw, "book", where)
    )
    return Rule(
        operands=parse_operands(_text(raw, "operands", where), where),
        phase=phase,
        reads=tuple(parse_template(text, where, "reads") for text in _words(raw, "reads", where)),
        writes=writes + book,
        deletes=tuple(parse_template(text, where, "deletes") for text in _words(raw, "deletes", where)),
        attributes=tuple(
            parse_template(text, where, "attributes") for text in _words(raw, "attributes", where)
        ),
        owners=tuple(_words(raw, "owners", where)),
        tools=tuple(_words(raw, "tools", where)),
        network=network,
        packages=_packages(raw, where),
        libraries=_libraries(raw, where),
        handler=_text(raw, "handler", where) or None,
        opaque=_text(raw, "opaque", where) or None,
        settings=tuple(parse_template(text, where, "settings") for text in _words(raw, "settings", where)),
    )


def parse_options(text: str, where: Where) -> dict[str, Option]:
    """Every spelling of every option in an `options` string."""
    found: dict[str, Option] = {}
    for word in text.split():
        spelled, equals, kind = word.partition("=")
        if equals and kind not in VALUE_KINDS:
            raise where.error("options", f"{word!r}: {kind!r} is none of r w t d ? or nothing")
        names = spelled.split(",")
        option = Option(names[0], kind if equals else None)
        for name in names:
            if name[:1] not in "-+" or not name:
                raise where.error("options", f"{word!r} does not start with a dash")
            found[name] = option
    return found


def parse_operands(text: str, where: Where) -> tuple[Role, ...]:
    """The roles of an `operands` string."""
    roles = []
    for word in text.split():
        letter, mark = word[0], word[1:]
        if letter not in "rwdnupc" or mark not in ("", "?", "*", "+"):
            raise where.error("operands", f"{word!r} is not a role")
        roles.append(Role(letter, 0 if mark in ("?", "*") and mark else 1, 1 if mark in ("", "?") else None))
    if sum(role.high is None for role in roles) > 1:
        raise where.error("operands", "only one role can repeat")
    return tuple(roles)


_VARIABLE = re.compile(r"\{([^{}]*)\}")


def parse_template(text: str, where: Where, key: str, kinds: bool = False) -> Template:
    """One place of a table."""
    kind, proven = "", False
    if kinds:
        kind, _, text = text.partition(" ")
        if kind.endswith("!"):
            kind, proven = kind[:-1], True
        if kind not in WRITE_KINDS:
            raise where.error(key, f"{kind!r} is none of {', '.join(WRITE_KINDS)}")
    alternatives = []
    for part in text.split(" | "):
        part = part.strip()
        tree = part.endswith("/**")
        if not part:
            raise where.error(key, "an empty place")
        pieces: list[str | Variable] = []
        for index, piece in enumerate(_VARIABLE.split(part[:-3] if tree else part)):
            if index % 2:
                name, _, transform = piece.partition(":")
                if transform and transform not in TRANSFORMS:
                    raise where.error(key, f"{transform!r} is none of {', '.join(TRANSFORMS)}")
                if not name:
                    raise where.error(key, f"{part!r} has a variable without a name")
                pieces.append(Variable(name, transform))
            elif piece:
                if "{" in piece or "}" in piece:
                    raise where.error(key, f"{part!r} has a brace too many")
                pieces.append(piece)
        alternatives.append((tuple(pieces), tree))
    return Template(tuple(alternatives), kind, proven)


def _packages(raw: Mapping[str, Any], where: Where) -> PackageRule | None:
    table = _table(raw, "packages", where)
    if not table:
        return None
    there = where.below("packages")
    _check_keys(table, there, {"manager", "action", "group", "autoremove"})
    action = _text(table, "action", there)
    if action not in PACKAGE_ACTIONS:
        raise there.error("action", f"{action!r} is none of {', '.join(PACKAGE_ACTIONS)}")
    return PackageRule(
        _text(table, "manager", there),
        action,
        tuple(_text(table, "group", there).split()),
        tuple(_text(table, "autoremove", there).split()),
    )


def _libraries(raw: Mapping[str, Any], where: Where) -> LibraryRule | None:
    table = _table(raw, "libraries", where)
    if not table:
        return None
    there = where.below("libraries")
    _check_keys(table, there, {"ecosystem", "global", "native"})
    ecosystem, globally = _text(table, "ecosystem", there), table.get("global", False)
    native = table.get("native")
    if isinstance(globally, bool):
        return LibraryRule(ecosystem, globally, native=native)
    return LibraryRule(ecosystem, False, tuple(_text(table, "global", there).split()), native)


def _condition(raw: Mapping[str, Any], where: Where) -> Condition:
    count = _text(raw, "count", where)
    low, high = 0, None
    if count:
        match = re.fullmatch(r"(\d+)(\+?)", count)
        if not match:
            raise where.error("count", f"{count!r} is not a number or a number with +")
        low = int(match[1])
        high = None if match[2] else low
    condition = Condition(
        tuple(_text(raw, "with", where).split()),
        tuple(_text(raw, "without", where).split()),
        tuple(_text(raw, "first", where).split()),
        low,
        high,
    )
    if condition == Condition():
        raise where.error("", "a variant needs with, without, first or count")
    return condition


def _check_keys(raw: Mapping[str, Any], where: Where, keys: frozenset[str] | set[str]) -> None:
    for key in raw:
        if key not in keys:
            raise where.error(key, f"unknown key; known are {', '.join(sorted(keys))}")


def _text(raw: Mapping[str, Any], key: str, where: Where) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str):
        raise where.error(key, "must be a string")
    return value


def _words(raw: Mapping[str, Any], key: str, where: Where) -> list[str]:
    value = raw.get(key, [])
    if (
        isinstance(value, str)
        or not isinstance(value, (list, tuple))
        or not all(isinstance(v, str) for v in value)
    ):
        raise where.error(key, "must be a list of strings")
    return list(value)


def _table(raw: Mapping[str, Any], key: str, where: Where) -> Mapping[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, Mapping):
        raise where.error(key, "must be a table")
    return value
