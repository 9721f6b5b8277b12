"""Folders of classes, as image classifiers are trained on: the name of a picture's folder is its caption."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from painting.cleaning import clean_text
from painting.data.folder.names import composed

CLASS_LABEL = "class"
"""The label that holds the name of a picture's folder."""
_STORAGE_NAMES = frozenset(
    "image images img imgs picture pictures pics photo photos jpg jpeg png gif webp data dataset raw mask masks label "
    "labels annotations train training test testing val valid validation thumbnails other misc new old".split()
)
_WORD_SEPARATORS = re.compile(r"[\s_.,+-]+")
_NUMBER_BEFORE = re.compile(r"^[\d\s_.,+()#-]+")
_WORDNET_ID = re.compile(r"n\d{8}")


def class_names(pictures: Iterable[str]) -> dict[str, str]:
    """Picture → the class that its folder is named after; empty unless at least two folders are named by words."""
    names = {picture: _class_name(PurePosixPath(picture).parent.name) for picture in pictures}
    classes = {picture: name for picture, name in names.items() if name}
    return classes if len(set(classes.values())) > 1 else {}


def _class_name(folder: str) -> str:
    """The words of a folder's name, without a number before them ("001.Black_footed_Albatross"); "" without words."""
    words = clean_text(_WORD_SEPARATORS.sub(" ", _NUMBER_BEFORE.sub("", composed(folder)))).text
    if words.lower() in _STORAGE_NAMES or _WORDNET_ID.fullmatch(folder) or len(re.findall(r"[^\W\d_]", words)) < 2:
        return ""
    return words
