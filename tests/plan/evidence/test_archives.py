"""Archives: what they put where, and that nothing of them is fetched, copied or removed in the final stage in vain."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Refused
from tests.plan.stages import stages

GCC = "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gcc make curl\n"


@pytest.mark.parametrize(
    "unpack",
    [
        "curl -o /app.tgz http://example.org/app.tgz && tar xzf app.tgz && cd app-1.0 && make && cp app /usr/bin \\\n"
        " && cd .. && rm -rf app*",
        "curl http://example.org/app.tgz | tar xz && make -C app-1.0 && mv app-1.0/app /usr/bin && rm -r app-1.0",
        "curl -o /app.tgz http://example.org/app.tgz && echo '12 /app.tgz' | sha256sum -c - && tar xzf /app.tgz \\\n"
        " && make -C /app-1.0 && cp app-*/app /usr/bin/app && rm -rf app-1.0 app.tgz",
    ],
)
def test_an_unpacked_source_stays_in_the_builder(unpack: str) -> None:
    builder, final = stages(GCC + f'RUN {unpack}\nCMD ["app"]\n')
    assert "tar x" in builder
    assert "curl" not in final
    assert "tar" not in final
    assert "rm -r" not in final
    assert "COPY --from=builder /usr/bin/app /usr/bin/app" in final


def test_what_an_archive_spreads_over_a_shared_directory_stays_unknown() -> None:
    """`--strip-components` has no leading directory, so the names that are used are not all of them."""
    text = (
        GCC
        + "RUN curl http://example.org/n.tgz | tar xz -C /opt --strip-components=1 && cp /opt/n/x /usr/bin/x\n"
        "COPY a.c /src/\nRUN gcc -o /usr/bin/a /src/a.c\n"
        'CMD ["a"]\n'
    )
    _, final = stages(text)
    assert "tar xz -C /opt --strip-components=1" in final


def test_an_archive_that_is_left_behind_is_not_copied() -> None:
    _, final = stages(
        GCC
        + "RUN curl -o /opt/a.tar.gz http://example.org/a.tar.gz\nRUN mkdir /opt/a && tar -C /opt/a -xf /opt/a.tar.gz\n"
        "RUN make -C /opt/a\n"
        'CMD ["/opt/a/a"]\n'
    )
    assert "a.tar.gz" not in final


def test_an_archive_that_the_container_names_is_copied() -> None:
    _, final = stages(
        GCC
        + "RUN curl -o /opt/a.tar.gz http://example.org/a.tar.gz\nRUN mkdir /opt/a && tar -C /opt/a -xf /opt/a.tar.gz\n"
        "RUN make -C /opt/a\n"
        'CMD ["/opt/a/a", "/opt/a.tar.gz"]\n'
    )
    assert "/opt/a.tar.gz /opt/a.tar.gz" in final


def test_a_directory_that_is_made_anew_is_made_in_the_final_stage() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get upgrade -y && apt-get install -y curl \\\n"
        " && curl -o app.tgz http://example.org/app.tgz && mkdir app && tar -C app -xzf app.tgz \\\n"
        " && mv app/app /usr/local/bin/app && rm -rf app* && mkdir app && apt-get purge -y curl\n"
        'CMD ["app"]\n'
    )
    assert final.count("mkdir app") == 1
    assert "rm -rf app*" not in final


def test_an_upgrade_of_the_final_stage_has_its_lists() -> None:
    _, final = stages(
        GCC.replace("apt-get install", "apt-get upgrade -y && apt-get install")
        + "COPY a.c /\nRUN gcc -o /usr/bin/a /a.c\n"
        'CMD ["a"]\n'
    )
    assert "apt-get update && apt-get upgrade -y" in final


@pytest.mark.parametrize(
    ("base", "line", "code"),
    [
        ("example/unknown:1", "", "MS302"),
        ("example/unknown:1", "WORKDIR /\n", None),
        ("example/unknown:1", "RUN cd / && :\n", None),
        ("debian:bookworm", "", None),
    ],
)
def test_a_relative_path_on_a_base_whose_directory_is_not_known(
    base: str, line: str, code: str | None
) -> None:
    outcome = convert(
        f"FROM {base}\n{line}RUN apt-get update && apt-get install -y gcc make git\n"
        "RUN git clone https://example.org/game && make -C game\n"
        'CMD ["game/run"]\n'
    )
    assert (outcome.reason.code if isinstance(outcome, Refused) else None) == code


@pytest.mark.parametrize(
    ("base", "line", "code"),
    [
        ("example/unknown:1", "", "MS302"),
        ("example/unknown:1", "USER dev\n", None),
        ("example/unknown:1", "RUN apt-get update\n", None),
        ("debian:bookworm", "", None),
    ],
)
def test_sudo_on_a_base_whose_user_is_not_known(base: str, line: str, code: str | None) -> None:
    outcome = convert(
        f"FROM {base}\n{line}RUN sudo apt-get update && sudo apt-get install -y gcc make\n"
        'COPY . /src\nRUN cd /src && make && sudo make install\nCMD ["game"]\n'
    )
    assert (outcome.reason.code if isinstance(outcome, Refused) else None) == code


def test_where_the_unpacking_stood_is_none_of_its_content() -> None:
    text = (
        "FROM php:8.2-apache\nRUN apt-get update && apt-get install -y wget unzip libpng-dev\n"
        "RUN docker-php-ext-install gd\n"
        "RUN wget -P /tmp http://example.org/forum.zip && unzip -q /tmp/forum.zip -d /var/www \\\\\\n"
        " && sed -i 's#/var/www/html#/var/www/forum#' /etc/apache2/sites-available/000-default.conf\n"
    )
    final = stages(text)[1]
    assert "COPY --from=builder /var/www /var/www" in final or "unzip -q /tmp/forum.zip -d /var/www" in final


def test_a_project_that_is_cloned_into_a_shared_directory_is_all_of_it() -> None:
    text = (
        "FROM php:8.2-fpm-alpine\nWORKDIR /var/www\nRUN apk add --no-cache libxml2-dev git \\\n"
        "    && docker-php-ext-install xml && rm -rf /var/www/* \\\n"
        "    && git clone https://example.org/monitor.git ./ && git checkout v3 && php composer.phar install \\\n"
        "    && rm -rf composer* .git && apk del git libxml2-dev\n"
        'CMD ["php-fpm"]\n'
    )
    final = stages(text)[1]
    assert "COPY --from=builder /var/www /var/www" in final
    assert "git checkout" not in final


@pytest.mark.parametrize(
    "rest",
    [
        "WORKDIR app-1.0\nRUN make && make install\n",
        "RUN cd app-1.0 && make && make install\n",
        "WORKDIR /app-1.0\nRUN make\nRUN make install\n",
    ],
)
@pytest.mark.parametrize(
    "unpack",
    [
        "RUN curl -L http://example.org/app-1.0.tar.gz?mirror=any | tar xz\n",
        "RUN curl -O http://example.org/app-1.0.tar.gz && tar -xzf app-1.0.tar.gz\n",
        "RUN curl -O http://example.org/app-1.0.tar.gz\nRUN tar -xzf app-1.0.tar.gz\n",
    ],
)
def test_a_source_that_later_instructions_build_in_stays_in_the_builder(unpack: str, rest: str) -> None:
    _, final = stages(f'{GCC}{unpack}{rest}CMD ["/usr/local/bin/app"]\n')
    assert "tar" not in final
    assert "app-1.0" not in final.replace("WORKDIR /app-1.0", "").replace("WORKDIR app-1.0", "")


def test_an_archive_of_another_name_than_the_directory_stays_unknown() -> None:
    _, final = stages(
        f"{GCC}RUN curl -L http://example.org/tools.tar.gz | tar xz -C /\nWORKDIR /app\nCOPY . .\n"
        'RUN make\nCMD ["/app/run"]\n'
    )
    assert "tar xz -C /" in final


def test_a_directory_that_is_made_by_another_command_is_none_of_the_archives() -> None:
    _, final = stages(
        f"{GCC}RUN curl -o /srv/app.tgz http://example.org/app.tgz && tar xzf /srv/app.tgz -C /srv \\\n"
        " && mv /srv/app-1.* /srv/app\nWORKDIR /srv/app\nCOPY src /src\n"
        'RUN make -C /src install && make -C /srv/app\nCMD ["/usr/local/bin/run"]\n'
    )
    assert ("tar xzf" in final) == ("mv /srv/app-1.* /srv/app" in final)


GO = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y curl git
ENV PATH /usr/local/go/bin:$PATH
RUN curl -sSL {url} | tar -C /usr/local -xz
{build}
CMD ["/bin/app"]
"""


@pytest.mark.parametrize(
    ("url", "copied"),
    [
        ("https://golang.org/dl/go1.6.linux-amd64.tar.gz", False),
        ("https://example.com/other.tar.gz", True),
    ],
)
def test_a_tool_chain_that_path_names_is_what_an_archive_called_like_it_holds(url: str, copied: bool) -> None:
    _, final = stages(GO.format(url=url, build="RUN go get x && go build -o /bin/app x"))
    assert ("COPY --from=builder /usr/local /usr/local" in final) is copied
    assert "/usr/local/go /" not in final


def test_a_tool_chain_of_the_base_is_none_of_an_archive() -> None:
    text = GO.format(url="https://x.org/go-tool.tar.gz", build="RUN go build -o /bin/app x")
    _, final = stages("FROM golang:1.20-bookworm\n" + text[text.index("RUN curl") :])
    assert "go-tool.tar.gz | tar -C /usr/local -xz" in final


@pytest.mark.parametrize("behind", ["", "RUN cd /srv && npm ci"])
def test_a_tool_chain_that_nothing_behind_it_builds_with_stays(behind: str) -> None:
    text = GO.format(url="https://golang.org/dl/go1.6.linux-amd64.tar.gz", build=behind)
    text = text.replace("ENV PATH", "RUN make -C /src install PREFIX=/opt/x\nENV PATH")
    _, final = stages(text.replace("/bin/app", "/opt/x/bin/app"))
    assert "COPY --from=builder /usr/local/go /usr/local/go" in final


def test_a_tool_chain_that_is_built_where_sources_lie_is_no_application() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y curl gcc\n"
        "RUN curl https://golang.org/dl/go1.6.src.tar.gz | tar -C /usr/src -xz\n"
        "RUN cd /usr/src/go/src && ./make.bash\nENV PATH /usr/src/go/bin:$PATH\n"
        'RUN go build -o /bin/app x\nCMD ["/bin/app"]\n'
    )
    assert "COPY --from=builder /bin/app /bin/app" in final
    assert "/usr/src/go " not in final


@pytest.mark.parametrize(
    "use",
    [
        "tar xzf gecko-*.tar.gz && rm gecko-*.tar.gz && mv gecko /usr/local/bin",
        "tar xzf gecko-v1.tar.gz && mv gecko /usr/local/bin",
        "tar xzf gecko-v1.tar.gz\nRUN mv gecko /usr/local/bin",
    ],
)
@pytest.mark.parametrize("fetch", ["wget", "curl -O", "curl -OJ"])
def test_what_a_pattern_finds_is_unpacked_where_it_was_downloaded(fetch: str, use: str) -> None:
    text = (
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y wget curl gcc make\n"
        "RUN make -C /src install\n"
        f'RUN {fetch} http://example.org/gecko-v1.tar.gz && {use}\nCMD ["tool"]\n'
    )
    _, final = stages(text)
    assert "gecko" not in final


def test_a_package_that_a_pattern_finds_is_there_where_it_is_installed() -> None:
    text = (
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y wget gcc make\n"
        "RUN make -C /src install\n"
        "RUN wget http://example.org/browser_1.0.deb && dpkg -i browser*.deb && rm browser*.deb\n"
        'CMD ["tool"]\n'
    )
    _, final = stages(text)
    assert final.index("wget http://example.org/browser_1.0.deb") < final.index("dpkg -i browser*.deb")


@pytest.mark.parametrize("fetch", ["curl -L {} > flex.tar.gz", "curl -Lo flex.tar.gz {}", "wget {}"])
def test_a_source_is_called_like_its_address(fetch: str) -> None:
    url = "http://example.org/flex-2.6.3.tar.gz"
    file = "flex.tar.gz" if fetch.startswith("curl") else "flex-2.6.3.tar.gz"
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make curl wget\nWORKDIR /\n"
        f"RUN {fetch.format(url)}\nRUN tar -xzf {file}\nWORKDIR flex-2.6.3\n"
        'RUN ./configure && make && make install\nENTRYPOINT ["flex"]\n'
    )
    assert "tar.gz" not in final


def test_what_a_script_names_is_none_of_an_archive() -> None:
    text = (
        f"{GCC}RUN curl -O http://example.org/spark.tgz\nRUN tar xzf spark.tgz\nRUN mv spark-2.0 /opt/spark\n"
        "RUN make -C /src install\nRUN bash -c '. activate x && python -m app'\n"
        'CMD ["/opt/spark/run"]\n'
    )
    _, final = stages(text)
    assert "/activate" not in final
    assert "spark.tgz" not in final


@pytest.mark.parametrize("spread", ["tar xzf s6.tgz -C /", "tar xzC / -f s6.tgz"])
def test_what_goes_to_the_root_directory_may_be_spread_over_the_system(spread: str) -> None:
    text = f"{GCC}RUN curl -O http://example.org/s6.tgz && {spread}\nRUN mv /init /run-it\nRUN make -C /src install\n"
    _, final = stages(text + 'CMD ["/run-it"]\n')
    assert spread in final


def test_what_is_unpacked_into_a_filled_directory_is_gathered() -> None:
    text = (
        "FROM node:20-bookworm\nRUN apt-get update && apt-get install -y git build-essential\n"
        "RUN wget http://example.org/wait-1.tar.gz && tar -C /usr/local/bin -xzf wait-1.tar.gz\n"
        "WORKDIR /app\nRUN git clone http://example.org/app.git /app && npm install\n"
        'CMD ["wait", "node", "app.js"]\n'
    )
    _, final = stages(text)
    assert "tar.gz" not in final
    assert "COPY --from=builder /install/usr/local/bin /usr/local/bin" in final


@pytest.mark.parametrize(
    ("address", "directory"),
    [
        ("https://github.com/a/tool/archive/v1.0.tar.gz", "tool-1.0"),
        ("https://github.com/a/tool/archive/refs/tags/v1.0.tar.gz", "tool-1.0"),
        ("https://github.com/a/tool/archive/version-2.tar.gz", "tool-version-2"),
        ("https://codeload.github.com/a/tool/tar.gz/v1.0", "tool-1.0"),
    ],
)
def test_an_archive_of_a_repository_has_its_directory(address: str, directory: str) -> None:
    """curl stays in the final stage, so nothing but what is unpacked tells where the download goes."""
    _, final = stages(
        f"{GCC}RUN curl -L -o a.tar.gz {address} && tar xf a.tar.gz && mkdir -p {directory}/build \\\n"
        f" && cd {directory}/build && make && cp tool /usr/bin && cd / && rm -rf {directory} a.tar.gz\n"
        "CMD curl -o /x http://example.org/x; tool\n"
    )
    assert "curl -L" not in final
    assert "tar" not in final
    assert "rm -rf tool" not in final


def test_a_commit_cut_short_does_not_tell_the_directory() -> None:
    _, final = stages(
        f"{GCC}RUN curl -L https://github.com/a/tool/archive/0123abc.tar.gz | tar xz -C /opt\n"
        "RUN cd /opt/tool-0123abc && make && cp tool /usr/bin\nCMD curl -o /x http://example.org/x; tool\n"
    )
    assert "tar xz" in final


def test_sources_that_are_moved_to_the_tree_that_is_built_are_the_builders() -> None:
    _, final = stages(
        f"{GCC}RUN cd /srv && curl -o n.tar.bz2 http://example.org/n-1.tar.bz2 && tar xf n.tar.bz2 && rm n.tar.bz2 \\\n"
        " && mv n-1 n && cd n && mkdir build && cd build && cmake .. && make\n"
        'COPY start.sh /\nENTRYPOINT ["/start.sh"]\n'
    )
    assert "COPY --from=builder /srv/n /srv/n\n" in final
    assert "bz2" not in final
    assert "mv" not in final
