from __future__ import annotations

import io
import random

import pytest

from converter.verify.images.elf import is_loadable, read_elf
from converter.verify.images.model import Elf
from tests.verify.elf_files import elf


def read(content: bytes) -> Elf:
    return read_elf(io.BytesIO(content))


def test_a_program_names_its_interpreter_libraries_and_versions() -> None:
    facts = read(
        elf(
            ["libc.so.6", "libm.so.6"],
            interpreter="/lib64/ld-linux-x86-64.so.2",
            rpath="/opt/a:/opt/b",
            runpath="$ORIGIN/../lib",
            required={"libc.so.6": ["GLIBC_2.34", "GLIBC_2.2.5"], "libm.so.6": ["GLIBC_2.29"]},
        )
    )
    assert facts == Elf(
        machine="X86_64/64",
        interpreter="/lib64/ld-linux-x86-64.so.2",
        needed=("libc.so.6", "libm.so.6"),
        rpath=("/opt/a", "/opt/b"),
        runpath=("$ORIGIN/../lib",),
        required=(("libc.so.6", ("GLIBC_2.2.5", "GLIBC_2.34")), ("libm.so.6", ("GLIBC_2.29",))),
    )


def test_a_library_names_itself_and_the_versions_it_defines() -> None:
    facts = read(elf(["libc.so.6"], soname="libx.so.1", defined=["X_1.0", "X_1.1"]))
    assert (facts.soname, facts.defined, facts.interpreter) == ("libx.so.1", ("X_1.0", "X_1.1"), "")


def test_a_static_program_needs_nothing() -> None:
    assert read(elf(dynamic=False)) == Elf(machine="X86_64/64")


@pytest.mark.parametrize(
    ("content", "reaches"),
    [
        (elf(["libc.so.6"], interpreter="/lib/ld.so", uses=["printf", "popen_all"]), False),
        (elf(["libc.so.6"], interpreter="/lib/ld.so", uses=["printf", "popen"]), True),
        (elf(["libc.so.6"], soname="libx.so.1", uses=["dlopen"]), True),
        (elf(dynamic=False, go_names=b"\0main.main\0syscall.read\0"), False),
        (elf(dynamic=False, go_names=b"\0main.main\0syscall.forkExec\0"), True),
        (elf(["libc.so.6"], interpreter="/lib/ld.so", go_names=b"\0syscall.Exec\0"), True),
    ],
)
def test_what_may_load_or_start_more_is_told(content: bytes, reaches: bool) -> None:
    assert read(content).reaches is reaches


TEXTS = b"x\0libodbc.so.2\0libm.so.6\0/opt/libown.so.1\0libplain.so\0a lib.so.1 b\0libz-ng.so.1.2\0"


@pytest.mark.parametrize(
    ("uses", "opens"), [(["dlopen"], ("libodbc.so.2", "libz-ng.so.1.2")), (["system"], ()), ([], ())]
)
def test_libraries_that_a_loading_program_names(uses: list[str], opens: tuple[str, ...]) -> None:
    assert read(elf(["libm.so.6"], interpreter="/lib/ld.so", uses=uses, texts=TEXTS)).opens == opens


@pytest.mark.parametrize("length", [4, 20, 64, 100, 230, 300])
def test_a_program_that_is_cut_off_has_a_problem_or_fewer_facts(length: int) -> None:
    whole = elf(["libc.so.6"], interpreter="/lib/ld.so", required={"libc.so.6": ["GLIBC_2.34"]})
    facts = read(whole[:length])
    assert facts.problem or set(facts.needed) <= {"libc.so.6"}


def test_no_damage_raises() -> None:
    whole = elf(
        ["libc.so.6"], interpreter="/lib/ld.so", defined=["A"], required={"libc.so.6": ["GLIBC_2.34"]}
    )
    chance = random.Random(7)
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            content[chance.randrange(len(content))] = chance.choice(
                (0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256))
            )
        assert isinstance(read(bytes(content)), Elf)


def test_only_programs_and_libraries_are_loadable() -> None:
    whole = elf()
    assert is_loadable(whole)
    assert not is_loadable(whole[:16] + b"\x01\x00" + whole[18:])  # an object file
    assert not is_loadable(b"#!/bin/sh\n")
    assert not is_loadable(whole[:10])
