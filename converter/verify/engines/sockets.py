"""Listening ports of a container, from the kernel's tables of sockets: nothing in the image is needed."""

from __future__ import annotations

from pathlib import Path

LISTENING = "0A"
"""The state of a listening socket in /proc/net/tcp; see proc_pid_net(5) and the kernel's tcp_states.h."""

MAX_BYTES = 1 << 20


def own_tables(pid: int, container_id: str) -> str | None:
    """The tables of the network that a process of this machine sees; None where it is not that container's.

    A service in a virtual machine gives a process number that means another process here: its control group
    must name the container.
    """
    process = Path("/proc") / str(pid)
    try:
        if not pid or not container_id or container_id not in (process / "cgroup").read_text():
            return None
        return "".join(
            text for name in ("tcp", "tcp6") if (text := _bounded(process / "net" / name)) is not None
        )
    except OSError:
        return None


def _bounded(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES).decode("ascii", "replace")
    except FileNotFoundError:
        return None


def listening_ports(tables: str) -> tuple[int, ...]:
    """Ports on which somebody listens, on any address but those of the loopback alone, sorted."""
    ports = set()
    for row in tables.splitlines():
        fields = row.split()
        if len(fields) > 3 and fields[3] == LISTENING and ":" in fields[1]:
            address, _, port = fields[1].partition(":")
            if not _is_loopback(address):
                ports.add(int(port, 16))
    return tuple(sorted(ports))


def _is_loopback(address: str) -> bool:
    """Whether an address, in the kernel's little-endian hexadecimal words, is 127.0.0.0/8 or ::1."""
    if len(address) == 8:
        return address[6:] == "7F"
    return address == "00000000000000000000000001000000"
