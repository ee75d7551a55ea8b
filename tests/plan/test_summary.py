"""What users read of a plan."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted

TEXT = """\
ARG RELEASE{default}
FROM debian:${{RELEASE}}
RUN apt-get update && apt-get install -y gcc libc6-dev
WORKDIR /src
COPY server.c .
RUN gcc -o /usr/local/bin/server server.c
CMD ["server"]
"""


@pytest.mark.parametrize(
    ("default", "builder"), [("=bookworm", "debian:bookworm"), ("", "debian:${RELEASE}")]
)
def test_a_base_is_named_by_what_is_known_of_it(default: str, builder: str) -> None:
    outcome = convert(TEXT.format(default=default))
    assert isinstance(outcome, Converted)
    assert outcome.plan.builder_base == builder
