"""What a build showed of an instruction, put in place of what the text alone leaves open.

A layer shows what a whole RUN wrote, not which of its parts. What the parts are known to write explains most of it;
the rest was written by a part that nobody can read, or of which there is only a guess.
"""

from __future__ import annotations

from collections.abc import Iterable

from converter.effects.model import Basis, Effects, Member, Phase, Write, WriteKind
from converter.effects.places import Place, overlaps
from converter.knowledge.places import scratch_place
from converter.observed import Observed
from converter.span import Span

Group = tuple[tuple[Member, ...], Effects, Span]
"""A part of an instruction: its commands, what they do, where they stand."""

_MAKING_NOTHING = (Phase.CLEAN, Phase.PACKAGE, Phase.RUNTIME, Phase.BOTH)
_MOST_UNEXPLAINED = 20
"""More paths than this come from something that the layer alone does not explain: copies of each help nobody."""


def seen(groups: tuple[Group, ...], ordinal: int, observed: Observed) -> tuple[Group, ...]:
    """The parts of an instruction with what it was seen to write.

    Opaque parts have written all of it. Otherwise what no part is known to write comes from the part that was
    believed to write anywhere, or else from the last one that makes anything; and an install has not filled places
    that nothing was written to. Paths that were missing come from the last part that makes anything.
    """
    shown = observed.writes.get(ordinal, ()) if ordinal not in observed.keeps else ()
    missing = _writes(observed.paths.get(ordinal, ()))
    if not shown and not missing:
        return groups
    makers = [at for at, (_, effects, _) in enumerate(groups) if effects.phase not in _MAKING_NOTHING]
    last = makers[-1] if makers else len(groups) - 1
    written = _writes(shown)
    if any(effects.opaque for _, effects, _ in groups):
        found = {at: written for at, (_, effects, _) in enumerate(groups) if effects.opaque}
    elif written:
        groups = tuple((group, _exact(effects, written), span) for group, effects, span in groups)
        found = _unexplained(groups, written, makers)
        groups = tuple(
            (group, _without_guesses(effects) if at in found else effects, span)
            for at, (group, effects, span) in enumerate(groups)
        )
    else:
        found = {}
    found[last] = found.get(last, ()) + missing
    return tuple(
        (group, with_writes(effects, found[at]) if found.get(at) else effects, span)
        for at, (group, effects, span) in enumerate(groups)
    )


def with_writes(effects: Effects, writes: tuple[Write, ...]) -> Effects:
    """Effects of which it is known what they write."""
    phase = Phase.BUILD if effects.phase in (Phase.OPAQUE, Phase.NONE) else effects.phase
    return effects.with_(writes=effects.writes + writes, opaque=None, phase=phase)


def _writes(paths: tuple[str, ...]) -> tuple[Write, ...]:
    return tuple(
        Write(Place(path.rstrip("/") or "/", path.endswith("/")), WriteKind.INSTALL, Basis.OBSERVED)
        for path in paths
    )


def _is_guess(write: Write) -> bool:
    """Whether a write only says that anything may have been written."""
    return write.kind is not WriteKind.BOOK and (not write.place.known or write.place.path == "/")


def _without_guesses(effects: Effects) -> Effects:
    return effects.with_(writes=tuple(w for w in effects.writes if not _is_guess(w)))


def _exact(effects: Effects, written: tuple[Write, ...]) -> Effects:
    """Effects without installs into places where nothing was written."""
    return effects.with_(
        writes=tuple(
            w
            for w in effects.writes
            if w.kind is not WriteKind.INSTALL
            or w.basis is Basis.PROVEN
            or _is_guess(w)
            or scratch_place(w.place.path) is not None
            or any(overlaps(w.place, other.place) for other in written)
        )
    )


def _unexplained(
    groups: tuple[Group, ...], written: tuple[Write, ...], makers: Iterable[int]
) -> dict[int, tuple[Write, ...]]:
    """What no part is known to write or delete, not even in part, by the part that it comes from."""
    known = [w.place for _, effects, _ in groups for w in effects.writes if not _is_guess(w)]
    deleted = [place for _, effects, _ in groups for place in effects.deletes]
    rest = tuple(w for w in written if not any(overlaps(place, w.place) for place in (*known, *deleted)))
    guessing = [at for at, (_, effects, _) in enumerate(groups) if any(map(_is_guess, effects.writes))]
    taking = guessing or list(makers)[-1:]
    if not rest or len(rest) > _MOST_UNEXPLAINED or not taking:
        return {}
    return {taking[-1]: rest}
