"""Each stage has what its steps need: the directory they stand in, files with their mode, programs."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted, Refused, Unchanged
from tests.plan.stages import stages

BASE = "FROM debian:bookworm\n"
END = '\nCMD ["app"]\n'
BUILD = "gcc -o /usr/local/bin/app /src/app.c"


@pytest.mark.parametrize(
    "cleaning", ["rm -rf ./app-1.0*", "rm -rf /tmp/app-1.0*", "rm -rf /tmp/app-*", "rm -rf /tmp/app-1.0/*"]
)
def test_no_step_of_the_final_stage_goes_to_the_sources(cleaning: str) -> None:
    _, final = stages(
        f"{BASE}RUN apt-get update && apt-get install -y gcc make wget && cd /tmp \\\n"
        " && wget http://e.org/app-1.0.tgz && tar xf app-1.0.tgz && cd app-1.0 && ./configure && make install \\\n"
        f" && echo x >> /etc/app.conf && cd .. && {cleaning}{END}"
    )
    assert "cd " not in final
    assert "rm -rf /tmp" not in final


def test_what_is_deleted_by_its_whole_path_needs_no_directory() -> None:
    _, final = stages(
        f"{BASE}RUN apt-get update && apt-get install -y gcc git libc6-dev \\\n"
        f" && git clone http://e.org/app.git /src && cd /src && {BUILD} \\\n"
        f" && rm -rf /var/cache/* /src/.git*{END}"
    )
    assert "cd /src" not in final


def test_cleaning_in_a_directory_of_the_builder_is_done_there() -> None:
    builder, final = stages(
        "FROM node:20\nRUN git clone http://e.org/app.git /srv/app && cd /srv/app && npm ci \\\n"
        " && find . -name .git | xargs rm -rf\nWORKDIR /srv/app\n"
        'CMD ["node", "server.js"]\n'
    )
    assert "xargs rm -rf" in builder
    assert "xargs rm -rf" not in final


def test_what_the_final_stage_fetches_is_deleted_there() -> None:
    _, final = stages(
        f"{BASE}COPY app.c /src/\nRUN apt-get update && apt-get install -y gcc curl libc6-dev \\\n"
        " && curl -o /tmp/tool.deb http://e.org/tool.deb && dpkg -i /tmp/tool.deb && rm -rf /tmp/tool* \\\n"
        f" && {BUILD}{END}"
    )
    assert "rm -rf /tmp/tool*" in final


@pytest.mark.parametrize("made", ["VOLUME /data", "RUN mkdir -p /data/cache", "WORKDIR /data"])
def test_the_builder_makes_the_directory_it_stands_in(made: str) -> None:
    builder, _ = stages(
        f"{BASE}RUN apt-get update && apt-get install -y gcc make wget libc6-dev\n{made}\n"
        "RUN cd /data && wget http://e.org/app-1.0.tgz && tar xf app-1.0.tgz && cd app-1.0 \\\n"
        f" && ./configure && make install && rm -rf /data/app-1.0*{END}"
    )
    assert any(line in builder for line in ("RUN mkdir -p /data", "WORKDIR /data"))
    assert "VOLUME" not in builder


def test_a_program_that_the_final_stage_fetches_and_runs_is_made_executable_there() -> None:
    _, final = stages(
        "FROM openjdk:8-jre\nRUN curl -o /install.run http://e.org/install.run && chmod +x /install.run \\\n"
        " && /install.run -q -dir /opt/tool && rm /install.run \\\n"
        " && apt-get update && apt-get install -y ruby build-essential ruby-dev && gem install compass \\\n"
        " && apt-get remove -y ruby-dev build-essential && apt-get autoremove -y\n"
        'ENTRYPOINT ["compass"]\n'
    )
    assert "curl -o /install.run" in final
    assert "chmod +x /install.run" in final


@pytest.mark.parametrize(
    ("install", "step"),
    [
        ("sudo", "sudo apt-get install -y nginx"),
        ("aptitude", "aptitude install -y nginx"),
        ("alien", "alien --install /tool.rpm"),
    ],
)
def test_what_installs_packages_in_the_final_stage_is_there(install: str, step: str) -> None:
    _, final = stages(
        f"{BASE}COPY app.c tool.rpm /\nRUN apt-get update && apt-get install -y gcc libc6-dev {install}\n"
        f"RUN {install if install == 'sudo' else ''} gcc -o /usr/local/bin/app /app.c\nRUN {step}{END}"
    )
    assert step in final
    assert f"install -y {install}" in final


def test_certificates_that_a_step_of_the_final_stage_renews_stay_until_they_are_removed() -> None:
    _, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache --virtual .deps build-base ca-certificates wget \\\n"
        " && update-ca-certificates && wget http://e.org/app-1.0.tgz && tar xf app-1.0.tgz && cd app-1.0 \\\n"
        f" && ./configure && make install && cd .. && rm -r app-1.0 && apk del .deps{END}"
    )
    if "update-ca-certificates" in final:
        assert "ca-certificates" in final.split("update-ca-certificates")[0]


@pytest.mark.parametrize(
    "use",
    [
        "RUN tool --init",
        "RUN mkdir -p /data && chown daemon /data /srv/tool/cache",
    ],
)
def test_a_step_that_needs_what_no_copy_brings_before_it_is_refused(use: str) -> None:
    outcome = convert(
        f"{BASE}RUN apt-get update && apt-get install -y gcc make git libc6-dev\n"
        "RUN git clone http://e.org/tool.git /srv/tool && cd /srv/tool && mkdir cache && make \\\n"
        " && ln -s /srv/tool/run /usr/local/bin/tool\n"
        f"{use}\nRUN cd /srv/tool && make test\nWORKDIR /srv/tool\n"
        'CMD ["/srv/tool/run"]\n'
    )
    assert (
        not isinstance(outcome, Converted)
        or use not in outcome.dockerfile.split("\n\nFROM ")[1]
        or (outcome.dockerfile.rindex("COPY --from=builder /srv/tool") < outcome.dockerfile.rindex(use))
    )


def test_what_follows_a_branch_and_goes_elsewhere_is_parted_from_it() -> None:
    _, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache build-base && cd /tmp && wget http://e.org/a.tgz \\\n"
        " && tar xf a.tgz && cd a && ./configure && make install && apk del build-base || true \\\n"
        " && cd / && rm -rf /tmp/* && ln -sf /usr/local/bin/a /usr/bin/app\n"
        'CMD ["/usr/bin/app"]\n'
    )
    assert "ln -sf /usr/local/bin/a /usr/bin/app" in final


def test_what_follows_a_branch_that_changes_the_directory_stays_with_it() -> None:
    outcome = convert(
        "FROM alpine:3.18\nRUN apk add --no-cache build-base libpng && cd /tmp && wget http://e.org/a.tgz \\\n"
        " && tar xf a.tgz && cd a && ./configure && make install && strip /usr/bin/a || true \\\n"
        f" && make clean && mv a.conf /etc/a.conf{END}"
    )
    assert isinstance(outcome, (Unchanged, Refused)), outcome


def test_a_branch_that_installs_and_builds_keeps_what_it_installs() -> None:
    _, final = stages(
        "FROM php:7.3-fpm\nRUN apt-get update && apt-get install -y libpng-dev && docker-php-ext-install gd\n"
        "RUN (apt-get install -y libmcrypt-dev mcrypt && docker-php-ext-install mcrypt) || true\n"
    )
    assert "(apt-get install -y libmcrypt-dev mcrypt && docker-php-ext-install mcrypt) || true" in final


def test_a_program_is_marked_where_it_is_made() -> None:
    builder, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache --virtual .deps gcc make paxctl && cd /tmp \\\n"
        " && wget http://e.org/node.tgz && tar xf node.tgz && cd node && ./configure --prefix=/usr && make install \\\n"
        ' && paxctl -cm /usr/bin/node && apk del .deps\nCMD ["node", "-v"]\n'
    )
    assert "paxctl -cm /usr/bin/node" in builder
    assert "paxctl" not in final


def test_how_words_are_split_is_said_wherever_words_are_split() -> None:
    _, final = stages(
        f"{BASE}COPY app.c /src/\nRUN apt-get update && apt-get install -y gcc libc6-dev\n"
        'ENV NAMES "a;b"\nRUN IFS=";" && mkdir -p /data && touch $NAMES && '
        f"{BUILD}{END}"
    )
    assert 'IFS=";"' in final


def test_a_tool_chain_does_not_leave_a_base_whose_program_nobody_makes() -> None:
    outcome = convert(
        "FROM golang:1.20-bookworm\nRUN curl -sSL http://e.org/sdk.tar.gz | tar zx \\\n"
        " && cp sdk/bin/daemon /usr/local/bin/\n"
        'WORKDIR /go/src/app\nCMD ["/go/bin/app"]\n'
    )
    assert isinstance(outcome, (Refused, Unchanged)), outcome


def test_messages_of_a_build_go_with_it() -> None:
    _, final = stages(
        f"{BASE}RUN apt-get update && apt-get install -y gcc git libc6-dev && mkdir -p /srv/app && cd /srv/app \\\n"
        " && git clone http://e.org/app.git && echo Compiling... && files=$(find app -name '*.c') && echo $files \\\n"
        f" && gcc -o /usr/local/bin/app $files{END}"
    )
    assert "echo" not in final


def test_parts_of_a_run_carry_what_they_need_of_the_shell() -> None:
    builder, final = stages(
        "FROM debian:bookworm\nRUN export DEBIAN_FRONTEND=noninteractive CFLAGS=-O2 && saved=x unused=1 \\\n"
        " && apt-get update && apt-get install -y gcc libc6-dev make tzdata && jobs=$(nproc) \\\n"
        ' && make -j"$jobs" -C /src && make -C /src install && apt-get purge -y gcc make\nCMD ["app"]\n'
    )
    assert "export DEBIAN_FRONTEND=noninteractive CFLAGS=-O2" in builder
    assert "jobs=$(nproc)" in builder
    assert "saved=x" not in builder
    assert "RUN export DEBIAN_FRONTEND=noninteractive" in final
    assert "jobs=" not in final


@pytest.mark.parametrize("kept", ["eval 'make -C /src'", ". ./settings"])
def test_a_text_that_the_shell_runs_may_use_any_variable(kept: str) -> None:
    builder, _ = stages(
        "FROM debian:bookworm\nRUN hidden=1 && apt-get update && apt-get install -y gcc libc6-dev make \\\n"
        f" && cd /src && {kept} && make install && apt-get purge -y gcc make\n"
        'CMD ["app"]\n'
    )
    assert "hidden=1" in builder


def test_a_plugin_that_is_compiled_is_built_in_the_builder() -> None:
    builder, final = stages(
        "FROM python:3.11\nADD . /app\nWORKDIR /app\nRUN pip install uwsgi\n"
        'RUN uwsgi --build-plugin https://example.org/plugin\nENTRYPOINT ["uwsgi", "--ini", "x.ini"]\n'
    )
    assert "RUN uwsgi --build-plugin https://example.org/plugin" in builder
    assert "--build-plugin" not in final


@pytest.mark.parametrize(
    ("line", "in_builder", "in_final"),
    [
        ("RUN mkdir /var/cache/app && chmod 700 /var/cache/app", False, True),
        ("COPY start.sh /tmp/\nRUN chmod +x /tmp/start.sh", False, True),
        ("RUN chmod 1777 /tmp", False, True),
        ("RUN mkdir /usr/src/app && gcc -o /usr/src/app/x /src/x.c", True, False),
    ],
)
def test_scratch_space_is_the_builders_where_it_works_in_it(
    line: str, in_builder: bool, in_final: bool
) -> None:
    builder, final = stages(
        f"{BASE}RUN apt-get update && apt-get install -y gcc libc6-dev\nCOPY app.c x.c /src/\n"
        f"WORKDIR /src\n{line}\nRUN {BUILD}{END}"
    )
    assert ((line in builder), (line in final)) == (in_builder, in_final)


def test_a_file_that_a_later_copy_brings_is_not_sought_in_the_builder() -> None:
    _, final = stages(
        "FROM ubuntu:14.04\nRUN apt-get update && apt-get install -y golang git\nWORKDIR /app\nENV GOPATH /go\n"
        "RUN go get example.org/gen\nRUN go build example.org/gen\nADD . /app\n"
        "CMD /go/bin/gen -watch etcd.tmpl /tmp/x\n"
    )
    assert "ADD . /app" in final
    assert "etcd.tmpl /app" not in final


def test_code_in_a_command_stays_with_the_files_that_it_names() -> None:
    builder, final = stages(
        f"{BASE}RUN apt-get update && apt-get install -y gcc libc6-dev php-cli curl\nCOPY app.c /src/\nRUN {BUILD}\n"
        "RUN curl -o kick.zip https://example.org/kick.zip && php -r 'unpack_all(\"kick.zip\");' "
        f"&& mv kick/kick.php /usr/src/ && chown 33 /usr/src/kick.php{END}"
    )
    assert "unpack_all" not in builder
    assert "COPY --from=builder /kick.zip /kick.zip\nRUN php -r" in final
    assert "&& mv kick/kick.php /usr/src/ && chown 33 /usr/src/kick.php" in final


TINI = (
    "FROM python:3.11\nADD https://example.org/tini /tini\nRUN chmod +x /tini\nRUN pip install served\n"
    "COPY start.sh /usr/local/bin/\n"
)


def test_a_downloaded_tini_is_no_script_of_the_context() -> None:
    _, final = stages(f'{TINI}ENTRYPOINT ["/tini", "--", "served"]\n')
    assert final.startswith("python:3.11-slim\n")


def test_what_a_downloaded_tini_runs_may_be_a_script_of_the_context() -> None:
    outcome = convert(f'{TINI}ENTRYPOINT ["/tini", "--", "/usr/local/bin/start.sh"]\n')
    assert isinstance(outcome, Unchanged)
    assert outcome.reason.code == "MS403"


def test_what_a_part_of_a_run_reads_into_its_shell_goes_along() -> None:
    builder, _ = stages(
        f"{BASE}RUN apt-get update && apt-get install -y gcc libc6-dev && echo 'export CC=gcc' >> ~/.profile\n"
        f"WORKDIR /src\nCOPY app.c /src/\nRUN . ~/.profile && mkdir -p /etc/app && echo x > /etc/app/y && {BUILD}{END}"
    )
    assert f"RUN . ~/.profile && {BUILD}" in builder


def test_what_only_says_something_stays_with_what_it_is_about() -> None:
    builder, final = stages(
        "FROM debian:bookworm\nRUN echo 'install' && apt-get update && apt-get install -y gcc tini\nCOPY a.c /src/\n"
        "RUN echo 'compile' && gcc -o /usr/local/bin/app /src/a.c\nRUN echo 'clean up' && rm -rf /src\n"
        'RUN echo "built"\nCMD ["app"]\n'
    )
    assert "echo 'compile' && gcc" in builder
    assert "compile" not in final
    assert "clean up" not in final
    assert 'RUN echo "built"' in final


def test_a_build_argument_of_an_assignment_that_nothing_uses_is_not_declared() -> None:
    _, final = stages(
        "FROM debian:bookworm\nARG VERSION=1\nRUN apt-get update && apt-get install -y gcc make curl tini \\\n"
        " && sum=$(echo $VERSION | sha256sum) && curl http://example.org/$VERSION.tgz | tar xz -C /opt \\\n"
        ' && test "$sum" && make -C /opt/x install\nCMD ["x"]\n'
    )
    assert "ARG" not in final


def test_the_root_directory_is_gone_to_again_where_an_archive_is_unpacked_there() -> None:
    text = (
        "FROM php:7-apache\nWORKDIR /\nRUN apt-get update && apt-get install -y libxml2-dev unzip\n"
        "RUN docker-php-ext-install soap\nADD x.zip /tmp/x.zip\nRUN unzip /tmp/x.zip\nWORKDIR /var/www/html\n"
    )
    _, final = stages(text)
    assert "WORKDIR /\n" in final


@pytest.mark.parametrize("work", ["", "RUN cd module && git checkout v2 && cd ..\n"])
def test_clones_that_are_built_together_are_both_in_the_builder(work: str) -> None:
    _, final = stages(
        f"{BASE}RUN apt-get update && apt-get install -y gcc make git\n"
        "RUN git clone https://e.org/app.git && git clone https://e.org/module.git\n"
        f"{work}RUN mv module app/contrib/module\nRUN cd app && ./configure && make && make install\n"
        'COPY start.sh /start.sh\nENTRYPOINT ["/start.sh"]\n'
    )
    assert "module" not in final


def test_configuration_that_is_put_away_is_put_away_in_the_final_stage() -> None:
    _, final = stages(
        f"{BASE}RUN apt-get update && apt-get install -y gcc nginx\nCOPY conf /etc/app\n"
        f"RUN mv /etc/app/default.conf /tmp/\nCOPY app.c /src/\nRUN {BUILD}{END}"
    )
    assert "mv /etc/app/default.conf /tmp/" in final
