"""Variables in lines of ours: where they stand, and how a shell and awk take them."""

from __future__ import annotations

import pytest

from converter.plan.spelling import Variable, in_copy, in_shell, spans, together

VERSION = Variable("V", "1.2", "1.3")
HOME = Variable("H", "/opt/x-1.2", "/opt/x-1.3")


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("/opt/y-1.2", "/opt/y-1.3", "/opt/y-${V}"),
        ("/opt/x-1.2/lib-1.2", "/opt/x-1.3/lib-1.3", "${H}/lib-${V}"),
        ("/opt/y-1.2/1.2", "/opt/y-1.3/1.2", "/opt/y-${V}/1.2"),
        ("/opt/y", "/opt/y", "/opt/y"),
    ],
)
def test_variables_stand_where_two_texts_differ(text: str, other: str, expected: str) -> None:
    found = spans(text, other, (HOME, VERSION))
    assert found is not None
    assert in_copy(text, found) == expected


@pytest.mark.parametrize("other", ["/opt/y-1.4", "/opt/y-1.3/bin", "/opt/y-1.", "/srv/y-1.3"])
def test_texts_that_differ_in_more_are_not_the_same(other: str) -> None:
    assert spans("/opt/y-1.2", other, (HOME, VERSION)) is None


def test_of_two_readings_that_overlap_the_first_counts() -> None:
    assert together({0: HOME}, {7: VERSION, 11: VERSION}) == {0: HOME, 11: VERSION}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("RUN find /opt/y-1.2 /etc", 'RUN find "/opt/y-${V}" /etc'),
        ("RUN find /opt/y-1.2/*.so", 'RUN find /opt/y-"${V}"/*.so'),
        ("RUN a > /opt/x-1.2/b", 'RUN a > "${H}/b"'),
        (
            """RUN awk '{ print index(s, "/opt/y-1.2/") }'""",
            """RUN awk '{ print index(s, "/opt/y-" ENVIRON["V"] "/") }'""",
        ),
        ("""RUN awk '{ print "/opt/x-1.2/" }'""", """RUN awk '{ print ENVIRON["H"] "/" }'"""),
        ("RUN query 'lib1.2*'", "RUN query 'lib1.2*'"),
    ],
)
def test_words_are_quoted_and_awk_reads_its_environment(line: str, expected: str) -> None:
    found = spans(line, line.replace("1.2", "1.3"), (HOME, VERSION))
    assert found is not None
    assert in_shell(line, found) == expected
