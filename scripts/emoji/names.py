"""Names, groups, keywords and skin tones of emoji, of the package emojibase-data.

A code is the hexadecimal code points of an emoji, joined by "-", without the variation selector FE0F.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scripts.emoji.packages import Package

NAMES_PACKAGE = Package(
    "emojibase-data",
    "17.0.0",
    "sha512-Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpyhBNEC0m2SEmItljHsTygjA==",
)
GROUP_NAMES = {
    "smileys-emotion": "smileys",
    "people-body": "people",
    "animals-nature": "animals and nature",
    "food-drink": "food and drink",
    "travel-places": "travel and places",
    "activities": "activities",
    "objects": "objects",
    "symbols": "symbols",
}
"""Unicode's groups → their labels; the others, flags and components such as a skin tone, are left out."""
TONES = {1: "light", 2: "medium-light", 3: "medium", 4: "medium-dark", 5: "dark"}
VARIATION_SELECTOR = "-fe0f"
MIN_KEYWORD_LENGTH = 3  # letters; shorter ones are mostly slang or another language


@dataclass(frozen=True)
class Emoji:
    """An emoji by its Unicode CLDR name; `tones`: skin tone → its code."""

    name: str
    group: str
    subgroup: str
    keywords: tuple[str, ...]
    code: str
    tones: Mapping[str, str]


def plain_code(code: str) -> str:
    """A code in lower case without the variation selector, which only some packages write."""
    return code.lower().replace(VARIATION_SELECTOR, "")


def read_emoji(files: Mapping[str, bytes]) -> list[Emoji]:
    """The emoji of GROUP_NAMES from the files of emojibase-data, in Unicode's order."""
    groups = json.loads(files["meta/groups.json"])
    entries = []
    for entry in json.loads(files["en/data.json"]):
        group = groups["groups"].get(str(entry.get("group")))
        if group in GROUP_NAMES:
            subgroup = groups["subgroups"][str(entry["subgroup"])]
            entries.append((entry["order"], _emoji(entry, GROUP_NAMES[group], subgroup.replace("-", " "))))
    return [emoji for _, emoji in sorted(entries, key=lambda item: item[0])]


def _emoji(entry: Mapping[str, Any], group: str, subgroup: str) -> Emoji:
    name = entry["label"]
    keywords = tuple(tag for tag in entry.get("tags", ()) if len(tag) >= MIN_KEYWORD_LENGTH and tag not in name.lower())
    # A pair of people has a list of two tones, which have no one name.
    skins = [skin for skin in entry.get("skins", ()) if isinstance(skin["tone"], int)]
    tones = {TONES[skin["tone"]]: plain_code(skin["hexcode"]) for skin in skins}
    return Emoji(name, group, subgroup, keywords, plain_code(entry["hexcode"]), tones)
