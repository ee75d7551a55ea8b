"""Plays docker for tests: keeps images and containers as files, and fails or hangs where it is told to.

FAKE_STATE is a folder; what is made lies in `images/` and `containers/` under it, calls in `calls`. FAKE_FAULT
is `COMMAND[@NAME]=EFFECT`, where NAME is a part of the arguments; EFFECT is `hang` or the name of a message, with
`_once` behind it if only the first such command fails.
FAKE_REPLIES is a JSON object: what a container does, by the role in its name. A Dockerfile with FAILS in it does
not build. Started once a command, so it imports little.
"""

from __future__ import annotations

import json
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

STATE = os.environ["FAKE_STATE"]
MESSAGES = {
    "disk_full": "write /var/lib/docker/tmp/x: no space left on device",
    "registry": 'Get "https://registry.example/v2/": net/http: request canceled while waiting for connection'
    " (Client.Timeout exceeded while awaiting headers)",
    "unreachable": "Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?",
    "killed": "error during connect: Post http://x/build: EOF",
    "network": "Err:1 http://deb.example bookworm InRelease\n  Temporary failure resolving 'deb.example'",
    "strange": "Error response from daemon: the moon is full",
}
REPLIES: dict[str, Any] = {
    "running": True,
    "exit": 0,
    "log": "ready on 8080\n",
    "exec": [0, "ok\n"],
    "run": [0, "v1\n"],
    "start": "",
}


def main(arguments: list[str]) -> int:
    with open(f"{STATE}/calls", "a") as calls:
        calls.write(json.dumps(arguments) + "\n")
    command = arguments[0]
    before = meet_fault(arguments, early=True)
    code = COMMANDS[command](arguments[1:]) if before is None else before
    after = meet_fault(arguments, early=False)
    return code if after is None else after


def meet_fault(arguments: list[str], early: bool) -> int | None:
    where, _, effect = os.environ.get("FAKE_FAULT", "").partition("=")
    command, _, name = where.partition("@")
    if arguments[0] != command or name not in " ".join(arguments):
        return None
    makes = arguments[0] != "save"  # what is made is there when it hangs; of an archive nothing is
    if effect == "hang" and early is not makes and not os.path.exists(f"{STATE}/hangs"):  # once
        open(f"{STATE}/hangs", "w").close()
        time.sleep(60)
    if effect.endswith("_once") and early and not os.path.exists(f"{STATE}/failed"):
        open(f"{STATE}/failed", "w").close()
        effect = effect.removesuffix("_once")
    if effect in MESSAGES and early:
        sys.stderr.write(MESSAGES[effect] + "\n")
        return 1
    return None


def option(arguments: list[str], name: str) -> str:
    return arguments[arguments.index(name) + 1]


def reply(name: str) -> dict[str, Any]:
    told: dict[str, dict[str, Any]] = json.loads(os.environ.get("FAKE_REPLIES", "{}"))
    return REPLIES | told.get("converted" if "converted" in name else "original", {})


def version(arguments: list[str]) -> int:
    print(
        json.dumps({"Client": {"Version": "20.10.0"}, "Server": {"Version": "20.10.1", "ApiVersion": "1.41"}})
    )
    return 0


def build(arguments: list[str]) -> int:
    with open(option(arguments, "-f")) as file:
        text = file.read()
    print("#5 [2/2] RUN make")
    if "FAILS" in text:
        print("#5 0.4 make: nothing to do\n#5 ERROR: exit code: 2\n------\n > [2/2] RUN make:")
        print("#5 0.4 make: \x1b[31mnothing\x1b[0m to do\n------\nexecutor failed running: exit code: 2")
        return 1
    keep("images", option(arguments, "-t"))
    return 0


def keep(kind: str, name: str) -> None:
    os.makedirs(f"{STATE}/{kind}", exist_ok=True)
    open(f"{STATE}/{kind}/{name}", "w").close()


def image(arguments: list[str]) -> int:
    size = 1000 if "converted" in arguments[1] else 3000
    test = reply(arguments[1]).get("healthcheck")
    config = {"Healthcheck": {"Test": test}} if test else {}
    print(json.dumps([{"Size": size, "RootFS": {"Layers": ["a", "b"]}, "Config": config}]))
    return 0


def save(arguments: list[str]) -> int:
    with open(os.environ["FAKE_ARCHIVE"], "rb") as file:
        sys.stdout.buffer.write(file.read())
    return 0


def create(arguments: list[str]) -> int:
    keep("containers", option(arguments, "--name"))
    return 0


def start(arguments: list[str]) -> int:
    sys.stderr.write(reply(arguments[0])["start"])
    return 1 if reply(arguments[0])["start"] else 0


def container(arguments: list[str]) -> int:
    told = reply(arguments[1])
    state = {"Running": told["running"], "ExitCode": told["exit"], "Pid": 0}
    print(json.dumps([{"Id": "0123456789ab", "State": state, "NetworkSettings": {"IPAddress": "127.0.0.1"}}]))
    return 0


def logs(arguments: list[str]) -> int:
    sys.stdout.write(reply(arguments[0])["log"])
    return 0


def execute(arguments: list[str]) -> int:
    sys.stdout.write(reply(arguments[0])["exec"][1])
    return int(reply(arguments[0])["exec"][0])


def run(arguments: list[str]) -> int:
    if "--entrypoint" in arguments:
        ports = reply(arguments[arguments.index("--network") + 1]).get("ports", [8080])
        for port in ports:
            print(f" 0: 00000000:{port:04X} 00000000:0000 0A 0:0 00:0 0 0 0 1")
        return 0
    name = option(arguments, "--name")
    keep("containers", name)
    sys.stdout.write(reply(name)["run"][1])
    return int(reply(name)["run"][0])


def top(arguments: list[str]) -> int:
    print("PID TIME\n1 00:00:00")
    return 0


def stop(arguments: list[str]) -> int:
    return 0


def remove(kind: str, name: str) -> int:
    path = f"{STATE}/{kind}/{name}"
    if not os.path.exists(path):
        sys.stderr.write(f"Error: No such thing: {name}\n")
        return 1
    os.remove(path)
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "version": version,
    "build": build,
    "image": image,
    "save": save,
    "create": create,
    "start": start,
    "container": container,
    "logs": logs,
    "exec": execute,
    "run": run,
    "stop": stop,
    "top": top,
    "rm": lambda arguments: remove("containers", arguments[-1]),
    "rmi": lambda arguments: remove("images", arguments[-1]),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
