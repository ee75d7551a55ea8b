"""Starts one image and makes it do what the checks ask, or watches what it does without questions."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from converter.verify.engines.model import ImageFacts, Start
from converter.verify.running.answers import Answer, judged
from converter.verify.running.behaviour import Behaviour, Watched
from converter.verify.running.checks import Checks, Run
from converter.verify.running.container import Container, started
from converter.verify.running.log_shape import shape
from converter.verify.session import Session

SECONDS_FOR_ANSWER = 60.0
"""The most that one check may take."""

SECONDS_WATCHED = 20.0
"""How long a container is given to settle."""

SECONDS_IN_FOREGROUND = 8.0
"""How long an image is run in an engine that keeps no container running."""


class Subject(Struct, frozen=True):
    """One image to examine; `helper` is an image with a `cat` for its network, `seconds` the limit of a check."""

    role: str
    image: str
    facts: ImageFacts
    helper: str
    seconds: float = SECONDS_FOR_ANSWER


def examine(session: Session, subject: Subject, checks: Checks | None, like: Watched | None) -> Behaviour:
    """What the image does; `checks` None is "watch it", and `like` is what to wait for, where that is known.

    Raises VerifyError where the engine fails.
    """
    if checks is None:
        return _watched(session, subject, like)
    in_container = _asked(session, subject, checks) if session.engine.keeps_containers else Behaviour()
    if in_container.trouble:
        return in_container
    others = tuple(_run(session, subject, checks, check) for check in checks.run)
    return replace(in_container, answers=(*in_container.answers, *others))


def _asked(session: Session, subject: Subject, checks: Checks) -> Behaviour:
    start = Start(subject.image, "", checks.start.all_options, checks.start.args, checks.ports)
    with started(session, subject.role, start, subject.helper) as (container, complaint):
        trouble = f"it does not start: {complaint}" if complaint else container.trouble(checks)
        if trouble:
            return Behaviour(trouble, log_end=() if complaint else container.log_end())
        answers = tuple(
            container.ask(check, checks.masks(check), subject.seconds) for check in checks.in_container
        )
        return Behaviour(answers=answers, stop=container.stop(), log_end=container.log_end())


def _run(session: Session, subject: Subject, checks: Checks, check: Run) -> Answer:
    with session.container(subject.role) as name:
        start = Start(subject.image, name, checks.start.all_options, check.args)
        done = session.engine.run(start, subject.seconds)
    if done.timed_out:
        text = f"no end within {subject.seconds:g} seconds"
        return Answer(check.question, text, text, text)
    heading = f"exit status {done.code}\n"
    answer = judged(check.question, done.output, check.expected, checks.masks(check), done.code, heading)
    answer = replace(answer, text=answer.text.replace(name, "*"))
    if check.expected.status is None and done.code:
        return replace(answer, doubtful=f"exit status {done.code}")
    return answer


def _watched(session: Session, subject: Subject, like: Watched | None) -> Behaviour:
    if not session.engine.keeps_containers:
        return _watched_to_its_end(session, subject)
    start = Start(subject.image, "")
    with started(session, subject.role, start, subject.helper) as (container, complaint):
        if complaint:
            return Behaviour(f"it does not start: {complaint}")
        seen = container.settled(subject.facts, _limit(like), _as(like))
        return Behaviour(watched=seen, stop=_stopped(container, seen), log_end=container.log_end())


def _watched_to_its_end(session: Session, subject: Subject) -> Behaviour:
    """Watch an image in an engine that keeps no container running: its output until it ends or time is over."""
    with session.container(subject.role) as name:
        done = session.engine.run(Start(subject.image, name), SECONDS_IN_FOREGROUND)
    state = "running" if done.timed_out else f"ended with exit status {done.code}"
    lines = tuple(row for row in done.output.splitlines() if row.strip())
    return Behaviour(watched=Watched(state, None, shape(done.output, (name,))), log_end=lines[-12:])


def _limit(like: Watched | None) -> float:
    """The second image gets more time than the first took, but not the whole time to become what it is not."""
    return SECONDS_WATCHED if like is None else min(SECONDS_WATCHED, 2 * (1 + like.seconds))


def _as(like: Watched | None) -> Callable[[Watched], bool]:
    """Whether it does what the original did. Where that is to listen, it is so far; else it may still end by itself."""
    begin = time.monotonic()

    def enough(seen: Watched) -> bool:
        return (
            like is not None
            and (bool(like.ports) or time.monotonic() - begin >= like.seconds)
            and (seen.state, seen.ports) == (like.state, like.ports)
            and set(like.log) <= set(seen.log)
        )

    return enough


def _stopped(container: Container, seen: Watched) -> str:
    return container.stop() if seen.state == "running" else ""
