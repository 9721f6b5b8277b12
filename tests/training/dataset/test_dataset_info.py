"""The info of a data set holds what networks need, and survives JSON."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from painting.data.digits.dataset import Digits
from painting.data.picture_set import CaptionedSet
from painting.training.dataset.dataset_info import DatasetInfo


def test_captioned_pictures_have_caption_statistics(finite: CaptionedSet) -> None:
    info = DatasetInfo.of(finite)
    assert info.text_width == 5 and info.text_encoder_id == "numbers"
    assert info.caption_mean == tuple(map(float, finite.caption_mean))


def test_text_vectors_are_standardised_by_the_captions_statistics() -> None:
    info = DatasetInfo("", {}, (), caption_mean=(1.0, -2.0), caption_std=(2.0, 0.5))
    standardised = info.standardise(np.array([[3.0, -2.0], [1.0, -1.0]], np.float32))
    np.testing.assert_array_equal(standardised, np.array([[1, 0], [0, 2]], np.float32), strict=True)


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
