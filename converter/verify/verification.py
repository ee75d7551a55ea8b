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
from converter.verify.engines.model import Engine, FailingStep, Recipe
from converter.verify.images.archive import read_image
from converter.verify.images.limits import LIMITS
from converter.verify.images.model import Image
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
        found = _Work(engine, request, progress, session).result()
    return replace(found, seconds=round(time.monotonic() - begin, 1), left=session.left)


class _Work(Struct, frozen=True):
    engine: Engine
    request: Request
    progress: Progress
    session: Session

    def result(self) -> Verification:
        """Build and compare; nothing is removed yet."""
        tag, original = self._built(ORIGINAL, self.request.original)
        broken = Verification(self.engine.name, Verdict.ORIGINAL_BROKEN, original)
        if original.failure is not None:
            return broken
        other_tag, converted = self._built(CONVERTED, self.request.converted)
        if converted.failure is not None:
            return replace(broken, verdict=Verdict.CONVERSION_BROKEN, converted=converted)
        with FileReader(LIMITS) as reader:  # one for both: what they share is read once
            images = self._read(ORIGINAL, tag, reader), self._read(CONVERTED, other_tag, reader)
        self.progress("comparing both images")
        files = compare(*images, self.request.intended)
        subjects = [self._subject(ORIGINAL, tag, tag), self._subject(CONVERTED, other_tag, tag)]
        ran, trouble = self._ran(*subjects)
        if trouble:
            return replace(broken, converted=converted, differences=files, trouble=trouble)
        allowed = () if self.request.checks is None else self.request.checks.allow
        differences = tuple(_accepted(found, allowed) for found in (*files, *ran))
        matter = any(found.severity is Severity.ERROR for found in differences)
        verdict = Verdict.DIFFERENT if matter else Verdict.EQUAL
        return Verification(self.engine.name, verdict, original, converted, differences)

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
        build = Build(log, round(time.monotonic() - begin, 1), failure=failure)
        if failure is not None:
            return tag, build
        facts = self.engine.facts(tag)
        return tag, replace(build, size=facts.size, layers=facts.layers)

    def _read(self, role: str, tag: str, reader: FileReader) -> Image:
        self.progress(f"reading the {role} image")
        with self.engine.save(tag, self.request.seconds) as stream:
            return read_image(stream, reader=reader)

    def _subject(self, role: str, tag: str, helper: str) -> Subject:
        return Subject(
            role, tag, self.engine.facts(tag), helper, min(SECONDS_FOR_ANSWER, self.request.seconds)
        )

    def _ran(self, original: Subject, converted: Subject) -> tuple[tuple[Difference, ...], str]:
        """Differences of both when they run; or why the original does not do what it should."""
        checks = self.request.checks
        self.progress("running the original image")
        before = examine(self.session, original, checks, None)
        if trouble := before.trouble or _unmet(before):
            return (), trouble
        self.progress("running the converted image")
        after = examine(self.session, converted, checks, before.observed)
        found = compare_behaviours(before, after)
        if not after.trouble and any(item.severity is not Severity.NOTE for item in found):
            self.progress("running the original image again, to see what it repeats")
            again = examine(self.session, original, checks, None)
            found = compare_behaviours(before, after, None if again.trouble else again)
        return (*found, *self._unasked(checks)), ""

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
