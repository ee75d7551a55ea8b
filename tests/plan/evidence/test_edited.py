"""A tree that its author edits behind its build is no build-time place."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

FILE = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y build-essential wget git curl
RUN git clone https://example.org/m /opt/m && cd /opt/m && ./configure && make && make install
{change}
COPY entrypoint.sh /entrypoint.sh
ENTRYPOINT ["{started}"]
"""
COPY = "COPY --from=builder /opt/m /opt/m\n"


@pytest.mark.parametrize("started", ["/entrypoint.sh", "m"])
@pytest.mark.parametrize(
    "change",
    [
        "RUN sed -i s/a/b/ /opt/m/etc/m.conf",
        "RUN cp /etc/hosts /opt/m/bin/",
        "RUN chmod 755 /opt/m/run",
        "RUN mkdir /opt/m/var",
        "COPY m.conf /opt/m/etc/",
    ],
)
def test_it_is_copied(change: str, started: str) -> None:
    _, final = stages(FILE.format(change=change, started=started))
    assert COPY in final


@pytest.mark.parametrize(
    "change", ["RUN strip /opt/m/x && cp /opt/m/x /usr/bin/x", "RUN rm -rf /opt/m/test", "WORKDIR /opt"]
)
def test_what_is_made_for_others_or_deleted_is_no_change(change: str) -> None:
    _, final = stages(FILE.format(change=change, started="/entrypoint.sh"))
    assert COPY not in final
