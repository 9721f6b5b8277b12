from dataclasses import replace

import numpy as np
import pytest

from painting.evaluation.extractors.base import Extractor
from painting.evaluation.figures.distribution import FeatureSample, compare
from painting.evaluation.metrics.frechet import frechet_distance
from painting.evaluation.metrics.kid import kid
from painting.images import FloatArray, UInt8Array


class Plain:
    """An extractor by name alone: its features are made up."""

    key, width = "plain", 6

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind

    def features(self, pictures: UInt8Array) -> FloatArray:
        raise NotImplementedError


class Classifier(Plain):
    """One that names six classes too."""

    def class_probabilities(self, features: FloatArray) -> FloatArray:
        return np.asarray(np.exp(features) / np.exp(features).sum(axis=1, keepdims=True))


def normal(count: int, seed: int, mean: float = 0) -> FloatArray:
    return np.random.default_rng(seed).normal(mean, 1, (count, 6)).astype(np.float32)


def sample(extractor: Extractor) -> FeatureSample:
    real, others = normal(120, 0), normal(90, 1)
    return FeatureSample(
        extractor=extractor,
        split="test",
        seed=5,
        painted=normal(120, 2, mean=0.5),
        real=real,
        floor=(real[:90], others),
        floor_description="real train pictures",
        halves=(real[:60], real[60:]),
    )


def test_distances_stand_beside_those_of_real_pictures_and_of_halves() -> None:
    given = sample(Plain("dinov2-vits14", "dinov2"))
    figures = {figure.id: figure for figure in compare(given)}
    distance = figures["frechet_distance"]
    assert distance.value == pytest.approx(frechet_distance(given.real, given.painted))
    assert distance.real == pytest.approx(frechet_distance(*given.floor))
    assert (distance.n, distance.seed, distance.split, distance.metric.better) == (120, 5, "test", "lower")
    assert "between 90 real train pictures and as many of these real ones" in distance.protocol
    halves = figures["frechet_distance_real_halves"]
    assert halves.value == pytest.approx(frechet_distance(*given.halves))
    assert halves.n == 60
    assert figures["kid"].value == pytest.approx(1000 * kid(given.real, given.painted, paired=True))
    assert "inception_score" not in figures


@pytest.mark.parametrize(
    ("extractor", "distance"),
    [
        (Classifier("inception-v3", "inception"), "fid"),
        (Classifier("inception-v3-1a2b3c4d", "inception"), "frechet_distance"),
        (Plain("clip-vit-b32", "clip"), "frechet_distance"),
    ],
)
def test_it_is_called_fid_on_the_published_inception_alone(extractor: Extractor, distance: str) -> None:
    ids = {figure.id for figure in compare(sample(extractor))}
    assert {distance, f"{distance}_real_halves"} <= ids
    assert ("fid" in ids) == (distance == "fid")


def test_the_inception_score_stands_beside_that_of_real_pictures() -> None:
    given = sample(Classifier("inception-v3", "inception"))
    sure = replace(given, painted=50 * np.eye(6, dtype=np.float32)[np.arange(120) % 6])
    (score,) = (figure for figure in compare(sure) if figure.id == "inception_score")
    assert score.value == pytest.approx(6)
    assert score.real is not None
    assert 1 < score.real < 3
