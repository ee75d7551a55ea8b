"""Builds: the prefix of a configuration is remembered for the install, also in a later RUN."""

from __future__ import annotations

import pytest

from tests.effects.saying import effects_of, run, said


def test_the_prefix_is_remembered_across_runs() -> None:
    _, after = run("cd /src/x && ./configure --prefix=/opt/p")
    found, _ = run("make -C /src/x install", directory="/", before=after)
    assert said(found[0].effects)["writes"] == {"tree /src/x/**", "install /opt/p/**"}


MAKEFILE = """PREFIX ?= /opt/tool
prog: prog.c
\t$(CC) -o $@ $<
install: prog
\tinstall -D prog $(DESTDIR)$(PREFIX)/bin/prog
\t@echo done
"""


def test_a_plain_makefile_is_read() -> None:
    text = f"cat > Makefile <<'E'\n{MAKEFILE}E\nmake install"
    writes = said(effects_of(text))["writes"]
    assert "output! /opt/tool/bin/prog" in writes
    assert "output! /w/prog" in writes
    assert not any(write.startswith("install") for write in writes)


def test_a_makefile_that_is_more_than_rules_only_gives_its_prefix() -> None:
    text = f"cat > Makefile <<'E'\ninclude common.mk\n{MAKEFILE}E\nmake install"
    assert "install /opt/tool/**" in said(effects_of(text))["writes"]


def installed(text: str) -> set[str]:
    """The directories that a RUN installs into."""
    writes = said(effects_of(text))["writes"]
    return {w.removeprefix("install ").removesuffix("/**") for w in writes if w.startswith("install")}


FETCHED = "git clone https://example.org/x.git /src/x && cd /src/x && {command}"


@pytest.mark.parametrize("command", ["./build.sh --fast", "sh build.sh", "bash ./compile.sh", "./_autosetup"])
def test_a_build_script_of_a_fetched_tree_builds_where_it_stands(command: str) -> None:
    effects = effects_of(FETCHED.format(command=command))
    assert effects.opaque is None
    assert "tree /src/x/**" in said(effects)["writes"]


@pytest.mark.parametrize(
    "text",
    [
        "cd /src/x && ./build.sh",  # it may come from the context
        FETCHED.format(command="./provision.sh"),  # no name of a build script
        FETCHED.format(command="/opt/build.sh"),  # outside the tree
    ],
)
def test_other_scripts_stay_unknown(text: str) -> None:
    assert effects_of(text).opaque


@pytest.mark.parametrize(
    ("tree", "options", "places"),
    [
        (
            "asterisk-18.1",
            "",
            {
                "/usr",
                "/etc/asterisk",
                "/var/lib/asterisk",
                "/var/log/asterisk",
                "/var/run/asterisk",
                "/var/spool/asterisk",
            },
        ),
        ("asterisk-18.1", "--prefix=/opt/pbx", {"/opt/pbx"}),
        ("collectd-5.12", "--with-rrdtool", {"/opt/collectd"}),
        ("other-1.0", "", {"/usr/local"}),
    ],
)
def test_where_an_install_goes_by_default(tree: str, options: str, places: set[str]) -> None:
    assert installed(f"cd /src/{tree} && ./configure {options} && make install") == places


def test_chdir_is_cd() -> None:
    assert "tree /src/x/**" in said(effects_of("chdir /src/x && make"))["writes"]


@pytest.mark.parametrize(
    ("command", "places"),
    [
        ("cmake -DCMAKE_INSTALL_PREFIX=/usr . && make install", {"/usr", "/etc"}),
        ("cmake -DCMAKE_INSTALL_PREFIX=/opt/x . && make install", {"/opt/x"}),
        ("meson setup build --prefix=/usr && ninja -C build install", {"/usr", "/etc"}),
        ("./configure --prefix=/usr && make install", {"/usr"}),
    ],
)
def test_configuration_of_the_prefix_usr(command: str, places: set[str]) -> None:
    assert installed(f"cd /src && {command}") == places


def test_make_may_be_told_where_its_product_goes() -> None:
    assert "output /go/bin/app" in said(effects_of("make build BINPATH=/go/bin/app"))["writes"]
    assert not any("/usr" in w for w in said(effects_of("make CC=/usr/bin/gcc DESTDIR=/usr"))["writes"])


def test_a_makefile_that_cannot_be_read_may_use_git() -> None:
    assert "git" in effects_of("make").tools
    assert "git" not in effects_of("printf 'all:\\n\\ttrue\\n' > Makefile && make").tools
