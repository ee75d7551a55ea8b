"""Laws that hold for every file: built bottom up from instructions that people write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dockerfile as buildkit
from hypothesis import given, settings
from hypothesis import strategies as st

from converter.convert import convert
from converter.outcome import Converted, Failed, Unchanged

BASES = (
    "debian:bookworm",
    "debian",
    "ubuntu:22.04",
    "alpine:3.19",
    "python:3.11",
    "node:20",
    "golang:1.22",
    "php:8.2-apache",
)
MEMBERS = (
    "apt-get update",
    "apt-get install -y gcc make libssl-dev nginx",
    "apt-get install -y --no-install-recommends $DEPS",
    "apk add --no-cache --virtual .build gcc musl-dev",
    "apk del .build",
    "apt-get purge -y --auto-remove gcc make",
    "rm -rf /var/lib/apt/lists/*",
    "cd /usr/src/x",
    "curl -o x.tgz http://example.com/x.tgz",
    "tar xzf x.tgz -C /usr/src/x",
    "rm x.tgz",
    "./configure --prefix=/opt/x",
    "./configure --prefix=$PREFIX",
    "make",
    "make install",
    "pip install -r requirements.txt",
    "npm ci",
    "npm run build",
    "go build -o /usr/local/bin/x .",
    "go build -o /srv/x-$VERSION .",
    "useradd -r app",
    "mkdir -p /data",
    "chown -R app /data",
    "ln -s /opt/x/bin/x /usr/local/bin/x",
    "echo hi > /etc/motd",
    "unknown-tool --now",
    "if [ -f /x ]; then rm /x; fi",
)
OTHERS = (
    "COPY . /app",
    "COPY requirements.txt package.json ./",
    "ADD x.tar.gz /usr/src/",
    "WORKDIR /app",
    "WORKDIR /usr/src/x",
    'ENV DEPS="gcc make"',
    "ENV A=1 B=2",
    "ARG VERSION=1",
    "ARG PREFIX=/opt/y-$VERSION",
    "ARG DIR",
    "ENV PREFIX ${DIR:-/opt/z}",
    "USER app",
    "USER root",
    "VOLUME /data",
    "EXPOSE 80",
    "LABEL a=b",
    "# a comment",
    "STOPSIGNAL SIGINT",
)
ENDS = (
    'CMD ["x"]',
    "CMD python app.py",
    'ENTRYPOINT ["/entry.sh"]',
    'CMD ["node", "server.js"]',
    'CMD ["bash"]',
    "",
)

runs = st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=6).flatmap(
    lambda m: st.sampled_from(
        [" && ".join(m), " \\\n    && ".join(m), "; ".join(m), "set -e; " + "; ".join(m)]
    )
)
instructions = st.one_of(runs.map("RUN {}".format), st.sampled_from(OTHERS))
files = st.builds(
    lambda base, body, end: "\n".join([f"FROM {base}", *body, end]) + "\n",
    st.sampled_from(BASES),
    st.lists(instructions, min_size=1, max_size=8),
    st.sampled_from(ENDS),
)


@settings(max_examples=150, deadline=None)
@given(files)
def test_every_file_has_an_outcome_and_every_result_is_sound(text: str) -> None:
    outcome = convert(text)
    assert not isinstance(outcome, Failed), outcome
    if isinstance(outcome, Converted):
        assert buildkit.parse_string(outcome.dockerfile)
        again = convert(outcome.dockerfile)
        assert isinstance(again, Unchanged)
        kept = [
            line
            for line in text.splitlines()
            if line.startswith(("EXPOSE", "LABEL", "VOLUME", "STOPSIGNAL", "CMD"))
        ]
        final = outcome.dockerfile.rpartition("\nFROM")[2]
        assert all(line in final for line in kept)


@settings(max_examples=60, deadline=None)
@given(files)
def test_an_opaque_command_never_shrinks_what_is_kept(text: str) -> None:
    before, after = convert(text), convert(text.replace("RUN ", "RUN opaque-installer && ", 1))
    if isinstance(before, Converted) and isinstance(after, Converted):
        assert set(before.plan.packages.final) <= set(after.plan.packages.final)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_an_outcome(text: str) -> None:
    assert not isinstance(convert(text), Failed)


def test_the_hash_seed_does_not_matter(repository: Path) -> None:
    code = (
        "import glob,sys\nfrom converter.convert import convert\n"
        "for f in sorted(glob.glob('samples/*/Dockerfile')): sys.stdout.write(repr(convert(open(f).read())))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            cwd=repository,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "4242")
    }
    assert len(texts) == 1
