"""What every engine that is a command line has: calls with limits, whose failures become faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, BinaryIO

from converter.verify.engines import faults
from converter.verify.engines.failing_step import failing_step
from converter.verify.engines.model import FailingStep, Recipe
from converter.verify.engines.process import Finished, Missing, Runner
from converter.verify.errors import VerifyError

SECONDS = 60.0
"""Limit of commands that only ask or start something."""

SECONDS_TO_ANSWER = 20.0
SECONDS_TO_REMOVE = 120.0

NOT_THERE = ("no such", "not known", "not found", "does not exist")
"""What engines say of something that is to be removed and is not there."""


class CommandLine:
    """Calls of one program in one environment."""

    name: str

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.runner = Runner(environment)

    @property
    def program(self) -> tuple[str, ...]:
        """The program, with the options that every command needs."""
        return (self.name,)

    def called(self, *arguments: str, seconds: float = SECONDS) -> Finished:
        """A command, however it ended. Raises VerifyError where the program is missing."""
        try:
            return self.runner.run((*self.program, *arguments), seconds)
        except Missing as error:
            raise faults.missing(self.name) from error

    def done(self, *arguments: str, seconds: float = SECONDS) -> Finished:
        """A command that must succeed. Raises VerifyError."""
        finished = self.called(*arguments, seconds=seconds)
        if finished.timed_out:
            raise faults.out_of_time(f"{self.name} {arguments[0]}", seconds)
        if finished.code:
            raise faults.fault(self.name, arguments[0], finished.err)
        return finished

    def answer(self, *arguments: str) -> str:
        """What a command prints that shows whether the engine answers. Raises VerifyError."""
        finished = self.called(*arguments, seconds=SECONDS_TO_ANSWER)
        if finished.timed_out:
            raise faults.unreachable(self.name, f"no answer within {SECONDS_TO_ANSWER:g} seconds")
        if finished.code:
            raise faults.unreachable(self.name, finished.err)
        return finished.out

    def remove(self, *arguments: str) -> None:
        """A command that removes; nothing to remove is no error. Raises VerifyError."""
        finished = self.called(*arguments, seconds=SECONDS_TO_REMOVE)
        if finished.timed_out:
            raise faults.out_of_time(f"{self.name} {arguments[0]}", SECONDS_TO_REMOVE)
        if finished.code and not any(words in finished.err.lower() for words in NOT_THERE):
            raise faults.fault(self.name, arguments[0], finished.err)

    def built(self, recipe: Recipe, options: Sequence[str], log: str, runner: Runner) -> FailingStep | None:
        """A build by the options that all engines share and those given. Raises VerifyError."""
        shared = (("--build-arg", recipe.build_args), ("--secret", recipe.secrets), ("--ssh", recipe.ssh))
        given = [part for option, values in shared for value in values for part in (option, value)]
        names = ("-t", recipe.tag, "-f", recipe.dockerfile, recipe.context)
        command = (*self.program, "build", *options, *given, *recipe.options, *names)
        try:
            finished = runner.log(command, recipe.seconds, log)
        except Missing as error:
            raise faults.missing(self.name) from error
        if finished.timed_out:
            raise faults.out_of_time(f"building {recipe.dockerfile}", recipe.seconds)
        if finished.code == 0:
            return None
        if found := faults.surroundings(self.name, finished.out):
            raise found
        return failing_step(finished.out)

    def saved(self, *arguments: str, seconds: float) -> AbstractContextManager[BinaryIO]:
        """The standard output of a command that writes an image's archive."""

        def fault(finished: Finished) -> VerifyError:
            if finished.timed_out:
                return faults.out_of_time("reading the image", seconds)
            return faults.fault(self.name, arguments[0], finished.err)

        return self.runner.stream((*self.program, *arguments), seconds, fault)

    def tidy(self) -> None:
        """See Engine: most builders leave nothing."""


def exposed_ports(config: Mapping[str, Any]) -> tuple[int, ...]:
    """TCP ports of an image's configuration, sorted."""
    told = [name.partition("/") for name in config.get("ExposedPorts") or {}]
    return tuple(sorted(int(port) for port, _, kind in told if port.isdigit() and kind in ("", "tcp")))
