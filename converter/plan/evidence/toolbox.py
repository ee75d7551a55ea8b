"""Images that start nothing of their own: toolboxes, and bases for others, whose users may need every tool."""

from __future__ import annotations

from converter.dockerfile.model import Cmd, Entrypoint, Volume
from converter.effects.model import WriteKind
from converter.effects.places import Place, join, overlaps, within
from converter.graph.model import Analysis, Program, RootKind
from converter.graph.named_paths import without_settings
from converter.graph.script_text import script_of_form
from converter.knowledge.images import Kind
from converter.knowledge.programs import (
    is_idle,
    is_job_image,
    is_repl,
    is_shell,
    is_wrapper,
    lets_people_in,
    needs_toolchain,
    runs_jobs,
)
from converter.knowledge.search_path import DEFAULT_FOLDERS
from converter.shell.model import Simple


def toolbox(analysis: Analysis) -> str | None:
    """Why the image is a toolbox or a base for others, or None: it starts nothing of its own."""
    runtime = analysis.runtime
    programs = [p for p in runtime.programs if "HEALTHCHECK" not in p.label and not _only_wraps(p)]
    started = any(root.kind is RootKind.PRAGMA for root in runtime.roots)
    if is_job_image(analysis.base.repository) and not started:
        return f"jobs of others run in images of {analysis.base.repository}"
    if not programs:
        if runtime.inherited and analysis.base.kind is Kind.SERVICE:
            return None
        return "the file starts no program: it has neither CMD nor ENTRYPOINT of its own"
    if analysis.base.kind is Kind.SERVICE and runtime.inherited:
        return None
    if any(runs_jobs(p.name) for p in programs) and not started:
        return "the container runs the jobs of others"
    mounted = next((p for p in programs if _is_mounted(analysis, p)), None)
    if mounted is not None and not started:
        return f"the container runs {mounted.text}, which whoever starts it puts into a volume"
    # what idles behind a script in one command lets the script's work go on
    busy = {unread.label for unread in runtime.unreadable}
    shells = [
        p
        for p in programs
        if p.label.startswith("CMD")
        and _idles(p.name, p.arguments)
        and not (p.label in busy and is_idle(p.name, p.arguments))
    ]
    if shells and runtime.opaque and all(p.label.startswith(("CMD", "ENTRYPOINT")) for p in programs):
        return f"the container only starts '{shells[0].text}', after a script that cannot be read"
    first = programs[0]
    if all(_idles(p.name, p.arguments) for p in programs if ", run by" not in p.label):
        words = " ".join([first.text, *first.arguments])
        return f"the container only starts '{words.strip()}'"
    shell = None if started else _last_shell(analysis)
    return None if shell is None else f"what the container starts ends in '{shell}', for whoever starts it"


def runs_toolchain(program: Program) -> bool:
    """Whether a program that the container starts needs compilers or build tools; CMD goes on where ENTRYPOINT ends."""
    return needs_toolchain(program.name, program.arguments, program.label.startswith("ENTRYPOINT"))


def _last_shell(analysis: Analysis) -> str | None:
    """The shell without a script with which a command in the form of a shell's list ends."""
    starting = [s.instruction for s in analysis.steps if isinstance(s.instruction, (Cmd, Entrypoint))]
    starting = [i for i in starting if isinstance(i, Entrypoint)] or starting
    script = script_of_form(starting[-1].form, analysis.final_state) if starting else None
    last = script.items[-1].command if script is not None and len(script.items) > 1 else None
    if not isinstance(last, Simple) or not last.words:
        return None
    words = [word.text.strip("\"'") for word in last.words]
    words = words[words[0] == "exec" :]
    name = words[0].rpartition("/")[2] if words else ""
    return words[0] if is_shell(name) and _idles(name, tuple(words[1:])) else None


def _is_mounted(analysis: Analysis, program: Program) -> bool:
    """Whether a program lies in a volume that no step fills."""
    if "/" not in program.text:
        return False
    path = Place(join(analysis.final_state.workdir or "/", program.text))
    volumes = [
        w.place.path for s in analysis.steps if isinstance(s.instruction, Volume) for w in s.effects.writes
    ]
    return any(within(path.path, volume) for volume in volumes) and not any(
        overlaps(w.place, path)
        for s in analysis.steps
        if not isinstance(s.instruction, Volume)
        for w in s.effects.writes
        if w.kind not in (WriteKind.DIRECTORY, WriteKind.BOOK)
    )


def _only_wraps(program: Program) -> bool:
    """Whether it runs what CMD or another program of the list says; a script that it names is its own."""
    return is_wrapper(program.name) and not any("/" in word for word in program.arguments)


def _idles(name: str, arguments: tuple[str, ...]) -> bool:
    if is_idle(name, arguments) or lets_people_in(name):
        return True
    if is_repl(name) and "-i" in arguments and "-c" not in arguments:
        return True  # whatever it reads first, it waits for a person then
    words = without_settings(arguments) if is_shell(name) else arguments
    return is_repl(name) and all(
        word.startswith(("-", "+")) and word not in ("-c", "-m", "-e") for word in words
    )


def run_pragma(analysis: Analysis) -> str:
    """The pragma that says what is run, filled in with programs that the file installs on PATH."""
    names = [
        w.place.path
        for s in analysis.steps
        for w in s.effects.writes
        if w.place.exact
        and not w.place.tree
        and w.place.path.rsplit("/", 1)[0] in (*DEFAULT_FOLDERS, "/go/bin")
    ]
    shown = ",".join(dict.fromkeys(names)) or "/usr/local/bin/PROGRAM"
    return f"if it runs a program, say so in the file: # multistage: run={shown}"
