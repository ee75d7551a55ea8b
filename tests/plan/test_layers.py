"""What a later instruction removes stays in the layers below it: a split gains there, a clean-up does not."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted, Outcome, Refused, Unchanged
from tests.plan.stages import stages

LATE = """\
FROM python:3.11-slim-bookworm
RUN apt-get update && apt-get install -y gcc gettext
ENV VIRTUAL_ENV=/home/app/venv
WORKDIR /home/app
RUN python3 -m venv $VIRTUAL_ENV
COPY requirements.txt requirements.txt
RUN $VIRTUAL_ENV/bin/pip install -r requirements.txt
RUN apt-get remove -y gcc && apt-get autoremove -y
COPY app app
CMD ["/home/app/venv/bin/python", "-m", "app"]
"""


def converted(text: str) -> str:
    return stages(text)[1]


def test_a_late_removal_is_a_gain() -> None:
    final = converted(LATE)
    assert "gcc" not in final
    assert "apt-get install -y gettext" in final


def test_a_removal_by_the_same_run_is_none() -> None:
    text = """\
FROM python:3.11-alpine
RUN apk add --no-cache --virtual .deps gcc musl-dev && pip install x && apk del .deps
CMD ["python", "-m", "x"]
"""
    assert isinstance(convert(text), Unchanged)


def test_packages_of_an_application_in_a_directory_of_their_own_are_copied_whole() -> None:
    assert "COPY --from=builder /home/app/venv /home/app/venv" in converted(LATE)


GO = """\
FROM golang:1.20-bookworm
WORKDIR /go
RUN go get example.org/{name}
ENTRYPOINT ["{program}"]
"""


@pytest.mark.parametrize(
    ("program", "copied"),
    [("/go/bin/app", "/go/bin/app"), ("other", "/go/bin")],
)
def test_programs_of_compiled_packages(program: str, copied: str) -> None:
    copies = [row for row in converted(GO.format(name="app", program=program)).split("\n") if "--from" in row]
    bundle = "/etc/ssl/certs/ca-certificates.crt"
    assert copies == [f"COPY --from=builder {path} {path}" for path in (bundle, copied)]


def test_certificates_are_a_package_where_the_author_asks_the_repository_anyway() -> None:
    text = GO.format(name="app", program="/go/bin/app")
    text = text.replace("ENTRYPOINT", "RUN apt-get update && apt-get install -y git tini\nENTRYPOINT")
    assert "/etc/ssl/certs" not in converted(text)
    assert "ca-certificates" in converted(text)


def test_a_squeezed_install_of_a_compiled_package_is_a_gain() -> None:
    text = """\
FROM alpine:3.19
ENV GOPATH=/go
RUN apk add --no-cache go git && go install example.org/app@latest && mv /go/bin/app /usr/bin/app \\
 && apk del go git && rm -rf /go
ENTRYPOINT ["app"]
"""
    assert "COPY --from=builder /usr/bin/app /usr/bin/app" in converted(text)


SQUEEZED = """\
FROM {base}
RUN apk add --no-cache {packages} && {install} && apk del {packages}
WORKDIR /app
CMD ["{program}", "main"]
"""


def test_a_squeezed_install_into_a_directory_of_its_own_is_a_gain() -> None:
    text = SQUEEZED.format(
        base="python:3.12-alpine",
        packages="gcc musl-dev",
        install="python3 -m venv /opt/venv && /opt/venv/bin/pip install example",
        program="/opt/venv/bin/python",
    )
    assert "COPY --from=builder /opt/venv /opt/venv" in converted(text)


@pytest.mark.parametrize(
    ("packages", "install"),
    [
        ("gcc musl-dev", "pip install example"),  # among what the image has
        (
            "git",
            "python3 -m venv /opt/venv && /opt/venv/bin/pip install git+https://example.org/x",
        ),  # no compiler
    ],
)
def test_other_squeezed_installs_are_none(packages: str, install: str) -> None:
    text = SQUEEZED.format(base="python:3.12-alpine", packages=packages, install=install, program="python")
    outcome = convert(text)
    assert isinstance(outcome, Unchanged)
    assert outcome.reason.code == "MS501"


BOX = """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y build-essential unzip
RUN curl -o /tmp/x.zip http://example.org/x.zip && cd /tmp && unzip x.zip && make -C x install
{last}
"""


def box(last: str) -> Outcome:
    return convert(BOX.format(last=last))


def test_a_box_whose_author_removes_the_compilers_keeps_all_else() -> None:
    outcome = box("RUN apt-get purge -y --auto-remove build-essential")
    assert isinstance(outcome, Converted)
    final = outcome.dockerfile.split("\n\nFROM ")[1]
    assert "apt-get install -y unzip" in final
    assert "build-essential" not in final


def test_a_box_may_install_packages_of_its_language_behind_the_removal() -> None:
    outcome = box(
        "RUN apt-get purge -y --auto-remove build-essential\nRUN apt-get install -y python3-pip && pip3 install x"
    )
    assert isinstance(outcome, Converted)
    assert "apt-get install -y python3-pip" in outcome.dockerfile.split("\n\nFROM ")[1]


def test_a_box_with_compilers_is_refused() -> None:
    outcome = box("CMD bash")
    assert not isinstance(outcome, Converted)
    assert outcome.reason.code == "MS401"


def test_sources_that_a_later_run_deletes_are_a_gain() -> None:
    final = converted("""\
FROM python:3.9-alpine
COPY . /code
WORKDIR /code
RUN python setup.py install && cd / && rm -rf /code
WORKDIR /
ENTRYPOINT ["served"]
""")
    assert "COPY . " not in final
    assert "rm -rf" not in final


def test_a_script_of_a_mounted_volume_makes_a_box() -> None:
    outcome = box('VOLUME ["/source"]\nWORKDIR /source\nCMD ["/source/build.sh"]')
    assert not isinstance(outcome, Converted)
    assert "puts into a volume" in outcome.reason.message


@pytest.mark.parametrize("entrypoint", ['["tini", "--"]', '["/usr/bin/dumb-init"]', '["gosu", "app"]'])
def test_a_program_that_only_runs_others_makes_no_service_of_a_shell(entrypoint: str) -> None:
    outcome = box(f'ENTRYPOINT {entrypoint}\nCMD ["bash"]')
    assert not isinstance(outcome, Converted)
    assert outcome.reason.code == "MS401"


@pytest.mark.parametrize("command", ['["/bin/bash", "--rcfile", "/profile", "-i"]', '["sh", "-i"]'])
def test_a_shell_for_a_person_is_a_box(command: str) -> None:
    outcome = box(f"CMD {command}")
    assert not isinstance(outcome, Converted)
    assert outcome.reason.code == "MS401"


def test_an_unknown_command_that_stays_and_names_a_file_of_the_builder_is_refused() -> None:
    outcome = convert("""\
FROM debian:bookworm
RUN apt-get update && apt-get install -y gcc git make
WORKDIR /tmp
RUN git clone https://example.org/app.git && unheard-of -x app/main.c && make -C app install
CMD ["app"]
""")
    assert not isinstance(outcome, Converted)
    assert outcome.reason.code in ("MS301", "MS406")


def test_what_a_program_left_in_a_home_is_deleted_where_it_is() -> None:
    outcome = convert("""\
FROM debian:bookworm
RUN apt-get update && apt-get install -y gcc libc6-dev
COPY app.c /src/
RUN gcc -o /usr/local/bin/app /src/app.c && rm -r /root/.tool/
CMD ["app"]
""")
    assert isinstance(outcome, Converted)
    assert "/root/.tool" not in outcome.dockerfile.split("\n\nFROM ")[1]


def test_where_an_unread_entry_script_starts_is_copied_whole() -> None:
    final = converted("""\
FROM node:18-alpine
WORKDIR /srv/app
COPY entrypoint.sh /entrypoint.sh
RUN apk add --no-cache --virtual .deps git make g++ \\
 && git clone https://example.org/app.git . && npm install && npm run build && apk del .deps
ENTRYPOINT ["/entrypoint.sh"]
""")
    assert "COPY --from=builder /srv/app /srv/app" in final


def test_modes_are_set_before_what_is_new_is_gathered() -> None:
    outcome = convert("""\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl gcc make
COPY . /src
RUN make -C /src && make -C /src install prefix=/usr
RUN curl -fo /usr/bin/helper http://example.org/helper
RUN chmod +x /usr/bin/helper
CMD ["app"]
""")
    assert isinstance(outcome, Converted)
    builder = outcome.dockerfile.split("\n\nFROM ")[0]
    assert builder.index("chmod +x /usr/bin/helper") < builder.index("mkdir -p /install")


def test_a_prefix_is_staged_or_copied_not_both() -> None:
    final = converted("""\
FROM jupyter/base-notebook:latest
USER root
RUN apt-get update && apt-get install -y gcc
RUN conda install -y numpy
RUN conda create -y -n other python=3.4
RUN pip install -r requirements.txt
CMD ["jupyter", "notebook"]
""")
    assert [row for row in final.split("\n") if "/opt/conda" in row and "--from" in row] == [
        "COPY --from=builder /install/opt/conda /opt/conda"
    ]


@pytest.mark.parametrize(
    ("step", "removing"),
    [
        ("conda install -y scipy", True),
        ("pip install scipy && pip uninstall -y bokeh", True),
        ("pip install scipy bokeh && pip uninstall -y bokeh", False),
        ("pip install scipy", False),
    ],
)
def test_what_the_builder_removes_of_the_base_is_removed_behind_the_copy(step: str, removing: bool) -> None:
    builder, final = stages(
        "FROM jupyter/scipy-notebook:latest\nUSER root\nRUN apt-get update && apt-get install -y swig\n"
        f"RUN {step}\nCMD jupyter notebook\n"
    )
    assert ("comm -23 /tmp/names-before" in builder) == removing
    assert ("xargs -0 rm -rf" in final) == removing
    if removing:
        assert final.index("COPY --from=builder /install/opt/conda") < final.index("xargs -0 rm -rf")


def test_caches_of_a_home_are_cleaned_where_they_are() -> None:
    final = converted("""\
FROM debian:bookworm
RUN apt-get update && apt-get install -y wget gcc && useradd -m app
USER app
WORKDIR /home/app
RUN wget -q https://repo.anaconda.com/miniconda/Miniconda3-latest-Linux-x86_64.sh \\
 && bash Miniconda3-latest-Linux-x86_64.sh -b -p /home/app/conda && /home/app/conda/bin/conda clean -yt
COPY app.py .
CMD ["/home/app/conda/bin/python", "app.py"]
""")
    assert "conda clean" not in final


def test_a_group_of_unknown_packages_leaves_with_its_removal() -> None:
    final = converted("""\
FROM alpine:3.19
ARG TOOLS
COPY . /src
RUN apk add --no-cache --virtual .tools $TOOLS && apk add --no-cache --virtual .deps zlib-dev make \\
 && make -C /src && cp /src/app /usr/local/bin/app && apk del .deps .tools
CMD ["app"]
""")
    assert "apk" not in final


def test_places_of_which_one_may_be_absent_are_gathered() -> None:
    text = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y php-cli composer gcc
COPY x.c /
RUN gcc -o /usr/local/bin/x /x.c
RUN composer global require drush/drush
CMD ["{program}"]
"""
    final = converted(text.format(program="x"))
    assert "COPY --from=builder /install/root/.composer /root/.composer" in final
    named = converted(text.format(program="/root/.config/composer/vendor/bin/drush"))
    assert "COPY --from=builder /root/.config/composer /root/.config/composer" in named


def test_what_is_set_apart_from_a_removed_group_stays_for_an_unread_script() -> None:
    final = converted("""\
FROM alpine:3.7
WORKDIR /sync
COPY run.sh /usr/local/bin/run.sh
RUN apk add --no-cache python make && apk add --no-cache --virtual .deps g++ py-pip \\
 && wget -qO- http://example.org/x.tar.gz | tar xz --strip 1 && make build && apk del .deps
CMD ["run.sh"]
""")
    assert "apk add --no-cache python make" in final


def test_a_cache_that_has_to_be_there_is_deleted_where_it_is() -> None:
    final = converted("""\
FROM python:3.9-alpine
RUN apk add --no-cache --virtual .deps gcc make && wget -qO- http://example.org/x.tar.gz | tar xz \\
 && make -C x install && pip install numpy && rm -r /root/.cache && rm -rf x && apk del .deps
CMD ["served"]
""")
    assert "/root/.cache" not in final


def test_what_only_the_builder_fills_is_not_deleted_in_the_final_stage() -> None:
    final = converted("""\
FROM alpine:3.4
COPY . /go/src/app
RUN apk add --update -t deps go git && export GOPATH=/go && cd /go/src/app \\
 && go build -o /bin/app && apk del deps && rm -rf $GOPATH
ENTRYPOINT ["/bin/app"]
""")
    assert "RUN" not in final


def test_a_directory_of_the_builder_alone_is_deleted_there() -> None:
    final = converted("""\
FROM example/java
RUN apk add --no-cache --virtual .deps go git && git clone https://example.org/app /src/app && cd /src/app \\
 && go build -o /bin/app && apk del .deps && rm -rf /src
ENTRYPOINT ["/bin/app"]
""")
    assert "/src" not in final


def test_what_is_made_anew_in_a_tree_of_the_builder_is_made_there() -> None:
    final = converted("""\
FROM alpine:3.5
COPY run.sh /run.sh
RUN apk add --no-cache curl gnupg gcc && curl -o x.tar.gz https://example.org/x.tar.gz && gpgv x.tar.gz \\
 && gcc -o /usr/bin/x x.c && apk del curl gnupg gcc && tar xzf x.tar.gz && rm x.tar.gz && mv x-1 /www \\
 && rm -rf /www/doc && mkdir /www/doc
ENTRYPOINT ["/run.sh"]
""")
    assert "mkdir" not in final


def test_a_box_of_an_unpacked_tool_chain_is_refused() -> None:
    outcome = convert("""\
FROM alpine:3.13
RUN apk add --no-cache --virtual .deps bash gcc go musl-dev && wget -O go.tgz https://example.org/go.tgz \\
 && tar -C /usr/local -xzf go.tgz && rm go.tgz && ( cd /usr/local/go/src; ./make.bash ) && apk del .deps \\
 && go install std
ENV PATH /usr/local/go/bin:$PATH
""")
    assert isinstance(outcome, Refused)
    assert outcome.reason.code == "MS401"


@pytest.mark.parametrize(
    ("workdir", "copied"),
    [("/go", "/go/bin"), ("/go/src/app", "/go/bin")],
)
def test_programs_in_gopath_are_copied_wherever_the_build_stands(workdir: str, copied: str) -> None:
    text = (
        f"FROM golang:1.10-stretch\nWORKDIR {workdir}\nRUN go get github.com/tools/godep\n"
        "RUN git clone https://example.org/tool.git /go/src/example.org/tool\n"
        'RUN cd /go/src/example.org/tool && godep go install ./...\nENTRYPOINT ["tool"]\n'
    )
    assert f"COPY --from=builder {copied} {copied}" in converted(text)


def test_the_index_of_apk_is_deleted_though_what_else_is_deleted_was_the_builders() -> None:
    _, final = stages(
        "FROM alpine:3.20\nCOPY . /src\nRUN apk -U add gcc musl-dev tini && gcc -o /usr/local/bin/app /src/a.c \\\n"
        ' && rm -rf $HOME/src /src /var/cache/apk/*\nCMD ["app"]\n'
    )
    assert "RUN apk -U add tini libgcc \\\n && rm -rf /var/cache/apk/*\n" in final


def test_caches_are_emptied_in_the_layer_that_fills_them() -> None:
    _, final = stages(
        "FROM debian:bookworm\nCOPY . /src\nRUN apt-get update && apt-get install -y gcc tini \\\n"
        " && gcc -o /usr/local/bin/app /src/a.c && echo 1 > /usr/local/bin/app.conf \\\n"
        " && apt-get clean && rm -rf /var/lib/apt/lists/*\n"
        'CMD ["app"]\n'
    )
    install = next(line for line in final.replace("\\\n", "").split("\n") if "install -y tini" in line)
    assert "apt-get clean && rm -rf /var/lib/apt/lists/*" in install


def test_a_difference_is_gathered_once_around_what_only_marks_packages() -> None:
    builder, _ = stages(
        "FROM php:8.2-apache\nRUN apt-get update && apt-get install -y gcc make\nCOPY . /src\n"
        "RUN cd /src && ./configure && make && make install && apt-mark auto '.*' > /dev/null \\\n"
        " && find /usr/local -name tests -exec rm -rf '{}' +\n"
    )
    assert builder.count("touch /before") == 1
    assert builder.index("-exec rm -rf") < builder.index("-cnewer /before")


def test_what_lies_in_a_staged_prefix_of_conda_is_staged_once() -> None:
    _, final = stages(
        "FROM jupyter/scipy-notebook:latest\nUSER root\nRUN apt-get update && apt-get install -y swig\n"
        "RUN conda install -y scipy\nRUN conda create -y -n old python=3.4 scipy\n"
        "CMD jupyter notebook\n"
    )
    assert [line for line in final.split("\n") if "/opt/conda" in line and "COPY" in line] == [
        "COPY --from=builder /install/opt/conda /opt/conda"
    ]
