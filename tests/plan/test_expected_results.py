"""Whole results: what an expert would write for the shapes that people bring most."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.options import Options
from converter.outcome import Converted, Refused, Unchanged

CLASSIC = """\
FROM debian:bookworm
RUN groupadd -r app && useradd -r -g app app
ENV APP_VERSION 1.2
RUN buildDeps='gcc libc6-dev make curl' \\
	&& apt-get update && apt-get install -y $buildDeps --no-install-recommends \\
	&& rm -rf /var/lib/apt/lists/* \\
	&& mkdir -p /usr/src/app \\
	&& curl -sSL "http://example.com/app.tar.gz" -o app.tar.gz \\
	&& tar -xzf app.tar.gz -C /usr/src/app --strip-components=1 \\
	&& rm app.tar.gz \\
	&& make -C /usr/src/app \\
	&& make -C /usr/src/app install PREFIX=/usr/local \\
	&& rm -r /usr/src/app \\
	&& apt-get purge -y --auto-remove $buildDeps
RUN mkdir /data && chown app:app /data
VOLUME /data
WORKDIR /data
CMD ["app-server"]
"""

CLASSIC_SPLIT = """\
FROM debian:bookworm AS builder
ENV APP_VERSION 1.2
RUN buildDeps='gcc libc6-dev make curl' \\
	&& apt-get update && apt-get install -y $buildDeps --no-install-recommends \\
	&& mkdir -p /usr/src/app \\
	&& curl -sSL "http://example.com/app.tar.gz" -o app.tar.gz \\
	&& tar -xzf app.tar.gz -C /usr/src/app --strip-components=1 \\
	&& make -C /usr/src/app \\
	&& make -C /usr/src/app install PREFIX=/usr/local

FROM debian:bookworm-slim
RUN groupadd -r app && useradd -r -g app app
ENV APP_VERSION 1.2
# Built in the builder stage
COPY --from=builder /usr/local /usr/local
RUN ldconfig
RUN mkdir /data && chown app:app /data
VOLUME /data
WORKDIR /data
CMD ["app-server"]
"""


def test_one_squeezed_run() -> None:
    outcome = convert(CLASSIC)
    assert isinstance(outcome, Converted)
    assert outcome.dockerfile == CLASSIC_SPLIT


def final_stage(text: str, options: Options | None = None) -> str:
    """The final stage of a conversion, FROM line included."""
    outcome = convert(text, options=options)
    assert isinstance(outcome, Converted), outcome
    return "FROM" + outcome.dockerfile.split("\nFROM", 1)[1]


BUILD = "COPY . /usr/src/x\nRUN make -C /usr/src/x && make -C /usr/src/x install PREFIX=/usr/local\n"


@pytest.mark.parametrize(
    ("install", "kept"),
    [
        ("gcc libc6-dev make", ""),
        ("gcc libssl-dev make", "libssl3"),
        ("gcc libpq-dev make tini", "tini libpq5"),
        ("nginx gcc make", "nginx"),
        ("gcc make ca-certificates", "ca-certificates"),
    ],
)
def test_what_stays_of_a_package_list(install: str, kept: str) -> None:
    line = f"RUN apt-get update && apt-get install -y {kept} && rm -rf /var/lib/apt/lists/*\n" if kept else ""
    text = f'FROM debian:bookworm\nRUN apt-get update && apt-get install -y {install}\n{BUILD}CMD ["x"]\n'
    wanted = (
        f"FROM debian:bookworm-slim\n{line}"
        '# Built in the builder stage\nCOPY --from=builder /usr/local /usr/local\nRUN ldconfig\nCMD ["x"]\n'
    )
    assert final_stage(text) == wanted


def test_a_package_that_a_kept_step_runs_stays() -> None:
    text = (
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc libc6-dev make locales\n"
        f'{BUILD}RUN localedef -i en_US -f UTF-8 en_US.UTF-8\nCMD ["x"]\n'
    )
    assert "apt-get install -y locales && rm" in final_stage(text)


FAT = (
    "FROM ruby:2.7\nRUN apt-get update && apt-get install -y {packages}\nWORKDIR /app\nCOPY Gemfile .\n"
    'RUN bundle install\nCOPY . .\nENTRYPOINT ["./run.sh"]\n'
)
"""An image that has compilers and headers itself, and has to stay since its script cannot be read."""


def test_what_a_base_has_itself_is_no_gain_but_another_compiler_is() -> None:
    assert isinstance(convert(FAT.format(packages="libpq-dev gfortran")), Converted)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            'FROM debian:bookworm\nRUN apt-get update && apt-get install -y nginx\nCMD ["nginx"]\n',
            "MS501",
        ),
        ('FROM python:3.11-slim\nRUN pip install flask\nCMD ["flask", "run"]\n', "MS501"),
        ('FROM alpine:3.19\nCOPY x /x\nCMD ["/x"]\n', "MS501"),
        ("FROM debian:bookworm\n", "MS124"),
        ("FROM golang:1.20-alpine\nRUN go get example.com/x\nCMD go version\n", "MS501"),
        (FAT.format(packages="build-essential libpq-dev"), "MS403"),
    ],
)
def test_nothing_to_gain(text: str, code: str) -> None:
    outcome = convert(text)
    assert isinstance(outcome, Unchanged)
    assert outcome.reason.code == code


TOOLS = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc libc6-dev make\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TOOLS + BUILD, "MS401"),
        (TOOLS + BUILD + 'CMD ["bash"]\n', "MS401"),
        (TOOLS + BUILD + 'CMD ["tail", "-f", "/dev/null"]\n', "MS401"),
        (TOOLS + BUILD + 'CMD ["make", "test"]\n', "MS402"),
        (TOOLS + BUILD + 'COPY build /usr/bin/\nENTRYPOINT ["build"]\n', "MS402"),
        (TOOLS + BUILD + 'COPY build.sh /\nCMD ["sh", "/build.sh"]\n', "MS402"),
        (TOOLS + 'COPY i.sh /i.sh\nRUN /i.sh\nCMD ["x"]\n', "MS301"),
        ('FROM rust:1.75\nCOPY . /a\nWORKDIR /a\nRUN cargo build\nCMD ["cargo", "run"]\n', "MS402"),
        *(
            (f"FROM golang:1.10\nRUN go get example.org/tool\nCMD {command}\n", "MS402")
            for command in ('["bee", "run"]', "revel run app", "modd")
        ),
        *(
            (f"FROM node:20\nCOPY . /a\nWORKDIR /a\nRUN npm ci\nCMD {command}\n", "MS402")
            for command in ("npm rebuild && npm start", "yarn && yarn start", "pnpm i --prod; node x")
        ),
        (TOOLS + BUILD + 'CMD ["bash", "--rcfile", "/opt/rc"]\n', "MS401"),
        ('FROM node:14-onbuild\nCMD ["x"]\n', "MS122"),
        ("FROM debian\nONBUILD RUN make\n", "MS122"),
        (
            "FROM python:3.11-bookworm\nRUN pip install notebook\n"
            "RUN cd /tmp && git clone https://example.com/facets.git && cd facets && npm install && "
            "jupyter nbextension install facets-dist/ --sys-prefix && rm -rf /tmp/facets\n"
            'CMD ["jupyter", "notebook"]\n',
            "MS406",
        ),
    ],
)
def test_refusals(text: str, code: str) -> None:
    outcome = convert(text)
    assert isinstance(outcome, Refused)
    assert outcome.reason.code == code
    assert outcome.reason.help


@pytest.mark.parametrize(
    ("base", "command"),
    [
        ("debian:bookworm", 'CMD ["/usr/sbin/sshd", "-D"]'),
        ("debian:bookworm", 'ENTRYPOINT ["/usr/bin/gitlab-runner"]\nCMD ["run"]'),
        ("jenkins/jenkins:lts", ""),
        ("example/jenkins-slave", 'CMD ["/start"]'),
    ],
)
def test_images_whose_users_work_in_them_are_toolboxes(base: str, command: str) -> None:
    text = TOOLS.replace("debian:bookworm", base).replace("gcc ", "openssh-server gitlab-runner gcc ")
    text += f"COPY a.c /src/\nRUN gcc -o /usr/local/bin/x /src/a.c\n{command}\n"
    outcome = convert(text)
    assert isinstance(outcome, Refused), outcome
    assert outcome.reason.code == "MS401"
    assert isinstance(convert("# multistage: run=/usr/local/bin/x\n" + text), Converted)


def test_what_a_supervisor_starts_is_not_known() -> None:
    """Its configuration may name any package that is there."""
    text = (
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y supervisor gcc curl\n"
        "RUN curl -o /src.c http://example.org/x.c && gcc -o /usr/local/bin/x /src.c\n"
        'COPY x.conf /etc/supervisor/conf.d/\nCMD ["/usr/bin/supervisord", "-n"]\n'
    )
    outcome = convert(text)
    assert isinstance(outcome, Converted)
    final = outcome.dockerfile.split("\nFROM ")[1]
    assert final.startswith("debian:bookworm\n")
    assert "supervisor curl" in final


def test_the_run_pragma_makes_a_toolbox_convertible() -> None:
    text = "# multistage: run=/usr/local/bin/x\n" + TOOLS + BUILD
    assert isinstance(convert(text), Converted)


@pytest.mark.parametrize(
    ("base", "builder", "final"),
    [
        ("golang:1.21-bookworm", "golang:1.21-bookworm", "debian:bookworm-slim"),
        ("golang:1.22-alpine3.19", "golang:1.22-alpine3.19", "alpine:3.19"),
        ("rust:1.75-bookworm", "rust:1.75-bookworm", "debian:bookworm-slim"),
    ],
)
def test_a_tool_chain_is_left_behind(base: str, builder: str, final: str) -> None:
    tool = (
        "go build -o /usr/local/bin/x ."
        if base.startswith("go")
        else "cargo build && cp target/debug/x /usr/local/bin/x"
    )
    outcome = convert(f'FROM {base}\nWORKDIR /src\nCOPY . .\nRUN {tool}\nCMD ["/usr/local/bin/x"]\n')
    assert isinstance(outcome, Converted)
    assert (outcome.plan.builder_base, outcome.plan.final_base) == (builder, final)
    assert "COPY --from=builder /usr/local/bin/x /usr/local/bin/x" in outcome.dockerfile


def test_packages_first_then_the_application() -> None:
    text = (
        "FROM node:20-bookworm\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\n"
        'USER node\nCMD ["node", "server.js"]\n'
    )
    stage = final_stage(text)
    assert stage.startswith("FROM node:20-bookworm-slim\n")
    assert "COPY --from=builder /app/node_modules /app/node_modules\nCOPY . .\n" in stage


def test_a_tree_that_was_built_in_is_copied_whole() -> None:
    text = (
        "FROM node:20-bookworm\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n"
        'CMD ["node", "dist/server.js"]\n'
    )
    stage = final_stage(text)
    assert "COPY --from=builder /app /app\n" in stage
    assert "COPY . .\n" not in stage


def test_a_program_for_scratch() -> None:
    text = (
        "FROM golang:1.22\nWORKDIR /src\nCOPY go.mod main.go ./\nRUN CGO_ENABLED=0 go build -o /server .\n"
        'ENTRYPOINT ["/server"]\n'
    )
    stage = final_stage(text, Options(final_base="scratch"))
    assert stage.startswith("FROM scratch\n")
    assert "COPY --from=builder /server /server\n" in stage


def test_an_owner_of_a_copied_directory() -> None:
    text = (
        "FROM node:20-bookworm\nRUN useradd -m app\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n"
        'RUN chown -R app:app /app\nUSER app\nCMD ["node", "dist/server.js"]\n'
    )
    assert "COPY --from=builder --chown=app:app /app /app\n" in final_stage(text)


@pytest.mark.parametrize(
    ("made", "owner"),
    [
        ("useradd -m app", "app:app"),
        ("groupadd web && useradd -m -g web app", "app:web"),
        ("useradd -m -N app", "app:users"),
        ("adduser --system app", "app:nogroup"),
        ("adduser --system --group app", "app:app"),
    ],
)
def test_the_group_of_an_owner(made: str, owner: str) -> None:
    text = (
        f"FROM node:20-bookworm\nRUN {made}\nUSER app\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n"
        'CMD ["node", "dist/server.js"]\n'
    )
    assert f"COPY --from=builder --chown={owner} /app /app\n" in final_stage(text)


def test_the_group_of_the_bases_own_account_is_not_guessed() -> None:
    text = (
        "FROM jupyter/scipy-notebook\nRUN conda install -y gcc && git clone https://example.com/x /tmp/x "
        "&& cd /tmp/x && python setup.py install\n"
    )
    assert "--chown=jovyan /install/opt/conda /opt/conda" in final_stage(text)


def test_a_variable_of_the_old_base_is_restated_where_the_file_uses_it() -> None:
    text = (
        "FROM golang:1.22-bookworm\nWORKDIR /src\nCOPY . .\nRUN go build -o $GOPATH/bin/app\n"
        'ENV PATH $GOPATH/bin:$PATH\nCMD ["app"]\n'
    )
    assert "ENV GOPATH /go\n" in final_stage(text)


def test_the_smallest_base_that_is_shown_to_be_enough() -> None:
    static = (
        "FROM golang:1.22\nWORKDIR /src\nCOPY go.mod main.go ./\nRUN CGO_ENABLED=0 go build -o /server .\n"
        'ENTRYPOINT ["/server"]\n'
    )
    dynamic = static.replace("CGO_ENABLED=0 ", "")
    assert final_stage(static, Options(final_base="smallest")).startswith("FROM scratch\n")
    assert final_stage(dynamic, Options(final_base="smallest")).startswith("FROM debian:")


def test_shared_data_goes_along_to_scratch() -> None:
    text = (
        "FROM golang:1.22\nWORKDIR /src\nCOPY go.mod main.go ./\nRUN CGO_ENABLED=0 go build -o /server .\n"
        'ENTRYPOINT ["/server"]\n'
    )
    stage = final_stage(text, Options(final_base="scratch"))
    for path in ("/etc/passwd", "/etc/ssl/certs/ca-certificates.crt", "/usr/share/zoneinfo"):
        assert f"COPY --from=builder {path} " in stage


@pytest.mark.parametrize(
    ("optimize", "line"),
    [
        ("strip", "RUN find /usr/local -type f"),
        ("prune-dev", "RUN cd /app && npm prune --omit=dev"),
    ],
)
def test_improvements_that_were_asked_for(optimize: str, line: str) -> None:
    native = TOOLS + BUILD + 'CMD ["x"]\n'
    node = 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist/x.js"]\n'
    text = native if optimize == "strip" else node
    outcome = convert(text, options=Options(optimize=frozenset({optimize})))
    assert isinstance(outcome, Converted)
    assert line in outcome.dockerfile
    assert line not in getattr(convert(text), "dockerfile", "")


@pytest.mark.parametrize(
    ("build", "openmp"),
    [
        ("RUN gcc -fopenmp -o /usr/local/bin/x /src/x.c\n", True),
        ("ENV CFLAGS -O2 -fopenmp\nRUN make -C /src install\n", True),
        ("RUN cmake -DUSE_OPENMP=ON -S /src -B /src/b && make -C /src/b install\n", True),
        ("RUN gcc -o /usr/local/bin/x /src/x.c\n", False),
    ],
)
def test_programs_for_openmp_keep_its_library(build: str, openmp: bool) -> None:
    stage = final_stage(f'{TOOLS}COPY . /src\n{build}CMD ["x"]\n')
    assert ("libgomp1" in stage) == openmp


@pytest.mark.parametrize(
    ("more", "stays"),
    [
        ("subversion", "subversion"),
        ("subversion", ""),
        ("apt-transport-https", ""),
        ("apt-transport-https", "apt-transport-https"),
    ],
    ids=["no step uses it", "a step uses it", "served the builder", "serves the final stage"],
)
def test_a_tool_leaves_if_build_steps_do_its_kind_of_work(more: str, stays: str) -> None:
    use = "RUN svn co http://a.b/c /usr/src/x\n" if (more, stays) == ("subversion", "") else ""
    archive = (
        "RUN echo deb https://a.b/ c main > /etc/apt/sources.list.d/c.list\n"
        "RUN apt-get update && apt-get install -y nginx\n"
    )
    tools = TOOLS.replace("make\n", f"make {more}\n")
    text = tools + use + BUILD + (archive if stays == "apt-transport-https" else "") + 'CMD ["x"]\n'
    assert (f"install -y {more} " in final_stage(text)) == bool(stays)


def test_a_smaller_variant_is_named_where_nothing_is_converted_and_not_beside_a_refusal() -> None:
    unchanged = convert('FROM python:3.11\nCOPY app.py /\nCMD ["python", "/app.py"]\n')
    assert isinstance(unchanged, Unchanged)
    assert [d.code for d in unchanged.diagnostics] == ["MS503"]
    refused = convert(TOOLS.replace("debian:bookworm", "python:3.11") + BUILD)
    assert isinstance(refused, Refused)
    assert refused.diagnostics == ()


def test_strict_keeps_packages_that_a_table_calls_build_time_only() -> None:
    text = (
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y curl gcc libc6-dev\n"
        "RUN apt-get install -y libssl-dev && apt-get purge -y --auto-remove libssl-dev\n"
        'COPY x.c /src/x.c\nRUN gcc -o /usr/local/bin/x /src/x.c && curl -sSf http://a.b/c\nCMD ["x"]\n'
    )
    strict = final_stage(text, Options(strict=True))
    assert "apt-get install -y curl gcc libc6-dev\n" in strict
    assert "libssl" not in strict
    assert "gcc" not in final_stage(text)


def test_strict_refuses_what_rests_on_a_convention() -> None:
    outcome = convert(TOOLS + BUILD + 'CMD ["x"]\n', options=Options(strict=True))
    assert isinstance(outcome, Refused)
    assert outcome.reason.code == "MS510"


def test_a_pattern_is_copied_into_its_directory() -> None:
    text = (
        "FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn package\n"
        "CMD java -jar target/app-*.jar\n"
    )
    assert "COPY --from=builder /app/target/app-*.jar /app/target/\n" in final_stage(text)


def test_what_is_fetched_for_the_build_is_unpacked_there() -> None:
    text = (
        "FROM golang:1.22-bookworm\nWORKDIR /go/src/app\n"
        "RUN curl -sSO http://example.com/gpm && mv gpm /usr/local/bin\n"
        'COPY . .\nRUN gpm install && go build -o /app\nCMD ["/app"]\n'
    )
    assert " mv " not in final_stage(text)


def test_configuration_of_what_was_built_is_written_before_the_copy() -> None:
    text = (
        "FROM alpine:3.20\nRUN apk add --no-cache gcc musl-dev make\nCOPY . /usr/src/x\n"
        "RUN cd /usr/src/x && ./configure && make && make install "
        "&& find /usr/local -type f -perm /0111 -exec strip {} +\n"
        "RUN cp /usr/local/etc/x.conf.default /usr/local/etc/x.conf\n"
        "RUN make -C /usr/src/x install-doc\n"
        'CMD ["x"]\n'
    )
    assert "cp " not in final_stage(text)


def test_a_deletion_that_the_build_would_notice_stays_in_the_builder() -> None:
    text = (
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc libc6-dev make\n"
        "COPY . /usr/src/x\nWORKDIR /usr/src/x\n"
        "RUN rm -f /usr/include/iconv.h && rm -rf vendor/lua && make install PREFIX=/usr/local && rm -rf /usr/src/x\n"
        'CMD ["x"]\n'
    )
    outcome = convert(text)
    assert isinstance(outcome, Converted)
    assert (
        "RUN rm -f /usr/include/iconv.h && rm -rf vendor/lua && make install PREFIX=/usr/local\n"
        in outcome.dockerfile
    )


def test_a_shell_behind_an_entry_script_is_a_toolbox() -> None:
    text = TOOLS + BUILD + 'COPY start.sh /\nENTRYPOINT ["/start.sh"]\nCMD ["/bin/zsh"]\n'
    outcome = convert(text)
    assert isinstance(outcome, Refused)
    assert outcome.reason.code == "MS401"


def test_an_entrypoint_that_cmd_goes_on_with_is_no_install() -> None:
    text = "FROM node:20\nCOPY . /a\nWORKDIR /a\nRUN yarn\n"
    assert isinstance(convert(text + 'ENTRYPOINT ["yarn"]\nCMD ["start"]\n'), Converted)


def test_a_command_that_idles_behind_a_script_is_no_toolbox() -> None:
    assert isinstance(convert(TOOLS + BUILD + "CMD bash /run && sleep infinity\n"), Converted)


def test_in_a_toolbox_only_what_the_author_removes_leaves() -> None:
    outcome = convert(
        "FROM alpine:3.18\nRUN apk add --no-cache git zsh\n"
        "RUN apk add --virtual .b gcc make && git clone http://example.org/x /x && make -C /x \\\n"
        ' && make -C /x install && rm -r /x && apk del .b\nCMD ["/bin/zsh"]\n'
    )
    assert isinstance(outcome, Converted)
    assert "apk add --no-cache git zsh" in outcome.dockerfile.split("\nFROM ")[1]


def test_a_tag_that_moves_between_releases_is_named() -> None:
    outcome = convert(
        "FROM maven:3.5\nADD . /app\nRUN cd /app && mvn package\nCMD java -jar /app/target/app.jar\n"
    )
    assert isinstance(outcome, Unchanged)
    assert "which release maven:3.5 stands for" in outcome.reason.help[0]
