"""A service that a RUN starts runs for the rest of that RUN alone, and what it stores stays where it ran."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted, Refused
from tests.plan.stages import stages

FILE = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y gcc libc6-dev make mariadb-server
COPY . /srv/shop
RUN {}
CMD ["/srv/shop/shop"]
"""


@pytest.mark.parametrize(
    "start", ["service mariadb start", "/etc/init.d/mysql start", "(mysqld_safe &)", "mysqld_safe & sleep 5"]
)
def test_a_build_with_a_service_whose_data_stays_is_refused(start: str) -> None:
    outcome = convert(FILE.format(f"{start}; make -C /srv/shop install"))
    assert isinstance(outcome, Refused)
    assert outcome.reason.code == "MS407"


@pytest.mark.parametrize("end", ["rm -rf /var/lib/mysql", "rm -rf /var/lib/mysql/*"])
def test_a_build_whose_run_removes_the_data_takes_the_service_along(end: str) -> None:
    work = f"service mariadb start && make -C /srv/shop install && service mariadb stop && {end}"
    outcome = convert(FILE.format(work))
    assert isinstance(outcome, Converted)
    builder, final = outcome.dockerfile.rsplit("FROM ", 1)
    assert "RUN service mariadb start && make -C /srv/shop install && service mariadb stop" in builder
    assert "start" not in final


def test_a_service_for_itself_stays_in_the_final_stage() -> None:
    work = "make -C /srv/shop install && service mariadb start && mysql -e 'create database shop'"
    outcome = convert(FILE.format(work))
    assert isinstance(outcome, Converted)
    builder, final = outcome.dockerfile.rsplit("FROM ", 1)
    assert "mysql -e" not in builder
    assert "RUN service mariadb start && mysql -e 'create database shop'" in final


def test_a_script_of_an_unpacked_tree_keeps_the_base_and_its_tools() -> None:
    _, final = stages(
        "FROM openjdk:8-jdk-alpine3.9\nRUN apk add --no-cache curl make g++\n"
        "RUN mkdir /opt/server && curl http://example.org/s.tgz | tar xz -C /opt/server --strip-components=1 \\\n"
        " && make -C /opt/server\n"
        'CMD ["sh", "/opt/server/start.sh"]\n'
    )
    assert final.startswith("openjdk:8-jdk-alpine3.9\n")
    assert "curl" in final


def test_the_interpreter_stays_for_what_was_unpacked_ready() -> None:
    _, final = stages(
        "FROM openjdk:8-slim\nRUN apt-get update && apt-get install -y wget && rm -rf /var/lib/apt/lists/*\n"
        "RUN mkdir /opt/search && wget -qO- http://example.org/s.tgz | tar xzf - --strip-components=1 -C /opt/search\n"
        'WORKDIR /opt/search\nCMD ["bin/search"]\n'
    )
    assert final.startswith("openjdk:8-jre-slim\n")


@pytest.mark.parametrize("command", ["service mariadb start && bash", "cat /README; exec /bin/sh -l"])
def test_a_shell_at_the_end_of_a_list_is_for_people(command: str) -> None:
    text = FILE.format("make -C /srv/shop install").replace('CMD ["/srv/shop/shop"]', f"ENTRYPOINT {command}")
    outcome = convert(text)
    assert isinstance(outcome, Refused)
    assert outcome.reason.code == "MS401"


def test_a_shell_that_is_given_a_script_is_not() -> None:
    text = FILE.format("make -C /srv/shop").replace(
        'CMD ["/srv/shop/shop"]', "CMD /srv/shop/shop; sh /srv/shop/run.sh"
    )
    assert not isinstance(convert(text), Refused)


def test_a_wait_stays_with_what_it_waits_for() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make\n"
        "RUN gcc -o /usr/local/bin/app a.c && echo 1 > /etc/app.conf && sleep 10 && chmod 600 /etc/app.conf\n"
        'CMD ["app"]\n'
    )
    assert "/etc/app.conf && sleep 10 && chmod" in final
