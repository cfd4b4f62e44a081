"""Nothing public shows a secret when it is printed, whatever a library's user does with it."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pickle
import pkgutil
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

import pytest

import migrate
from grammar.documents import Document
from migrate.integration.secret import Secret, SecretValue
from migrate.plans import inventory
from migrate.runs.carrier import carried
from migrate.runs.effects import effects_of
from migrate.targets.opening import open_target, target_of
from tests.conftest import Ended

Tree = Callable[[Mapping[str, str]], Path]

CANARY_OLD, CANARY_NEW = "old-canary-8c1f2a", "new-canary-97d3e0"

FOLDER_NODE = (
    '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0" '
    'jcr:primaryType="sling:Folder">'
    '<com.adobe.granite.auth.ims.impl.IMSAccessTokenRequestCustomizerImpl.2 jcr:primaryType="sling:OsgiConfig" '
    f'customizer.type="t" auth.ims.client.secret="{CANARY_OLD}"/></jcr:root>'
)


def parts_of(thing: object, seen: set[int]) -> Iterator[object]:
    """A thing and everything that it is made of, down to texts, bytes and documents, which are there to be read."""
    if isinstance(thing, (str, bytes, int, float, Document, type(None))) or id(thing) in seen:
        return
    seen.add(id(thing))
    yield thing
    if isinstance(thing, SecretValue):
        return
    if isinstance(thing, Mapping):
        inner: list[object] = [*thing.values()]
    elif isinstance(thing, (tuple, list, set, frozenset)):
        inner = list(thing)
    elif dataclasses.is_dataclass(thing):
        inner = [getattr(thing, field.name) for field in dataclasses.fields(thing)]
    else:
        inner = []
    for one in inner:
        yield from parts_of(one, seen)


@pytest.fixture
def root(tree: Tree) -> Path:
    jwt = 'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
    return tree(
        {
            "a/config/P.1.config": jwt,
            "a/config/C.1.config": f'customizer.type="t"\nauth.ims.client.secret="{CANARY_OLD}"\n',
            "b/config/P.1.config": jwt,
            "b/config/C.1.config": f'customizer.type="t"\nauth.ims.client.secret="{CANARY_OLD}=x"\n',
            "c/config/P.2.config": jwt,
            "c/config/.content.xml": FOLDER_NODE,
        }
    )


def test_no_part_of_a_plan_prints_a_secret(root: Path) -> None:
    settings = migrate.Settings(client_id="c" * 32, org_id="A@AdobeOrg", secret=Secret(CANARY_NEW))
    plan = migrate.plan(root, settings)
    assert {change.path.partition("/")[0] for change in plan.targets[0].changes} == {"a", "c"}
    assert any(CANARY_NEW.encode() in (change.after or b"") for change in plan.targets[0].changes)
    with open_target(target_of(str(root))) as reader:
        found = inventory.take(reader)
    assert found.rejected
    with carried(plan.targets[0].target, plan.targets[0].changes) as placed:
        effects = effects_of(placed)
        parts = list(parts_of([plan, settings, found, placed, effects], set()))
    runs = migrate.apply(plan)
    parts += parts_of(runs, set())
    ours = [part for part in parts if type(part).__module__.startswith("migrate.")]
    assert len(ours) > 50
    for part in ours:
        for text in (repr(part), str(part), f"{part}"):
            assert CANARY_OLD not in text, type(part)
            assert CANARY_NEW not in text, type(part)


def test_edits_say_which_values_are_secret(root: Path) -> None:
    settings = migrate.Settings(client_id="c" * 32, org_id="A@AdobeOrg", secret=Secret(CANARY_NEW))
    plan = migrate.plan(root, settings, ["customizer_secret"])
    edits = [edit for edit in plan.edits if edit.action == "set"]
    assert edits
    for edit in edits:
        assert edit.secret  # type: ignore[union-attr]
        assert isinstance(edit.after, SecretValue)  # type: ignore[union-attr]
        assert edit.after.text == CANARY_NEW  # type: ignore[union-attr]


def test_a_plan_is_data(root: Path) -> None:
    """It can be made by one process and carried out by another."""
    settings = migrate.Settings(client_id="c" * 32, org_id="A@AdobeOrg", secret=Secret(CANARY_NEW))
    plan = migrate.plan(root, settings, None)
    again = pickle.loads(pickle.dumps(plan))
    assert again.edits == plan.edits
    assert again.targets[0].target == plan.targets[0].target
    assert len(migrate.apply(again)) == 1
    assert migrate.plan(root, settings).edits == ()


OF_AN_ARCHIVE = frozenset({"Entry", "Directory", "_Record"})
"""Headers of a zip archive: names, flags, dates."""


def _records() -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every record of ours that prints itself field by field, with the types of its fields."""
    for module in pkgutil.walk_packages(migrate.__path__, "migrate."):
        if module.name.endswith(("__main__", "access_lists")):
            continue
        for name, kind in vars(importlib.import_module(module.name)).items():
            if not inspect.isclass(kind) or kind.__module__ != module.name:
                continue
            if "def __repr__" in inspect.getsource(kind):
                continue
            if dataclasses.is_dataclass(kind):
                yield name, {f.name: f.type for f in dataclasses.fields(kind) if f.repr}
            elif issubclass(kind, tuple) and hasattr(kind, "_fields"):
                yield name, kind.__annotations__


def test_no_record_prints_the_bytes_of_a_file_or_a_property() -> None:
    """Secrets may be among both. How else they print: `migrate.targets.changes.told`."""
    records = dict(_records())
    assert len(records) > 100
    telling = re.compile(r"\b(?:bytes(?!\])|Property)\b")
    assert {
        f"{name}.{field}"
        for name, fields in records.items()
        for field, kind in fields.items()
        if telling.search(str(kind)) and (name not in OF_AN_ARCHIVE and field not in ("torn", "jwt_key"))
    } == set()


NEIGHBOUR = f'# the password {CANARY_OLD}-c\nsmtp.password="{CANARY_OLD}-n"\napi-key=["{CANARY_OLD}-l"]\n'
MISREAD = f'api-key="{CANARY_OLD}=y"\nsmtp.password = "{CANARY_OLD}-z"\n'
FILTER = (
    f'<!-- password {CANARY_OLD} --><workspaceFilter version="1.0"><filter root="/apps"/></workspaceFilter>'
)
JSON = f'// password {CANARY_OLD}\n{{"client.secret": "{CANARY_OLD}-j", "x": "a"}}'


def _seen_by_verbs(verbs: Sequence[Sequence[str | Path]], call: Callable[..., Ended]) -> dict[str, set[str]]:
    """How everything of ours prints that any function of ours held or gave, by its type."""
    seen: dict[str, set[str]] = {}

    def profile(frame: FrameType, event: str, given: object) -> None:
        if event != "return" or not str(frame.f_globals.get("__name__")).startswith("migrate"):
            return
        sys.setprofile(None)
        for thing in (*frame.f_locals.values(), given):
            kind = type(thing)
            name = f"{kind.__module__}.{kind.__qualname__}"
            if name.startswith("migrate.") and len(seen.setdefault(name, set())) < 60:
                seen[name].add(f"{thing!r} {thing}")
        sys.setprofile(profile)

    try:
        for verb in verbs:
            sys.setprofile(profile)
            ended = call(*verb)
            sys.setprofile(None)
            assert ended.code in (0, 1, 3, 4), (verb, ended)
            assert CANARY_OLD not in ended.out + ended.err, verb
            assert CANARY_NEW not in ended.out + ended.err, verb
    finally:
        sys.setprofile(None)
    return seen


def test_nothing_that_any_verb_makes_prints_a_secret(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slingshift: Callable[..., Ended]
) -> None:
    """Also what no user of the library is handed: a debugger, a log or an error text prints that, too."""
    jwt = 'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
    folder = "jcr_root/apps/x/config"
    root = tree(
        {
            f"{folder}/P.1.config": jwt,
            f"{folder}/C.1.config": f'customizer.type="t"\nauth.ims.client.secret="{CANARY_OLD}"\n',
            f"{folder}/com.example.Mail.config": NEIGHBOUR,
            f"{folder}/com.example.Misread.config": MISREAD,
            f"{folder}/com.example.Json.cfg.json": JSON,
            f"{folder}.author/P.2.config": jwt,
            f"{folder}.author/.content.xml": FOLDER_NODE,
            "META-INF/vault/filter.xml": FILTER,
        }
    )
    package = Path(shutil.make_archive(str(tmp_path / "pack"), "zip", root))
    monkeypatch.setenv("SLINGSHIFT_CANARY", CANARY_NEW)
    options = ["--client-id", "c" * 32, "--org-id", "A@AdobeOrg", "--client-secret-env", "SLINGSHIFT_CANARY"]
    made = tmp_path / "made"
    made.mkdir()
    verbs: list[list[str | Path]] = [
        *([verb, root] for verb in ("scan", "explain", "show", "lint")),
        *([verb, package] for verb in ("scan", "explain", "show", "lint")),
        ["plan", root, *options, "--report", made / "r.html", "--out", made / "plan.json"],
        ["package", root, *options, "--out", made / "made.zip"],
        ["lint", root, "--fix"],
        ["fmt", root],
        ["convert", root, "--to", "cfg.json", "--dry-run", "--allow-lossy"],
        *([verb, *rest] for target in (root, package) for verb, *rest in (
            ["apply", target, *options, "--yes"], ["undo", "--diff"], ["undo", "--yes"]
        )),
        ["convert", root, "--to", "xml", "--allow-lossy", "--replace"],
    ]  # fmt: skip
    seen = _seen_by_verbs(verbs, slingshift)
    assert len(seen) > 100
    telling = sorted(
        name for name, texts in seen.items() if any(CANARY_OLD in t or CANARY_NEW in t for t in texts)
    )
    assert telling == []
