"""apk in the final stage: it fetches its index there, and installs what the builder has found out."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

LISTED = """\
FROM alpine:3.18
RUN apk add {update} --virtual .build-deps gcc make musl-dev \\
    && wget -O- https://example.org/app.tar.gz | tar xz -C /tmp \\
    && make -C /tmp/app install \\
    && runDeps="$(scanelf --needed --nobanner -r /usr/local | sort -u | xargs -r apk info --installed)" \\
    && apk add {options} --virtual .run-deps {names} \\
    && apk del .build-deps \\
    && rm -rf /var/cache/apk/* /tmp/app
CMD ["app"]
"""


@pytest.mark.parametrize(
    ("update", "options", "wanted"),
    [
        ("--no-cache", "--no-cache", "apk add --no-cache --virtual .run-deps"),
        ("--update", "-q", "apk add --no-cache -q --virtual .run-deps"),
        ("--no-cache", "--no-network", "apk add --no-cache --virtual .run-deps"),
    ],
)
def test_what_apk_finds_installed_is_asked_in_the_builder(update: str, options: str, wanted: str) -> None:
    builder, final = stages(LISTED.format(update=update, options=options, names="$runDeps"))
    assert 'runDeps="$(scanelf' in builder
    assert builder.rstrip().endswith("&& echo $runDeps > /run-time-packages")
    assert "COPY --from=builder /run-time-packages /tmp/" in final
    assert f"RUN {wanted} $(cat /tmp/run-time-packages) \\\n\t&& rm /tmp/run-time-packages" in final
    assert "scanelf" not in final
    assert "apk del" not in final


def test_a_list_of_programs_that_find_finds() -> None:
    names = "$(find /usr/local -type f -executable -exec scanelf --needed --nobanner '{}' + | sort -u)"
    builder, final = stages(LISTED.format(update="--no-cache", options="--no-cache", names=names))
    assert "sort -u > /run-time-packages" in builder
    assert "scanelf" not in final


def test_names_beside_the_list_stay_without_headers() -> None:
    text = LISTED.format(update="--no-cache", options="--no-cache", names="$runDeps tini zlib-dev")
    _, final = stages(text.replace(".run-deps", ".found"))
    assert "--virtual .found $(cat /tmp/run-time-packages) tini" in final
    assert "zlib-dev" not in final


def test_a_list_without_a_variable() -> None:
    names = '"$(scanelf --needed --nobanner -r /usr/local | xargs apk info -e)"'.strip('"')
    builder, final = stages(LISTED.format(update="--no-cache", options="--no-cache", names=names))
    assert "xargs apk info -e > /run-time-packages" in builder
    assert "--virtual .run-deps $(cat /tmp/run-time-packages)" in final


OFFLINE = """\
FROM alpine:3.18
RUN apk add --no-cache gcc make musl-dev tini
COPY . /src
RUN make -C /src install && runDeps="$(scanelf -r /usr/local | sort -u)" \\
    && apk add --no-network --virtual .run-deps $runDeps
CMD ["app"]
"""


def test_an_install_without_a_network_fetches_what_only_the_builder_had() -> None:
    _, final = stages(OFFLINE)
    assert "apk add --no-cache --virtual .run-deps $(cat /tmp/run-time-packages)" in final


def test_an_install_behind_an_index_of_the_builder_fetches_its_own() -> None:
    text = (
        OFFLINE.replace("--no-cache", "--update")
        .replace("--no-network ", "")
        .replace("gcc make musl-dev tini", "make")
    )
    _, final = stages(text)
    assert "apk add --no-cache --virtual .run-deps $(cat /tmp/run-time-packages)" in final


def test_an_index_of_the_final_stage_is_used() -> None:
    text = OFFLINE.replace("--no-cache", "--update").replace("--no-network ", "")
    _, final = stages(text)
    assert "apk add --update tini" in final
    assert "apk add --virtual .run-deps $(cat /tmp/run-time-packages)" in final


PARTS = """\
FROM alpine:3.18
RUN set -ex && apk add --no-cache curl build-base bash && wget -O- https://example.org/a.tgz | tar xz \\
    && make -C a install && rm -rf a && apk del {}
RUN apk add --no-cache curl && curl -fsSL https://example.org/tool -o /usr/local/bin/tool && apk del curl
CMD ["app"]
"""


def test_a_removal_of_what_only_the_builder_installed_leaves() -> None:
    _, final = stages(PARTS.format("curl build-base bash"))
    assert "apk" not in final


def test_a_removal_keeps_the_names_that_are_there() -> None:
    text = PARTS.replace("set -ex &&", "set -ex && apk add --no-cache tar && tar --version > /v &&")
    _, final = stages(text.format("build-base tar bash"))
    assert "apk add --no-cache tar" in final
    assert "apk del tar" in final
    assert "bash" not in final


def test_what_the_base_has_is_still_removed() -> None:
    _, final = stages(PARTS.format("curl build-base bash && apk del apk-tools"))
    assert "apk del apk-tools" in final


def test_an_install_written_in_json_stays_as_it_is() -> None:
    _, final = stages(
        "FROM debian:bookworm\n"
        "RUN apt-get update && apt-get install -y gcc make\n"
        'RUN ["apt-get", "install", "-y", "imagemagick", "libmagickwand-dev"]\n'
        "COPY . /src\n"
        "RUN make -C /src install\n"
        'CMD ["app"]\n'
    )
    assert 'RUN ["apt-get", "install", "-y", "imagemagick", "libmagickwand-dev"]' in final


def test_libraries_of_programs_that_the_final_stage_gets_later_are_listed_by_the_builder() -> None:
    builder, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache --virtual .build-deps gcc make musl-dev \\\n"
        ' && make -C /src install && runDeps="$(scanelf --needed --recursive /usr/local | sort -u '
        '| awk \'{ print "so:" $1 }\')" \\\n'
        " && apk add --no-cache --virtual .run-deps $runDeps && apk del .build-deps\n"
        'RUN make -C /src modules DESTDIR=/usr/local/modules\nCMD ["app"]\n'
    )
    assert "echo $runDeps > /run-time-packages" in builder
    assert "scanelf" not in final
    assert "apk add --no-cache --virtual .run-deps $(cat /tmp/run-time-packages)" in final


def test_libraries_of_programs_that_the_final_stage_has_are_found_there() -> None:
    _, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache gcc make musl-dev && make -C /src install\n"
        "COPY tool /opt/tool/bin/\nRUN apk add --no-cache $(scanelf --needed /opt/tool/bin/tool | cut -f2)\n"
        'CMD ["app"]\n'
    )
    assert "apk add --no-cache $(scanelf" in final


def test_a_link_is_run_when_the_program_behind_it_is_there() -> None:
    _, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache gcc make musl-dev && gcc -o /usr/local/bin/step /src/step.c\n"
        "RUN ln -s step /usr/local/bin/su-exec && su-exec nobody true\nRUN make -C /src install PREFIX=/usr/local\n"
        'CMD ["app"]\n'
    )
    assert final.index("COPY --from=builder /usr/local ") < final.index("RUN ln -s")


def test_a_failing_install_still_ends_a_script() -> None:
    text = LISTED.format(update="--no-cache", options="--no-cache", names="$runDeps")
    _, final = stages(text.replace("RUN apk", "RUN set -eux; apk").replace(" \\\n    &&", "; \\\n   "))
    assert "$(cat /tmp/run-time-packages); \\\n\trm /tmp/run-time-packages" in final


def test_a_group_for_the_build_is_not_installed_to_sort_names_of_libraries() -> None:
    _, final = stages(
        "FROM alpine:3.20\nRUN apk add --no-cache --virtual .build-deps coreutils gcc make musl-dev \\\n"
        " && wget -qO- http://example.org/x.tgz | tar xz && cd x && ./configure && make install \\\n"
        ' && deps="$(scanelf --needed --nobanner --recursive /usr/local | sort -u)" \\\n'
        " && apk add --no-cache $deps && apk del .build-deps\nCMD x\n"
    )
    assert "coreutils" not in final
    assert "apk del" not in final


@pytest.mark.parametrize(
    ("flag", "option"),
    [
        ("--repository http://e.org/edge/testing", "--repository http://e.org/edge/testing "),
        ("-X http://e.org/edge/testing", "-X http://e.org/edge/testing "),
        ("", ""),
    ],
)
def test_libraries_come_from_where_their_headers_came_from(flag: str, option: str) -> None:
    _, final = stages(
        f"FROM alpine:3.18\nRUN apk add --no-cache gcc make && apk add odd-dev {flag}\n"
        'RUN make -C /src install\nCMD ["app"]\n'
    )
    assert f"RUN apk add --no-cache {option}$(scanelf " in final


@pytest.mark.parametrize(
    ("step", "searched"),
    [
        ("pip install lxml", "/usr/local/bin /usr/local/etc /usr/local/share /usr/local/lib"),
        ("make -C /src install PREFIX=/usr/local", "/usr/local"),
    ],
)
def test_libraries_that_the_base_has_outside_of_packages_are_not_asked_of_apk(
    step: str, searched: str
) -> None:
    _, final = stages(
        "FROM python:3.6-alpine\nRUN apk add --no-cache gcc make musl-dev foo-dev\n"
        f'COPY . /src\nRUN {step}\nCMD ["app"]\n'
    )
    assert f'find {searched} -name "$so"' in final


def test_a_program_without_libraries_adds_no_empty_name() -> None:
    _, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache gcc make foo-dev\nCOPY . /src\nRUN make -C /src install\n"
        'CMD ["app"]\n'
    )
    assert "| tr ',' '\\n' | grep . | sort -u" in final


@pytest.mark.parametrize(
    ("option", "names", "wanted"),
    [
        ("--virtual build-deps ", "gcc zlib-dev", "apk add --no-cache libgcc zlib\n"),
        ("-t .build-deps ", "gcc zlib-dev", "apk add --no-cache libgcc zlib\n"),
        ("--virtual=.build-deps ", "gcc", "apk add --no-cache libgcc\n"),
        ("--virtual .found ", "gcc", "apk add --no-cache --virtual .found libgcc\n"),
        ("--virtual .build-deps ", "gcc tini", "apk add --no-cache --virtual .build-deps tini libgcc\n"),
        ("", "tini gcc tini", "apk add --no-cache tini libgcc\n"),
        ("", "tini tini", "apk add --no-cache tini tini\n"),
    ],
)
def test_what_is_left_of_a_list_is_named_as_it_is(option: str, names: str, wanted: str) -> None:
    _, final = stages(
        f"FROM alpine:3.18\nRUN apk add --no-cache {option}{names}\nRUN apk add make\nRUN make -C /src install\n"
        "CMD x\n"
    )
    assert f"RUN {wanted}" in final


def test_a_group_that_a_branch_removes_keeps_its_name() -> None:
    _, final = stages(
        "FROM alpine:3.18\nARG DEBUG\nRUN apk add --no-cache --virtual .build-deps gcc make \\\n"
        " && make -C /src install\nRUN if [ -z $DEBUG ]; then apk del .build-deps; fi\nCMD x\n"
    )
    assert "apk add --no-cache --virtual .build-deps libgcc" in final


def test_an_update_leaves_where_the_run_is_cut_ahead_of_its_install() -> None:
    text = LISTED.format(update="", options="", names="$runDeps").replace(
        "RUN apk add", "RUN apk update && apk add"
    )
    builder, final = stages(text)
    assert "RUN apk update && apk add" in builder
    assert "apk update" not in final
    assert "apk add --no-cache  --virtual .run-deps" in final


def test_certificates_that_the_run_removes_again_are_not_prepared() -> None:
    text = (
        "FROM alpine:3.18\nRUN apk add --no-cache --virtual .deps gcc make ca-certificates && update-ca-certificates "
        "&& wget -O- https://example.org/app.tar.gz | tar xz -C /tmp && make -C /tmp/app install && mkdir /data "
        '&& apk del .deps{}\nCMD ["app"]\n'
    )
    builder, final = stages(text.format(""))
    assert "update-ca-certificates" in builder
    assert "RUN mkdir /data\n" in final
    assert "certificates" not in final
    _, final = stages(text.replace(".deps gcc make ca", ".deps gcc make && apk add --no-cache ca").format(""))
    assert "update-ca-certificates" in final


@pytest.mark.parametrize(
    ("tool", "removed", "listed"),
    [("cmake", "libcurl", True), ("cmake", "libtool", False), ("libcurl", "cmake", False)],
)
def test_a_library_that_a_tool_held_in_spite_of_apk_del_is_looked_for(
    tool: str, removed: str, listed: bool
) -> None:
    _, final = stages(
        f"FROM alpine:3.18\nRUN apk add --no-cache gcc make {tool} {removed}\n"
        "RUN wget -O- https://example.org/x.tgz | tar xz && make -C x install \\\n"
        "\t&& wget -O- https://example.org/y.tgz | tar xz && mv y/liby.so /usr/local/lib \\\n"
        f"\t&& apk del gcc make {removed}\nCMD x\n"
    )
    assert ("scanelf" in final) is listed
