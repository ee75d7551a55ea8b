"""Which packages the final stage installs, and the edits of the author's package lists that say so.

decisions.md, section 4. The builder keeps every install as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from converter.diagnostics import Diagnostic, Severity, diagnostic
from converter.effects.model import Basis, PackageAction, PackageChange, PackageName, Phase
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage, Kind
from converter.knowledge.packages import PackageKind, kind, programs, runtime_part
from converter.knowledge.programs import interpreter_of
from converter.plan.placement import Marks
from converter.plan.split import Edit, Packages
from converter.shell.model import Pipeline, Simple
from converter.span import Span

TOOLS = (PackageKind.BUILD, PackageKind.DEVELOPMENT, PackageKind.VCS, PackageKind.DOC)
GONE = (PackageAction.REMOVE, PackageAction.PURGE)


@dataclass
class _Choice:
    """What becomes of one operand: kept, or left out and replaced by `parts` (None: to be found in the builder)."""

    package: PackageName
    manager: str
    step: int
    stays: bool
    proven: bool = False
    parts: tuple[str, ...] | None = ()
    reason: str = ""


@dataclass
class Outlook:
    """Who uses what: tools of builder steps, of steps that stay, and names that the running container uses."""

    built_with: frozenset[str]
    kept_tools: frozenset[str]
    runtime: frozenset[str]
    compiles: bool
    opaque: bool
    languages: frozenset[str] = field(default_factory=frozenset)


def outlook_of(analysis: Analysis, marks: Marks, languages: frozenset[str]) -> Outlook:
    """The uses of programs, given where steps are."""
    steps = analysis.steps
    built = [s for s in steps if s.index in marks.builder and s.index not in marks.final]
    kept = [s for s in steps if s.index in marks.final and s.phase is not Phase.PACKAGE]
    return Outlook(
        built_with=frozenset(t for s in built for t in s.effects.tools),
        kept_tools=frozenset(t for s in kept for t in s.effects.tools)
        - frozenset(t for s in kept if not s.is_run for t in s.effects.tools),
        runtime=analysis.runtime.names | analysis.runtime.program_names(),
        compiles=any(s.phase in (Phase.BUILD, Phase.LIBRARY) for s in built),
        opaque=analysis.runtime.opaque,
        languages=languages,
    )


def choose_packages(
    analysis: Analysis, marks: Marks, outlook: Outlook, final_base: BaseImage, extra: tuple[str, ...]
) -> tuple[Packages, tuple[Diagnostic, ...]]:
    """Decide every install of the file; marks of package steps are set on the way. `extra` are names to add."""
    choices = tuple(_choices(analysis, outlook, final_base))
    by_step: dict[int, list[_Choice]] = {}
    for choice in choices:
        by_step.setdefault(choice.step, []).append(choice)
    kept = {c.package.name for c in choices if c.stays}
    added: list[str] = []
    discovered = False
    edits: dict[int, tuple[Edit, ...]] = {}
    dropped: set[int] = set()
    notes: list[Diagnostic] = []
    homeless = [name for name in extra if name not in kept]
    home = _home(analysis, choices) if homeless else None
    for index, found in by_step.items():
        wanted: list[str] = []
        if index == home:
            wanted, homeless = homeless, []
        for choice in found:
            if not choice.stays and not choice.proven:
                if choice.parts is None:
                    discovered = True
                else:
                    wanted += [
                        p for p in choice.parts if p not in kept and p not in added and p not in wanted
                    ]
        if all(c.stays for c in found) and not wanted:
            continue
        if not any(c.stays for c in found) and not wanted:
            dropped.add(index)
            continue
        added += wanted
        edits[index] = _list_edits(analysis, found, wanted)
    notes += _notes(analysis, choices)
    _mark_steps(analysis, marks, choices, dropped)
    added += homeless
    final = tuple(dict.fromkeys([c.package.name for c in choices if c.stays] + added))
    return (
        Packages(
            build=tuple(dict.fromkeys(c.package.name for c in choices)),
            final=final,
            added=tuple(dict.fromkeys(added)),
            leaving=tuple(dict.fromkeys(c.package.name for c in choices if not c.stays)),
            homeless=tuple(homeless),
            discovered=discovered,
            edits=edits,
            dropped_steps=frozenset(dropped),
        ),
        tuple(notes),
    )


def _home(analysis: Analysis, choices: tuple[_Choice, ...]) -> int | None:
    """The author's first install that something stays in and that can take more names: root's, on one list."""
    for choice in choices:
        user = analysis.steps[choice.step].state.user
        simple = all(isinstance(m.command, Simple) for m in analysis.steps[choice.step].members)
        if choice.stays and choice.manager in ("apt", "apk") and simple and user in ("", "root", "0"):
            return choice.step
    return None


def _choices(analysis: Analysis, outlook: Outlook, final_base: BaseImage) -> Iterator[_Choice]:
    for step in analysis.steps:
        for change in step.effects.packages:
            if change.action is PackageAction.INSTALL:
                for package in change.names:
                    yield _choose(analysis, outlook, final_base, step, change, package)


def _choose(
    analysis: Analysis,
    outlook: Outlook,
    final_base: BaseImage,
    step: Step,
    change: PackageChange,
    package: PackageName,
) -> _Choice:
    manager, name = change.manager, package.name
    found = kind(manager, name)
    brings = frozenset(programs(manager, name))
    suite = _named_suite(final_base)

    def leaves(reason: str, proven: bool = False) -> _Choice:
        return _Choice(
            package, manager, step.index, False, proven, runtime_part(manager, name, suite), reason
        )

    removal = removed_later(analysis, step, change, name)
    if step.pragmas.keep:
        return _Choice(package, manager, step.index, True, reason="the author keeps it")
    if brings & outlook.kept_tools and found is not PackageKind.RUNTIME:
        return _Choice(package, manager, step.index, True, reason="a step of the final stage runs it")
    if removal is not None:
        return leaves("the author removes it", proven=removal)
    if step.pragmas.build:
        return leaves("the author says that it is build time only")
    if found in TOOLS:
        if brings & outlook.runtime and found is not PackageKind.DEVELOPMENT:
            return _Choice(package, manager, step.index, True, reason="the running container uses it")
        if outlook.compiles or brings & outlook.built_with:
            return leaves("only build steps use it")
        return _Choice(package, manager, step.index, True, reason="no build step uses it")
    if found is PackageKind.USE:
        used = bool(brings & outlook.built_with)
        spoken = {interpreter_of(program) for program in brings} & outlook.languages
        needed = bool(brings & outlook.runtime) or outlook.opaque or bool(spoken)
        if used and not needed:
            return leaves("only build steps use it")
    return _Choice(package, manager, step.index, True)


def _named_suite(base: BaseImage) -> str | None:
    """The release that the tag itself names; a tag that names none moves from one release to the next."""
    named = base.suite is not None and (base.kind is Kind.OS or base.suite in base.tag)
    return base.suite if named else None


def removed_later(analysis: Analysis, step: Step, change: PackageChange, name: str) -> bool | None:
    """Whether a later step removes a package: true with what it brought, false without, None if it stays.

    Only what certainly happens counts: not the branches of an `if`. Marks (`apt-mark auto '.*'`, then a
    purge of whatever is automatic) concern the packages of their own RUN, since earlier ones are marked
    back by hand.
    """
    marked_auto = False
    manual: set[str] = set()
    saved = False
    for other in analysis.steps[step.index + 1 :]:
        # `x="$(apt-mark showmanual)"` behind the install: what is there already is marked back later
        saved = saved or (
            other.state_only and "apt-mark" in other.effects.tools and other.ordinal == step.ordinal
        )
        if not all(isinstance(m.command, (Simple, Pipeline)) for m in other.members):
            continue
        for later in other.effects.packages:
            names = {p.name for p in later.names}
            match later.action:
                case PackageAction.REMOVE | PackageAction.PURGE | PackageAction.AUTOREMOVE:
                    if name in names or (change.group is not None and change.group in names):
                        return later.autoremove or later.manager != "apt" or _autoremoves(analysis, other)
                    sweeps = later.autoremove or later.action is PackageAction.AUTOREMOVE
                    if marked_auto and sweeps and name not in manual:
                        return True
                case PackageAction.MARK_AUTO if other.ordinal == step.ordinal and not saved:
                    marked_auto = marked_auto or not names or name in names or any("*" in n for n in names)
                case PackageAction.MARK_MANUAL:
                    manual |= names
                case _:
                    pass
    return None


def _autoremoves(analysis: Analysis, step: Step) -> bool:
    """Whether an autoremove follows a removal."""
    return any(
        c.action is PackageAction.AUTOREMOVE or (c.autoremove and c.action in GONE)
        for s in analysis.steps[step.index :]
        for c in s.effects.packages
    )


def _list_edits(analysis: Analysis, found: list[_Choice], wanted: list[str]) -> tuple[Edit, ...]:
    """Take the leaving operands out of a list, and put the added ones behind the last that stays."""
    text = analysis.dockerfile.source.text
    words: dict[Span, list[_Choice]] = {}
    for choice in found:
        words.setdefault(choice.package.span, []).append(choice)
    ordered = sorted(words)
    edits: list[Edit] = []
    pending = list(wanted)
    for span in reversed(ordered):
        inside = words[span]
        stay = [c.package.text for c in inside if c.stays]
        if len(stay) == len(inside):
            if pending:
                gap = _gap_before(text, span)
                edits.append(Edit(Span(span.end, span.end), "".join(gap + p for p in pending)))
                pending = []
            continue
        if stay:
            edits.append(Edit(span, " ".join([*stay, *pending])))
            pending = []
        elif span == ordered[0] and pending:
            edits.append(Edit(span, _gap_between(text, ordered).join(pending)))
            pending = []
        else:
            start = _end_of_word_before(text, span.start)
            edits.append(Edit(Span(start, span.end), ""))
    return tuple(edits)


def _end_of_word_before(text: str, at: int) -> int:
    """Where the word before `at` ends: blanks, continuations and comment lines in between are left out too."""
    while True:
        start = at
        while at > 0 and text[at - 1] in " \t\r\n":
            at -= 1
        line = text.rfind("\n", 0, at) + 1
        if text[line:at].lstrip().startswith("#"):
            at = line
        elif at > 0 and text[at - 1] in "\\`" and text[at : at + 1] in "\r\n \t":
            at -= 1
        if at == start:
            return at


def _gap_before(text: str, span: Span) -> str:
    """What stands between an operand and the word before it, comments left out."""
    gap = text[_end_of_word_before(text, span.start) : span.start]
    lines = [line for line in gap.split("\n") if not line.lstrip().startswith("#")]
    return "\n".join(lines) or " "


def _gap_between(text: str, ordered: list[Span]) -> str:
    return _gap_before(text, ordered[1]) if len(ordered) > 1 else " "


def _notes(analysis: Analysis, choices: tuple[_Choice, ...]) -> Iterator[Diagnostic]:
    source = analysis.dockerfile.source
    for choice in choices:
        found = kind(choice.manager, choice.package.name)
        if not choice.stays and not choice.proven and found is PackageKind.USE:
            yield diagnostic(
                "MS504",
                Severity.NOTE,
                f"{choice.package.name} is left out of the final stage: only build steps use it",
                source,
                choice.package.span,
                ("write '# multistage: keep' above the instruction if the running container needs it",),
            )
        elif choice.stays and found in (*TOOLS, PackageKind.DEBUG):
            yield diagnostic(
                "MS505",
                Severity.NOTE,
                f"{choice.package.name} stays in the final stage: {choice.reason or 'nothing shows that it is build time only'}",
                source,
                choice.package.span,
            )


def _mark_steps(analysis: Analysis, marks: Marks, choices: tuple[_Choice, ...], dropped: set[int]) -> None:
    """Put package steps where they belong: installs, the updates they need, removals and cleaning."""
    kept_installs = {c.step for c in choices if c.stays} | {c.step for c in choices} - dropped
    names = {c.package.name for c in choices if c.step in kept_installs and c.stays}
    upgrades = {
        s.index for s in analysis.steps if any(c.action is PackageAction.UPGRADE for c in s.effects.packages)
    }
    building = bool(marks.builder)
    for step in analysis.steps:
        actions = {c.action for c in step.effects.packages}
        if not actions or step.phase not in (Phase.PACKAGE, Phase.CLEAN):
            continue
        if PackageAction.INSTALL in actions:
            _mark(
                marks,
                step,
                building,
                step.index in kept_installs or not any(c.names for c in step.effects.packages),
                "installs packages",
            )
        elif PackageAction.UPDATE in actions:
            _mark(
                marks,
                step,
                building,
                _update_serves(analysis, step, kept_installs),
                "fetches the package lists",
            )
        elif actions & set(GONE):
            targets = {p.name for c in step.effects.packages for p in c.names}
            groups = _groups(analysis, kept_installs)
            mates = {s.index for s in analysis.steps if s.ordinal == step.ordinal}
            if targets & (names | groups) or (
                targets and not any(_installed_here(analysis, t) for t in targets)
            ):
                _mark(marks, step, False, True, "removes what the final stage has")
            elif (
                not targets
                and mates & kept_installs
                and not any(_marks_auto(s) for s in analysis.steps if s.index in mates)
            ):
                _mark(marks, step, False, True, "removes what nothing needs any more")
            else:
                marks.drop(step.index, "removes packages that the final stage never has")
        elif actions <= {PackageAction.CLEAN, PackageAction.AUTOREMOVE}:
            if any(i < step.index for i in kept_installs | upgrades):
                _mark(marks, step, False, True, "cleans up after the packages that stay")
            else:
                marks.drop(step.index, "cleans up what the final stage never has")
        elif actions & {PackageAction.MARK_AUTO, PackageAction.MARK_MANUAL}:
            marks.drop(step.index, "marks packages for a removal that is not needed any more")


def _mark(marks: Marks, step: Step, builder: bool, final: bool, reason: str) -> None:
    marks.builder.discard(step.index)
    marks.final.discard(step.index)
    if builder:
        marks.builder.add(step.index)
    if final:
        marks.final.add(step.index)
    code = {(True, True): "MS522", (True, False): "MS520", (False, True): "MS521"}.get(
        (builder, final), "MS523"
    )
    marks.reasons[step.index] = (reason, code, Basis.PROVEN)


def _marks_auto(step: Step) -> bool:
    return any(c.action is PackageAction.MARK_AUTO for c in step.effects.packages)


def _groups(analysis: Analysis, kept: set[int]) -> set[str]:
    return {c.group for i in kept for c in analysis.steps[i].effects.packages if c.group}


def _installed_here(analysis: Analysis, name: str) -> bool:
    return any(
        c.action is PackageAction.INSTALL and (c.group == name or any(p.name == name for p in c.names))
        for s in analysis.steps
        for c in s.effects.packages
    )


def _update_serves(analysis: Analysis, update: Step, kept: set[int]) -> bool:
    """Whether a kept install comes before the next update."""
    for step in analysis.steps[update.index + 1 :]:
        if step.index in kept:
            return True
        if (
            any(c.action is PackageAction.UPDATE for c in step.effects.packages)
            and step.phase is Phase.PACKAGE
        ):
            if not any(c.action is PackageAction.INSTALL for c in step.effects.packages):
                return False
    return False
