"""Operating-system packages: operands of one call that mean different things."""

from __future__ import annotations

from dataclasses import replace

from converter.effects.call import Call, Handler, Part
from converter.effects.model import Effects, PackageAction, Phase
from converter.effects.package_names import is_file, package_names


def apt_install(call: Call, base: Effects) -> tuple[Part, ...]:
    """`name-` removes, `./file.deb` is read; the rest is installed."""
    operands = call.roles.get("p", ())
    reads = tuple(
        call.place(operand.text)
        for operand in operands
        if is_file(operand.text) and "://" not in operand.text
    )
    leaving = tuple(
        operand for operand in operands if operand.text.endswith("-") and not is_file(operand.text)
    )
    if not leaving:
        return (replace(base, reads=base.reads + reads) if reads else base,)
    staying = tuple(operand for operand in operands if operand not in leaving)
    change = base.packages[0]
    names, complete = package_names(change.manager, staying)
    gone, all_gone = package_names(change.manager, tuple(o._replace(text=o.text[:-1]) for o in leaving))
    changes = (
        replace(change, names=names, complete=complete),
        replace(change, action=PackageAction.REMOVE, names=gone, complete=all_gone),
    )
    return (replace(base, reads=base.reads + reads, packages=changes),)


def files_read(call: Call, base: Effects) -> tuple[Part, ...]:
    """Managers that take package files beside names."""
    reads = tuple(
        call.place(operand.text)
        for operand in call.roles.get("p", ())
        if is_file(operand.text) and "://" not in operand.text
    )
    return (replace(base, reads=base.reads + reads) if reads else base,)


def apk_add(call: Call, base: Effects) -> tuple[Part, ...]:
    """`apk add` with package files; `--root` installs elsewhere."""
    return files_read(call, base)


def dpkg(call: Call, base: Effects) -> tuple[Part, ...]:
    """Dpkg acts by its first option: install, remove, purge, unpack; queries change nothing."""
    from converter.effects.model import Basis, PackageChange, Write, WriteKind

    parsed = call.parsed
    operands = call.operands
    if parsed.has("-i", "--unpack"):
        names, complete = package_names("dpkg", operands)
        change = PackageChange("dpkg", PackageAction.INSTALL, names, complete=complete)
        reads = tuple(call.place(o.text, parsed.has("-R")) for o in operands)
        return (replace(base, phase=Phase.PACKAGE, reads=base.reads + reads, packages=(change,)),)
    if parsed.has("-r", "-P"):
        names, complete = package_names("dpkg", operands)
        action = PackageAction.PURGE if parsed.has("-P") else PackageAction.REMOVE
        return (
            replace(
                base, phase=Phase.PACKAGE, packages=(PackageChange("dpkg", action, names, complete=complete),)
            ),
        )
    if parsed.has("-x", "-X", "-e", "-R") and operands:
        target = operands[1].text if len(operands) > 1 else "DEBIAN"
        write = Write(call.place(target, True), WriteKind.FETCH, Basis.PROVEN)
        return (
            replace(
                base, phase=Phase.FETCH, reads=(*base.reads, call.place(operands[0].text)), writes=(write,)
            ),
        )
    if parsed.has("-b") and operands:
        target = operands[1].text if len(operands) > 1 else operands[0].text + ".deb"
        write = Write(call.place(target, True), WriteKind.OUTPUT, Basis.PROVEN)
        return (
            replace(
                base,
                phase=Phase.BUILD,
                reads=(*base.reads, call.place(operands[0].text, True)),
                writes=(write,),
            ),
        )
    if parsed.has("--add-architecture", "--remove-architecture", "--configure", "-a"):
        return (replace(base, phase=Phase.BOTH),)
    return (replace(base, phase=Phase.NONE, writes=()),)


def apt_autoremove(call: Call, base: Effects) -> tuple[Part, ...]:
    """Operands are removed first; what nothing needs goes with them."""
    change = base.packages[0]
    if call.operands:
        action = PackageAction.PURGE if call.parsed.has("--purge") else PackageAction.REMOVE
        return (replace(base, packages=(replace(change, action=action, autoremove=True),)),)
    return (replace(base, packages=(replace(change, autoremove=True),)),)


PACKAGES: dict[str, Handler] = {
    "apt_autoremove": apt_autoremove,
    "apt_install": apt_install,
    "apk_add": apk_add,
    "package_files": files_read,
    "dpkg": dpkg,
}
