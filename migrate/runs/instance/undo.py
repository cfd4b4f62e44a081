"""A run on an instance taken back: the files exactly, or where that would leave no provider, the old values.

Before factory configuration 1.4.6 the file `F.<uuid>` means an instance of the factory `F.<8 digits>`, which there is
not: what the console made ran only because ConfigAdmin remembered it. There the old values return under the new name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from grammar import forms, patterns
from grammar.errors import ParseError
from grammar.pids import InstallerBuild
from migrate.runs import audit
from migrate.runs.instance import apply, swap
from migrate.runs.instance.aftermath import Orphan
from migrate.runs.instance.apply import Doing, told_how_to_go_on
from migrate.runs.instance.recording import InstanceJournal
from migrate.runs.instance.settling import Awaited, Clock, Tell, silent
from migrate.runs.instance.survey import Goal, differing, look
from migrate.runs.instance.swap import Swap
from migrate.runs.journal import APPLYING, UNDOING, UNDONE
from migrate.runs.records import Run
from migrate.targets.instance.session import WritingSession
from migrate.targets.instance.work import NAMES
from migrate.targets.names import Identity, identify, identify_node

_DIGITS = patterns.lazy(r"[0-9]+")


class WayBack(NamedTuple):
    """What an undo does.

    Attributes:
        goals: what shall stand at each path.
        lines: what becomes of each file, for people.
    """

    goals: tuple[Goal, ...]
    lines: tuple[str, ...]


def way_back(written: InstanceJournal) -> WayBack:
    """What taking a run back means, from its journal alone.

    Raises:
        ApplyError: the journal is damaged.
    """
    old = apply.old_goals(written)
    goals, lines = list(old), []
    moved = dict(written.told.moves)
    for index, goal in enumerate(old):
        if goal.data is not None and _is_lost(written, index):
            goals[index] = Goal.of(goal.path, None)
            target = moved.get(index)
            if target is None:
                lines.append(f"/{goal.path} stays away: under this name no instance would run because of it")
                continue
            goals[target] = Goal.of(old[target].path, goal.data)
            lines.append(
                f"/{old[target].path} gets the old values: as /{goal.path} no instance would run because of it"
            )
        elif goal.data is not None:
            new = written.entries[index].new
            lines.append(f"/{goal.path} {'comes back' if new is None else 'gets its old content'}")
    for index in written.told.ran:
        goals[index] = Goal.of(old[index].path, written.ran(index))
        lines.append(f"/{old[index].path} gets the values that ran without a file")
    for goal, entry in zip(goals, written.entries, strict=True):
        if goal.data is None and entry.new is not None:
            lines.append(f"/{goal.path} goes")
    return WayBack(tuple(goals), tuple(lines))


def outline(written: InstanceJournal) -> list[str]:
    """What an undo would do, line by line, for people.

    Raises:
        ApplyError: the journal is damaged.
    """
    lines = list(way_back(written).lines)
    if twins := _twins(written):
        lines.append(
            f"of several files for one PID the installer may count another than before: {', '.join(twins)}"
        )
    if written.told.left:
        pids = ", ".join(pid for pid, _, _ in written.told.left)
        values = "files have their values again" if written.entries else "nothing has their values any more"
        lines.append(f"not made again, since the console makes PIDs of its own: {pids}; {values}")
    if written.told.token is not None and not written.told.options.keep_token:
        lines.append("not put back: the cached token")
    lines.append("a JWT credential does not come back with the values: Adobe ended them")
    return lines


def _twins(written: InstanceJournal) -> list[str]:
    """Instances of which a folder has more than one file again."""
    seen: dict[tuple[str, str, str], int] = {}
    for index, goal in enumerate(way_back(written).goals):
        identity = _identity(written, index)
        if goal.data is not None and identity is not None:
            at = (identity.folder, identity.factory_pid, identity.edited_name)
            seen[at] = seen.get(at, 0) + 1
    return [f"/{folder}: {factory}~{name}" for (folder, factory, name), count in seen.items() if count > 1]


def undo(written: InstanceJournal, session: WritingSession, tell: Tell = silent) -> Run:
    """Take a run back; the caller holds the locks, and owns the journal.

    Raises:
        InstanceError: the instance cannot be used; the same call again goes on.
        ApplyError: files are neither as the run found them nor as it left them; nothing was touched.
    """
    doing = Doing(session, written, tell, before=written.journal.mark())
    wanted = way_back(written)
    audit.tell(audit.UNDO_BEGUN, written.journal.record)
    with told_how_to_go_on(written):
        back(doing, wanted.goals)
    written.journal.set_last_mark(UNDONE)
    written.journal.purge()
    doing.notes += audit.told(audit.UNDONE, written.journal.record)
    return doing.run(UNDONE)


def forget(written: InstanceJournal, session: WritingSession) -> None:
    """Remove what a run left below /var, whatever it holds.

    Raises:
        InstanceError: the instance cannot be used, or refuses.
    """
    swap.clear(session, f"{swap.VAR}/{written.journal.id}")


def back(doing: Doing, goals: Sequence[Goal]) -> None:
    """Bring the instance back from wherever it is."""
    written = doing.written
    apply.refuse_paused(doing.session)
    old, new = apply.old_goals(written), apply.left_goals(written)
    number, differ = differing(doing.session, goals, new, old)
    if number is None:
        raise apply.foreign(written, differ)
    if number == 1 and doing.before == APPLYING:
        # Killed before it was compared: somebody's edit may lie below /var, and must not be lost.
        forward = Swap({goal.path: goal.digest for goal in old}, new, doing.aside("old"))
        apply.compare(doing, forward, "old", was_sent=False)
    # The swap was never carried out, or the instance has lost it: nothing is to be awaited.
    is_old = number == 2 or not written.has_sent("swap")
    if not is_old:
        apply.refuse_closed(doing)
    written.journal.set_mark(UNDOING)
    if is_old:
        apply.clean(doing)
        return
    clock = Clock(doing.session)
    if apply.swap_to(doing, goals, "new", _kept(doing, goals)):
        clock = Clock(doing.session)
        doing.tell("the files are swapped back")
    awaited = list(_awaited(written, goals))
    apply.finish(doing, clock, goals, awaited, list(_orphans(written, awaited)))
    apply.clean(doing)


def _is_lost(written: InstanceJournal, index: int) -> bool:
    """Whether a file under its old name would stand for a factory that there is not."""
    identity = _identity(written, index)
    if identity is None or identity.separator != "." or _DIGITS.fullmatch(identity.name):
        return False
    build = written.told.build
    return build is None or InstallerBuild.of(build) is not InstallerBuild.V1_4_6


def _identity(written: InstanceJournal, index: int) -> Identity | None:
    path = written.entries[index].path
    return identify_node(path) if index in written.told.nodes else identify(path)


def _kept(doing: Doing, goals: Sequence[Goal]) -> dict[str, str]:
    """What lies below /var as it was, and can come back from there with all that belongs to it."""
    places = {
        goal.path: f"{doing.aside('old')}/{number}-{goal.path.rpartition('/')[2]}"
        for number, goal in enumerate(goals)
        if goal.data is not None
    }
    found = look(doing.session, list(places.values()))
    wanted = {goal.path: goal.digest for goal in goals}
    return {path: place for path, place in places.items() if found[place].digest == wanted[path]}


# --- what then runs ------------------------------------------------------------------------------------------------


def _awaited(written: InstanceJournal, goals: Sequence[Goal]) -> Iterator[Awaited]:
    """What runs once the files are back, each once; of files that nothing ran because of, nothing is awaited."""
    forward = {(one.factory_pid, path) for one in written.told.wanted for path in one.paths}
    moved = dict(written.told.moves)
    files: dict[tuple[str | None, str, str | None], dict[str, bytes]] = {}
    ran = set()
    for index, goal in enumerate(goals):
        identity = _identity(written, index)
        if goal.data is None or identity is None:
            continue
        key = (
            _pid(written, identity),
            identity.factory_pid,
            _integration(identity.factory_pid, goal.path, goal.data),
        )
        # A twin that the run deleted comes back as well, and of twins the installer takes which it will.
        files.setdefault(key, {})[goal.path] = goal.data
        paths = {goal.path, goals[moved[index]].path if index in moved else goal.path}
        if any((identity.factory_pid, path) in forward for path in paths):
            ran.add(key)
    for key in files.keys() & ran:
        found = apply.awaited_of(*key, files[key])
        if found is not None:
            yield found


def _pid(written: InstanceJournal, identity: Identity) -> str | None:
    """The PID that a file gets on the build; None where that makes one up, or where the old one may still be there."""
    build = written.told.build
    is_old = build is not None and InstallerBuild.of(build) is InstallerBuild.V1_0
    if identity.separator == ".":
        is_singleton = _DIGITS.fullmatch(identity.name)
        return f"{identity.factory_pid}.{identity.edited_name}" if is_singleton else None
    return None if is_old else f"{identity.factory_pid}~{identity.edited_name}"


def _integration(factory_pid: str, path: str, data: bytes) -> str | None:
    try:
        return forms.parse(data, form=forms.form_of(path) or "config").text(NAMES[factory_pid])
    except ParseError:
        return None


def _orphans(written: InstanceJournal, awaited: Sequence[Awaited]) -> Iterator[Orphan]:
    """What the run did not come to delete, and now runs beside what has its values."""
    live = written.live()
    for pid, factory, name in written.told.left:
        if any((one.factory_pid, one.name) == (factory, name) for one in awaited):
            yield Orphan(pid, factory, name, live.get(pid, {}))
