"""The whole verification, in order: build both, read both, compare them, run both, say what it comes to."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from converter.diagnostics import Severity
from converter.verify.comparison import Intended, compare
from converter.verify.differences import Difference, Level
from converter.verify.engines.faults import network
from converter.verify.engines.model import Engine, FailingStep, Recipe
from converter.verify.images.archive import Layered, read_layered
from converter.verify.images.limits import LIMITS
from converter.verify.images.reading import FileReader
from converter.verify.running.behaviour import Behaviour
from converter.verify.running.checks import Allowed, Checks
from converter.verify.running.comparing import compare_behaviours
from converter.verify.running.examination import SECONDS_FOR_ANSWER, Subject, examine
from converter.verify.session import Session

ORIGINAL, CONVERTED = "original", "converted"

Progress = Callable[[str], None]
"""Is told what is done next, in a few words."""


class Verdict(StrEnum):
    """What a verification comes to. Different means by more than warnings."""

    EQUAL = "equal"
    DIFFERENT = "different"
    ORIGINAL_BROKEN = "original broken"
    CONVERSION_BROKEN = "conversion broken"


class Request(Struct, frozen=True):
    """What to verify and how; the two recipes differ in their Dockerfiles.

    `checks` None is "watch both without questions". `logs` is the folder for the builds' logs. `seconds` is
    the limit of each step: a build, the reading of an image, an answer.
    """

    original: str
    converted: str
    context: str
    logs: str
    checks: Checks | None = None
    build_args: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    ssh: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    seconds: float = 3600
    keep: bool = False
    intended: Intended = Intended()


class Build(Struct, frozen=True):
    """One build: its log's file, how long it took, and what came out; `failure` is the step that ended it."""

    log: str
    seconds: float
    size: int = 0
    layers: int = 0
    failure: FailingStep | None = None


class Verification(Struct, frozen=True):
    """The result. `converted` is None where the original's fault ended it before.

    `trouble` says why the original is broken where it does build. `seconds` is the time of all. `left` names
    images and containers that are still there.
    """

    engine: str
    verdict: Verdict
    original: Build
    converted: Build | None = None
    differences: tuple[Difference, ...] = ()
    trouble: str = ""
    seconds: float = 0.0
    left: tuple[str, ...] = ()

    @property
    def matters(self) -> tuple[Difference, ...]:
        """The differences that break or change what the original promises."""
        return tuple(found for found in self.differences if found.severity is Severity.ERROR)


def verify(engine: Engine, request: Request, progress: Progress = lambda _: None) -> Verification:
    """Build, compare and run both images; all that was made is removed at the end, unless it is to be kept.

    Raises VerifyError where the engine or its surroundings fail, and KeyboardInterrupt on Ctrl-C.
    """
    begin = time.monotonic()
    with Session(engine, request.keep) as session:
        found = Work(engine, request, progress, session).result()
    return replace(found, seconds=round(time.monotonic() - begin, 1), left=session.left)


class Side(Struct, frozen=True):
    """One image under its name in the engine, as it was built and read."""

    role: str
    tag: str
    build: Build
    layered: Layered


class Work(Struct, frozen=True):
    """The pieces that a verification and a conversion with proof are made of; the session removes what they make."""

    engine: Engine
    request: Request
    progress: Progress
    session: Session

    def result(self) -> Verification:
        """Build and compare; nothing is removed yet."""
        with FileReader(LIMITS) as reader:  # one for both: what they share is read once
            original = self.side(ORIGINAL, self.request.original, reader)
            if isinstance(original, Build):
                return Verification(self.engine.name, Verdict.ORIGINAL_BROKEN, original)
            converted = self.side(CONVERTED, self.request.converted, reader)
        return self.compared(original, converted, self.request.intended, self.examined(original))

    def side(self, role: str, dockerfile: str, reader: FileReader) -> Side | Build:
        """Build and read one image; the Build alone where it failed."""
        tag, build = self._built(role, dockerfile)
        return build if build.failure is not None else Side(role, tag, build, self._read(role, tag, reader))

    def examined(self, original: Side) -> Behaviour:
        """What the original does when it is started."""
        self.progress("running the original image")
        return examine(self.session, self._subject(original, original.tag), self.request.checks, None)

    def compared(
        self, original: Side, converted: Side | Build, intended: Intended, before: Behaviour
    ) -> Verification:
        """How a conversion differs; `before` is what the original does."""
        broken = Verification(self.engine.name, Verdict.ORIGINAL_BROKEN, original.build)
        if isinstance(converted, Build):
            return replace(broken, verdict=Verdict.CONVERSION_BROKEN, converted=converted)
        self.progress("comparing both images")
        files = compare(original.layered.image, converted.layered.image, intended)
        if trouble := before.trouble or _unmet(before):
            return replace(broken, converted=converted.build, differences=files, trouble=trouble)
        ran = self._ran(original, converted, before)
        allowed = () if self.request.checks is None else self.request.checks.allow
        differences = tuple(_accepted(found, allowed) for found in (*files, *ran))
        matter = any(found.severity is Severity.ERROR for found in differences)
        verdict = Verdict.DIFFERENT if matter else Verdict.EQUAL
        return Verification(self.engine.name, verdict, original.build, converted.build, differences)

    def _built(self, role: str, dockerfile: str) -> tuple[str, Build]:
        request, tag = self.request, self.session.image(role)
        log = os.path.join(request.logs, f"{role}.log")
        self.progress(f"building the {role} image; its log is {log}")
        recipe = Recipe(
            dockerfile, request.context, tag, request.build_args, request.secrets, request.ssh,
            request.options, request.seconds,
        )  # fmt: skip
        begin = time.monotonic()
        failure = self.engine.build(recipe, log)
        if role != ORIGINAL and failure is not None and network(failure):
            self.progress("the network failed; building again")
            failure = self.engine.build(recipe, log)
            if failure is not None and (error := network(failure)):
                raise error
        build = Build(log, round(time.monotonic() - begin, 1), failure=failure)
        if failure is not None:
            return tag, build
        facts = self.engine.facts(tag)
        return tag, replace(build, size=facts.size, layers=facts.layers)

    def _read(self, role: str, tag: str, reader: FileReader) -> Layered:
        self.progress(f"reading the {role} image")
        with self.engine.save(tag, self.request.seconds) as stream:
            return read_layered(stream, reader=reader)

    def _subject(self, side: Side, helper: str) -> Subject:
        seconds = min(SECONDS_FOR_ANSWER, self.request.seconds)
        return Subject(side.role, side.tag, self.engine.facts(side.tag), helper, seconds)

    def _ran(self, original: Side, converted: Side, before: Behaviour) -> tuple[Difference, ...]:
        """Differences of both when they run."""
        checks = self.request.checks
        self.progress("running the converted image")
        after = examine(self.session, self._subject(converted, original.tag), checks, before.watched)
        found = compare_behaviours(before, after)
        if not after.trouble and any(item.severity is not Severity.NOTE for item in found):
            self.progress("running the original image again, to see what it repeats")
            again = examine(self.session, self._subject(original, original.tag), checks, None)
            found = compare_behaviours(before, after, None if again.trouble else again)
        return (*found, *self._unasked(checks))

    def _unasked(self, checks: Checks | None) -> tuple[Difference, ...]:
        """What the engine could not be asked, as a note."""
        if self.engine.keeps_containers:
            return ()
        what = "ports, HEALTHCHECK and the way to stop" if checks is None else "tcp, http and exec checks"
        if checks is not None and not checks.in_container:
            return ()
        message = f"{self.engine.name} keeps no container running, so {what} were not compared"
        return (Difference(Level.RUN, Severity.NOTE, "engine", message, ("use docker or podman",), "MS709"),)


def _unmet(behaviour: Behaviour) -> str:
    """The first expectation of the checks that the original itself does not fulfil."""
    return next((f"{answer.question}: {answer.unmet}" for answer in behaviour.answers if answer.unmet), "")


def _accepted(found: Difference, allowed: tuple[Allowed, ...]) -> Difference:
    """The difference; as a note where the checks accept it."""
    text = f"{found.level} {found.subject}: {found.message}"
    for entry in allowed:
        if found.severity is not Severity.NOTE and re.search(entry.finding, text):
            return replace(found, severity=Severity.NOTE, help=(f"accepted: {entry.reason}",))
    return found
