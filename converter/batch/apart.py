"""A chunk of files in a process of its own: for workers that nothing may kill, on whatever machine they are.

`python -m converter.batch.apart` reads a pickled job and chunk from standard input and writes the results to
standard output.
"""

from __future__ import annotations

import pickle
import subprocess
import sys

from converter.batch.discovery import Found
from converter.batch.work import Done, Job, died, work_off


def work_apart(job: Job, chunk: tuple[Found, ...]) -> tuple[Done, ...]:
    """The results of a chunk; where the process dies, each file gets one, and the one that kills it is failed."""
    command = (sys.executable, "-m", __name__)
    answer = subprocess.run(command, input=pickle.dumps((job, chunk)), stdout=subprocess.PIPE, check=False)
    if answer.returncode == 0:
        results: tuple[Done, ...] = pickle.loads(answer.stdout)
        return results
    if len(chunk) == 1:
        return (died(chunk[0], job),)
    return tuple(done for found in chunk for done in work_apart(job, (found,)))


def _main() -> None:
    from converter.batch.executors import warm_up

    job, chunk = pickle.load(sys.stdin.buffer)
    warm_up()
    sys.stdout.buffer.write(pickle.dumps(work_off(job, chunk)))


if __name__ == "__main__":
    _main()
