"""Services of /etc/nsswitch.conf (nsswitch.conf(5)) that nothing in a container depends on."""

from __future__ import annotations

from functools import cache

from converter.knowledge.tables import table


@cache
def optional_services() -> frozenset[str]:
    """Those that find what systemd and Avahi know."""
    return frozenset(table("name_services.toml")["optional"])
