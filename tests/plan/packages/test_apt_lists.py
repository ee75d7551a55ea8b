"""apt's lists leave a RUN of the final stage that is changed anyway, and stay where something may read them."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted
from tests.plan.stages import stages

BUILD = "COPY . /usr/src/x\nRUN make -C /usr/src/x && make -C /usr/src/x install\n"
CMD = 'CMD ["x"]\n'
CLEAN = "rm -rf /var/lib/apt/lists/*"
LIST = "$(cat /tmp/run-time-packages)"


def final_stage(text: str) -> str:
    """The final stage of a conversion, behind its FROM line."""
    outcome = convert(text)
    assert isinstance(outcome, Converted), outcome
    return outcome.dockerfile.split("\nFROM", 1)[1].split("\n", 1)[1]


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (
            "RUN apt-get update && apt-get install -y gcc make tini\n",
            f"RUN apt-get update && apt-get install -y tini && {CLEAN}\n",
        ),
        (
            "RUN apt-get update && apt-get install -y \\\n    gcc make \\\n    tini\n",
            f"RUN apt-get update && apt-get install -y \\\n    tini \\\n    && {CLEAN}\n",
        ),
        (
            "RUN apt-get update && \\\n  apt-get install -y gcc make tini && \\\n  apt-get clean\n",
            f"RUN apt-get update && \\\n  apt-get install -y tini && \\\n  apt-get clean && \\\n  {CLEAN}\n",
        ),
        (
            "RUN set -e; \\\n\tapt-get update; \\\n\tapt-get install -y gcc make tini\n",
            f"RUN set -e; \\\n\tapt-get update; \\\n\tapt-get install -y tini; \\\n\t{CLEAN}\n",
        ),
        (
            "\n# lists\nRUN apt-get update\n# packages\nRUN apt-get install -y gcc make tini\n",
            f"\n# lists\n# packages\nRUN apt-get update && apt-get install -y tini && {CLEAN}\n",
        ),
    ],
    ids=["one line", "operands on lines", "commands on lines", "errexit", "an update of its own"],
)
def test_a_changed_install_cleans_up(lines: str, kept: str) -> None:
    assert final_stage(f"FROM debian:bookworm\n{lines}{BUILD}{CMD}").startswith(kept)


@pytest.mark.parametrize(
    ("lines", "more"),
    [
        ("RUN apt-get update && apt-get install -y tini\n", ""),
        ("RUN apt-get update && apt-get install -y gcc make tini && rm -rf /var/lib/apt/lists/*\n", ""),
        ("RUN apt-get update && apt-get install -y gcc make tini\nRUN apt-get install -y nano\n", ""),
        ("RUN apt-get update && apt-get install -y gcc make tini\n", "RUN x-setup --all\n"),
        (
            "RUN apt-get update && apt-get install -y gcc make tini\n",
            'COPY run.sh /\nENTRYPOINT ["/run.sh"]\n',
        ),
        (
            "RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y gcc make tini\n",
            "",
        ),
        ("RUN sudo apt-get update && sudo apt-get install -y gcc make tini\n", ""),
    ],
    ids=["untouched", "clean", "a later install", "opaque step", "unread script", "cache mount", "sudo"],
)
def test_lists_stay(lines: str, more: str) -> None:
    build = BUILD if "gcc" in lines else "RUN apt-get update && apt-get install -y gcc make\n" + BUILD
    stage = final_stage(f"FROM debian:bookworm\n{lines}{build}{more}{CMD}")
    assert "apt-get install -y tini" in stage
    assert stage.count(CLEAN) == lines.count(CLEAN)


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (
            "RUN apt-get update && apt-get install -y gcc make libpq-dev tini\n",
            f"RUN apt-get update && apt-get install -y tini {LIST} && {CLEAN} /tmp/run-time-packages\n",
        ),
        (
            f"RUN apt-get update && apt-get install -y gcc make libpq-dev tini && {CLEAN} /tmp/*\n",
            f"RUN apt-get update && apt-get install -y tini {LIST} && {CLEAN} /tmp/*\n",
        ),
        (
            "RUN apt-get update && apt-get install -y tini\nRUN apt-get install -y gcc make libpq-dev\n",
            f"RUN apt-get update && apt-get install -y tini {LIST} && {CLEAN} /tmp/run-time-packages\n",
        ),
    ],
    ids=["same install", "what empties /tmp", "another install"],
)
def test_the_authors_install_takes_the_list(lines: str, kept: str) -> None:
    stage = final_stage(f"FROM python:3.11\n{lines}{BUILD}{CMD}")
    assert kept in stage
    assert stage.index("COPY --from=builder /run-time-packages /tmp/\n") < stage.index(kept)
    assert stage.count("apt-get update") == 1


@pytest.mark.parametrize(
    "lines",
    [
        "RUN apt-get install -y tini\nRUN apt-get update && apt-get install -y gcc make libpq-dev\n",
        "RUN apt-get update && apt-get install -y tini\n"
        "RUN echo deb http://a.b/ c main > /etc/apt/sources.list.d/c.list\n"
        "RUN apt-get update && apt-get install -y gcc make libpq-dev\n",
    ],
    ids=["no lists", "another archive"],
)
def test_the_list_has_an_install_of_its_own(lines: str) -> None:
    stage = final_stage(f"FROM python:3.11\n{lines}{BUILD}{CMD}")
    assert f"--no-install-recommends {LIST} \\\n" in stage


@pytest.mark.parametrize("base", ["debian:bookworm", "debian:bookworm-slim"])
@pytest.mark.parametrize("package", ["postgresql-client", "nginx"])
def test_a_slim_base_gets_the_directory_that_a_package_needs(base: str, package: str) -> None:
    stage = final_stage(
        f"FROM {base}\nRUN apt-get update && apt-get install -y gcc make {package}\n{BUILD}{CMD}"
    )
    needed = package != "nginx" and "slim" not in base
    assert ("RUN mkdir -p /usr/share/man/man1 && apt-get update && " in stage) == needed


def test_lists_stay_behind_an_added_install_where_a_later_one_fetches_none() -> None:
    text = final_stage(
        "FROM php:8.2-apache\nRUN n=nano && apt-get update && apt-get install -y $n\n"
        "RUN names='libfoo-dev tini' && apt-get install -y $names && docker-php-ext-install gd\n"
        "RUN apt-get install -y mc\n"
    )
    assert f"install -y --no-install-recommends {LIST} \\\n\t&& rm /tmp/run-time-packages\n" in text


def test_a_removal_names_only_what_the_final_stage_has() -> None:
    text = final_stage(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make sudo\nRUN sudo ldconfig\n"
        f"{BUILD}RUN apt-get purge -y gcc \\\n    cpp \\\n    sudo && apt-get autoremove -y\n{CMD}"
    )
    assert "apt-get purge -y \\\n    sudo && apt-get autoremove -y" in text


def test_lists_stay_for_a_removal_of_what_may_not_be_there() -> None:
    text = final_stage(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make tini\n"
        f"{BUILD}RUN apt-get purge -y vim-tiny\n{CMD}"
    )
    assert CLEAN not in text


def test_a_removal_that_finds_no_lists_any_more_leaves() -> None:
    """Without -f it would end the build; where it deletes more, the lists stay for it."""
    install = "RUN apt-get update && apt-get install -y gcc make tini\n"
    alone = final_stage(f"FROM debian:bookworm\n{install}{BUILD}RUN rm -r /var/lib/apt/lists/*\n{CMD}")
    assert alone.startswith(f"RUN apt-get update && apt-get install -y tini && {CLEAN}\n")
    assert "rm -r " not in alone
    more = "RUN rm -r /var/lib/apt/lists/* /etc/motd\n"
    assert more in final_stage(f"FROM debian:bookworm\n{install}{BUILD}{more}{CMD}")
    assert CLEAN not in final_stage(f"FROM debian:bookworm\n{install}{BUILD}{more}{CMD}")


def test_a_removal_in_a_later_run_stays_beside_what_stays_there() -> None:
    update = "RUN apt-get update && apt-get upgrade -y\nRUN apt-get install -y gcc make tini\n"
    clean = "RUN apt-get clean && \\\n  rm -rf /var/lib/apt/lists/* /tmp/* && \\\n  chmod 755 /etc\n"
    assert clean in final_stage(f"FROM debian:bookworm\n{update}{BUILD}{clean}{CMD}")
    build = "RUN chmod 755 /etc && rm -rf /tmp/*\n"  # which empties what the builder filled
    assert "/tmp/*" not in final_stage(f"FROM debian:bookworm\n{update}{BUILD}{build}{CMD}")


def test_commands_that_all_systems_have_cut_no_run() -> None:
    """A program that the base may lack could come with the copy; `mkdir` does not."""
    final = final_stage(
        "FROM someone/thing\nRUN apt-get update && apt-get install -y gcc make tini && make -C /src install && "
        f"mkdir /data && rm -rf /var/lib/apt/lists/*\n{CMD}"
    )
    assert final.startswith(f"RUN apt-get update && apt-get install -y tini && mkdir /data && {CLEAN}\n")


def test_an_install_that_uses_the_lists_of_its_base_takes_what_the_builder_lists() -> None:
    install = "RUN apt-get install -y gcc make libfoo-dev \\\n    tini\n"
    final = final_stage(f"FROM someone/ubuntu\n{install}{BUILD}{CMD}")
    assert final.count("apt-get install") == 1
    assert f"    tini {LIST}" in final or f"    tini \\\n    {LIST}" in final
    known = final_stage(f"FROM debian:bookworm\n{install}{BUILD}{CMD}")
    assert f"apt-get update \\\n\t&& apt-get install -y --no-install-recommends {LIST}" in known


def test_an_update_leaves_where_lines_of_ours_fetch_the_lists_before_anything_reads_them() -> None:
    update = "FROM debian\nRUN apt-get update\nRUN apt-get install -y gcc make libfoo-dev\n"
    later = "RUN apt-get install -y tini\n"
    final = final_stage(f"{update}{BUILD}{later}{CMD}")
    assert "RUN apt-get update\n" not in final
    assert final.index("apt-get update") < final.index(later)
    read = f"{update}RUN apt-get upgrade -y\n{BUILD}{later}{CMD}"
    assert "RUN apt-get update\n" in final_stage(read)


def test_names_that_the_author_made_comments_of_leave_with_others() -> None:
    text = (
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y \\\n    # cpio \\\n    curl \\\n"
        "    # to build\n    gcc \\\n    # shells\n    zsh \\\n    # libgdbm-dev \\\n    tini \\\n"
        " && rm -rf /var/lib/apt/lists/*\nCOPY . /src\nRUN gcc -o /usr/bin/a /src/a.c\n"
        'CMD ["tini", "curl", "a"]\n'
    )
    _, final = stages(text)
    assert (
        "install -y \\\n    curl \\\n    # shells\n    zsh \\\n    tini \\\n && rm -rf /var/lib/apt/lists/*\n"
    ) in final
    second = "RUN apt-get install -y gcc\nCOPY ."
    whole = text.replace("    # to build\n    gcc \\\n", "").replace("COPY .", second)
    assert "# cpio" in stages(whole)[1]
