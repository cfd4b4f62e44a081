"""Bundles that stand in for AEM's: Maven compiles ours once, the jars are put together here."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from functools import cache

import httpx

from tests.live.sling.boot.errors import BootError
from tests.live.sling.boot.places import HERE, alone

SOURCES = HERE / "bundle"
FOLDER = "/apps/lab/install"
"""Where the stand-ins lie in an instance; its JCR installer takes them from there."""

OAUTH = "com.adobe.granite.auth.oauth"
IMS = "com.adobe.granite.auth.ims"
FACTORIES = {
    OAUTH: (f"{OAUTH}.accesstoken.provider", f"{OAUTH}.impl.DefaultTokenValidatorImpl"),
    IMS: (f"{IMS}.impl.IMSAccessTokenRequestCustomizerImpl", f"{IMS}.impl.IMSTokenValidatorImpl"),
}
"""The factories that a bundle consumes and has the metatype of."""

SERVICE_PACK_25 = {
    OAUTH: "1.10.32.B0004",
    IMS: "1.4.48",
    "com.adobe.cq.adobeims.core": "1.1.26",
    "com.day.cq.dam.cq-dam-similaritysearch": "5.12.27.CQ650-B0004",
    "com.adobe.cq.smartcontent.core": "0.2.10",
}
"""Bundles of AEM 6.5.25, by the symbolic names that we believe they have."""

SERVICE_PACK_20 = SERVICE_PACK_25 | {
    OAUTH: "1.10.8",
    IMS: "1.4.38",
    "com.adobe.cq.adobeims.core": "1.1.22",
    "com.day.cq.dam.cq-dam-similaritysearch": "5.12.26",
}
"""The same before Adobe's way for these integrations changed."""

IMPORTS = (
    *("javax.json", "javax.management", "javax.management.openmbean", "javax.servlet", "javax.servlet.http"),
    *("org.apache.felix.inventory", "org.apache.sling.api", "org.apache.sling.api.resource"),
    *("org.osgi.framework", "org.osgi.service.cm"),
)


def stand_ins(versions: Mapping[str, str]) -> dict[str, bytes]:
    """All jars by file name: what serves AEM's pages, and a bundle for every one of `versions`."""
    jars = {"slingshift.lab-1.jar": _lab()}
    for name, version in versions.items():
        jars[f"{name}-{version}.jar"] = bundle(name, version)
    return jars


def bundle(name: str, version: str) -> bytes:
    """A bundle with a name and a version; it consumes the factories that the bundle of that name consumes in AEM."""
    if name not in FACTORIES:
        return _jar(name, version, {}, {})
    headers = {
        "Bundle-Activator": "slingshift.lab.ConsumerActivator",
        "Import-Package": "org.osgi.framework,slingshift.lab",
        "Lab-Factories": ",".join(FACTORIES[name]),
    }
    metatype = (SOURCES / "metatype" / f"{name}.xml").read_bytes()
    return _jar(name, version, headers, {"OSGI-INF/metatype/metatype.xml": metatype})


def install(client: httpx.Client, jars: Mapping[str, bytes]) -> None:
    """Put jars where the installer finds them, in one request. The caller waits for it."""
    fields = {"./lab/jcr:primaryType": "sling:Folder", "./lab/install/jcr:primaryType": "sling:Folder"}
    parts = [
        (f"./lab/install/{name}", (name, data, "application/java-archive")) for name, data in jars.items()
    ]
    answer = client.post("/apps", data=fields, files=parts)
    if answer.status_code not in (200, 201):
        raise BootError(f"the stand-ins could not be uploaded: {answer.status_code}")


@cache
def _lab() -> bytes:
    classes = _compiled()
    headers = {
        "Bundle-Activator": "slingshift.lab.Lab",
        "Export-Package": "slingshift.lab",
        "Import-Package": ",".join(IMPORTS),
        "Sling-Nodetypes": "nodetypes.cnd",
    }
    return _jar("slingshift.lab", "1", headers, classes)


def _compiled() -> dict[str, bytes]:
    if shutil.which("mvn") is None:
        raise BootError("the live Slings need mvn on the PATH (Maven 3.8); see docs/testing.md")
    command = ["mvn", "-q", "-B", "-f", str(SOURCES / "pom.xml"), "process-classes"]
    with alone("bundle"):
        done = subprocess.run([*command, "-o"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BootError(f"Maven could not build the stand-ins:\n{done.stdout[-3000:]}")
        folder = SOURCES / "target" / "classes"
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _jar(name: str, version: str, headers: Mapping[str, str], files: Mapping[str, bytes]) -> bytes:
    manifest = {
        "Manifest-Version": "1.0",
        "Bundle-ManifestVersion": "2",
        "Bundle-SymbolicName": name,
        "Bundle-Version": version,
        **headers,
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as jar:
        lines = (f"{key}: {value}" for key, value in manifest.items())
        jar.writestr("META-INF/MANIFEST.MF", "".join(_fold(line) for line in lines) + "\r\n")
        for path, content in files.items():
            jar.writestr(path, content)
    return data.getvalue()


def _fold(line: str) -> str:
    """No line of a manifest is longer than 72 bytes."""
    pieces = [line[:70], *(line[n : n + 69] for n in range(70, len(line), 69))]
    return "\r\n ".join(pieces) + "\r\n"
