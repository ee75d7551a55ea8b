"""Commands that run other commands: shells, su, env, xargs, find."""

from __future__ import annotations

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.arguments import Argument
from converter.effects.call import Call, Handler, Part, Rerun, RunScript
from converter.effects.finding import found, starting_points
from converter.effects.memory import home_of, in_fetched_tree
from converter.effects.model import Basis, Effects, Phase, Write, WriteKind


def shell(call: Call, base: Effects) -> tuple[Part, ...]:
    """`sh -c TEXT`, `sh FILE`, or a shell fed from standard input."""
    parsed = call.parsed
    operands = call.operands
    if parsed.has("-c"):
        if not operands:
            return (base,)
        text = operands[0]
        if text.text.strip() == HOLE:
            return (replace(base, phase=Phase.OPAQUE, opaque="runs shell text that is not known"),)
        parameters = tuple(argument.text for argument in operands[2:])
        return base, RunScript(text.text, text.span, "", parameters)
    if operands and not parsed.has("-s") and operands[0].text != "-":
        return _script_file(call, base, operands)
    if call.feed.text is not None:
        return base, RunScript(call.feed.text, call.span, "", tuple(argument.text for argument in operands))
    if call.feed.source is not None and call.facts.tables.find(call.feed.source) is not None:
        rest = tuple(operand for operand in operands if operand.text != "-")
        return base, Rerun((Argument(call.feed.source, call.span, False), *rest), call.directory)
    if call.feed.given:
        return (replace(base, phase=Phase.OPAQUE, opaque="runs a script that another command prints"),)
    return (base,)


_SCRIPTS = frozenset({"configure", "gradle", "mvn", "sbt"})


_SCRIPTS = frozenset({"configure", "gradle", "mvn", "sbt"})


def _script_file(call: Call, base: Effects, operands: tuple[Argument, ...]) -> tuple[Part, ...]:
    file, rest = operands[0], operands[1:]
    path = call.path(file.text)
    name = path.rpartition("/")[2]
    base = replace(base, reads=(*base.reads, call.place(file.text)))
    tables = call.facts.tables
    table = tables.find(name)
    if table is not None and ("." in name or table.name in _SCRIPTS):
        return base, Rerun((file._replace(text=path), *rest), call.directory)
    text = call.text(path)
    if text is not None:
        return base, RunScript(text, file.span, path, tuple(argument.text for argument in rest))
    for source in call.state.learned.get(f"url:{path}", ()):
        if tables.find(source) is not None:
            return base, Rerun((file._replace(text=source), *rest), call.directory)
    if in_fetched_tree(path, call.state) and tables.find(f"source-tree/{name}") is not None:
        return base, Rerun((file._replace(text=path), *rest), call.directory)
    if file.text == HOLE or file.text.startswith(("/dev/", "/proc/")):
        return (replace(base, phase=Phase.OPAQUE, opaque="runs a script that is not known"),)
    return (
        replace(base, phase=Phase.OPAQUE, opaque=f"cannot read the script {file.text.replace(HOLE, '…')}"),
    )


def su(call: Call, base: Effects) -> tuple[Part, ...]:
    """`su [-] [USER] -c TEXT`, `runuser -u USER -- COMMAND`."""
    operands = [argument for argument in call.operands if argument.text != "-"]
    user = call.parsed.value("-u") or (operands[0].text if operands and not call.parsed.has("-u") else "root")
    base = replace(base, owners=(*base.owners, user))
    login = call.parsed.has("-l") or any(argument.text == "-" for argument in call.operands)
    directory = home_of(user, call.state, call.facts) if login else call.directory
    text = call.parsed.options.get("-c")
    if text:
        return base, RunScript(text[-1].text, text[-1].span, "", (), directory, user)
    rest = tuple(operands) if call.parsed.has("-u") else tuple(operands[1:])
    if rest:
        return base, Rerun(rest, directory, user)
    return (base,)


def sudo(call: Call, base: Effects) -> tuple[Part, ...]:
    """`sudo [-u USER] [NAME=VALUE] COMMAND`."""
    user = call.parsed.value("-u") or "root"
    owners = () if user == "root" else (user,)
    base = replace(base, owners=base.owners + owners)
    part = _with_environment(call.operands, call, user)
    return (base, part) if part else (base,)


def user_command(call: Call, base: Effects) -> tuple[Part, ...]:
    """`gosu USER COMMAND` and its kin."""
    operands = call.operands
    if not operands:
        return (base,)
    user = operands[0].text.partition(":")[0]
    base = replace(base, owners=(*base.owners, user))
    return (base, Rerun(operands[1:], call.directory, user)) if len(operands) > 1 else (base,)


def flock(call: Call, base: Effects) -> tuple[Part, ...]:
    """`flock FILE COMMAND`, `flock FILE -c TEXT`; a number stands for an open file, and nothing is run."""
    words = call.operands[1:]
    if words and words[0].text in ("-c", "--command"):
        return (base, RunScript(words[1].text, words[1].span)) if len(words) > 1 else (base,)
    return (base, Rerun(words, call.directory)) if words else (base,)


def env(call: Call, base: Effects) -> tuple[Part, ...]:
    """`env [NAME=VALUE]… COMMAND`."""
    if split := call.parsed.value("-S"):
        words = tuple(Argument(word, call.span, False) for word in split.split())
        part = _with_environment(words + call.operands, call, None)
    else:
        part = _with_environment(call.operands, call, None)
    return (base, part) if part else (base,)


def _with_environment(operands: tuple[Argument, ...], call: Call, user: str | None) -> Rerun | None:
    variables: dict[str, str] = {}
    at = 0
    while (
        at < len(operands) and "=" in operands[at].text and not operands[at].text.startswith(("/", ".", "="))
    ):
        name, _, value = operands[at].text.partition("=")
        variables[name] = value
        at += 1
    if at == len(operands):
        return None
    return Rerun(operands[at:], call.directory, user, variables, call.feed)


_MAX_RUNS = 64


def xargs(call: Call, base: Effects) -> tuple[Part, ...]:
    """The command gets operands from standard input, known only where the text is."""
    operands = call.operands or (Argument("echo", call.span, False),)
    if call.feed.text is not None:
        added = tuple(Argument(word, call.span, False) for word in call.feed.text.split())
    elif call.feed.paths:
        added = tuple(Argument(path, call.span, False) for path in call.feed.paths)
    else:
        added = (Argument(HOLE, call.span, False),)
    mark = call.parsed.value("-I") or ("{}" if call.parsed.has("-i") else None)
    if mark:
        return (
            base,
            *(
                Rerun(
                    tuple(o._replace(text=o.text.replace(mark, each.text)) for o in operands), call.directory
                )
                for each in added[:_MAX_RUNS]
            ),
        )
    return base, Rerun(operands + added, call.directory)


_FIND_ACTIONS = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
_FIND_FILES = frozenset({"-fprint", "-fprintf", "-fls", "-fprint0"})


def find(call: Call, base: Effects) -> tuple[Part, ...]:
    """Reads below the starting points; -delete removes what is found, -exec runs a command on it."""
    words = [argument.text for argument in call.arguments]
    trees = tuple(call.place(start, True) for start in starting_points(words))
    patterns = found(words)
    deletes = tuple(call.place(pattern) for pattern in patterns) if "-delete" in words else ()
    parts: list[Part] = []
    writes = base.writes
    for at, word in enumerate(words):
        if word in _FIND_ACTIONS:
            end = next((i for i in range(at + 1, len(words)) if words[i] in (";", "+", "\\;")), len(words))
            inner = call.arguments[at + 1 : end]
            parts.extend(
                Rerun(tuple(a._replace(text=a.text.replace("{}", pattern)) for a in inner), call.directory)
                for pattern in patterns
                if inner
            )
        elif word in _FIND_FILES and at + 1 < len(words):
            writes += (Write(call.place(words[at + 1]), WriteKind.OUTPUT, Basis.PROVEN),)
    phase = Phase.CLEAN if deletes else base.phase
    return (replace(base, phase=phase, reads=base.reads + trees, writes=writes, deletes=deletes), *parts)


def collection(call: Call, base: Effects) -> tuple[Part, ...]:
    """`scl enable NAME… TEXT` or `scl enable NAME -- COMMAND`."""
    words = call.arguments
    texts = [argument.text for argument in words]
    if "--" in texts:
        return base, Rerun(words[texts.index("--") + 1 :], call.directory)
    if texts[:1] == ["enable"] and len(words) > 2:
        last = words[-1]
        return base, RunScript(last.text, last.span)
    return (base,)


def behind_dashes(call: Call, base: Effects) -> tuple[Part, ...]:
    """`chamber exec SERVICE -- COMMAND`."""
    texts = [argument.text for argument in call.arguments]
    rest = call.arguments[texts.index("--") + 1 :] if "--" in texts else ()
    return (base, Rerun(rest, call.directory)) if rest else (base,)


def notifying(call: Call, base: Effects) -> tuple[Part, ...]:
    """`docker-gen -notify TEXT`: a shell runs the text whenever it wrote its file."""
    texts = call.parsed.options.get("-notify", ())
    return base, *(RunScript(text.text, text.span) for text in texts)


def program_after(call: Call, base: Effects) -> tuple[Part, ...]:
    """`godep go build`: the sub-command is a program of its own."""
    return base, Rerun(call.arguments, call.directory, feed=call.feed)


HANDLERS: dict[str, Handler] = {
    "scl": collection,
    "shell": shell,
    "su": su,
    "sudo": sudo,
    "user_command": user_command,
    "env": env,
    "flock": flock,
    "xargs": xargs,
    "find": find,
    "program_after": program_after,
    "behind_dashes": behind_dashes,
    "notifying": notifying,
}
