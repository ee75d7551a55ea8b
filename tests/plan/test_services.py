"""A service that a RUN starts runs for the rest of that RUN alone, and what it stores stays where it ran."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted, Refused

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
