"""Links to names that a -dev package gives libraries leave the final stage with it."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

FOLDER = "/usr/lib/x86_64-linux-gnu"
END = '\nCMD ["app"]\n'


def final_stage(
    command: str, install: str = "gcc libc6-dev libldap2-dev", base: str = "debian:bookworm"
) -> str:
    """The final stage of a program that is built behind a command of the RUN that installs."""
    return stages(
        f"FROM {base}\nRUN apt-get update && apt-get install -y tini {install} && {command}\n"
        f"RUN gcc -o /usr/local/bin/app /src/app.c -lldap{END}"
    )[1]


@pytest.mark.parametrize("library", ["libldap.so", "liblber.so", "libldap.a"])
def test_a_link_leaves_whose_target_a_leaving_package_brings(library: str) -> None:
    assert "ln -s" not in final_stage(f"ln -s {FOLDER}/{library} /usr/lib/{library}")


@pytest.mark.parametrize(
    "command",
    [
        f"ln -s {FOLDER}/libldap-2.5.so.0 /usr/lib/libldap.so",  # the run-time package brings it
        f"ln -s {FOLDER}/libmagic.so /usr/lib/libmagic.so",  # nobody knows who brings it
        "ln -s /opt/x/libldap.so /usr/lib/libldap.so",  # it is none of the system's
        f"ln -s {FOLDER}/libldap.so /usr/lib/libldap.so && echo /usr/lib/libldap.so > /etc/ld.so.preload",
    ],
)
def test_other_links_stay(command: str) -> None:
    assert "ln -s" in final_stage(command)


def test_a_link_stays_with_its_package() -> None:
    text = (
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc libc6-dev\n"
        "# multistage: keep\nRUN apt-get install -y libldap2-dev\n"
        f"RUN ln -s {FOLDER}/libldap.so /usr/lib/libldap.so\n"
        f"RUN gcc -o /usr/local/bin/app /src/app.c -lldap{END}"
    )
    assert "ln -s" in stages(text)[1]
    assert "ln -s" not in stages(text.replace("# multistage: keep\n", ""))[1]
