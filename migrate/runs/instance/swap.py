"""The one Sling POST that makes the new files and takes the old ones away, and what it took.

Everything of a POST is kept in one commit, or nothing is. `@MoveFrom` takes a file out of its folder in that very
commit, whatever it holds then: so reading it where it was moved to tells whether somebody changed it after it was
looked at, which `If-Match` and locks do not (Sling ignores both). A file that keeps its name is copied there instead,
before its content is written. The order within a request is Sling's own (``ModifyOperation``): moves, copies,
deletions, content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grammar import forms
from grammar.values import Shape, Value
from migrate.runs.instance.survey import Goal, Seen, differing, look
from migrate.targets.instance.answers import refusal
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.targets.instance.files import CONFIGURATION, TYPE, Files
from migrate.targets.instance.session import Upload, WritingSession

VAR = "var/slingshift"
"""Below it each run has a folder of its own."""
_STILL = 12
_PAUSE = 1.0
"""How often, and after how many seconds, we look whether a request without an answer was carried out after all."""


@dataclass(slots=True)
class Swap:
    """One swap, forward or back.

    Attributes:
        now: sha256 of what stands at each path before it; None for nothing.
        goals: what shall stand there after it, path by path.
        aside: the folder below /var that what goes is moved to; None where that is not writable.
        kept: paths below /var from which files come back with all that belongs to them, by their own paths.
    """

    now: Mapping[str, str | None]
    goals: Sequence[Goal]
    aside: str | None
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> list[Goal]:
        """What stands there before, as goals."""
        return [Goal(goal.path, self.now[goal.path]) for goal in self.goals]

    def places(self) -> dict[str, str]:
        """Where each path that something is taken from finds what it held, below /var."""
        if self.aside is None:
            return {}
        return {
            goal.path: f"{self.aside}/{number}-{goal.path.rpartition('/')[2]}"
            for number, goal in enumerate(self.goals)
            if self.now[goal.path] not in (None, goal.digest)
        }


def send(session: WritingSession, swap: Swap) -> InstanceError | None:
    """Send the POST; whatever comes back, reading tells what it did.

    Returns:
        None when everything is as wanted; else what kept it from being so, and then everything is as before. Its
        `maybe_done` says whether it may still come.

    Raises:
        InstanceError: the instance cannot be read any more; it is not known what was done.
    """
    posted_to, fields, uploads = _request(swap)
    problem: InstanceError | None = None
    try:
        answer = session.post(posted_to, fields, uploads)
    except InstanceError as error:
        problem = error
    else:
        problem = refusal(
            session.where(posted_to), posted_to, answer.status, answer.location, session.access.user
        )
    for turn in range(_STILL):
        reached, differ = differing(session, swap.goals, swap.origin)
        if reached == 0:
            return None
        if problem is None or not problem.maybe_done or reached is None:
            break
        if turn + 1 < _STILL:
            session.sleep(_PAUSE)
    if problem is not None and reached == 1:
        return problem
    raise _unclear(session, posted_to, problem, differ)


def taken(session: WritingSession, swap: Swap) -> dict[str, Seen]:
    """What was taken away, by the paths that it was taken from; absent where nothing came.

    Raises:
        InstanceError: the instance cannot be read.
    """
    places = swap.places()
    found = look(session, list(places.values()))
    return {path: found[place] for path, place in places.items()}


def edited(swap: Swap, found: Mapping[str, Seen]) -> list[str]:
    """The paths that held something else than was seen before: somebody edited them in between."""
    return [path for path, seen in found.items() if seen.data is not None and seen.digest != swap.now[path]]


def put_back(session: WritingSession, swap: Swap) -> bool:
    """Take the swap back as it was found to be: what was moved aside returns, with somebody else's edit.

    Raises:
        InstanceError: the instance cannot be used.
    """
    places = swap.places()
    found = taken(session, swap)
    fields = {
        f"/{path}@MoveFrom": f"/{place}" for path, place in places.items() if found[path].data is not None
    }
    made = [goal.path for goal in swap.goals if goal.digest is not None and swap.now[goal.path] is None]
    fields |= {f"/{path}@Delete": "true" for path in made}
    session.post(_posted_to(swap.goals), {"_charset_": "utf-8", **fields})
    goals = [
        *(Goal(path, seen.digest) for path, seen in found.items() if seen.digest is not None),
        *(Goal(path, None) for path in made),
    ]
    return differing(session, goals)[0] == 0


def clear(session: WritingSession, folder: str) -> None:
    """Remove a run's folder below /var, and the one above it when that is empty then.

    Raises:
        InstanceError: the instance cannot be used, or refuses.
    """
    for path, only_empty in ((folder, False), (VAR, True)):
        files = Files(session)
        parent, _, name = path.rpartition("/")
        if files.node(f"/{path}") is None or (only_empty and files.children(f"/{path}")):
            continue
        answer = session.post(f"/{parent}", {f"./{name}@Delete": "true"})
        if Files(session).node(f"/{path}") is not None:
            where = session.where(f"/{path}")
            found = refusal(where, f"/{path}", answer.status, answer.location, session.access.user)
            raise found or _stays(session, path)


# --- the request -----------------------------------------------------------------------------------------------


def _request(swap: Swap) -> tuple[str, dict[str, str | Sequence[str]], list[Upload]]:
    fields: dict[str, str | Sequence[str]] = {"_charset_": "utf-8"}
    uploads: list[Upload] = []
    places = swap.places()
    for goal in swap.goals:
        if swap.now[goal.path] == goal.digest:
            continue
        there = swap.now[goal.path] is not None
        place = places.get(goal.path)
        if goal.digest is None:
            fields |= (
                {f"/{goal.path}@Delete": "true"} if place is None else {f"/{place}@MoveFrom": f"/{goal.path}"}
            )
            continue
        if there and place is not None:
            fields[f"/{place}@CopyFrom"] = f"/{goal.path}"
        if goal.path in swap.kept and not there:
            fields[f"/{goal.path}@MoveFrom"] = f"/{swap.kept[goal.path]}"
        elif goal.is_node:
            fields |= dict(_node(goal))
        else:
            assert goal.data is not None
            uploads.append(Upload(f"/{goal.path}", goal.path.rpartition("/")[2], goal.data))
    return _posted_to(swap.goals), fields, uploads


def _posted_to(goals: Sequence[Goal]) -> str:
    """The node that the request is sent to: the one folder, or what is above all of them.

    Each name in the request is a whole path; so where it is sent to decides nothing but whether it is answered.
    """
    folders = {goal.path.rpartition("/")[0] for goal in goals}
    return f"/{folders.pop()}" if len(folders) == 1 else "/apps"


def _node(goal: Goal) -> Iterator[tuple[str, str | list[str]]]:
    """The fields that make a sling:OsgiConfig node again."""
    assert goal.data is not None
    yield f"/{goal.path}/{TYPE}", CONFIGURATION
    for one in forms.parse(goal.data).properties:
        several = one.value.shape is not Shape.SCALAR
        yield f"/{goal.path}/{one.name}@TypeHint", _hint(one.value) + ("[]" if several else "")
        texts = [_text(item) for item in one.value.items]
        yield f"/{goal.path}/{one.name}", texts if several else texts[0]


def _hint(value: Value) -> str:
    return value.element if value.element in ("Boolean", "Long", "Double") else "String"


def _text(item: object) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    return str(getattr(item, "number", item))


# --- what came of it ---------------------------------------------------------------------------------------------


def _unclear(
    session: WritingSession, posted_to: str, problem: InstanceError | None, differ: Sequence[str]
) -> InstanceError:
    """Neither the state before nor the wanted one, or the one before though it was said to be done."""
    said = f"{problem.message}, and " if problem else ""
    names = ", ".join(f"/{path}" for path in differ)
    message = f"{said}not as the run wants it: {names}"
    fix = "Somebody else is at work there: look at these files before anything else"
    return InstanceError(Rule.NOT_AS_EXPECTED, session.where(posted_to), message, fix, maybe_done=True)


def _stays(session: WritingSession, path: str) -> InstanceError:
    message = "it could not be removed, and holds what the files held, secrets too"
    return InstanceError(Rule.FORBIDDEN, session.where(f"/{path}"), message, "Remove it in CRXDE")
