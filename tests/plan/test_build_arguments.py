"""What a build argument decides keeps the author's variable; the final stage repeats the ARG."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.options import Options
from converter.outcome import Converted
from tests.plan.stages import stages

START = 'COPY start.sh /\nCMD ["/start.sh"]\n'
BUILD = "RUN apt-get update && apt-get install -y gcc libc6-dev make\nCOPY . /src\n"


def _copies(final: str) -> list[str]:
    return [line for line in final.splitlines() if line.startswith("COPY --from")]


def test_a_path_keeps_the_variable_and_the_final_stage_repeats_the_arg() -> None:
    _, final = stages(
        f"FROM debian:bookworm\nARG VERSION=2.1.1\n{BUILD}"
        "RUN cd /src && ./configure --prefix=/opt/tool-$VERSION && make install\n"
        f"{START}"
    )
    assert "ARG VERSION=2.1.1\n" in final
    path = "/opt/tool-${VERSION}"
    assert _copies(final) == [f"COPY --from=builder {path} {path}"]
    assert final.index("ARG VERSION") < final.index("COPY --from")


def test_an_env_made_with_it_names_the_whole_path() -> None:
    _, final = stages(
        f"FROM debian:bookworm\nARG VERSION=2.1.1\nARG KIND=full\n"
        f"ENV TOOL_HOME /opt/tool-$VERSION-$KIND\n{BUILD}"
        "RUN cd /src && ./configure --prefix=$TOOL_HOME && make install\n"
        f"{START}"
    )
    assert _copies(final) == ["COPY --from=builder ${TOOL_HOME} ${TOOL_HOME}"]


def test_an_argument_without_a_value_may_have_a_default_where_it_is_used() -> None:
    _, final = stages(
        f"FROM debian:bookworm\nARG DIR\nENV TOOL_HOME ${{DIR:-/opt/tool}}\n{BUILD}"
        "RUN cd /src && ./configure --prefix=$TOOL_HOME && make install\n"
        f"{START}"
    )
    assert _copies(final) == ["COPY --from=builder ${TOOL_HOME} ${TOOL_HOME}"]


def test_arguments_that_others_are_made_of_come_along() -> None:
    _, final = stages(
        f"FROM debian:bookworm\nARG VERSION=2\nARG UNUSED=2\nARG NAME=tool-$VERSION\n{BUILD}"
        "RUN cd /src && ./configure --prefix=/opt/$NAME && make install\n"
        f"{START}"
    )
    assert "ARG VERSION=2\nARG NAME=tool-$VERSION\n" in final
    assert _copies(final) == ["COPY --from=builder /opt/${NAME} /opt/${NAME}"]


def test_a_value_that_only_looks_alike_stays_as_it_is() -> None:
    _, final = stages(
        f"FROM debian:bookworm\nARG NAME=tool\nRUN useradd $NAME\n{BUILD}"
        "RUN cd /src && ./configure --prefix=/opt/tool && make install\n"
        f"{START}"
    )
    assert _copies(final) == ["COPY --from=builder /opt/tool /opt/tool"]


def test_paths_that_part_with_another_value_stay_as_they_are() -> None:
    _, final = stages(
        f"FROM debian:bookworm\nARG PREFIX=/opt/tool\n{BUILD}"
        "RUN cd /src && ./configure --prefix=$PREFIX && make install && make -C more install prefix=/opt/tool\n"
        f"{START}"
    )
    assert _copies(final) == ["COPY --from=builder /opt/tool /opt/tool"]


def test_an_argument_that_from_names_is_no_part_of_a_path() -> None:
    _, final = stages(
        f"ARG RELEASE=12\nFROM debian:$RELEASE\nARG RELEASE\n{BUILD}"
        "RUN cd /src && ./configure --prefix=/opt/tool-12 && make install\n"
        f"{START}"
    )
    assert "COPY --from=builder /opt/tool-12 /opt/tool-12" in _copies(final)


def test_an_owner_keeps_the_variable() -> None:
    _, final = stages(
        f"FROM debian:bookworm\nARG ACCOUNT=joe\nRUN useradd $ACCOUNT\n{BUILD}"
        "RUN cd /src && ./configure --prefix=/opt/tool && make install && chown -R $ACCOUNT:$ACCOUNT /opt/tool\n"
        f"{START}"
    )
    owner = "--chown=${ACCOUNT}:${ACCOUNT}"
    assert _copies(final) == [f"COPY --from=builder {owner} /opt/tool /opt/tool"]


LISTED = (
    "FROM debian\nARG VERSION=2.1.1\n{}RUN apt-get update && apt-get install -y gcc make libssl-dev\nCOPY . /src\n"
    "RUN cd /src && ./configure --prefix={} && make install\n" + START
)


@pytest.mark.parametrize(
    ("before", "prefix", "word", "string"),
    [
        ("", "/opt/t-$VERSION", '"/opt/t-${VERSION}"', '"/opt/t-" ENVIRON["VERSION"] "/"'),
        ("ENV DIR=/opt/$VERSION\n", "$DIR/t", '"${DIR}/t"', 'ENVIRON["DIR"] "/t/"'),
        ("", "/opt/2.1.1", "/opt/2.1.1", '"/opt/2.1.1/"'),
    ],
)
def test_the_list_of_libraries_follows_the_variable(before: str, prefix: str, word: str, string: str) -> None:
    builder, _ = stages(LISTED.format(before, prefix))
    assert f"\nRUN find {word} -type f " in builder
    assert f"if (index(so, {string}) == 1) next;" in builder


@pytest.mark.parametrize("prefix", ["/opt/t-$VERSION", "/opt/t"])
def test_a_value_that_is_given_changes_nothing(prefix: str) -> None:
    text = LISTED.format("", prefix)
    plain, given = convert(text), convert(text, options=Options(build_args=(("VERSION", "3-beta"),)))
    assert isinstance(plain, Converted)
    assert isinstance(given, Converted)
    assert plain.dockerfile == given.dockerfile


def test_an_argument_whose_last_use_was_edited_away_is_not_repeated() -> None:
    _, final = stages(
        "FROM alpine:3.20\nARG SOURCES=/tmp/x\nARG BUILD=$SOURCES/build\nRUN apk add --update-cache gcc make tini && "
        'make -C "$BUILD" install && rm -rf "$SOURCES" /var/cache/apk/*\nCMD ["x"]\n'
    )
    assert "rm -rf /var/cache/apk/*" in final
    assert "ARG" not in final


def test_an_argument_that_only_leads_the_builder_somewhere_is_not_repeated() -> None:
    _, final = stages(
        "FROM debian:bookworm\nARG VERSION=2.1\nRUN apt-get update && apt-get install -y gcc make tini && "
        "cd /src/app-$VERSION && make && make install && cd / && chmod 755 /etc\n"
        'CMD ["x"]\n'
    )
    assert "chmod 755 /etc" in final
    assert "ARG" not in final
