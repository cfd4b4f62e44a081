"""One masking rule: no verb and no format shows a secret, and each of them shows a placeholder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grammar import forms
from grammar.values import Value

Run = Callable[..., "object"]

CANARY = "cAnArY-7f3e9d1b"
NAMES = [
    *("auth.ims.client.secret", "smtp.password", "oauth.client.secret", "api-key", "api_key", "private-key"),
    *("private_key", "accessToken", "authToken", "refreshToken", "pwd", "credentials", "sasToken"),
    *("accountKey", "encryptionKey"),
]
FORMS = [("config", "X.config"), ("cfg.json", "X.cfg.json"), ("xml", "X.xml")]
FORMATS = {
    "show": ["text", "json"],
    "lint": ["text", "json", "markdown", "github", "sarif"],
}


def written(form: str, **values: str) -> bytes:
    return forms.write({name: Value.string(text) for name, text in values.items()}, form=form)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Secrets in every form, and beside each a file that repeats one: well-formed, and with a hazard."""
    for form, name in FORMS:
        (tmp_path / form).mkdir()
        values = {secret: f"{CANARY}-{number}" for number, secret in enumerate(NAMES)}
        (tmp_path / form / name).write_bytes(written(form, zz="1", **values))
        repeated = f"it is {CANARY}-0, at https://me:{CANARY}@h/?client_secret={CANARY}"
        (tmp_path / form / f"Y.{form}").write_bytes(written(form, note=repeated))
    rest = "".join(f'{secret}="{CANARY}-{number}"\n' for number, secret in enumerate(NAMES))
    config = tmp_path / "config"
    (config / "Broken.config").write_text(f'note="a=b {CANARY}-0"\n{rest}')
    (config / "Unclosed.config").write_text(f'{rest}a="')
    (config / "Repeats.config").write_text(f'note = "{CANARY}-0"\n')
    (config / "Hazard.config").write_text(f'note="{CANARY}-0 \\d"\nsmtp.password="\\d{CANARY}"\n')
    (config / "Blank.config").write_text(f'smtp.password = "{CANARY}"\n# {CANARY}-1\nb="2"\n')
    (tmp_path / "cfg.json" / "Broken.cfg.json").write_text(f'{{"smtp.password": "{CANARY}", "a": {CANARY}}}')
    (tmp_path / "xml" / "Broken.xml").write_text(f'<jcr:root smtp.password="{CANARY}" sling:OsgiConfig')
    return tmp_path


def calls(folder: Path) -> Iterator[list[str]]:
    for verb, formats in FORMATS.items():
        yield from ([verb, "--format", one, str(folder)] for one in formats)
    yield ["lint", "--verbose", str(folder)]
    yield ["lint", "--diff", str(folder)]
    yield ["fmt", "--diff", str(folder)]
    yield ["fmt", "--check", str(folder)]
    yield ["convert", "--to", "config", "--allow-lossy", "--out", str(folder / "new"), str(folder)]
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield ["fmt", "--diff", str(file)]
            yield ["lint", "--diff", str(file)]
            yield ["show", "--format", "text", str(file)]
            yield ["lint", "--format", "json", str(file)]
    yield ["lint", "--fix", str(folder)]
    yield ["fmt", str(folder)]


def test_no_verb_and_no_format_shows_a_secret(folder: Path, slingshift: Run) -> None:
    for arguments in calls(folder):
        ended = slingshift(*arguments)
        assert ended.code in (0, 1, 3), (arguments, ended.err)  # type: ignore[attr-defined]
        assert CANARY not in ended.out + ended.err, arguments  # type: ignore[attr-defined]


def test_values_that_are_masked_say_so(folder: Path, slingshift: Run) -> None:
    shown = json.loads(slingshift("show", "--format", "json", folder / "config" / "X.config").out)  # type: ignore[attr-defined]
    (found,) = shown["configurations"]
    told = {p["name"]: (p["value"], p.get("secret", False)) for p in found["properties"]}
    assert told == {"zz": ("1", False), **dict.fromkeys(NAMES, ("***", True))}


REFERENCES = {"smtp.password": "$[secret:smtp]", "apiKey": "${api.key}", "accessToken": "$[env:TOKEN]"}


@pytest.mark.parametrize(("form", "name"), FORMS)
def test_placeholders_are_shown_everywhere(form: str, name: str, tmp_path: Path, slingshift: Run) -> None:
    file = tmp_path / name
    file.write_bytes(written(form, b="\\d" if form == "config" else "1", **REFERENCES))
    if form == "config":
        file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n"))
    elif form == "cfg.json":
        file.write_bytes(file.read_bytes().replace(b'":"', b'": "'))
    else:
        file.write_bytes(file.read_bytes().replace(b"\n    ", b"\n  "))
    shown = slingshift("show", "--format", "json", file).out  # type: ignore[attr-defined]
    (found,) = json.loads(shown)["configurations"]
    assert {p["name"]: p["value"] for p in found["properties"] if p["name"] in REFERENCES} == REFERENCES
    assert "secret" not in {key for p in found["properties"] for key in p}
    diff = slingshift("fmt", "--diff", file).out  # type: ignore[attr-defined]
    for text in REFERENCES.values():
        assert text in diff


def test_a_default_in_a_placeholder_is_masked(tmp_path: Path, slingshift: Run) -> None:
    (tmp_path / "X.config").write_text(f'smtp.password="$[secret:smtp;default\\={CANARY}]"\n')
    for arguments in (["show"], ["fmt", "--diff"]):
        ended = slingshift(*arguments, tmp_path)
        assert CANARY not in ended.out + ended.err  # type: ignore[attr-defined]
        assert "***" in ended.out  # type: ignore[attr-defined]


PROVIDER = 'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'


def test_plan_shows_a_vault_reference_turn_into_a_written_secret(
    tree: Callable[..., Path], slingshift: Run, oauth_options: list[str]
) -> None:
    customizer = 'customizer.type="t"\nauth.ims.client.secret="$[secret:scs]"\nsmtp.password="${other}"\n'
    root = tree({"config/P.1.config": PROVIDER, "config/C.1.config": customizer})
    ended = slingshift("plan", root, *oauth_options)
    out, err = ended.out, ended.err  # type: ignore[attr-defined]
    assert '-auth.ims.client.secret="$[secret:scs]"\n' in out
    assert '+auth.ims.client.secret="***" (after)\n' in out
    assert ' smtp.password="${other}"\n' in out
    assert "warning: the old secret was a placeholder" in err
    assert "fixture-new-oauth-secret" not in out + err
    plan = json.loads(slingshift("plan", root, *oauth_options, "--format", "json").out)  # type: ignore[attr-defined]
    (edit,) = [e for e in plan["targets"][0]["edits"] if e["property"] == "auth.ims.client.secret"]
    assert (edit["before"], edit["after"], edit["secret"]) == ("$[secret:scs]", '"***" (after)', True)
    found = {f["id"]: f["severity"] for f in plan["targets"][0]["findings"]}
    assert found["secret-was-placeholder"] == "warning"


def test_plan_shows_a_secret_turn_into_a_reference(
    tree: Callable[..., Path], slingshift: Run, oauth_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLINGSHIFT_TEST_SECRET", "$[secret:scs]")
    customizer = f'customizer.type="t"\nauth.ims.client.secret="{CANARY}"\n'
    root = tree({"config/P.1.config": PROVIDER, "config/C.1.config": customizer})
    for arguments in ([], ["--format", "json"], ["--format", "markdown"]):
        ended = slingshift("plan", root, *oauth_options, *arguments)
        out, err = ended.out, ended.err  # type: ignore[attr-defined]
        assert "$[secret:scs]" in out, arguments
        assert CANARY not in out + err
        assert "secret-was-placeholder" not in out + err


@pytest.mark.parametrize("form", [form for form, _ in FORMS])
@pytest.mark.parametrize("name", ["-", "settings.txt"])
def test_a_diff_of_what_has_no_name_of_its_form_knows_its_form(
    form: str, name: str, tmp_path: Path, slingshift_process: Run
) -> None:
    """Else comments and what repeats a secret would be guessed line by line, as of a text that nobody can read."""
    data = written(form, zz="1", note=f"it is {CANARY}-0", password=f"{CANARY}-0", aa=f"{CANARY}-0")
    comment = {"config": f"# it was {CANARY}\n", "cfg.json": f"/* {CANARY}\n*/\n", "xml": ""}[form]
    first = b'zz="1"\r\n' if form == "config" else b""
    text = comment.encode() + first + data.replace(first, b"").replace(b'"zz":"1"', b'"zz" :  "1"')
    text = text.replace(b"\n    zz", b" zz")
    path = name if name == "-" else tmp_path / name
    if name != "-":
        (tmp_path / name).write_bytes(text)
    stdin = text if name == "-" else b""
    ended = slingshift_process("fmt", "--diff", path, "--form", form, stdin=stdin)
    out, err = ended.out, ended.err  # type: ignore[attr-defined]
    assert CANARY not in out + err
    assert "***" in out


def test_the_diff_of_a_text_that_nobody_can_read_hides_comments_and_what_it_repeats(
    tmp_path: Path, slingshift: Run
) -> None:
    file = tmp_path / "X.config"
    file.write_text(f'# {CANARY}-1 is it\nnote="see {CANARY}-0"\nx = "1",\npassword="{CANARY}-0"\n')
    ended = slingshift("lint", "--diff", file)
    out, err = ended.out, ended.err  # type: ignore[attr-defined]
    assert CANARY not in out + err
    assert "# ***" in out.replace("#***", "# ***")
