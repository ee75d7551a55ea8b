"""Copies of what may not be there: a directory is made, or only what is found in it is gathered."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Refused
from tests.plan.stages import stages

PYTHON = """\
FROM {base}
{packages}
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "app.py"]
"""
ALPINE = PYTHON.format(base="python:3.9-alpine3.15", packages="RUN apk add {}")


@pytest.mark.parametrize(
    ("base", "packages", "made"),
    [
        ("python:3.9-alpine3.15", "RUN apk add gcc musl-dev", True),
        ("python:3.9-slim-bullseye", "RUN apt-get update && apt-get install -y gcc", False),
        ("python:3.9-alpine3.15", "RUN apk add gcc musl-dev\nCOPY app.ini /usr/local/etc/app.ini", False),
    ],
)
def test_a_shared_directory_that_the_base_lacks_is_made(base: str, packages: str, made: bool) -> None:
    builder, final = stages(PYTHON.format(base=base, packages=packages))
    assert "COPY --from=builder /usr/local/etc /usr/local/etc" in final
    assert ("RUN mkdir -p /usr/local/etc" in builder) is made


@pytest.mark.parametrize("package", ["python3-dev", "py3-pip", "py-pip"])
def test_a_python_image_needs_no_other_python(package: str) -> None:
    _, final = stages(ALPINE.format(f"gcc musl-dev {package} bash"))
    assert "RUN apk add --no-cache bash libgcc\n" in final


def test_another_python_than_the_image_has_stays() -> None:
    _, final = stages(ALPINE.format("gcc musl-dev python2-dev bash"))
    assert "python2" in final


def test_an_extension_that_phpize_prepared_brings_no_packages_of_pear() -> None:
    _, final = stages(
        "FROM alpine:3.12\nRUN apk add build-base php7 php7-dev php7-pear\nCOPY ext /tmp/ext\n"
        "RUN cd /tmp/ext && phpize7 && ./configure --with-php-config=/usr/bin/php-config7 && make install\n"
        'CMD ["php", "-a", "x.php"]\n'
    )
    assert "COPY --from=builder /install/usr/lib /usr/lib" in final
    assert "/usr/share/p" not in final


def test_settings_that_a_program_looks_for_are_not_of_an_archive() -> None:
    _, final = stages(
        "FROM ubuntu:16.04\nRUN apt-get update && apt-get install -y gcc python-pip\n"
        "RUN curl -o /root/x.tgz http://example.org/x-1.0.tgz && tar xzf /root/x.tgz -C /root"
        " && cd /root/x-1.0 && make && python setup.py install && pip install . && rm -rf /root/x*\n"
        'CMD ["x"]\n'
    )
    assert [line for line in final.split("\n") if "--from=builder /root" in line] == []


@pytest.mark.parametrize(
    ("base", "install", "portable"),
    [
        ("example.org/some/base:1", "", True),
        ("cgr.dev/chainguard/wolfi-base:latest", "apk add build-base nodejs npm && ", True),
        ("example.org/some/base:1", "apt-get update && apt-get install -y g++ && ", False),
    ],
)
def test_a_base_that_may_be_busybox_is_listed_twice(base: str, install: str, portable: bool) -> None:
    builder, _ = stages(
        f"FROM {base}\nRUN {install}make -C /src\nRUN npm install -g some-app && rm -rf /src\n"
        'CMD ["some-app"]\n'
    )
    assert ("stat -c" in builder) is portable
    assert ("-cnewer" in builder) is not portable


def test_a_tree_that_the_builder_deletes_is_not_copied() -> None:
    _, final = stages(
        "FROM debian:bookworm\nWORKDIR /home/app\nCOPY . .\n"
        "RUN apt-get update && apt-get install -y gcc make wget\n"
        "RUN wget http://example.org/x-1.0.tgz && tar xzf x-1.0.tgz && cd x-1.0 && ./configure && make"
        ' && make install && cd .. && rm -rf x-1.0*\nCMD ["./start.sh"]\n'
    )
    assert "COPY --from=builder /usr/local /usr/local" in final
    assert "x-1.0 " not in final


@pytest.mark.parametrize(
    ("settings", "copied"),
    [("--global frozen 1", True), ("--global jobs 4", False), ("--global build.nokogiri --x", False)],
)
def test_bundlers_settings_in_the_home(settings: str, copied: bool) -> None:
    _, final = stages(
        "FROM ruby:2.7-slim-buster\nRUN apt-get update && apt-get install -y gcc make\nWORKDIR /app\n"
        f"RUN bundle config {settings}\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\nCOPY . .\n"
        'CMD ["bundle", "exec", "puma"]\n'
    )
    assert ("COPY --from=builder /root/.bundle/config /root/.bundle/config" in final) is copied


def test_packages_of_another_account_may_lie_in_its_home() -> None:
    builder, final = stages(
        "FROM python:3.9-slim-bullseye\nRUN apt-get update && apt-get install -y gcc && useradd -m app\n"
        "USER app\nWORKDIR /home/app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
        'COPY . .\nCMD ["python", "app.py"]\n'
    )
    assert "find /home/app/.local/bin /home/app/.local/lib -cnewer" in builder
    assert "COPY --from=builder --chown=app:app /install/home/app/.local/lib /home/app/.local/lib" in final
    assert "/usr/local/lib/python3.9/site-packages /usr/local/lib/python3.9/site-packages" in final


def test_accounts_of_the_system_have_homes_of_their_own() -> None:
    builder, final = stages(
        "FROM php:7.4-apache\nRUN apt-get update && apt-get install -y git libicu-dev && docker-php-ext-install intl\n"
        "RUN curl -sS https://getcomposer.org/installer | php -- --filename=composer --install-dir=/usr/local/bin\n"
        "USER www-data\nRUN composer global require laravel/installer && mkdir ~/cache\nUSER root\n"
    )
    assert (
        "find /var/www/.composer /var/www/.config/composer -cnewer /before -print0 2>/dev/null || true"
        in builder
    )
    assert (
        "COPY --from=builder --chown=www-data:www-data /install/var/www/.composer /var/www/.composer\n"
        in final
    )


def test_a_home_that_gets_packages_of_an_account_is_no_place_of_work() -> None:
    builder, final = stages(
        "FROM php:7.4-apache\nRUN apt-get update && apt-get install -y git libicu-dev && docker-php-ext-install intl\n"
        "RUN curl -sS https://getcomposer.org/installer | php && mv composer.phar /usr/local/bin/composer\n"
        "RUN chown -R www-data:www-data /var/www\n"
        'RUN su - www-data -s /bin/bash -c "composer global require symfony/var-dumper"\n'
        'WORKDIR /srv\nCOPY run.sh /\nCMD ["/run.sh"]\n'
    )
    assert "RUN chown -R www-data:www-data /var/www\n" in builder, "else the account could not write there"
    assert "RUN chown -R www-data:www-data /var/www\n" in final
    assert "COPY --from=builder /install/var/www/.composer /var/www/.composer\n" in final


def test_libraries_that_programs_load_by_name_join_the_list() -> None:
    file = (
        "FROM {}\nRUN apt-get update && apt-get install -y gcc libmagickwand-dev libpng-dev curl\n"
        'RUN pip install wand\nCMD ["python", "app.py"]\n'
    )
    builder, _ = stages(file.format("python:3.9"))
    assert "'${Status} ${Package}\\n' 'libmagickwand-[0-9]*.q16-[0-9]*'" in builder
    assert "\t| sed -n 's/^install ok installed //p'" in builder
    builder, final = stages(file.format("python:3.9-slim-bookworm"))
    assert "dpkg-query" not in builder
    assert "libmagickcore-6.q16-6-extra" in final


@pytest.mark.parametrize(("base", "installed"), [("1.8-alpine3.6", True), ("1.21-alpine3.18", False)])
def test_old_alpine_has_no_certificates(base: str, installed: bool) -> None:
    _, final = stages(
        f'FROM golang:{base}\nWORKDIR /src\nCOPY . .\nRUN go build -o /usr/local/bin/app .\nCMD ["app"]\n'
    )
    assert final.startswith("alpine:")
    assert ("RUN apk add --no-cache ca-certificates" in final) is installed


@pytest.mark.parametrize(("package", "narrower"), [("pycuda", False), ("requests", True)])
def test_what_compiles_kernels_keeps_the_compiler(package: str, narrower: bool) -> None:
    _, final = stages(
        "FROM nvidia/cuda:11.0-devel-ubuntu18.04\n"
        "RUN apt-get update && apt-get install -y python3-pip python3-dev cmake\n"
        f'RUN pip3 install {package}\nCMD ["python3", "app.py"]\n'
    )
    assert final.startswith("nvidia/cuda:11.0-runtime-ubuntu18.04\n") is narrower


def test_a_browser_in_the_cache_comes_along() -> None:
    _, final = stages(
        "FROM node:20-slim\nRUN apt-get update && apt-get install -y g++ make\n"
        'RUN npm install -g puppeteer\nCMD ["node", "app.js"]\n'
    )
    assert "COPY --from=builder /install/root/.cache/puppeteer /root/.cache/puppeteer" in final


def test_a_tool_that_vendors_needs_the_tool_chain() -> None:
    text = 'FROM golang:alpine\nRUN apk add git\nRUN go get example.org/gvt\nENTRYPOINT ["gvt"]\n'
    assert isinstance(convert(text), Refused)


def test_setuptools_stays_for_what_is_installed_beside_it() -> None:
    _, final = stages(
        "FROM debian:buster\nRUN apt-get update && apt-get install -y gcc python3-pip python3-dev\n"
        'RUN pip3 install flask\nCMD ["python3", "app.py"]\n'
    )
    assert "apt-get install -y python3 python3-setuptools ca-certificates" in final


@pytest.mark.parametrize(
    ("option", "copied"),
    [
        (
            "--with-http_perl_module=dynamic",
            "COPY --from=builder /install/usr/local/lib/perl5 /usr/local/lib/perl5",
        ),
        (
            "--with-http_perl_module --with-perl_modules_path=/usr/lib/nginx/perl",
            "COPY --from=builder /usr/lib/nginx/perl /usr/lib/nginx/perl",
        ),
    ],
)
def test_nginx_in_perl_brings_its_module_of_perl(option: str, copied: str) -> None:
    _, final = stages(
        "FROM alpine:3.5\nRUN apk add gcc make perl-dev pcre-dev curl && curl -o n.tgz http://e.org/n.tgz \\\n"
        f" && tar -xzf n.tgz -C /usr/src && cd /usr/src/n && ./configure --prefix=/etc/nginx \\\n"
        f" --sbin-path=/usr/sbin/nginx {option} \\\n"
        ' && make && make install\nCMD ["nginx"]\n'
    )
    assert f"{copied}\n" in final
    assert ("/usr/local/lib/perl5" in final) is ("path" not in option)


def test_a_clone_of_which_the_container_starts_a_script_is_copied_whole() -> None:
    _, final = stages(
        "FROM node:20-slim\nRUN apt-get update && apt-get install -y gcc git\n"
        "RUN git clone https://example.org/a/b /srv/app\nWORKDIR /srv/app\nRUN npm install\nENTRYPOINT ./run.sh\n"
    )
    assert "COPY --from=builder /srv/app /srv/app" in final


def test_a_known_service_that_an_unknown_build_makes_is_refused() -> None:
    refused = convert(
        "FROM rockylinux:9\nCOPY . /src\nWORKDIR /src\nRUN dnf install -y gcc cmake nginx-filesystem\n"
        "RUN cmake -S . -B build && cmake --build build && cp build/tool /usr/bin\n"
        'CMD ["nginx", "-g", "daemon off;"]\n'
    )
    assert isinstance(refused, Refused)
    assert refused.reason.code == "MS405"


def test_the_systems_own_init_needs_no_origin() -> None:
    _, final = stages(
        'FROM centos:7\nRUN yum install -y gcc make\nCOPY . /src\nRUN make -C /src install\nCMD ["/sbin/init"]\n'
    )
    assert 'CMD ["/sbin/init"]' in final


def test_a_directory_that_only_other_families_have_is_not_copied() -> None:
    _, final = stages(
        "FROM example/fluentd\nUSER root\n"
        "RUN apk add build-base ruby-dev && gem install fluent-plugin-x && apk del build-base\n"
        'CMD ["fluentd"]\n'
    )
    assert "/var/lib/gems" not in final
    assert "COPY --from=builder /install/usr /usr" in final


def test_pythons_library_is_listed_where_the_release_does_not_name_it() -> None:
    file = "FROM {}\nRUN apt-get update && apt-get install -y python-dev python-pip && pip install uwsgi\nCMD uwsgi\n"
    builder, _ = stages(file.format("ubuntu"))
    assert "> /run-time-packages" in builder
    builder, final = stages(file.format("ubuntu:16.04"))
    assert "run-time-packages" not in builder
    assert "libpython2.7" in final


def test_gems_of_a_ruby_from_source_lie_beside_it() -> None:
    _, final = stages(
        "FROM ubuntu:16.04\nRUN apt-get update && apt-get install -y gcc make curl\n"
        "RUN curl -O https://example.com/ruby-2.3.7.tar.gz && tar xzf ruby-2.3.7.tar.gz && cd ruby-2.3.7"
        " && ./configure && make && make install\nRUN gem install thin\nCMD thin start\n"
    )
    assert "/var/lib/gems" not in final
    assert "COPY --from=builder /usr/local /usr/local" in final


@pytest.mark.parametrize(
    "packages",
    ["ruby", "ruby-full", "rubygems", "ruby-dev", "ruby1.9.1-dev", "ruby2.3", "rubygems1.9.1", "bundler"],
)
def test_gems_of_debians_ruby_lie_where_it_has_them(packages: str) -> None:
    _, final = stages(
        f"FROM debian:jessie\nRUN apt-get update && apt-get install -y {packages} gcc make\n"
        "RUN gem install thin\nCMD thin start\n"
    )
    assert "COPY --from=builder /var/lib/gems /var/lib/gems" in final


@pytest.mark.parametrize(
    "own", ["cd /usr/src/ruby && ./configure && make install", "rbenv install 2.5.3 && rbenv global 2.5.3"]
)
def test_gems_of_a_ruby_beside_debians_lie_beside_it(own: str) -> None:
    _, final = stages(
        "FROM debian:stretch\nRUN apt-get update && apt-get install -y ruby-dev ruby gcc make\n"
        f"ADD ruby.tar.gz /usr/src\nRUN {own}\nRUN gem install thin\nCMD thin start\n"
    )
    assert "/var/lib/gems" not in final


def test_settings_of_git_come_before_a_clone_that_stays() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y git cpanminus gcc make\n"
        "RUN git config --global http.sslVerify false\nRUN git clone https://example.com/app /app\n"
        'RUN cd /app && cpanm --installdeps .\nCOPY start.sh /\nCMD ["sh", "/start.sh"]\n'
    )
    assert final.index("/root/.gitconfig /root/.gitconfig") < final.index("git clone")


@pytest.mark.parametrize("install", ["", "RUN apt-get update && apt-get install -y nano\n"])
def test_no_repository_is_asked_for_libraries_that_are_there_unless_the_author_asks_it(install: str) -> None:
    _, final = stages(
        f'FROM node:8\n{install}WORKDIR /app\nCOPY . .\nRUN npm install\nCMD ["node", "x.js"]\n'
    )
    assert ("xargs -r dpkg --status < /tmp/run-time-packages" in final) is not bool(install)
