"""What stands in the builder finds there what it needs, and copies bring what is there."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted, Refused
from tests.plan.stages import stages as both


def stages(text: str) -> tuple[list[str], list[str]]:
    builder, final = both(text)
    return builder.split("\n"), final.split("\n")


BUILD = """\
COPY app.c /src/
RUN gcc -o /usr/local/bin/app /src/app.c
CMD ["app"]
"""


@pytest.mark.parametrize(
    "mode",
    [
        "RUN chmod +x /usr/local/bin/prepare",
        "RUN chmod 755 /usr/local/bin/*",
        "RUN chmod -R a+x /usr/local/bin",
    ],
)
def test_a_tool_of_the_builder_is_executable_there(mode: str) -> None:
    builder, _ = stages(
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gcc libc6-dev\n"
        f"COPY prepare /usr/local/bin/\n{mode}\nRUN prepare && gcc -o /usr/local/bin/app /src/app.c\n"
        'CMD ["app"]\n'
    )
    assert mode in builder


def test_a_local_package_of_the_builder_is_fetched_there() -> None:
    builder, final = stages(
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gcc libc6-dev wget\n"
        "RUN wget -O /tool.deb http://example.org/tool.deb\nRUN dpkg -i /tool.deb && rm /tool.deb\n" + BUILD
    )
    assert "RUN wget -O /tool.deb http://example.org/tool.deb" in builder
    assert "RUN wget -O /tool.deb http://example.org/tool.deb" in final


def test_a_directory_that_is_emptied_is_not_copied() -> None:
    _, final = stages(
        "FROM golang:1.20-bookworm\nRUN go get example.org/app && rm -rf /go/pkg/* && rm -rf /go/src/*\n"
        'ENTRYPOINT ["/go/bin/app"]\n'
    )
    assert [line for line in final if line.startswith("COPY --from") and "/go" in line] == [
        "COPY --from=builder /go/bin/app /go/bin/app"
    ]


def test_alpine_looks_for_libraries_where_the_copies_are() -> None:
    _, final = stages(
        "FROM alpine:3.20\nRUN apk add --no-cache build-base nobody-knows-dev\nCOPY . /src\n"
        'RUN cd /src && ./configure --prefix=/usr && make && make install\nCMD ["tool"]\n'
    )
    text = "\n".join(final)
    assert "COPY --from=builder /install/usr /usr" in final
    assert "--recursive /usr \\" in text
    assert "find /usr -name" in text


def test_the_stamp_comes_before_all_that_the_difference_brings() -> None:
    builder, final = stages(
        "FROM buildpack-deps:bookworm\nCOPY . /usr/src/perl\nWORKDIR /usr/src/perl\n"
        "RUN ./Configure -des && make && make install\nRUN curl -LO http://example.org/cpanm && chmod +x cpanm\n"
        'RUN ./cpanm App::thing && rm -rf /usr/src/perl\nWORKDIR /root\nCMD ["perl", "/opt/x.pl"]\n'
    )
    stamp = next(at for at, line in enumerate(builder) if line == "RUN touch /before")
    install = next(at for at, line in enumerate(builder) if "make install" in line)
    assert stamp < install
    assert "COPY --from=builder /install/usr /usr" in final
    assert not any("perl5" in line for line in final)


@pytest.mark.parametrize(
    ("command", "copied"),
    [
        (
            "pecl install redis && docker-php-ext-enable redis",
            ["/usr/local/lib/php/extensions", "/usr/local/etc/php/conf.d"],
        ),
        ("docker-php-ext-install pdo_mysql", ["/usr/local/etc/php/conf.d", "/usr/local/lib/php/extensions"]),
    ],
)
def test_php_extensions_come_with_their_settings_alone(command: str, copied: list[str]) -> None:
    _, final = stages(
        "FROM php:8.2-apache-bookworm\nRUN apt-get update && apt-get install -y libssl-dev\n"
        + f"RUN {command}\n"
    )
    assert [line for line in final if line.startswith("COPY --from=builder /usr")] == [
        f"COPY --from=builder {path} {path}" for path in copied
    ]


def test_of_a_prefix_of_the_base_only_the_difference_comes() -> None:
    _, final = stages(
        "FROM continuumio/miniconda3\nRUN apt-get update && apt-get install -y gcc\nRUN conda install -y numpy\n"
        'COPY app.py /app.py\nCMD ["python", "/app.py"]\n'
    )
    assert "COPY --from=builder /install/opt/conda /opt/conda" in final


def test_a_volume_that_the_builder_works_in_is_there() -> None:
    builder, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make\nVOLUME /work\n"
        "COPY x.c /src/\nRUN cd /work && gcc -o /usr/local/bin/x /src/x.c\n"
        'CMD ["x"]\n'
    )
    assert builder.index("RUN mkdir -p /work") < builder.index(
        "RUN cd /work && gcc -o /usr/local/bin/x /src/x.c"
    )
    assert "VOLUME /work" in final


def test_what_an_install_looks_at_is_taken_away_in_both_stages() -> None:
    builder, final = stages(
        "FROM php:8.2-apache\nRUN rm /etc/apt/preferences.d/no-debian-php\n"
        "RUN apt-get update && apt-get install -y php-soap libpng-dev && docker-php-ext-install gd\n"
    )
    assert "RUN rm /etc/apt/preferences.d/no-debian-php" in builder
    assert "RUN rm /etc/apt/preferences.d/no-debian-php" in final


def test_the_loader_is_told_once() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make\nCOPY . /src\n"
        "RUN set -x && make -C /src && make -C /src install && ldconfig\n"
        'RUN make -C /src/more && make -C /src/more install\nCMD ["x"]\n'
    )
    assert [line for line in final if "ldconfig" in line] == ["RUN ldconfig"]
    assert not any("set -x" in line for line in final)


@pytest.mark.parametrize("destination", ["/app", "."])
def test_a_file_copied_onto_a_directory_lies_in_it(destination: str) -> None:
    """`COPY package.json /app` with WORKDIR /app: the destination is a directory though no slash says so."""
    builder, _ = stages(
        f"FROM node:18\nWORKDIR /app\nCOPY package.json {destination}\nRUN npm install\n"
        'COPY . /app\nCMD ["node", "x.js"]\n'
    )
    assert f"COPY package.json {destination}" in builder


def test_a_cache_directory_that_is_made_anew_goes_with_its_deletion() -> None:
    builder, final = stages(
        "FROM alpine:3.18\nRUN apk add --update zsh && rm -rf /var/cache/* && mkdir /var/cache/apk\n"
        "COPY . /src\nRUN apk add --virtual .b gcc make && make -C /src "
        "&& make -C /src install PREFIX=/usr/local && apk del .b\n"
        'CMD ["x"]\n'
    )
    assert not any("mkdir" in line for line in builder)
    assert sum("mkdir /var/cache/apk" in line for line in final) == 1


def test_installs_behind_the_last_build_step_are_not_the_builders() -> None:
    builder, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc libc6-dev\nCOPY a.c /\n"
        "RUN gcc -o /usr/local/bin/a /a.c\nRUN apt-get update && apt-get install -y nginx\n"
        'CMD ["a"]\n'
    )
    assert not any("nginx" in line for line in builder)
    assert any("nginx" in line for line in final)


def test_what_make_builds_is_copied_behind_the_sources() -> None:
    """The copy comes after the last step that may make the file, else the replayed sources hide it."""
    _, final = stages(
        "FROM golang:1.6.2-alpine\nRUN apk add git make\nRUN go get example.org/tool\n"
        "ADD . /go/src/x\nWORKDIR /go/src/x\n"
        'RUN make build\nENTRYPOINT ["bin/x"]\n'
    )
    copied = next(at for at, line in enumerate(final) if line.startswith("COPY --from") and "bin/x" in line)
    assert final.index("ADD . /go/src/x") < copied


def test_lists_that_a_branch_fetches_are_there_for_the_install_behind_it() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*\n"
        "COPY a.c /\nRUN gcc -o /usr/local/bin/a /a.c\n"
        'RUN set -e; case "$(dpkg --print-architecture)" in amd64) apt-get update;; \\\n'
        "  *) apt-get update; apt-get install -y dpkg-dev; apt-get build-dep -y nginx;; esac; \\\n"
        "  apt-get install -y nginx\n"
        'CMD ["a"]\n'
    )
    text = "\n".join(final)
    assert text.index("apt-get update;;") < text.index("apt-get install -y nginx")


def test_a_clone_of_which_nothing_is_named_comes_whole() -> None:
    """It is not cloned again in the final stage to put its packages beside it."""
    _, final = stages(
        "FROM node:18-alpine\nRUN apk add --virtual .b git make g++\nCOPY start.sh /start.sh\n"
        "RUN git clone https://example.org/app && cd app && npm install\n"
        'CMD ["/start.sh"]\n'
    )
    assert "COPY --from=builder /app /app" in final
    assert not any("git clone" in line for line in final)


def test_a_package_that_is_linked_to_its_sources_comes_with_them() -> None:
    _, final = stages(
        "FROM python:3.11\nCOPY . /root/x/\nRUN cd /root/x && pip install -e .\n"
        'CMD ["/bin/sh", "-c", "tool"]\n'
    )
    assert any(line.endswith(" /root/x") or line == "COPY . /root/x/" for line in final)


def test_a_downloaded_tool_chain_is_where_the_builder_looks_for_it() -> None:
    builder, final = stages(
        "FROM example/curl\nADD . /gopath/src/example.org/app\n"
        "RUN apt-get update && apt-get install -y gcc \\\n"
        " && mkdir /goroot \\\n"
        " && curl -s https://example.org/go.tar.gz | tar xz -C /goroot --strip-components=1 \\\n"
        " && export GOROOT=/goroot GOPATH=/gopath PATH=$PATH:/goroot/bin/ \\\n"
        " && go get example.org/app && cp $GOPATH/bin/app /app && rm -rf /goroot /gopath\n"
        'ENTRYPOINT ["/app"]\n'
    )
    assert " && curl -s https://example.org/go.tar.gz | tar xz -C /goroot --strip-components=1 \\" in builder
    assert "ADD . /gopath/src/example.org/app" in builder
    assert [line for line in final if "ADD" in line or "curl -s" in line] == []
    assert "COPY --from=builder /app /app" in final


def test_what_is_installed_and_deleted_is_copied_where_it_was_put() -> None:
    builder, final = stages(
        "FROM alpine:3.5\nRUN apk add --no-cache --virtual .build go git musl-dev && export GOPATH=/go \\\n"
        " && go get example.org/app && cp /go/bin/app /usr/local/bin/renamed && rm -rf /go && apk del .build\n"
        'CMD ["crond", "-f"]\n'
    )
    assert " && go get example.org/app && cp /go/bin/app /usr/local/bin/renamed" in builder
    assert "COPY --from=builder /usr/local/bin/renamed /usr/local/bin/renamed" in final


@pytest.mark.parametrize("build", ["go build -o app", "go build -o app . && chmod +x app"])
def test_a_program_built_in_the_tree_that_copy_brought_is_no_script_of_the_context(build: str) -> None:
    builder, final = stages(f'FROM golang:1.20\nWORKDIR /app\nCOPY . .\nRUN {build}\nCMD ["./app"]\n')
    assert f"RUN {build}" in builder
    assert final[0] == "debian:bookworm-slim"
    assert "COPY --from=builder /app/app /app/app" in final


@pytest.mark.parametrize(
    "check", ["gpg --verify /bin/su-x.asc", "gpg --batch --verify /bin/su-x.asc /bin/su-x"]
)
def test_what_the_builder_checks_is_what_is_copied(check: str) -> None:
    builder, final = stages(
        "FROM python:3.9\nRUN curl -o /bin/su-x https://e.org/su-x && curl -o /bin/su-x.asc https://example.org/s "
        f"&& {check} && rm /bin/su-x.asc && chmod +x /bin/su-x\n"
        'COPY entry.sh /\nRUN pip install served\nENTRYPOINT ["/entry.sh"]\n'
    )
    checked = next(line for line in builder if check in line)
    assert "curl -o /bin/su-x " in checked
    assert "chmod +x /bin/su-x" in checked
    assert "COPY --from=builder /bin/su-x /bin/su-x" in final


def test_a_directory_above_a_volume_is_made_in_the_builder() -> None:
    builder, _ = stages(
        "FROM java:8\nRUN apt-get update && apt-get install -y wget maven\nVOLUME /opt/app/data\n"
        "RUN cd /tmp && wget https://example.org/app.tar.gz && tar xzf app.tar.gz && rm app.tar.gz && cd app-1 "
        "&& mvn package && mv target/* /opt/app/\n"
        'CMD ["java", "-jar", "/opt/app/app.jar"]\n'
    )
    assert "RUN mkdir -p /opt/app/data" in builder


def test_a_directory_that_an_archive_is_unpacked_into_is_made_in_the_builder() -> None:
    builder, _ = stages(
        "FROM debian:11\nRUN apt-get update && apt-get install -y curl gcc make && curl -o /tmp/z.tgz http://e.org/z "
        "&& mkdir -p /opt/z/logs && tar -xzf /tmp/z.tgz -C /opt/z --strip=1 && rm /tmp/z.tgz\n"
        'COPY . /src\nRUN make -C /src install\nENTRYPOINT ["/opt/z/run"]\n'
    )
    assert any("mkdir -p /opt/z/logs && tar -xzf" in line for line in builder)


@pytest.mark.parametrize(
    ("argument", "kept"), [("DEBIAN_FRONTEND=noninteractive", True), ("CFLAGS=-O2", False)]
)
def test_build_arguments_that_any_program_reads_are_in_both_stages(argument: str, kept: bool) -> None:
    builder, final = stages(
        f"FROM debian:bookworm-slim\nARG {argument}\nRUN apt-get update && apt-get install -y gcc libc6-dev tzdata\n"
        + BUILD
    )
    assert f"ARG {argument}" in builder
    assert (f"ARG {argument}" in final) is kept


def test_a_setting_does_not_make_the_prefix_of_the_base() -> None:
    builder, final = stages(
        "FROM jupyter/minimal-notebook\nRUN apt-get install -y gcc\nRUN conda config --add channels r\n"
        'RUN conda install --yes r-base\nUSER root\nCMD ["served"]\n'
    )
    assert "COPY --from=builder /opt/conda /opt/conda" not in final
    assert any("/install/opt/conda" in line for line in builder)


def test_php_that_is_built_like_the_official_images_has_their_folders() -> None:
    _, final = stages(
        "FROM alpine:3.9\nRUN apk add --no-cache --virtual .deps gcc make\nENV PHP_INI_DIR /usr/local/etc/php\n"
        "COPY php /usr/src/php\nRUN cd /usr/src/php && ./configure && make && make install\n"
        'COPY docker-php-ext-* /usr/local/bin/\nRUN docker-php-ext-enable sodium && apk del .deps\nCMD ["php-fpm"]\n'
    )
    assert [line for line in final if line.startswith("COPY --from")] == [
        "COPY --from=builder /usr/local /usr/local"
    ]


def test_places_of_one_tool_or_another_are_gathered_as_far_as_they_are_there() -> None:
    builder, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc libc6-dev wget perl\n"
        "COPY app.c texlive.profile /src/\nRUN gcc -o /usr/local/bin/app /src/app.c\n"
        'RUN install-tl -profile /src/texlive.profile\nCMD ["app"]\n'
    )
    assert "COPY --from=builder /opt/texlive /opt/texlive" not in final
    assert "COPY --from=builder /install/opt/texlive /opt/texlive" in final
    assert not any(line.endswith(" /root /root") for line in final)
    assert any("2>/dev/null || true; }" in line for line in builder)


@pytest.mark.parametrize("owner", ["app:app", "app.", "app.app", "app"])
def test_an_owner_of_what_is_built_is_an_account_of_the_builder(owner: str) -> None:
    text = (
        "FROM node:18-alpine\nRUN apk add --no-cache git python3 make g++ && adduser -S app\n"
        f"RUN git clone https://example.org/x /srv/x && chown -R {owner} /srv/x\nWORKDIR /srv/x\n"
        'RUN npm install && npm run build\nCMD ["node", "/srv/x/dist/main.js"]\n'
    )
    builder = both(text)[0]
    assert builder.index("adduser -S app") < builder.index(f"chown -R {owner} /srv/x")


def test_a_base_that_has_java_needs_no_other() -> None:
    text = (
        "FROM openjdk:11-jdk\nRUN apt-get update && apt-get install -y maven git\n"
        "RUN git clone https://example.org/x /src\n"
        "WORKDIR /src\nRUN mvn package && cp target/x.jar /x.jar\n"
        'CMD ["java", "-jar", "/x.jar"]\n'
    )
    assert "default-jre" not in both(text)[1]
    assert "default-jre" in both(text.replace("openjdk:11-jdk", "debian:bookworm"))[1]


def test_a_database_file_is_made_once() -> None:
    text = (
        "FROM node:18\nRUN apt-get update && apt-get install -y sqlite3 g++ make\n"
        "RUN git clone https://example.org/shop /srv/shop\nWORKDIR /srv/shop\n"
        "RUN sqlite3 app.db < schema.sql && npm install && npm run build\n"
        'CMD ["npm", "start"]\n'
    )
    builder, final = both(text)
    assert (builder + final).count("sqlite3 app.db") == 1


@pytest.mark.parametrize(
    ("tag", "copied"),
    [
        ("v1.12-debian-1", "COPY --from=builder /usr/local/bundle /usr/local/bundle"),
        ("v0.12.33-debian", "COPY --from=builder /var/lib/gems /var/lib/gems"),
        ("v1.3", "COPY --from=builder /install/usr /usr"),
    ],
)
def test_gems_lie_where_the_image_has_its_ruby(tag: str, copied: str) -> None:
    tools = "make gcc ruby-dev"
    install, remove = (
        ("apk add", "apk del")
        if tag == "v1.3"
        else ("apt-get update && apt-get install -y", "apt-get purge -y")
    )
    text = (
        f"FROM fluent/fluentd:{tag}\nUSER root\nRUN {install} {tools}\nRUN gem install fluent-plugin-x\n"
        f"RUN {remove} {tools}\n"
    )
    assert copied in both(text)[1]


def test_dependencies_that_make_installs_stay_in_the_tree() -> None:
    text = (
        "FROM debian:buster\nRUN apt-get update && apt-get install -y make curl gcc carton libpq-dev\n"
        "RUN mkdir -p /opt/app && curl -sSL https://example.org/app.tar.gz \\\n"
        "        | tar xz --strip-component=1 -C /opt/app \\\n"
        '    && cd /opt/app && make installdeps\nCOPY entrypoint.sh /entrypoint.sh\nENTRYPOINT ["/entrypoint.sh"]\n'
    )
    assert "COPY --from=builder /opt/app /opt/app" in both(text)[1]


def test_a_program_that_only_the_build_can_have_brought_is_not_run_without_it() -> None:
    text = (
        "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y git make gcc\n"
        "RUN git clone https://example.org/paas /root/paas && cd /root/paas && make tools{after}\n"
        'RUN paas plugins-install\nCMD ["paas", "serve"]\n'
    )
    refused = convert(text.format(after=""))
    assert isinstance(refused, Refused)
    assert refused.reason.code == "MS301"
    assert isinstance(convert(text.format(after=" && make install")), Converted)


def test_a_compiler_brings_no_other_of_its_kind() -> None:
    text = (
        "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y git make gcc\n"
        "RUN git clone https://example.org/x /root/x && cd /root/x && make all\n"
        'CMD ["/opt/x/bin/m68k-gcc", "-v"]\n'
    )
    refused = convert(text)
    assert isinstance(refused, Refused)
    assert refused.reason.code == "MS405"


def test_a_directory_in_tmp_that_no_build_step_needs_is_made_where_the_container_runs() -> None:
    text = (
        "FROM php:7.3-apache\nRUN apt-get update && apt-get install -y libpng-dev && docker-php-ext-install gd\n"
        "RUN pecl install imagick && docker-php-ext-enable imagick\n"
        "RUN mkdir -p /tmp/opcache && chown -R www-data:www-data /tmp/opcache\n"
    )
    builder, final = both(text)
    assert "mkdir -p /tmp/opcache && chown -R www-data:www-data /tmp/opcache" in final
    assert "opcache" not in builder


@pytest.mark.parametrize(
    ("needed", "rest"),
    [
        (  # the user of the build could not write there
            "RUN chown -R app /home/app",
            "WORKDIR /home/app/src\nRUN chown -R app /home/app\nUSER app\nCOPY --chown=app . .\nRUN make\nUSER root\n"
            "RUN make install\n",
        ),
        (  # links to manual pages need their directory
            "RUN mkdir -p /usr/share/man/man1",
            "RUN mkdir -p /usr/share/man/man1\nRUN apt-get install -y default-jre-headless\n"
            "RUN make -C /src install\n",
        ),
        (  # made on the way to another
            "RUN mkdir -p /opt/app/conf.d",
            "RUN mkdir -p /opt/app/conf.d\nWORKDIR /src\nRUN make && make install && cp app.ini-* /opt/app/\n",
        ),
        (  # one of the programs that a pattern means
            "COPY ext-* start /usr/local/bin/",
            "COPY ext-* start /usr/local/bin/\nRUN make -C /src install\nRUN ext-enable gd && make -C /src modules\n",
        ),
        (  # configuration of what fetches
            "COPY .condarc /opt/settings/condarc",
            "ENV CONDARC=/opt/settings/condarc\nCOPY .condarc /opt/settings/condarc\nRUN conda install numpy\n"
            "RUN make -C /src install\n",
        ),
        (  # configuration of what it runs
            "COPY id_rsa /root/.ssh/",
            "COPY id_rsa /root/.ssh/\nRUN go get git.org/lib && make -C /src install\n",
        ),
        (  # a private key that others may read is refused
            "RUN chmod 400 /root/.ssh/id_rsa",
            "COPY id_rsa /root/.ssh/\nRUN chmod 400 /root/.ssh/id_rsa\n"
            "RUN git clone git@git.org:lib /src/lib && make -C /src install\n",
        ),
        (  # a file that others than root may not read
            "RUN chown app /opt/key",
            "COPY key /opt/key\nRUN chown app /opt/key\nUSER app\nRUN cp /opt/key /src/key && make -C /src install\n",
        ),
        (  # a patch beside the clone
            "COPY a.patch /tmp/",
            "COPY a.patch /tmp/\nWORKDIR /tmp\nRUN git clone https://x.org/x && git -C x apply ../a.patch\n"
            "RUN make -C x install\n",
        ),
        (  # the modules of the server that it is built for
            "RUN a2dismod mpm_event && a2enmod mpm_prefork",
            "RUN a2dismod mpm_event && a2enmod mpm_prefork\nRUN cd /src && ./configure --with-apxs2 && make install\n",
        ),
        (
            "RUN echo 'app ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/app",
            "RUN echo 'app ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/app\nUSER app\nRUN sudo make -C /src install\n",
        ),
    ],
)
def test_what_a_build_step_silently_counts_on_is_there(needed: str, rest: str) -> None:
    builder, _ = stages(
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gcc libc6-dev make sudo\n"
        f'RUN useradd -m app\nADD src.tar.gz /src\n{rest}CMD ["/usr/local/bin/app"]\n'
    )
    assert needed in builder


@pytest.mark.parametrize("step", ["COPY docker/ /etc/", "RUN a2enmod rewrite && service apache2 restart"])
def test_what_may_hold_configuration_among_other_things_is_none(step: str) -> None:
    builder, _ = stages(
        f"FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gcc libc6-dev make git apache2\n{step}\n"
        'RUN git clone https://x.org/x /src && make -C /src install\nCMD ["/usr/local/bin/app"]\n'
    )
    assert step not in builder


def test_a_directory_that_is_a_link_is_there() -> None:
    builder, _ = stages(
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gcc libc6-dev make git\n"
        "RUN ln -s /data/src /home/src\n"
        "RUN cd /home/src && git clone https://example.org/app.git && make -C app install\n"
        'CMD ["/usr/local/bin/app"]\n'
    )
    assert "RUN ln -s /data/src /home/src" in builder


def test_the_mode_of_a_program_goes_where_it_is_moved() -> None:
    builder, _ = stages(
        "FROM debian:bookworm\nRUN curl -OL https://e.org/t.phar && chmod +x t.phar && mv t.phar /usr/local/bin/t "
        "&& t init -y\nRUN apt-get update && apt-get install -y nodejs npm build-essential\n"
        'RUN npm install -g gulp\nCMD ["supervisord", "-c", "/etc/supervisor/supervisord.conf"]\n'
    )
    assert (
        "RUN curl -OL https://e.org/t.phar && chmod +x t.phar && mv t.phar /usr/local/bin/t && t init -y"
        in builder
    )


def test_an_account_of_a_package_is_removed_where_the_package_was() -> None:
    builder, final = stages(
        "FROM example.org/node:stable\nRUN apk add --no-cache subversion build-base tini && make -C /src install "
        '&& apk del subversion build-base && deluser svn\nCMD ["/usr/local/bin/app"]\n'
    )
    assert "deluser svn" in "\n".join(builder)
    assert "deluser" not in "\n".join(final)


@pytest.mark.parametrize(
    "link",
    [
        "ln -s /usr/lib/x86_64-linux-gnu/libsybdb.a /usr/lib/",
        "ln -s /usr/include/x86_64-linux-gnu/gmp.h /usr/include/gmp.h",
        "ln -sf /usr/lib/llvm-14/bin/llc /usr/bin/llc",
    ],
)
def test_links_by_which_a_build_finds_what_packages_brought_are_made_before_it(link: str) -> None:
    builder, _ = stages(
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gcc make freetds-dev llvm-14\n"
        f"RUN {link}\nCOPY . /src\nRUN cd /src && ./configure && make && make install\n"
        'CMD ["/usr/local/bin/app"]\n'
    )
    assert f"RUN {link}" in builder


def test_a_link_to_what_another_step_brought_is_no_input_of_a_build() -> None:
    builder, final = stages(
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gcc make\n"
        "COPY tool /opt/tool\nRUN ln -s /opt/tool /usr/bin/tool\n"
        "COPY . /src\nRUN cd /src && ./configure && make && make install\n"
        'CMD ["/usr/local/bin/app"]\n'
    )
    assert not any("/opt/tool" in line for line in builder)
    assert "RUN ln -s /opt/tool /usr/bin/tool" in final


def test_a_directory_that_a_user_installs_into_is_his_in_the_builder() -> None:
    builder, _ = stages(
        "FROM ubuntu:16.04\nRUN apt-get update && apt-get install -y gcc wget bzip2\n"
        "RUN useradd -m jo && mkdir -p /opt/conda && chown jo /opt/conda\nUSER jo\n"
        "RUN wget https://repo.continuum.io/miniconda/Miniconda3-4.2.12-Linux-x86_64.sh \\\n"
        " && bash Miniconda3-4.2.12-Linux-x86_64.sh -b -f -p /opt/conda\n"
        'RUN /opt/conda/bin/pip install notebook\nCMD ["/opt/conda/bin/jupyter", "notebook"]\n'
    )
    assert any("chown jo /opt/conda" in line for line in builder)


def test_a_part_of_a_run_does_not_enter_a_directory_that_one_before_it_deletes() -> None:
    builder, _ = both(
        "FROM alpine:3.6\nRUN apk add --no-cache gcc make && curl -O https://nginx.org/n.tgz"
        " && tar -xzf n.tgz -C /usr/src && cd /usr/src/n && ./configure --prefix=/usr && make && make install"
        " && rm -rf /usr/src/n && apk add --virtual .gettext gettext && mv /usr/bin/envsubst /tmp/"
        " && apk del .gettext && mv /tmp/envsubst /usr/local/bin/\n"
        'CMD ["nginx"]\n'
    )
    after = builder[builder.index("rm -rf /usr/src/n") :]
    assert "mv /usr/bin/envsubst /tmp/" in after
    assert "cd /usr/src/n" not in after


def test_what_is_deleted_to_be_made_anew_is_deleted_in_the_builder_too() -> None:
    text = (
        "FROM ubuntu:16.04\nRUN rm /bin/sh && ln -s /bin/bash /bin/sh\n"
        "RUN apt-get update && apt-get install -y gcc make\nCOPY . /src\nRUN make -C /src PREFIX=/opt/x install\n"
        'CMD ["/opt/x/bin/x"]\n'
    )
    builder, _ = both(text)
    assert "RUN rm /bin/sh && ln -s /bin/bash /bin/sh\n" in builder


def test_the_zone_that_an_install_would_ask_for_is_set_in_the_builder_before_it() -> None:
    text = (
        "FROM ubuntu:18.04\nENV TZ=UTC\n"
        "RUN ln -snf /usr/share/zoneinfo/$TZ /etc/localtime && echo $TZ > /etc/timezone\n"
        "RUN apt-get update && apt-get install -y gcc make php\nCOPY . /src\nRUN make -C /src PREFIX=/opt/x install\n"
        'CMD ["/opt/x/bin/x"]\n'
    )
    for stage in both(text):
        assert "ln -snf /usr/share/zoneinfo/$TZ /etc/localtime && echo $TZ > /etc/timezone\n" in stage


def test_python_of_an_ubuntu_image_installs_below_usr_local() -> None:
    text = (
        "FROM tensorflow/tensorflow:1.8.0\nRUN apt-get update && apt-get install -y gcc libpq-dev\n"
        'RUN pip install psycopg2\nCMD ["python", "x.py"]\n'
    )
    _, final = both(text)
    assert "COPY --from=builder /install/usr/local /usr/local\n" in final


ACCOUNTS = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y gcc make curl
RUN useradd -r monitor && groupadd operators
RUN curl http://example.org/{tree}.tgz | tar xz && cd {tree} && ./configure {options} && make && make install
CMD ["/usr/local/bin/app"]
"""


@pytest.mark.parametrize(
    ("tree", "options", "made"),
    [
        ("app-1", "--with-app-user=monitor --with-command-group=operators", ("monitor", "operators")),
        ("nginx-1", "--user=monitor --group=operators", ()),
        ("php-8", "--with-fpm-user=monitor --with-fpm-group=operators", ()),
        ("app-1", "--with-user-guide", ()),
    ],
)
def test_accounts_that_an_install_gives_files_to_are_in_the_builder(
    tree: str, options: str, made: tuple[str, ...]
) -> None:
    builder, _ = stages(ACCOUNTS.format(tree=tree, options=options))
    text = " ".join(builder).partition("./configure")[0]
    assert tuple(name for name in ("monitor", "operators") if name in text) == made


def test_an_install_gives_files_to_the_account_of_its_project() -> None:
    text = ACCOUNTS.format(tree="nagios-4.1.1", options="").replace("monitor", "nagios")
    builder, _ = stages(text)
    assert any("useradd -r nagios" in line for line in builder)


def test_room_for_a_link_is_made_in_the_builder_by_an_earlier_run_too() -> None:
    builder, _ = both(
        "FROM ubuntu:16.04\nRUN mv /etc/localtime /etc/localtime.org\n"
        "RUN ln -s /usr/share/zoneinfo/Asia/Tokyo /etc/localtime\n"
        "RUN apt-get update && apt-get install -y gcc make\nCOPY . /src\nRUN make -C /src PREFIX=/opt/x install\n"
        'CMD ["/opt/x/bin/x"]\n'
    )
    assert "RUN mv /etc/localtime /etc/localtime.org\n" in builder
