"""Copied directories and what lies in them have the owners that they had."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

BASE = (
    "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gcc libc6-dev make && useradd app\n"
)
MADE = "RUN mkdir /opt/app && chown app:app /opt/app"
BUILD = "COPY src /src\nRUN make -C /src install PREFIX=/opt/app && touch /opt/app/ready\n"


def copied(text: str) -> list[str]:
    _, final = stages(text)
    return [line for line in final.split("\n") if "/opt/app" in line and not line.startswith("CMD")]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (f"{MADE}\n", "", [MADE, "COPY --from=builder /opt/app /opt/app"]),
        (
            f"{MADE}\nWORKDIR /opt/app\n",
            "",
            ["WORKDIR /opt/app", "COPY --from=builder /opt/app /opt/app", "RUN chown app:app /opt/app"],
        ),
        ("", "RUN chown -R app:app /opt/app\n", ["COPY --from=builder --chown=app:app /opt/app /opt/app"]),
        ("", "RUN chown -R app /opt/app\n", ["COPY --from=builder --chown=app:root /opt/app /opt/app"]),
        (f"{MADE}\nUSER app\n", "", [MADE, "COPY --from=builder --chown=app:app /opt/app /opt/app"]),
    ],
)
def test_the_owner_of_a_directory_is_not_that_of_its_files(before: str, after: str, lines: list[str]) -> None:
    assert copied(f'{BASE}{before}{BUILD}{after}CMD ["/opt/app/bin/app"]\n') == lines


def test_what_sudo_makes_is_roots_and_gathered_by_root() -> None:
    builder, final = stages(
        "FROM example/base\nRUN apt-get update && apt-get install -y sudo gcc libc6-dev make && useradd app\n"
        "COPY src /src\nUSER app\nRUN cd /src && sudo make && sudo make install PREFIX=/usr/local && sudo rm -r /src\n"
        'CMD ["served"]\n'
    )
    added = "USER root\nRUN mkdir -p /install/usr/local"
    assert added in builder or "/install" not in builder
    assert "--chown" not in final


@pytest.mark.parametrize(
    ("set_by", "line"),
    [
        ("chmod -R 777 /srv/app", "RUN chmod 777 /srv/app"),
        ("chmod 1777 /srv/app", "RUN chmod 1777 /srv/app"),
        ("chgrp -R 0 /srv/app && chmod -R g+rwX /srv/app", "RUN chmod g+rwX /srv/app"),
        ("chmod -R 755 /srv/app", None),
        ("chmod -R a+rX /srv/app", None),
    ],
)
def test_the_directory_itself_has_the_mode_that_it_had(set_by: str, line: str | None) -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make\nRUN useradd app\n"
        f"WORKDIR /srv/app\nCOPY . .\nRUN make\nRUN make -C src bundle && {set_by}\n"
        'USER app\nCMD ["./app"]\n'
    )
    assert [text for text in final.split("\n") if "chmod" in text] == ([line] if line else [])


def test_what_root_puts_into_a_tree_behind_its_chown_is_roots() -> None:
    lines = copied(
        f"{BASE}COPY app /opt/app\nRUN make -C /opt/app && chown -R app:app /opt/app\n"
        'RUN make -C /opt/app modules\nCMD ["/opt/app/run"]\n'
    )
    assert lines == ["COPY --from=builder /opt/app /opt/app", "RUN chown app:app /opt/app"]


def test_a_directory_that_workdir_makes_belongs_to_the_user_in_force() -> None:
    _, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make\nRUN make -C /src install\n"
        "USER nobody\nWORKDIR /home/nobody/work\nUSER root\nCOPY conf /etc/x.conf\n"
        'CMD ["/usr/local/bin/x"]\n'
    )
    assert "USER nobody\nWORKDIR /home/nobody/work\nUSER root\n" in final


def test_a_user_that_is_in_force_already_is_not_named_for_a_directory() -> None:
    _, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make\nUSER nobody\nRUN make -C /src\nUSER root\n"
        'WORKDIR /work\nUSER nobody\nCMD ["/src/x"]\n'
    )
    assert "USER root" not in final


@pytest.mark.parametrize(
    ("ahead", "app", "again"),
    [("WORKDIR /app\n", "/app", True), ("", "/app", False), ("", "/srv", True)],
)
def test_a_directory_that_is_there_ahead_of_its_copy_gets_its_owner_by_name(
    ahead: str, app: str, again: bool
) -> None:
    _, final = stages(
        f"FROM debian:bookworm\nRUN useradd app && apt-get update && apt-get install -y gcc make python3\n{ahead}"
        f"COPY . {app}\nRUN cd {app} && make && chown -R app:app {app}\n"
        f'USER app\nCMD ["python3", "{app}/run.py"]\n'
    )
    assert f"COPY --from=builder --chown=app:app {app} {app}\n" in final
    assert (f"RUN chown app:app {app}\n" in final) is again
