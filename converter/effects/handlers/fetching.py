"""Downloads and clones: what the fetched thing is called when nothing else says it."""

from __future__ import annotations

import posixpath
import re

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.call import Call, Handler, Learned, Part
from converter.effects.feeds import address
from converter.effects.model import Basis, Effects, Phase, Write, WriteKind
from converter.effects.places import Place

_UPLOAD = re.compile(r"(?:[\w.-]+=)?@.")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://")


def remote_name(url: str, query: bool = False) -> str:
    """The last path element of an address; unknown where it ends in a slash or holds nothing else."""
    text = url.partition("#")[0]
    if not query:
        text = text.partition("?")[0]
    path = _SCHEME.sub("", text)
    name = path.rpartition("/")[2]
    return name if name else HOLE


def curl(call: Call, base: Effects) -> tuple[Part, ...]:
    """One -o or -O an address; without either the answer goes to standard output."""
    parsed = call.parsed
    folder = parsed.value("--output-dir")
    names = list(parsed.values("-o"))
    remote = len(parsed.options.get("-O", ())) + len(parsed.options.get("--remote-name-all", ())) * len(
        call.operands
    )
    urls = [argument.text for argument in call.operands] + list(parsed.values("--url"))
    if remote:
        names.extend(remote_name(url) for url in urls[len(names) :])
    writes = tuple(
        Write(
            call.place(posixpath.join(folder, name) if folder else _globbed(name)),
            WriteKind.FETCH,
            Basis.PROVEN,
        )
        for name in names
        if name not in ("-", "/dev/null", "/dev/stdout")
    )
    bodies = [*parsed.values("-d"), *parsed.values("-F")]
    sent = [value.rpartition("@")[2] for value in bodies if _UPLOAD.match(value)]
    reads = base.reads + tuple(call.place(name) for name in sent)
    return (replace(base, reads=reads, writes=base.writes + writes), *_sources(writes, urls))


def _sources(writes: tuple[Write, ...], urls: list[str]) -> tuple[Part, ...]:
    """Remembers where a file came from: running it may be something known."""
    named = {
        f"url:{write.place.path}": (address(url),)
        for write, url in zip(writes, urls, strict=False)
        if "://" in url
    }
    return (Learned(named),) if named else ()


def _globbed(name: str) -> str:
    return re.sub(r"#\d", "*", name)


def wget(call: Call, base: Effects) -> tuple[Part, ...]:
    """-O names one file for everything; else the last path element, below -P."""
    parsed = call.parsed
    output = parsed.value("-O")
    urls = [argument.text for argument in call.operands]
    if output is not None:
        if output in ("-", "/dev/null", "/dev/stdout", ""):
            return (base,)
        write = Write(call.place(output), WriteKind.FETCH, Basis.PROVEN)
        return replace(base, writes=(*base.writes, write)), *_sources((write,), urls)
    if parsed.has("--spider", "-V", "--version", "-h", "--help"):
        return (base,)
    folder = parsed.value("-P") or "."
    if parsed.has("-r", "-m", "-x", "-i", "-p", "--content-disposition") or HOLE in map(_saved_name, urls):
        return (replace(base, writes=(*base.writes, Write(call.place(folder, True), WriteKind.FETCH))),)
    names = [posixpath.join(folder, _saved_name(url)) for url in urls]
    writes = tuple(Write(call.place(name), WriteKind.FETCH, Basis.PROVEN) for name in names)
    # where the name is taken
    others = tuple(Write(call.place(name + ".[0-9]"), WriteKind.BOOK) for name in names)
    return replace(base, writes=base.writes + writes + others), *_sources(writes, urls)


def _saved_name(url: str) -> str:
    name = remote_name(url, query=True)
    return "index.html" if name == HOLE and not url.endswith(HOLE) else name


def clone(call: Call, base: Effects) -> tuple[Part, ...]:
    """Git clone: the directory operand, or the repository's name."""
    operands = [argument.text for argument in call.operands]
    if not operands:
        return (base,)
    if len(operands) > 1:
        directory = operands[1]
    else:
        name = operands[0].rstrip("/")
        name = name.removesuffix("/.git")
        name = name.rpartition("/")[2].rpartition(":")[2].removesuffix(".git")
        directory = f"{name}.git" if call.parsed.has("--bare", "--mirror") else name
    write = Write(call.place(directory, True), WriteKind.FETCH, Basis.PROVEN)
    reads = base.reads
    if operands[0].startswith(("/", "./", "../", "file://")):
        reads += (call.place(operands[0].removeprefix("file://"), True),)
    tools = ("ssh",) if "@" in operands[0].partition("/")[0] or operands[0].startswith("ssh://") else ()
    return (
        replace(base, phase=Phase.FETCH, reads=reads, writes=(*base.writes, write), tools=base.tools + tools),
    )


def git_here(call: Call, base: Effects) -> tuple[Part, ...]:
    """Other git actions: a path out of the directory among the operands is another repository, or a patch."""
    local = tuple(
        call.place(argument.text.removeprefix("file://"), True)
        for argument in call.operands
        if argument.text.startswith(("/", "file://", "../"))
    )
    return (replace(base, reads=base.reads + local),)


_SIGNATURE = re.compile(r"\.(?:asc|sig|sign|gpg)$")


def gpg(call: Call, base: Effects) -> tuple[Part, ...]:
    """`--keyring F --import` writes F; `--dearmor F` without -o writes F.gpg; `--verify F.asc` reads F."""
    parsed = call.parsed
    writes = base.writes
    if parsed.has("--import", "--recv-keys"):
        writes += tuple(
            Write(
                call.place(name if "/" in name else f"{call.home}/.gnupg/{name}"),
                WriteKind.EDIT,
                Basis.PROVEN,
            )
            for name in (value.removeprefix("gnupg-ring:") for value in parsed.values("--keyring"))
        )
    if parsed.has("--dearmor") and not parsed.has("-o"):
        writes += tuple(
            Write(call.place(argument.text + ".gpg"), WriteKind.OUTPUT, Basis.PROVEN)
            for argument in call.operands
        )
    writes += tuple(
        Write(Place(write.place.path + "~"), WriteKind.BOOK)
        for write in writes
        if write.kind is WriteKind.EDIT
    )
    reads = base.reads + tuple(call.place(name) for name in parsed.values("--keyring") if "/" in name)
    signed = [argument.text for argument in call.operands]
    if parsed.has("--verify") and len(signed) == 1:
        reads += (call.place(_SIGNATURE.sub("", signed[0])),)
    return (replace(base, reads=reads, writes=writes),)


def checkout(call: Call, base: Effects) -> tuple[Part, ...]:
    """svn, hg, bzr: `checkout URL [DIR]`, `clone URL [DIR]`; other actions work in their directory."""
    operands = [argument.text for argument in call.operands]
    action = operands[0] if operands else ""
    if action in ("checkout", "co", "clone", "export", "branch", "get") and len(operands) > 1:
        directory = operands[2] if len(operands) > 2 else remote_name(operands[1].rstrip("/").split("@")[0])
        write = Write(call.place(directory, True), WriteKind.FETCH, Basis.PROVEN)
        return (replace(base, writes=(write,), reads=()),)
    if action in (
        "info",
        "log",
        "status",
        "st",
        "diff",
        "ls",
        "list",
        "cat",
        "--version",
        "id",
        "identify",
        "",
    ):
        return (replace(base, phase=Phase.NONE, writes=()),)
    return (base,)


def remote_copy(call: Call, base: Effects) -> tuple[Part, ...]:
    """`aws s3 cp FROM TO` and the like: the last operand is written if it is a local path."""
    operands = [argument.text for argument in call.operands]
    copies = any(word in ("cp", "copy", "sync", "mv", "get") for word in operands[:3])
    if copies and "://" not in operands[-1]:
        write = Write(call.place(operands[-1], True), WriteKind.FETCH)
        return (replace(base, writes=(write,)),)
    return (base,)


def openssl(call: Call, base: Effects) -> tuple[Part, ...]:
    """Operands of digests and of passwd are inputs; the name of the action is none."""
    operands = [argument.text for argument in call.operands]
    if operands[:1] in (["dgst"], ["sha1"], ["sha256"], ["md5"], ["x509"], ["verify"]):
        reads = tuple(call.place(name) for name in operands[1:] if not name.startswith("-"))
        return (replace(base, reads=base.reads + reads),)
    return (replace(base, network=base.network or operands[:1] == ["s_client"]),)


HANDLERS: dict[str, Handler] = {
    "curl": curl,
    "wget": wget,
    "git_clone": clone,
    "git_here": git_here,
    "gpg": gpg,
    "checkout": checkout,
    "remote_copy": remote_copy,
    "openssl": openssl,
}
