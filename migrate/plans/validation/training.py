"""Point 9: whether a folder is fit to train smart tags, by what of Adobe's rules can be counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from migrate.plans.validation.checks import Check, Verdict
from migrate.plans.validation.seen import Seen
from migrate.targets.instance.aem.assets import Asset

_POINT = "training"
IMAGES, PIXELS = 30, 500
"""The least of images for a tag, and of pixels for an image's longer side."""
_BAD = frozenset({"ABORTED", "SUSPENDED", "STALE"})


class Tag(NamedTuple):
    """What there is of a tag.

    Attributes:
        tag: its id.
        good: images that are large enough.
        small: images that are not.
        unknown: assets whose size is not told; they may be no images.
    """

    tag: str
    good: int
    small: int
    unknown: int

    @property
    def short(self) -> int:
        """How many images it lacks; 0 when it is ready."""
        return max(0, IMAGES - self.good)


def tags(assets: tuple[Asset, ...]) -> list[Tag]:
    """The tags of some assets, those that lack most first."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for asset in assets:
        side = asset.longer_side
        is_image = side is not None and (not asset.format or asset.format.startswith("image/"))
        which = 2 if not is_image or side is None else 0 if side >= PIXELS else 1
        for tag in set(asset.tags):
            counts[tag][which] += 1
    found = [Tag(tag, *numbers) for tag, numbers in counts.items()]
    return sorted(found, key=lambda tag: (-tag.short, tag.tag))


def checks(seen: Seen) -> Iterator[Check]:
    """Whether the training can begin, and how the last one went."""
    if seen.training is None:
        return
    folder = seen.training.folder
    if folder is None:
        message = "there is no such folder, or none that this user may see"
        yield Check(_POINT, "training-no-folder", Verdict.UNCLEAR, message, "Check --training FOLDER")
        return
    if folder.smart_tags is False:
        message = "Enable Smart Tags is off in the folder, so nothing in it is trained"
        fix = "Open the folder's properties, Details, and enable it"
        yield Check(_POINT, "training-off", Verdict.WRONG, message, fix, folder.path)
    elif folder.smart_tags is None:
        message = "whether Enable Smart Tags is on in the folder cannot be seen"
        fix = "Look at the folder's properties, Details"
        yield Check(_POINT, "training-switch-unknown", Verdict.NOTE, message, fix, folder.path)
    yield from _tags(folder.path, tags(folder.assets))
    yield from _runs(seen)


def _tags(path: str, found: list[Tag]) -> Iterator[Check]:
    if not found:
        message = "no asset of the folder has a tag, so there is nothing to train"
        yield Check(_POINT, "training-no-tags", Verdict.WRONG, message, "Tag the images by hand first", path)
        return
    ready = [tag for tag in found if not tag.short]
    if len(ready) == len(found):
        message = f"all {len(found)} tags have at least {IMAGES} images of at least {PIXELS} pixels"
        yield Check(_POINT, "training-ready", Verdict.RIGHT, message, path=path)
    else:
        lacking = len(found) - len(ready)
        message = (
            f"{lacking} of {len(found)} tags have fewer than {IMAGES} images of at least {PIXELS} pixels"
        )
        yield Check(_POINT, "training-short", Verdict.WRONG, message, "The table has what each lacks", path)
    message = "whether at least five images of a tag show the same kind of thing is for a person to see"
    yield Check(_POINT, "training-similarity", Verdict.NOTE, message, path=path)


def _runs(seen: Seen) -> Iterator[Check]:
    assert seen.training is not None
    if seen.training.model is None:
        message = "the workflow model Smart Tags Training is not there, or not for this user to see"
        yield Check(
            _POINT, "training-no-model", Verdict.UNCLEAR, message, "Look at Tools > Workflow > Models"
        )
    elif not seen.training.runs:
        message = "no training of the last days: the folder is trained when its model is next run"
        yield Check(_POINT, "training-never", Verdict.NOTE, message, path=seen.training.model)
    else:
        last = seen.training.runs[0]
        verdict = Verdict.WRONG if last.status in _BAD else Verdict.NOTE
        rule = "training-failed" if verdict is Verdict.WRONG else "training-last"
        message = (
            f"the last training: {last.status or 'its state is not told'}, started {last.started or '?'}"
        )
        yield Check(_POINT, rule, verdict, message, path=last.path)
