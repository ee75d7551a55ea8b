"""Images that build PHP or its extensions, in the manner of the official ones."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

SOURCES = (
    "FROM alpine:3.18\nRUN apk add --no-cache xz && mkdir -p /usr/src && wget -O /usr/src/php.tar.xz $URL\n"
    "COPY {scripts} /usr/local/bin/\n"
    "RUN apk add gcc make && docker-php-source extract && cd /usr/src/php && ./configure && make install \\\n"
    '\t&& docker-php-source delete{more}\nCMD ["php-fpm"]\n'
)
ARCHIVE = "COPY --from=builder /usr/src/php.tar.xz /usr/src/php.tar.xz"


@pytest.mark.parametrize("scripts", ["docker-php-source", "docker-php-*"])
def test_scripts_keep_the_archive_that_they_unpack(scripts: str) -> None:
    _, final = stages(SOURCES.format(scripts=scripts, more=""))
    assert f"{ARCHIVE}\n" in final
    assert "/usr/src/php " not in final


@pytest.mark.parametrize(
    ("scripts", "more"), [("docker-php-ext-*", ""), ("docker-php-source", " && rm /usr/src/php.tar.xz")]
)
def test_an_archive_that_no_script_reads_or_that_is_removed_is_not_copied(scripts: str, more: str) -> None:
    _, final = stages(SOURCES.format(scripts=scripts, more=more))
    assert ARCHIVE not in final


@pytest.mark.parametrize(("tag", "stays"), [("7.4-fpm-alpine", {"dpkg", "file"}), ("7.4-fpm", {"file"})])
def test_what_phpize_needs_is_known_of_the_base(tag: str, stays: set[str]) -> None:
    install = "apk add --no-cache" if "alpine" in tag else "apt-get update && apt-get install -y"
    _, final = stages(
        f"FROM php:{tag}\nRUN {install} tzdata $PHPIZE_DEPS && pecl install redis && docker-php-ext-enable redis\n"
    )
    line = next(line for line in final.splitlines() if "tzdata" in line)
    assert stays <= set(line.split())
    assert not {"$PHPIZE_DEPS", "gcc", "autoconf", "make"} & set(line.split())


def test_an_extension_of_the_base_that_is_enabled_first_leaves_what_is_built_behind_it() -> None:
    _, final = stages(
        "FROM php:7.2-fpm-alpine\nRUN apk add --no-cache gcc make\nRUN docker-php-ext-enable opcache\n"
        "RUN docker-php-ext-install gd\n"
    )
    assert "COPY --from=builder /usr/local/lib/php/extensions " in final
    assert "COPY --from=builder /usr/local/etc/php/conf.d " in final


def test_the_ini_files_of_a_configured_php_are_copied_and_their_directory_is_there() -> None:
    builder, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make libxml2-dev\nCOPY scripts /usr/local/bin/\n"
        "RUN mkdir -p /php/conf.d && curl http://example.com/php.tgz | tar xz -C /usr/src && cd /usr/src/php"
        " && ./configure --prefix=/opt/php --with-config-file-scan-dir=/php/conf.d && make && make install"
        ' && docker-php-ext-install zip\nCMD ["/opt/php/sbin/php-fpm"]\n'
    )
    assert builder.index("mkdir -p /php/conf.d") < builder.index("docker-php-ext-install")
    assert "COPY --from=builder /php/conf.d /php/conf.d\n" in final
