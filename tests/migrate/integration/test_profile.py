"""Profiles as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.integration.profile import Profile, ProfileError, load

GOOD = 'provider-name = "x"\nscopes = ["a", " b "]\ntoken-url = "https://ims.example.com/t"\n'


def test_the_built_in_profile_is_what_adobes_page_says() -> None:
    profile = load()
    assert profile.provider_name == "adobe-ims-similaritysearch"
    assert (
        profile.scope == "read_pc.dma_smart_content, openid, AdobeID, additional_info.projectedProductContext"
    )
    assert profile.token_url == "https://ims-na1.adobelogin.com/ims/token/v3"
    assert profile.validator_type == "adobe-ims-similaritysearch"


def test_the_copy_to_start_from_says_the_same() -> None:
    import migrate

    assert load(Path(migrate.__file__).parent / "integration" / "profiles" / "smart-tags.toml") == load()


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text(GOOD)
    assert load(file) == Profile("x", ("a", "b"), "https://ims.example.com/t", None, "x", "x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("= nonsense", "not TOML"),
        (GOOD + 'validator-typ = "x"\n', 'unknown key "validator-typ"'),
        (GOOD.replace("token-url", "title"), 'the key "token-url" is missing'),
        (GOOD.replace('["a", " b "]', '"a"'), '"scopes" must be a list'),
        (GOOD.replace('["a", " b "]', "[]"), '"scopes" must be a list'),
        (GOOD.replace('"x"', '" "'), '"provider-name" must be a text'),
        (GOOD.replace('"x"', "5"), '"provider-name" must be a text'),
        ("# " + "x" * 70_000, "larger than"),
    ],
)
def test_a_wrong_profile_says_what_is_wrong(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text(text)
    with pytest.raises(ProfileError, match=r"p\.toml") as caught:
        load(file)
    assert words in str(caught.value)


def test_unreadable_profiles(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="No such file"):
        load(tmp_path / "none")
    (tmp_path / "latin").write_bytes(b"title = '\xe9'")
    with pytest.raises(ProfileError, match="UTF-8"):
        load(tmp_path / "latin")
