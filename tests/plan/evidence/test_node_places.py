"""Places that installs of Node packages fill, and those that they only may fill."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages


@pytest.mark.parametrize("install", ["yarn", "yarn install --frozen-lockfile", "yarn add x@2.1.0"])
def test_yarn_1_makes_no_folder_of_its_own(install: str) -> None:
    _, final = stages(
        f'FROM node:20\nWORKDIR /app\nCOPY package.json yarn.lock ./\nRUN {install}\nCMD ["node", "index.js"]\n'
    )
    assert "COPY --from=builder /app/node_modules /app/node_modules\n" in final
    assert "/app/.yarn" not in final


@pytest.mark.parametrize(
    "before", ["COPY .yarnrc.yml ./\n", "RUN corepack enable\n", "RUN yarn set version 4.1.0\n"]
)
def test_what_a_later_yarn_makes_comes_whole(before: str) -> None:
    _, final = stages(
        "FROM node:20\nWORKDIR /app\nCOPY package.json yarn.lock ./\n"
        f'{before}RUN yarn\nCOPY . .\nCMD ["node", "index.js"]\n'
    )
    assert "COPY --from=builder /app /app\n" in final


@pytest.mark.parametrize(
    "prefix",
    ["ENV NPM_CONFIG_PREFIX=/home/node/.npm-global", "RUN npm config set prefix /home/node/.npm-global"],
)
def test_manual_pages_of_a_prefix_may_not_be_there(prefix: str) -> None:
    _, final = stages(
        f"FROM node:20\n{prefix}\nENV PATH=$PATH:/home/node/.npm-global/bin\n"
        'RUN npm install -g uglify-js\nCMD ["uglify-js"]\n'
    )
    assert "COPY --from=builder /home/node/.npm-global/lib/node_modules " in final
    assert "share/man" not in final


BARE = """\
FROM {base}
RUN apt-get update && apt-get install -y nodejs npm build-essential && npm install -g express-generator
{before}RUN {command}
WORKDIR /var/www
CMD ["npm", "start"]
"""


@pytest.mark.parametrize("command", ["npm update", "npm install", "npm update express"])
def test_an_install_of_what_no_file_lists_makes_nothing(command: str) -> None:
    _, final = stages(BARE.format(base="debian:bookworm", before="", command=command))
    assert "node_modules" not in final


@pytest.mark.parametrize(
    ("base", "before", "command"),
    [
        ("debian:bookworm", "", "npm install express"),
        ("debian:bookworm", "COPY package.json /\n", "npm update"),
        ("debian:bookworm", "COPY . /\n", "npm install"),
        ("debian:bookworm", "RUN npm init -y\n", "npm update"),
        ("debian:bookworm", "COPY package.json /\nWORKDIR /a\n", "npm install"),
    ],
)
def test_an_install_of_what_is_named_or_listed_makes_a_folder(base: str, before: str, command: str) -> None:
    _, final = stages(BARE.format(base=base, before=before, command=command))
    assert "node_modules" in final
