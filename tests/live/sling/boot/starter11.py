"""Starter 11 as a runnable jar, with the bundles of AEM 6.5 in the place of its own."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from tests.live.sling.boot import settings
from tests.live.sling.boot.java import java11
from tests.live.sling.boot.kinds import FACTORY_CONFIGURATION, JMX_RESOURCES, RANDOM_NAMES, UNNEEDED, Kind
from tests.live.sling.boot.maven import Artifact, fetch
from tests.live.sling.boot.options import Options, repoinit

STARTER = Artifact.parse("org.apache.sling:org.apache.sling.starter:11")

REPLACED = (
    "org.apache.felix:org.apache.felix.configadmin:1.9.12",
    "org.apache.felix:org.apache.felix.inventory:1.1.0",
    # AEM has 4.9.8, which is not on Maven Central.
    "org.apache.felix:org.apache.felix.webconsole:4.9.6",
    "org.apache.jackrabbit.vault:org.apache.jackrabbit.vault:3.2.8",
    # What this web console needs.
    "commons-fileupload:commons-fileupload:1.5",
    "commons-io:commons-io:2.11.0",
)
ADDED = (
    JMX_RESOURCES,
    "org.owasp.encoder:encoder:1.2.3",
    # AEM installs packages that lie in install folders; so does this.
    "org.apache.sling:org.apache.sling.installer.factory.packages:1.0.4",
)

BUNDLE = re.compile(r"(resources/(?:bundles|install)/\d+/)(.+?)-\d[\w.-]*\.jar")
MODEL = "resources/provisioning/model.txt"


def fetch_all(kind: Kind) -> int:
    """Everything that `kind` is made of. Returns how many files were missing."""
    java11()
    return fetch([STARTER, *_replaced(kind).values(), *map(Artifact.parse, ADDED)])


def command(
    kind: Kind, options: Options, home: Path, java_options: list[str], properties: dict[str, str]
) -> list[str]:
    """What starts an instance in `home`."""
    jar = home / "starter.jar"
    if not jar.exists():
        _rewrite(kind, options, jar)
    arguments = ["-p", properties.pop("org.osgi.service.http.port")]
    arguments += ["-a", properties.pop("org.apache.felix.http.host"), "-c", str(home / "sling")]
    if options.context:
        arguments += ["-r", options.context]
    for name, value in properties.items():
        arguments += ["-D", f"{name}={value}"]
    return [str(java11()), *java_options, "-jar", str(jar), *arguments]


def _replaced(kind: Kind) -> dict[str, Artifact]:
    artifacts = map(Artifact.parse, (*REPLACED, FACTORY_CONFIGURATION + kind.factory_configuration))
    return {artifact.name: artifact for artifact in artifacts}


def _rewrite(kind: Kind, options: Options, jar: Path) -> None:
    """The Starter's jar with other bundles, AEM's settings and the users of `options`."""
    replaced = _replaced(kind)
    with zipfile.ZipFile(STARTER.path) as source, zipfile.ZipFile(jar, "w", zipfile.ZIP_STORED) as made:
        for entry in source.infolist():
            found = BUNDLE.fullmatch(entry.filename)
            if found and found[2] in replaced:
                _add(made, found[1], replaced[found[2]])
            elif entry.filename == MODEL:
                made.writestr(entry, source.read(entry) + _model(options))
            elif RANDOM_NAMES not in entry.filename and not (found and found[2].startswith(UNNEEDED)):
                made.writestr(entry, source.read(entry))
        for coordinates in ADDED:
            _add(made, "resources/install/5/", Artifact.parse(coordinates))
        for pid, values in settings.configurations(options).items():
            made.writestr(f"resources/config/{pid}.config", settings.config_text(values))


def _add(jar: zipfile.ZipFile, folder: str, artifact: Artifact) -> None:
    jar.writestr(folder + artifact.file_name, artifact.path.read_bytes())


def _model(options: Options) -> bytes:
    lines = ["", "[feature name=slingshift]", "", "[:repoinit]", *repoinit(options, "set ACL"), ""]
    return "\n".join(lines).encode()
