"""What is a gain: what later RUNs take away is still in the layers below."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Converted, Unchanged

NODE = """\
FROM node:18-alpine
WORKDIR /app
COPY package*.json ./
RUN {install}
COPY . .
RUN npm run build{behind}
CMD ["node", "dist/main.js"]
"""


@pytest.mark.parametrize(
    ("install", "behind"),
    [
        ("npm ci", "\nRUN npm prune --production"),
        ("npm ci", " && npm prune --omit=dev"),
        ("npm ci", "\nRUN NODE_ENV=production npm ci"),
        ("npm ci", "\nENV NODE_ENV=production\nRUN npm prune"),
        ("npm install", "\nRUN rm -rf node_modules && npm install --production"),
        ("npm install", "\nRUN rm -rf node_modules"),
        ("yarn", "\nRUN yarn install --production"),
        ("NODE_ENV=development npm ci", "\nRUN npm prune --production"),
    ],
)
def test_packages_for_development_that_a_later_run_takes_away_are_still_in_the_layers(
    install: str, behind: str
) -> None:
    outcome = convert(NODE.format(install=install, behind=behind))
    assert isinstance(outcome, Converted)
    assert "COPY --from=builder /app /app" in outcome.dockerfile


@pytest.mark.parametrize(
    ("install", "behind"),
    [
        ("npm ci", "\nRUN npm prune"),
        ("npm ci", "\nRUN npm prune --production=false"),
        ("npm ci --only=production", "\nRUN npm prune --production"),
        ("npm ci && npm run compile && npm prune --production", ""),
        ("npm ci && rm -rf node_modules", ""),
        ("npm ci", "\nRUN mv node_modules /node_modules"),
        ("npm install -g serve", "\nRUN cd /usr && npm install --production"),
    ],
)
def test_nothing_is_gained_where_the_same_run_or_nobody_takes_packages_away(
    install: str, behind: str
) -> None:
    outcome = convert(NODE.format(install=install, behind=behind))
    assert isinstance(outcome, Unchanged)
    assert outcome.reason.code == "MS501"


def test_composer_takes_packages_for_development_away_too() -> None:
    text = (
        "FROM php:8-apache\nWORKDIR /var/www\nCOPY composer.* ./\nRUN composer install\nCOPY . .\n"
        "RUN vendor/bin/phpunit\nRUN composer install{}\n"
    )
    assert isinstance(convert(text.format(" --no-dev")), Converted)
    assert isinstance(convert(text.format("")), Unchanged)


KEYS = """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y gnupg1 ca-certificates \\
    && export GNUPGHOME="$(mktemp -d)" \\
    && for key in A B; do \\
        echo "fetching $key"; \\
        gpg1 --keyserver hkp://keyserver.ubuntu.com:80 --recv-keys "$key"; \\
        test -n "$key" || exit 1; \\
    done \\
    && gpg1 --export A B > /etc/apt/keyrings/x.gpg \\
    && rm -rf "$GNUPGHOME" \\
    && apt-get remove --purge --auto-remove -y gnupg1 \\
    && apt-get install -y nginx
CMD ["nginx", "-g", "daemon off;"]
"""


def test_keys_whose_tool_the_same_run_removes_are_no_build() -> None:
    outcome = convert(KEYS)
    assert isinstance(outcome, Unchanged)
    assert outcome.reason.code == "MS501"
