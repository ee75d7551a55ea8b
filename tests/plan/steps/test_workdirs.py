"""WORKDIRs of the final stage that nothing there is in."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

BASE = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make\n"
END = '\nWORKDIR /srv\nCMD ["/opt/app/bin/app"]\n'
BUILD = "RUN make -C /src && make -C /src install PREFIX=/opt/app\n"


def workdirs(text: str) -> list[str]:
    """The WORKDIRs of the final stage."""
    return [line for line in stages(text)[1].split("\n") if line.startswith("WORKDIR")]


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (f"# install app\nWORKDIR /usr/local/bin\n{BUILD}", []),  # every base has it
        (f"RUN mkdir -p /data/x && chmod 755 /data\nWORKDIR /data\n{BUILD}", []),  # it is made before
        (f"WORKDIR /srv/app\n{BUILD}", ["WORKDIR /srv/app"]),  # the container may look for it
        (f"WORKDIR /srv/app\nRUN touch mark\n{BUILD}", ["WORKDIR /srv/app"]),
        (f"WORKDIR /data\nRUN chmod 700 /etc\nWORKDIR sub\n{BUILD}", ["WORKDIR /data", "WORKDIR sub"]),
        (f"RUN useradd app\nUSER app\nWORKDIR /srv/app\nUSER root\n{BUILD}", ["WORKDIR /srv/app"]),
    ],
)
def test_directories_that_are_there_anyhow_need_no_workdir(lines: str, left: list[str]) -> None:
    assert workdirs(f"{BASE}{lines}{END}") == [*left, "WORKDIR /srv"]


def test_a_later_workdir_makes_the_directories_around_it() -> None:
    text = f'{BASE}WORKDIR /srv/app\n{BUILD}WORKDIR /srv/app/data\nCMD ["/opt/app/bin/app"]\n'
    assert workdirs(text) == ["WORKDIR /srv/app/data"]
    between = text.replace("WORKDIR /srv/app/data", "WORKDIR /\nRUN test -d /srv/app\nWORKDIR /srv/app/data")
    assert "WORKDIR /srv/app" in workdirs(between)


def test_a_copy_brings_the_directories_that_the_builder_has() -> None:
    text = (
        f"{BASE}RUN apt-get install -y wget\nWORKDIR /usr/local/tool\nRUN wget http://e.org/tool.c && make\n"
        "WORKDIR /usr/local/tool/lib\nRUN make && make install PREFIX=/usr/local\n"
        'WORKDIR /data\nCMD ["/usr/local/tool/tool"]\n'
    )
    _, final = stages(text)
    assert "COPY --from=builder /usr/local /usr/local\n" in final
    assert workdirs(text) == ["WORKDIR /data"]


def test_a_comment_leaves_with_its_workdir() -> None:
    _, final = stages(f"{BASE}# install app\nWORKDIR /usr/local/bin\n{BUILD}{END}")
    assert "install app" not in final


def test_the_directory_of_sources_is_the_builders_where_a_dropped_workdir_leads_away() -> None:
    text = (
        f"{BASE}RUN apt-get install -y curl\nRUN curl -O http://e.org/tool-1.tar.gz && tar xf tool-1.tar.gz\n"
        f"WORKDIR tool-1/\nRUN make && make install\nWORKDIR ..{END.replace('/opt/app/bin/app', 'tool')}"
    )
    assert workdirs(text) == ["WORKDIR /srv"]


def test_a_command_that_does_not_care_needs_no_workdir() -> None:
    build = f"{BASE}WORKDIR /srv/app/build\nCOPY . /srv/app\nRUN make && ldconfig\n"
    text = f'{build}WORKDIR /srv/app\nCMD ["/srv/app/start.sh"]\n'
    assert workdirs(text) == ["WORKDIR /srv/app"]


def test_a_tree_that_was_copied_before_has_the_directory() -> None:
    text = (
        f"{BASE}WORKDIR /srv/app\nCOPY app .\nRUN make\nWORKDIR /srv/app/dist\nWORKDIR /srv/page\n"
        "RUN test -d /srv/app/dist\nWORKDIR /srv/web\nCOPY web .\nRUN make\nWORKDIR /srv\n"
        'CMD ["/srv/app/start.sh", "/srv/web/start.sh"]\n'
    )
    assert "COPY --from=builder /srv/app /srv/app\n" in stages(text)[1]
    assert workdirs(text) == ["WORKDIR /srv/page", "WORKDIR /srv"]
