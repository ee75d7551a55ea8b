"""Deletions stay where something can see what they take away."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    "moved",
    [
        "mv /src/app /opt/app",
        "cp -r /src/* /opt/",
        "cp -a /src/app/. /opt/app",
        "mkdir /opt/a && cp -r /src /opt/a",
    ],
)
def test_what_is_deleted_in_a_tree_that_is_moved_stays_deleted(moved: str) -> None:
    builder, final = stages(
        GCC + "RUN apt-get install -y git\n"
        f"RUN git clone http://example.org/app /src/app && rm -rf /src/app/samples && {moved} \\\n"
        " && gcc -o /usr/local/bin/run /src/app/run.c && rm -rf /src\nCMD run /opt/app\n"
    )
    assert "rm -rf /src/app/samples" in builder
    assert "samples" not in final


def test_what_is_deleted_in_a_tree_that_is_only_patched_may_stay() -> None:
    builder, _ = stages(
        GCC
        + "RUN curl http://example.org/app.tar.gz | tar xz -C /usr/src && rm -rf /usr/src/app/samples \\\n"
        " && patch -d /usr/src/app -p1 -i a.patch && make -C /usr/src/app install PREFIX=/usr/local\nCMD run\n"
    )
    assert "samples" not in builder


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


def test_a_directory_that_both_stages_make_is_deleted_in_both() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make git\n"
        "RUN useradd app && mkdir -p /srv/app/clone && chown -R app:app /srv/app\nUSER app\nWORKDIR /srv/app\n"
        "RUN git clone http://example.org/app.git /srv/app/clone && cd /srv/app/clone && make && mv app /srv/app/ \\\n"
        ' && cd /srv/app && rm -rf /srv/app/clone\nCMD ["./app"]\n'
    )
    assert "mkdir -p /srv/app/clone" in final
    assert "rm -rf /srv/app/clone" in final


def test_of_an_rm_without_force_only_what_is_there_is_left() -> None:
    _, final = stages(
        GCC + "RUN mkdir -p /w /data && curl -o /b.tgz http://example.org/b.tgz && tar xf /b.tgz -C /w \\\n"
        " && make -C /w/b install && rm -r /w /b.tgz\nCMD app\n"
    )
    assert "RUN mkdir -p /w /data && rm -r /w\n" in final


@pytest.mark.parametrize(
    ("deleted", "stays"),
    [
        ("/root/cpanm ~/.cpanm", False),
        ("./.bundle", False),
        ("/root/.bashrc", True),
        ("/root/anaconda-ks.cfg", True),
        ("/root/*", True),
        ("/home/app/cache", True),
    ],
)
def test_what_plain_systems_lack_in_a_home_is_not_deleted(deleted: str, stays: bool) -> None:
    _, final = stages(
        GCC + "RUN mkdir -p /home/app/cache\nWORKDIR /usr/src/app\n"
        "RUN curl http://example.org/app.tar.gz | tar xz && make && make install && cd /root \\\n"
        f" && rm -rf {deleted} /usr/src/app\nWORKDIR /srv\nCMD app\n"
    )
    assert (f"rm -rf {deleted}" in final) is stays


def test_a_work_directory_that_was_only_cleaned_up_is_not_made() -> None:
    _, final = stages(
        GCC
        + "WORKDIR /usr/src/app\nRUN curl http://example.org/app.tar.gz | tar xz && make && make install \\\n"
        " && cd /root && rm -fr ./cpanm /root/.cpanm /usr/src/app /tmp/*\nWORKDIR /srv\nCMD app\n"
    )
    assert "/usr/src" not in final
    assert "cpanm" not in final


@pytest.mark.parametrize(
    ("base", "path", "there"),
    [
        ("debian:bookworm", "/tools.zip", False),
        ("debian:bookworm", "/libx32", True),
        ("debian:bookworm", "/opt/tools.zip", True),  # a package of the final stage may have put it there
        ("someone/python", "/notebooks", True),  # who knows what lies in the root directory of his image
    ],
)
def test_what_no_system_has_right_below_the_root_is_not_deleted(base: str, path: str, there: bool) -> None:
    _, final = stages(
        f"FROM {base}\nRUN apt-get update && apt-get install -y gcc tini\nCOPY a.c /src/\n"
        f'RUN gcc -o /usr/bin/a /src/a.c\nRUN rm -rf {path}\nCMD ["tini", "a"]\n'
    )
    assert (f"rm -rf {path}" in final) is there
