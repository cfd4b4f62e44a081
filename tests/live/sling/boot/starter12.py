"""Starter 12 as a feature file: less what Maven Central lacks and what no test needs, with AEM's settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.live.sling.boot import settings
from tests.live.sling.boot.java import java17
from tests.live.sling.boot.kinds import FACTORY_CONFIGURATION, JMX_RESOURCES, RANDOM_NAMES, UNNEEDED, Kind
from tests.live.sling.boot.maven import REPOSITORY, Artifact, fetch
from tests.live.sling.boot.options import Options, repoinit

Feature = dict[str, Any]

FEATURE = Artifact.parse("org.apache.sling:org.apache.sling.starter:slingosgifeature:oak_tar:12")
LAUNCHER = Artifact.parse("org.apache.sling:org.apache.sling.feature.launcher:1.1.26")
FRAMEWORK = Artifact.parse("org.apache.felix:org.apache.felix.framework:7.0.0")
"""The launcher looks for this one whatever the feature says."""

FROM_THE_UNNEEDED = ("composum", "org.apache.felix.hc.", "org.apache.sling.jcr.maintenance.", RANDOM_NAMES)
"""Configurations that go with them; the filter of the health checks would answer 503 for ever."""


def fetch_all(kind: Kind) -> int:
    """Everything that `kind` is made of. Returns how many files were missing."""
    missing = fetch([FEATURE])
    feature = _feature(kind, Options())
    bundles = [Artifact.parse(bundle["id"]) for bundle in feature["bundles"]]
    framework = feature["execution-environment:JSON|false"]["framework"]["id"]
    return missing + fetch([LAUNCHER, FRAMEWORK, Artifact.parse(framework), *bundles])


def command(
    kind: Kind, options: Options, home: Path, java_options: list[str], properties: dict[str, str]
) -> list[str]:
    """What starts an instance in `home`."""
    if options.context:
        properties["org.apache.felix.http.context_path"] = options.context
    feature = home / "feature.json"
    feature.write_text(json.dumps(_feature(kind, options), indent=1), "utf-8")
    opened = [f"--add-opens=java.base/java.{package}=ALL-UNNAMED" for package in ("lang", "net", "util")]
    arguments = [
        "-u",
        REPOSITORY.as_uri(),
        "-f",
        str(feature),
        "-p",
        str(home / "sling"),
        "-c",
        str(home / "cache"),
    ]
    for name, value in properties.items():
        arguments += ["-D", f"{name}={value}"]
    return [str(java17()), *java_options, *opened, "-jar", str(LAUNCHER.path), *arguments]


def _feature(kind: Kind, options: Options) -> Feature:
    feature: Feature = json.loads(FEATURE.path.read_text("utf-8"))
    feature["id"] = f"slingshift:{kind.name}:slingosgifeature:1"
    for key in list(feature):
        if key.startswith(("feature-internal-data:", "assembled-features:")):
            del feature[key]
    feature["bundles"] = [
        bundle if not bundle["id"].startswith(FACTORY_CONFIGURATION) else {**bundle, "id": _factory(kind)}
        for bundle in feature["bundles"]
        if not Artifact.parse(bundle["id"]).name.startswith(UNNEEDED)
    ]
    feature["bundles"].append({"id": JMX_RESOURCES, "start-order": "20"})
    feature["configurations"] = {
        pid: values
        for pid, values in feature["configurations"].items()
        if not any(part in pid for part in FROM_THE_UNNEEDED)
    }
    for pid, values in settings.configurations(options).items():
        feature["configurations"][pid] = {
            settings.feature_key(key, value): value for key, value in values.items()
        }
    feature["repoinit:TEXT|true"] += repoinit(options, "set principal ACL")
    return feature


def _factory(kind: Kind) -> str:
    return FACTORY_CONFIGURATION + kind.factory_configuration
