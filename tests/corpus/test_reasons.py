"""Reasons that differ in names alone are counted as one."""

import json

import pytest

from tests.corpus.reasons import commonest, general


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "CMD line 3 runs 'sbt run': the tool chain is needed",
            "the command runs '…': the tool chain is needed",
        ),
        ("python:2-onbuild runs ONBUILD triggers", "… runs ONBUILD triggers"),
        ("cannot name what this puts into /x-*/y", "cannot name what this puts into …"),
        ("ENTRYPOINT line 9 starts ./x, and no step makes it", "the command starts …, and no step makes it"),
        ("cannot tell what install.sh does", "cannot tell what … does"),
    ],
)
def test_names_leave(message: str, expected: str) -> None:
    assert general(message) == expected


def test_the_commonest_comes_first_with_its_first_example() -> None:
    rows = [
        ("a", "refused", "MS301", "cannot tell what a.sh does"),
        ("b", "refused", "MS123", "Windows images are not supported"),
        ("c", "refused", "MS301", "cannot tell what c.sh does"),
        ("d", "unchanged", "MS501", "nothing to gain"),
    ]
    lines = [
        json.dumps({"file": file, "outcome": outcome, "code": code, "message": message})
        for file, outcome, code, message in rows
    ]
    assert commonest(lines, 5) == (
        (2, "MS301", "cannot tell what … does", "a", "cannot tell what a.sh does"),
        (1, "MS123", "Windows images are not supported", "b", "Windows images are not supported"),
    )
