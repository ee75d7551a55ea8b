"""Words of a command after expansion, and their parting into options and operands as tables describe them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from converter.knowledge.schema import Command, Option, Role
from converter.span import Span


class Argument(NamedTuple):
    """One evaluated word: its text (HOLE for unknown pieces), its place, whether it is written out there.

    `maybe` is what a substitution prints where a condition in it holds.
    """

    text: str
    span: Span
    literal: bool = True
    maybe: str = ""


class Parsed(Struct, frozen=True):
    """Arguments by meaning: option values under the first spelling (a flag has ''), operands in order."""

    options: Mapping[str, tuple[Argument, ...]]
    operands: tuple[Argument, ...]
    unknown: tuple[str, ...] = ()

    def has(self, *names: str) -> bool:
        """Whether any of these options is given."""
        return any(name in self.options for name in names)

    def value(self, name: str) -> str | None:
        """The text of an option's last value, or None."""
        values = self.options.get(name)
        return values[-1].text if values else None

    def values(self, name: str) -> tuple[str, ...]:
        """The texts of all values of an option."""
        return tuple(value.text for value in self.options.get(name, ()))


def parse(
    arguments: tuple[Argument, ...], options: Mapping[str, Option], style: str = "gnu", stop: bool = False
) -> tuple[Parsed, tuple[Argument, ...]]:
    """Parts `arguments`; with `stop` (or style posix) all from the first operand on is returned as rest.

    Unknown options count as flags (with a value if one is attached); nothing is ever an error.
    """
    found: dict[str, tuple[Argument, ...]] = {}
    operands: list[Argument] = []
    unknown: list[str] = []
    index, count = 0, len(arguments)
    stop = stop or style == "posix"

    def give(name: str, value: Argument) -> None:
        found[name] = (*found.get(name, ()), value)

    while index < count:
        argument = arguments[index]
        text = argument.text
        index += 1
        if text == "--":
            if stop:
                return Parsed(found, (), tuple(unknown)), arguments[index:]
            operands.extend(arguments[index:])
            break
        if len(text) < 2 or text[0] not in "-+" or (text[0] == "+" and text not in options):
            if stop:
                return Parsed(found, (), tuple(unknown)), arguments[index - 1 :]
            operands.append(argument)
            continue
        option = options.get(text)
        if option is not None:
            if option.kind is None or option.kind == "?":
                give(option.name, Argument("", argument.span, argument.literal))
            elif index < count:
                give(option.name, arguments[index])
                index += 1
            continue
        name, equals, value = text.partition("=")
        option = options.get(name)
        if equals and option is not None:
            give(option.name, Argument(value, argument.span, argument.literal))
            continue
        if text.startswith("--"):
            full = _abbreviation(name, options)
            if full is None:
                unknown.append(name)
                give(name, Argument(value, argument.span, argument.literal))
            elif full.kind in (None, "?") or equals:
                give(full.name, Argument(value, argument.span, argument.literal))
            elif index < count:
                give(full.name, arguments[index])
                index += 1
            continue
        if style == "single":
            option = options.get(text[:2])
            if option is not None and option.kind is not None:
                give(option.name, Argument(text[2:].removeprefix("="), argument.span, argument.literal))
            else:
                unknown.append(name)
                give(name, Argument(value, argument.span, argument.literal))
            continue
        # a cluster of short options; the first that takes a value takes what is left, or the next word
        for at in range(1, len(text)):
            letter = "-" + text[at]
            option = options.get(letter)
            if option is None:
                unknown.append(letter)
                give(letter, Argument("", argument.span, argument.literal))
                continue
            if option.kind is None:
                give(option.name, Argument("", argument.span, argument.literal))
                continue
            rest = text[at + 1 :]
            if rest or option.kind == "?":
                give(option.name, Argument(rest, argument.span, argument.literal))
            elif index < count:
                give(option.name, arguments[index])
                index += 1
            break
    return Parsed(found, tuple(operands), tuple(unknown)), ()


def _abbreviation(name: str, options: Mapping[str, Option]) -> Option | None:
    """The one long option that `name` begins, as getopt_long accepts it."""
    if len(name) < 5:
        return None
    matches = {option.name: option for spelling, option in options.items() if spelling.startswith(name)}
    return next(iter(matches.values())) if len(matches) == 1 else None


def assign(operands: tuple[Argument, ...], roles: tuple[Role, ...]) -> dict[str, tuple[Argument, ...]]:
    """Which operands have which role; those that no role takes are left out."""
    if not roles:
        return {}
    if len(roles) == 1:
        role = roles[0]
        return {role.letter: operands if role.high is None else operands[: role.high]}
    repeated = next((at for at, role in enumerate(roles) if role.high is None), None)
    taken: dict[str, tuple[Argument, ...]] = {}
    left = list(operands)
    if repeated is not None:
        for role in reversed(roles[repeated + 1 :]):
            needed = sum(other.low for other in roles[: roles.index(role)])
            if left and (role.low or len(left) > needed):
                taken[role.letter] = (left.pop(), *taken.get(role.letter, ()))
    head = roles if repeated is None else roles[:repeated]
    for position, role in enumerate(head):
        following = sum(other.low for other in head[position + 1 :])
        if left and (role.low or len(left) > following):
            taken[role.letter] = (*taken.get(role.letter, ()), left.pop(0))
    if repeated is not None and left:
        letter = roles[repeated].letter
        taken[letter] = (*left, *taken.get(letter, ()))
    return taken


def select(command: Command, arguments: tuple[Argument, ...]) -> tuple[Command, str, Parsed]:
    """The (sub-)command that the arguments name, its full name, and the arguments parted by its options."""
    current, name = command, command.name
    given: dict[str, tuple[Argument, ...]] = {}
    rest = arguments
    while current.subcommands:
        before, after = parse(rest, current.options, current.style, stop=True)
        for key, values in before.options.items():
            given[key] = given.get(key, ()) + values
        chosen = current.subcommands.get(after[0].text) if after else None
        if chosen is not None:
            name = f"{name} {after[0].text}"
            current, rest = chosen, after[1:]
        elif current.default is not None and (not after or "*" not in current.subcommands):
            name = f"{name} {current.default}"
            current, rest = current.subcommands[current.default], after
        elif after and (fallback := current.subcommands.get("*")) is not None:
            name = f"{name} {after[0].text}"
            current, rest = fallback, after[1:]
        else:
            rest = after
            break
    parsed, left = parse(rest, current.options, current.style)
    options = dict(parsed.options)
    for key, values in given.items():
        options[key] = values + options.get(key, ())
    return current, name, Parsed(options, parsed.operands or left, parsed.unknown)
