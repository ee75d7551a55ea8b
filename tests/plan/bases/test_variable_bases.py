"""Bases that a build argument names: nothing holds the version or the release of its default."""

from __future__ import annotations

from tests.plan.stages import stages


def test_an_image_that_is_named_with_a_variable_is_known_with_its_suffix() -> None:
    builder, final = stages(
        "ARG VERSION=20\nFROM node:$VERSION\nCOPY . /app\nWORKDIR /app\nRUN npm install\nUSER 0\n"
        'CMD ["node", "server.js"]\n'
    )
    assert final.startswith("node:$VERSION-slim\n")
    assert "> /run-time-packages" in builder
    assert "$(cat /tmp/run-time-packages)" in final


def test_no_path_holds_a_version_that_from_may_change() -> None:
    builder, final = stages(
        "ARG VERSION=3.11\nFROM python:$VERSION\nCOPY . /app\nRUN pip install -r /app/requirements.txt\n"
        'CMD ["python", "/app/main.py"]\n'
    )
    assert "3.11" not in builder.partition("\nFROM ")[2] + final
    assert "COPY --from=builder /install/usr/local/lib /usr/local/lib" in final


def test_names_of_libraries_are_listed_where_a_variable_names_the_release() -> None:
    text = (
        "ARG RELEASE=bookworm\nFROM debian:{}\nRUN apt-get update && apt-get install -y make gcc libpng-dev\n"
        "COPY . /src\nRUN make -C /src install\n" + 'COPY start.sh /\nCMD ["/start.sh"]\n'
    )
    assert "libpng16-16" in stages(text.format("bookworm"))[1]
    final = stages(text.format("$RELEASE"))[1]
    assert "libpng16-16" not in final
    assert "$(cat /tmp/run-time-packages)" in final
