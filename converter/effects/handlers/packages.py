"""Operating-system packages: operands of one call that mean different things."""

from __future__ import annotations

from msgspec.structs import replace

from converter.effects.arguments import Argument
from converter.effects.call import Call, Handler, Learned, Part
from converter.effects.model import (
    Basis,
    Effects,
    PackageAction,
    PackageChange,
    PackageName,
    Phase,
    Write,
    WriteKind,
)
from converter.effects.package_names import is_file, marks_kept, package_names
from converter.effects.places import Place


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


def apt_remove(call: Call, base: Effects) -> tuple[Part, ...]:
    """`name+` stays, marked as installed by hand; the rest is removed."""
    operands = call.roles.get("p", ())
    staying = tuple(operand for operand in operands if marks_kept(operand.text))
    if not staying:
        return (base,)
    change = base.packages[0]
    kept, _ = package_names(change.manager, staying)
    names, complete = package_names(change.manager, tuple(o for o in operands if o not in staying))
    marked = PackageChange(change.manager, PackageAction.MARK_MANUAL, kept)
    return (replace(base, packages=(marked, replace(change, names=names, complete=complete))),)


def build_dependencies(call: Call, base: Effects) -> tuple[Part, ...]:
    """Packages that a source package or a file names: which ones is not known."""
    program = call.program.rpartition("/")[2]
    manager = {"apt-get": "apt", "aptitude": "apt", "yum-builddep": "yum"}.get(program, program)
    change = PackageChange(manager, PackageAction.INSTALL, (), complete=False)
    return (replace(base, packages=(change,)),)


_MANAGERS = {"debian": "apt", "ubuntu": "apt", "alpine": "apk", "rpm": "yum"}


def missing_packages(call: Call, base: Effects) -> tuple[Part, ...]:
    """What installs the packages of the system that it finds missing, if root runs it: which ones is not known."""
    manager = _MANAGERS.get(call.facts.family)
    if manager is None or not call.by_root:
        return (base,)
    return (replace(base, packages=(PackageChange(manager, PackageAction.INSTALL, (), complete=False),)),)


def files_read(call: Call, base: Effects) -> tuple[Part, ...]:
    """Managers that take package files beside names."""
    reads = tuple(
        call.place(operand.text)
        for operand in call.roles.get("p", ())
        if is_file(operand.text) and "://" not in operand.text
    )
    return (replace(base, reads=base.reads + reads) if reads else base,)


def apk_add(call: Call, base: Effects) -> tuple[Part, ...]:
    """Apk add: a virtual group is remembered, so that `apk del` can name it."""
    group = call.parsed.value("-t")
    parts = files_read(call, base)
    return (*parts, Learned({f"apk-group:{group}": (group,)})) if group else parts


def apk_del(call: Call, base: Effects) -> tuple[Part, ...]:
    """Apk del: the first operand that is a virtual group is named as such."""
    names = [operand.text for operand in call.operands]
    groups = [n for n in names if n.startswith(".") or f"apk-group:{n}" in call.state.learned]
    if not groups:
        return (base,)
    return (replace(base, packages=(replace(base.packages[0], group=groups[0]),)),)


def rpm_group(call: Call, base: Effects) -> tuple[Part, ...]:
    """Groups of packages, written as dnf writes them: `@name`."""
    return _group(call, base, call.operands, PackageAction.INSTALL)


def rpm_groups(call: Call, base: Effects) -> tuple[Part, ...]:
    """`yum group install NAME`, `remove NAME`."""
    verb, *names = call.operands or (None,)
    match verb.text if verb is not None else "list":
        case "list" | "info" | "summary":
            return (replace(base, phase=Phase.NONE, writes=()),)
        case "remove" | "erase":
            return _group(call, base, tuple(names), PackageAction.REMOVE)
        case _:
            return _group(call, base, tuple(names), PackageAction.INSTALL)


def _group(
    call: Call, base: Effects, operands: tuple[Argument, ...], action: PackageAction
) -> tuple[Part, ...]:
    words = [o for o in operands if o.text not in ("install", "-y")]
    names = tuple(PackageName("@" + o.text.lstrip("@"), o.text, o.span, o.literal) for o in words)
    change = PackageChange(call.program.rpartition("/")[2], action, names)
    return (replace(base, packages=(change,)),)


def rpm(call: Call, base: Effects) -> tuple[Part, ...]:
    """rpm: queries change nothing; --import adds a key; -i and -U take files or addresses."""
    parsed, operands = call.parsed, call.operands
    if parsed.has("-q", "-V", "--eval", "-E", "-K") or not operands:
        return (replace(base, phase=Phase.NONE, writes=()),)
    network = any("://" in o.text for o in operands)
    reads = base.reads + tuple(
        call.place(o.text) for o in operands if "://" not in o.text and not parsed.has("-e")
    )
    if parsed.has("--import"):
        return (replace(base, phase=Phase.BOTH, reads=reads, network=network),)
    names, complete = package_names("rpm", operands)
    action = PackageAction.REMOVE if parsed.has("-e") else PackageAction.INSTALL
    change = PackageChange("rpm", action, names, complete=complete)
    return (replace(base, reads=reads, network=network, packages=(change,)),)


def pacman(call: Call, base: Effects) -> tuple[Part, ...]:
    """pacman: the operation is an option, its letters say the rest."""
    parsed = call.parsed
    names, complete = package_names("pacman", call.operands)
    changes: list[PackageChange] = []
    if parsed.has("-S") and parsed.has("-c"):
        clean = PackageChange("pacman", PackageAction.CLEAN)
        deletes = (Place("/var/cache/pacman/pkg", True),)
        return (replace(base, phase=Phase.CLEAN, packages=(clean,), deletes=deletes),)
    if parsed.has("-Q", "-F", "-T", "-D") and not parsed.has("-S"):
        return (replace(base, phase=Phase.NONE, writes=()),)
    if parsed.has("-y"):
        changes.append(PackageChange("pacman", PackageAction.UPDATE))
    if parsed.has("-u"):
        changes.append(PackageChange("pacman", PackageAction.UPGRADE))
    if names or not complete:
        action = PackageAction.REMOVE if parsed.has("-R") else PackageAction.INSTALL
        changes.append(
            PackageChange("pacman", action, names, None, parsed.has("-s") and parsed.has("-R"), complete)
        )
    phase = Phase.BOTH if parsed.has("-u") and not names else Phase.PACKAGE
    return (replace(base, phase=phase, packages=tuple(changes), network=not parsed.has("-R")),)


def dpkg(call: Call, base: Effects) -> tuple[Part, ...]:
    """Dpkg acts by its first option: install, remove, purge, unpack; queries change nothing."""
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
        return apt_remove(call, replace(base, packages=(replace(change, action=action, autoremove=True),)))
    return (replace(base, packages=(replace(change, autoremove=True),)),)


HANDLERS: dict[str, Handler] = {
    "build_dependencies": build_dependencies,
    "missing_packages": missing_packages,
    "apt_autoremove": apt_autoremove,
    "apt_install": apt_install,
    "apt_remove": apt_remove,
    "apk_add": apk_add,
    "apk_del": apk_del,
    "rpm_install": files_read,
    "rpm_group": rpm_group,
    "rpm_groups": rpm_groups,
    "rpm": rpm,
    "pacman": pacman,
    "package_files": files_read,
    "dpkg": dpkg,
}
