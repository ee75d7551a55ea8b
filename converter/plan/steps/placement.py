"""Which stage each step goes to: a fixed point over simple rules.

Everything starts in the final stage. What compiles or installs language packages moves to the builder,
then what prepares its input, then file operations that only touch what the builder has, and at last
whatever the builder needs as well is put into both.
"""

from __future__ import annotations

from converter.dockerfile.model import Add, Copy
from converter.effects.model import Basis, PackageAction, Phase, WriteKind
from converter.effects.places import Place, covers, overlaps, within
from converter.graph.model import Step
from converter.knowledge.places import is_shared, scratch_place
from converter.knowledge.programs import serves_builder
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.identity import is_for_build
from converter.plan.evidence.provenance import (
    changed_places,
    has_maker,
    is_replaced,
    made_in_builder,
    only_deletes,
    used_up,
)
from converter.plan.evidence.relinks import is_leaving, only_relinks
from converter.plan.marks import AMBIENT, CONFIGURATION, Marks
from converter.plan.packages.files import passing_files
from converter.plan.steps.downloads import (
    comes_from_builder,
    fetch_moves,
    fills_prefix,
    has_names,
    is_checked,
    is_edited,
    puts_away,
)
from converter.plan.steps.settling import settle

MOVABLE = (Phase.FETCH, Phase.FOLLOW, Phase.NONE, Phase.CLEAN)


def place_steps(ground: Ground, seeds: frozenset[int]) -> Marks:
    """Where every step goes, packages and shell state left to others; `seeds` are the steps that build."""
    steps = ground.analysis.steps
    marks = Marks(steps, final={s.index for s in steps})
    for index in sorted(seeds):
        marks.to_builder(index, _why_built(steps[index]))
    for index in passing_files(ground.analysis) if seeds else ():
        marks.to_builder(index, "installs a package that the author removes again", Basis.PROVEN)
    moved = True
    while moved:
        moved = False
        for step in steps:
            if step.index in marks.final and not step.state_only:
                moved = _moves(ground, marks, step) or moved
    settle(ground, marks, seeds)
    _needed_by_builder(ground, marks)
    return marks


def _why_built(step: Step) -> str:
    match step.phase:
        case Phase.LIBRARY:
            names = sorted({change.ecosystem for change in step.effects.libraries})
            return f"installs language packages ({', '.join(names)}); what it makes is copied"
        case Phase.BUILD:
            tools = ", ".join(step.effects.tools[:3])
            return f"builds with {tools}" if tools else "builds"
        case _:
            return "the author says that it is build time only"


def _moves(ground: Ground, marks: Marks, step: Step) -> bool:
    """Apply the rules for moving one step to the builder."""
    if isinstance(step.instruction, CONFIGURATION + AMBIENT):
        return False
    if isinstance(step.instruction, (Copy, Add)):
        return _copy_moves(ground, marks, step)
    if only_relinks(ground, step):
        return marks.to_builder(step.index, "chooses among programs that the final stage does not have")
    if is_for_build(ground.analysis, step):
        return marks.to_builder(step.index, "tells git what only build steps need")
    if step.phase not in MOVABLE and not (step.phase is Phase.OPAQUE and not step.effects.opaque):
        return False
    effects = step.effects
    if effects.capabilities:
        return False  # older builders lose file capabilities when they copy
    changed = changed_places(step)
    for place in () if _fills_root(marks, step) else effects.reads:
        if (
            place.path != "/"
            and ground.gone(place)
            and not place.path.startswith("/tmp/.")
            and _filled(marks, ground, step, place)
        ):
            return marks.to_builder(step.index, f"reads {place}, which is build time only")
    if step.phase in (Phase.FETCH, Phase.FOLLOW) and (
        has_names(ground, marks, changed) or fills_prefix(ground, step, changed)
    ):
        made = next((p for p in effects.reads if comes_from_builder(ground, marks, step, p)), None)
        if made is not None:
            return marks.to_builder(step.index, f"reads {made}, which the builder makes")
        replaced = next((p for p in effects.reads if is_replaced(marks, step, p)), None)
        if replaced is not None:
            return marks.to_builder(step.index, f"reads {replaced}, which the builder replaces later")
        if not any(ground.gone(p) for p in changed):  # what lies in scratch space cannot be copied
            taken = (p for p in effects.reads if p in effects.deletes and made_in_builder(marks, step, p))
            moved = next(taken, None)
            if moved is not None:
                return marks.to_builder(step.index, f"moves {moved}, which the builder makes")
    product = next((p for p in effects.reads if _product(ground, marks, step, p)), None)
    if product is not None and step.phase is Phase.FOLLOW:
        return marks.to_builder(step.index, f"reads {product}, which is built and not copied by itself")
    if step.phase is Phase.FETCH and is_checked(ground, marks, step):
        return marks.to_builder(step.index, "fetches what the builder checks")
    if step.phase is Phase.FETCH and has_names(ground, marks, changed) and is_edited(marks, step):
        return marks.to_builder(step.index, "fetches what the builder changes")
    if step.phase is Phase.FETCH and fetch_moves(ground, marks, step):
        return marks.to_builder(step.index, "fetches with tools that nothing else in the final stage needs")
    if (
        changed
        and step.phase is not Phase.CLEAN
        and all(ground.gone(p) for p in changed)
        and (_brings_content(step) or _builder_has_use(ground, marks, step, changed))
    ):
        return marks.to_builder(step.index, f"only touches {changed[0]}, which is build time only")
    if step.phase is Phase.FOLLOW and puts_away(ground, marks, step):
        return marks.to_builder(step.index, f"moves {effects.deletes[0]} to what is build time only")
    if (
        changed
        and not only_deletes(step)
        and not effects.attributes
        and used_up(ground.analysis, ground.graph, marks, step)
    ):
        return marks.to_builder(step.index, f"makes {changed[0]}, which build steps use up")
    if any(ground.in_whole(p) for p in changed) and all(
        ground.in_whole(p) or ground.gone(p) for p in changed
    ):
        return marks.to_builder(step.index, f"works inside {changed[0]}, which is copied as a whole")
    if changed and any(ground.in_whole(p) for p in effects.reads) and step.phase is Phase.FETCH:
        return marks.to_builder(step.index, "reads what the builder makes")
    if changed and not only_deletes(step) and all(made_in_builder(marks, step, p) for p in changed):
        return marks.to_builder(step.index, f"changes {changed[0]}, which the builder makes")
    if step.phase in (Phase.NONE, Phase.FOLLOW) and ground.leaving_programs & set(effects.tools):
        tool = sorted(ground.leaving_programs & set(effects.tools))[0]
        return marks.to_builder(step.index, f"runs {tool}, which the final stage does not have")
    edited = [w.place for w in effects.writes if w.kind is WriteKind.EDIT]
    if edited and len(edited) == len(changed) and all(is_leaving(ground, p) for p in edited):
        return marks.to_builder(step.index, f"changes {changed[0]}, which the final stage does not have")
    return False


def _fills_root(marks: Marks, step: Step) -> bool:
    """Whether a step unpacks into `/`, which cannot be copied, what another step brings, which can be repeated."""
    unpacks = any(w.kind is WriteKind.FETCH and w.place == Place("/", tree=True) for w in step.effects.writes)
    return unpacks and any(has_maker(marks, step, place) for place in step.effects.reads)


def _brings_content(step: Step) -> bool:
    """Whether a step does more than make directories and set modes and owners."""
    effects = step.effects
    light = (WriteKind.BOOK, WriteKind.DIRECTORY)
    return bool(effects.deletes) or any(w.kind not in light for w in effects.writes)


def _builder_has_use(ground: Ground, marks: Marks, step: Step, changed: tuple[Place, ...]) -> bool:
    """Whether a build step works with what a step changes, or was the last to make it, be it a cache."""
    if any(edge.target in marks.builder for edge in ground.graph.used_by(step.index)):
        return True
    for place in changed:
        makers = (
            other
            for other in reversed(marks.steps[: step.index])
            if any(
                overlaps(write.place, place)
                for write in other.effects.writes
                if write.kind is not WriteKind.BOOK
                or not is_shared(write.place.path)  # all of /tmp is no cache
            )
        )
        maker = next(makers, None)
        if maker is None or maker.index not in marks.builder or maker.index in marks.final:
            return maker is not None and maker.state_only
    return True


def _copy_moves(ground: Ground, marks: Marks, step: Step) -> bool:
    """A COPY or ADD that only the builder can use."""
    places = [w.place for w in step.effects.writes]
    if not places or any(not p.known for p in places):
        return False
    if used_up(ground.analysis, ground.graph, marks, step):
        return marks.to_builder(step.index, f"brings {places[0]}, which build steps use up")
    if all(ground.gone(p) for p in places):
        if any(edge.target in marks.builder for edge in ground.graph.used_by(step.index)):
            return marks.to_builder(step.index, f"fills {places[0]}, which is build time only")
        return False
    if all(ground.in_whole(p) for p in places):
        return marks.to_builder(step.index, f"fills {places[0].path}, which is copied as a whole")
    return False


def _filled(marks: Marks, ground: Ground, step: Step, place: Place) -> bool:
    """Whether an earlier step of the builder wrote what is read."""
    return any(edge.source in marks.builder for edge in ground.graph.uses(step.index)) or ground.gone(place)


def _product(ground: Ground, marks: Marks, step: Step, place: Place) -> bool:
    """Whether a read file was built in a tree that only comes to the final stage in parts."""
    tree = next((t for t in ground.trees if within(place.path, t.path)), None)
    if tree is None or ground.in_whole(place) or place.path == tree.path:
        return False
    for other in reversed(marks.steps[: step.index]):
        for write in other.effects.writes:
            if write.kind not in (WriteKind.BOOK, WriteKind.DIRECTORY) and overlaps(write.place, place):
                named = covers(write.place, place) and write.place.path != tree.path
                copied = isinstance(other.instruction, (Copy, Add)) and named
                return other.index in marks.builder and other.index not in marks.final and not copied
    return False


def _needed_by_builder(ground: Ground, marks: Marks) -> None:
    """What the builder needs goes there as well: first what its steps may notice, then what all that needs."""
    last = max(marks.builder, default=-1)
    if last < 0:
        return
    others = [
        s
        for s in marks.steps
        if s.index not in marks.builder and not isinstance(s.instruction, CONFIGURATION)
    ]
    for step in others:
        if step.is_run and clears_the_way(marks, step):
            marks.to_both(step.index, "a build step writes where it deletes")
        elif step.is_run and step.index < last and (_may_be_seen(step) or _takes_away(marks, step)):
            marks.to_both(step.index, "build steps may see what it does")
    installs = {
        s.index
        for s in marks.steps[:last]
        if any(c.action is PackageAction.INSTALL for c in s.effects.packages)
    }
    needs = ground.graph.needs(marks.builder | installs)
    for step in others:
        if step.index in needs and not isinstance(step.instruction, AMBIENT):
            marks.to_both(step.index, "build steps need it too")


def _may_be_seen(step: Step) -> bool:
    """Whether later build steps may notice what a step does to the system."""
    return (
        step.phase is Phase.BOTH
        or bool(step.effects.opaque)
        or (step.phase is Phase.RUNTIME and any(serves_builder(t) for t in step.effects.tools))
    )


def _takes_away(marks: Marks, step: Step) -> bool:
    """Whether a step deletes files of the base that a later step of the builder looks at (`/etc/apt/preferences.d`)."""
    if not only_deletes(step):
        return False
    made = [w.place for s in marks.steps[: step.index] for w in s.effects.writes]
    taken = [p for p in step.effects.deletes if p.exact and not scratch_place(p.path)]
    taken = [p for p in taken if not any(overlaps(p, m) for m in made)]
    return any(
        overlaps(place, read)
        for other in marks.steps[step.index + 1 :]
        if other.index in marks.builder or other.phase is Phase.PACKAGE
        for read in other.effects.reads
        for place in taken
    )


def clears_the_way(marks: Marks, step: Step) -> bool:
    """Whether a later step of the builder alone makes a path that this one deletes."""
    return any(
        w.kind is not WriteKind.BOOK
        and any(d.path == w.place.path or (not d.exact and covers(d, w.place)) for d in step.effects.deletes)
        for other in marks.steps[step.index + 1 :]
        if other.index in marks.builder and other.index not in marks.final
        for w in other.effects.writes
    )
