"""Users and groups: Debian's and busybox's spellings of the same thing, and whether a home is made."""

from __future__ import annotations

from msgspec.structs import replace

from converter.effects.call import Call, Handler, Part
from converter.effects.memory import home_of
from converter.effects.model import AccountChange, Basis, Effects, Write, WriteKind
from converter.effects.places import Place


def _home(path: str) -> Write:
    return Write(Place(path.rstrip("/") or "/", True), WriteKind.INSTALL, Basis.PROVEN)


def useradd(call: Call, base: Effects) -> tuple[Part, ...]:
    """Useradd (shadow): the home directory is only made with -m."""
    parsed = call.parsed
    if parsed.has("-D"):
        defaults = Write(Place("/etc/default/useradd"), WriteKind.EDIT, Basis.PROVEN)
        backup = Write(Place("/etc/default/useradd-"), WriteKind.BOOK)
        return (replace(base, writes=(*base.writes, defaults, backup)),)
    name = call.operands[-1].text if call.operands else ""
    home = parsed.value("-d") or f"{parsed.value('-b') or '/home'}/{name}"
    group = parsed.value("-g") or ("users" if parsed.has("-N") else None)
    account = AccountChange("user", name, parsed.has("-r"), parsed.value("-u"), home, group)
    made = (_home(home),) if parsed.has("-m") else ()
    return (replace(base, accounts=(account,), writes=base.writes + made, owners=_groups(call, "-g", "-G")),)


def adduser(call: Call, base: Effects) -> tuple[Part, ...]:
    """adduser: Debian's script (long options) or busybox's applet (short ones)."""
    parsed = call.parsed
    operands = [argument.text for argument in call.operands]
    name = operands[0] if operands else ""
    if len(operands) > 1:
        account = AccountChange("user", name)
        return (replace(base, accounts=(account,), owners=(operands[1],)),)
    if parsed.has("--group") and not parsed.has("--system") and parsed.value("--group") == "":
        return (replace(base, accounts=(AccountChange("group", name, False, parsed.value("--gid")),)),)
    system = parsed.has("--system", "-S", "-r")
    home = parsed.value("-h")
    chosen = home or (f"/home/{name}" if not parsed.has("--system") else "/nonexistent")
    makes = not parsed.has("--no-create-home", "-H", "-M") and not (parsed.has("--system") and home is None)
    alone = parsed.has("--system", "-S") and not parsed.has("--group")
    group = parsed.value("-G") or parsed.value("--ingroup") or ("nogroup" if alone else None)
    account = AccountChange("user", name, system, parsed.value("-u"), chosen, group)
    groups = _groups(call, "-G", "--ingroup", "-g")
    made = (_home(chosen),) if makes else ()
    return (replace(base, accounts=(account,), writes=base.writes + made, owners=groups),)


def _groups(call: Call, *options: str) -> tuple[str, ...]:
    return tuple(
        group
        for option in options
        for value in call.parsed.values(option)
        for group in value.split(",")
        if group and not group.isdigit()
    )


def groupadd(call: Call, base: Effects) -> tuple[Part, ...]:
    """Groupadd and addgroup; `addgroup USER GROUP` changes a membership."""
    operands = [argument.text for argument in call.operands]
    if len(operands) > 1:
        return (replace(base, accounts=(AccountChange("group", operands[1]),), owners=(operands[0],)),)
    system = call.parsed.has("-r", "-S", "--system")
    name = operands[0] if operands else ""
    return (replace(base, accounts=(AccountChange("group", name, system, call.parsed.value("-g")),)),)


def usermod(call: Call, base: Effects) -> tuple[Part, ...]:
    """usermod, and other changes of one account; -m moves the home to -d."""
    parsed = call.parsed
    name = call.operands[-1].text if call.operands else ""
    home = parsed.value("-d")
    account = AccountChange("user", name, False, parsed.value("-u"), home)
    writes, deletes = base.writes, base.deletes
    if home and parsed.has("-m"):
        writes += (_home(home),)
        deletes += (Place(home_of(name, call.state, call.facts), True),)
    if parsed.has("-u"):
        base = replace(base, attributes=(Place(home_of(name, call.state, call.facts), True),))
    return (
        replace(base, accounts=(account,), writes=writes, deletes=deletes, owners=_groups(call, "-g", "-G")),
    )


def userdel(call: Call, base: Effects) -> tuple[Part, ...]:
    """Userdel and deluser; the home goes with -r or --remove-home."""
    name = call.operands[0].text if call.operands else ""
    deletes = base.deletes
    if call.parsed.has("-r", "--remove-home", "--remove-all-files"):
        deletes += (
            Place(home_of(name, call.state, call.facts), True),
            Place(f"/var/mail/{name}"),
            Place(f"/var/spool/mail/{name}"),
        )
    return (replace(base, accounts=(AccountChange("user", name),), deletes=deletes),)


def group_change(call: Call, base: Effects) -> tuple[Part, ...]:
    """groupmod, groupdel, delgroup, gpasswd."""
    name = call.operands[-1].text if call.operands else ""
    return (replace(base, accounts=(AccountChange("group", name, False, call.parsed.value("-g")),)),)


def account_change(call: Call, base: Effects) -> tuple[Part, ...]:
    """passwd, chpasswd, chsh: the account is the operand, or stands before the colon on standard input."""
    names = [argument.text for argument in call.operands]
    if not names and call.feed.text:
        names = [line.partition(":")[0] for line in call.feed.text.splitlines() if ":" in line]
    accounts = tuple(AccountChange("user", name) for name in names)
    return (replace(base, accounts=accounts),)


HANDLERS: dict[str, Handler] = {
    "account_change": account_change,
    "useradd": useradd,
    "adduser": adduser,
    "groupadd": groupadd,
    "usermod": usermod,
    "userdel": userdel,
    "group_change": group_change,
}
