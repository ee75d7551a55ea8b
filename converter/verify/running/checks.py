"""checks.toml as data: how an image is started, when it is ready, and what it is asked."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

DEFAULT_SECONDS = 30.0


class StartWith(Struct, frozen=True):
    """`[start]`: options of the engine's run command, arguments in place of CMD, variables."""

    options: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()

    @property
    def all_options(self) -> tuple[str, ...]:
        """Options with the variables among them."""
        return (*self.options, *(part for name, value in self.env for part in ("-e", f"{name}={value}")))


class Wait(Struct, frozen=True):
    """`[wait]`: ready when somebody listens on a port, a log line matches, or the container has ended.

    Where none is said, the first port that a check asks is awaited; without one, a log that is quiet.
    `seconds` is the longest time.
    """

    port: int | None = None
    log: str | None = None
    exit: bool = False
    seconds: float = DEFAULT_SECONDS


class Expected(Struct, frozen=True):
    """What an answer must be, beside equal in both images; None where nothing is said.

    `status` is an exit status or that of an HTTP answer. `mask` are patterns of what may differ.
    """

    status: int | None = None
    expect: str | None = None
    contains: str | None = None
    mask: tuple[str, ...] = ()


class Tcp(Struct, frozen=True):
    """`[[tcp]]`: bytes that are sent to a port, and what comes back."""

    port: int
    send: str = ""
    expected: Expected = Expected()

    @property
    def question(self) -> str:
        """The check in a few words."""
        return f"tcp {self.port} {self.send!r}"


class Http(Struct, frozen=True):
    """`[[http]]`: one request; status, content type and body are the answer."""

    port: int
    path: str = "/"
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    expected: Expected = Expected()

    @property
    def question(self) -> str:
        """The check in a few words."""
        return f"http {self.port} {self.method} {self.path}"


class Exec(Struct, frozen=True):
    """`[[exec]]`: a command in the running container; exit status and both outputs are the answer."""

    command: tuple[str, ...]
    expected: Expected = Expected()

    @property
    def question(self) -> str:
        """The check in a few words."""
        return " ".join(("exec", *self.command))


class Run(Struct, frozen=True):
    """`[[run]]`: the image started once more with other arguments; its end and output are the answer."""

    args: tuple[str, ...]
    expected: Expected = Expected()

    @property
    def question(self) -> str:
        """The check in a few words."""
        return " ".join(("run", *self.args))


Check: TypeAlias = Tcp | Http | Exec | Run


class Allowed(Struct, frozen=True):
    """`[[allow]]`: a difference that is accepted, found by a pattern, and why."""

    finding: str
    reason: str


class Checks(Struct, frozen=True):
    """A whole file. `slow` is a word to test runners; it changes nothing here."""

    start: StartWith = StartWith()
    wait: Wait = Wait()
    tcp: tuple[Tcp, ...] = ()
    http: tuple[Http, ...] = ()
    exec: tuple[Exec, ...] = ()
    run: tuple[Run, ...] = ()
    mask: tuple[str, ...] = ()
    allow: tuple[Allowed, ...] = ()
    slow: bool = False

    @property
    def ports(self) -> tuple[int, ...]:
        """Ports of the container that are asked or awaited, sorted."""
        awaited = () if self.wait.port is None else (self.wait.port,)
        asked = [*(check.port for check in self.tcp), *(check.port for check in self.http)]
        return tuple(sorted({*awaited, *asked}))

    @property
    def in_container(self) -> tuple[Tcp | Http | Exec, ...]:
        """The checks of a running container, in the order in which they are made."""
        return (*self.tcp, *self.http, *self.exec)

    def masks(self, check: Check) -> tuple[str, ...]:
        """Patterns of what may differ in an answer: those of the file and those of the check."""
        return (*self.mask, *check.expected.mask)
