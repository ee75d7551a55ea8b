"""Effects in words, so that a table test can be read: one line a fact."""

from __future__ import annotations

from converter.dockerfile.model import ShellText, State
from converter.effects.facts import Facts, facts_of
from converter.effects.interpreter import members, shell_state
from converter.effects.model import Basis, Effects, Member, ShellState, WriteKind, merge
from converter.shell.model import Script
from converter.shell.reader import read

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
DEBIAN = facts_of(family="debian")
_MARKS = {Basis.PROVEN: "!", Basis.CONVENTION: "", Basis.OBSERVED: "+", Basis.UNKNOWN: "?"}


def script(text: str, dialect: str = "sh") -> Script:
    """Shell text, read as if it were a whole file."""
    return read(ShellText(text, ((0, 0, len(text)),)), dialect)


def run(
    text: str,
    facts: Facts = DEBIAN,
    *,
    directory: str | None = "/w",
    user: str = "",
    env: dict[str, str] | None = None,
    before: ShellState | None = None,
    dialect: str = "sh",
) -> tuple[tuple[Member, ...], ShellState]:
    """The members of one RUN and the state after it."""
    state = State(env={"PATH": PATH, **(env or {})}, workdir=directory, user=user)
    return members(script(text, dialect), shell_state(state, before), facts, dialect)


def effects_of(text: str, facts: Facts = DEBIAN, **options: object) -> Effects:
    """The united effects of one RUN."""
    found, _ = run(text, facts, **options)  # type: ignore[arg-type]
    return merge(tuple(member.effects for member in found))


def said(effects: Effects) -> dict[str, set[str]]:
    """Effects by kind, in words; what no later stage needs (books) is left out."""
    writes = {
        f"{write.kind}{_MARKS[write.basis]} {write.place}"
        for write in effects.writes
        if write.kind is not WriteKind.BOOK
    }
    packages = set()
    for change in effects.packages:
        words = [change.manager, change.action, *(name.name for name in change.names)]
        words += [f"group={change.group}"] if change.group else []
        words += ["autoremove"] if change.autoremove else []
        words += [] if change.complete else ["(more)"]
        packages.add(" ".join(words))
    libraries = {
        " ".join([change.ecosystem, *change.names, *(["global"] if change.global_ else [])])
        for change in effects.libraries
    }
    accounts = {
        " ".join(
            [account.kind, account.name]
            + (["system"] if account.system else [])
            + ([f"id={account.id}"] if account.id else [])
            + ([f"home={account.home}"] if account.home else [])
        )
        for account in effects.accounts
    }
    return {
        "reads": {str(place) for place in effects.reads},
        "settings": {str(place) for place in effects.settings},
        "writes": writes,
        "deletes": {str(place) for place in effects.deletes},
        "attributes": {str(place) for place in effects.attributes},
        "owners": set(effects.owners),
        "packages": packages,
        "libraries": libraries,
        "accounts": accounts,
        "tools": set(effects.tools),
        "phase": {str(effects.phase)},
        "network": {"yes"} if effects.network else set(),
        "opaque": {effects.opaque} if effects.opaque else set(),
    }


def assert_says(effects: Effects, expected: str) -> None:
    """Each line `KIND: A, B` of `expected` is exactly what the effects say of that kind."""
    found = said(effects)
    for line in expected.strip().splitlines():
        kind, _, listed = line.strip().partition(":")
        wanted = {item.strip() for item in listed.split(",") if item.strip()}
        assert found[kind] == wanted, f"{kind}: {sorted(found[kind])}"
