"""What only the build uses of what lies beside the product, and what a product needs beside it."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

PIP = """\
FROM ubuntu:22.04
RUN apt-get update && apt-get install -y python3 gcc python3-dev curl
RUN curl -fsSLO https://bootstrap.pypa.io/get-pip.py
RUN {}
RUN pip install numpy
CMD ["python3", "-m", "app"]
"""


@pytest.mark.parametrize("run", ["python3 get-pip.py", "python3 /get-pip.py --no-cache-dir"])
def test_an_installer_that_only_the_builder_runs_is_not_copied(run: str) -> None:
    _, final = stages(PIP.format(run))
    assert "get-pip.py" not in final
    assert "COPY --from=builder /usr/local /usr/local" in final


def test_sources_of_modules_that_are_built_along_stay_behind() -> None:
    builder, final = stages(
        "FROM debian:bookworm\n"
        "RUN apt-get update && apt-get install -y gcc make git curl\n"
        "RUN git clone https://example.org/push-module\n"
        "COPY unzip-module /opt/unzip-module\n"
        "RUN curl https://nginx.org/download/nginx-1.24.0.tar.gz | tar xz && cd nginx-1.24.0 \\\n"
        " && ./configure --add-module=../push-module --add-module=/opt/unzip-module && make && make install\n"
        'CMD ["/usr/local/nginx/sbin/nginx"]\n'
    )
    assert "COPY unzip-module /opt/unzip-module" in builder
    assert "push-module" not in final
    assert "/usr/local" in final


def test_a_release_is_copied_with_all_that_lies_beside_its_program() -> None:
    _, final = stages(
        "FROM erlang:25\n"
        "RUN git clone https://example.org/game /srv/game && cd /srv/game && mix do compile, release\n"
        'CMD ["/srv/game/_build/prod/rel/game/bin/game", "start"]\n'
    )
    copied = [line for line in final.splitlines() if line.startswith("COPY --from") and "game" in line]
    assert copied
    assert not any("/bin/game" in line for line in copied)


def test_class_files_beside_a_source_in_the_root_directory_are_copied_by_a_pattern() -> None:
    builder, final = stages(
        'FROM java:8\nCOPY Hello.java /\nRUN javac Hello.java\nCMD ["java", "Hello"]\n',
    )
    assert "RUN javac Hello.java" in builder
    assert "COPY --from=builder /*.class /\n" in final
    assert "Hello.java" not in final


def test_a_file_that_the_author_puts_over_one_of_the_build_is_there_before_a_later_copy() -> None:
    builder, _ = stages(
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gcc make\nCOPY src /src\n"
        "RUN cd /src && make && make install\nCOPY app.conf /usr/local/etc/\nCOPY tool /usr/local/bin/\n"
        'RUN cd /src && make install-extras && rm -rf /src\nVOLUME /usr/local/data\nCMD ["/usr/local/bin/app"]\n'
    )
    assert builder.index("make install") < builder.index("COPY app.conf") < builder.index("install-extras")
    assert "COPY tool" not in builder
    assert "VOLUME" not in builder


def test_settings_of_bundler_outside_of_the_application_come_along() -> None:
    _, final = stages(
        "FROM ruby:2.3\nRUN apt-get update && apt-get install -y build-essential libpq-dev\nWORKDIR /app\n"
        "COPY Gemfile* ./\nRUN bundle install --deployment --without test\nCOPY . .\n"
        'CMD ["bundle", "exec", "puma"]\n'
    )
    assert "COPY --from=builder /usr/local/bundle /usr/local/bundle" in final
