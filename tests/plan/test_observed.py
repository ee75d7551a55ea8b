"""Facts from building replace what the text alone cannot tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from converter.convert import convert
from converter.directory_context import DirectoryContext
from converter.observed import Observed
from converter.outcome import Converted, Refused

OPAQUE = """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl gcc make libc6-dev
COPY setup.sh /tmp/
RUN /tmp/setup.sh && rm /tmp/setup.sh
RUN useradd -r app
USER app
CMD ["/opt/tool/bin/tool"]
"""
SCRIPT = 3


def final(text: str, observed: Observed) -> list[str]:
    outcome = convert(text, observed=observed)
    assert isinstance(outcome, Converted), outcome
    return outcome.dockerfile.partition("\n\nFROM ")[2].split("\n")


def test_without_them_the_script_is_opaque() -> None:
    assert isinstance(convert(OPAQUE), Refused)


def test_what_a_script_was_seen_to_write_is_copied() -> None:
    lines = final(OPAQUE, Observed(writes={SCRIPT: ("/opt/tool/", "/etc/tool.conf")}))
    assert "COPY --from=builder /opt/tool /opt/tool" in lines
    assert "COPY --from=builder /etc/tool.conf /etc/tool.conf" in lines
    assert not any("gcc" in line for line in lines)
    outcome = convert(OPAQUE, observed=Observed(writes={SCRIPT: ("/opt/tool/",)}))
    assert isinstance(outcome, Converted)
    assert outcome.plan is not None
    assert [copy.basis for copy in outcome.plan.copies] == ["observed"]


PLAIN = """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y gcc libc6-dev
RUN groupadd -r staff2 && useradd -r -g staff2 app
COPY app.c /src/
RUN gcc -o /usr/local/bin/app /src/app.c
USER app
CMD ["app"]
"""


def test_packages_variables_and_ids_that_were_missing() -> None:
    found = Observed(
        packages=("libodbc2",),
        env={"HOME_URL": "http://x y", "A": "$b"},
        users={"app": 998},
        groups={"staff2": 997},
    )
    lines = final(PLAIN, found)
    assert (
        "RUN apt-get update && apt-get install -y --no-install-recommends libodbc2 && rm -rf /var/lib/apt/lists/*"
        in lines
    )
    assert lines.index('ENV A="\\$b"') == 1
    assert 'ENV HOME_URL="http://x y"' in lines
    assert "RUN groupadd --gid 997 -r staff2 && useradd --uid 998 -r -g staff2 app" in lines


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("adduser -S -D app", "adduser -u 100 -S -D app"),
        ("adduser -u 5 -S app", "adduser -u 5 -S app"),  # the author says it
    ],
)
def test_busybox_has_short_options(command: str, wanted: str) -> None:
    text = PLAIN.replace("debian:bookworm-slim", "alpine:3.20").replace(
        "apt-get update && apt-get install -y gcc libc6-dev", "apk add gcc musl-dev"
    )
    text = text.replace("groupadd -r staff2 && useradd -r -g staff2 app", command)
    assert f"RUN {wanted}" in final(text, Observed(users={"app": 100}))


def test_a_path_that_was_missing_is_copied() -> None:
    text = PLAIN.replace("-o /usr/local/bin/app /src/app.c", "-o /usr/local/bin/app /src/app.c && /src/more")
    lines = final(text, Observed(paths={4: ("/var/lib/app/",)}))
    assert "COPY --from=builder /var/lib/app /var/lib/app" in lines


def test_a_step_that_was_seen_to_install_packages_stays() -> None:
    text = OPAQUE.replace(
        "COPY setup.sh /tmp/\nRUN /tmp/setup.sh && rm /tmp/setup.sh", "RUN curl -s http://x/y | sh"
    )
    text = text.replace("USER app", "COPY app.c /src/\nRUN gcc -o /opt/tool/bin/tool /src/app.c\nUSER app")
    lines = final(text, Observed(keeps=frozenset({2})))
    assert "RUN curl -s http://x/y | sh" in lines


READABLE = """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y make perl
COPY setup /tmp/setup
RUN /tmp/setup && rm /tmp/setup
CMD ["/opt/tool/bin/tool"]
"""


@pytest.mark.parametrize(
    "script",
    [
        "#!/usr/bin/perl\nsystem('make');\n",
        "#!/bin/sh\nmake --version\n./more\n",
        "#!/bin/sh\nmkdir -p $(cat /etc/where)\nmake -C / install\n",
    ],
    ids=["perl", "calls another", "make in /"],
)
def test_a_script_that_can_be_read_has_written_what_was_seen(tmp_path: Path, script: str) -> None:
    (tmp_path / "setup").write_text(script)
    (tmp_path / "Dockerfile").write_text(READABLE)
    context = DirectoryContext(str(tmp_path), str(tmp_path / "Dockerfile"))
    assert not isinstance(convert(READABLE, context=context), Converted)
    outcome = convert(READABLE, context=context, observed=Observed(writes={SCRIPT: ("/opt/tool/",)}))
    assert isinstance(outcome, Converted), outcome
    final = outcome.dockerfile.partition("\n\nFROM ")[2]
    assert [line for line in final.split("\n") if line.startswith("COPY")] == [
        "COPY --from=builder /opt/tool /opt/tool"
    ]


def test_an_install_has_not_filled_places_that_nothing_was_written_to() -> None:
    text = "FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN pip install flask\nCMD python app.py\n"
    place = "/usr/local/lib/python3.11/site-packages/"
    lines = final(text, Observed(writes={3: (f"{place}flask/", "/usr/local/bin/flask")}))
    assert f"COPY --from=builder {place.rstrip('/')} {place.rstrip('/')}" in lines
    assert "COPY --from=builder /usr/local/bin /usr/local/bin" in lines
    copied = {line.split()[2] for line in lines if line.startswith("COPY --from=builder")}
    assert not copied & {"/usr/local/etc", "/usr/local/share", "/usr/local/man", "/usr/local/include"}


def test_what_is_known_is_not_copied_as_a_larger_tree() -> None:
    text = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc\nCOPY . /build/src\n"
    text += 'RUN mkdir -p /opt/x/bin && gcc -o /opt/x/bin/app /build/src/app.c\nCMD ["/opt/x/bin/app"]\n'
    assert final(text, Observed(writes={3: ("/opt/x/",)})) == final(text, Observed())
