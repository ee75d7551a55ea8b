"""Deletions stay where something can see what they take away."""

from __future__ import annotations

from tests.plan.stages import stages

GCC = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make curl\n"


def test_an_archive_is_deleted_before_a_pattern_would_match_it() -> None:
    builder, _ = stages(
        GCC
        + "RUN cd /tmp && curl -LO http://example.org/app-1.0.tar.gz && tar -xf *.tar.gz && rm -f *.tar.gz \\\n"
        " && mv app-* /opt/app && make -C /opt/app\nCMD /opt/app/run\n"
    )
    assert "&& rm -f *.tar.gz \\" in builder


def test_an_archive_is_deleted_before_the_only_directory_is_entered() -> None:
    builder, _ = stages(
        GCC
        + "WORKDIR /src\nRUN curl -LO http://example.org/app.zip && unzip app.zip && rm app.zip && cd */ \\\n"
        " && make && make install\nCMD app\n"
    )
    assert "&& rm app.zip &&" in builder


def test_an_archive_that_no_pattern_names_is_not_deleted() -> None:
    builder, _ = stages(
        GCC
        + "WORKDIR /src\nRUN curl -LO http://example.org/app.tar.gz && tar -xf app.tar.gz && rm app.tar.gz \\\n"
        " && cd app && make *.o && make install\nCMD app\n"
    )
    assert "rm app.tar.gz" not in builder


def test_sources_in_a_prefix_are_deleted_before_the_difference_is_gathered() -> None:
    builder, _ = stages(
        GCC + "RUN mkdir /usr/src/app && cd /usr/src/app && curl http://example.org/app.tar.gz | tar xz \\\n"
        " && ./configure --prefix=/usr && make && make install && rm -rf /usr/src/app /tmp/*\nCMD app\n"
    )
    assert builder.index("rm -rf /usr/src/app /tmp/*") < builder.index("-cnewer /before")


def test_a_cache_inside_a_copied_tree_is_deleted_before_the_copy() -> None:
    builder, _ = stages(
        "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build && rm -rf /tmp/* /app/.cache\n"
        'CMD ["node", "/app"]\n'
    )
    assert "rm -rf /tmp/* /app/.cache" in builder


def test_a_tree_that_is_deleted_at_last_is_not_copied() -> None:
    _, final = stages(
        "FROM python:3.11-slim-bookworm\nRUN apt-get update && apt-get install -y wget gcc make\n"
        "COPY . /app\nWORKDIR /app\n"
        "RUN wget http://example.org/x-1.0.tar.gz && tar xzf x-1.0.tar.gz && cd x-1.0 \\\n"
        " && ./configure --prefix=/opt/x && make && make install && cd .. && rm -rf x-1.0*\n"
        "RUN pip install -r requirements.txt\n"
        'ENTRYPOINT ["/app/start.sh"]\n'
    )
    assert "COPY --from=builder /opt/x /opt/x" in final
    assert "x-1.0" not in final


def test_what_the_final_stage_downloads_or_adds_is_deleted_there() -> None:
    _, final = stages(
        "FROM debian:bookworm\nWORKDIR /src\nRUN apt-get update && apt-get install -y g++ npm nodejs wget unzip\n"
        "RUN wget http://example.org/tool.deb -O tool.deb && dpkg -i tool.deb && rm tool.deb\n"
        "ADD data.zip /tmp/data.zip\nRUN unzip /tmp/data.zip -d /\nRUN rm /tmp/data.zip\n"
        'COPY . /src\nRUN npm install\nCMD ["node", "/src"]\n'
    )
    assert "&& rm tool.deb" in final
    assert "RUN rm /tmp/data.zip" in final


def test_a_copy_does_not_wait_for_deletions_behind_what_made_it() -> None:
    _, final = stages(
        "FROM example.org/own/base\nRUN yum install -y gcc python-pip\n"
        "RUN pip install app && rm -rf /usr/src/x /usr/share/app/tests\n"
        "RUN yum update -y && app --list && rm -rf /usr/share/app/cache\nCMD app\n"
    )
    assert final.index("COPY --from=builder /install/usr") < final.index("app --list")


def test_a_volume_of_the_name_of_a_deleted_tree_is_empty() -> None:
    _, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache git g++ make && git clone https://example.org/coin.git "
        "&& cd coin/src && make && mv coind /usr/local/bin/ && cd ../.. && rm -rf coin\n"
        'VOLUME ["/coin"]\nCOPY start.sh /usr/local/bin/\nENTRYPOINT ["start.sh"]\n'
    )
    assert "COPY --from=builder /coin" not in final
    assert "COPY --from=builder /usr/local/bin/coind /usr/local/bin/coind\n" in final
