"""Workflow models: the steps of the one that runs, in the order in which they run, and of the one that people edit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from grammar import patterns

if TYPE_CHECKING:
    from migrate.targets.instance.files import Files

UPDATE_ASSET = "dam/update_asset"
"""DAM Update Asset, below each of the folders of models."""
_TRAINING = patterns.lazy(r"smart[ -]?tags?[ -]training", re.IGNORECASE)
"""Adobe's page names the training model by its title alone."""
RUNNING = ("/var/workflow/models", "/etc/workflow/models")
"""Where the models are that run, in AEM 6.5 and as older ones were taken along."""
DESIGNS = ("/conf/global/settings/workflow/models", "/libs/settings/workflow/models")
"""Where the models are that are edited; the first that is there counts."""
INSTANCES = ("/var/workflow/instances", "/etc/workflow/instances")
_DAYS = 31
"""Folders of a day that are searched for workflows, the newest first: an author may have thousands of each."""


class Step(NamedTuple):
    """A step of a model.

    Attributes:
        title: what people call it.
        process: the class or the script that does it; empty for what does nothing by itself.
        arguments: its metadata, as text.
    """

    title: str
    process: str
    arguments: Mapping[str, str]

    def is_on(self, name: str) -> bool:
        """Whether an argument says yes."""
        return self.arguments.get(name, "").strip().lower() == "true"


class Model(NamedTuple):
    """A model.

    Attributes:
        path: its node.
        steps: in their order.
    """

    path: str
    steps: tuple[Step, ...]


def running(files: Files, name: str) -> Model | None:
    """The model that workflows run by; None where there is none, or none that we may see.

    Raises:
        InstanceError: the instance cannot be used.
    """
    for folder in RUNNING:
        for path in (f"{folder}/{name}", f"{folder}/{name}/jcr:content/model"):
            nodes = files.children(f"{path}/nodes")
            if nodes:
                order = _ordered(list(nodes), files.children(f"{path}/transitions") or {})
                steps = (
                    _step(nodes[one].properties, files.node(f"{path}/nodes/{one}/metaData")) for one in order
                )
                return Model(path, tuple(steps))
    return None


def design(files: Files, name: str) -> Model | None:
    """The model as its editor shows it; what was not synchronized does not run.

    Raises:
        InstanceError: the instance cannot be used.
    """
    for folder in DESIGNS:
        path = f"{folder}/{name}"
        flow = files.children(f"{path}/jcr:content/flow")
        if flow is not None:
            steps = (
                _step(node.properties, files.node(f"{path}/jcr:content/flow/{one}/metaData"))
                for one, node in flow.items()
            )
            return Model(path, tuple(steps))
    return None


def _ordered(names: list[str], transitions: Mapping[str, Any]) -> list[str]:
    """The nodes as the transitions lead from one to the next, the branches of a split one after the other.

    What stands alone comes last, in the order of the repository.
    """
    ways: dict[str, list[str]] = {}
    for node in transitions.values():
        start, end = str(node.properties.get("from", "")), str(node.properties.get("to", ""))
        ways.setdefault(start, []).append(end)
    targets = {end for ends in ways.values() for end in ends}
    todo = [name for name in names if name in ways and name not in targets][::-1]
    found: list[str] = []
    while todo:
        name = todo.pop()
        if name in names and name not in found:
            found.append(name)
            todo += ways.get(name, [])[::-1]
    return found + [name for name in names if name not in found]


def _step(properties: Mapping[str, Any], metadata: Any) -> Step:
    title = properties.get("title") or properties.get("jcr:title") or ""
    values = metadata.properties if metadata is not None else {}
    arguments = {name: _text(value) for name, value in values.items() if not name.startswith("jcr:")}
    return Step(str(title), arguments.get("PROCESS", ""), arguments)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Instance(NamedTuple):
    """A workflow that was started.

    Attributes:
        path: its node.
        status: ``RUNNING``, ``COMPLETED``, ``ABORTED`` ...
        started: when, as the instance tells it.
    """

    path: str
    status: str
    started: str


def training_model(files: Files) -> str | None:
    """The path of the model Smart Tags Training, found by its title; None where there is none that we may see.

    Raises:
        InstanceError: the instance cannot be used.
    """
    for folder in (f"{top}{below}" for top in RUNNING for below in ("", "/dam")):
        for name, node in sorted((files.children(folder) or {}).items()):
            if _TRAINING.search(f"{node.properties.get('title', '')} {name}"):
                return f"{folder}/{name}"
    return None


def instances(files: Files, model: str, limit: int = 3) -> list[Instance]:
    """The newest workflows of a model, the newest first, of those that the last days have.

    Raises:
        InstanceError: the instance cannot be used.
    """
    found: list[Instance] = []
    for path in sorted(_days(files), key=lambda one: one.rpartition("/")[2], reverse=True)[:_DAYS]:
        nodes = files.children(path) or {}
        of_model = [one for one in nodes.values() if model in str(one.properties.get("modelId", ""))]
        of_day = [
            Instance(
                f"{path}/{one.name}",
                str(one.properties.get("status", "")),
                str(one.properties.get("startTime", "")),
            )
            for one in of_model
        ]
        found += reversed(of_day)
        if len(found) >= limit:
            break
    return found[:limit]


def _days(files: Files) -> Iterator[str]:
    """The folders of a day: below the folders of the servers, or right below the top."""
    for top in INSTANCES:
        for name in files.children(top) or {}:
            if _is_day(name):
                yield f"{top}/{name}"
                continue
            yield from (
                f"{top}/{name}/{day}" for day in files.children(f"{top}/{name}") or {} if _is_day(day)
            )


def _is_day(name: str) -> bool:
    return re.match(r"\d{4}-\d{2}-\d{2}", name) is not None
