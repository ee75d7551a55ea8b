"""The shape of a command table: what an entry may say, and its compiled, frozen form.

A table says what a command reads, writes and deletes as templates over its options and operands.
`loader.py` reads the files, `commands.py` looks entries up, `converter.effects` evaluates them.

Grammar of the strings in a table:

- `options`: words apart by spaces; each is one option with all its spellings, `-o,--output=w`. After `=`:
  nothing a text, `r` a file that is read, `w` a file that is written, `t` a tree that is written,
  `d` the directory to work in, `?` a text that is only there when attached. Without `=` it is a flag.
- `operands`: roles from left to right, `r` read, `w` written, `d` directory, `n` text, `u` URL, `p` package,
  `c` a command line (everything that is left). A role may end in `?`, `*` or `+`; roles after a repeated
  one bind from the right.
- `settings`: places of configuration that the command and all its sub-commands look at by themselves, and so does
  whatever has it among its `tools`.
- places: `TEMPLATE`, in `writes` with a kind before it, `!` after the kind if the fact is proven; `/**` at
  the end means everything below; ` | ` parts alternatives, of which the first that has all its values
  is taken.
  In braces: a role letter, an option, `$NAME` of the environment, `cwd`, `home`, `program` (as it was called), `root`
  (an empty text if root runs it, else no value: `{root}/usr/local/x | {home}/.x`), or a place of the base image
  (`python.site`). `{r:name}` is the last path element, `{r:stem}` that without its last suffix,
  `{r:dir}` its directory, `{r:bare}` the whole without its last suffix.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

PHASES = ("build", "runtime", "both", "package", "library", "fetch", "follow", "clean", "none", "opaque")
WRITE_KINDS = ("output", "directory", "install", "tree", "fetch", "edit", "book")
STYLES = ("gnu", "posix", "single")
VALUE_KINDS = ("", "r", "w", "t", "d", "?")
PACKAGE_ACTIONS = (
    "update", "install", "remove", "purge", "autoremove", "upgrade", "clean", "mark-auto", "mark-manual",
)  # fmt: skip
TRANSFORMS = ("name", "stem", "dir", "bare")


class KnowledgeError(ValueError):
    """A table that breaks the schema: which file, table and key, and what is wrong there."""

    def __init__(self, file: str, table: str, key: str, message: str) -> None:
        super().__init__(f"{file}: [{table}] {key}: {message}" if key else f"{file}: [{table}]: {message}")
        self.file, self.table, self.key = file, table, key


class Option(Struct, frozen=True):
    """One option under its first spelling; `kind` is None for a flag, else one of `VALUE_KINDS`."""

    name: str
    kind: str | None


class Role(Struct, frozen=True):
    """What an operand is; `low` to `high` of them (None: any number)."""

    letter: str
    low: int
    high: int | None


class Variable(Struct, frozen=True):
    """A value inside a template: where it comes from and what is taken of it."""

    name: str
    transform: str = ""


class Template(Struct, frozen=True):
    """A place with variables; `alternatives` are tried in order. `kind` is empty where nothing is written."""

    alternatives: tuple[tuple[tuple[str | Variable, ...], bool], ...]
    kind: str = ""
    proven: bool = False


class PackageRule(Struct, frozen=True):
    """How the command changes operating-system packages; `group` and `autoremove` name options."""

    manager: str
    action: str
    group: tuple[str, ...] = ()
    autoremove: tuple[str, ...] = ()


class LibraryRule(Struct, frozen=True):
    """How the command changes language packages; `globally` names the options that make it a global one.

    `native` is false where it never compiles anything, whatever the names.
    """

    ecosystem: str
    always_global: bool = False
    globally: tuple[str, ...] = ()
    native: bool | None = None


class Condition(Struct, frozen=True):
    """When a variant applies: any of `having` given, none of `lacking`, the first operand, their number."""

    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    low: int = 0
    high: int | None = None


class Rule(Struct, frozen=True):
    """What one form of a command does."""

    operands: tuple[Role, ...] = ()
    phase: str = "none"
    reads: tuple[Template, ...] = ()
    writes: tuple[Template, ...] = ()
    deletes: tuple[Template, ...] = ()
    attributes: tuple[Template, ...] = ()
    owners: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    network: bool = False
    packages: PackageRule | None = None
    libraries: LibraryRule | None = None
    handler: str | None = None
    opaque: str | None = None
    settings: tuple[Template, ...] = ()
    variants: tuple[tuple[Condition, Rule], ...] = ()


class Command(Struct, frozen=True):
    """A command with its sub-commands; `subcommands` map every spelling to the merged entry."""

    name: str
    style: str = "gnu"
    options: Mapping[str, Option] = field(default_factory=dict)
    rule: Rule = Rule()
    subcommands: Mapping[str, Command] = field(default_factory=dict)
    default: str | None = None
