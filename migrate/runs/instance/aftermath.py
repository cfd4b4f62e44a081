"""What outlives its file is deleted, by the evidence alone; the cached token goes; bundles restart where asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from migrate.runs.instance.recording import InstanceJournal, Values, texts
from migrate.runs.instance.settling import Awaited, Clock, Console, patiently
from migrate.runs.instance.survey import Goal, differing
from migrate.targets.instance.answers import refusal
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.targets.instance.files import Files
from migrate.targets.instance.live import CONFIGMGR
from migrate.targets.instance.session import WritingSession

_GONE_WITHIN = 10.0
_PAUSE = 0.3
_BUNDLES = "/system/console/bundles"
_OWNERS = ("auth.oauth", "auth.ims")
"""The ends of the symbolic names of the bundles that own the two factories."""
_ACTIVE, _RESOLVED = 32, 4
_RESTART_WITHIN = 60.0


class Orphan(NamedTuple):
    """What is to be deleted.

    Attributes:
        pid: its PID.
        factory_pid: the factory whose it is, or whose it was to be.
        name: the provider's name, or the customizer's type.
        values: its old ones, as the console prints them; none may differ.
    """

    pid: str
    factory_pid: str
    name: str | None
    values: Values

    def __repr__(self) -> str:
        return f"Orphan({self.pid!r})"


def why_not(orphan: Orphan, now: Console, awaited: Sequence[Awaited]) -> str:
    """What speaks against deleting something; empty when all the evidence is there."""
    found = now.runs[orphan.pid]
    if texts(found) != orphan.values:
        return "its values are not those that the plan saw: somebody changed them since"
    if now.installed.of_entity(orphan.pid):
        return "the installer has a file for it"
    if any(
        (one.path or one.url).rpartition("/")[2].startswith(f"{orphan.pid}.")
        for one in now.installed.resources
    ):
        return "there is a file of its name"
    replaces = [one for one in awaited if (one.factory_pid, one.name) == (orphan.factory_pid, orphan.name)]
    if not replaces:
        return "nothing that replaces it was put in place by this run"
    if any(one.pid == orphan.pid for one in replaces):
        return "it is what the new file runs as"
    lacking = next((problem for one in replaces if (problem := now.lacks(one))), "")
    return f"what replaces it is not there: {lacking}" if lacking else ""


def delete(
    session: WritingSession,
    written: InstanceJournal,
    orphans: Sequence[Orphan],
    awaited: Sequence[Awaited],
    goals: Sequence[Goal],
) -> tuple[list[str], list[str]]:
    """Delete what outlives its file, one by one, looking at everything again before and after each.

    Args:
        awaited: what must run, and goes on running.
        goals: what must stand in the repository, and stays there.

    Returns:
        What was done, and what was left with the reason, one line each.

    Raises:
        InstanceError: the instance cannot be used, or something else went with it; nothing more is deleted then.
    """
    done: list[str] = []
    left: list[str] = []
    for orphan in orphans:
        now = _looked(session, Clock(session))
        if orphan.pid not in now.runs:
            continue
        reason = why_not(orphan, now, awaited)
        if reason:
            left.append(f"{orphan.pid} is left where it is: {reason}")
            continue
        written.step("delete-orphan", "sent", orphan.pid)
        path = f"{CONFIGMGR}/{orphan.pid}"
        answer = session.post(path, {"apply": "true", "delete": "true"})
        _confirm_gone(
            session, orphan, refusal(session.where(path), path, answer.status, "", session.access.user)
        )
        _confirm_rest(session, orphan, awaited, goals)
        written.step("delete-orphan", "confirmed", orphan.pid)
        done.append(f"{orphan.pid} is deleted")
    return done, left


def _confirm_gone(session: WritingSession, orphan: Orphan, problem: InstanceError | None) -> None:
    clock = Clock(session)
    while orphan.pid in _looked(session, clock).runs:
        if clock.seconds > _GONE_WITHIN or problem is not None:
            message = f"{orphan.pid} is still there after it was deleted"
            where = session.where(CONFIGMGR)
            raise problem or InstanceError(
                Rule.NOT_AS_EXPECTED, where, message, "Delete it in the web console"
            )
        clock.sleep(_PAUSE)


def _confirm_rest(
    session: WritingSession, orphan: Orphan, awaited: Sequence[Awaited], goals: Sequence[Goal]
) -> None:
    clock = Clock(session)
    while True:
        reached, differ = differing(session, goals)
        now = _looked(session, clock)
        lacking = [f"{one.label}: {problem}" for one in awaited if (problem := now.lacks(one))]
        if reached is None or not lacking or clock.seconds > _GONE_WITHIN:
            break
        clock.sleep(_PAUSE)
    if reached is None or lacking:
        what = "; ".join([*(f"/{path} changed" for path in differ), *lacking])
        message = f"with {orphan.pid} something else went ({what}); nothing more is deleted"
        raise InstanceError(
            Rule.NOT_AS_EXPECTED, session.where(CONFIGMGR), message, "`scan` says what is there"
        )


def _looked(session: WritingSession, clock: Clock) -> Console:
    """What the console tells, once it does: it fails while configurations come and go."""
    return patiently(lambda: Console.look(session), clock, _GONE_WITHIN)


# --- the cached token ---------------------------------------------------------------------------------------------


def remove_token(session: WritingSession, written: InstanceJournal, node: str) -> tuple[str, bool]:
    """Remove the node with the cached token.

    Returns:
        What to say of it, and whether it is gone.

    Raises:
        InstanceError: the instance cannot be used.
    """
    if Files(session).node(node) is None:
        return f"{node} is gone already", True
    parent, _, name = node.rpartition("/")
    written.step("remove-token", "sent", node)
    try:
        answer = session.post(parent, {f"./{name}@Delete": "true"})
    except InstanceError as error:
        if not error.refused:
            raise
        return (
            f"{node} is left where it is: {error.message}. It hides for a day whether the new values work",
            False,
        )
    if Files(session).node(node) is not None:
        said = f"status {answer.status}"
        return f"{node} is left where it is ({said}). It hides for a day whether the new values work", False
    written.step("remove-token", "confirmed", node)
    return f"{node}, the cached token, is removed", True


# --- bundles ------------------------------------------------------------------------------------------------------


def restart(session: WritingSession, written: InstanceJournal) -> list[str]:
    """Stop and start the bundles that own the two factories; gives what was done.

    Raises:
        InstanceError: the instance cannot be used, or a bundle does not start again.
    """
    found = patiently(lambda: _states(session), Clock(session), _RESTART_WITHIN)
    owners = [name for name in found if name.startswith("com.") and name.endswith(_OWNERS)]
    if not owners:
        return ["no bundle of com.adobe.granite.auth is there to be restarted"]
    for action, wanted, order in (("stop", _RESOLVED, owners), ("start", _ACTIVE, owners[::-1])):
        for name in order:
            written.step(f"{action}-bundle", "sent", name)
            session.post(f"{_BUNDLES}/{name}", {"action": action})
            _confirm_state(session, name, wanted)
            written.step(f"{action}-bundle", "confirmed", name)
    return [f"{name} is restarted" for name in owners]


def _confirm_state(session: WritingSession, name: str, wanted: int) -> None:
    clock = Clock(session)
    while (state := patiently(lambda: _states(session), clock, _RESTART_WITHIN).get(name)) != wanted:
        if clock.seconds > _RESTART_WITHIN:
            message = f"the bundle {name} has the state {state}, not {wanted}"
            fix = f"Start it in the web console: {_BUNDLES}"
            raise InstanceError(Rule.NOT_AS_EXPECTED, session.where(_BUNDLES), message, fix)
        clock.sleep(_PAUSE)


def _states(session: WritingSession) -> dict[str, int]:
    told: Any = session.json(f"{_BUNDLES}.json")
    data = told.get("data") if isinstance(told, dict) else None
    return {
        str(one.get("symbolicName")): int(one.get("stateRaw", 0))
        for one in (data if isinstance(data, list) else [])
        if isinstance(one, dict)
    }
