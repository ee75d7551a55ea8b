"""What was put where sources lie, and is none: entry scripts and services read it when the container starts."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

PHP = "FROM php:8.2-apache\nRUN apt-get update && apt-get install -y unzip libpng-dev && docker-php-ext-install gd\n"
ENTRY = 'COPY entrypoint.sh /\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["apache2-foreground"]\n'
GCC = "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make curl\n"
MAKE = "./configure --prefix=/opt/app && make && make install"


@pytest.mark.parametrize(
    "unpacked",
    [
        "RUN curl -o blog.tgz http://example.com/blog.tgz && tar -xzf blog.tgz -C /usr/src/ && rm blog.tgz"
        " && chown -R www-data:www-data /usr/src/blog\n",
        "RUN mkdir /usr/src/blog && curl http://example.com/blog.tgz | tar xz -C /usr/src/blog\n",
        "ADD http://example.com/blog.zip /usr/local/src/blog.zip\n"
        "RUN unzip -d /usr/local/src /usr/local/src/blog.zip && rm /usr/local/src/blog.zip\n",
    ],
)
def test_what_is_unpacked_for_the_entry_script_stays_as_it_is(unpacked: str) -> None:
    builder, final = stages(PHP + unpacked + ENTRY)
    assert unpacked in final
    assert "blog" not in builder


def test_it_is_fetched_with_tools_that_leave_behind_it() -> None:
    builder, final = stages(
        GCC + f"RUN curl http://example.com/app.tgz | tar xz -C /tmp && cd /tmp/app && {MAKE}"
        " && mkdir -p /usr/src/rules && curl http://example.com/rules.tgz | tar xz -C /usr/src/rules"
        ' && apt-get purge -y gcc make curl\nCOPY init.sh /\nENTRYPOINT ["/init.sh"]\nCMD ["/opt/app/bin/app"]\n'
    )
    assert "| tar xz -C /usr/src/rules && apt-get purge -y curl\n" in final
    assert "/usr/src" not in builder
    assert "/tmp/app" not in final


def test_what_is_moved_out_of_the_way_of_a_volume_is_copied() -> None:
    text = (
        "FROM debian:12\nRUN apt-get update && apt-get install -y nodejs npm g++ make\nWORKDIR /app\nCOPY . .\n"
        "RUN npm ci && npm run build && mv public/assets /tmp/assets\nVOLUME /app/public/assets\n"
    )
    _, final = stages(text + 'ENTRYPOINT ["/app/start.sh"]\n')
    assert "COPY --from=builder /tmp/assets /tmp/assets\n" in final
    _, final = stages(text + 'CMD ["node", "server.js"]\n')
    assert "/tmp/assets" not in final


@pytest.mark.parametrize(
    "used",
    [
        f"cd /usr/src/app && {MAKE}",
        "gcc -o /opt/app/bin/app /usr/src/app/main.c",
        "cp /usr/src/app/app /opt/app/bin/app && gcc --version",
    ],
)
def test_what_something_is_made_of_stays_behind(used: str) -> None:
    _, final = stages(
        GCC
        + "RUN mkdir -p /usr/src/app && curl http://example.com/app.tgz | tar xz -C /usr/src/app\n"
        + f'RUN mkdir -p /opt/app/bin && {used}\nCOPY init.sh /\nENTRYPOINT ["/init.sh", "/opt/app/bin/app"]\n'
    )
    assert "/usr/src" not in final


def test_a_clone_beside_the_sources_that_nothing_is_built_of_is_needed() -> None:
    _, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y git wget python3 sdcc\n"
        "RUN mkdir /radio && cd /radio && wget http://example.com/cat_1.tgz && tar xf cat_1.tgz && ln -s cat_1 cat"
        " && git clone http://example.com/rf.git && cd /radio/cat && python3 setup.py install\n"
        'COPY init.sh /\nENTRYPOINT ["/init.sh"]\n'
    )
    assert "/radio/rf /radio/rf\n" in final or "git clone http://example.com/rf.git\n" in final
    assert "cat" not in final


def test_others_in_the_same_place_are_sources_as_ever() -> None:
    builder, final = stages(
        PHP
        + "RUN curl -o /usr/src/redis.tgz http://example.com/redis.tgz && tar xf /usr/src/redis.tgz -C /usr/src"
        " && cd /usr/src/redis && phpize && make && make install\n"
        "RUN curl -o /blog.tgz http://example.com/blog.tgz && tar -xzf /blog.tgz -C /usr/src/\n" + ENTRY
    )
    assert "tar -xzf /blog.tgz -C /usr/src/" in final
    assert "redis" in builder
    assert "redis" not in final


def test_a_project_that_composer_makes_for_the_entry_script_is_copied() -> None:
    composer = (
        "RUN curl https://getcomposer.org/installer | php -- --install-dir=/usr/bin --filename=composer\n"
    )
    _, final = stages(PHP + composer + "RUN composer create-project acme/site /usr/src/site\n" + ENTRY)
    assert "COPY --from=builder /usr/src/site /usr/src/site\n" in final


GO = "FROM golang:1.22\nRUN {fetch}\nWORKDIR {clone}\nRUN go build -o server\n{start}"
CLONED = "git clone https://example.org/server.git /srv/server"
GOT = "go get -d -v example.org/server"


@pytest.mark.parametrize(("fetch", "clone"), [(CLONED, "/srv/server"), (GOT, "/go/src/example.org/server")])
def test_a_program_that_starts_in_its_clone_has_all_of_it(fetch: str, clone: str) -> None:
    _, final = stages(GO.format(fetch=fetch, clone=clone, start='CMD ["./server"]\n'))
    assert f"COPY --from=builder {clone} {clone}\n" in final


@pytest.mark.parametrize("start", ["WORKDIR /\nCMD {clone}/server\n", "WORKDIR /data\nCMD {clone}/server\n"])
@pytest.mark.parametrize(("fetch", "clone"), [(CLONED, "/srv/server"), (GOT, "/go/src/example.org/server")])
def test_one_that_starts_elsewhere_comes_alone(fetch: str, clone: str, start: str) -> None:
    _, final = stages(GO.format(fetch=fetch, clone=clone, start=start.format(clone=clone)))
    assert f"COPY --from=builder {clone}/server {clone}/server\n" in final
