"""Where the text of a script comes from: the build context, what writes it out, an exec form."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from converter.context import Context
from converter.dockerfile.model import Add, Copy, ExecForm, Form, ShellText, State
from converter.dockerfile.state import expand_in
from converter.effects.model import Phase, WriteKind
from converter.effects.places import Place, covers, join, within
from converter.graph.model import Step
from converter.knowledge.places import is_packaged
from converter.knowledge.programs import interpreter_of, is_shell_script, is_wrapper
from converter.shell.dialects import is_shell
from converter.shell.model import Item, Literal, Opaque, Script, Simple, Word
from converter.shell.reader import read
from converter.span import Span

_COPYING = ("cp", "mv", "ln", "install")
SHELL_INTERPRETERS = re.compile(r"^#!\s*(/usr)?(/bin/)?(env\s+)?\S*?(ba|da|a|z|k)?sh\b")


class Texts(Struct, frozen=True):
    """Files whose texts are known: those of the context, and what commands wrote out, by their paths in the image."""

    context: Context | None = None
    written: Mapping[str, str] = {}


class Found(Struct, frozen=True):
    """A script that some step puts into the image; `script` is None if its text is not to be had.

    `binary` is true for a file that is there but is no shell script (another interpreter's, a program).
    """

    script: Script | None
    binary: bool = False
    interpreter: str | None = None


def from_words(words: tuple[str, ...]) -> Script:
    """The script of an exec form: one command, all words literal."""
    nowhere = Span(0, 0)
    parsed = tuple(Word(word, nowhere, (Literal(word, quoted=True),)) for word in words)
    return Script(nowhere, (Item(Simple(nowhere, parsed), ""),))


def script_of_form(form: Form, state: State) -> Script | None:
    """The script of ENTRYPOINT, CMD or HEALTHCHECK; None for an empty one or an unknown SHELL."""
    if isinstance(form, ExecForm):
        return from_words(form.words) if form.words else None
    dialect = is_shell(state.shell)
    if dialect is None or not form.script.text.strip():
        return None
    return read(form.script, dialect)


def script_of_text(text: str) -> Script:
    """A script file's text as shell."""
    return read(ShellText(text, ((0, 0, len(text)),)), "bash")


def script_of(path: str, steps: tuple[Step, ...], texts: Texts) -> Found | None:
    """The script at an image path, if a COPY, ADD, here-document or redirect brings it; the last one wins.

    None too where a RUN behind them makes the file: a program that is built in the tree that COPY brought.
    """
    context = texts.context
    for step in reversed(steps):
        instruction = step.instruction
        if not isinstance(instruction, (Copy, Add)):
            kinds = {w.kind for w in step.effects.writes if w.place.path == path}
            if path in texts.written and kinds & {WriteKind.OUTPUT, WriteKind.EDIT}:
                return _text(texts.written[path])
            if WriteKind.OUTPUT in kinds:
                return None
            continue
        for heredoc in instruction.heredocs:
            if any(within(path, write.place.path) for write in step.effects.writes) and (
                any(write.place.path == path for write in step.effects.writes)
            ):
                return _text(heredoc.content)
        if isinstance(instruction, Copy) and instruction.flag("from") is not None:
            continue
        source = _context_path(path, step, context)
        if source is None:
            continue
        if context is None:
            return Found(None)
        text = context.read_text(source)
        if text is not None:
            return _text(text)
        if context.exists(source) and not context.is_directory(source):
            return Found(None, binary=True)
    return None


def is_unknown_script(path: str, steps: tuple[Step, ...]) -> bool:
    """Whether a path has a shell script's name, and a RUN clones, downloads, unpacks, moves or writes it there.

    What a script with such a name is copied or linked to is one too.
    """
    named = is_shell_script(path)
    return any(
        (w.place.path == path or (named and w.place.tree and within(path, w.place.path)))
        and w.kind in (WriteKind.FETCH, WriteKind.OUTPUT, WriteKind.EDIT, WriteKind.TREE)
        for step in steps
        if step.is_run and (named or _copies_a_script(step, steps))
        for w in step.effects.writes
        if w.place.path != "/"
    )


def _copies_a_script(step: Step, steps: tuple[Step, ...]) -> bool:
    """Whether a step copies or links what is called like a shell script, and is no program that a build makes."""
    return any(
        is_shell_script(word) and not is_known_product(join(i.directory or "/", word), steps)
        for i in step.invocations
        if i.name in _COPYING
        for word in i.arguments
    )


def is_known_product(path: str, steps: tuple[Step, ...]) -> bool:
    """Whether a script is what tools are known to make: a known program's, a build's, or a package's in its places."""
    if interpreter_of(path.rsplit("/", 1)[-1]) is not None:
        return True
    writes = [(s.phase, w) for s in steps for w in s.effects.writes if w.place.path != "/"]
    if any(
        phase is Phase.BUILD
        and (
            (w.kind is WriteKind.INSTALL and covers(w.place, Place(path)))
            or (w.kind is WriteKind.OUTPUT and w.place.path == path)
        )
        for phase, w in writes
    ):
        return True
    return is_packaged(path) and not any(covers(w.place, Place(path)) for _, w in writes)


def _text(text: str) -> Found:
    first = text.split("\n", 1)[0]
    if first.startswith("#!") and not SHELL_INTERPRETERS.match(first):
        words = first[2:].split()
        program = words[1] if len(words) > 1 and words[0].endswith("/env") else (words or [""])[0]
        return Found(None, binary=True, interpreter=program.rsplit("/", 1)[-1])
    if not first.startswith("#!") and "\0" in text:
        return Found(None, binary=True)
    script = script_of_text(text)
    unread = any(isinstance(item.command, Opaque) for item in script.items)
    return Found(None if unread and len(script.items) == 1 else script)


def _context_path(path: str, step: Step, context: Context | None) -> str | None:
    """The context path that a COPY or ADD brings to an image path, or None if it does not bring it."""
    instruction, state = step.instruction, step.state
    assert isinstance(instruction, (Copy, Add))
    destination_text = expand_in(state, instruction.destination.text)
    directory = state.workdir or "/"
    destination = join(directory, destination_text)
    for word in instruction.sources:
        text = expand_in(state, word.text)
        if "://" in text and is_wrapper(path.rsplit("/", 1)[-1]):
            continue  # a released program, which is known by its name
        source = text.removeprefix("./").lstrip("/").rstrip("/")
        if source == ".":
            source = ""
        base = source.rsplit("/", 1)[-1]
        if context is not None and (source == "" or context.is_directory(source)):
            if within(path, destination):
                rest = path[len(destination.rstrip("/")) + 1 :]
                candidate = "/".join(part for part in (source, rest) if part)
                if context.exists(candidate):
                    return candidate
            continue
        if path == destination and not destination_text.endswith("/"):
            return source
        if path == join(destination, base) and base and "*" not in base:
            return source
        if "*" in base and within(path, destination):
            candidate = "/".join(
                part for part in (source.rpartition("/")[0], path.rsplit("/", 1)[-1]) if part
            )
            if context is None or context.exists(candidate):
                return candidate
        if context is None and within(path, destination) and ("." not in base or source == ""):
            # without a context a source without a suffix may be a directory
            return "/".join(part for part in (source, path[len(destination.rstrip("/")) + 1 :]) if part)
    return None
