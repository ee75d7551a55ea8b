"""What stays of the distribution's pip: in old releases modules that it then installs no second time."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

FILE = """\
FROM {}
RUN apt-get update && apt-get install -y gcc {}
RUN {} install requests
COPY app.py /
CMD ["{}", "/app.py"]
"""


@pytest.mark.parametrize(
    ("base", "wanted"),
    [
        ("someone/thing", True),
        ("debian:jessie", True),
        ("node:7.3", True),  # of jessie, though its tag does not say so
        ("debian:bookworm", False),
        ("node", False),
        ("php:8.2-apache", False),  # no image of this series was on an older release
        ("php:5.6.30-apache", True),
        ("nginx:1.22", False),
        ("nginx:1.9.5", True),
    ],
)
@pytest.mark.parametrize("python", ["python", "python3"])
def test_modules_of_pip_stay_in_old_and_unknown_releases(base: str, python: str, wanted: bool) -> None:
    assert _keeps_modules(base, python) is wanted


@pytest.mark.parametrize("base", ["ubuntu", "debian:latest", "debian:stable-slim"])
def test_a_moving_tag_with_the_pip_of_python_2_is_an_old_release(base: str) -> None:
    assert _keeps_modules(base, "python")
    assert not _keeps_modules(base, "python3")


def _keeps_modules(base: str, python: str) -> bool:
    pip = python.replace("python", "pip")
    _, final = stages(FILE.format(base, f"{python}-pip", pip, python))
    assert f"{python}-pip" not in final
    return f"{python}-requests" in final
