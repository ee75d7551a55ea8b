"""Where the builder cannot list run-time libraries, headers without a known run-time part stay."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted

FILE = """\
FROM {base}
RUN {install} gcc make {headers}
WORKDIR /src
COPY . .
RUN make && make install PREFIX=/usr/local
CMD ["/usr/local/bin/app"]
"""


@pytest.mark.parametrize(
    ("base", "install", "headers", "wanted"),
    [
        ("centos:7", "yum install -y", "nobody-knows-devel", "RUN yum install -y nobody-knows-devel"),
        ("centos:7", "yum install -y", "zlib-devel", "RUN yum install -y zlib"),
        ("fedora:40", "dnf install -y", "nobody-knows-devel", "RUN dnf install -y nobody-knows-devel"),
    ],
)
def test_red_hat(base: str, install: str, headers: str, wanted: str) -> None:
    outcome = convert(FILE.format(base=base, install=install, headers=headers))
    assert isinstance(outcome, Converted)
    assert wanted in outcome.dockerfile.split("\n")


def test_debian_lists_them_instead() -> None:
    outcome = convert(FILE.format(base="debian", install="apt-get install -y", headers="libssl-dev"))
    assert isinstance(outcome, Converted)
    final = outcome.dockerfile.rpartition("FROM ")[2]
    assert "libssl-dev" not in final
    assert "run-time-packages" in final
