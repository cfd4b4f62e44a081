"""Artifacts by their coordinates, out of Maven's local repository or from Maven Central."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from tests.live.sling.boot.errors import BootError
from tests.live.sling.boot.places import TARGET, alone

REPOSITORY = TARGET / "repository"
"""In Maven's own layout, since the feature launcher reads it as a repository."""

LOCAL = Path.home() / ".m2" / "repository"
PLUGIN = ("org.apache.maven.plugins", "maven-dependency-plugin", "3.6.1")
AT_ONCE = 4
"""Maven runs side by side: one run fetches one artifact after the other and mostly waits."""


@dataclass(frozen=True)
class Artifact:
    """One file in a Maven repository."""

    group: str
    name: str
    version: str
    type: str = "jar"
    classifier: str = ""

    @classmethod
    def parse(cls, coordinates: str) -> Artifact:
        """``group:name:version`` or ``group:name:type[:classifier]:version``, as feature files write it."""
        group, name, *middle, version = coordinates.split(":")
        return cls(group, name, version, *middle)

    @property
    def file_name(self) -> str:
        classifier = f"-{self.classifier}" if self.classifier else ""
        return f"{self.name}-{self.version}{classifier}.{self.type}"

    @property
    def place(self) -> Path:
        """Where it is in any Maven repository."""
        return Path(self.group.replace(".", "/")) / self.name / self.version / self.file_name

    @property
    def path(self) -> Path:
        """Where it is once it has been fetched."""
        return REPOSITORY / self.place


def fetch(artifacts: Iterable[Artifact]) -> int:
    """Bring every artifact to its path. Returns how many were not there yet."""
    wanted = list(dict.fromkeys(artifacts))
    if all(artifact.path.exists() for artifact in wanted):
        return 0
    with alone("repository"):
        missing = [artifact for artifact in wanted if not artifact.path.exists()]
        with tempfile.TemporaryDirectory(dir=TARGET) as folder:
            strange = [artifact for artifact in missing if not _from_local(artifact, Path(folder) / "copy")]
            if strange:
                _from_central(strange, Path(folder))
    return len(missing)


def _from_local(artifact: Artifact, copy: Path) -> bool:
    """Take it out of Maven's own repository, when that is where it usually is: starting Maven takes seconds."""
    try:
        shutil.copyfile(LOCAL / artifact.place, copy)
    except FileNotFoundError:
        return False
    _put(copy, artifact)
    return True


def _from_central(artifacts: Sequence[Artifact], folder: Path) -> None:
    if shutil.which("mvn") is None:
        raise BootError("the live Slings need mvn on the PATH (Maven 3.8); see docs/testing.md")
    _copy(artifacts[:1], folder / "first")  # Maven fetches its plugin before several runs share it.
    rest = artifacts[1:]
    shards = [rest[n::AT_ONCE] for n in range(min(AT_ONCE, len(rest)))]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(_copy, shards, (folder / f"shard-{n}" for n in range(len(shards)))))


def _copy(artifacts: Sequence[Artifact], work: Path) -> None:
    """One Maven run."""
    work.mkdir()
    (work / "pom.xml").write_text(_pom(artifacts, work / "files"), "utf-8")
    command = ["mvn", "-q", "-B", "-f", str(work / "pom.xml"), f"{':'.join(PLUGIN)}:copy"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BootError(f"Maven could not fetch the artifacts of the live Slings:\n{done.stdout[-3000:]}")
    for number, artifact in enumerate(artifacts):
        _put(work / "files" / str(number), artifact)


def _put(file: Path, artifact: Artifact) -> None:
    """A file gets to its path only when it is whole."""
    artifact.path.parent.mkdir(parents=True, exist_ok=True)
    file.rename(artifact.path)


def _pom(artifacts: Sequence[Artifact], folder: Path) -> str:
    items = "".join(
        f"<artifactItem><groupId>{escape(artifact.group)}</groupId><artifactId>{escape(artifact.name)}</artifactId>"
        f"<version>{escape(artifact.version)}</version><type>{escape(artifact.type)}</type>"
        f"<classifier>{escape(artifact.classifier)}</classifier><destFileName>{number}</destFileName></artifactItem>"
        for number, artifact in enumerate(artifacts)
    )
    group, name, version = PLUGIN
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>slingshift</groupId><artifactId>fetch</artifactId>"
        "<version>1</version><packaging>pom</packaging><build><plugins><plugin>"
        f"<groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version>"
        f"<configuration><outputDirectory>{escape(str(folder))}</outputDirectory>"
        f"<artifactItems>{items}</artifactItems></configuration></plugin></plugins></build></project>"
    )
