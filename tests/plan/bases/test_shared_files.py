"""Files that libraries open by a fixed name: they come along where base and packages lack them."""

import pytest

from converter.convert import convert
from converter.outcome import Converted
from tests.plan.stages import stages

MIME_TYPES = "COPY --from=builder /etc/mime.types /etc/mime.types\n"
GO = 'FROM golang:1.21-bookworm\nWORKDIR /app\nCOPY . .\nRUN go build -o /srv/api .\n{}CMD ["/srv/api"]\n'
PYTHON = (
    "FROM python:3.11-bookworm\nRUN apt-get update && apt-get install -y libpq-dev {} && useradd app\n"
    "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . /app\nEXPOSE 80\n"
    'CMD ["python", "/app/app.py"]\n'
)


def test_mime_types_stand_beside_certificates() -> None:
    _, final = stages(GO.format("EXPOSE 80\n"))
    assert "# Certificates and mime types of the old base\nCOPY --from=builder /etc/ssl/" in final
    assert MIME_TYPES in final


def test_what_serves_nothing_needs_no_mime_types() -> None:
    _, final = stages(GO.format(""))
    assert "# Certificates of the old base\n" in final
    assert "mime" not in final


def test_they_follow_the_run_that_installs_packages() -> None:
    _, final = stages(PYTHON.format("tini"))
    assert f"&& useradd app\n# Mime types of the old base\n{MIME_TYPES}" in final


@pytest.mark.parametrize("package", ["media-types", "apache2", "python3-yaml"])
def test_packages_that_stay_may_bring_them(package: str) -> None:
    _, final = stages(PYTHON.format(package))
    assert MIME_TYPES not in final


@pytest.mark.parametrize(
    ("base", "rest"),
    [
        ("node:20-bookworm", 'RUN npm ci\nEXPOSE 80\nCMD ["node", "app.js"]\n'),
        ("golang:1.21-alpine", 'RUN go build -o /srv/api .\nEXPOSE 80\nCMD ["/srv/api"]\n'),
        ("rust:1.80-bookworm", 'RUN cargo install --path .\nEXPOSE 80\nCMD ["app"]\n'),
    ],
)
def test_others_do_not_read_them(base: str, rest: str) -> None:
    outcome = convert(f"FROM {base}\nWORKDIR /app\nCOPY . .\n{rest}")
    assert isinstance(outcome, Converted)
    assert "mime.types" not in outcome.dockerfile
