"""A plan carried out on an instance, step by step, each written down before it is sent and after reading confirms it.

1. Look: nothing has changed since the plan, and the installer is not paused.
2. Write the journal: every byte, and the values of what will be deleted.
3. One POST swaps all files (`swap`); what it took away is compared with what was seen, and put back if it differs.
4. Wait until the new values run, and until a crash of the instance cannot lose the swap any more (`settling`).
5. Delete what outlives its file, by evidence (`aftermath`), remove the cached token, restart bundles where asked.
6. Remove what was moved aside below /var: the journal has it, and nobody else is to find a secret there.

Cut off anywhere, `resume` looks and goes on; nothing of it depends on what the journal says was sent.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grammar import forms
from grammar.errors import ParseError
from migrate.runs import audit, journal, listing, locks
from migrate.runs.errors import ApplyError, Kind
from migrate.runs.instance import aftermath, recording, settling, swap
from migrate.runs.instance.aftermath import Orphan
from migrate.runs.instance.recording import InstanceJournal, Options
from migrate.runs.instance.settling import Awaited, Clock, Tell, silent
from migrate.runs.instance.survey import Goal, differing, look
from migrate.runs.instance.swap import Swap
from migrate.runs.journal import APPLYING, DONE, INTERRUPTED, ROLLED_BACK, UNDO_INTERRUPTED, UNDOING
from migrate.runs.records import Run
from migrate.runs.state import prepare
from migrate.targets.base import Target
from migrate.targets.changes import sha256
from migrate.targets.instance import installer, rights
from migrate.targets.instance.access import Access
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.targets.instance.files import Files
from migrate.targets.instance.session import WritingSession
from migrate.targets.instance.work import Work
from migrate.targets.names import identify


@dataclass(slots=True)
class Doing:
    """One run that is being carried out, finished or taken back.

    Attributes:
        session: to the instance.
        written: the journal.
        tell: says how far it is.
        before: what an undo found the run to be, and what it stays when nothing comes of it.
        notes: what was done besides, and what could not be, one line each.
        left: what was not done, one line each.
    """

    session: WritingSession
    written: InstanceJournal
    tell: Tell
    before: str = APPLYING
    notes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def options(self) -> Options:
        return self.written.told.options

    def aside(self, way: str) -> str:
        """The run's folder below /var for one way."""
        return f"{self.folder}/{way}"

    @property
    def folder(self) -> str:
        return f"{swap.VAR}/{self.written.journal.id}"

    def run(self, state: str) -> Run:
        """What the caller gets."""
        return Run.of(self.written.journal.record.info(state), self.notes, self.left)


def execute(
    target: Target,
    work: Work,
    access: Access,
    *,
    options: Options | None = None,
    state: Path | None = None,
    description: str = "",
    tell: Tell = silent,
) -> Run:
    """Carry out what a plan says of an instance, as one run.

    Args:
        target: what was planned.
        work: the plan's.
        access: how to reach it.
        state: the state folder, by default the user's.
        description: a summary for `undo --list`; must hold no secret.
        tell: is told how far it is, a line now and then.

    Raises:
        InstanceError: the instance cannot be used. Once the swap may have been sent, the run stays interrupted, and the
            message says how to go on.
        ApplyError: something has changed since the plan, another run is at work, or the journal cannot be written.
    """
    options = options or Options()
    if work.closed is not None and not options.repository_only:
        raise console_closed(target, work.closed)
    folder = prepare(state)
    with locks.hold(folder, [target.root]), WritingSession(target, access) as session:
        journal.sweep(folder)
        listing.refuse_unsettled(folder, [target.root])
        refuse_paused(session)
        _refuse_changed(session, work)
        written = recording.create(folder, target, work, options, description)
        with written.journal.owned():
            doing = Doing(session, written, tell)
            _begin(written)
            with told_how_to_go_on(written):
                forward(doing)
            return _finished(doing)


def _begin(written: InstanceJournal) -> None:
    """Write down in the audit log, where one is wanted, that the run begins; without that it does not."""
    try:
        audit.tell(audit.BEGUN, written.journal.record)
    except ApplyError as error:
        written.journal.set_last_mark(ROLLED_BACK)
        written.journal.purge()
        raise ApplyError(error.kind, f"{error}. Nothing was changed", run=written.journal.id) from None


def console_closed(target: Target, why: str) -> InstanceError:
    """Nothing is done without the console, unless that was asked for."""
    message = f"{why}; without it nobody sees whether old instances run on, so nothing was done"
    return InstanceError(Rule.CONSOLE_FORBIDDEN, target.root, message, _CLOSED)


_CLOSED = (
    "--repository-only swaps the files all the same, and lists what somebody must do in the console; another user may "
    "be let in"
)


def resume(written: InstanceJournal, session: WritingSession, tell: Tell = silent) -> Run:
    """Finish an interrupted apply; the caller holds the locks, and owns the journal.

    Raises:
        InstanceError: as :func:`execute`.
        ApplyError: as :func:`execute`.
    """
    doing = Doing(session, written, tell)
    with told_how_to_go_on(written):
        refuse_paused(session)
        refuse_closed(doing)
        audit.tell(audit.BEGUN, written.journal.record)
        forward(doing)
    return _finished(doing)


def _finished(doing: Doing) -> Run:
    journal_of = doing.written.journal
    journal_of.set_last_mark(DONE)
    journal_of.purge()
    doing.notes += audit.told(audit.DONE, journal_of.record)
    return doing.run(DONE)


def forward(doing: Doing) -> None:
    """Bring the instance to the new state from wherever it is."""
    written = doing.written
    clock = Clock(doing.session)
    goals = new_goals(written)
    if goals and swap_to(doing, goals, "old"):
        clock = Clock(doing.session)
        doing.tell("the files are swapped")
    awaited = _awaited(doing, goals)
    orphans = [
        Orphan(pid, factory, name, doing.written.live().get(pid, {}))
        for pid, factory, name in written.told.left
    ]
    finish(doing, clock, goals, awaited, orphans)
    if written.told.token is not None and not doing.options.keep_token:
        said, is_gone = aftermath.remove_token(doing.session, written, written.told.token)
        (doing.notes if is_gone else doing.left).append(said)
    if doing.options.restart and not doing.options.repository_only:
        doing.notes += aftermath.restart(doing.session, written)
    clean(doing)


def finish(
    doing: Doing, clock: Clock, goals: Sequence[Goal], awaited: Sequence[Awaited], orphans: Sequence[Orphan]
) -> None:
    """Wait, and delete what outlives its file; without the console, say what somebody must do there."""
    if doing.options.repository_only:
        settling.rest(doing.session, clock, doing.tell)
        doing.notes += [
            f"in the web console, see that {one.label} runs with the values of its file" for one in awaited
        ]
        pids = dict.fromkeys([*(one.pid for one in orphans), *_may_outlive(doing.written)])
        doing.notes += [f"in the web console, delete {pid} if it still runs after that" for pid in pids]
        return
    doing.written.step("wait", "begun", ", ".join(one.label for one in awaited))
    came = settling.settle(doing.session, awaited, clock, wait=doing.options.wait, tell=doing.tell)
    if came.lacking:
        lacking = "; ".join(came.lacking)
        message = f"{doing.written.base}: after {doing.options.wait:g} s not everything runs: {lacking}"
        raise ApplyError(Kind.NOT_RUNNING, message, run=doing.written.journal.id)
    doing.written.step("wait", "confirmed", ", ".join(one.label for one in awaited))
    doing.left += [_adopted(wanted, pid) for wanted, pid in came.adopted.items()]
    settled = [one for one in awaited if one.label not in came.adopted]
    stale = [one for one in orphans if one.pid not in came.adopted.values()]
    done, left = aftermath.delete(doing.session, doing.written, stale, settled, goals)
    doing.notes += done
    doing.left += left


def _adopted(wanted: str, pid: str) -> str:
    """What an adopted instance is, and the way on."""
    return (
        f"{pid} runs with the new values in the place of {wanted}: the installer adopted it, and the next start "
        f"deletes it for good. Before that, `slingshift apply` once more gives the file a name of its own, which lasts"
    )


def _may_outlive(written: InstanceJournal) -> Iterator[str]:
    """What may run on after its dotted file went, where nobody could look."""
    for index, _ in written.told.moves:
        identity = identify(written.entries[index].path)
        if identity is not None and identity.separator == ".":
            yield f"{identity.factory_pid}.{identity.name}"


# --- the swap ------------------------------------------------------------------------------------------------------


def swap_to(doing: Doing, goals: Sequence[Goal], way: str, kept: dict[str, str] | None = None) -> bool:
    """Swap the files to some goals, unless they are there already; gives whether anything was sent.

    Args:
        way: `old` forward, `new` back: what the folder below /var then holds.
        kept: what comes back from below /var.

    Raises:
        ApplyError: the files are neither as before nor as after: nothing was touched. Or somebody edited one in
            between: it was put back, and the run is over.
        InstanceError: the instance refused, or cannot be read.
    """
    written, session = doing.written, doing.session
    origin = old_goals(written) if way == "old" else left_goals(written)
    reached, differ = differing(session, goals, origin)
    if reached is None:
        raise foreign(written, differ)
    before = {goal.path: goal.digest for goal in origin}
    lacking = rights.read(session, ["/var"])[0].missing if reached else ()
    at = Swap(before, goals, doing.aside(way), kept or {})
    if lacking:
        at = _without_aside(doing, at)
    if reached != 0:
        written.step("swap", "sent", way)
        problem = swap.send(session, at)
        if problem is not None and not problem.maybe_done and lacking is None:
            # Nobody could tell whether we may write to /var; it may have been that.
            at = _without_aside(doing, at)
            problem = swap.send(session, at)
        if problem is not None:
            raise _refused(doing, problem, way)
        written.step("swap", "confirmed", way)
    compare(doing, at, way, was_sent=reached != 0)
    return reached != 0


def compare(doing: Doing, at: Swap, way: str, *, was_sent: bool) -> None:
    """Whether the swap took away what was seen before."""
    found = swap.taken(doing.session, at)
    lost = [path for path, seen in found.items() if seen.data is None and was_sent]
    if lost:
        names = ", ".join(f"/{path}" for path in lost)
        doing.notes.append(
            f"somebody else took {names} away at the same moment; what is there is what this run wrote"
        )
    others = swap.edited(at, found)
    if not others:
        return
    names = ", ".join(f"/{path}" for path in others)
    doing.written.step("put-back", "sent", names)
    if not swap.put_back(doing.session, at):
        message = f"somebody edited {names} while it was swapped, and it could not be put back: it is below /{at.aside}"
        raise ApplyError(Kind.CONFLICT, message, run=doing.written.journal.id)
    doing.written.step("put-back", "confirmed", names)
    clean(doing)
    _nothing_came(doing, way)
    message = f"somebody edited {names} after it was looked at; it was put back as they left it, and nothing is changed"
    fix = (
        "Plan again and review it"
        if way == "old"
        else "See whether that edit is to stay before anything is undone"
    )
    raise ApplyError(Kind.STALE, f"{message}. {fix}", run=doing.written.journal.id)


def _nothing_came(doing: Doing, way: str) -> None:
    """The run is over; or it was to be taken back, and is what it was before."""
    if way == "new":
        doing.written.journal.set_mark(doing.before)
        return
    doing.written.journal.set_last_mark(ROLLED_BACK)
    doing.written.journal.purge()
    doing.notes += audit.told(audit.ROLLED_BACK, doing.written.journal.record)


def _refused(doing: Doing, problem: InstanceError, way: str) -> InstanceError | ApplyError:
    """The swap was not carried out, and everything is as before."""
    if problem.maybe_done:
        return problem
    _nothing_came(doing, way)
    fix = problem.fix
    if problem.status in (409, 500):
        again = "plan again" if way == "old" else "undo it again"
        fix = f"Another one may have been at work at the same moment, or a right is missing: {again}"
    message = f"{problem.message}; nothing was changed"
    return InstanceError(problem.rule, problem.where, message, fix, status=problem.status)


def _without_aside(doing: Doing, at: Swap) -> Swap:
    """The swap where nothing can be written below /var."""
    doing.notes.append(
        "/var is not writable for this user: old files were deleted in the swap, so an edit of somebody else in that "
        "very moment would not have been seen"
    )
    return dataclasses.replace(at, aside=None)


def clean(doing: Doing) -> None:
    """Remove what lies below /var."""
    if Files(doing.session).node(f"/{doing.folder}") is None:
        return
    doing.written.step("clean", "sent", doing.folder)
    try:
        swap.clear(doing.session, doing.folder)
    except InstanceError as error:
        if not error.refused:
            raise
        doing.left.append(str(error))
    else:
        doing.written.step("clean", "confirmed", doing.folder)


# --- what is wanted ------------------------------------------------------------------------------------------------


def new_goals(written: InstanceJournal) -> list[Goal]:
    """What stands at each path of a run when it is done."""
    return [
        Goal.of(entry.path, None if entry.new is None else written.bytes_of(number, "new"))
        for number, entry in enumerate(written.entries)
    ]


def left_goals(written: InstanceJournal) -> list[Goal]:
    """The same for those who only look: the bytes are gone from the journal when the run is done."""
    return [Goal(one.path, None if one.new is None else one.new.sha256) for one in written.entries]


def old_goals(written: InstanceJournal) -> list[Goal]:
    """What stood at each path of a run before it."""
    return [
        Goal.of(
            entry.path,
            None if entry.old is None else written.bytes_of(number, "old"),
            is_node=number in written.told.nodes,
        )
        for number, entry in enumerate(written.entries)
    ]


def awaited_of(
    pid: str | None, factory_pid: str, name: str | None, files: dict[str, bytes]
) -> Awaited | None:
    """What must run because of some files; None where no reader could read one."""
    choices = []
    for path, data in files.items():
        with contextlib.suppress(ParseError):
            choices.append((path, forms.parse(data, form=forms.form_of(path) or "config")))
    return Awaited(pid, factory_pid, name, tuple(choices)) if choices else None


def _awaited(doing: Doing, goals: Sequence[Goal]) -> list[Awaited]:
    """What must run afterwards; a file that the run leaves alone counts as it stands."""
    written = {goal.path: goal.data for goal in goals}
    files = Files(doing.session)
    found = []
    for one in doing.written.told.wanted:
        told = {
            path: data if (data := written.get(path)) is not None else files.content(f"/{path}")
            for path in one.paths
            if path not in written or written[path] is not None
        }
        awaited = awaited_of(one.pid, one.factory_pid, one.name, told)
        if awaited is not None:
            found.append(awaited)
    return found


# --- what forbids it -----------------------------------------------------------------------------------------------


def refuse_paused(session: WritingSession) -> None:
    if Files(session).children(installer.PAUSE):
        message = (
            f"{session.where(installer.PAUSE)}: the installer is paused, so whatever is written, nothing would happen. "
            "Somebody else may be at work; remove the node when it was left behind"
        )
        raise ApplyError(Kind.CONFLICT, message)


def refuse_closed(doing: Doing) -> None:
    """Nothing is swapped where the console does not tell us what then runs, unless that was asked for.

    Raises:
        InstanceError: it does not.
    """
    if not doing.options.repository_only:
        installer.read(doing.session)


def _refuse_changed(session: WritingSession, work: Work) -> None:
    """Nothing is sent to an instance whose files are not what the plan saw."""
    before = {piece.old: piece.before for piece in work.pieces if piece.old is not None}
    made = {piece.new: None for piece in work.pieces if piece.new is not None and piece.new not in before}
    for path, seen in look(session, [*before, *made]).items():
        wanted = before.get(path)
        same = (
            seen.data is None
            if wanted is None
            else seen.data is not None and sha256(seen.data) == sha256(wanted)
        )
        if not same or seen.is_strange:
            where = session.where(f"/{path}")
            message = f"{where}: not what the plan saw; nothing was changed. Plan again and review it"
            raise ApplyError(Kind.STALE, message)


def foreign(written: InstanceJournal, differ: Sequence[str]) -> ApplyError:
    """Somebody changed files after the run began."""
    id_ = written.journal.id
    return ApplyError(
        Kind.CONFLICT,
        f"{len(differ)} {'files are' if len(differ) > 1 else 'file is'} neither what run {id_} found nor what it "
        f"leaves; nothing was touched, so that no later work is lost. The originals are in {written.journal.folder} "
        f"(old.0, old.1 ...): bring each file to one of the two and try again, or give the run up with "
        f"`slingshift undo --forget {id_}`",
        files=tuple(f"/{path}" for path in differ),
        run=id_,
    )


@contextlib.contextmanager
def told_how_to_go_on(written: InstanceJournal) -> Iterator[None]:
    """Let every error that leaves the run interrupted say what to do."""
    try:
        yield
    except InstanceError as error:
        advice = _advice(written)
        if not advice:
            raise
        raise InstanceError(
            error.rule,
            error.where,
            error.message,
            ". ".join(filter(None, (error.fix, advice[0].upper() + advice[1:]))),
            status=error.status,
            maybe_done=error.maybe_done,
        ) from None
    except ApplyError as error:
        if error.kind is not Kind.NOT_RUNNING:
            raise
        raise ApplyError(error.kind, f"{error}; {_advice(written)}", run=error.run) from None
    except KeyboardInterrupt:
        message = "; ".join(filter(None, ("stopped from the keyboard", _advice(written))))
        raise ApplyError(Kind.STOPPED, message, run=written.journal.id) from None


def _advice(written: InstanceJournal) -> str:
    """How to go on with a run; empty where there is nothing to go on with, since nothing was begun or left undone."""
    states = {APPLYING: INTERRUPTED, UNDOING: UNDO_INTERRUPTED}
    state = states.get(written.journal.mark())
    return listing.advice(written.journal.record.info(state)) if state else ""
