"""`apt-get autoremove` leaves a final stage in which no package was removed."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

INSTALL = "apt-get update && apt-get install -y --no-install-recommends gcc make tini"
BUILD = "make -C /src && make -C /src install"
CLEAN = "rm -rf /var/lib/apt/lists/*"
END = '\nCMD ["x"]\n'
PURGE = "apt-get purge -y --auto-remove -o APT::AutoRemove::RecommendsImportant=false"


@pytest.mark.parametrize("sweep", ["apt-get autoremove -y", "apt-get -y autoremove --purge", PURGE])
def test_a_sweep_leaves_with_the_removal_before_it(sweep: str) -> None:
    _, final = stages(
        f"FROM debian:bookworm\nRUN {INSTALL} && {BUILD} \\\n && apt-get remove -y gcc make \\\n && {sweep} \\\n"
        f" && apt-get clean \\\n && {CLEAN}{END}"
    )
    assert f"install -y --no-install-recommends tini \\\n && apt-get clean \\\n && {CLEAN}\n" in final
    assert "remove" not in final


def test_a_run_of_which_only_a_sweep_would_be_left_leaves() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
        f"RUN apt-get install -y gcc make && {BUILD} && apt-get autoremove -y{END}"
    )
    assert "autoremove" not in final


@pytest.mark.parametrize(
    "before",
    [
        "apt-get remove -y vim-tiny && apt-get remove -y gcc",  # a package of the final stage is removed
        "apt-get upgrade -y && apt-get remove -y gcc",  # a new version may not need what the old one did
    ],
)
def test_a_sweep_stays_where_it_may_have_something_to_do(before: str) -> None:
    _, final = stages(
        f"FROM debian:bookworm\nRUN {INSTALL} && {BUILD} && {before} && apt-get autoremove -y{END}"
    )
    assert "apt-get autoremove -y" in final


def test_a_sweep_stays_that_gives_up_what_was_only_recommended() -> None:
    install = INSTALL.replace(" --no-install-recommends", "")
    _, final = stages(
        f"FROM debian:bookworm\nRUN {install} && {BUILD} && apt-get remove -y gcc && {PURGE}{END}"
    )
    assert PURGE in final


def test_a_sweep_that_the_author_wrote_without_a_removal_is_his() -> None:
    _, final = stages(f"FROM debian:bookworm\nRUN {INSTALL} && apt-get autoremove -y\nRUN {BUILD}{END}")
    assert "apt-get autoremove -y" in final


def test_lists_of_an_earlier_run_are_still_deleted_where_a_sweep_was() -> None:
    _, final = stages(
        f"FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\nRUN apt-get install -y gcc make\n"
        f"RUN {BUILD}\nRUN chmod 755 /etc && apt-get remove -y gcc make && apt-get autoremove -y && {CLEAN}{END}"
    )
    assert f"RUN chmod 755 /etc && {CLEAN}\n" in final


BUILT = f"FROM debian:bookworm\nRUN {INSTALL} && {BUILD} && apt-get purge -y gcc make \\\n && "
INSTALLING = (
    "apt-mark showmanual | xargs apt-mark auto && apt-get update && apt-get install -y devscripts nano"
)
LEFT = 'if [ -n "$x" ]; then apt-get purge -y --auto-remove && rm /etc/apt/sources.list.d/x.list; fi'


@pytest.mark.parametrize(
    ("before", "stays"),
    [
        (f'case "$(arch)" in x86_64) apt-get update ;; *) {INSTALLING} ;; esac', True),
        ("apt-mark auto '.*'", False),
    ],
)
def test_a_sweep_stays_behind_a_branch_that_installs_what_it_may_remove(before: str, stays: bool) -> None:
    cleaning = f" && apt-get purge -y --auto-remove \\\n && {LEFT}"
    _, final = stages(f"{BUILT}{before} \\\n && apt-get install -y nginx \\\n{cleaning}{END}")
    assert (cleaning in final) is stays


FETCHING = """\
FROM debian:bookworm
RUN fetch='wget'; \\
    if ! command -v gpg > /dev/null; then fetch="$fetch gnupg"; fi; \\
    apt-get update; \\
    apt-get install -y $fetch; \\
    rm -rf /var/lib/apt/lists/*; \\
    wget -O /usr/src/x.tgz http://example.org/x.tgz; \\
    {between}apt-get purge -y --auto-remove {names}
RUN apt-get update && apt-get install -y gcc make && tar xf /usr/src/x.tgz -C /usr/src && cd /usr/src/x && make install
CMD ["x"]
"""


def test_an_install_by_variables_leaves_with_the_removal_by_the_same() -> None:
    builder, final = stages(FETCHING.format(between="", names="$fetch"))
    assert "apt-get install -y $fetch" in builder
    assert "fetch" not in final


@pytest.mark.parametrize(
    ("between", "names"),
    [
        ("useradd app; ", "$fetch"),  # may be what it installs for
        ('fetch="$(cat /list)"; ', "$fetch"),
        ("", "$others"),
    ],
)
def test_it_stays_where_that_cannot_be_told(between: str, names: str) -> None:
    _, final = stages(FETCHING.format(between=between, names=names))
    assert "apt-get install -y $fetch" in final


@pytest.mark.parametrize(("kept", "stays"), [("", False), ("RUN apt-get install -y tini\n", True)])
def test_a_repair_stays_behind_an_install_that_stays(kept: str, stays: bool) -> None:
    _, final = stages(
        f"FROM debian:bookworm\n{kept}RUN apt-get update && apt-get install -y gcc make && apt-get -f install -y\n"
        f"RUN {BUILD}{END}"
    )
    assert ("apt-get -f install -y" in final) is stays
