"""Nothing public shows a secret when it is printed, whatever a library's user does with it."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

import migrate
from grammar.documents import Document
from migrate.integration.secret import Secret, SecretValue
from migrate.plans import inventory
from migrate.runs.carrier import carried
from migrate.runs.effects import effects_of
from migrate.targets.opening import open_target, target_of

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
