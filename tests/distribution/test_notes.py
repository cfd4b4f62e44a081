"""The notes of a release."""

from __future__ import annotations

import pytest

from distribution.notes import notes
from tests.places import ROOT

CHANGELOG = """# Changelog

## [Unreleased]

## [1.1.0] - 2027-01-02

### Added

- A thing.

## [1.0.0] - 2027-01-01

- The first.
"""


def test_a_version_and_a_tag() -> None:
    assert notes(CHANGELOG, "v1.1.0") == "### Added\n\n- A thing.\n"
    assert notes(CHANGELOG, "1.0.0") == "- The first.\n"


@pytest.mark.parametrize("version", ["v2.0.0", "1.0", "Unreleased", ""])
def test_nothing_is_said(version: str) -> None:
    with pytest.raises(ValueError, match="says nothing"):
        notes(CHANGELOG, version)


def test_ours_has_notes_for_what_is_to_come() -> None:
    assert notes((ROOT / "CHANGELOG.md").read_text("utf-8"), "Unreleased").startswith("### ")
