"""`--out` that names a folder is the user's slip, not a bug of ours."""

from pathlib import Path

import pytest

from migrate import saved_plan
from migrate.plans import Plan
from migrate.request import Request


@pytest.mark.parametrize("name", [".", "/"])
def test_a_folder_is_no_place_for_a_plan(name: str) -> None:
    with pytest.raises(IsADirectoryError, match="Is a directory"):
        saved_plan.save(Path(name), Plan(()), Request(), [], [])
