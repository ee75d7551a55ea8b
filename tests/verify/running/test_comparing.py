"""Behaviours and what their differences are."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from converter.diagnostics import Severity
from converter.verify.differences import Level
from converter.verify.running.answers import Answer
from converter.verify.running.behaviour import Behaviour, Watched
from converter.verify.running.comparing import compare_behaviours

SEEN = Watched("running", (8080,), ("ready on #",), "healthy")
STOP = "by its signal, exit status 0"
GOOD = Behaviour(answers=(Answer("exec id", "0\n"),), watched=SEEN, stop=STOP)


def seen(**changes: object) -> Behaviour:
    return replace(GOOD, watched=replace(SEEN, **changes))


def found(
    original: Behaviour, converted: Behaviour, again: Behaviour | None = None
) -> list[tuple[str, str, str]]:
    differences = compare_behaviours(original, converted, again)
    assert all(item.level is Level.RUN for item in differences)
    return [(item.code, item.severity.value, item.subject) for item in differences]


def test_equal() -> None:
    assert compare_behaviours(GOOD, GOOD) == ()


@pytest.mark.parametrize(
    ("converted", "expected"),
    [
        (Behaviour("it does not start: no such file", log_end=("a", "b")), ("MS724", "error", "state")),
        (replace(GOOD, answers=(Answer("exec id", "1\n"),)), ("MS723", "error", "exec id")),
        (replace(GOOD, answers=(Answer("exec id", "0\n", unmet="got 0"),)), ("MS723", "error", "exec id")),
        (replace(GOOD, stop="by force, exit status 137"), ("MS728", "error", "stop")),
        (seen(state="ended with exit status 1"), ("MS724", "error", "state")),
        (seen(ports=(80,)), ("MS725", "error", "ports")),
        (seen(ports=()), ("MS725", "error", "ports")),
        (seen(health="unhealthy: exit status 1"), ("MS726", "error", "HEALTHCHECK")),
        (seen(log=("ready on #", "using fallback")), ("MS727", "warning", "log")),
        (seen(log=("ready on #", "cannot open libx")), ("MS727", "error", "log")),
        (seen(log=()), ("MS727", "warning", "log")),
    ],
)
def test_one_difference(converted: Behaviour, expected: tuple[str, str, str]) -> None:
    assert found(GOOD, converted) == [expected]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("by force, exit status 137", "by its signal, exit status 1", ("MS724", "error", "state")),
        ("by its signal, exit status 143", "by itself, exit status 1", ("MS724", "error", "state")),
        ("by its signal, exit status 143", "by itself, exit status 0", ("MS724", "error", "state")),
        ("by force, exit status 137", "by its signal, exit status 143", ("MS728", "error", "stop")),
        ("by its signal, exit status 0", "by its signal, exit status 1", ("MS728", "error", "stop")),
    ],
)
def test_a_program_that_failed_was_not_stopped(
    before: str, after: str, expected: tuple[str, str, str]
) -> None:
    assert found(replace(GOOD, stop=before), replace(GOOD, stop=after)) == [expected]


def test_ports_that_cannot_be_seen_are_not_compared() -> None:
    assert found(GOOD, seen(ports=None)) == []
    assert found(seen(ports=None), GOOD) == []


def test_of_ports_that_the_original_takes_anew_at_each_start_only_the_number_counts() -> None:
    before, again = seen(ports=(8080, 40001)), seen(ports=(8080, 40002))
    assert found(before, seen(ports=(8080, 40003)), again) == []
    for ports in ((80, 40003), (8080,), (8080, 40003, 40004)):
        assert found(before, seen(ports=ports), again) == [("MS725", "error", "ports")]


def test_how_one_ends_counts_only_if_both_were_asked_to() -> None:
    assert found(GOOD, replace(seen(state="ended with exit status 1"), stop="")) == [
        ("MS724", "error", "state")
    ]


def test_what_the_original_does_not_repeat_is_not_held_against_the_conversion() -> None:
    after, again = (replace(GOOD, answers=(Answer("exec id", text),)) for text in ("2\n", "1\n"))
    assert found(GOOD, after, GOOD) == [("MS723", "error", "exec id")]
    assert found(GOOD, after, again) == [("MS729", "note", "exec id")]
    assert found(GOOD, again, again) == []
    assert found(GOOD, seen(ports=(80,)), seen(ports=(80,))) == []
    assert found(GOOD, seen(log=("b",)), seen(log=("b",))) == []
    assert found(GOOD, seen(log=()), seen(log=("b",))) == []


def test_a_broken_expectation_is_an_error_however_volatile() -> None:
    after = replace(GOOD, answers=(Answer("exec id", "2\n", unmet="got 2"),))
    again = replace(GOOD, answers=(Answer("exec id", "1\n"),))
    assert found(GOOD, after, again) == [("MS723", "error", "exec id")]


def test_the_same_failure_of_both_proves_little() -> None:
    both = replace(GOOD, answers=(Answer("exec x", "exit status 127\n", doubtful="exit status 127"),))
    assert found(both, both) == [("MS730", "note", "exec x")]


def test_the_same_question_twice() -> None:
    first, second = Answer("http /hit", "1"), Answer("http /hit", "2")
    both = replace(GOOD, answers=(first, second))
    assert found(both, both) == []
    assert found(both, replace(GOOD, answers=(first, first))) == [("MS723", "error", "http /hit")]


def test_long_answers_are_told_by_their_first_difference() -> None:
    before = "".join(f"line {number}\n" for number in range(100))
    original, converted = (
        replace(GOOD, answers=(Answer("exec x", text),))
        for text in (before, before.replace("line 7\n", "line x\n"))
    )
    [item] = compare_behaviours(original, converted)
    assert item.message == r"the original answers in line 8 'line 7', the conversion 'line x'"
    shorter = replace(GOOD, answers=(Answer("exec x", before[:300]),))
    assert "the conversion '" in compare_behaviours(original, shorter)[0].message


def test_the_end_of_its_log_tells_why_it_ended() -> None:
    broken = Behaviour(
        "it ended before it was ready, exit status 127", log_end=("one", "two", "three", "four")
    )
    [item] = compare_behaviours(GOOD, broken)
    assert item.severity is Severity.ERROR
    assert item.message == (
        "the original starts, the conversion does not get so far: it ended before it was ready, exit status 127"
    )
    assert item.help == (
        "its log ends with: 'two'",
        "its log ends with: 'three'",
        "its log ends with: 'four'",
    )
