"""Packages that the author says are for the container: by marks before a purge, a group's name, a comment."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Unchanged
from tests.plan.stages import stages

MARKED = (
    "FROM debian:stretch-slim\nRUN apt-get update && apt-get install -y {kept}gcc make libssl-dev \\\n"
    "\t&& wget -O- http://example.org/x.tgz | tar xz && make -C x install PREFIX=/usr/local \\\n"
    "\t&& apt-mark manual {names} && apt-get purge -y --auto-remove gcc make libssl-dev\nCMD x\n"
)
LINE = "RUN apt-get update && apt-get install -y --no-install-recommends libssl1.1 && rm -rf /var/lib/apt/lists/*\n"


def test_an_install_that_stays_takes_them() -> None:
    _, final = stages(MARKED.format(kept="tini ", names="libssl1.1 libfoo2"))
    assert "apt-get install -y tini libssl1.1 libfoo2 \\\n" in final


def test_they_get_a_line_of_their_own_before_the_copy() -> None:
    _, final = stages(MARKED.format(kept="", names="libssl1.1"))
    assert f"{LINE}# Built in the builder stage\nCOPY --from=builder /usr/local " in final


def test_one_that_the_author_installs_stays_whatever_it_is_for() -> None:
    _, final = stages(MARKED.format(kept="curl g++ ", names="g++"))
    assert "g++" in final


@pytest.mark.parametrize(
    ("old", "new"),
    [("apt-get purge -y --auto-remove", "apt-get purge -y libssl1.1"), ("apt-get purge", "echo")],
)
def test_nothing_is_added_where_no_sweep_follows_or_the_author_removes_it(old: str, new: str) -> None:
    _, final = stages(MARKED.format(kept="", names="libssl1.1").replace(old, new))
    assert LINE not in final


def test_they_come_along_with_what_the_builder_lists() -> None:
    text = MARKED.format(kept="", names="libssl1.1")
    _, final = stages(text.replace("gcc make libssl-dev \\", "gcc make libssl-dev libodd-dev \\"))
    assert "apt-get install -y --no-install-recommends libssl1.1 $(cat /tmp/run-time-packages)" in final


@pytest.mark.parametrize(
    ("above", "group", "stays"),
    [
        ("", "--virtual .persistent-deps ", True),
        ("", "--virtual .app-rundeps ", True),
        ("# persistent / runtime deps\n", "", True),
        ("# Runtime dependencies\n", "", True),
        ("# build and runtime dependencies\n", "", False),
        ("# persistent deps\n", "--virtual .build-deps ", False),
        ("# persistent deps\n\n# tools\n", "", False),
    ],
)
def test_what_a_group_or_a_comment_calls_lasting_stays(above: str, group: str, stays: bool) -> None:
    _, final = stages(
        f"FROM alpine:3.18\n{above}RUN apk add --no-cache {group}make zlib-dev\n"
        "RUN apk add gcc && wget -O- http://example.org/x.tgz | tar xz && make -C x install\nCMD x\n"
    )
    assert ("make zlib-dev\n" in final) is stays
    assert " gcc" not in final


def test_a_group_that_the_author_removes_leaves() -> None:
    _, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache --virtual .persistent-deps gcc make \\\n"
        "\t&& make -C /src install && apk del .persistent-deps\nCMD x\n"
    )
    assert "gcc" not in final


def test_a_package_that_a_purge_names_with_a_plus_stays() -> None:
    _, final = stages(
        'FROM debian:12\nENV DEPS="curl maven default-jdk+"\nCOPY . /opt/shop\n'
        "RUN apt-get update && apt-get install -y $DEPS && mvn -f /opt/shop/pom.xml package"
        " && apt-get purge -y --auto-remove $DEPS\n"
        'CMD ["java", "-jar", "/opt/shop/target/shop.jar"]\n'
    )
    assert "apt-get install -y default-jdk+" in final
    assert "maven" not in final.replace("curl maven default-jdk+", "")


APART = (
    "FROM debian:bookworm\nRUN buildDeps='gcc make' && apt-get update \\\n"
    "\t&& apt-get install -y --no-install-recommends $buildDeps python3-pip patch gzip cmake libssl-dev nginx \\\n"
    "\t&& wget -O- http://example.org/x.tgz | tar xz && patch -d x < /p && make -C x install \\\n"
    '\t&& pip install six && {removal}\nCOPY {copy}\nCMD ["{start}"]\n'
)


@pytest.mark.parametrize(
    ("copy", "start", "removal", "stays"),
    [
        ("start.sh /", "/start.sh", "apt-get purge -y $buildDeps", True),
        ("rootfs /", "startup", "apt-get purge -y $buildDeps", True),
        ("start.py /", "/start.py", "apt-get purge -y $buildDeps", False),
        ("start.sh /", "/start.sh", "apt-get purge -y nginx", False),
        ("rootfs /", "nginx", "apt-get purge -y $buildDeps", False),
    ],
)
def test_tools_that_scripts_call_stay_apart_from_a_list_that_is_removed(
    copy: str, start: str, removal: str, stays: bool
) -> None:
    _, final = stages(APART.format(copy=copy, start=start, removal=removal))
    assert ("--no-install-recommends python3-pip patch gzip " in final) is stays
    assert not any(name in final for name in ("cmake", "libssl-dev", "gcc", "make "))


def test_a_tool_that_brings_a_compiler_along_leaves_all_the_same() -> None:
    text = APART.format(copy="start.sh /", start="/start.sh", removal="apt-get purge -y $buildDeps")
    _, final = stages(text.replace("--no-install-recommends ", ""))
    assert "python3-pip" not in final


def test_where_only_such_tools_would_leave_the_script_is_what_is_missing() -> None:
    outcome = convert(
        "FROM alpine:3.18\nRUN apk add --no-cache py3-pip && apk add --no-cache --virtual .deps gcc \\\n"
        '\t&& pip install psycopg2 && apk del .deps\nCOPY start.sh /\nCMD ["/start.sh"]\n'
    )
    assert isinstance(outcome, Unchanged)
    assert outcome.reason.code == "MS403"


@pytest.mark.parametrize(("start", "stays"), [('["/start.sh"]', True), ('["nginx"]', False)])
def test_a_compiler_beside_the_list_that_is_removed_stays_for_a_script(start: str, stays: bool) -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN buildDeps='cmake make' && apt-get update && apt-get install -y nginx g++ $buildDeps"
        " && cd /j && cmake . && make install && apt-get purge -y --auto-remove $buildDeps\n"
        f"COPY start.sh /\nCMD {start}\n"
    )
    assert ("nginx g++" in final) is stays
    assert "cmake" not in final


def test_what_the_author_removes_is_not_added_for_another() -> None:
    _, final = stages(
        "FROM debian:bullseye\nCOPY . /opt/app\nWORKDIR /opt/app\n"
        "RUN apt-get update && apt-get install -y nodejs npm make"
        " && make deps && apt-get purge -y nodejs npm\n"
        'CMD ["/opt/app/run"]\n'
    )
    assert "nodejs" not in final


def test_what_apk_is_told_to_delete_stays_if_another_needs_it() -> None:
    _, final = stages(
        "FROM alpine:3.18\nCOPY . /src\nRUN apk add gcc make libuuid util-linux-dev nginx && make -C /src install"
        " && apk del gcc make libuuid\n"
        'CMD ["nginx"]\n'
    )
    assert "libuuid" in final


PATTERN = (
    "FROM debian:bookworm\nRUN buildDeps='gcc libc6-dev make libreadline-dev wget' \\\n"
    "\t&& apt-get update && apt-get install -y --no-install-recommends $buildDeps \\\n"
    "\t&& wget -qO- http://example.org/x-1.0.tar.gz | tar xz && cd x-1.0 && make && make install \\\n"
    "\t&& dpkg-query --show --showformat '${package}\\n' | grep -P '^libreadline\\d+$' | xargs apt-mark manual \\\n"
    "\t&& apt-get purge -y --auto-remove $buildDeps\nCMD x\n"
)


def test_packages_that_the_author_marks_by_a_pattern_are_listed_in_the_builder() -> None:
    builder, final = stages(PATTERN)
    assert "| grep -P '^libreadline\\d+$' > /run-time-packages" in builder
    assert "$(cat /tmp/run-time-packages)" in final
    assert "wget" not in final


def test_what_programs_load_besides_is_added_to_a_pattern() -> None:
    text = PATTERN.replace("install -y", "install -y libodd-dev")
    builder, _ = stages(text)
    assert "d+$' > /run-time-packages" in builder
    assert "sort -u >> /run-time-packages" in builder


AGAIN = (
    "FROM alpine:3.18\nRUN apk add --no-cache bash build-base libmnl-dev\n"
    "RUN apk add --no-cache --virtual .deps {fetching} && git clone https://example.org/x {tree} \\\n"
    "\t&& (cd {tree}/src && make tools && make install) && apk del .deps{last}\n"
    'COPY scripts/* /usr/local/bin/\nCMD ["{start}"]\n'
)


@pytest.mark.parametrize(
    ("fetching", "tree", "last", "start", "stays"),
    [
        ("git", "/x", "", "/usr/local/bin/run.sh", True),
        ("git cmake", "/x", "", "/usr/local/bin/run.sh", False),
        ("git", "/usr/src/x", "", "/usr/local/bin/run.sh", False),
        ("git", "/x", " && rm -rf /x", "/usr/local/bin/run.sh", False),
        ("git", "/x", "", "x", False),
    ],
)
def test_tools_and_tree_of_a_build_stay_where_its_author_only_removes_what_fetched_it(
    fetching: str, tree: str, last: str, start: str, stays: bool
) -> None:
    _, final = stages(AGAIN.format(fetching=fetching, tree=tree, last=last, start=start))
    assert ("bash build-base libmnl-dev\n" in final) is stays
    assert (f"COPY --from=builder {tree} {tree}\n" in final) is stays
    assert "git" not in final


def test_compilers_of_a_tree_that_the_context_brought_leave_all_the_same() -> None:
    text = AGAIN.format(fetching="nodejs", tree="/x", last="", start="/usr/local/bin/run.sh")
    text = text.replace("git clone https://example.org/x /x", "true")
    _, final = stages(text.replace("RUN apk add --no-cache --virtual", "COPY . /x\nRUN apk add --virtual"))
    assert "build-base" not in final
