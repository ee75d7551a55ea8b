"""What a table alone says of a call: from rule to effects."""

from __future__ import annotations

import posixpath

from converter.dockerfile.model import HOLE
from converter.effects import templates
from converter.effects.arguments import Parsed
from converter.effects.call import Call
from converter.effects.facts import place_of
from converter.effects.model import (
    Basis,
    Effects,
    LibraryChange,
    PackageAction,
    PackageChange,
    Phase,
    Write,
    WriteKind,
)
from converter.effects.package_names import package_names
from converter.effects.places import Place
from converter.knowledge.schema import Command, Condition, Rule

_PHASES = {phase.value: phase for phase in Phase}
_ACTIONS = {action.value: action for action in PackageAction}


def variant(rule: Rule, parsed: Parsed) -> Rule:
    """The form of a rule that applies to these arguments."""
    for condition, variant in rule.variants:
        if _holds(condition, parsed):
            return variant
    return rule


def _holds(condition: Condition, parsed: Parsed) -> bool:
    operands = parsed.operands
    if condition.having and not parsed.has(*condition.having):
        return False
    if condition.lacking and parsed.has(*condition.lacking):
        return False
    if condition.first and not (operands and operands[0].text in condition.first):
        return False
    if len(operands) < condition.low:
        return False
    return condition.high is None or len(operands) <= condition.high


def table_effects(chosen: Command, call: Call) -> Effects:
    """What the table alone says."""
    rule, parsed = call.rule, call.parsed
    reads = templates.places(rule.reads, call)
    writes = templates.writes(rule.writes, call)
    tool = posixpath.basename(call.program)
    if "/" in call.program:
        reads += (
            call.place(call.program)
            if call.directory == call.state.directory
            else Place(place_of(call.state.directory, call.program)),
        )
    for name, given in parsed.options.items():
        option = chosen.options.get(name)
        if option is None or option.kind is None or option.kind in ("?", "d", ""):
            continue
        found = tuple(
            call.place(value.text, option.kind == "t") for value in given if value.text not in ("", "-")
        )
        found = tuple(place for place in found if not place.path.startswith(("/dev/", "/proc/")))
        if option.kind == "r":
            reads += found
        else:
            kind = WriteKind.TREE if option.kind == "t" else WriteKind.OUTPUT
            writes += tuple(Write(place, kind, Basis.PROVEN) for place in found)
    packages: tuple[PackageChange, ...] = ()
    if rule.packages is not None:
        manager = tool if rule.packages.manager == "{program}" else rule.packages.manager
        names, complete = package_names(manager, call.roles.get("p", ()))
        group = next((v for option in rule.packages.group if (v := parsed.value(option))), None)
        packages = (
            PackageChange(
                manager,
                _ACTIONS[rule.packages.action],
                names,
                group,
                parsed.has(*rule.packages.autoremove),
                complete,
            ),
        )
    libraries: tuple[LibraryChange, ...] = ()
    if rule.libraries is not None:
        libraries = (
            LibraryChange(
                rule.libraries.ecosystem,
                tuple(argument.text for argument in call.roles.get("p", ())),
                rule.libraries.always_global or parsed.has(*rule.libraries.globally),
                rule.libraries.native,
            ),
        )
    owners = tuple(v for option in rule.owners for v in _owners(option, call))
    return Effects(
        phase=_PHASES[rule.phase],
        reads=reads,
        writes=writes,
        deletes=templates.places(rule.deletes, call),
        attributes=templates.places(rule.attributes, call),
        owners=owners,
        packages=packages,
        libraries=libraries,
        tools=(tool, *rule.tools),
        network=rule.network,
        opaque=rule.opaque,
        settings=_settings(rule, call),
    )


def _settings(rule: Rule, call: Call) -> tuple[Place, ...]:
    """The configuration that a command and the tools it runs look at when they fetch something."""
    if not rule.network:
        return ()
    tools = (call.facts.tables.find(tool) for tool in rule.tools)
    found = (*rule.settings, *(each for tool in tools if tool is not None for each in tool.rule.settings))
    return tuple(dict.fromkeys(place for place in templates.places(found, call) if place.known))


def _owners(source: str, call: Call) -> tuple[str, ...]:
    texts = (
        call.parsed.values(source) if source[0] == "-" else tuple(a.text for a in call.roles.get(source, ()))
    )
    # chown takes `user.group` too, where there is no colon
    parts = (name for text in texts for name in text.split(":" if ":" in text else "."))
    return tuple(name for name in parts if name and not name.isdigit() and HOLE not in name)
