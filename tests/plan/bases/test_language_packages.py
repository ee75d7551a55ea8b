"""A base keeps the interpreter of the language packages that are copied, whatever the container starts."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

NGINX = "RUN apt-get update && apt-get install -y nginx\n"


@pytest.mark.parametrize(
    ("text", "base"),
    [
        (f"FROM node:20\n{NGINX}RUN npm i tool\nCMD nginx\n", "node:20-slim"),
        (
            f"FROM node:20\n{NGINX}WORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ['bash', 'node x.js']\n".replace(
                "'", '"'
            ),
            "node:20-slim",
        ),
        (
            f"FROM ruby:3.2\n{NGINX}WORKDIR /app\nCOPY . .\nRUN bundle install --path vendor/bundle\nCMD nginx\n",
            "ruby:3.2-slim",
        ),
        (
            f"FROM python:3.11\n{NGINX}RUN python -m venv /venv && /venv/bin/pip install numpy\nCMD nginx\n",
            "python:3.11-slim",
        ),
        # what is served was bundled: the packages stay behind, or only come along in the tree
        (
            f"FROM node:20-bookworm\n{NGINX}COPY . /web\nRUN cd /web && npm ci && npm run build\n"
            "RUN cp -r /web/dist/. /var/www/html/\nCMD nginx\n",
            "debian:bookworm-slim",
        ),
    ],
)
def test_packages_that_are_copied_keep_their_interpreter(text: str, base: str) -> None:
    assert stages(text)[1].split("\n", 1)[0] == base


def test_packages_that_are_copied_keep_the_interpreter_of_the_distribution() -> None:
    _, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache build-base nodejs && npm install node-sass\n"
        'ENTRYPOINT ["/node_modules/node-sass/bin/node-sass"]\n'
    )
    assert "nodejs" in final


def test_an_unpacked_tool_chain_stays_behind_and_what_it_installed_is_found_on_path() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y curl git\n"
        "RUN mkdir /goroot && curl https://example.org/go1.4.tar.gz | tar xz -C /goroot --strip-components=1\n"
        "ENV GOROOT=/goroot GOPATH=/gopath\nENV PATH $PATH:$GOROOT/bin:$GOPATH/bin\n"
        "RUN git clone https://example.org/x /gopath/src/x && cd /gopath/src/x && go install -v .\n"
        'ENTRYPOINT ["x"]\nCMD ["--help"]\n'
    )
    assert "COPY --from=builder /gopath/bin/x /gopath/bin/x" in final
    assert "bin/--help" not in final  # an option is no program
    assert "/goroot /goroot" not in final
