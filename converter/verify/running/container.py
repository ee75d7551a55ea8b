"""One started container: where it is reached, whether it is ready, what it does, how it ends."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct
from msgspec.structs import replace

from converter.verify.engines.model import Engine, ImageFacts, Start, State
from converter.verify.engines.sockets import listening_ports
from converter.verify.running.answers import Answer, judged
from converter.verify.running.asking import ask_http, ask_tcp, is_open
from converter.verify.running.behaviour import BY_FORCE, BY_ITSELF, BY_SIGNAL, Watched
from converter.verify.running.checks import Checks, Exec, Http, Tcp
from converter.verify.running.log_shape import shape
from converter.verify.session import Session

SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_OF_QUIET = 2.0
"""A container whose state, ports and log stay the same for so long has settled."""

SECONDS_TO_CALM = 0.3
"""What a process still has to do behind its last word, before its work is measured."""

SECONDS_TO_STOP = 5
"""What a program gets to end by itself; those that do not heed the signal cost it twice."""

SECONDS_FOR_HEALTH = 10.0
LINES_SHOWN = 12


class Container(Struct, frozen=True):
    """A container that was started; `helper` is an image that can read the tables of its sockets."""

    engine: Engine
    name: str
    start: Start
    helper: str

    @property
    def state(self) -> State:
        """How it is now."""
        return self.engine.state(self.name)

    def place(self, port: int, state: State | None = None) -> tuple[str, int]:
        """Where this machine reaches a port of it."""
        state = state or self.state
        if state.address:
            return state.address, port
        return state.published.get(port, ("127.0.0.1", port))

    def log_end(self) -> tuple[str, ...]:
        """The last lines of its log."""
        return tuple(row for row in self.engine.logs(self.name).splitlines() if row.strip())[-LINES_SHOWN:]

    def ports(self, state: State) -> tuple[int, ...] | None:
        """Ports on which it listens for others; none where it has ended, None where that cannot be seen."""
        if not state.running:
            return ()
        tables = self.engine.sockets(self.name, state, self.helper)
        return None if tables is None else listening_ports(tables)

    def is_ready(self, checks: Checks) -> bool | None:
        """Whether the wait condition holds; None where it cannot come to hold any more."""
        wait = checks.wait
        if wait.log is not None and re.search(wait.log, self.engine.logs(self.name)):
            return True
        state = self.state
        if wait.exit or not state.running:
            return (not state.running) if wait.exit else None
        port = wait.port or next(iter(checks.ports), None)
        if wait.log is not None or port is None:
            return False
        if state.address:
            return is_open(self.place(port, state))
        ports = self.ports(state)  # a published port is open before anybody listens behind it
        return is_open(self.place(port, state)) if ports is None else port in ports

    def trouble(self, checks: Checks) -> str:
        """Wait until it is ready; why it is not, where the time is over or it has ended."""
        deadline = time.monotonic() + checks.wait.seconds
        while (ready := self.is_ready(checks)) is False and time.monotonic() < deadline:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        if ready:
            return ""
        if ready is None:
            return f"it ended before it was ready, exit status {self.state.exit_code}"
        return f"it was not ready within {checks.wait.seconds:g} seconds"

    def ask(self, check: Tcp | Http | Exec, masks: tuple[str, ...], seconds: float) -> Answer:
        """Make one check."""
        match check:
            case Tcp():
                return self.masked(ask_tcp(self.place(check.port), check, masks, seconds))
            case Http():
                return self.masked(ask_http(self.place(check.port), check, masks, seconds))
            case Exec():
                done = self.engine.execute(self.name, check.command, seconds)
                if done.timed_out:
                    text = f"no end within {seconds:g} seconds"
                    return Answer(check.question, text, text, text)
                heading = f"exit status {done.code}\n"
                answer = judged(check.question, done.output, check.expected, masks, done.code, heading)
                if check.expected.status is None and done.code:
                    answer = replace(answer, doubtful=f"exit status {done.code}")
                return self.masked(answer)

    def masked(self, answer: Answer) -> Answer:
        """The answer without this container's own address."""
        address = self.state.address
        return replace(answer, text=answer.text.replace(address, "*")) if address else answer

    def settled(self, facts: ImageFacts, seconds: float, enough: Callable[[Watched], bool]) -> Watched:
        """What it does once nothing changes any more, or `enough` says that it is as it should be.

        An image that promises ports is given the whole time to listen on one. One that promises none has not
        settled while its processes work: it may compile what it starts.
        """
        begin = time.monotonic()
        deadline = begin + seconds
        seen, since, worked = self._seen(), begin, None
        while time.monotonic() < deadline and seen.state == "running" and not enough(seen):
            quiet = time.monotonic() - since
            if worked is None and quiet > SECONDS_TO_CALM:
                worked = self._worked(facts)
            if quiet > SECONDS_OF_QUIET and self._has_its_ports(seen, facts):
                before, worked = worked, self._worked(facts)
                if worked == before:
                    break
                since = time.monotonic()
            time.sleep(SECONDS_BETWEEN_LOOKS)
            now = self._seen()
            if now != seen:
                seen, since, worked = now, time.monotonic(), None
        took = time.monotonic() - begin
        health = self._health(facts, min(seconds, SECONDS_FOR_HEALTH)) if seen.state == "running" else ""
        return replace(seen, health=health, seconds=took)

    def _has_its_ports(self, seen: Watched, facts: ImageFacts) -> bool:
        return seen.ports is None or not facts.exposed or bool(set(facts.exposed) & set(seen.ports))

    def _worked(self, facts: ImageFacts) -> int | None:
        """Seconds that its processes have worked; None where that does not count, since it listens."""
        return None if facts.exposed else self.engine.processor_seconds(self.name)

    def _seen(self) -> Watched:
        state = self.state
        how = "running" if state.running else f"ended with exit status {state.exit_code}"
        names = (self.name, state.address)
        return Watched(how, self.ports(state), shape(self.engine.logs(self.name), names))

    def _health(self, facts: ImageFacts, seconds: float) -> str:
        """What HEALTHCHECK comes to, asked at once instead of after its interval; see Docker's reference."""
        kind, *command = facts.healthcheck or ("NONE",)
        if kind == "NONE" or not command:
            return ""
        words = (*facts.shell, *command) if kind == "CMD-SHELL" else tuple(command)
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            done = self.engine.execute(self.name, words, max(1.0, left))
            if done.code == 0 and not done.timed_out:
                return "healthy"
            if left <= 0 or not self.state.running:
                return "unhealthy: " + ("no end" if done.timed_out else f"exit status {done.code}")
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def stop(self) -> str:
        """Ask it to end; how it did: by its signal or by force, or by itself before, and with which status."""
        if not (state := self.state).running:
            return f"{BY_ITSELF}, exit status {state.exit_code}"
        begin = time.monotonic()
        self.engine.stop(self.name, SECONDS_TO_STOP)
        by_force = time.monotonic() - begin >= SECONDS_TO_STOP
        return f"{BY_FORCE if by_force else BY_SIGNAL}, exit status {self.state.exit_code}"


@contextmanager
def started(session: Session, role: str, start: Start, helper: str) -> Iterator[tuple[Container, str]]:
    """A started container and, where it did not start, what the engine said; removed at the end."""
    with session.container(role) as name:
        named = replace(start, name=name)
        session.engine.create(named)
        yield Container(session.engine, name, named, helper), session.engine.start(name)
