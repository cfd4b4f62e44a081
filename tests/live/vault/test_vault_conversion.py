"""`convert --replace` on a package: what FileVault then makes of it is what was there before, and nothing beside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grammar import forms
from grammar.pids import Pid

pytestmark = pytest.mark.live

FOLDER = "/apps/x/config"
VALUES = {"a": "x", "list": ["1", "2,[3]"], "flag": True, "n": 5, "text": "{0} \\ \n ü\t[="}
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"\n'
    '    jcr:primaryType="{}"'
)
ATTRIBUTES = ' a="x" flag="{Boolean}true" list="[1,2\\,[3]]" n="{Long}5" text="\\{0} \\\\ &#xa; ü&#x9;[="'
XML = (HEAD.format("sling:OsgiConfig") + ATTRIBUTES + "/>\n").encode()
CONFIG = 'a="x"\nflag=B"true"\nlist=["1","2,[3]"]\nn=L"5"\ntext="{0}\\ \\\\\\ \\n\\ ü\\t[\\="\n'.encode()
NODE = (
    HEAD.format("sling:Folder")
    + f'>\n    <com.e.E jcr:primaryType="sling:OsgiConfig"{ATTRIBUTES}/>\n'
    + f'    <com.e.F_x007e_e jcr:primaryType="sling:OsgiConfig"{ATTRIBUTES}/>\n</jcr:root>\n'
).encode()
FILES = {
    "com.e.A.config": CONFIG,
    "com.e.B.cfg.json": json.dumps(VALUES).encode(),
    "com.e.C.xml": XML,
    "com.e.D.config.xml": XML,
    ".content.xml": NODE,
    "com.e.F~a b.config": CONFIG,
    "com.e.F-c.cfg.json": json.dumps(VALUES).encode(),
    "com.e.F%7ed.xml": XML,
    "com.e.F~%25.config": CONFIG,
    "__x_y.config": CONFIG,
    "com.e.G/.content.xml": XML,
}
NODES = [
    *(
        "com.e.A.config",
        "com.e.B.cfg.json",
        "com.e.C",
        "com.e.D.config",
        "com.e.E",
        "com.e.F~e",
        "com.e.F~a b.config",
    ),
    *("com.e.F-c.cfg.json", "com.e.F~d", "com.e.F~%.config", "_x_y.config", "com.e.G"),
]
FILTERS = {
    "folder root": '<filter root="/apps/x"/>',
    "node roots": "".join(f'<filter root="{FOLDER}/{node}"/>' for node in NODES),
    "includes": '<filter root="/apps/x/config">'
    + "".join(f'<include pattern="{FOLDER}/{node.replace(".", "[.]")}(/.*)?"/>' for node in NODES)
    + "</filter>",
}


def _configurations(found: Any) -> dict[str, dict[str, tuple[str, list[object]]]]:
    """By PID, what the installer would take from the folder."""
    result: dict[str, dict[str, tuple[str, list[object]]]] = {}
    for path, node in found.nodes.items():
        name = path.rpartition("/")[2]
        if node.get("dictionary") is not None:
            values = {key: (value["type"], value["values"]) for key, value in node["dictionary"].items()}
        elif (form := forms.form_of(name)) is not None and "data" in node:
            document = forms.parse(found.data(path), form=form)
            values = {p.name: (p.value.type_name, list(p.value.items)) for p in document.properties}
        else:
            continue
        pid = Pid.from_filename(name).pid
        assert pid not in result, f"{path} is a twin"
        result[pid] = values
    return result


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("to", ["config", "cfg.json", "xml"])
def test_a_converted_package_imports_the_same_configurations(
    vaults: Callable[[str], Any],
    package: Callable[..., bytes],
    slingshift: Callable[..., Any],
    tmp_path: Path,
    to: str,
    filters: str,
) -> None:
    before = package({f"{FOLDER[1:]}/{name}": data for name, data in FILES.items()}, filters=FILTERS[filters])
    target = tmp_path / "package.zip"
    target.write_bytes(before)
    ended = slingshift("convert", target, "--to", to, "--replace")
    assert ended.code == 0, ended.err
    for version in ("3.2.8", "3.8.2", "4.1.4"):
        vault = vaults(version)
        old = _configurations(vault.run(before))
        assert len(old) == len(NODES)
        over = vault.run(before, target.read_bytes())
        assert not over.imports[1]["errors"]
        assert _configurations(over) == old
        fresh = vault.run(target.read_bytes())
        assert not fresh.imports[0]["errors"]
        assert _configurations(fresh) == old
