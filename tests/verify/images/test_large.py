"""A large image is read in little memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MEGABYTES = 300


def test_an_image_of_five_gigabytes_is_read_in_little_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.verify.images.large", "5"],
        cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True,
    )  # fmt: skip
    entries, megabytes = map(int, done.stdout.split())
    assert entries == 6  # the files and their folder
    assert megabytes < MEGABYTES
