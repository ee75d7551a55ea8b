"""Where the builder cannot list run-time libraries, headers without a known run-time part stay."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted, Refused
from tests.plan.stages import stages

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


def test_the_manager_says_it_where_the_base_is_unknown() -> None:
    outcome = convert(
        FILE.format(base="someone/app", install="apt-get install -y", headers="nobody-knows-dev")
    )
    assert isinstance(outcome, Converted)
    assert "run-time-packages" in outcome.dockerfile.rpartition("FROM ")[2]


PIP = """\
FROM alpine:3.8
RUN apk add --no-cache {packages}
RUN pip install flask
COPY app.py /app.py
CMD {command}
"""


@pytest.mark.parametrize(
    ("packages", "command", "final"),
    [
        ("python py-pip", '["python", "/app.py"]', "RUN apk add --no-cache python py2-setuptools"),
        (
            "py-pip make",
            '["python", "/app.py"]',
            "RUN apk add --no-cache py-pip",
        ),  # python comes with it
        ("py-pip make", '["flask", "run"]', "RUN apk add --no-cache py2-setuptools"),
    ],
)
def test_pip_leaves_where_python_itself_is_installed(packages: str, command: str, final: str) -> None:
    outcome = convert(PIP.format(packages=packages, command=command))
    assert isinstance(outcome, Converted)
    assert final in outcome.dockerfile.split("\n")


def test_setuptools_stays_beside_what_pip_installed_where_the_release_is_not_known() -> None:
    _, final = stages(
        "FROM mhart/alpine-node:5\nRUN apk add --no-cache python python-dev py-pip build-base libffi-dev\n"
        'RUN pip install ansible\nCMD ["ansible", "--version"]\n'
    )
    assert "RUN apk add --no-cache python py-setuptools libstdc++" in final


def test_what_pip_of_some_releases_uses_stays_for_what_it_installed() -> None:
    _, final = stages(
        "FROM alpine:3.14\nRUN apk add --no-cache python3 py3-pip gcc musl-dev python3-dev\n"
        'RUN pip install docker-compose\nCMD ["docker-compose"]\n'
    )
    assert "RUN apk add --no-cache python3 py3-setuptools py3-requests py3-six py3-packaging" in final


def test_a_repository_stays_for_the_installs_behind_it_though_its_author_removes_it() -> None:
    _, final = stages(
        "FROM centos:7\nRUN yum -y install epel-release && yum -y install gcc make jq && yum -y remove epel-release\n"
        'COPY . /src\nRUN make -C /src && cp /src/app /usr/local/bin/app\nCMD ["app"]\n'
    )
    assert "RUN yum -y install epel-release && yum -y install jq && yum -y remove epel-release\n" in final


RVM = 'RUN curl get.rvm.io | bash\nRUN bash -l -c "rvm install 2.7"\nCMD ["/usr/local/rvm/bin/rvm-exec", "app"]\n'
DEP = 'COPY . /src\nRUN make -C /src && make -C /src install\nCMD ["app"]\n'


@pytest.mark.parametrize(
    ("base", "rest", "code"),
    [
        ("debian:bookworm", "RUN apt-get update && apt-get build-dep -y nginx\n" + DEP, None),
        ("debian:bookworm", RVM, None),
        ("centos:7", "RUN yum install -y gcc make\n" + RVM, "MS301"),
    ],
)
def test_libraries_of_packages_that_nobody_names_are_listed_or_the_file_is_refused(
    base: str, rest: str, code: str | None
) -> None:
    outcome = convert(f"FROM {base}\n{rest}")
    if isinstance(outcome, Converted):
        assert code is None
        assert "$(cat /tmp/run-time-packages)" in outcome.dockerfile
    else:
        assert isinstance(outcome, Refused)
        assert outcome.reason.code == code
