"""What is to be done on an instance, as data: what a plan shows, and what `runs/` carries out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from grammar.values import Value
from migrate.plans.instance.standing import Running
from migrate.targets.changes import FileChange, told
from migrate.targets.instance.work import Left, Piece, Wanted, Work


class Part(NamedTuple):
    """One file of the swap.

    Attributes:
        change: its old path, its new one where it gets one, its bytes before and after.
        is_node: whether what is there now is a sling:OsgiConfig node; its bytes are the text that says the same.
        state: of the old file in the installer; None where that does not know it.
        entity: the configuration that it stands for, by the installer's own name.
        pid: what runs because of it.
        ran: what runs without a file, as the text of one.
    """

    change: FileChange
    is_node: bool = False
    state: str | None = None
    entity: str | None = None
    pid: str | None = None
    ran: bytes | None = None

    def __repr__(self) -> str:
        sides = f"is_node={self.is_node}, state={self.state!r}, entity={self.entity!r}, pid={self.pid!r}"
        return f"Part({self.change!r}, {sides}, ran={told(self.ran)})"

    @property
    def old(self) -> str | None:
        """The path that is moved away or written anew; None where nothing is there yet."""
        return self.change.path if self.change.before is not None else None

    @property
    def new(self) -> str | None:
        """The path that is written; None where the file only goes."""
        return self.change.final_path if self.change.after is not None else None

    @property
    def takes_away(self) -> bool:
        """Whether the old path is empty afterwards."""
        return self.old is not None and self.old != self.new


class Expected(NamedTuple):
    """What must run once the swap was carried out.

    Attributes:
        pid: its PID; None where the build makes one up.
        factory_pid: the factory.
        name: the provider's name, or the customizer's type.
        choices: the values by the paths of the files that may back it; of twins the installer chooses.
    """

    pid: str | None
    factory_pid: str
    name: str | None
    choices: tuple[tuple[str, tuple[tuple[str, Value], ...]], ...]

    def __repr__(self) -> str:
        return f"Expected({self.pid!r}, {[path for path, _ in self.choices]!r})"


class Orphan(NamedTuple):
    """What runs on with old values, and is deleted by the evidence once what replaces it runs.

    Attributes:
        running: it, as it runs now.
        leaves: ``"restart"`` when the next restart would delete it anyway, ``"ever"`` when nothing would.
        is_there: whether it is an orphan already, before the swap.
    """

    running: Running
    leaves: str
    is_there: bool

    def __repr__(self) -> str:
        return f"Orphan({self.running.live.pid!r}, {self.leaves!r}, {self.is_there!r})"


class Advice(NamedTuple):
    """What nobody but a person can decide or do.

    Attributes:
        id: stable.
        message: what there is, and why it matters.
        fix: what to do.
    """

    id: str
    message: str
    fix: str


class InstancePlan(NamedTuple):
    """What a plan means on an instance. Nothing of it has been done.

    Attributes:
        version: of factory configuration; None where it is not known.
        closed: why the web console tells us nothing; None when it does.
        parts: the files that are swapped, all in one request.
        renames: why an instance gets another N, by the new path.
        expected: what must run afterwards.
        orphans: what then is to be deleted.
        token: the node with the cached token, where that would hide a mistake.
        advice: what is left for a person.
        stays: what runs as it should, and takes the place of orphans.
    """

    version: str | None
    closed: str | None = None
    parts: tuple[Part, ...] = ()
    renames: tuple[tuple[str, str], ...] = ()
    expected: tuple[Expected, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    token: str | None = None
    advice: tuple[Advice, ...] = ()
    stays: tuple[Expected, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that the swap writes to, sorted."""
        paths = {path for part in self.parts for path in (part.old, part.new) if path}
        return tuple(sorted({path.rpartition("/")[0] for path in paths}))

    @property
    def work(self) -> Work:
        """What of it a run carries out."""
        changes = [(part, part.change) for part in self.parts]
        return Work(
            self.version,
            self.closed,
            tuple(
                Piece(part.old, part.new, c.before, c.after, part.is_node, part.ran) for part, c in changes
            ),
            tuple(
                Wanted(one.pid, one.factory_pid, one.name, tuple(path for path, _ in one.choices))
                for one in (*self.expected, *self.stays)
            ),
            tuple(
                Left(one.running.live, one.running.factory_pid, one.running.integration)
                for one in self.orphans
            ),
            self.token,
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do and nothing to say."""
        return not (self.parts or self.orphans or self.advice)

    def lines(self) -> Iterator[str]:
        """What will be done, line by line, for people; no value is in it."""
        if self.parts:
            yield from self._swap()
            for one in self.expected:
                what = one.pid or f"an instance of {one.factory_pid}"
                yield f"wait until {what} runs with the new values, and until the repository has them for good (6 s)"
        for orphan in self.orphans:
            yield _orphan_line(orphan)
        if self.token is not None:
            yield f"remove the cached token, {self.token}: the client id stays the same, so it would hide a mistake"
        for advice in self.advice:
            yield f"for a person: {advice.message}. {advice.fix}"

    def _swap(self) -> Iterator[str]:
        why = dict(self.renames)
        yield f"swap {len(self.parts)} {'files' if len(self.parts) > 1 else 'file'} in one request:"
        for part in self.parts:
            state = f" ({part.state})" if part.state else ""
            reason = f", under another name since {why[part.new]}" if part.new in why else ""
            if part.old is None:
                yield f"  make /{part.new}{reason}"
            elif part.new is None:
                yield f"  take away /{part.old}{state}"
            elif part.takes_away:
                yield f"  /{part.old}{state} becomes /{part.new}{reason}"
            else:
                yield f"  /{part.old}{state} gets new content"

    def to_json(self) -> list[dict[str, object]]:
        """The steps, in their order, as docs/schema/plan.schema.json has them."""
        steps: list[dict[str, object]] = []
        if self.parts:
            steps.append({"step": "swap", "files": [self._part_json(part) for part in self.parts]})
        steps += [
            {
                "step": "wait",
                "pid": one.pid,
                "factoryPid": one.factory_pid,
                "paths": [p for p, _ in one.choices],
            }
            for one in self.expected
        ]
        steps += [_orphan_json(orphan) for orphan in self.orphans]
        if self.token is not None:
            steps.append({"step": "remove-token", "path": self.token})
        steps += [
            {"step": "advise", "id": one.id, "message": one.message, "fix": one.fix} for one in self.advice
        ]
        return steps

    def _part_json(self, part: Part) -> dict[str, object]:
        return {
            "path": part.old,
            "to": part.new,
            "node": part.is_node,
            "state": part.state,
            "entity": part.entity,
            "pid": part.pid,
            "renamed": dict(self.renames).get(part.new or ""),
        }


_UNTIL = {"restart": "until the next restart", "ever": "for ever"}


def _orphan_line(orphan: Orphan) -> str:
    running = orphan.running
    kind = "provider" if running.is_provider else "customizer"
    what = f"{running.live.pid}, the old {kind} {running.integration or ''}".rstrip()
    will = "runs" if orphan.is_there else "will run"
    return f"delete {what}: without a file it {will} on with the old values {_UNTIL[orphan.leaves]}"


def _orphan_json(orphan: Orphan) -> dict[str, object]:
    running = orphan.running
    return {
        "step": "delete-orphan",
        "pid": running.live.pid,
        "factoryPid": running.live.factory_pid,
        "kind": "provider" if running.is_provider else "customizer",
        "integration": running.integration,
        "leaves": orphan.leaves,
        "isThere": orphan.is_there,
    }
