"""The info of a data set holds what networks need, and survives JSON."""

import json
from dataclasses import asdict

import pytest

from painting.data.digits.dataset import Digits
from painting.data.picture_set import CaptionedSet
from painting.training.dataset_info import DatasetInfo


def test_captioned_pictures_have_caption_statistics(finite: CaptionedSet) -> None:
    info = DatasetInfo.of(finite)
    assert info.text_width == 5 and info.text_encoder_id == "numbers"
    assert info.caption_mean == tuple(map(float, finite.caption_mean))


def test_pictures_without_captions_have_no_text_width() -> None:
    info = DatasetInfo.of(Digits())
    assert info.text_width == 0 and info.text_encoder_sha256 is None
    assert info.attributes[0] == "digit=0"


def test_json_gives_the_same_info_back(finite: CaptionedSet) -> None:
    info = DatasetInfo.of(finite)
    assert DatasetInfo.from_json(json.loads(json.dumps(asdict(info)))) == info


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(TypeError, match="mood"):
        DatasetInfo.from_json({"content_hash": "", "summary": {}, "attributes": [], "mood": "good"})
