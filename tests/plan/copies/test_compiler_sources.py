"""Sources that only a compiler reads stay in the builder, wherever they were copied to."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted

INSTALL = "RUN apt-get update && apt-get install -y gcc libc6-dev make\n"
GCC = "RUN gcc -o /usr/local/bin/server /src/server.c\n"


@pytest.mark.parametrize(
    ("lines", "leaves"),
    [
        (f'COPY server.c /src/server.c\n{GCC}CMD ["server"]\n', True),
        (f'COPY server.c util.h /src/\n{GCC}CMD ["server"]\n', True),
        (f'COPY server.c /src/server.c\n{GCC}CMD ["server", "/src/server.c"]\n', False),
        (f'COPY server.c /src/server.c\n{GCC}RUN chmod 644 /src/server.c\nCMD ["server"]\n', False),
        (f'COPY server.c run.sh /src/\n{GCC}CMD ["server"]\n', False),
        (f'COPY server.c /src/server.c\nCOPY run.sh /\n{GCC}ENTRYPOINT ["/run.sh"]\n', False),
    ],
    ids=["one file", "with a header", "named", "read later", "with another file", "unread script"],
)
def test_single_sources(lines: str, leaves: bool) -> None:
    outcome = convert(f"FROM debian:bookworm\n{INSTALL}{lines}")
    assert isinstance(outcome, Converted), outcome
    builder, final = outcome.dockerfile.split("\nFROM", 1)
    assert "COPY server.c" in builder
    assert ("COPY server.c" not in final) == leaves
