"""Answers: what is expected, what is masked, and what a log looks like without its times."""

from __future__ import annotations

import pytest

from converter.verify.running.answers import judged, shown
from converter.verify.running.checks import Expected
from converter.verify.running.log_shape import MAX_LINES, masked, shape, sounds_like_failure


def test_an_answer_must_be_the_expected_one() -> None:
    assert judged("q", "blue\n", Expected(expect="blue\n"), ()).unmet == ""
    assert judged("q", "red\n", Expected(expect="blue\n"), ()).unmet == r"got 'red\n', expected 'blue\n'"
    assert judged("q", "red\n", Expected(contains="blue"), ()).unmet == r"'blue' is not in 'red\n'"
    assert judged("q", "red\n", Expected(status=0), (), 1).unmet == r"status 1, expected 0: 'red\n'"


def test_volatile_parts_are_masked_after_they_were_judged() -> None:
    patterns = ("id=[0-9]+", "at .*")
    before, after = (
        judged("q", text, Expected(contains="id="), patterns) for text in ("id=17 at noon", "id=4 at 9")
    )
    assert before == after
    assert before.unmet == ""


def test_long_texts_are_cut() -> None:
    assert shown("a\x1b") == r"'a\x1b'"
    assert len(shown("x" * 1000)) < 310


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2024-05-01T10:00:00.123Z INFO started in 12.3ms pid=33", "INFO started in # pid=#"),
        ("Wed, 25 Nov 2026 09:42:05 GMT hello", "hello"),
        ("1:M 25 Nov 2026 09:42:05.123 * Ready", "M"),
        ('172.17.0.2 - - [25/Nov/2026:09:00:01 +0000] "GET / HTTP/1.1" 200', "GET / HTTP"),
        ("Listening on 0.0.0.0:8080", "Listening on #"),
        ("request 9b2e4c1a-77aa-4f0e-8a3b-0123456789ab done", "request # done"),
        ("id deadbeef12 feed decade", "id # feed decade"),
        ("interpreter 0x7f3bc9d0f018 ready at 0xa, 0X1B", "interpreter # ready at #, #"),
        ("May be wrong, Sun is up", "May be wrong, Sun is up"),
    ],
)
def test_times_numbers_and_ids_do_not_count(row: str, expected: str) -> None:
    assert expected in masked(row)
    assert not any(digit in masked(row) for digit in "0123456789")


def test_the_shape_of_a_log() -> None:
    log = "\x1b[32mworker 1 up\x1b[0m\nworker 2 up\n\nhost abc-1 ready\n"
    assert shape(log, ("abc-1", "")) == ("worker # up", "host * ready")
    assert len(shape("".join(f"{chr(97 + at % 26)}{'x' * at}\n" for at in range(900)))) == MAX_LINES


@pytest.mark.parametrize(
    ("row", "fails"),
    [
        ("error while loading shared libraries: libpq.so.#", True),
        ("sh: curl: not found", True),
        ("ImportError: no module", True),
        ("ready for connections", False),
    ],
)
def test_failures(row: str, fails: bool) -> None:
    assert sounds_like_failure(row) is fails
