"""`convert --build`: build the original, convert with what was seen, build and compare, mend, until both agree."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from converter.diagnostics import Diagnostic, Severity
from converter.dockerfile.model import Dockerfile
from converter.knowledge.images import base_image, has_shell
from converter.observed import Observed
from converter.outcome import Converted, Outcome, Refused
from converter.verify.compare.ownership import distribution
from converter.verify.comparison import Intended
from converter.verify.differences import Level
from converter.verify.engines.model import Engine
from converter.verify.errors import VerifyError
from converter.verify.images.limits import LIMITS
from converter.verify.images.lookup import Tree
from converter.verify.images.reading import FileReader
from converter.verify.loading import loading
from converter.verify.observation import observe, origin
from converter.verify.repair import Origins, additions, repaired
from converter.verify.session import Session
from converter.verify.verification import (
    ORIGINAL,
    Build,
    Progress,
    Request,
    Side,
    Verdict,
    Verification,
    Work,
)

MOST_ROUNDS = 5
_NO_REGISTRY = "MS703"


class Round(Struct, frozen=True):
    """One conversion that was built: what it adds to the one before, and how it compares."""

    added: tuple[str, ...]
    final_base: str
    verification: Verification


class Learned(Struct, frozen=True):
    """What the instruction at a line was seen to write: files, and new trees with a slash at their end."""

    line: int
    writes: tuple[str, ...]


class Proof(Struct, frozen=True):
    """What a conversion with building came to: Converted only where both images are equal."""

    outcome: Outcome
    rounds: tuple[Round, ...] = ()
    learned: tuple[Learned, ...] = ()

    @property
    def verification(self) -> Verification | None:
        """The last comparison."""
        return self.rounds[-1].verification if self.rounds else None


class Conversion(Struct, frozen=True):
    """The conversion as the loop sees it: how to convert with facts, to keep a result as a file, to excuse bases."""

    dockerfile: Dockerfile
    convert: Callable[[Observed], Outcome]
    written: Callable[[str], str]
    intended: Callable[[str], Intended]


def prove(
    engine: Engine, request: Request, conversion: Conversion, progress: Progress = lambda _: None
) -> Proof:
    """Convert until original and conversion are equal, or nothing more can be added.

    Raises VerifyError where the engine or its surroundings fail, and KeyboardInterrupt on Ctrl-C.
    """
    with Session(engine, request.keep) as session, FileReader(LIMITS) as reader:
        work = Work(engine, request, progress, session)
        original = work.side(ORIGINAL, request.original, reader)
        if isinstance(original, Build):
            return Proof(_broken(original))
        return _rounds(work, original, conversion, reader)


def _rounds(work: Work, original: Side, conversion: Conversion, reader: FileReader) -> Proof:
    layered, tree = original.layered, Tree(original.layered.image)
    owners = distribution(tree).owners
    origins = Origins(owners, lambda path: origin(path, conversion.dockerfile, layered), tree.is_directory)
    seen = loading(tree, owners)
    first = observe(conversion.dockerfile, layered, frozenset(owners))
    first = replace(first, starts=seen.starts, programs=seen.programs, links=seen.links, shared=seen.shared)
    learned = _learned(first, conversion.dockerfile)
    before, observed, behaviour = first, first, None
    rounds: list[Round] = []
    begun = 0
    while True:
        outcome = conversion.convert(observed)
        if not isinstance(outcome, Converted):
            return Proof(outcome, tuple(rounds), learned)
        if behaviour is None:
            behaviour = work.examined(original)
        begin = time.monotonic()
        path = conversion.written(outcome.dockerfile)
        base = _bare_base(outcome)
        unasked = None if base in first.unfit else base
        converted = _converted(work, f"converted-{len(rounds) + 1}", path, reader, unasked)
        if converted is None:
            before = first
            first = observed = replace(first, unfit=first.unfit | {base or ""})
            continue
        found = work.compared(original, converted, conversion.intended(path), behaviour)
        found = replace(found, seconds=round(time.monotonic() - begin, 1))
        rounds.append(Round(additions(before, observed), outcome.plan.final_base, found))
        if found.verdict is Verdict.EQUAL:
            return Proof(outcome, tuple(rounds), learned)
        before, observed = observed, _mended(observed, found, origins)
        if base is not None and base not in first.unfit and not _is_better(before, observed, found):
            # less was shown than the program needs: the next larger base, from the beginning
            before, begun = first, len(rounds)
            first = observed = replace(first, unfit=first.unfit | {base})
        elif (
            found.verdict is not Verdict.DIFFERENT or observed == before or len(rounds) - begun == MOST_ROUNDS
        ):
            return Proof(_refusal(found, outcome), tuple(rounds), learned)


def _learned(observed: Observed, dockerfile: Dockerfile) -> tuple[Learned, ...]:
    """What instructions were seen to write, in the file's order."""
    return tuple(
        Learned(dockerfile.source.line(dockerfile.instructions[index].span.start), observed.writes[index])
        for index in sorted(observed.writes)
    )


def _converted(work: Work, role: str, path: str, reader: FileReader, base: str | None) -> Side | Build | None:
    """The built conversion; None where its bare base, which the author never asked for, cannot be fetched."""
    try:
        return work.side(role, path, reader)
    except VerifyError as error:
        if base is None or error.diagnostic.code != _NO_REGISTRY:
            raise
        work.progress(f"{base} cannot be fetched; taking the next larger base")
        return None


def _bare_base(outcome: Converted) -> str | None:
    """The final base where it has no shell."""
    final = outcome.plan.final_base
    return final if not has_shell(base_image(final)) else None


def _mended(observed: Observed, found: Verification, origins: Origins) -> Observed:
    """The facts with what errors lack. Where only the running containers differ, warnings say what may be missing."""
    mended = repaired(observed, found.matters, origins)
    if mended == observed and any(item.level is Level.RUN for item in found.matters):
        return repaired(observed, found.differences, origins)
    return mended


def _is_better(before: Observed, after: Observed, found: Verification) -> bool:
    """Whether the next round on a base without package manager may be better than this one."""
    return found.verdict is Verdict.DIFFERENT and after != before and after.packages == before.packages


def _broken(build: Build) -> Refused:
    """The refusal of a file that does not build as it is."""
    return Refused(
        Diagnostic(
            "MS720",
            Severity.ERROR,
            f"the original does not build {_failing(build)}".rstrip(),
            (f"the whole log is in {build.log}", "mend the original first"),
        )
    )


def _failing(build: Build | None) -> str:
    if build is None or build.failure is None:
        return ""
    at = f" at {build.failure.instruction}" if build.failure.instruction else ""
    return " ".join(f"{at}: {build.failure.reason}".split())


def _refusal(found: Verification, outcome: Converted) -> Refused:
    """Why the last conversion is not handed out."""
    match found.verdict:
        case Verdict.ORIGINAL_BROKEN:
            code, message = "MS722", f"the original does not do what it should: {found.trouble}"
            help = "mend the original or its checks first"
        case Verdict.CONVERSION_BROKEN:
            code, message = "MS721", f"the conversion does not build {_failing(found.converted)}".rstrip()
            help = "convert without --build and mend the result by hand, or report it with the Dockerfile"
        case _:
            first, more = found.matters[0], len(found.matters) - 1
            others = f" (and {more} more)" if more else ""
            code, message = "MS732", f"the images still differ: {first.message}{others}"
            help = (
                "say what is needed with '# multistage: keep-path=' or 'keep'; verify shows all differences"
            )
    return Refused(Diagnostic(code, Severity.ERROR, message, (help,)), None, outcome.diagnostics)
