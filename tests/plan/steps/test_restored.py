"""What the final stage has to fetch itself is not fetched by the builder for nothing."""

from __future__ import annotations

from tests.plan.stages import stages

FILE = """\
FROM golang:1.21-bookworm
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/app .
RUN curl -fsSLO https://example.org/tool.tgz \\
    && echo "0123  tool.tgz" | sha256sum -c - \\
    && tar -xzf tool.tgz -C /usr/local \\
    && rm tool.tgz{}
CMD ["app"]
"""


def test_a_download_that_is_unpacked_and_deleted_stays_whole_in_the_final_stage() -> None:
    builder, final = stages(FILE.format(" && echo done"))
    assert "tool.tgz" not in builder
    assert "echo done" not in builder
    work = final[final.index("RUN curl") :].split("\n\n")[0]
    assert [word for word in ("curl", "sha256sum", "tar", "rm", "echo done") if word in work] == [
        "curl", "sha256sum", "tar", "rm", "echo done",
    ]  # fmt: skip


def test_a_list_of_packages_that_nobody_uses_any_more_leaves() -> None:
    _, final = stages(
        "FROM debian:bookworm\n"
        "COPY . /src\n"
        "RUN tools='gcc make' && libraries='libpq5 zlib1g-dev' \\\n"
        "    && apt-get update && apt-get install -y $tools tini && make -C /src install \\\n"
        "    && apt-get purge -y $tools\n"
        'CMD ["tini", "/usr/local/bin/app"]\n'
    )
    assert "tools=" not in final
    assert "install -y tini" in final


def test_a_prefix_that_an_installer_makes_is_copied_as_it_is() -> None:
    builder, final = stages(
        "FROM debian:bookworm\n"
        "RUN apt-get update && apt-get install -y gcc curl\n"
        "RUN curl -o /miniconda.sh https://example.org/Miniconda3-Linux-x86_64.sh \\\n"
        "    && bash /miniconda.sh -b -p /opt/conda && /opt/conda/bin/conda install -y numpy\n"
        'CMD ["/opt/conda/bin/python", "-m", "app"]\n'
    )
    assert "COPY --from=builder /opt/conda /opt/conda" in final
    assert "/before" not in builder


def test_what_is_deleted_again_in_a_prefix_is_deleted_before_it_is_gathered() -> None:
    builder, _ = stages(
        "FROM jupyter/base-notebook\n"
        "USER root\n"
        "RUN apt-get update && apt-get install -y gcc\n"
        "RUN conda install -y numpy\n"
        "RUN conda clean -ya\n"
    )
    assert builder.index("conda install") < builder.index("conda clean") < builder.index("-cnewer")


def test_an_edit_that_is_undone_behind_a_build_step_is_made_where_that_is() -> None:
    builder, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make ca-certificates\nCOPY . /src\n"
        "RUN cd /src && ./configure && sed -i.bak s/2/1/ /etc/ssl/openssl.cnf && make test \\\n"
        ' && mv /etc/ssl/openssl.cnf.bak /etc/ssl/openssl.cnf && make install\nCMD ["app"]\n'
    )
    assert "sed -i.bak s/2/1/ /etc/ssl/openssl.cnf && make test" in builder
    assert "openssl.cnf" not in final
