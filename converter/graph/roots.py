"""Run-time roots: what the container reaches by name when it starts.

ENTRYPOINT, CMD and HEALTHCHECK, the scripts that they run (three levels deep), ENV values that are
paths, WORKDIR, VOLUME and the user's own pragmas.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from converter.dockerfile.model import (
    HOLE,
    Add,
    Copy,
    ExecForm,
    Form,
    State,
    Volume,
)
from converter.effects.facts import Facts
from converter.effects.interpreter import members
from converter.effects.model import Invocation, Phase, ShellState, WriteKind
from converter.effects.places import Place, join, overlaps, within
from converter.graph.model import (
    Program,
    Root,
    RootKind,
    Runtime,
    Step,
    Unread,
    UnreadConfiguration,
    UnreadScript,
)
from converter.graph.named_paths import is_system, paths_in, script_operand
from converter.graph.script_text import (
    Texts,
    is_known_product,
    is_unknown_script,
    script_of,
    script_of_form,
)
from converter.graph.start import start_of
from converter.knowledge.images import BaseImage, has_command
from converter.knowledge.libraries import ECOSYSTEM_LANGUAGE, compilers_called
from converter.knowledge.packages import programs
from converter.knowledge.places import is_one_of_several, is_shared
from converter.knowledge.programs import (
    interpreter_of,
    is_builtin,
    is_launcher,
    is_shell,
    is_shell_script,
    service_places,
)
from converter.knowledge.search_path import DEFAULT_PATH
from converter.shell.model import Script
from converter.span import SourceText

DEPTH = 3


class _Collector(Struct, dict=True):
    """Gathers roots in the order in which they are found."""

    facts: Facts
    steps: tuple[Step, ...]
    texts: Texts
    state: State
    programs: list[Program] = field(default_factory=list)
    roots: list[Root] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    unreadable: list[Unread] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def script(self, script: Script, label: str, depth: int, directory: str | None) -> None:
        """Everything a script runs and names."""
        start = ShellState(variables=dict(self.state.env), directory=directory, user=self.state.user)
        found, _ = members(script, start, self.facts)
        last = next((i for member in reversed(found) for i in reversed(member.invocations)), None)
        for member in found:
            for invocation in member.invocations:
                self.invocation(invocation, label, depth, invocation is last)
            for place in member.effects.reads:
                if place.exact and not place.tree and not is_system(place.path):
                    self.roots.append(
                        Root(Place(place.path), RootKind.SCRIPT if depth else RootKind.COMMAND, label)
                    )

    def invocation(self, invocation: Invocation, label: str, depth: int, last: bool) -> None:
        """One command: its program, its words, and the script it may be; nothing runs behind the `last` one."""
        self.names.add(invocation.name)
        self.names.update(word for word in invocation.arguments if HOLE not in word)
        text = invocation.program or invocation.name
        program = Program(text, invocation.name, invocation.arguments, label)
        self.programs.append(program)
        directory = invocation.directory or self.state.workdir or "/"
        kind = RootKind.SCRIPT if depth else RootKind.COMMAND
        self.program_path(text, label, depth, directory)
        if is_launcher(invocation.name):
            self.unreadable.append(UnreadConfiguration(invocation.name, label))
        for word in invocation.arguments:
            if word in (".", "./") and not is_shared(directory):  # a server of files, say
                self.roots.append(Root(Place(directory, tree=True), RootKind.CONTENT, label))
            for path in paths_in(word, directory):
                # a published .NET program is the folder around its .dll
                folder = invocation.name == "dotnet" and path.endswith(".dll")
                place = Place(path.rpartition("/")[0], tree=True) if folder else Place(path)
                self.roots.append(Root(place, kind, label))
        sourced = invocation.name in (".", "source")
        if sourced or interpreter_of(invocation.name) is not None:
            script = script_operand(invocation)
            if script is not None:
                path = join(directory, script)
                # what is sourced in front of other commands are settings
                self.follow(path, label, depth, is_shell(invocation.name) or (sourced and last))
                self.application(program, path)

    def application(self, program: Program, path: str) -> None:
        """What an interpreted program may read: all that lies beside it, or in the folder that is started."""
        if is_shell(program.name) or interpreter_of(program.name) is None or _stands_alone(program):
            return
        folder = any(w.place.tree and w.place.path == path for s in self.steps for w in s.effects.writes)
        around = path if folder else posixpath.dirname(path)
        if not is_shared(around):
            self.roots.append(Root(Place(around, tree=True), RootKind.CONTENT, program.label))

    def program_path(self, text: str, label: str, depth: int, directory: str) -> None:
        """The program word itself: a path is a root, and maybe a script to read."""
        if "/" not in text:
            if not text.startswith("-"):  # what CMD tells an ENTRYPOINT
                self.follow_name(text, label, depth)
            return
        if re.search(r"\s", text):
            return  # no program, but the text of one
        path = join(directory, text)
        self.roots.append(Root(Place(path), RootKind.SCRIPT if depth else RootKind.COMMAND, label))
        self.follow(path, label, depth)

    def follow_name(self, name: str, label: str, depth: int) -> None:
        """A program without a path: a script that some step puts into a PATH directory.

        What interpreters run under a name of its own is known (`catalina.sh`), though nobody read it.
        """
        named = interpreter_of(name) is not None
        for directory in self.state.env.get("PATH", DEFAULT_PATH).split(":"):
            path = join(directory, name)
            written = path in self.texts.written or (not named and is_unknown_script(path, self.steps))
            if directory.startswith("/") and (written or self.provided(path) or self.installed(directory)):
                self.roots.append(Root(Place(path), RootKind.COMMAND, label))
                self.follow(path, label, depth)
                return

    def provided(self, path: str) -> bool:
        """Whether a COPY brings the file, or a folder that may hold it; of a pattern's files a script, by its name."""
        script = is_shell_script(path)
        return any(
            isinstance(step.instruction, (Copy, Add))
            and any(
                w.place.path == path
                or (w.place.tree and w.place.path != "/" and within(path, w.place.path))
                or (script and not w.place.tree and overlaps(w.place, Place(path)))
                for w in step.effects.writes
            )
            for step in self.steps
        )

    def installed(self, directory: str) -> bool:
        """Whether a build installs programs into a directory that nothing else shares: `$GOPATH/bin`."""
        return not (is_shared(directory) or is_one_of_several(directory)) and any(
            w.kind is WriteKind.INSTALL and w.place.path == directory
            for step in self.steps
            if step.is_run and step.phase is Phase.BUILD
            for w in step.effects.writes
        )

    def brought(self, path: str) -> bool:
        """Whether a COPY names the file itself."""
        return any(
            isinstance(step.instruction, (Copy, Add))
            and any(w.place.path == path and not w.place.tree for w in step.effects.writes)
            for step in self.steps
        )

    def follow(self, path: str, label: str, depth: int, by_shell: bool | None = None) -> None:
        """Read a script and what it names; one that should be readable and is not is noted.

        `by_shell`: a shell is given it, which runs nothing but scripts; False is another interpreter, None nobody.
        """
        if path in self.seen or depth >= DEPTH:
            return
        self.seen.add(path)
        found = script_of(path, self.steps, self.texts)
        if found is None or found.script is None:
            if found is not None:
                is_script = not found.binary
            else:
                given = by_shell is True and not is_known_product(path, self.steps)
                is_script = given or is_unknown_script(path, self.steps)
            if is_script and by_shell is not False:
                self.unreadable.append(UnreadScript(path, label))
            return
        inner = f"{path}, run by {label}"
        self.script(found.script, inner, depth + 1, self.state.workdir)


def runtime_of(
    steps: tuple[Step, ...],
    final: State,
    base: BaseImage,
    facts: Facts,
    texts: Texts,
    source: SourceText,
    started: tuple[str, ...] = (),
    kept_paths: Mapping[str, str] | None = None,
) -> Runtime:
    """The roots of a stage; `started` are programs that the user says are run, `kept_paths` and who wants them."""
    collector = _Collector(facts, steps, texts, final)
    directory = final.workdir or "/"
    start = start_of(steps, base, source)
    for form, label in (item for item in (start.entrypoint, start.command, start.health) if item is not None):
        _form(collector, form, label, directory)
    if start.entrypoint is not None or not base.is_known:
        _arguments(collector, start.command, directory, start.entrypoint is None)
    for path in started:
        collector.programs.append(Program(path, path.rsplit("/", 1)[-1], (), "the run pragma"))
        collector.names.add(path.rsplit("/", 1)[-1])
        collector.roots.append(Root(Place(join(directory, path)), RootKind.PRAGMA, "the run pragma"))
        collector.follow(join(directory, path), "the run pragma", 0)
    for path, label in (kept_paths or {}).items():
        collector.roots.append(Root(Place(join(directory, path), tree=True), RootKind.PRAGMA, label))
    _places(collector, steps, final, base, source)
    return Runtime(
        programs=tuple(dict.fromkeys(collector.programs)),
        roots=tuple(dict.fromkeys(collector.roots)),
        names=frozenset(collector.names) | compilers_called(_python_packages(steps)),
        unreadable=tuple(collector.unreadable),
        directory=final.workdir,
        user=final.user,
        inherited=start.inherited and not started,
    )


def _python_packages(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        for change in step.effects.libraries:
            if ECOSYSTEM_LANGUAGE.get(change.ecosystem) == "python":
                yield from change.names


def _form(collector: _Collector, form: Form, label: str, directory: str) -> None:
    script = script_of_form(form, collector.state)
    if script is not None:
        collector.script(script, label, 0, directory)


def _arguments(collector: _Collector, command: tuple[Form, str] | None, directory: str, unseen: bool) -> None:
    """The words of CMD as arguments of ENTRYPOINT: files of the work directory.

    An `unseen` ENTRYPOINT is that of a base that nobody knows: it may run the file, which needs what lies beside it.
    """
    match command:
        case (ExecForm(words=words), label):
            pass
        case _:
            return
    for word in words:
        path = join(directory, word)
        if "/" not in word and (collector.brought(path) or any(True for _ in paths_in(word, directory))):
            collector.roots.append(Root(Place(path), RootKind.COMMAND, label))
            if unseen and directory != "/":
                why = f"what the base's ENTRYPOINT may run ({label})"
                collector.roots.append(Root(Place(directory, tree=True), RootKind.CONTENT, why))


def _places(
    collector: _Collector, steps: tuple[Step, ...], final: State, base: BaseImage, source: SourceText
) -> None:
    """Directories and ENV values."""
    if final.workdir and final.workdir != "/":
        collector.roots.append(Root(Place(final.workdir), RootKind.DIRECTORY, "WORKDIR"))
    for step in steps:
        if isinstance(step.instruction, Volume):
            label = f"VOLUME line {source.line(step.span.start)}"
            for write in step.effects.writes:
                collector.roots.append(Root(Place(write.place.path, tree=True), RootKind.CONTENT, label))
    for name, value in sorted(final.env.items()):
        if name == "PATH":
            continue
        for path in paths_in(value, "/"):
            if path.count("/") >= 2 or collector.provided(path):
                collector.roots.append(Root(Place(path), RootKind.ENVIRONMENT, f"ENV {name}"))
    services = [p for p in collector.programs if service_places(p.name) is not None]
    for program in services:
        for path in service_places(program.name) or ():
            collector.roots.append(
                Root(Place(path, tree=True), RootKind.CONTENT, f"{program.name} serves it")
            )
    if not final.workdir or final.workdir == "/" or services:
        return
    place = Place(final.workdir, tree=True)
    label = "the work directory of the program"
    interpreted = [
        p for p in collector.programs if interpreter_of(p.name) is not None and not is_shell(p.name)
    ]
    if any(not _stands_alone(p) for p in interpreted):
        collector.roots.append(Root(place, RootKind.CONTENT, label))
    elif interpreted or any(_maybe_built(collector, p, base) for p in collector.programs):
        collector.roots.append(Root(place, RootKind.COMPANION, label))


def _stands_alone(program: Program) -> bool:
    """Whether all that it runs is one archive or one published folder: `java -jar X`, `dotnet X.dll`."""
    if program.name == "java":
        return "-jar" in program.arguments
    return program.name == "dotnet" and any(word.endswith(".dll") for word in program.arguments[:2])


def _maybe_built(collector: _Collector, program: Program, base: BaseImage) -> bool:
    """Whether a program may come from a build step: neither the base, a package, a COPY nor the shell brings it."""
    if (
        is_builtin(program.name)
        or HOLE in program.name
        or is_shell(program.name)
        or has_command(base, program.name)
    ):
        return False
    if "/" not in program.text:
        packaged = {
            name
            for step in collector.steps
            for change in step.effects.packages
            for package in change.names
            for name in programs(change.manager, package.name)
        }
        if program.name in packaged:
            return False
    path = join(collector.state.workdir or "/", program.text) if "/" in program.text else None
    return not any(
        isinstance(step.instruction, (Copy, Add))
        and any(
            w.place.path == path or w.place.path.endswith(f"bin/{program.name}") for w in step.effects.writes
        )
        for step in collector.steps
    )
