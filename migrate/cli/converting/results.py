"""What becomes of one file: computed for each by itself, in any process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import exits
from migrate.targets.base import FOLDER_NODE, INSIDE
from migrate.targets.changes import told

if TYPE_CHECKING:
    from grammar.platforms import Platform
    from migrate.texts.converting.cloud import Cloud
    from migrate.texts.converting.conversion import Converted
    from migrate.texts.listing import Item


_BOTH = ("aem65", "cloud")
"""What moves to the Cloud Service is to have there the values that AEM 6.5 has loaded."""


class Wish(NamedTuple):
    """What is to become of the files.

    Attributes:
        to: the new form.
        platform: which AEM's readers must agree.
        goes: whether the old files go.
        cloud: whether they are to be as the Cloud Service wants them.
        placeholders: whether secrets get placeholders.
        out: the folder for the new files; None for the places of the old ones.
    """

    to: str
    platform: Platform
    goes: bool = False
    cloud: bool = False
    placeholders: bool = False
    out: str | None = None


class Result(NamedTuple):
    """What becomes of one file.

    Attributes:
        before: its bytes.
        made: its configurations in the new form; none where there is nothing to do, or it is no configuration.
        rest: what is left of it when they leave it; None where nothing is.
        is_folder: whether it only describes a folder that gets another name.
        secrets: how many secrets stand in clear in a file that stays as it is.
        problem: why there is none.
        code: the exit code then.
    """

    before: bytes = b""
    made: tuple[Converted, ...] = ()
    rest: bytes | None = None
    is_folder: bool = False
    secrets: int = 0
    problem: str = ""
    code: int = exits.OK

    def __repr__(self) -> str:
        sides = f"before={told(self.before)}, rest={told(self.rest)}"
        return f"Result({sides}, made={self.made!r}, problem={self.problem!r}, code={self.code})"


def result(item: Item, target: str, wish: Wish) -> Result:
    """What becomes of one file."""
    from grammar.errors import ParseError
    from migrate.texts import listing as files
    from migrate.texts.converting import cloud, conversion

    aim = cloud.Cloud(target, wish.placeholders) if wish.cloud else conversion.FormAlone()
    try:
        data = files.read(item.path)
        if not files.is_configuration(data, item):
            return _folder_node(item, data, aim) if isinstance(aim, cloud.Cloud) else Result()
        if wish.cloud:
            conversion.prove_alike(data, item.path, form=item.form, platforms=_BOTH)
        found = conversion.convert(
            data, item.path, form=item.form, to=wish.to, platform=wish.platform, aim=aim
        )
    except (ParseError, conversion.ConversionError, files.TooLargeError) as error:
        return Result(problem=str(error), code=exits.REFUSED)
    except files.FileError as error:
        return Result(problem=str(error), code=exits.CONFLICT)
    made, rest = found.made, found.rest
    if rest is not None and isinstance(aim, cloud.Cloud):
        moved = _folder_node(item, rest, aim)
        made, rest = (*made, *moved.made), None if moved.made else rest
    if wish.out is not None:
        made = tuple(one._replace(path=_under(wish.out, target, one.path)) for one in made)
    return Result(data, made, rest, secrets=found.secrets)


def _folder_node(item: Item, data: bytes, aim: Cloud) -> Result:
    """What describes a folder moves with it."""
    from migrate.texts.converting.conversion import Converted
    from migrate.texts.converting.naming import NamingError

    folder, _, name = item.path.rpartition("/")
    if name != FOLDER_NODE:
        return Result()
    try:
        moved = aim.folder(folder)
    except NamingError:
        # The folder's configurations say so, where there are any.
        return Result()
    if moved == folder or aim.is_for_bundles(folder):
        return Result()
    return Result(data, (Converted(f"{moved}/{name}", data, (), item.path),), is_folder=True)


def _under(folder: str, target: str, path: str) -> str:
    """A file's place below the output folder: as it stands below the target, or in the package."""
    rest = path.removeprefix(f"{target}{INSIDE}")
    if rest == path:
        rest = path.removeprefix(target.rstrip("/") + "/")
    return os.path.join(folder, path.rpartition("/")[2] if rest == path else rest)
