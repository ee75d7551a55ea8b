"""Facts from building replace what the text alone cannot tell."""

from __future__ import annotations

import pytest

from converter.convert import convert
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
