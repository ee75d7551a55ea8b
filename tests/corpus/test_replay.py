"""No step of a converted file misses what the same step of the original had."""

from __future__ import annotations

import pytest

from converter.outcome import Converted, Outcome
from tests.corpus.replaying import replay

ORIGINAL = """\
FROM debian
RUN apt-get update && apt-get install -y gcc jq && mkdir /srv/app && cd /srv/app && echo x > a && chmod +x a
RUN cd /srv/app && ./a && jq . /srv/app/a && cp a b
"""


@pytest.mark.corpus
def test_real_files_find_what_they_had(outcomes: list[tuple[str, str, Outcome]]) -> None:
    hits = [
        (name, hit)
        for name, text, outcome in outcomes
        if isinstance(outcome, Converted)
        for hit in replay(text, outcome.dockerfile)
    ]
    assert hits == []


@pytest.mark.parametrize(
    ("final", "wanted"),
    [
        ("RUN mkdir -p /srv/app && cd /srv/app && cp a b", ("read", "/srv/app/a")),
        ("RUN cd /srv/app && cp a b", ("directory", "/srv/app")),
        ("COPY a /srv/app/a\nRUN cd /srv/app && ./a", ("mode", "/srv/app/a")),
        ("COPY a /srv/app/a\nRUN jq . /srv/app/a", ("tool", "jq")),
        ("COPY --from=builder /srv/app /srv/app\nRUN cd /srv/app && ./a && cp a b", None),
        ("RUN apt-get install -y jq && mkdir /srv/app && echo x > /srv/app/a && jq . /srv/app/a", None),
    ],
)
def test_what_is_seen(final: str, wanted: tuple[str, str] | None) -> None:
    builder = ORIGINAL.replace("FROM debian", "FROM debian AS builder")
    hits = replay(ORIGINAL, f"{builder}\nFROM debian\n{final}\n")
    assert {(hit.kind, hit.missing) for hit in hits} >= ({wanted} if wanted else set())
    assert bool(hits) == bool(wanted)
    assert all(hit.stage == "final" for hit in hits)
