"""When a container has settled, with an engine that is played."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from converter.verify.engines.model import Engine, ImageFacts, Start, State
from converter.verify.running.behaviour import Watched
from converter.verify.running.container import Container
from converter.verify.running.examination import _as


@dataclass
class Clock:
    """Time that only sleeping moves."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Played:
    """A program that works for some seconds, and then goes on in silence or ends."""

    clock: Clock
    works: float
    ends: bool = False
    asked: list[float] = field(default_factory=list)

    def state(self, name: str) -> State:
        over = self.ends and self.clock.now > self.works
        return State(not over, exit_code=2 if over else 0)

    def sockets(self, name: str, state: State, helper: str) -> str:
        return ""

    def logs(self, name: str) -> str:
        return "compiling\n"

    def processor_seconds(self, name: str) -> int:
        self.asked.append(self.clock.now)
        return int(min(self.clock.now, self.works))

    def stop(self, name: str, seconds: int) -> None:
        raise AssertionError("it has ended")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    played = Clock()
    monkeypatch.setattr(time, "monotonic", played.monotonic)
    monkeypatch.setattr(time, "sleep", played.sleep)
    return played


def started(engine: Played) -> Container:
    return Container(cast(Engine, engine), "name", Start("i", "name"), "i")


def settled(engine: Played, like: Watched | None = None, **facts: Any) -> Watched:
    return started(engine).settled(ImageFacts(1, 1, **facts), 20.0, _as(like))


def test_one_that_works_in_silence_has_not_settled(clock: Clock) -> None:
    assert settled(Played(clock, 9.0)).seconds > 9
    assert settled(Played(clock, 9.0, ends=True)).state == "ended with exit status 2"


def test_one_that_rests_has(clock: Clock) -> None:
    engine = Played(clock, 0.0)
    assert settled(engine).seconds < 3
    assert len(engine.asked) == 2


def test_one_that_always_works_is_watched_for_the_whole_time(clock: Clock) -> None:
    assert 20 <= settled(Played(clock, 99.0)).seconds < 21


def test_one_that_promises_ports_is_not_asked_for_its_work(clock: Clock) -> None:
    engine = Played(clock, 99.0)
    settled(engine, exposed=(80,))
    assert engine.asked == []


def test_the_conversion_is_watched_as_long_as_the_original_was(clock: Clock) -> None:
    like = Watched("running", (), ("compiling",), seconds=2.1)
    assert settled(Played(clock, 0.0), like).state == "running"
    assert settled(Played(clock, clock.now + 1.5, ends=True), like).state == "ended with exit status 2"
    begin = clock.now
    assert settled(Played(clock, 0.0), Watched("running", (), ("compiling",))).state == "running"
    assert clock.now == begin


def test_one_that_ended_before_it_was_stopped_ended_by_itself(clock: Clock) -> None:
    clock.sleep(2)
    assert started(Played(clock, 1.0, ends=True)).stop() == "by itself, exit status 2"
