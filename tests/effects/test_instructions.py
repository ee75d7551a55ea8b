"""COPY, ADD, WORKDIR and VOLUME, with and without a build context; scripts that came with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from converter.directory_context import DirectoryContext
from converter.dockerfile.model import AnyInstruction, State
from converter.dockerfile.reader import read
from converter.effects.facts import facts_of
from converter.effects.instructions import instruction_effects, origins
from converter.span import SourceText
from tests.effects.saying import assert_says, effects_of, said


def instruction(text: str) -> AnyInstruction:
    """One instruction after a FROM."""
    return read(SourceText(f"FROM x\n{text}\n")).instructions[1]


STATE = State(env={"D": "/data"}, workdir="/app")

WITHOUT_CONTEXT = [
    ("COPY a.conf /etc/b.conf", "writes: output! /etc/b.conf\nphase: follow"),
    ("COPY entry.sh /opt", "writes: output! /opt/entry.sh"),
    ("COPY entry.sh /usr/local/bin/", "writes: output! /usr/local/bin/entry.sh"),
    ("COPY a.txt b.txt ./", "writes: output! /app/a.txt, output! /app/b.txt"),
    ("COPY . .", "writes: output! /app/**"),
    ("COPY src/ /srv", "writes: output! /srv/**"),
    ("COPY src /srv", "writes: output! /srv/**"),
    ("COPY package*.json ./", "writes: output! /app/package*.json"),
    ("COPY --chown=app:1000 x.py $D/", "writes: output! /data/x.py\nowners: app"),
    ("COPY --from=other /bin/tini.x /sbin/", "writes: output! /sbin/tini.x/**"),
    ("COPY <<E /etc/x.conf\nhello\nE", "writes: output! /etc/x.conf"),
    ("ADD http://x/y.tgz /opt/", "writes: fetch! /opt/y.tgz\nnetwork: yes"),
    ("ADD https://github.com/a/b.git /src", "writes: fetch! /src/**\nnetwork: yes"),
    ("ADD a.tar.gz /opt/x", "writes: fetch! /opt/x/**"),
    ("ADD a.conf /etc/", "writes: output! /etc/a.conf"),
    ("WORKDIR sub", "writes: directory! /app/sub"),
    ('VOLUME ["/data", "/x"]', "writes: directory /data, directory /x\nphase: runtime"),
    ("EXPOSE 80", "writes:\nphase: none"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WITHOUT_CONTEXT, ids=[case[0] for case in WITHOUT_CONTEXT])
def test_without_a_context(text: str, expected: str) -> None:
    assert_says(instruction_effects(instruction(text), STATE, None), expected)


@pytest.fixture
def context(tmp_path: Path) -> DirectoryContext:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "a").write_text("a")
    (tmp_path / "rootfs" / "etc").mkdir(parents=True)
    (tmp_path / "rootfs" / "etc" / "x").write_text("x")
    (tmp_path / "prog").write_text("p")
    (tmp_path / "install.sh").write_text('#!/bin/sh\nset -e\nmkdir -p "$1"\ncp prog /usr/local/bin/\n')
    (tmp_path / "package.json").write_text(
        '{"scripts": {"build": "tsc && cp a.txt /srv/", "postinstall": "touch /p"}}'
    )
    return DirectoryContext(tmp_path)


WITH_CONTEXT = [
    ("COPY conf.d /etc/x.d", "writes: output! /etc/x.d/**"),
    ("COPY prog /usr/bin/renamed", "writes: output! /usr/bin/renamed"),
    ("COPY rootfs /", "writes: output! /etc/x"),
    ("COPY pro* /usr/bin/", "writes: output! /usr/bin/prog"),
]


@pytest.mark.parametrize(("text", "expected"), WITH_CONTEXT, ids=[case[0] for case in WITH_CONTEXT])
def test_with_a_context(text: str, expected: str, context: DirectoryContext) -> None:
    assert_says(instruction_effects(instruction(text), STATE, context), expected)


def test_scripts_of_the_context_are_read(context: DirectoryContext) -> None:
    facts = facts_of(family="debian", context=context).with_origins(
        origins(instruction("COPY install.sh prog /tmp/"), STATE, context)
    )
    for command in ("/tmp/install.sh /opt/x", "sh /tmp/install.sh /opt/x", "cd /tmp; ./install.sh /opt/x"):
        effects = effects_of(command, facts)
        assert effects.opaque is None, command
        assert {"directory! /opt/x", "output! /usr/local/bin/prog"} <= said(effects)["writes"], command


def test_scripts_on_path_are_read(context: DirectoryContext) -> None:
    facts = facts_of(context=context).with_origins(
        origins(instruction("COPY install.sh /usr/local/bin/do-install"), STATE, context)
    )
    assert effects_of("do-install /x", facts).opaque is None


def test_package_json_scripts_are_read(context: DirectoryContext) -> None:
    facts = facts_of(context=context).with_origins(origins(instruction("COPY . ."), STATE, context))
    assert "output! /srv/a.txt" in said(effects_of("npm run build", facts, directory="/app"))["writes"]
    assert "edit! /p" in said(effects_of("npm ci", facts, directory="/app"))["writes"]
    assert "edit! /p" not in said(effects_of("npm ci --ignore-scripts", facts, directory="/app"))["writes"]


def test_here_documents_of_copy_are_read() -> None:
    brought = origins(instruction("COPY <<E /run.sh\ntouch /x\nE"), STATE, None)
    assert said(effects_of("sh /run.sh", facts_of().with_origins(brought)))["writes"] == {"edit! /x"}


def test_a_file_that_is_copied_to_a_directory_lies_in_it() -> None:
    there = frozenset({"/etc", "/etc/app"})
    copied = instruction_effects(instruction("COPY a.conf /etc/app"), STATE, None, directories=there)
    assert_says(copied, "writes: output! /etc/app/a.conf")
