"""`multistage` and `python -m converter`: the way in, so small that asking for the version costs nothing."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and return its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from converter import __version__

        print(f"multistage {__version__}")
        return 0
    try:
        from converter.cli.main import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        from converter.cli.exit_codes import ExitCode

        sys.stderr.write("multistage: interrupted\n")
        return ExitCode.INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
