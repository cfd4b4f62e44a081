"""The passes on small folders: first what they leave alone, then what they edit."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import grammar
from grammar import forms
from grammar.values import Shape, Value
from migrate.integration.configuration import Configuration, Scope
from migrate.integration.edits import Delete, Edit, Rename, SetProperty
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.settings import Settings
from migrate.passes import registered
from migrate.plans.folder_plan import plan_scope
from migrate.targets.names import identify

NAMED = 'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
JWT = NAMED + 'auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"\n'
OLD_SECRET = 'customizer.type="t"\nauth.ims.client.secret="old"\n'
OAUTH = (
    NAMED
    + 'auth.token.provider.authorization.grants="client_credentials"\n'
    + 'auth.token.provider.orgId="5A3B1C9D5E7F81234A495E22@AdobeOrg"\n'
    + 'auth.token.provider.default.claims=("\\"iss\\"\\ :\\ \\"5A3B1C9D5E7F81234A495E22@AdobeOrg\\"")\n'
    + 'auth.token.provider.scope="read_pc.dma_smart_content,\\ openid,\\ AdobeID,'
    + '\\ additional_info.projectedProductContext"\n'
    + 'auth.token.validator.type="adobe-ims-similaritysearch"\n'
    + 'auth.token.provider.client.id="fedcba98765432100123456789abcdef"\n'
    + 'auth.access.token.request="https://ims-na1.adobelogin.com/ims/token/v3"\n'
)
NEW_SECRET = 'customizer.type="t"\nauth.ims.client.secret="fixture-new-oauth-secret"\n'


def scope_of(files: Mapping[str, str]) -> Scope:
    """A folder; names begin with P or C for the factories."""
    found = []
    for short, text in files.items():
        path = {"P": PROVIDER, "C": CUSTOMIZER}[short[0]] + short[1:]
        identity = identify(path)
        assert identity is not None, path
        document = grammar.parse(text.encode(), form=identity.form)
        found.append(
            Configuration(
                path, path, identity.factory_pid, identity.separator, identity.name, document, identity.node
            )
        )
    return Scope("config", tuple(found), frozenset(c.label for c in found))


def edits_of(files: Mapping[str, str], settings: Settings, *passes: str) -> list[Edit]:
    plan = plan_scope(scope_of(files), settings, passes or tuple(registered()))
    assert plan is not None
    assert plan.refusals == ()
    return list(plan.edits)


def check_noop(files: Mapping[str, str], settings: Settings) -> None:
    plan = plan_scope(scope_of(files), settings, tuple(registered()))
    assert plan is None or (plan.edits == () and plan.refusals == ())


def refusal_of(files: Mapping[str, str], settings: Settings) -> tuple[str, str]:
    plan = plan_scope(scope_of(files), settings, tuple(registered()))
    assert plan is not None
    assert plan.edits == ()
    (refusal,) = plan.refusals
    return refusal.rule, refusal.message


def test_already_migrated_is_left_alone(settings: Settings) -> None:
    check_noop({"P-1.config": OAUTH, "C-2.config": NEW_SECRET}, settings)


def test_tilde_names_are_left_alone(settings: Settings) -> None:
    check_noop({"P~smart.config": OAUTH, "C~smart.config": NEW_SECRET}, settings)


def test_other_providers_are_left_alone(settings: Settings) -> None:
    check_noop({"P.1.config": JWT.replace("similaritysearch", "target"), "C.1.config": OLD_SECRET}, settings)


def test_a_provider_without_name_is_left_alone(settings: Settings) -> None:
    check_noop({"P.1.config": 'token.request.customizer.type="t"\n', "C.1.config": OLD_SECRET}, settings)


def test_the_name_must_be_a_string(settings: Settings) -> None:
    check_noop({"P.1.config": 'name=["adobe-ims-similaritysearch"]\n', "C.1.config": OLD_SECRET}, settings)


def test_a_migrated_file_without_new_credential_is_left_alone(settings: Settings) -> None:
    bare = settings._replace(client_id=None, org_id=None, secret=None)
    check_noop({"P-1.config": OAUTH, "C-2.config": NEW_SECRET}, bare)


def test_provider_oauth_sets_the_seven_properties(settings: Settings) -> None:
    edits = edits_of({"P-1.config": JWT, "C-1.config": NEW_SECRET}, settings, "provider_oauth")
    assert {e.name: e.after for e in edits if isinstance(e, SetProperty)} == {
        "auth.token.provider.authorization.grants": Value.string("client_credentials"),
        "auth.token.provider.orgId": Value.string("5A3B1C9D5E7F81234A495E22@AdobeOrg"),
        "auth.token.provider.default.claims": Value.collection(
            ['"iss" : "5A3B1C9D5E7F81234A495E22@AdobeOrg"']
        ),
        "auth.token.provider.scope": Value.string(
            "read_pc.dma_smart_content, openid, AdobeID, additional_info.projectedProductContext"
        ),
        "auth.token.validator.type": Value.string("adobe-ims-similaritysearch"),
        "auth.token.provider.client.id": Value.string("fedcba98765432100123456789abcdef"),
        "auth.access.token.request": Value.string("https://ims-na1.adobelogin.com/ims/token/v3"),
    }


def test_provider_oauth_keeps_an_array_of_claims_an_array(settings: Settings) -> None:
    jwt = JWT + 'auth.token.provider.default.claims=["\\"iss\\":\\"x\\""]\n'
    edits = edits_of({"P-1.config": jwt, "C-1.config": NEW_SECRET}, settings, "provider_oauth")
    (claims,) = [e for e in edits if isinstance(e, SetProperty) and e.name.endswith("claims")]
    assert claims.after.shape is Shape.ARRAY


def test_provider_oauth_leaves_the_validator_without_one_in_the_profile(settings: Settings) -> None:
    other = settings._replace(profile=settings.profile._replace(validator_type=None))
    edits = edits_of({"P-1.config": JWT, "C-1.config": NEW_SECRET}, other, "provider_oauth")
    assert not any(isinstance(e, SetProperty) and e.name == "auth.token.validator.type" for e in edits)


def test_customizer_secret_sets_the_secret_and_says_it_is_one(settings: Settings) -> None:
    (edit,) = edits_of({"P-1.config": OAUTH, "C-1.config": OLD_SECRET}, settings)
    assert isinstance(edit, SetProperty)
    assert (edit.name, edit.secret, edit.after) == (
        "auth.ims.client.secret",
        True,
        Value.string("fixture-new-oauth-secret"),
    )


def test_customizer_secret_ignores_the_customizers_of_others(settings: Settings) -> None:
    other = 'customizer.type="other"\nauth.ims.client.secret="x"\n'
    check_noop({"P-1.config": OAUTH, "C-1.config": NEW_SECRET, "C-2.config": other}, settings)


def test_rename_instance_turns_the_dot_into_a_hyphen(settings: Settings) -> None:
    uuid = "3f2a1b0c-9d8e-4f7a-8b6c-5d4e3f2a1b0c"
    edits = edits_of({f"P.{uuid}.config": OAUTH, "C.42.config": NEW_SECRET}, settings)
    assert [e.label for e in edits if isinstance(e, Rename)] == [
        f"{PROVIDER}-{uuid}.config",
        f"{CUSTOMIZER}-42.config",
    ]


def test_rename_instance_alone_renames_only(settings: Settings) -> None:
    edits = edits_of({"P.1.config": JWT, "C.2.config": OLD_SECRET}, settings, "rename_instance")
    assert {type(e) for e in edits} == {Rename}


def test_delete_stale_deletes_the_dotted_twins_of_a_migrated_pair(settings: Settings) -> None:
    files = {"P-1.config": OAUTH, "P.1.config": JWT, "C-1.config": NEW_SECRET, "C.1.config": OLD_SECRET}
    edits = edits_of(files, settings)
    assert {e.key for e in edits if isinstance(e, Delete)} == {
        f"{PROVIDER}.1.config",
        f"{CUSTOMIZER}.1.config",
    }
    assert len(edits) == 2


def test_delete_stale_deletes_jwt_providers_of_other_names(settings: Settings) -> None:
    files = {"P-1.config": OAUTH, "P.77.config": JWT, "C-1.config": NEW_SECRET}
    assert [type(e) for e in edits_of(files, settings)] == [Delete]


def test_delete_stale_deletes_customizers_that_only_stale_providers_use(settings: Settings) -> None:
    files = {
        "P-1.config": OAUTH,
        "P.77.config": JWT.replace('"t"', '"old"'),
        "C-1.config": NEW_SECRET,
        "C.77.config": OLD_SECRET.replace('"t"', '"old"'),
    }
    assert {e.key for e in edits_of(files, settings)} == {f"{PROVIDER}.77.config", f"{CUSTOMIZER}.77.config"}


def test_delete_stale_spares_what_another_integration_uses(settings: Settings) -> None:
    files = {
        "P-1.config": OAUTH,
        "P.77.config": JWT.replace('"t"', '"old"'),
        "P-other.config": 'name="other"\ntoken.request.customizer.type="old"\n',
        "C-1.config": NEW_SECRET,
        "C.77.config": OLD_SECRET.replace('"t"', '"old"'),
    }
    assert {e.key for e in edits_of(files, settings)} == {f"{PROVIDER}.77.config"}


def test_delete_stale_alone_deletes_nothing_while_the_pair_is_not_migrated(settings: Settings) -> None:
    files = {"P.1.config": JWT, "P.2.config": JWT, "C.1.config": OLD_SECRET}
    picked = settings._replace(pick=f"{PROVIDER}.1.config")
    assert edits_of(files, picked, "delete_stale") == []


def test_a_half_done_migration_is_finished(settings: Settings) -> None:
    mixed = JWT + 'auth.token.provider.authorization.grants="client_credentials"\n'
    edits = edits_of({"P-1.config": mixed, "C.1.config": NEW_SECRET}, settings)
    assert {e.action for e in edits} == {"set", "rename"}


def test_both_names_are_refused_until_somebody_prefers_one(settings: Settings) -> None:
    files = {"P.1.config": JWT, "P-1.config": JWT + 'x="1"\n', "C-1.config": OLD_SECRET}
    rule, message = refusal_of(files, settings)
    assert rule == "both-names"
    assert "--prefer old or --prefer new" in message
    new = edits_of(files, settings._replace(prefer="new"))
    assert f"{PROVIDER}.1.config" in {e.key for e in new if isinstance(e, Delete)}
    old = edits_of(files, settings._replace(prefer="old"))
    assert f"{PROVIDER}-1.config" in {e.key for e in old if isinstance(e, Delete)}
    assert f"{PROVIDER}.1.config" in {e.key for e in old if isinstance(e, Rename)}


def test_several_candidates_are_refused_and_listed(settings: Settings) -> None:
    files = {"P.1.config": JWT, "P.2.config": JWT, "C.1.config": OLD_SECRET}
    rule, message = refusal_of(files, settings)
    assert rule == "several-candidates"
    assert f"{PROVIDER}.1.config (jwt), {PROVIDER}.2.config (jwt)" in message
    assert "--pick" in message


def test_pick_takes_one_and_the_others_become_stale(settings: Settings) -> None:
    files = {"P.1.config": JWT, "P.2.config": JWT, "C.1.config": OLD_SECRET}
    edits = edits_of(files, settings._replace(pick=f"{PROVIDER}.2.config"))
    assert [e.key for e in edits if isinstance(e, Delete)] == [f"{PROVIDER}.1.config"]


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        ("P-1.config", "P~1.config", "P-1.config"),
        ("P.1.config", "P.1.cfg.json", "P.1.cfg.json"),
        ("P-1.config", "P-1.xml", "P-1.xml"),
    ],
)
def test_one_instance_in_two_files_is_refused_until_one_is_picked(
    settings: Settings, one: str, other: str, first: str
) -> None:
    files = {one: _in_form(one, JWT), other: _in_form(other, JWT), "C-1.config": OLD_SECRET}
    rule, message = refusal_of(files, settings)
    assert rule == "twins"
    assert f"takes {PROVIDER}{first[1:]}." in message
    for picked, left in ((one, other), (other, one)):
        edits = edits_of(files, settings._replace(pick=PROVIDER + picked[1:]))
        assert [e.key for e in edits if isinstance(e, Delete)] == [PROVIDER + left[1:]]


def test_twins_of_both_factories_are_picked_together(settings: Settings) -> None:
    names = [f"{short}-1.{form}" for short in "PC" for form in ("config", "xml")]
    files = {name: _in_form(name, JWT if name[0] == "P" else OLD_SECRET) for name in names}
    edits = edits_of(files, settings._replace(pick=f"{PROVIDER}-1.xml"))
    assert {e.key for e in edits if isinstance(e, Delete)} == {
        f"{PROVIDER}-1.config",
        f"{CUSTOMIZER}-1.config",
    }


def test_twin_customizers_are_refused_until_one_is_picked(settings: Settings) -> None:
    names = ("C-1.config", "C-1.xml")
    files = {"P-1.config": JWT} | {name: _in_form(name, OLD_SECRET) for name in names}
    assert refusal_of(files, settings)[0] == "twins"
    edits = edits_of(files, settings._replace(pick=f"{CUSTOMIZER}-1.xml"))
    assert [e.key for e in edits if isinstance(e, Delete)] == [f"{CUSTOMIZER}-1.config"]


def test_a_document_view_of_a_files_own_node_is_never_imported_so_stale(settings: Settings) -> None:
    files = {
        "P.1.config": JWT,
        "P.1.config.xml": _in_form("x.xml", JWT),
        "C.1.config": OLD_SECRET,
        "C.1.config.xml": _in_form("x.xml", OLD_SECRET),
    }
    edits = edits_of(files, settings)
    assert {e.key for e in edits if isinstance(e, Delete)} == {
        f"{PROVIDER}.1.config.xml",
        f"{CUSTOMIZER}.1.config.xml",
    }
    assert {e.key for e in edits if isinstance(e, Rename)} == {
        f"{PROVIDER}.1.config",
        f"{CUSTOMIZER}.1.config",
    }


def _in_form(name: str, text: str) -> str:
    """A `.config` text in the form of a file name."""
    form = name.partition(".")[2].removeprefix("1.")
    document = grammar.parse(text.encode(), form="config")
    return forms.write({p.name: p.value for p in document.properties}, form=form).decode()


def test_no_customizer_is_refused(settings: Settings) -> None:
    rule, message = refusal_of({"P.1.config": JWT, "C.1.config": 'customizer.type="u"\n'}, settings)
    assert rule == "no-customizer"
    assert "customizer.type t" in message
    assert f"{CUSTOMIZER}.1.config (u)" in message


def test_no_customizer_type_is_refused(settings: Settings) -> None:
    bare = 'name="adobe-ims-similaritysearch"\n'
    assert refusal_of({"P.1.config": bare, "C.1.config": OLD_SECRET}, settings)[0] == "no-customizer-type"


def test_a_customizer_that_another_integration_shares_is_refused(settings: Settings) -> None:
    other = 'name="adobe-ims-target"\ntoken.request.customizer.type="t"\n'
    files = {"P.1.config": JWT, "P-2.config": other, "C.1.config": OLD_SECRET}
    rule, message = refusal_of(files, settings)
    assert rule == "shared-customizer"
    assert f"{PROVIDER}-2.config" in message


def test_several_customizers_of_one_type_are_refused(settings: Settings) -> None:
    files = {"P.1.config": JWT, "C.1.config": OLD_SECRET, "C.2.config": OLD_SECRET}
    assert refusal_of(files, settings)[0] == "several-customizers"


def test_a_renamed_customizer_is_no_evidence_beside_a_provider_that_is_not_migrated(
    settings: Settings,
) -> None:
    files = {"P.1.config": JWT, "C.1.config": OLD_SECRET, "C-2.config": OLD_SECRET}
    rule, message = refusal_of(files, settings)
    assert (rule, "--pick FILE-NAME" in message) == ("several-customizers", True)
    migrated = {**files, "P.1.config": OAUTH}
    assert [e for e in edits_of(migrated, settings) if isinstance(e, Delete)]
    known = {**files, "C-2.config": NEW_SECRET}
    assert [e.key for e in edits_of(known, settings) if isinstance(e, Delete)] == [f"{CUSTOMIZER}.1.config"]


def test_two_names_of_one_customizer_are_refused_until_somebody_prefers_one(settings: Settings) -> None:
    files = {"P.1.config": JWT, "C.2.config": OLD_SECRET, "C-2.config": OLD_SECRET}
    rule, message = refusal_of(files, settings)
    assert (rule, "--prefer old or --prefer new" in message) == ("several-customizers", True)
    for prefer, gone in (("old", "-2"), ("new", ".2")):
        edits = edits_of(files, settings._replace(prefer=prefer))
        assert [e.key for e in edits if isinstance(e, Delete)] == [f"{CUSTOMIZER}{gone}.config"]


def test_missing_credentials_are_refused_by_name(settings: Settings) -> None:
    bare = settings._replace(client_id=None, org_id=None, secret=None)
    rule, message = refusal_of({"P.1.config": JWT, "C.1.config": OLD_SECRET}, bare)
    assert rule == "credential-missing"
    for option in ("--client-id", "--org-id", "--client-secret-env"):
        assert option in message


def test_a_taken_name_is_refused(settings: Settings) -> None:
    scope = scope_of({"P.1.config": JWT, "C.1.config": OLD_SECRET})
    taken = scope._replace(taken=scope.taken | {f"{PROVIDER}-1.config"})
    plan = plan_scope(taken, settings, tuple(registered()))
    assert plan is not None
    assert [r.rule for r in plan.refusals] == ["target-exists"]


def test_unknown_properties_and_types_survive(settings: Settings) -> None:
    extra = 'mine=F"1065353216"\nlist=i["1", "2"]\nempty=()\n'
    plan = plan_scope(
        scope_of({"P.1.config": JWT + extra, "C.1.config": OLD_SECRET}), settings, tuple(registered())
    )
    assert plan is not None
    document = plan.after[f"{PROVIDER}.1.config"].document
    assert extra.encode() in document.source
    for name in ("name", "token.request.customizer.type"):
        assert document.text(name) == grammar.parse(JWT.encode()).text(name)


def test_a_doubled_ending_is_not_made_a_part_of_the_name(settings: Settings) -> None:
    json_oauth = '{"name": "adobe-ims-similaritysearch", "token.request.customizer.type": "t"}'
    edits = edits_of({"P.1.config.cfg.json": json_oauth, "C.1.cfg.json.config": OLD_SECRET}, settings)
    assert {edit.label for edit in edits if isinstance(edit, Rename)} == {
        f"{PROVIDER}-1.cfg.json",
        f"{CUSTOMIZER}-1.config",
    }


def test_another_name_where_the_own_one_would_be_lost(settings: Settings) -> None:
    files = {"P-1.config": OAUTH, "C.2.config": NEW_SECRET}
    names = {f"{PROVIDER}-1.config": "fresh", f"{CUSTOMIZER}.2.config": "fresh"}
    found = edits_of(files, settings._replace(names=names))
    assert [(edit.label, edit.name) for edit in found if isinstance(edit, Rename)] == [
        (f"{PROVIDER}-fresh.config", "fresh"),
        (f"{CUSTOMIZER}-fresh.config", "fresh"),
    ]
