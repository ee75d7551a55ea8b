"""Plan and author's text to the new Dockerfile."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from converter.dockerfile.model import Run
from converter.effects.model import WriteKind
from converter.effects.places import Place, covers, overlaps, within
from converter.emit.run_text import run_text
from converter.graph.model import Analysis, Step
from converter.knowledge.image_contents import has_command, is_basic
from converter.knowledge.places import is_keyring, is_shared
from converter.knowledge.programs import is_builtin
from converter.plan.edits import edited
from converter.plan.evidence.provenance import is_packaged
from converter.plan.split import Artifact, Edit, Split, Stage
from converter.plan.steps.cleaning import leaves_caches, only_cleans
from converter.shell.model import Simple

COPY_COMMENT = "# Built in the builder stage"


class _Chunk(Struct, frozen=True):
    """Text of one stage: an instruction with what led to it, or lines of ours."""

    lead: str
    text: str
    ours: bool = False
    copies: bool = False


def emit(analysis: Analysis, split: Split) -> str:
    """The new Dockerfile: what stands before FROM, the builder, the final stage, trailing comments."""
    source = analysis.dockerfile.source.text
    newline = "\r\n" if source.count("\r\n") * 2 > source.count("\n") > 0 else "\n"
    head = source[: analysis.stage.span.start]
    last = analysis.steps[-1].instruction.span.end if analysis.steps else analysis.stage.span.end
    # a file may end inside a continuation or without a line end: the final stage ends as the file did
    tail = source[last:]
    builder = _stage_text(
        _from_line(analysis, split, Stage.BUILDER), _chunks(analysis, split, Stage.BUILDER), newline
    )
    final = _stage_text(
        _from_line(analysis, split, Stage.FINAL), _chunks(analysis, split, Stage.FINAL), newline
    )
    if not final.endswith(source[:last].rstrip("\r\n")[-1:]) or not tail:
        tail = tail or newline
    return head + builder.rstrip() + newline * 2 + final.rstrip("\r\n") + tail


def _stage_text(line: str, chunks: Iterable[_Chunk], newline: str) -> str:
    out = [line]
    copying = False
    for chunk in chunks:
        text = chunk.lead + chunk.text
        if chunk.copies and copying:  # one comment for copies that follow each other
            text = "\n" + chunk.text.removeprefix(COPY_COMMENT + "\n")
        copying = chunk.copies
        out.append(text.replace("\n", newline) if chunk.ours and newline != "\n" else text)
    return "".join(out)


def _from_line(analysis: Analysis, split: Split, stage: Stage) -> str:
    """The author's FROM with another image or name; flags and case stay."""
    source, instruction = analysis.dockerfile.source.text, analysis.stage
    keyword = source[instruction.span.start : instruction.image.span.start]
    image = split.bases.builder if stage is Stage.BUILDER else split.bases.final
    word = "as" if instruction.keyword.islower() else "AS"
    if stage is Stage.BUILDER:
        return f"{keyword}{image} {word} {split.builder_name}"
    return keyword + image + source[instruction.image.span.end : instruction.span.end]


def _chunks(analysis: Analysis, split: Split, stage: Stage) -> Iterator[_Chunk]:
    source = analysis.dockerfile.source.text
    yield from _inserted(split, stage, -1, before=False)
    previous_end = analysis.stage.span.end
    joined = ""
    for _, group in groupby(analysis.steps, key=lambda step: step.ordinal):
        steps = tuple(group)
        instruction = steps[0].instruction
        lead = _lead(joined, source[previous_end : instruction.span.start])
        previous_end = instruction.span.end
        joined = lead if stage is Stage.FINAL and steps[0].index in split.packages.joined else ""
        yield from _instruction(analysis, split, stage, steps, lead)


def _lead(joined: str, lead: str) -> str:
    """What leads to an instruction, behind what led to one that it takes in."""
    if not joined.strip() or not lead.strip():
        return max(joined, lead, key=len)
    return joined + lead.lstrip("\r\n")


def _parted(lead: str) -> tuple[str, str]:
    """What leads to lines of ours before an instruction, and the comments right above the instruction itself."""
    paragraphs = [m.end() for m in re.finditer(r"(?:\n[ \t]*\r?)+\n", lead)]
    cut = paragraphs[-1] if paragraphs else lead.index("\n") + 1
    newline = "\r\n" if "\r\n" in lead else "\n"
    return lead[:cut].replace("\r", ""), newline + lead[cut:]


def _instruction(
    analysis: Analysis, split: Split, stage: Stage, steps: tuple[Step, ...], lead: str
) -> Iterator[_Chunk]:
    """One instruction in one stage, cut where lines of ours have to come between its members."""
    source = analysis.dockerfile.source.text
    for part in _segments(analysis, split, stage, steps):
        for chunk in (c for i in part.numbers for c in _inserted(split, stage, i, before=True)):
            above, lead = _parted(lead)
            yield replace(chunk, lead=above)
        absent = _absent(analysis, split, steps, part.numbers[0]) if stage is Stage.BUILDER else frozenset()
        text = _text(source, split, stage, steps, frozenset(part.steps), absent)
        if text:
            yield _Chunk(lead, text)
        if part.artifacts:
            blank = not text and lead.count("\n") > 1
            yield _Chunk("\n\n" if blank else "\n", _copies(split, part.artifacts), ours=True, copies=True)
        if text:
            lead = "\n"
        for index in part.numbers:
            yield from _inserted(split, stage, index, before=False)


class _Segment(Struct, frozen=True):
    """Steps that stay together, the artifacts copied after them, and all steps of the part, kept or not."""

    steps: tuple[int, ...]
    artifacts: tuple[Artifact, ...]
    numbers: tuple[int, ...]


def _segments(analysis: Analysis, split: Split, stage: Stage, steps: tuple[Step, ...]) -> list[_Segment]:
    """The parts that a stage's share of one instruction falls into."""
    placements = split.placements
    here = [
        s
        for s in steps
        if (placements[s.index].builder if stage is Stage.BUILDER else placements[s.index].final)
    ]
    numbers = tuple(s.index for s in steps)
    brought = [a for a in split.artifacts if stage is Stage.FINAL and a.producer in numbers]
    cuts = {
        a.producer
        for a in brought
        if any(s.index > a.producer and (_depends(s, a) or _runs_unknown(analysis, s)) for s in here)
    }
    if stage is Stage.BUILDER:
        ours = [i for i in split.insertions if i.stage is stage and i.after in numbers]
        cuts |= {i.after - 1 if i.before else i.after for i in ours}
    segments: list[_Segment] = []
    start = -1
    for cut in sorted({*(c for c in cuts if c in numbers), numbers[-1]}):
        inside = tuple(n for n in numbers if start < n <= cut)
        segments.append(
            _Segment(
                tuple(s.index for s in here if s.index in inside),
                tuple(a for a in brought if a.producer in inside),
                inside,
            )
        )
        start = cut
    return _cleaned_at_once(analysis, segments)


def _cleaned_at_once(analysis: Analysis, segments: list[_Segment]) -> list[_Segment]:
    """The parts, where caches are emptied in the one that fills them: a later layer cannot make it smaller."""
    filling = [any(leaves_caches(analysis.steps[i]) for i in segment.steps) for segment in segments]
    for at in range(1, len(segments)):
        if filling[at] or not any(filling[:at]):
            continue
        target = max(i for i in range(at) if filling[i])
        brought = [Place(a.destination, tree=True) for s in segments[target:at] for a in s.artifacts]
        moving = tuple(
            i
            for i in segments[at].steps
            if only_cleans(analysis.steps[i])
            and not any(overlaps(p, b) for p in analysis.steps[i].effects.deletes for b in brought)
        )
        rest = tuple(i for i in segments[at].steps if i not in moving)
        segments[at] = replace(segments[at], steps=rest)
        segments[target] = replace(segments[target], steps=(*segments[target].steps, *moving))
    return segments


def _runs_unknown(analysis: Analysis, step: Step) -> bool:
    """Whether a step runs a program that the base is not known to have: maybe one that a copy brings."""
    if step.effects.packages or step.effects.accounts or step.state_only or not step.is_run:
        return False
    return any(
        not is_builtin(i.name)
        and not is_basic(i.name)
        and has_command(analysis.base, i.name) is not True
        and not is_packaged(analysis, i.name)
        for i in step.invocations
    )


def _depends(step: Step, artifact: Artifact) -> bool:
    """Whether a step reads or alters what the copy brings, or makes a parent of it; installs read all keyrings."""
    simple = all(isinstance(member.command, Simple) for member in step.members)
    if step.effects.packages and simple and is_keyring(artifact.destination):
        return True
    place = Place(artifact.destination, tree=True)
    effects = step.effects
    touched = [*effects.reads, *(w.place for w in effects.writes), *effects.deletes, *effects.attributes]
    return any(overlaps(place, other) for other in touched) or any(
        within(artifact.destination, w.place.path) for w in effects.writes
    )


def _absent(analysis: Analysis, split: Split, steps: tuple[Step, ...], first: int) -> frozenset[str]:
    """Directories in which members of a RUN stand and that the builder lacks there.

    Steps that are not in it make them, or one before step `first`, where a RUN of its own begins, deletes them.
    """
    found: set[str] = set()
    for directory in {m.before.directory for s in steps for m in s.members} - {
        None,
        "/",
        steps[0].state.workdir,
    }:
        assert directory is not None
        makers = [
            s.index
            for s in analysis.steps[: steps[-1].index]
            for w in s.effects.writes
            if (w.kind is WriteKind.DIRECTORY and within(w.place.path, directory))
            or (w.kind is WriteKind.FETCH and w.place.tree and covers(w.place, Place(directory)))
        ]
        if makers and not is_shared(directory) and not any(split.placements[i].builder for i in makers):
            found.add(directory)
        before = (s for s in steps if s.index < first and split.placements[s.index].builder)
        if any(covers(Place(p.path, tree=True), Place(directory)) for s in before for p in s.effects.deletes):
            found.add(directory)
    return frozenset(found)


def _text(
    source: str,
    split: Split,
    stage: Stage,
    steps: tuple[Step, ...],
    kept: frozenset[int],
    absent: frozenset[str],
) -> str:
    edits = split.packages.edits if stage is Stage.FINAL else split.builder_edits
    first = steps[0]
    if not isinstance(first.instruction, Run) or len(steps) == 1 or not first.members:
        if first.index not in kept and not (len(steps) > 1 and kept):
            return ""
        changed = tuple(e for s in steps for e in edits.get(s.index, ()))
        if len(steps) == 1 or not first.members:
            return edited(source, first.instruction.span, changed)
    members = tuple(m for step in steps for m in step.members)
    owner = [step.index for step in steps for _ in step.members]
    chosen = frozenset(i for i, step in enumerate(owner) if step in kept)
    by_member: dict[int, tuple[Edit, ...]] = {i: edits.get(step, ()) for i, step in enumerate(owner)}
    assert isinstance(first.instruction, Run)
    return run_text(source, first.instruction, members, chosen, by_member, stage is Stage.FINAL, absent)


def _copies(split: Split, artifacts: tuple[Artifact, ...]) -> str:
    lines = [COPY_COMMENT]
    for artifact in artifacts:
        words = artifact.spelled or artifact
        chown = f"--chown={words.chown} " if words.chown else ""
        # COPY knows patterns in sources only: what they name goes into a directory
        target = words.destination if Place(artifact.source).exact else f"{words.destination.rstrip('/')}/"
        paths = f"{words.source} {target}"
        if re.search(r"\s", words.source):
            paths = json.dumps([words.source, target])
        lines.append(f"COPY --from={split.builder_name} {chown}{paths}")
    return "\n".join(lines)


def _inserted(split: Split, stage: Stage, after: int, before: bool) -> Iterator[_Chunk]:
    for insertion in split.insertions:
        if (insertion.stage, insertion.after, insertion.before) == (stage, after, before):
            comment = f"{insertion.comment}\n" if insertion.comment else ""
            yield _Chunk("\n", comment + insertion.text, ours=True)
