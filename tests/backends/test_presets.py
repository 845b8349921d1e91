"""The well-known servers."""

import re

from yarl import URL

from backends.presets import PRESETS, preset_for


def test_slugs_names_and_addresses_are_unique() -> None:
    for values in zip(*((preset.slug, preset.name, preset.base_url) for preset in PRESETS), strict=True):
        assert len(set(values)) == len(PRESETS)


def test_every_address_is_usable_and_ends_before_the_function() -> None:
    for preset in PRESETS:
        assert URL(preset.base_url).host
        assert not re.search(r"/$|/chat/completions", preset.base_url)
        assert preset.documentation.startswith("https://")


def test_whoever_is_reached_over_the_internet_needs_tls_and_a_key() -> None:
    for preset in PRESETS:
        if URL(preset.base_url).host == "localhost":
            assert preset.api_key_env == ""
        else:
            assert preset.base_url.startswith("https://")
            assert re.fullmatch(r"[A-Z][A-Z0-9_]*", preset.api_key_env)


def test_an_address_finds_its_preset() -> None:
    for preset in PRESETS:
        assert preset_for(preset.base_url + "/") is preset
    assert preset_for("https://ailleurs.example/v1") is None
