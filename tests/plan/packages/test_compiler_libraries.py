"""Libraries that only a compiler which leaves brought along: OpenMP's for modules of Python, Fortran's."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

FILE = """\
FROM {base}
RUN apt-get update && apt-get install -y {packages}
COPY . /app
WORKDIR /app
RUN {build}
CMD ["python3", "/app/app.py"]
"""
UNKNOWN = "pip3 install -r requirements.txt"


@pytest.mark.parametrize(
    ("base", "packages", "build", "wanted"),
    [
        ("ubuntu:16.04", "gcc python3 python3-pip", UNKNOWN, True),
        ("ubuntu:16.04", "python3 python3-pip", UNKNOWN, True),  # which recommends a compiler
        ("ubuntu:16.04", "--no-install-recommends python3 python3-pip", UNKNOWN, False),
        ("ubuntu:16.04", "gcc python3 python3-pip", "pip3 install flask", False),
        ("ubuntu:16.04", "gcc python3 python3-pip", "pip3 install flask -r requirements.txt", True),
        ("ubuntu:16.04", "gcc python3 python3-pip", "pip3 install LightGBM", True),
        ("python:3.11-slim", "gcc", UNKNOWN, True),
    ],
)
def test_modules_that_may_load_openmp_keep_its_library(
    base: str, packages: str, build: str, wanted: bool
) -> None:
    _, final = stages(FILE.format(base=base, packages=packages, build=build))
    assert ("libgomp1" in final) is wanted


@pytest.mark.parametrize(("option", "wanted"), [("", True), ("--auto-remove ", False)])
def test_a_compiler_that_its_author_removes_with_all_it_brought_keeps_no_library(
    option: str, wanted: bool
) -> None:
    _, final = stages(
        "FROM python:3.11-slim\nCOPY . /app\nWORKDIR /app\nRUN apt-get update && apt-get install -y gcc\n"
        f'RUN {UNKNOWN}\nRUN apt-get purge -y {option}gcc\nCMD ["python3", "/app/app.py"]\n'
    )
    assert ("libgomp1" in final) is wanted


def test_a_list_of_libraries_holds_that_of_openmp_too() -> None:
    _, final = stages(FILE.format(base="ubuntu", packages="gcc libpq-dev python3 python3-pip", build=UNKNOWN))
    assert "$(cat /tmp/run-time-packages)" in final
    assert "libgomp1" not in final


@pytest.mark.parametrize("compiler", ["gfortran", "gfortran-9"])
def test_libraries_of_a_fortran_compiler_are_listed(compiler: str) -> None:
    builder, final = stages(
        FILE.format(base="debian:12", packages=f"{compiler} make python3", build="make install")
    )
    assert "> /run-time-packages" in builder
    assert "$(cat /tmp/run-time-packages)" in final


MAKE = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y g++ make git
RUN git clone https://github.com/{name} && cd {folder} && make && mv x /usr/local/bin/x{removal}
CMD ["x"]
"""


@pytest.mark.parametrize(
    ("name", "removal", "wanted"),
    [
        ("alexdobin/STAR.git", "", True),
        ("alexdobin/STAR.git", " && apt-get purge -y --auto-remove g++ make git", False),
        ("lh3/bwa.git", "", False),
    ],
)
def test_programs_whose_makefile_is_known_to_ask_for_openmp_keep_its_library(
    name: str, removal: str, wanted: bool
) -> None:
    folder = name.partition("/")[2].removesuffix(".git")
    _, final = stages(MAKE.format(name=name, folder=folder, removal=removal))
    assert ("libgomp1" in final) is wanted


@pytest.mark.parametrize("compiler", ["gdc", "gdc-12", "ldc"])
def test_libraries_of_a_compiler_of_d_are_listed(compiler: str) -> None:
    _, final = stages(
        FILE.format(base="debian:12", packages=f"{compiler} make python3", build="make install")
    )
    assert "$(cat /tmp/run-time-packages)" in final
