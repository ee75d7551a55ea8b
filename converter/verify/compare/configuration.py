"""Level 1: what the image's configuration promises to whoever starts it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from converter.knowledge.search_path import DEFAULT_PATH
from converter.verify.compare.finding import error, note, warning
from converter.verify.compare.pair import Pair
from converter.verify.differences import Difference, LacksVariable, Level
from converter.verify.images.lookup import Tree

_LEVEL = Level.CONFIGURATION
_INSTRUCTIONS = {
    "Cmd": "CMD",
    "Entrypoint": "ENTRYPOINT",
    "User": "USER",
    "WorkingDir": "WORKDIR",
    "ExposedPorts": "EXPOSE",
    "Volumes": "VOLUME",
    "Healthcheck": "HEALTHCHECK",
    "StopSignal": "STOPSIGNAL",
    "OnBuild": "ONBUILD",
    "Shell": "SHELL",
}
_ROOT = frozenset(("", "0", "root", "0:0", "root:root", "0:root", "root:0"))
_SIGNALS = {
    "": "TERM",
    "15": "TERM",
    "2": "INT",
    "3": "QUIT",
    "9": "KILL",
    "1": "HUP",
    "10": "USR1",
    "12": "USR2",
    "28": "WINCH",
}


def compare_configuration(pair: Pair) -> Iterator[Difference]:
    """Instructions that set the configuration, then ENV and LABEL."""
    before, after = _values(pair, later=False), _values(pair, later=True)
    for name, instruction in _INSTRUCTIONS.items():
        if before[name] != after[name]:
            if name == "Entrypoint" and pair.entrypoint_left:
                yield note(
                    _LEVEL, name, "the old base image's ENTRYPOINT, which only wraps the command, has left"
                )
                continue
            yield error(
                _LEVEL,
                name,
                f"{name} was {_shown(before[name])} and is {_shown(after[name])}",
                _advice(instruction, before[name]),
            )
    if (pair.before.architecture, pair.before.os) != (pair.after.architecture, pair.after.os):
        platforms = [f"{image.os}/{image.architecture}" for image in (pair.before, pair.after)]
        yield error(
            _LEVEL,
            "platform",
            f"the platform was {platforms[0]} and is {platforms[1]}",
            "Build both for one platform.",
        )
    yield from _distribution(pair)
    yield from _environment(pair)
    yield from _labels(pair)


def _distribution(pair: Pair) -> Iterator[Difference]:
    """Another release of the distribution: its packages are of other versions, which the levels do not compare."""
    before, after = (_release(tree) for tree in (pair.original, pair.converted))
    if before and after and before != after:
        yield warning(
            _LEVEL,
            "distribution",
            f"the distribution was {before} and is {after}",
            "Take a final base of the builder's release.",
        )


def _release(tree: Tree) -> str:
    """ID and VERSION_ID of os-release(5), "" where the image has none."""
    fields = dict(re.findall(r"^(ID|VERSION_ID)=\"?([^\"\n]*)", tree.text("/etc/os-release"), re.M))
    return " ".join(fields[key] for key in ("ID", "VERSION_ID") if key in fields)


def _values(pair: Pair, later: bool) -> dict[str, Any]:
    """The values to compare: different spellings of one promise are made equal."""
    image = pair.after if later else pair.before
    return {
        "Cmd": image.cmd,
        "Entrypoint": image.entrypoint,
        "User": "" if image.user in _ROOT else image.user,
        "WorkingDir": image.working_dir.rstrip("/") or "/",
        "ExposedPorts": tuple(sorted(p if "/" in p else f"{p}/tcp" for p in image.exposed_ports)),
        "Volumes": tuple(sorted({volume.rstrip("/") for volume in image.volumes})),
        "Healthcheck": image.healthcheck,
        "StopSignal": _signal(image.stop_signal),
        "OnBuild": image.on_build,
        "Shell": () if image.shell == ("/bin/sh", "-c") else image.shell,
    }


def _signal(name: str) -> str:
    return _SIGNALS.get(name, name.upper().removeprefix("SIG"))


def _advice(instruction: str, wanted: Any) -> str:
    if wanted:
        return f"State the original's {instruction} in the final stage."
    return f"Take {instruction} out of the final stage, or reset what its base image sets."


def _environment(pair: Pair) -> Iterator[Difference]:
    before, after = dict(pair.before.env), dict(pair.after.env)
    before.setdefault("PATH", DEFAULT_PATH)
    after.setdefault("PATH", DEFAULT_PATH)
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        change = f"{name} was {_shown(old)} and is {_shown(new)}"
        if name in pair.intended.environment:
            yield note(_LEVEL, name, f"{change}: it belongs to the tool chain that was left behind")
        elif name == "PATH" and _harmless_path(pair, old or "", new or ""):
            yield note(
                _LEVEL, name, f"{change}: the directories that left PATH are gone or empty of commands"
            )
        elif old is None:
            yield warning(
                _LEVEL, name, change, f"The final stage's base sets it: `ENV {name}=` hides it if it matters."
            )
        else:
            yield error(
                _LEVEL,
                name,
                change,
                f"Set ENV {name} in the final stage as the original has it.",
                lacks=(LacksVariable(name, old),),
            )


def _harmless_path(pair: Pair, old: str, new: str) -> bool:
    """Whether PATH only lost directories that hold no command in the conversion, and the order is the same."""
    later = new.split(":")
    kept = [place for place in old.split(":") if place in later]
    if [place for place in later if place in kept] != kept:
        return False
    gone = [place for place in old.split(":") if place not in later]
    return all(not pair.converted.children.get(pair.converted.real(place) or "") for place in gone)


def _labels(pair: Pair) -> Iterator[Difference]:
    before, after = pair.before.labels, pair.after.labels
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        change = f"the label {name} was {_shown(old)} and is {_shown(new)}"
        if pair.is_label_of_base(name):
            yield note(_LEVEL, name, change)
        elif old is None:
            yield warning(_LEVEL, name, change, "It comes from the final stage's base image.")
        else:
            yield error(_LEVEL, name, change, "Repeat the LABEL in the final stage.")


def _shown(value: Any) -> str:
    """A value for people: lists as JSON arrays, nothing as "not set"."""
    import json

    if value is None or value in ("", ()):
        return "not set"
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        return value if len(value) <= 200 else value[:200] + "…"
    return _healthcheck(value)


def _healthcheck(check: Any) -> str:
    times: Mapping[str, int] = {
        "interval": check.interval,
        "timeout": check.timeout,
        "start-period": check.start_period,
        "start-interval": check.start_interval,
    }
    words = [f"--{name}={time / 1e9:g}s" for name, time in times.items() if time]
    words += [f"--retries={check.retries}"] if check.retries else []
    return " ".join([*words, *check.test])
