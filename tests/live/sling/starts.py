"""The states that people's authors are in before a migration, each for an integration of any name."""

from __future__ import annotations

import json

from tests.live.sling.author import CUSTOMIZER, PROVIDER, Author, Values
from tests.live.sling.boot.options import NEW_CONFIGURATIONS
from tests.live.sling.pairs import JWT_CUSTOMIZER, JWT_PROVIDER, OAUTH_FILES, Pair

OTHER_PROVIDER: Values = JWT_PROVIDER | {"name": "adobe-ims-other", "token.request.customizer.type": "other"}
OTHER_CUSTOMIZER: Values = JWT_CUSTOMIZER | {
    "auth.ims.client.secret": "other-secret",
    "customizer.type": "other",
}
NEIGHBOUR = f"{PROVIDER}-other.config"
NEIGHBOUR_TEXT = b'name="adobe-ims-third"\r\nauth.token.provider.endpoint="x"\r\n'
PROJECT = "/apps/project"
TITLE = "auth.token.provider.title"


def neighbours(author: Author) -> None:
    """Another integration, made in the console, and a third whose file is odd."""
    author.create(PROVIDER, OTHER_PROVIDER)
    author.create(CUSTOMIZER, OTHER_CUSTOMIZER)
    author.put({NEIGHBOUR: NEIGHBOUR_TEXT})


def console_made(author: Author, pair: Pair) -> None:
    """With the metatype of both factories: a name of a UUID, and files that the installer wrote."""
    for factory, values in pair.values.items():
        author.create(factory, values)


def digits(author: Author, pair: Pair) -> None:
    """Names of digits: what Adobe's page shows."""
    author.put(pair.files("."))


def edited_in_the_console(author: Author, pair: Pair) -> None:
    """Names of digits, and the provider was then edited in the console: the installer writes the file anew."""
    digits(author, pair)
    author.save(f"{PROVIDER}.{pair.number}", pair.values[PROVIDER] | {TITLE: "Edited"})


def json_files(author: Author, pair: Pair) -> None:
    """`.cfg.json`, by hand."""
    author.put(_as_json(pair, "cfg.json"))


def two_forms_in_the_name(author: Author, pair: Pair) -> None:
    """`X.config.cfg.json`: what JCR installer 3.3.0 makes of a `.config` that is edited in the console."""
    author.put(pair.files("-"))
    for factory, values in pair.values.items():
        author.save(f"{factory}~{pair.number}", values)
    written = [name for name in author.files() if name.endswith(f"-{pair.number}.config.cfg.json")]
    if author.instance.kind.name == "aem65":
        # 3.1.26 keeps the name; there such a file can only have been brought along.
        assert written == []
        names = [f"{NEW_CONFIGURATIONS}/{name}" for name in pair.files("-")]
        author.remove(*names)
        author.put(_as_json(pair, "config.cfg.json"))
    else:
        # Of the customizer nothing changed, so its file stays.
        assert len(written) == 1


def nodes(author: Author, pair: Pair) -> None:
    """sling:OsgiConfig nodes, as a package brings them."""
    for factory, values in pair.values.items():
        author.imported(
            f"{NEW_CONFIGURATIONS}/{factory}-{pair.number}",
            {"jcr:primaryType": "sling:OsgiConfig", **values},
        )
    author.settle()


def twins_in_several_folders(author: Author, pair: Pair) -> None:
    """In three folders, one of a run mode that is not active; in one of them the provider in two forms."""
    author.put(pair.files("-"))
    author.put(pair.files("-"), f"{PROJECT}/config")
    text = pair.files("-")[f"{PROVIDER}-{pair.number}.config"].decode()
    # The same values in both: which of twins counts is the installer's to choose, and may differ after an undo.
    held = {name: value for name, value in pair.values[PROVIDER].items() if f"\n{name}=" in text}
    author.put({f"{PROVIDER}-{pair.number}.cfg.json": json.dumps(held).encode()}, f"{PROJECT}/config")
    author.put(pair.files("-"), f"{PROJECT}/config.publish")


def half_done(author: Author, pair: Pair) -> None:
    """The new files were added by hand, and the old ones forgotten."""
    before = author.files()
    console_made(author, pair)
    for name in author.files().keys() - before.keys():
        factory = PROVIDER if name.startswith(PROVIDER) else CUSTOMIZER
        uuid = name.removeprefix(f"{factory}.").partition(".")[0]
        author.put({f"{factory}-{uuid}.config": pair.texts(OAUTH_FILES)[factory]})


def edited_in_place(author: Author, pair: Pair) -> None:
    """The text of both dotted files was edited by hand, as Adobe's page first had it."""
    before = author.files()
    console_made(author, pair)
    author.put(
        {
            name: data.replace(b"exchange/jwt", b"token/v3").replace(b"jwt-secret", b"oauth-secret")
            for name, data in author.files().items()
            if name not in before
        }
    )


def _as_json(pair: Pair, extension: str) -> dict[str, bytes]:
    return {
        f"{factory}-{pair.number}.{extension}": json.dumps(values).encode()
        for factory, values in pair.values.items()
    }
