"""Layers and history of a built original tell which instruction wrote what."""

from __future__ import annotations

import pytest

from converter.dockerfile.model import Dockerfile
from converter.dockerfile.reader import read
from converter.span import SourceText
from converter.verify.images.archive import Layered
from converter.verify.images.documents import History
from converter.verify.images.layer import Layer
from converter.verify.images.model import Configuration, Entry, Image, Kind
from converter.verify.observation import observe, origin

TEXT = """\
FROM debian
ENV A=b
COPY setup /tmp/setup
RUN /tmp/setup
WORKDIR /srv
CMD ["/opt/tool/run"]
"""
FILE, DIRECTORY = Entry(Kind.FILE), Entry(Kind.DIRECTORY)


def layer(*paths: str) -> Layer:
    """Paths that end in a slash are directories."""
    entries = {path.rstrip("/").lstrip("/"): DIRECTORY if path.endswith("/") else FILE for path in paths}
    return Layer(entries=entries)


BASE = layer(
    "/etc/", "/etc/hosts", "/opt/", "/usr/", "/usr/local/", "/usr/local/bin/", "/var/lib/dpkg/status"
)
BUILDKIT = (
    "ENV A=b", "COPY setup /tmp/setup # buildkit", "RUN /bin/sh -c /tmp/setup # buildkit", "WORKDIR /srv",
    'CMD ["/opt/tool/run"]',
)  # fmt: skip
LEGACY = (
    "/bin/sh -c #(nop)  ENV A=b", "/bin/sh -c #(nop) COPY file:1 in /tmp/setup ", "/bin/sh -c /tmp/setup",
    "/bin/sh -c #(nop) WORKDIR /srv", '/bin/sh -c #(nop)  CMD ["/opt/tool/run"]',
)  # fmt: skip
EMPTY = (True, False, False, False, True)


def dockerfile() -> Dockerfile:
    return read(SourceText(TEXT, "Dockerfile"))


def built(words: tuple[str, ...], *written: str) -> Layered:
    layers = (BASE, layer("/tmp/", "/tmp/setup"), layer(*written), layer("/srv/"))
    history = (History("bash", False), *(History(w, e) for w, e in zip(words, EMPTY, strict=True)))
    return Layered(Image(Configuration(), {}, len(layers)), layers, history)


@pytest.mark.parametrize("words", [BUILDKIT, LEGACY], ids=["BuildKit", "legacy builder"])
def test_new_trees_and_files_of_a_run(words: tuple[str, ...]) -> None:
    seen = built(
        words, "/opt/", "/opt/tool/", "/opt/tool/run", "/usr/local/bin/", "/usr/local/bin/tool", "/etc/hosts",
        "/etc/passwd", "/var/cache/x", "/tmp/left", "/root/.cache/y", "/home/app/.npm/z", "/usr/local/lib/__pycache__/",
        "/usr/local/lib/__pycache__/a.cpython-311.pyc", "/var/lib/php/modules/x", "/usr/share/man/man1/tool.1",
    )  # fmt: skip
    found = observe(dockerfile(), seen, frozenset({"/usr/local/bin/owned"}))
    assert found.writes == {3: ("/opt/tool/", "/usr/local/bin/tool")}
    assert found.keeps == frozenset()


def test_what_packages_brought_is_theirs_and_the_step_stays() -> None:
    seen = built(BUILDKIT, "/usr/bin/tool", "/usr/local/bin/extra", "/var/lib/dpkg/status")
    found = observe(dockerfile(), seen, frozenset({"/usr/bin/tool"}))
    assert found.writes == {3: ("/usr/local/bin/extra",)}
    assert found.keeps == {3}


def test_where_a_path_comes_from() -> None:
    seen = built(BUILDKIT, "/opt/tool/", "/opt/tool/run")
    assert origin("/opt/tool/run", dockerfile(), seen) == 3
    assert origin("/opt/tool", dockerfile(), seen) == 3
    assert origin("/etc/hosts", dockerfile(), seen) is None


@pytest.mark.parametrize(
    "words", [(*BUILDKIT[:-1], "RUN /bin/sh -c other"), ("RUN one",) * 5], ids=["another end", "others"]
)
def test_a_history_that_does_not_fit_tells_nothing(words: tuple[str, ...]) -> None:
    assert observe(dockerfile(), built(words, "/opt/tool/"), frozenset()).writes == {}


def test_a_squashed_image_tells_nothing() -> None:
    seen = built(BUILDKIT, "/opt/tool/")
    squashed = Layered(seen.image, (layer("/opt/tool/"),), seen.history)
    assert observe(dockerfile(), squashed, frozenset()).writes == {}
