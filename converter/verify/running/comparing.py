"""Two behaviours become differences of level `run`; what the original does not repeat itself is not held against it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.diagnostics import Severity
from converter.verify.differences import Difference, Level
from converter.verify.running.answers import Answer, shown
from converter.verify.running.behaviour import BY_FORCE, BY_ITSELF, BY_SIGNAL, Behaviour, Watched
from converter.verify.running.log_shape import sounds_like_failure

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
LINES_SHOWN = 3
_BY_A_SIGNAL = 128
"""Exit statuses from here on are those of programs that a signal ended."""


def compare_behaviours(
    original: Behaviour, converted: Behaviour, again: Behaviour | None = None
) -> tuple[Difference, ...]:
    """How the conversion behaves differently. `again` is the original's behaviour in a second run."""
    if converted.trouble:
        return (_not_running(converted),)
    return (
        *_answers(original, converted, again),
        *_watched(original, converted, again),
        *_stop(original, converted, again),
    )


def _not_running(converted: Behaviour) -> Difference:
    message = f"the original starts, the conversion does not get so far: {converted.trouble}"
    return _difference(ERROR, "MS724", "state", message, *_last_words(converted))


def _answers(original: Behaviour, converted: Behaviour, again: Behaviour | None) -> Iterator[Difference]:
    repeated = {} if again is None else _by_question(again)
    answers = _by_question(original)
    for question, after in _by_question(converted).items():
        before = answers[question]
        second = repeated.get(question, before)
        if after.text in (before.text, second.text):
            if after.unmet:
                yield _difference(ERROR, "MS723", after.question, after.unmet)
            elif before.doubtful:
                message = (
                    f"both images answer alike, but with a failure ({before.doubtful}); it proves little"
                )
                help = "ask something that works, or say in checks.toml that this is what you expect"
                yield _difference(NOTE, "MS730", after.question, message, help)
        elif second.text != before.text and not after.unmet:
            message = "the original itself answers differently each time, so this was not compared"
            yield _difference(
                NOTE, "MS729", after.question, message, "mask what changes with 'mask' in checks.toml"
            )
        else:
            message = f"the original answers {_first_difference(before.text, after.text)}"
            yield _difference(ERROR, "MS723", after.question, message)


def _by_question(behaviour: Behaviour) -> dict[tuple[str, int], Answer]:
    """Answers by question; a question that is asked twice has a number too."""
    found: dict[tuple[str, int], Answer] = {}
    for answer in behaviour.answers:
        number = sum(question == answer.question for question, _ in found)
        found[answer.question, number] = answer
    return found


def _first_difference(before: str, after: str) -> str:
    """Both texts, or of longer ones the first line in which they differ."""
    rows_before, rows_after = before.split("\n"), after.split("\n")
    if len(before) + len(after) <= 160:
        return f"{shown(before)}, the conversion {shown(after)}"
    at = next(
        (
            number
            for number, (one, other) in enumerate(zip(rows_before, rows_after, strict=False))
            if one != other
        ),
        min(len(rows_before), len(rows_after)),
    )
    one, other = (rows[at] if at < len(rows) else "(its end)" for rows in (rows_before, rows_after))
    return f"in line {at + 1} {shown(one)}, the conversion {shown(other)}"


def _watched(original: Behaviour, converted: Behaviour, again: Behaviour | None) -> Iterator[Difference]:
    before, after = original.watched, converted.watched
    if before is None or after is None:
        return
    second = again.watched if again is not None and again.watched is not None else before
    if after.state not in (before.state, second.state):
        message = f"the original {_is(before.state)}, the conversion {_is(after.state)}"
        help = (f"the conversion's log ends with: {shown(row)}" for row in converted.log_end[-LINES_SHOWN:])
        yield _difference(ERROR, "MS724", "state", message, *help)
        return
    yield from _ports(before.ports, second.ports, after.ports)
    if after.health not in (before.health, second.health):
        healths = before.health or "absent", after.health or "absent"
        message = "the original's HEALTHCHECK is {}, the conversion's {}".format(*healths)
        advice = "see that the programs that HEALTHCHECK names are in the final stage"
        yield _difference(ERROR, "MS726", "HEALTHCHECK", message, advice)
    yield from _log(before, second, after)


def _ports(
    before: tuple[int, ...] | None, second: tuple[int, ...] | None, after: tuple[int, ...] | None
) -> Iterator[Difference]:
    """Other ports than the original's; of those that it takes anew at each start only the number counts."""
    if before is None or after is None:
        return
    runs = (before, before if second is None else second)
    always = set(runs[0]) & set(runs[1])
    random = runs[0] != runs[1] and always <= set(after) and len(after) in map(len, runs)
    if after not in runs and not random:
        message = f"the original listens on {_numbers(before)}, the conversion on {_numbers(after)}"
        yield _difference(ERROR, "MS725", "ports", message, "look in the conversion's log for what failed")


def _log(before: Watched, second: Watched, after: Watched) -> Iterator[Difference]:
    always = set(before.log) & set(second.log)
    ever = set(before.log) | set(second.log)
    new = [row for row in after.log if row not in ever]
    lost = [row for row in before.log if row in always and row not in after.log]
    for rows, who, other in ((new, "conversion", "original"), (lost, "original", "conversion")):
        if not rows:
            continue
        failure = who == "conversion" and any(sounds_like_failure(row) for row in rows)
        first = sorted(rows, key=lambda row: not sounds_like_failure(row)) if failure else rows
        more = f" and {len(rows) - LINES_SHOWN} more" if len(rows) > LINES_SHOWN else ""
        lines = ", ".join(shown(row) for row in first[:LINES_SHOWN])
        message = f"only the {who}'s log has {lines}{more}, not the {other}'s"
        help = "if the lines are harmless, compare answers instead: write a checks.toml and use --checks"
        yield _difference(ERROR if failure else WARNING, "MS727", "log", message, help)


def _stop(original: Behaviour, converted: Behaviour, again: Behaviour | None) -> Iterator[Difference]:
    """Both were asked to end, so that how they did can be compared."""
    second = again.stop if again is not None else original.stop
    if original.stop and converted.stop and converted.stop not in (original.stop, second):
        if _ended_early(original.stop, converted.stop):
            message = f"the original runs until it is stopped, the conversion ended {converted.stop}"
            yield _difference(ERROR, "MS724", "state", message, *_last_words(converted))
            return
        message = f"the original ends {original.stop}; the conversion {converted.stop}"
        help = "see that ENTRYPOINT, CMD, STOPSIGNAL and the programs that hand on signals are the same"
        yield _difference(ERROR, "MS728", "stop", message, help)


def _ended_early(original: str, converted: str) -> bool:
    """Whether the conversion's program failed instead of being stopped.

    Where the original does not heed the signal, a conversion that does not need force either has failed meanwhile.
    """
    failed = re.search(r"exit status (\d+)", converted)
    status = int(failed[1]) if failed else 0
    if converted.startswith(BY_ITSELF):
        return not original.startswith(BY_ITSELF) or status != 0
    return original.startswith(BY_FORCE) and converted.startswith(BY_SIGNAL) and 0 < status < _BY_A_SIGNAL


def _last_words(converted: Behaviour) -> Iterator[str]:
    return (f"its log ends with: {shown(row)}" for row in converted.log_end[-LINES_SHOWN:])


def _is(state: str) -> str:
    return "is still running" if state == "running" else state


def _numbers(ports: tuple[int, ...]) -> str:
    return ", ".join(str(port) for port in ports) or "no port"


def _difference(severity: Severity, code: str, subject: str, message: str, *help: str) -> Difference:
    return Difference(Level.RUN, severity, subject, message, tuple(help), code)
