"""Trees of files to measure on: made from a seed, so every run sees the same."""

from __future__ import annotations

import random
import re
from pathlib import Path

from migrate.integration.profile import CUSTOMIZER, PROVIDER

_FILES_A_FOLDER = 20
_FILES_A_COMPONENT = 6
_DEPTH = 400
_OTHER_NAMES = ("html", "js", "java", "css", "png", "xml", "json", "properties")

_PROVIDER = (
    "# Configuration created by Apache Sling JCR Installer\n"
    'auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"\r\n'
    'auth.token.provider.client.id="0f1e2d3c4b5a69788796a5b4c3d2e1f0"\r\n'
    'auth.token.provider.default.claims=[ \\\r\n  "\\"iss\\"\\ :\\ \\"{org}@AdobeOrg\\"", \\\r\n  ]\r\n'
    'auth.token.provider.scope=""\r\n'
    'name="{name}"\r\ntoken.request.customizer.type="{name}"\r\n'
)
_CUSTOMIZER = 'auth.ims.client.secret="old-{org}"\r\ncustomizer.type="{name}"\r\n'


def typical_config(rng: random.Random) -> bytes:
    """About 600 bytes of what stands in public repositories: scalars, a typed number, an array over lines."""
    lines = ["# Written by hand\n"] if rng.random() < 0.25 else []
    while sum(map(len, lines)) < 540:
        key = ".".join(rng.choices(_WORDS, k=rng.randint(1, 3))) + str(len(lines))
        kind = rng.random()
        if kind < 0.55:
            lines.append(f'{key}="{_text(rng)}"\n')
        elif kind < 0.7:
            lines.append(f'{key}=B"{rng.choice(("true", "false"))}"\n')
        elif kind < 0.85:
            lines.append(f'{key}=I"{rng.randint(0, 70_000)}"\n')
        else:
            items = "".join(f'  "{_text(rng)}", \\\n' for _ in range(rng.randint(1, 4)))
            lines.append(f"{key}=[ \\\n{items}  ]\n")
    return "".join(lines).encode()


def typical_json(rng: random.Random) -> bytes:
    """The like as `.cfg.json`."""
    lines = []
    while sum(map(len, lines)) < 540:
        key = ".".join(rng.choices(_WORDS, k=rng.randint(1, 3))) + str(len(lines))
        kind = rng.random()
        if kind < 0.55:
            lines.append(f'  "{key}": "{_text(rng, escape="")}"')
        elif kind < 0.7:
            lines.append(f'  "{key}": {rng.choice(("true", "false"))}')
        elif kind < 0.85:
            lines.append(f'  "{key}:Integer": {rng.randint(0, 70_000)}')
        else:
            items = ",\n".join(f'    "{_text(rng, escape="")}"' for _ in range(rng.randint(1, 4)))
            lines.append(f'  "{key}": [\n{items}\n  ]')
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def typical_xml(rng: random.Random) -> bytes:
    """The like as `sling:OsgiConfig` in a document view."""
    lines = [
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0"'
            ' xmlns:sling="http://sling.apache.org/jcr/sling/1.0"'
        ),
        '    jcr:primaryType="sling:OsgiConfig"',
    ]
    while sum(map(len, lines)) < 700:
        key = ".".join(rng.choices(_WORDS, k=rng.randint(1, 3))) + str(len(lines))
        text = _text(rng, escape="")
        value = rng.choice((text, "{Boolean}true", "{Long}80", f"[{text},{text}]"))
        lines.append(f'    {key}="{value}"')
    return "\n".join(lines).encode() + b"/>\n"


def configurations(root: Path, count: int, *, form: str = "config", blanks: int = 0) -> None:
    """A folder of typical files of one form; one in `blanks` of them has blanks around its equals signs."""
    rng = random.Random(count)
    make = typical_config if form == "config" else typical_json
    for number in range(count):
        if number % _FILES_A_FOLDER == 0:
            folder = root / f"app{number // 2000}" / f"config.{number // _FILES_A_FOLDER}"
            folder.mkdir(parents=True)
        data = make(rng)
        if blanks and number % blanks == 0:
            data = re.sub(rb"(?m)^([^\s#=]+)=", rb"\1 = ", data)
        (folder / f"com.example.{rng.choice(_WORDS)}.Service-{number}.{form}").write_bytes(data)


def repository(root: Path, configurations: int, others: int) -> None:
    """A large repository: configurations, one in 200 of them ours, among the files of applications.

    Content package sources are deep and thin: a component is a folder, and so is each of its dialogs.
    """
    rng = random.Random(configurations)
    samples = [typical_config(rng) for _ in range(50)]
    folders = configurations // _FILES_A_FOLDER
    for number in range(folders):
        app = root / f"project{number // 100}" / f"app{number}" / "jcr_root" / "apps" / f"app{number}"
        # Twenty files a folder, so a pair in every twentieth folder.
        _configuration_folder(app / f"config.{number}", samples, rng, ours=number % 20 == 0)
        for component in range(others // folders // _FILES_A_COMPONENT):
            _component(app / "components" / f"component{component}", rng)


def flat(root: Path, files: int) -> None:
    """One folder that holds everything: nothing to share out."""
    _plain_files(root / "jcr_root", files)
    _pair(root / "jcr_root")


def one_top(root: Path, files: int) -> None:
    """A repository below a single folder, as a checkout is: its first level says nothing about the rest."""
    repository(root / "everything", files // 4, files - files // 4)


def deep(root: Path, files: int) -> None:
    """A chain of folders, each found only when the one above it has been listed."""
    folder = root
    for _ in range(_DEPTH):
        folder /= "d"
        _plain_files(folder, files // _DEPTH)
    _pair(folder)


def lopsided(root: Path, files: int) -> None:
    """Half of the files in one folder, the others in very many that hold two each."""
    _plain_files(root / "a", files // 2)
    for number in range(files // 4):
        _plain_files(root / "b" / str(number // 500) / str(number), 2)
    _pair(root / "b")


def thin(root: Path, files: int) -> None:
    """Very many folders with a file each, all in a few large ones."""
    for number in range(files):
        _plain_files(root / str(number % 4) / str(number), 1)
    _pair(root / "0")


def _plain_files(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        with open(folder / f"page{number}.{_OTHER_NAMES[number % len(_OTHER_NAMES)]}", "xb"):
            pass


def _pair(folder: Path) -> None:
    """The two of ours, so that a plan has something to do."""
    _configuration_folder(folder / "config.1", [b""], random.Random(1), ours=True)


def _configuration_folder(folder: Path, samples: list[bytes], rng: random.Random, *, ours: bool) -> None:
    folder.mkdir(parents=True)
    names = [f"com.example.{rng.choice(_WORDS)}.Service-{index}.config" for index in range(_FILES_A_FOLDER)]
    bodies = [rng.choice(samples) for _ in names]
    if ours:
        number = folder.suffix
        values = {"name": "adobe-ims-similaritysearch", "org": f"{int(number[1:]):024X}"}
        names[:2] = f"{PROVIDER}{number}.config", f"{CUSTOMIZER}{number}.config"
        bodies[:2] = _PROVIDER.format(**values).encode(), _CUSTOMIZER.format(**values).encode()
    for name, body in zip(names, bodies, strict=True):
        (folder / name).write_bytes(body)


def _component(folder: Path, rng: random.Random) -> None:
    (folder / "_cq_dialog").mkdir(parents=True)
    (folder / "_cq_editConfig").mkdir()
    for name in ("_cq_dialog/.content.xml", "_cq_editConfig/.content.xml", ".content.xml"):
        (folder / name).write_bytes(b"<jcr:root/>\n")
    for index in range(_FILES_A_COMPONENT - 3):
        (folder / f"template{index}.{rng.choice(_OTHER_NAMES)}").write_bytes(b"content\n")


def _text(rng: random.Random, escape: str = "\\") -> str:
    return f"{escape} ".join(rng.choices(_WORDS, k=rng.randint(1, 6)))


_WORDS = (
    "scheduler", "expression", "resource", "allowed", "paths", "timeout", "enabled", "author", "publish",
    "content", "service", "ranking", "user", "mapping", "replication", "dispatcher", "filter", "pattern",
)  # fmt: skip
