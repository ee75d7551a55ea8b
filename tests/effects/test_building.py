"""Builds: the prefix of a configuration is remembered for the install, also in a later RUN."""

from __future__ import annotations

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
