"""The real readers and writers of AEM as one fixture, for tests that hold our models to them.

The Java side (java/pom.xml, java/src) is built by Maven once a session. Every question starts one JVM, asks it
all inputs in one go and ends it; nothing starts before a test asks. docs/testing.md tells more.
"""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from grammar.values import SCALAR_TYPES, WRAPPER_OF, Float32, Float64, Scalar, Shape, Value
from tests.live.sling.boot.java import java11

HERE = Path(__file__).parent
JVM = ("-Xmx768m", "-Xss4m", "-XX:+UseSerialGC", "-Duser.timezone=UTC", "-Dfile.encoding=UTF-8")
LONGEST_RUN = 300
"""Seconds after which a reader counts as hanging."""


@dataclass(frozen=True)
class Answer:
    """What one real reader makes of one file.

    Attributes:
        values: what it loads, in the dictionary's own order; None when it gives up.
        error: Java's exception with its causes, when it gives up.
        odd: type names of loaded values that grammar.values cannot hold (mixed collections and the like).
        written: what the reader's own writer makes of the values; None when that fails.
        refused: by ConfigAdmin version, why it would not take what was loaded.
    """

    values: dict[str, Value] | None
    error: str = ""
    odd: dict[str, str] = field(default_factory=dict)
    written: bytes | None = None
    refused: dict[str, str] = field(default_factory=dict)


class Readers:
    """The built oracle: asks any of the real readers and writers, and what makes PIDs of file names."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def read(
        self, reader: str, files: Sequence[bytes], name: str | Sequence[str] = "x.config"
    ) -> list[Answer]:
        """Let `felix-VERSION` or `installer-VERSION` read files; `name` is one name, or one a file."""
        names = [name] * len(files) if isinstance(name, str) else name
        return [
            _answer(answer)
            for answer in self._ask(
                f"read\t{reader}\t{file_name}\t{base64.b64encode(data).decode()}"
                for file_name, data in zip(names, files, strict=True)
            )
        ]

    def write(
        self, reader: str, configurations: Sequence[Mapping[str, Value]], form: str = "config"
    ) -> list[bytes | str]:
        """What the real writer gives for typed values: bytes, or the exception's text."""
        requests = (f"write\t{reader}\t{form}\t{_request(values)}" for values in configurations)
        return [
            base64.b64decode(answer["written"]) if "written" in answer else answer["writeException"]
            for answer in self._ask(requests)
        ]

    def pids(self, build: str, names: Sequence[str]) -> list[tuple[str, str | None]]:
        """`service.pid` and `service.factoryPid` that a build of the configuration factory makes of file names."""
        requests = (f"pid\tfactory-{build}\t{base64.b64encode(name.encode()).decode()}" for name in names)
        return [(answer["pid"], answer["factoryPid"]) for answer in self._ask(requests)]

    def _ask(self, requests: Iterable[str]) -> list[dict[str, Any]]:
        lines = list(requests)
        # The converter of 3.9.0 misbehaves on a newer Java than it knew.
        old = bool(lines) and lines[0].split("\t")[1] == "installer-3.9.0"
        command = [
            str(java11()) if old else "java",
            *JVM,
            "-cp",
            str(self._target / "classes"),
            "slingshift.readers.Main",
        ]
        try:
            done = subprocess.run(
                [*command, str(self._target / "readers")],
                input="".join(f"{line}\n" for line in lines).encode("ascii"),
                capture_output=True,
                check=False,
                timeout=LONGEST_RUN,
            )
        except subprocess.TimeoutExpired:
            pytest.fail(f"the oracle gave no answer within {LONGEST_RUN} s")
        answers: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode != 0 or len(answers) != len(lines):
            pytest.fail(
                f"the oracle gave {len(answers)} of {len(lines)} answers: {done.stderr.decode()[-2000:]}"
            )
        for answer in answers:
            if "failure" in answer:
                pytest.fail(f"the oracle failed: {answer['failure']}")
        return answers


def _answer(answer: dict[str, Any]) -> Answer:
    if "exception" in answer:
        return Answer(None, answer["exception"])
    odd = {key: typed["type"] for key, typed in answer["values"].items() if not _is_ours(typed)}
    return Answer(
        values={key: _value(typed) for key, typed in answer["values"].items() if key not in odd},
        odd=odd,
        written=base64.b64decode(answer["written"]) if "written" in answer else None,
        refused=answer["refused"],
    )


def _element(type_name: str) -> tuple[str, Shape]:
    if type_name.endswith("[]"):
        return type_name.removesuffix("[]"), Shape.ARRAY
    if type_name.startswith("Collection<"):
        element = type_name.removeprefix("Collection<").removesuffix(">")
        return "String" if element == "?" else element, Shape.COLLECTION
    return type_name, Shape.SCALAR


def _is_ours(typed: dict[str, Any]) -> bool:
    element, shape = _element(typed["type"])
    return element in SCALAR_TYPES or (shape is Shape.ARRAY and element in WRAPPER_OF)


def _value(typed: dict[str, Any]) -> Value:
    element, shape = _element(typed["type"])
    return Value(element, shape, tuple(_item(element, item) for item in typed["values"]))


def _item(element: str, item: Any) -> Scalar:
    kind = WRAPPER_OF.get(element, element)
    if item is not None and kind == "Float":
        return Float32(item & 0xFFFFFFFF)
    if item is not None and kind == "Double":
        return Float64(item & 0xFFFFFFFFFFFFFFFF)
    found: Scalar = item
    return found


def _request(values: Mapping[str, Value]) -> str:
    return ";".join(
        f"{_hex(name)}={value.type_name}:{''.join(_hex(_text(item)) + ',' for item in value.items)}"
        for name, value in values.items()
    )


def _hex(text: str) -> str:
    return text.encode("utf-16-be", "surrogatepass").hex()


def _text(item: Scalar) -> str:
    if isinstance(item, (Float32, Float64)):
        return str(item.bits - (1 << item.width) if item.bits >> (item.width - 1) else item.bits)
    if isinstance(item, bool):
        return "true" if item else "false"
    return str(item)


@pytest.fixture(scope="session")
def readers() -> Readers:
    """The built oracle. From Maven's local repository when it has everything, else from Maven Central."""
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            pytest.fail(f"the live tests need {tool} on the PATH (Java 17, Maven 3.8); see docs/testing.md")
    command = ["mvn", "-q", "-B", "-f", str(HERE / "java" / "pom.xml"), "process-classes"]
    offline = subprocess.run([*command, "-o"], capture_output=True, text=True, check=False)
    if offline.returncode != 0:
        online = subprocess.run(command, capture_output=True, text=True, check=False)
        if online.returncode != 0:
            pytest.fail(f"Maven could not build the oracle:\n{online.stdout[-3000:]}")
    return Readers(HERE / "java" / "target")


@pytest.fixture(scope="session")
def rounds() -> int:
    """How many times the usual number of random inputs; LIVE_ROUNDS=20 makes a long run."""
    return int(os.environ.get("LIVE_ROUNDS", "1"))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Random, but the same in every run; LIVE_SEED=n gives other inputs."""
    return random.Random(f"{request.node.name} {os.environ.get('LIVE_SEED', '0')}")


@pytest.fixture(scope="session")
def check() -> Callable[[Iterable[tuple[bytes, str]]], None]:
    """Fails with the shortest of the disagreements it is given: pairs of an input and what is wrong."""

    def fail_with_shortest(disagreements: Iterable[tuple[bytes, str]]) -> None:
        found = sorted(disagreements, key=lambda pair: len(pair[0]))
        if found:
            shown = "\n".join(f"{data!r}\n    {text}" for data, text in found[:8])
            pytest.fail(f"{len(found)} disagreements, the shortest first:\n{shown}", pytrace=False)

    return fail_with_shortest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below this folder is live; pytest hands this hook the items of the whole session."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.live)
