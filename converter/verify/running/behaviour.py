"""What an image does when it is started: the part of a verification that looks at running containers."""

from __future__ import annotations

from msgspec import Struct

from converter.verify.running.answers import Answer

BY_SIGNAL, BY_FORCE, BY_ITSELF = "by its signal", "by force", "by itself"
"""How a container that was running ended: when it was asked to, or before."""


class Watched(Struct, frozen=True):
    """What can be seen without questions.

    `state` is "running" or how it ended. `ports` are those that others can reach, None where they cannot be
    seen. `log` is its shape. `health` is the outcome of HEALTHCHECK, empty where there is none. `seconds` is
    how long it took to settle, which counts for nothing.
    """

    state: str
    ports: tuple[int, ...] | None = None
    log: tuple[str, ...] = ()
    health: str = ""
    seconds: float = 0.0


class Behaviour(Struct, frozen=True):
    """All that one image did.

    `trouble` says why it did not start or get ready, and is empty where it did. `stop` is how it ended when it
    was asked to, or before, with its exit status; empty where it was not. `watched` is None where a checks file
    says what to look at.
    """

    trouble: str = ""
    answers: tuple[Answer, ...] = ()
    watched: Watched | None = None
    stop: str = ""
    log_end: tuple[str, ...] = ()
