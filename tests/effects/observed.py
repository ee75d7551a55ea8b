"""Cases that were really run: what was created, changed, deleted and read, against what the effects say."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from converter.dockerfile.model import ShellText, State
from converter.effects.facts import Facts, facts_of
from converter.effects.interpreter import members, shell_state
from converter.effects.model import Effects, WriteKind, merge
from converter.effects.places import Place, covers, overlaps, within
from converter.shell.model import Script
from converter.shell.reader import read

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PREPARATION = """mkdir -p /src/d/sub /opt/x; echo a >/src/a; echo b >/src/b
echo c >/src/d/c; echo e >/src/d/sub/e; ln -s a /src/l; ln -s d /src/ld; echo old >/opt/x/old
"""

# Logs, caches, package databases and what programs leave behind without being asked: see the data's README
IGNORED = (
    "/var/log", "/var/cache", "/var/lib/dpkg", "/var/lib/apt", "/root/.cache", "/run", "/tmp", "/root/.npm",
    "/var/lib/systemd", "/root/.config/go", "/etc/ld.so.cache", "/root/.wget-hsts",
)  # fmt: skip


EXPLAINED = {
    "div01": "a diversion of /bin/tar where /bin is a link to /usr/bin",
    "php01": "the stand-in for the official image keeps Debian's state of PHP modules",
    "x13": "cmake -P runs a script in cmake's own language",
    "x15": "the archive has a second name (a hard link)",
}
"""Cases whose changes are not covered, and why."""


@dataclass(frozen=True)
class Case:
    """One observed command line."""

    name: str
    image: str
    setup: str
    command: str
    cwd: str
    exit: int
    touched: tuple[str, ...]
    read: tuple[str, ...] | None


def load(shared: Path) -> tuple[Case, ...]:
    """All cases in the order of the file."""
    lines = (shared / "data" / "effects" / "observed.jsonl").read_text("utf-8").splitlines()
    return tuple(_case(json.loads(line)) for line in lines)


def _case(raw: dict[str, object]) -> Case:
    paths: list[str] = []
    for key in ("created", "changed", "deleted"):
        listed = raw[key]
        assert isinstance(listed, list)
        paths.extend(_path(text) for text in listed)
    traced = raw.get("read")
    return Case(
        str(raw["name"]),
        str(raw["image"]),
        str(raw["setup"]),
        str(raw["command"]),
        str(raw["cwd"]),
        int(str(raw["exit"])),
        tuple(paths),
        tuple(_path(text) for text in traced) if isinstance(traced, list) else None,
    )


def _path(text: str) -> str:
    """`/a/b -> c`, `/a/` and `/a/** (5)` name /a/b, /a/ and /a/**."""
    return re.sub(r" \(\d+\)$", "", text.partition(" -> ")[0]).partition(" [")[0]


def facts_for(image: str) -> tuple[Facts, dict[str, str]]:
    """Facts and environment of the images that the cases ran in."""
    env = {"PATH": PATH}
    match image:
        case "kn/py":
            return facts_of(family="debian", language="python", version="3.11"), env
        case "kn/node":
            return facts_of(family="debian", language="node"), env
        case "kn/go":
            return facts_of(family="debian", language="golang"), {**env, "GOPATH": "/go"}
        case "rust:1.63":
            return facts_of(family="debian", language="rust"), {**env, "CARGO_HOME": "/usr/local/cargo"}
        case "kn/php":
            places = {
                "php.extensions": ("/usr/lib/php", "/usr/local/lib/php"),
                "php.conf": ("/etc/php", "/usr/local/etc/php"),
            }
            facts = facts_of(family="debian", language="php")
            return Facts({**facts.places, **places}, "debian"), {**env, "PHP_INI_DIR": "/usr/local/etc/php"}
        case _:
            return facts_of(family="debian"), env


def evaluated(case: Case) -> Effects:
    """The union of the effects of a case's command; its setup has gone before in the same shell."""
    facts, env = facts_for(case.image)
    start = shell_state(State(env=env, workdir=case.cwd))
    _, after = members(_read(PREPARATION + case.setup), start, facts)
    found, _ = members(_read(case.command), after, facts)
    return merge(tuple(member.effects for member in found))


def _read(text: str) -> Script:
    return read(ShellText(text, ((0, 0, len(text)),)), "sh")


# Read by libraries whenever they start, or made and removed by the program itself
UNTOLD = re.compile(
    r"/etc/(?:ssl/openssl\.cnf|xattr\.conf|magic|shadow)$|\.lock$|/(?:sed|zi|st|nuadd)[A-Za-z0-9]{6,7}$|/etc/default/nuadd\w+$"
)


def uncovered(case: Case, effects: Effects) -> tuple[str, ...]:
    """Paths that were created, changed or deleted and that the effects do not speak of."""
    places = [write.place for write in effects.writes] + list(effects.deletes)
    packaged = bool(effects.packages)
    return tuple(
        path
        for path in case.touched
        if not _ignored(path)
        and not _covered(path, places)
        and not (packaged and not within(path, case.cwd) and not within(path, "/src"))
    )


def unread(case: Case, effects: Effects) -> tuple[str, ...]:
    """Paths that were read and that the effects neither read nor write."""
    written = [write.place for write in effects.writes]
    places = [*effects.reads, *written, *effects.deletes, *effects.attributes]
    return tuple(
        path
        for path in case.read or ()
        if not _ignored(path)
        and not UNTOLD.search(path)
        and not (effects.network and within(path, "/etc/ssl/certs"))
        and not _covered(path, places)
    )


def _ignored(path: str) -> bool:
    return "/__pycache__" in path or any(within(path.rstrip("/"), ignored) for ignored in IGNORED)


def _covered(path: str, places: list[Place]) -> bool:
    place = Place(path[:-3], True) if path.endswith("/**") else Place(path.rstrip("/") or "/")
    if path.endswith("/**"):
        # a folded list: some files below, of which the effects may name fewer than all
        return any(overlaps(outer, place) for outer in places)
    if any(covers(outer, place) or (not outer.known and overlaps(outer, place)) for outer in places):
        return True
    # parents of what is written are made
    return any(within(outer.path, place.path) for outer in places)


def overstated(case: Case, effects: Effects) -> tuple[str, ...]:
    """Exact products that the effects promise and that are not there afterwards."""
    there = {path.rstrip("/") for path in case.touched}
    folded = [path[:-3] for path in case.touched if path.endswith("/**")]
    return tuple(
        write.place.path
        for write in effects.writes
        if write.basis == "proven"
        and write.kind in (WriteKind.OUTPUT, WriteKind.FETCH)
        and write.place.exact
        and not write.place.tree
        and write.place.path not in there
        and not any(within(write.place.path, top) for top in folded)
    )
