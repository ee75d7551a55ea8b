"""Archives: tar in all its spellings, and programs that compress a file in place."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from converter.effects.arguments import Argument
from converter.effects.call import Call, Handler, Part
from converter.effects.facts import place_of
from converter.effects.model import Basis, Effects, Phase, Write, WriteKind
from converter.effects.places import Place

_LETTERS_WITH_VALUE = "fCTXbgKNVHFLI"
_LONG_WITH_VALUE = frozenset(
    {
        "file",
        "directory",
        "files-from",
        "exclude-from",
        "blocking-factor",
        "transform",
        "xform",
        "exclude",
        "owner",
        "group",
        "mode",
        "mtime",
        "use-compress-program",
        "format",
        "starting-file",
        "newer",
        "after-date",
        "label",
        "strip-components",
        "suffix",
        "record-size",
        "tape-length",
        "sort",
        "warning",
        "owner-map",
        "group-map",
        "checkpoint-action",
        "to-command",
        "one-top-level",
    }
)
_ATTACHED_ONLY = frozenset({"one-top-level", "checkpoint"})
_LONG_MODES = {
    "extract": "x",
    "get": "x",
    "create": "c",
    "list": "t",
    "append": "r",
    "update": "u",
    "concatenate": "A",
    "catenate": "A",
    "delete": "d",
    "diff": "t",
    "compare": "t",
}
_PROGRAMS = {"z": "gzip", "j": "bzip2", "J": "xz", "Z": "compress"}
_LONG_PROGRAMS = {
    "gzip": "gzip",
    "gunzip": "gzip",
    "bzip2": "bzip2",
    "xz": "xz",
    "lzma": "xz",
    "zstd": "zstd",
    "lzip": "lzip",
}
_LONG = _LONG_WITH_VALUE | {*_LONG_MODES, *_LONG_PROGRAMS, "remove-files", "to-stdout"}
_SUFFIXES = (
    ((".tar.xz", ".txz", ".xz"), "xz"),
    ((".tar.bz2", ".tbz2", ".tbz", ".bz2"), "bzip2"),
    ((".tar.gz", ".tgz", ".gz"), "gzip"),
    ((".tar.zst", ".zst"), "zstd"),
    ((".tar.lz", ".lz"), "lzip"),
)


class _Tar(Struct):
    """A tar command line, read from left to right."""

    directory: str | None
    mode: str = ""
    archive: str | None = None
    members: list[tuple[str | None, str]] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)
    strip: bool = False
    remove: bool = False
    stdout: bool = False
    top: str | None = None

    def letter(self, letter: str, value: str) -> None:
        """One short option with its value."""
        if letter in "xctruAd":
            self.mode = self.mode or letter
        elif letter in _PROGRAMS:
            self.programs.append(_PROGRAMS[letter])
        elif letter == "f":
            self.archive = value
        elif letter == "C":
            self.directory = place_of(self.directory, value)
        elif letter in "TX":
            self.lists.append(value)
        elif letter == "O":
            self.stdout = True
        elif letter == "I":
            self.programs.append(value.split(" ", maxsplit=1)[0])

    def long(self, name: str, value: str) -> None:
        """One long option with its value."""
        if name in _LONG_MODES:
            self.mode = self.mode or _LONG_MODES[name]
        elif name in _LONG_PROGRAMS:
            self.programs.append(_LONG_PROGRAMS[name])
        elif name == "file":
            self.archive = value
        elif name == "directory":
            self.directory = place_of(self.directory, value)
        elif name in ("strip-components", "transform", "xform"):
            self.strip = True
        elif name == "remove-files":
            self.remove = True
        elif name == "to-stdout":
            self.stdout = True
        elif name == "one-top-level":
            self.top = value
        elif name in ("files-from", "exclude-from"):
            self.lists.append(value)
        elif name == "use-compress-program":
            self.programs.append(value.split(" ", maxsplit=1)[0])


def _read(arguments: tuple[Argument, ...], directory: str | None) -> _Tar:
    tar = _Tar(directory)
    words = [argument.text for argument in arguments]
    at = 0
    if words and words[0][:1] not in ("-", ""):
        pending = list(words[0])
        at = 1
        for letter in pending:
            value = ""
            if letter in _LETTERS_WITH_VALUE and at < len(words):
                value = words[at]
                at += 1
            tar.letter(letter, value)
    while at < len(words):
        word = words[at]
        at += 1
        if word.startswith("--") and len(word) > 2:
            short, equals, value = word[2:].partition("=")
            name = _in_full(short)
            if not equals and name in _LONG_WITH_VALUE and name not in _ATTACHED_ONLY and at < len(words):
                value = words[at]
                at += 1
            tar.long(name, value)
        elif word.startswith("-") and len(word) > 1:
            for position in range(1, len(word)):
                letter = word[position]
                if letter in _LETTERS_WITH_VALUE:
                    value = word[position + 1 :]
                    if not value and at < len(words):
                        value = words[at]
                        at += 1
                    tar.letter(letter, value)
                    break
                tar.letter(letter, "")
        elif word != "--":
            tar.members.append((tar.directory, word))
    return tar


def _in_full(name: str) -> str:
    """A long option that may be cut short as getopt_long accepts it (`--strip 1`)."""
    meant = [full for full in _LONG if full.startswith(name)]
    return meant[0] if name not in _LONG and len(meant) == 1 else name


def _programs(tar: _Tar) -> tuple[str, ...]:
    if tar.programs:
        return tuple(dict.fromkeys(tar.programs))
    for suffixes, program in _SUFFIXES:
        if tar.archive and tar.archive.endswith(suffixes):
            return (program,)
    return ()


def tar(call: Call, base: Effects) -> tuple[Part, ...]:
    """Extraction writes below the directory in force, creation reads the members and writes the archive."""
    command = _read(call.arguments, call.directory)
    file = command.archive
    archive = () if file in (None, "-", "") else (Place(place_of(call.directory, file or "")),)
    reads = archive + tuple(Place(place_of(call.directory, name)) for name in command.lists if name != "-")
    base = replace(base, tools=(*base.tools, *_programs(command)), reads=base.reads + reads)
    members = tuple(Place(place_of(directory, name), True) for directory, name in command.members)
    match command.mode:
        case "x":
            if command.stdout:
                return (base,)
            return (replace(base, phase=Phase.FETCH, writes=base.writes + _extracted(command)),)
        case "c":
            written = tuple(Write(place, WriteKind.OUTPUT, Basis.PROVEN) for place in archive)
        case "r" | "u" | "A" | "d":
            written = tuple(Write(place, WriteKind.EDIT, Basis.PROVEN) for place in archive)
        case _:
            return (replace(base, phase=Phase.NONE),)
    return (
        replace(
            base,
            phase=Phase.FOLLOW,
            reads=tuple(p for p in base.reads if command.mode != "c" or p not in archive) + members,
            writes=base.writes + written,
            deletes=members if command.remove else (),
        ),
    )


def _extracted(command: _Tar) -> tuple[Write, ...]:
    directory = command.directory
    if command.top is not None:
        name = command.top or (command.archive or "").rpartition("/")[2].split(".t")[0]
        return (Write(Place(place_of(directory, name), True), WriteKind.FETCH, Basis.PROVEN),)
    if command.members and not command.strip:
        return tuple(
            Write(Place(place_of(where, name), True), WriteKind.FETCH, Basis.PROVEN)
            for where, name in command.members
        )
    return (Write(Place(place_of(directory, "."), True), WriteKind.FETCH),)


_COMPRESSED = (".gz", ".bz2", ".xz", ".zst", ".lzma", ".lz4", ".Z", ".tgz", ".tbz2", ".txz")
_MADE = {
    "gzip": ".gz",
    "pigz": ".gz",
    "bzip2": ".bz2",
    "xz": ".xz",
    "zstd": ".zst",
    "lzma": ".lzma",
    "lz4": ".lz4",
    "compress": ".Z",
}
_TAR_SHORT = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}
_KEEPING = frozenset({"zstd", "unzstd", "lz4", "unlz4"})


def compress(call: Call, base: Effects) -> tuple[Part, ...]:
    """`gzip F` leaves F.gz in F's place, `gunzip F.gz` leaves F; -k keeps the input, -c only prints."""
    parsed = call.parsed
    program = call.program.rpartition("/")[2]
    unpacks = program.startswith(("gun", "bun", "un")) or parsed.has("-d", "--decompress", "--uncompress")
    files = [argument.text for argument in call.operands if argument.text != "-"]
    reads = base.reads + tuple(call.place(file) for file in files)
    if parsed.has("-c", "--stdout", "-l", "--list", "-t", "--test"):
        return (replace(base, reads=reads),)
    recursive = parsed.has("-r", "--recursive")
    writes: list[Write] = []
    for file in files:
        if recursive:
            writes.append(Write(call.place(file, True), WriteKind.EDIT, Basis.PROVEN))
            continue
        if unpacks:
            suffix = next((s for s in _COMPRESSED if file.endswith(s)), "")
            made = (file[: -len(suffix)] if suffix else file) + _TAR_SHORT.get(suffix, "")
        else:
            made = file + _MADE.get(program, ".gz")
        if not parsed.has("-o"):
            writes.append(Write(call.place(made), WriteKind.OUTPUT, Basis.PROVEN))
    keeps = parsed.has("-k", "--keep") or recursive or (program in _KEEPING and not parsed.has("--rm"))
    deletes = () if keeps else tuple(call.place(file) for file in files)
    return (replace(base, reads=reads, writes=base.writes + tuple(writes), deletes=deletes),)


def seven_zip(call: Call, base: Effects) -> tuple[Part, ...]:
    """7z: the first operand is the action; x and e unpack into -oD or here."""
    operands = [argument.text for argument in call.operands]
    if len(operands) < 2:
        return (replace(base, phase=Phase.NONE),)
    action, archive, files = operands[0], call.place(operands[1]), operands[2:]
    if action in ("x", "e"):
        place = call.place(call.parsed.value("-o") or ".", True)
        return (
            replace(base, reads=(*base.reads, archive), writes=(*base.writes, Write(place, WriteKind.FETCH))),
        )
    if action in ("a", "u", "d"):
        reads = tuple(call.place(file, True) for file in files) if action != "d" else (archive,)
        write = Write(archive, WriteKind.OUTPUT, Basis.PROVEN)
        return (replace(base, phase=Phase.FOLLOW, reads=base.reads + reads, writes=(*base.writes, write)),)
    return (replace(base, phase=Phase.NONE, reads=(*base.reads, archive)),)


HANDLERS: dict[str, Handler] = {"tar": tar, "compress": compress, "seven_zip": seven_zip}
