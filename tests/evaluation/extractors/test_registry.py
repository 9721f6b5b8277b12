"""Extractors are loaded from the table's rows, and those without weights are reported with what to do."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from tests.evaluation.tiny_hub import write_dinov2, write_whole_clip

from painting.data.prepared import PreparedSet
from painting.distribution import install_command
from painting.errors import DataError, InvalidRequest
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.extractors.classifier import ClassifierSettings
from painting.evaluation.extractors.registry import EXTRACTOR_TABLE, WeightSources, check_names, load_extractors
from painting.models.published import LITE2_PACKAGE, WeightsPackage


@pytest.fixture(autouse=True)
def empty_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


def load(*names: str, **given: Path) -> tuple[list[Extractor], list[str]]:
    """Load extractors of no training pictures, without downloads."""
    sources = WeightSources({name: str(path) for name, path in given.items()}, download=False)
    nothing: Any = None
    return load_extractors(names, sources, nothing, ClassifierSettings(), Mock())


def test_missing_weights_are_reported_and_the_others_are_loaded(tmp_path: Path) -> None:
    loaded, missing = load("inception", "clip", "dinov2", "clip", clip=write_whole_clip(tmp_path / "clip"))
    assert [extractor.kind for extractor in loaded] == ["clip"]
    assert [sentence.partition(":")[0] for sentence in missing] == ["inception", "dinov2"]
    assert "download https://github.com/toshas/torch-fidelity" in missing[0]
    assert str(tmp_path / "cache" / "weights") in missing[0]
    assert "hf download facebook/dinov2-small" in missing[1]


def test_each_is_loaded_from_its_given_source(tmp_path: Path) -> None:
    loaded, missing = load("dinov2", dinov2=write_dinov2(tmp_path / "dinov2-small"))
    assert [extractor.name for extractor in loaded] == ["dinov2-vits14"]
    assert missing == []


def test_a_given_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    loaded, missing = load("inception", inception=tmp_path / "none.pth")
    assert loaded == []
    assert missing[0].startswith(f"inception: there is no file {tmp_path / 'none.pth'}")


def test_weights_of_the_training_extra_need_no_source() -> None:
    loaded, missing = load("efficientnet")
    assert [extractor.name for extractor in loaded] == ["efficientnet-lite2"]
    assert missing == []


def test_the_classifier_is_left_out_where_captions_have_nothing_in_common() -> None:
    alike: Any = Mock(attributes=())
    loaded, missing = load_extractors(("classifier",), WeightSources(), alike, ClassifierSettings(), Mock())
    assert loaded == []
    assert missing[0].startswith("classifier: there is nothing to train a classifier on")


def test_the_classifier_comes_first_and_is_trained_on_the_pictures(train: PreparedSet, tmp_path: Path) -> None:
    settings = ClassifierSettings(widths=(8,), images=64, batch=16)
    report = Mock()
    loaded, _ = load_extractors(["efficientnet", "classifier"], WeightSources(), train, settings, report)
    assert [extractor.kind for extractor in loaded] == ["classifier", "efficientnet"]
    assert report.call_args.args == ("training the classifier, once for these pictures", 64, 64)


def test_a_cache_that_cannot_be_written_is_no_missing_extractor(
    train: PreparedSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path / "file"))
    settings = ClassifierSettings(widths=(8,), images=16, batch=16)
    with pytest.raises(DataError):
        load_extractors(["classifier"], WeightSources(), train, settings, Mock())


@pytest.mark.parametrize(
    ("package", "reason"),
    [
        (replace(LITE2_PACKAGE, name="no_such_package"), f"needs the training extra: {install_command('train')}"),
        (replace(LITE2_PACKAGE, file="__init__.py"), "is not the published file: install efficientnet_lite2_"),
    ],
    ids=["missing", "damaged"],
)
def test_a_package_without_the_published_weights_is_reported_and_the_others_are_loaded(
    package: WeightsPackage, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("painting.evaluation.extractors.efficientnet.LITE2_PACKAGE", package)
    loaded, missing = load("efficientnet", "dinov2", dinov2=write_dinov2(tmp_path / "dinov2-small"))
    assert [extractor.kind for extractor in loaded] == ["dinov2"]
    (sentence,) = missing
    assert sentence.startswith("efficientnet: ") and reason in sentence


def test_without_transformers_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("transformers", "huggingface_hub"):
        monkeypatch.setitem(sys.modules, module, None)
    loaded, missing = load("clip", "dinov2")
    assert loaded == []
    assert all(install_command("clip") in sentence for sentence in missing)


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    known = ", ".join(EXTRACTOR_TABLE)
    with pytest.raises(InvalidRequest, match=f"no extractor 'vgg': choose among {known}"):
        load("vgg")
    with pytest.raises(InvalidRequest, match=f"no extractor 'vgg': choose among {known}"):
        load("clip", vgg=Path("weights"))
    with pytest.raises(InvalidRequest, match=f"name at least one extractor: {known}"):
        check_names([], WeightSources({"clip": "folder"}))


def test_every_row_has_a_rank_of_its_own() -> None:
    ranks = [entry.neighbour_rank for entry in EXTRACTOR_TABLE.values()]
    assert sorted(ranks) == list(range(1, len(EXTRACTOR_TABLE) + 1))
