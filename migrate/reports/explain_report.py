"""Which file AEM takes, as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrate.plans.precedence import Decision, Loser, Resource
from migrate.terminal import in_cell, printable
from migrate.texts import loads
from migrate.texts.repository.explaining import VERSION, Entry, Explained

_NONE = "none active"


def to_json(explained: Explained) -> dict[str, object]:
    """The shape of docs/schema/explain.schema.json."""
    return {
        "version": VERSION,
        "platform": explained.platform.id,
        "runModes": [list(modes) for modes in explained.run_modes],
        "configurations": [
            _configuration(explained, pid, entries) for pid, entries in explained.entries.items()
        ],
    }


def _configuration(explained: Explained, pid: str, entries: list[Entry]) -> dict[str, object]:
    return {
        "pid": pid,
        "factoryPid": entries[0].pid.factory_pid,
        "name": entries[0].pid.name,
        "files": [
            {
                **_resource(entry.resource),
                "format": entry.form,
                "runModes": list(entry.resource.run_modes),
                "priority": entry.resource.priority,
                **_otherwise(entry.resource),
                "rule": entry.rule or None,
                "properties": list(entry.properties),
                **({} if entry.state is None else {"state": entry.state}),
            }
            for entry in entries
        ],
        "answers": [
            {
                "runModes": list(active),
                "winner": _resource(decision.winner) if decision.winner else None,
                "tie": decision.is_tie,
                "losers": [
                    {
                        **_resource(loser.resource),
                        "reason": loser.reason.value,
                        "message": loser.because(decision.winner, active),
                    }
                    for loser in decision.losers
                ],
            }
            for active, decision in explained.decisions(pid)
        ],
    }


def _otherwise(resource: Resource) -> dict[str, object]:
    told = {"otherwise": [list(way) for way in resource.otherwise], "needs": list(resource.needs)}
    return {key: value for key, value in told.items() if value}


def _resource(resource: Resource) -> dict[str, object]:
    return {"path": resource.path, "url": resource.url}


def text(explained: Explained, *, matrix: bool) -> str:
    """For people: the winner, what it says and every loser; as a matrix only who wins where."""
    lines: list[str] = []
    for pid in explained.entries:
        lines.append(pid)
        if matrix:
            lines += [f"  {line}" for line in _matrix(explained, pid)]
            continue
        for active, decision in explained.decisions(pid):
            lines += [f"  {line}" for line in _detail(explained, pid, active, decision)]
    return "".join(f"{printable(line)}\n" for line in lines)


def _matrix(explained: Explained, pid: str) -> Iterator[str]:
    answers = [(_modes(active), decision) for active, decision in explained.decisions(pid)]
    width = max(len(modes) for modes, _ in answers)
    for modes, decision in answers:
        yield f"{modes.ljust(width)}  {_winner(decision)}"
    for loser in _never(explained, pid):
        yield f"{'never'.ljust(width)}  {loser.path}: {loser.problem}"


def _never(explained: Explained, pid: str) -> Iterator[Resource]:
    return (entry.resource for entry in explained.entries[pid] if entry.resource.problem)


def _winner(decision: Decision) -> str:
    if decision.winner is None:
        return _NONE
    return decision.winner.path + (" (a tie)" if decision.is_tie else "")


def _modes(active: Iterable[str]) -> str:
    return ", ".join(active) or "any run mode"


def _detail(explained: Explained, pid: str, active: tuple[str, ...], decision: Decision) -> Iterator[str]:
    winner = decision.winner
    if winner is None:
        yield _NONE
    else:
        entry = explained.entry(pid, winner)
        yield f"{winner.path} (priority {decision.priority})" + (" a tie" if decision.is_tie else "")
        for found in entry.properties:
            yield f"  {loads.name(str(found['name']))} = {found['type']} {loads.short(found['value'])}"
        if entry.rule:
            yield f"  not what it looks like: {entry.rule}"
    for loser in decision.losers:
        yield f"beats {_told(loser, winner, active)}" if winner else f"not {_told(loser, winner, active)}"


def _told(loser: Loser, winner: Resource | None, active: tuple[str, ...]) -> str:
    return f"{loser.resource.path}: {loser.because(winner, active)}"


def markdown(explained: Explained) -> str:
    """A table, for a pull request's comment."""
    rows = [("PID", "run modes", "AEM takes", "instead of"), ("---",) * 4]
    for pid in explained.entries:
        for active, decision in explained.decisions(pid):
            beaten = "<br>".join(in_cell(_told(loser, decision.winner, active)) for loser in decision.losers)
            rows.append((in_cell(pid), in_cell(_modes(active)), in_cell(_winner(decision)), beaten))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
