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
        ("ubuntu", False),
        ("node", False),
    ],
)
def test_modules_of_pip_stay_in_old_and_unknown_releases(base: str, wanted: bool) -> None:
    for python, pip in (("python3", "pip3"), ("python", "pip")):
        _, final = stages(FILE.format(base, f"{python}-pip", pip, python))
        assert f"{python}-pip" not in final
        assert (f"{python}-requests" in final) is wanted
