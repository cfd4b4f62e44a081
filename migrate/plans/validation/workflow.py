"""Point 8: the step of DAM Update Asset that asks the service, in the model that runs."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.plans.validation.checks import Check, Verdict
from migrate.plans.validation.seen import Seen
from migrate.targets.instance.aem.workflows import Model, Step

_POINT = "workflow"
_AUTO_TAG = "AutoTagAssetProcess"
_THUMBNAILS = ("ThumbnailProcess", "CreateThumbnailProcess", "ThumbnailProcessImpl")
_EDIT = "Edit DAM Update Asset in Tools > Workflow > Models, and press Sync"


def checks(seen: Seen) -> Iterator[Check]:
    """Whether assets are tagged at all, after their thumbnails, and whether a failure would be seen."""
    model = seen.update_asset
    if model is None:
        message = "the model DAM Update Asset that runs is not there, or not for this user to see"
        yield Check(_POINT, "workflow-unknown", Verdict.UNCLEAR, message, "Look at Tools > Workflow > Models")
        return
    places = [n for n, step in enumerate(model.steps) if _is_auto_tag(step)]
    if not places:
        yield _missing(seen, model)
        return
    wrong = [*_order(model, places[0]), *_arguments(model, model.steps[places[0]])]
    yield from wrong
    if all(check.is_right for check in wrong):
        yield Check(_POINT, "workflow-tags", Verdict.RIGHT, "DAM Update Asset tags assets", path=model.path)


def _is_auto_tag(step: Step) -> bool:
    return step.process.rpartition(".")[2] == _AUTO_TAG


def _missing(seen: Seen, model: Model) -> Check:
    if seen.design is not None and any(map(_is_auto_tag, seen.design.steps)):
        message = f"the step that tags assets stands in {seen.design.path}, and not in the model that runs"
        fix = "Open the model in Tools > Workflow > Models, and press Sync"
        return Check(_POINT, "workflow-not-synced", Verdict.WRONG, message, fix, model.path)
    message = (
        "the step that tags assets (Smart Tag Assets) is not in DAM Update Asset, so no upload is tagged"
    )
    return Check(_POINT, "workflow-no-step", Verdict.WRONG, message, _EDIT, model.path)


def _order(model: Model, place: int) -> Iterator[Check]:
    thumbnails = [
        n
        for n, step in enumerate(model.steps)
        if step.process.rpartition(".")[2] in _THUMBNAILS
        or step.title.strip().lower() == "process thumbnails"
    ]
    if not thumbnails:
        message = "there is no step Process Thumbnails, whose pictures are sent to be tagged"
        yield Check(_POINT, "workflow-no-thumbnails", Verdict.WRONG, message, _EDIT, model.path)
    elif place < thumbnails[-1]:
        message = "the step that tags assets comes before Process Thumbnails, whose pictures it needs"
        yield Check(_POINT, "workflow-order", Verdict.WRONG, message, _EDIT, model.path)


def _arguments(model: Model, step: Step) -> Iterator[Check]:
    if not step.is_on("PROCESS_AUTO_ADVANCE"):
        message = "Handler Advance is off in the step that tags assets, so the workflow stops there"
        yield Check(_POINT, "workflow-no-advance", Verdict.WRONG, message, _EDIT, model.path)
    if step.is_on("IGNORE_ERRORS"):
        message = (
            "Ignore Errors is on in the step that tags assets: it hides exactly the failure to get a token"
        )
        fix = "Turn it off until the first asset was tagged"
        yield Check(_POINT, "workflow-ignores-errors", Verdict.NOTE, message, fix, model.path)
