"""One command about to be evaluated: what templates and handlers get to see, and what handlers give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct, field

from converter.dockerfile.model import HOLE
from converter.effects.arguments import Argument, Parsed
from converter.effects.facts import Facts, place_of
from converter.effects.memory import home_of, known_text
from converter.effects.model import Effects, ShellState
from converter.effects.places import Place
from converter.effects.redirects import Feed
from converter.knowledge.language_places import place_variable
from converter.knowledge.schema import Rule
from converter.span import Span


class Call(Struct, frozen=True):
    """A command with its arguments parted by its table.

    `program` is the first word as evaluated, `name` what the table calls it, with the sub-command ("npm
    install"). `roles` holds the operands by role letter. `directory` already honours an option such as
    `-C`. `feed` is its standard input.
    """

    program: str
    name: str
    span: Span
    arguments: tuple[Argument, ...]
    parsed: Parsed
    rule: Rule
    roles: Mapping[str, tuple[Argument, ...]]
    directory: str | None
    state: ShellState
    facts: Facts
    feed: Feed = Feed()

    @property
    def operands(self) -> tuple[Argument, ...]:
        """All operands."""
        return self.parsed.operands

    @property
    def home(self) -> str:
        """The home directory of the user that runs it, without a slash at its end: empty where it is the root."""
        home = self.state.variables.get("HOME")
        known = home if home and home != HOLE else home_of(self.state.user, self.state, self.facts)
        return known.rstrip("/")

    @property
    def by_root(self) -> bool:
        """Whether root runs it."""
        return (self.state.user or "").partition(":")[0] in ("", "root", "0")

    def own_places(self, *names: str) -> tuple[Place, ...]:
        """Directories of the home that an account falls back on where it may not write; none for root."""
        home = Place(self.home)
        if self.by_root or not home.exact:
            return ()
        return tuple(Place(f"{home.path}/{name}", True) for name in names)

    def env(self, name: str) -> str | None:
        """A variable's value, None if it is unset or empty."""
        return self.state.variables.get(name) or None

    def places(self, name: str) -> tuple[str, ...]:
        """Directories by name: what earlier commands taught, else a variable says, else the base image has."""
        variable = place_variable(name)
        moved = self.env(variable) if variable is not None and name not in self.state.learned else None
        if moved is not None:
            return tuple(path for path in moved.split(":") if path)
        return self.state.learned.get(name) or self.facts.places.get(name, ())

    def text(self, path: str) -> str | None:
        """The text of a file of the image (an absolute path), where it is known."""
        return known_text(path, self.state, self.facts)

    def path(self, text: str) -> str:
        """A path argument as an absolute path."""
        return place_of(self.directory, text)

    def place(self, text: str, tree: bool = False) -> Place:
        """A path argument as a place."""
        return Place(self.path(text), tree)


class Learned(Struct, frozen=True):
    """Something that later commands of the file should know: directories by name (`ShellState.learned`)."""

    places: Mapping[str, tuple[str, ...]]


class Rerun(Struct, frozen=True):
    """A command line inside the command (`sudo …`, `find -exec …`), for a copy of the shell's state."""

    arguments: tuple[Argument, ...]
    directory: str | None = None
    user: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    feed: Feed = Feed()


class RunScript(Struct, frozen=True):
    """Shell text inside the command (`sh -c …`, a script of the context), for a copy of the state.

    `same_shell` lets it change the state. `in_tree` says that by convention it works inside its directory,
    so that commands nobody knows do too.
    """

    text: str
    span: Span
    name: str = ""
    parameters: tuple[str, ...] = ()
    directory: str | None = None
    user: str | None = None
    same_shell: bool = False
    in_tree: bool = False


Part: TypeAlias = Effects | Learned | Rerun | RunScript
"""What a handler gives back is a tuple of these; their effects are united."""

Handler: TypeAlias = Callable[[Call, Effects], tuple[Part, ...]]
"""Takes the call and what its table alone says, gives the whole of what it does."""
