from __future__ import annotations

from collections.abc import Mapping

import pytest

from converter.verify.images.lookup import Tree
from converter.verify.images.model import Configuration, Elf, Entry, Image, Kind, Text

GLIBC = Elf(machine="X86_64/64", interpreter="/lib64/ld-linux-x86-64.so.2", needed=("libc.so.6",))
MUSL = Elf(machine="X86_64/64", interpreter="/lib/ld-musl-x86_64.so.1")
HERE = Entry(Kind.FILE, 0o755, content=Elf(machine="X86_64/64"))


def tree(entries: Mapping[str, Entry], env: Mapping[str, str] | None = None) -> Tree:
    known: dict[str, Entry] = {}
    for path, entry in entries.items():
        parts = path.split("/")
        for end in range(2, len(parts)):
            known.setdefault("/".join(parts[:end]), Entry(Kind.DIRECTORY))
        known[path] = entry
    return Tree(Image(Configuration(env=env or {}), dict(sorted(known.items()))))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a/file", "/a/file"),
        ("/relative/file", "/a/file"),
        ("/absolute/file", "/a/file"),
        ("/a/up", "/b/x"),
        ("/a/../b/x", "/b/x"),
        ("/a/file/", "/a/file"),
        ("/a/file/below", None),
        ("/a/gone", None),
        ("/../..", "/"),
        ("/", "/"),
    ],
)
def test_links_are_followed(path: str, expected: str | None) -> None:
    found = tree(
        {
            "/a/file": Entry(Kind.FILE),
            "/b/x": Entry(Kind.FILE),
            "/relative": Entry(Kind.LINK, target="./a"),
            "/absolute": Entry(Kind.LINK, target="/relative"),
            "/a/up": Entry(Kind.LINK, target="../b/x"),
        }
    )
    assert found.real(path) == expected


def test_a_command_is_searched_on_path_and_must_be_executable() -> None:
    found = tree(
        {"/x/run": Entry(Kind.FILE, 0o644), "/y/run": HERE, "/y/dir/z": HERE}, {"PATH": "/x:/y::relative"}
    )
    assert found.which("run") == "/y/run"
    assert found.which("dir") is None
    assert found.which("./run", "/y") == "/y/run"
    assert found.which("/x/run") is None


@pytest.mark.parametrize(
    ("place", "elf", "env", "found"),
    [
        ("/lib/x86_64-linux-gnu", GLIBC, {}, True),
        ("/usr/lib", GLIBC, {}, True),
        ("/usr/local/lib", GLIBC, {}, False),
        ("/conf/lib", GLIBC, {}, True),
        ("/env/lib", GLIBC, {"LD_LIBRARY_PATH": "/none:/env/lib"}, True),
        ("/app/lib", Elf(machine="X86_64/64", runpath=("$ORIGIN/../lib",)), {}, True),
        ("/app/lib", Elf(machine="X86_64/64", rpath=("${ORIGIN}/../lib",)), {}, True),
        ("/chain", GLIBC, {}, True),
        ("/chain", Elf(machine="X86_64/64", runpath=("/none",)), {}, False),
        ("/usr/lib", Elf(machine="AARCH64/64"), {}, False),
        ("/usr/local/lib", MUSL, {}, True),
        ("/lib64", MUSL, {}, False),
        ("/conf/lib", MUSL, {}, False),
    ],
)
def test_libraries_are_searched_as_the_dynamic_linker_does(
    place: str, elf: Elf, env: Mapping[str, str], found: bool
) -> None:
    image = tree(
        {
            f"{place}/libx.so": HERE,
            "/app/bin/program": HERE,
            "/etc/ld.so.conf": Entry(Kind.FILE, content=Text("# local\ninclude /etc/ld.so.conf.d/*.conf\n")),
            "/etc/ld.so.conf.d/x.conf": Entry(Kind.FILE, content=Text("/conf/lib\n")),
        },
        env,
    )
    assert (image.library("libx.so", "/app/bin/program", ("/chain",), elf) is not None) == found


def test_musl_has_a_file_of_its_own_for_places() -> None:
    image = tree(
        {"/own/libx.so": HERE, "/etc/ld-musl-x86_64.path": Entry(Kind.FILE, content=Text("/lib:/own\n"))}
    )
    assert image.library("libx.so", "/bin/p", (), MUSL) == "/own/libx.so"


def test_the_links_that_lead_to_a_file() -> None:
    found = tree(
        {
            "/usr/lib/x.so.1.2": HERE,
            "/usr/lib/x.so.1": Entry(Kind.LINK, target="x.so.1.2"),
            "/lib": Entry(Kind.LINK, target="usr/lib"),
            "/lib64": Entry(Kind.LINK, target="/lib"),
        }
    )
    assert found.links("/lib64/x.so.1") == ("/lib64", "/lib", "/usr/lib/x.so.1")
    assert found.links("/usr/lib/x.so.1.2") == ()
