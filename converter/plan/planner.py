"""Graph to plan: the order in which decisions are made."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from converter.context import Context
from converter.diagnostics import Diagnostic, Severity
from converter.dockerfile.model import From
from converter.effects.model import PackageAction, Phase, WriteKind
from converter.graph.connecting import dependency_graph
from converter.graph.model import Analysis, Step
from converter.knowledge.image_choices import has_narrower, slim_sibling
from converter.knowledge.images import BaseImage, Kind
from converter.knowledge.libraries import may_load_system_libraries
from converter.knowledge.packages import PackageKind, kind
from converter.options import Options
from converter.plan.additions import environment, pinned_ids
from converter.plan.bases.bare import BARE, carried, without_packages
from converter.plan.bases.choice import Refusal, choose_bases, final_image, languages_used, unpinned
from converter.plan.bases.restate import Restated, restate
from converter.plan.copies.absent import without_absent
from converter.plan.copies.artifacts import Copies
from converter.plan.copies.companions import replay_companions
from converter.plan.copies.copying import settled_copies
from converter.plan.copies.lacking import lacking_directories
from converter.plan.copies.late import with_parents
from converter.plan.copies.loader import loader_cache
from converter.plan.copies.optimize import COMPILERS, optimized
from converter.plan.copies.ownership import with_owners
from converter.plan.copies.staging import staged
from converter.plan.evidence.application import whole_trees
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.leaving import leaving_programs
from converter.plan.evidence.outlook import Outlook, outlook_of
from converter.plan.evidence.toolbox import run_pragma, toolbox
from converter.plan.evidence.trees import work_trees
from converter.plan.gain import gains, live_build_packages, loses_toolchain, only_removes
from converter.plan.marks import Marks
from converter.plan.notes import notes_of, notes_on_unchanged, proven_only, secrets, unreadable
from converter.plan.packages.absent import without_missing
from converter.plan.packages.answers import with_answers
from converter.plan.packages.apk_index import with_index
from converter.plan.packages.came_along import came_along
from converter.plan.packages.discovery import (
    AuthorDiscovery,
    author_discovery,
    discovery_lines,
    place_preparation,
    take_list,
)
from converter.plan.packages.idle_tools import idle_packages
from converter.plan.packages.install_lines import install_lines, installed_with_list
from converter.plan.packages.kept import Listed, choose_packages
from converter.plan.packages.left_programs import drop_left_programs
from converter.plan.packages.links import drop_links
from converter.plan.packages.list_cleaning import drop_idle_updates, without_lists
from converter.plan.packages.loaded import with_loaded
from converter.plan.packages.man_directory import with_man_directory
from converter.plan.packages.meant_to_stay import sets_tools_apart
from converter.plan.packages.openmp import openmp_packages
from converter.plan.packages.unnamed import unnamed_packages
from converter.plan.provision import unprovided
from converter.plan.refusals import (
    no_origin,
    refusals,
    toolchain_at_run_time,
    unknown_builds,
)
from converter.plan.split import Addition, Bases, Edit, Packages, Split
from converter.plan.steps.ambient import place_ambient, place_arguments
from converter.plan.steps.caches import clean_after_installs
from converter.plan.steps.cleaning import clean_caches, drop_cleaning
from converter.plan.steps.placement import place_steps
from converter.plan.steps.settling import drop_talk
from converter.plan.steps.sweeping import drop_idle_sweeps
from converter.plan.steps.volumes import volume_directories
from converter.plan.steps.workdirs import drop_idle_workdirs
from converter.shell.model import Pipeline, Simple

SEEDS = (Phase.BUILD, Phase.LIBRARY)


class Nothing(Struct, frozen=True):
    """Nothing to gain, or a refusal; the diagnostic says which."""

    reason: Diagnostic
    refused: bool = False
    notes: tuple[Diagnostic, ...] = ()


def plan(analysis: Analysis, options: Options, context: Context | None = None) -> Split | Nothing:
    """Decide the whole conversion, or say why there is none."""
    decided = _decide(analysis, options, context)
    if isinstance(decided, Nothing):
        reason = decided.reason
        base = analysis.base
        narrower = has_narrower(base) if base.kind is Kind.TOOLCHAIN else slim_sibling(base) is not None
        if reason.code == "MS501" and (narrower or sets_tools_apart(analysis)):
            # a script that could be read might show that the base can be narrower, or that nothing needs the tools
            reason = next(unreadable(analysis), reason)
        notes = secrets(analysis) if decided.refused else notes_on_unchanged(analysis)
        return replace(decided, reason=reason, notes=tuple(notes))
    return decided


def _decide(analysis: Analysis, options: Options, context: Context | None) -> Split | Nothing:
    seeds = frozenset(
        s.index
        for s in analysis.steps
        if s.is_run
        and not s.pragmas.keep
        and ((s.phase in SEEDS and not _stays_whole(analysis, s)) or s.pragmas.build)
    )
    if not seeds and live_build_packages(analysis):
        found = next(unknown_builds(analysis), None)
        if found is not None and toolbox(analysis) is None:
            return Nothing(found, True)
    if not seeds and not any(s.phase is Phase.FETCH for s in analysis.steps):
        return Nothing(Diagnostic("MS501", Severity.NOTE, "nothing is built in this file"))
    found = next(toolchain_at_run_time(analysis), None)
    if found is not None and seeds:
        return Nothing(found, True)
    graph = dependency_graph(analysis.steps, analysis.runtime)
    trees = work_trees(analysis)
    ground = Ground(
        analysis, graph, trees, whole_trees(analysis, trees, seeds), frozenset(leaving_programs(analysis))
    )
    marks = place_steps(ground, seeds)
    drop_cleaning(ground, marks)
    replays = replay_companions(ground, marks, context)
    own = author_discovery(analysis, marks)
    place_preparation(own, ground, marks)
    copies = settled_copies(ground, marks, own.step if own is not None else None)
    libraries = [
        analysis.steps[i]
        for i in seeds
        if analysis.steps[i].phase is Phase.LIBRARY and _is_live(ground, analysis.steps[i])
    ]
    brought = tuple(a.destination for a in copies.artifacts) + tuple(d.prefix for d in copies.differences)
    languages = languages_used(analysis, marks, libraries, brought)
    bases = choose_bases(analysis, marks, options, languages, brought, True)
    if isinstance(bases, Refusal):
        return Nothing(
            Diagnostic(
                "MS509", Severity.ERROR, bases.reason, ("leave out --final-base, or choose 'slim' or 'same'",)
            ),
            True,
        )
    final = final_image(analysis, bases)
    restated = restate(analysis, marks, bases, final, brought)
    idle = idle_packages(analysis, context) if options.final_base == "smallest" else frozenset()
    outlook = outlook_of(analysis, marks, languages, options.strict, idle)
    listed = Listed(own is not None or _native(ground, marks, bases), copies.first)
    unplaced = (*openmp_packages(analysis, marks, final, context), *analysis.observed.packages)
    more = (*restated.packages, *map(Addition, unplaced))
    packages, notes = _packages(analysis, marks, outlook, final, more, listed)
    if final.family in BARE:
        packages = without_packages(analysis, marks, packages)
    better = gains(analysis, marks, trees, packages, bases.narrowed, ground.whole, copies)
    if not better or not (copies.artifacts or copies.differences):
        missing = "no compiler, source tree or build product would leave the image"
        if better:
            missing = "nothing that a build step makes is known to be needed when the container runs"
        return Nothing(Diagnostic("MS501", Severity.NOTE, f"nothing to gain: {missing}", unpinned(analysis)))
    why = toolbox(analysis)
    if why is not None:  # its users may count on every package that the author left in it
        outlook = outlook_of(analysis, marks, languages, True)
        packages, notes = _packages(analysis, marks, outlook, final, more, listed)
        removed = only_removes(analysis, marks) and not loses_toolchain(ground, marks)
        if bases.other_repository or not removed:
            return Nothing(
                Diagnostic(
                    "MS401",
                    Severity.ERROR,
                    f"{why}: its users may need the tool chain",
                    (run_pragma(analysis),),
                ),
                True,
            )
    found = next(iter(refusals(ground, marks, copies, packages)), None)
    if found is None:
        found = next(map(no_origin, unprovided(ground, marks, copies, final)), None)
    if found is None and options.strict:
        found = proven_only(copies)
    if found is not None:
        return Nothing(found, True)
    notes = (*notes_of(analysis, marks, packages, bases), *notes, *_size_note(analysis, marks, better))
    return _assemble(
        ground,
        marks,
        copies,
        own,
        bases,
        final,
        packages,
        restated,
        notes,
        replays,
        options,
    )


def _packages(
    analysis: Analysis,
    marks: Marks,
    outlook: Outlook,
    final: BaseImage,
    more: tuple[Addition, ...],
    listed: Listed,
) -> tuple[Packages, tuple[Diagnostic, ...]]:
    """The packages of the final stage, with those that only came along with others which leave."""
    packages, notes = choose_packages(analysis, marks, outlook, final, more, listed)
    along = came_along(analysis, marks, packages, final, listed.wanted)
    if along:
        return choose_packages(analysis, marks, outlook, final, (*more, *along), listed)
    return packages, notes


def _assemble(
    ground: Ground,
    marks: Marks,
    copies: Copies,
    own: AuthorDiscovery | None,
    bases: Bases,
    final: BaseImage,
    packages: Packages,
    restated: Restated,
    notes: tuple[Diagnostic, ...],
    replays: dict[int, tuple[Edit, ...]],
    options: Options,
) -> Split:
    analysis = ground.analysis
    name = _builder_name(analysis)
    packages = take_list(own, marks, packages)
    packages = with_index(analysis, marks, without_missing(analysis, marks, packages, final))
    packages = with_answers(analysis, marks, packages, final)
    drop_links(analysis, marks, packages, final)
    drop_left_programs(analysis, marks, packages, final)
    drop_idle_sweeps(marks)
    clean_caches(marks)
    cleaned = clean_after_installs(marks)
    packages = replace(packages, edits={**packages.edits, **cleaned})
    shortened = {**without_absent(analysis, marks, copies), **with_parents(marks, copies)}
    packages = without_lists(analysis, marks, packages, options.final_base == "smallest")
    packages = with_man_directory(analysis, marks, bases, packages)
    drop_talk(marks)
    place_ambient(ground, marks)
    drop_idle_workdirs(ground, marks, copies, final.family)
    place_arguments(analysis, marks, {**packages.edits, **shortened})
    artifacts, insertions = staged(analysis, marks, copies)
    insertions += volume_directories(analysis, marks)
    artifacts, owned = with_owners(analysis, marks, artifacts)
    insertions += owned + lacking_directories(analysis, marks, artifacts)
    beside: tuple[str, ...] = ()
    packages = replace(packages, discovered=packages.discovered or _native(ground, marks, bases))
    packages = with_loaded(analysis, marks, bases, packages)
    if own is not None or packages.discovered:
        beside = installed_with_list(marks, copies, packages, final)
        found = discovery_lines(analysis, marks, artifacts, final, name, own, packages, beside)
        insertions += found
        packages = replace(packages, discovered=bool(found))
    insertions = (*optimized(analysis, marks, artifacts, options.optimize), *insertions)
    early, late = install_lines(analysis, copies, packages, final, beside)
    first = (
        restated.insertions + environment(analysis) + early + carried(analysis, marks, bases, packages, name)
    )
    insertions = first + late + insertions + loader_cache(analysis, marks, artifacts, final)
    drop_idle_updates(marks, insertions)
    ids = pinned_ids(analysis, marks)
    packages = replace(packages, edits={**packages.edits, **replays, **ids, **shortened})
    placements = tuple(marks.placement(i) for i in range(len(analysis.steps)))
    edits = {own.step: (own.edit,)} if own is not None else {}
    return Split(bases, placements, artifacts, packages, insertions, edits, notes, name, ground.graph)


def _stays_whole(analysis: Analysis, step: Step) -> bool:
    """Whether a compound step does something for the final stage as well.

    It installs more than build tools, or fetches the lists for an install behind it.
    """
    if all(isinstance(member.command, (Simple, Pipeline)) for member in step.members):
        return False
    changes = [c for c in step.effects.packages if c.action in (PackageAction.INSTALL, PackageAction.UPDATE)]
    names = [(c.manager, p.name) for c in changes for p in c.names]
    following = (c.action for s in analysis.steps[step.index + 1 :] for c in s.effects.packages)
    if any(c.action is PackageAction.UPDATE for c in changes) and PackageAction.INSTALL is next(
        following, None
    ):
        return True
    return bool(changes) and not (
        names
        and all(
            kind(*n) in (PackageKind.BUILD, PackageKind.DEVELOPMENT, PackageKind.VCS, PackageKind.USE)
            for n in names
        )
    )


def _is_live(ground: Ground, step: Step) -> bool:
    """Whether packages of a language are still there at the end, outside build-time places."""
    return any(
        w.kind is not WriteKind.BOOK and not ground.gone(w.place)
        for w in ground.analysis.live_writes[step.index]
    )


def _native(ground: Ground, marks: Marks, bases: Bases) -> bool:
    """Whether what is copied may load libraries that only the old base had, or that packages without a name bring."""
    if unnamed_packages(ground.analysis, marks) is not None:
        return True
    if not bases.narrowed or not ground.analysis.base.build_libraries:
        return False
    for step in ground.analysis.steps:
        if step.index not in marks.builder or step.index in marks.final or not _is_live(ground, step):
            continue
        if step.phase is Phase.BUILD and COMPILERS & set(step.effects.tools):
            return True
        if any(may_load_system_libraries(c.ecosystem, c.names, c.native) for c in step.effects.libraries):
            return True
    return False


def _size_note(analysis: Analysis, marks: Marks, better: tuple[str, ...]) -> Iterator[Diagnostic]:
    if better == ("build steps need not clean up after themselves",):
        yield Diagnostic(
            "MS502",
            Severity.NOTE,
            "no size gain expected: the original removes its build tools in the same RUN",
        )


def _builder_name(analysis: Analysis) -> str:
    """`builder`, or the next free name."""
    taken = {i.name for i in analysis.dockerfile.instructions if isinstance(i, From) and i.name}
    name, number = "builder", 1
    while name in taken:
        number += 1
        name = f"builder{number}"
    return name
