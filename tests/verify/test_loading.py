"""What a program loads is known whole, or not at all."""

from __future__ import annotations

import pytest

from converter.verify.images.lookup import Tree
from converter.verify.images.model import Configuration, Content, Elf, Entry, Healthcheck, Image, Kind, Script
from converter.verify.loading import loading

LINKER = "/lib64/ld-linux-x86-64.so.2"
LIBRARIES = "/usr/lib/x86_64-linux-gnu"


def program(*needed: str, reaches: bool = False, interpreter: str = LINKER) -> Elf:
    return Elf("X86_64/64", interpreter, "", needed, reaches=reaches)


def library(*needed: str, reaches: bool = False, defined: tuple[str, ...] = ()) -> Elf:
    return Elf("X86_64/64", "", "soname", needed, defined=defined, reaches=reaches)


GLIBC = library(reaches=True, defined=("GLIBC_2.2.5", "GLIBC_2.34", "GLIBC_2.36"))


def tree(app: Content, healthcheck: Healthcheck | None = None, libc: Elf = GLIBC, **more: Elf) -> Tree:
    """An image with /srv/app, glibc, and more libraries by their names."""
    files: dict[str, Entry] = {
        "/srv/app": Entry(Kind.FILE, 0o755, content=app),
        f"{LIBRARIES}/ld-linux-x86-64.so.2": Entry(Kind.FILE, 0o755, content=library()),
        f"{LIBRARIES}/libc.so.6": Entry(Kind.FILE, 0o755, content=libc),
        "/lib64": Entry(Kind.LINK, target="usr/lib64"),
        "/usr/lib64/ld-linux-x86-64.so.2": Entry(Kind.LINK, target=f"{LIBRARIES}/ld-linux-x86-64.so.2"),
        "/etc/mime.types": Entry(Kind.FILE),
    }
    for name, elf in more.items():
        files[f"{LIBRARIES}/{name}.so.1.2"] = Entry(Kind.FILE, content=elf)
        files[f"{LIBRARIES}/{name}.so.1"] = Entry(Kind.LINK, target=f"{name}.so.1.2")
    for path in list(files):
        while path := path.rpartition("/")[0]:
            files.setdefault(path, Entry(Kind.DIRECTORY, 0o755))
    configuration = Configuration(cmd=("/srv/app",), healthcheck=healthcheck)
    return Tree(Image(configuration, dict(sorted(files.items())), 1))


def test_libraries_are_followed_under_the_names_that_are_looked_for() -> None:
    found = loading(tree(program("liba.so.1", "libc.so.6"), liba=library("libb.so.1"), libb=library()), {})
    assert found.starts == ("/srv/app",)
    assert found.programs == {
        "/srv/app": (
            f"{LIBRARIES}/liba.so.1", f"{LIBRARIES}/libb.so.1", f"{LIBRARIES}/libc.so.6",
            "/usr/lib64/ld-linux-x86-64.so.2",
        )
    }  # fmt: skip
    assert found.links == ("/lib64",)
    assert found.shared == {"/etc/mime.types"}


def test_a_static_program_loads_nothing() -> None:
    assert loading(tree(program(interpreter="")), {}).programs == {"/srv/app": ()}


@pytest.mark.parametrize(
    ("app", "more"),
    [
        (program("libc.so.6", reaches=True), {}),
        (program("liba.so.1"), {"liba": library(reaches=True)}),
        (program("libmissing.so.1"), {}),
        (program("libc.so.6", interpreter="/lib/ld-musl-x86_64.so.1"), {}),
        (Elf(problem="damaged"), {}),
        (Script("/bin/sh"), {}),
    ],
    ids=["starts others", "a library loads others", "missing library", "missing linker", "damaged", "script"],
)
def test_what_is_not_known_whole_is_left_out(app: Content, more: dict[str, Elf]) -> None:
    assert loading(tree(app, None, GLIBC, **more), {}).programs == {}


def test_a_healthcheck_in_shell_form_starts_what_nobody_lists() -> None:
    assert loading(tree(program(), Healthcheck(("CMD-SHELL", "app ping"))), {}).starts == ()
    assert loading(tree(program(), Healthcheck(("CMD", "/srv/app", "ping"))), {}).starts == ("/srv/app",) * 2


def test_packages_of_the_distribution_bring_their_own() -> None:
    assert loading(tree(program("libc.so.6")), {"/srv/app": "app"}).programs == {}


def test_an_older_glibc_loads_name_services_by_itself() -> None:
    old = library(reaches=True, defined=("GLIBC_2.2.5", "GLIBC_2.31"))
    assert loading(tree(program("libc.so.6"), libc=old), {}).programs == {}
