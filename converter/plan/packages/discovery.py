"""Run-time libraries that no table can name: the builder lists them after the build."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.model import Member, PackageAction, Phase
from converter.effects.places import within
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage
from converter.knowledge.places import is_keyring
from converter.knowledge.programs import lists_libraries
from converter.plan.evidence.apt_lists import LISTS, lists_serve
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.provenance import asks_apt, made_in_builder
from converter.plan.insertions import as_root
from converter.plan.marks import Marks
from converter.plan.packages.managers import is_checked
from converter.plan.split import Artifact, Edit, Insertion, Packages, Stage
from converter.shell.dialects import shell_command
from converter.shell.model import Assignment, Parameter, Pipeline, Simple, Substitution, Word
from converter.shell.walk import descendants, simple_commands
from converter.span import Span

LIST = "/run-time-packages"
LISTERS = frozenset({"ldd", "dpkg-query", "dpkg"})
"""Programs whose output the author picks packages from: what programs load, or what is installed."""
COMMENT = "# Libraries that the copied programs load"
OUTSIDE_PACKAGES = "/usr/local/lib"
"""Where images of a language have its libraries: libpython belongs to no package of Alpine's there."""


def debian_list(
    paths: tuple[str, ...],
    folders: tuple[str, ...],
    pipefail: bool = False,
    loaded: tuple[str, ...] = (),
    adds: bool = False,
) -> str:
    """The builder's RUN that writes the names of the packages whose libraries programs below `paths` need.

    `ldd` names the libraries, dpkg their packages; what lies in `folders`, which are copied too, is left out.
    `loaded` are patterns for packages whose libraries programs load by name. Links are followed, since those of
    `update-alternatives` belong to no package; libraries are matched with and without /usr, since dpkg knows them
    by the path they were packed with. `adds`: the author's lines have written the list before.
    """
    search = "xargs -r dpkg-query --search"
    load = f"ldd {' '.join(paths)} 2>/dev/null"
    if pipefail:  # a script, or a library that no package brings, would end the build
        search = f"{{ {search} || true; }}"
        load = f"{{ {load} || true; }}"
    if folders:
        load = (
            f"find {' '.join(paths)} -type f \\( -perm /111 -o -name '*.so*' -o -name '*.node' \\)"
            " -exec ldd '{}' ';' 2>/dev/null"
        )
    own = " || ".join(f'index(so, "{path.rstrip("/")}/") == 1' for path in folders)
    skip = f"if ({own}) next; " if own else ""
    start, names = "", f"{search} | cut -d: -f1 | sort -u"
    if loaded:
        patterns = " ".join(f"'{pattern}'" for pattern in loaded)
        start, names = (
            "{ ",
            (
                f"{search} | cut -d: -f1 \\\n"
                f"\t; dpkg-query --show --showformat '${{Status}} ${{Package}}\\n' {patterns} \\\n"
                "\t| sed -n 's/^install ok installed //p' || true; } | sort -u"
            ),
        )
    return (
        f"RUN {start}{load} \\\n"
        f"\t| awk '/=> \\// {{ so = $(NF-1); {skip}print so }}' | sort -u | xargs -r -n 1 readlink -f \\\n"
        f"\t| sed 's,^/\\(usr/\\)*,*,' | sort -u | {names} {'>>' if adds else '>'} {LIST}"
    )


def copied_list(builder: str) -> str:
    """The final stage's line that brings the list."""
    return f"COPY --from={builder} {LIST} /tmp/"


def debian_install(
    builder: str, beside: tuple[str, ...] = (), keeps_lists: bool = False, only_lacking: bool = False
) -> str:
    """The final stage's lines that install what the builder listed, where no install of the author takes them.

    `only_lacking`: where the image has all of them, no repository is asked: those of old releases are gone.
    """
    names = " ".join([*beside, f"$(cat /tmp{LIST})"])
    cleaning = f"rm /tmp{LIST}" if keeps_lists else f"rm -rf {LISTS}/* /tmp{LIST}"
    update, end = "RUN apt-get update", ""
    if only_lacking and not beside:
        update = f"RUN xargs -r dpkg --status < /tmp{LIST} > /dev/null 2>&1 \\\n\t|| {{ apt-get update"
        end = "; }"
    return (
        f"{copied_list(builder)}\n"
        f"{update} \\\n"
        f"\t&& apt-get install -y --no-install-recommends {names}{end} \\\n"
        f"\t&& {cleaning}"
    )


def alpine_install(paths: tuple[str, ...], repositories: tuple[str, ...] = ()) -> str:
    """The final stage's RUN that installs the libraries of copied programs by their `so:` names.

    Those that are copied too, or that the base has outside of its packages, are left out, and so is the empty line
    for a program that loads none. `repositories` are options that name more places to get them from.
    """
    places = dict.fromkeys((*paths, OUTSIDE_PACKAGES))
    there = " ".join(p for p in places if not any(within(p, other) for other in places if other != p))
    add = " ".join(["apk add --no-cache", *repositories])
    return (
        f"RUN {add} $(scanelf --needed --nobanner --format '%n#p' --recursive "
        f"{' '.join(paths)} \\\n"
        "\t| tr ',' '\\n' | grep . | sort -u \\\n"
        f'\t| while read -r so; do find {there} -name "$so" | grep -q . || echo "so:$so"; done)'
    )


class Taking(Struct, frozen=True):
    """How an install of the final stage takes the list: what stands for it there, and the list's removal behind."""

    names: Span
    removal: Edit


class AuthorDiscovery(Struct, frozen=True):
    """The author's own list of libraries.

    `edit` makes the command that marks or installs them write the list instead. `taking` is for an install that the
    final stage runs; None where it installs as ever. `whole` says that it has all that the programs load.
    """

    step: int
    edit: Edit
    taking: Taking | None = None
    whole: bool = True


def take_list(own: AuthorDiscovery | None, marks: Marks, packages: Packages) -> Packages:
    """Places the step that makes the author's list; an install of the final stage takes it from the builder."""
    if own is None:
        return packages
    if own.taking is None:
        marks.to_builder(own.step, "lists the libraries that the programs need")
        return packages
    marks.put(own.step, True, True, "the builder lists the libraries that the final stage installs")
    edits = packages.edits.get(own.step, ())
    names = own.taking.names
    named = [e.text for e in edits if e.span == names]  # names that the variable is known to have besides
    mine = (
        *(e for e in edits if e.span != names),
        Edit(names, " ".join([*named, f"$(cat /tmp{LIST})"])),
        own.taking.removal,
    )
    return replace(packages, edits={**packages.edits, own.step: mine})


def place_preparation(own: AuthorDiscovery | None, ground: Ground, marks: Marks) -> None:
    """What only the author's list looks at, and the builder, leaves the final stage: it takes the list as it is."""
    if own is None or own.taking is None:
        return
    steps = ground.analysis.steps
    for step in reversed(steps[: own.step]):
        mate = step.ordinal == steps[own.step].ordinal and step.phase is Phase.FOLLOW and not step.state_only
        if mate and step.index in marks.final:
            users = {edge.target for edge in ground.graph.used_by(step.index)}
            others = {u for u in users if u != own.step and not steps[u].state_only}
            if users - others and others <= marks.builder - marks.final:
                marks.to_builder(step.index, "only serves the list of libraries and the builder")


def marked_list(analysis: Analysis) -> AuthorDiscovery | None:
    """The author's list of what he marks before a purge of the rest: the libraries that programs load, or by pattern.

    `find … ldd … | xargs apt-mark manual`, or `dpkg-query … | grep '^libreadline' | xargs apt-mark manual`.
    """
    found = [
        own
        for step in analysis.steps
        for member in step.members
        if any(c.action is PackageAction.MARK_MANUAL for c in member.effects.packages)
        if (own := _marked(analysis, step, member)) is not None
    ]
    return next((own for own in found if own.whole), found[0] if found else None)


def author_discovery(analysis: Analysis, marks: Marks) -> AuthorDiscovery | None:
    """The forms of the official images, both before a purge of the rest.

    What is marked, and `apk add $(scanelf … /usr/local)`, which looks at programs that only
    the builder has yet; its filter `apk info --installed` finds only what the builder has installed.
    """
    marked = marked_list(analysis)
    if marked is not None:
        return marked
    for step in analysis.steps:
        if len(step.members) == 1 and isinstance(command := step.members[0].command, Simple):
            found = _installed(analysis, marks, step, command)
            if found is not None:
                return found
    return None


def _marked(analysis: Analysis, step: Step, member: Member) -> AuthorDiscovery | None:
    command = member.command
    if not isinstance(command, Pipeline) or len(command.commands) < 3 or not LISTERS & {*step.effects.tools}:
        return None
    last, whole = command.commands[-1].span, "ldd" in step.effects.tools
    bar = analysis.dockerfile.source.text.rfind("|", command.commands[-2].span.end, last.start)
    if bar < 0:
        return None
    if is_checked(analysis.steps, step):  # the builder marks the packages and removes the others as well
        gap = analysis.dockerfile.source.text[command.commands[-2].span.end : bar]
        return AuthorDiscovery(step.index, Edit(Span(bar, bar), f"| tee {LIST}{gap}"), whole=whole)
    return AuthorDiscovery(step.index, Edit(Span(bar, last.end), f"> {LIST}"), whole=whole)


def _installed(analysis: Analysis, marks: Marks, step: Step, command: Simple) -> AuthorDiscovery | None:
    """`apk add … $names` behind `names="$(scanelf …)"`, or with the substitution itself."""
    if [word.text for word in command.words[:2]] != ["apk", "add"]:
        return None
    built = any(made_in_builder(marks, step, place) for place in step.effects.reads)
    text = analysis.dockerfile.source.text
    for word in command.words[2:]:
        match word.parts:
            case (Parameter(name=name, operator=""),) if _lists(_value(analysis, step, name), built):
                listing = f"echo {word.text}"
            case (Substitution(script=script),) if _lists(word, built):
                listing = text[script.span.start : script.span.end]
            case _:
                continue
        end = command.span.end
        # `set -e` lets a command pass that fails in front of `&&`
        stops = step.members[-1].operator == ";" and step.members[-1].before.errexit
        then = "; \\\n\t" if stops else " \\\n\t&& "
        removal = Edit(Span(end, end), f"{then}rm /tmp{LIST}")
        edit = Edit(command.span, f"{listing} > {LIST}")
        return AuthorDiscovery(step.index, edit, Taking(word.span, removal))
    return None


def _value(analysis: Analysis, step: Step, name: str) -> Word | None:
    """What an earlier member of the same RUN assigns to a variable."""
    for other in reversed(analysis.steps[: step.index]):
        for member in other.members if other.ordinal == step.ordinal else ():
            for node in descendants(member.command):
                if isinstance(node, Assignment) and node.name == name and len(node.values) == 1:
                    return node.values[0]
    return None


def _lists(word: Word | None, built: bool) -> bool:
    """Whether a substitution asks which of the names that it is given are installed, or what built programs load."""
    if word is None:
        return False
    commands = [[each.text for each in c.words] for c in simple_commands(word)]
    return any(
        ("apk" in words and "info" in words and bool({"-e", "--installed"} & {*words}))
        or (built and any(map(lists_libraries, words)))
        for words in commands
    )


def discovery_lines(
    analysis: Analysis,
    marks: Marks,
    artifacts: tuple[Artifact, ...],
    final: BaseImage,
    builder: str,
    own: AuthorDiscovery | None,
    packages: Packages,
    beside: tuple[str, ...] = (),
) -> tuple[Insertion, ...]:
    """What lists and installs run-time libraries, for Debian's and Alpine's families; nothing for others.

    `own` says that the author's own lines write the list, which the builder may add to; `beside` are packages that
    are installed along with it.
    """
    artifacts = tuple(a for a in artifacts if not is_keyring(a.source))
    if not artifacts:
        return ()
    paths = tuple(dict.fromkeys(a.source for a in artifacts))
    last_built = max(marks.builder)
    if final.family in ("debian", "ubuntu"):
        first = min(a.producer for a in artifacts)
        run = analysis.steps[first].ordinal
        needed = lists_serve(s for s in analysis.steps if s.ordinal >= run and s.index in marks.final)
        text = debian_install(builder, beside, needed, only_lacking=not asks_apt(analysis))
        lines = as_root(analysis, first, text)
        install = Insertion(Stage.FINAL, first, lines, COMMENT, before=True)
        if packages.listed_at is not None:
            install = Insertion(Stage.FINAL, packages.listed_at, copied_list(builder), COMMENT, before=True)
        if own is not None and (own.whole or not packages.discovered):
            return (install,)
        folders = tuple(dict.fromkeys(a.source for a in artifacts if a.directory))
        lines = debian_list(paths, folders, _pipefail(analysis, last_built), packages.loaded, own is not None)
        return Insertion(Stage.BUILDER, last_built, as_root(analysis, last_built, lines), COMMENT), install
    if own is not None and own.taking is not None:
        return (Insertion(Stage.FINAL, own.step, copied_list(builder), COMMENT, before=True),)
    if final.family == "alpine":
        last = max(a.producer for a in artifacts)
        brought = tuple(dict.fromkeys(a.destination for a in artifacts))
        lines = alpine_install(brought, _repositories(marks))
        return (Insertion(Stage.FINAL, last, as_root(analysis, last, lines), COMMENT),)
    return ()


def _repositories(marks: Marks) -> tuple[str, ...]:
    """The options with which installs of the builder name a repository besides those of the system."""
    found: list[str] = []
    for step in marks.steps:
        for invocation in step.invocations if step.index in marks.builder else ():
            words = invocation.arguments
            if invocation.name != "apk" or "add" not in words:
                continue
            for word, value in zip(words, (*words[1:], ""), strict=True):
                if word in ("-X", "--repository"):
                    found.append(f"{word} {value}")
                elif word.startswith("--repository=") or (found and word == "--allow-untrusted"):
                    found.append(word)
    return tuple(dict.fromkeys(option for option in found if HOLE not in option))


def _pipefail(analysis: Analysis, index: int) -> bool:
    """Whether the SHELL in force makes a pipeline fail with any of its commands."""
    command = shell_command(analysis.steps[index].state.shell)
    return command is not None and command.pipefail
