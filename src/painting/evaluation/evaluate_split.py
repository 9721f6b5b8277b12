"""Evaluate one split: paint its prompts once, extract features with every extractor, and turn them into figures."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from painting.data.array_cache import ArrayFile, RowSubset
from painting.data.picture_set import IntArray
from painting.evaluation.extractors.base import Extractor, LabelPredictor, TextMatcher
from painting.evaluation.extractors.classifier import Classifier
from painting.evaluation.extractors.pixels import Pixels
from painting.evaluation.extractors.registry import EXTRACTOR_TABLE
from painting.evaluation.feature_cache import PicturesOf, paint_all, real_features, write_features
from painting.evaluation.figure import Figure
from painting.evaluation.figures.digits import digit_figures
from painting.evaluation.figures.distribution import MIN_PICTURES, FeatureSample, compare
from painting.evaluation.figures.diversity import (
    PromptedValues,
    diversity_figure,
    ms_ssim_per_prompt_figure,
    ms_ssim_within_class_figure,
    repeated_requests,
)
from painting.evaluation.figures.memorization import compare_with_training
from painting.evaluation.figures.prompt_fidelity import (
    alignment_figures,
    joint_accuracy_figure,
    label_confusions,
    label_figures,
)
from painting.evaluation.figures.sharpness import sharpness_figure
from painting.evaluation.label_matching import match_by_labels
from painting.evaluation.metrics.label_accuracy import LabelConfusion
from painting.evaluation.metrics.memorization import ClosestPair
from painting.evaluation.prompts import PaintedPictures, consecutive_seeds, evenly_spaced_indices
from painting.evaluation.reference import EvaluationData, RealPictures
from painting.images import UInt8Array
from painting.progress import TaskProgressCallback

FLOOR_SEED = 0


@dataclass(frozen=True)
class EvaluationContext:
    """What all splits of an evaluation share."""

    data: EvaluationData
    extractors: list[Extractor]
    cache: Path
    folder: Path
    """The scratch folder for painted pictures and their features."""
    report: TaskProgressCallback
    text_encoder_id: str = ""
    """Of the painter; a CLIP of this name is no independent network."""

    def real_features(self, reals: RealPictures, extractor: Extractor) -> ArrayFile:
        """The features of all real pictures of a split."""
        return real_features(reals, extractor, self.cache, self.report)

    def painted_features(self, pictures: PicturesOf, count: int, extractor: Extractor, name: str) -> ArrayFile:
        """The features of painted pictures; `name` is that of their file."""
        return write_features(pictures, count, extractor, self.folder / f"{name}.npy", self.report)

    @property
    def min_real_count(self) -> int:
        """The number of real pictures in the smaller of the training and the test set."""
        return min(self.data.train.count, self.data.test.count)

    @property
    def closest_pair_extractor(self) -> str:
        """The name of the extractor whose closest pairs are reported; empty: none can."""
        ranked = [extractor for extractor in self.extractors if extractor.kind in EXTRACTOR_TABLE]
        best = min(ranked, key=lambda extractor: EXTRACTOR_TABLE[extractor.kind].neighbour_rank, default=None)
        return best.name if best else ""


@dataclass
class SplitEvaluation:
    """Figures, confusion matrices, closest pairs and notes of one split."""

    figures: list[Figure] = field(default_factory=list)
    tables: list[LabelConfusion] = field(default_factory=list)
    closest: list[ClosestPair] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, figure: Figure | None) -> None:
        """Add a figure, if it could be measured."""
        if figure is not None:
            self.figures.append(figure)


@dataclass(frozen=True)
class PaintedSplit:
    """The painted pictures of one split beside the real ones that their prompts came from."""

    reals: RealPictures
    painted: PaintedPictures
    real_ids: IntArray
    pictures: ArrayFile
    """The painted pictures: uint8 (N, S, S, 3)."""
    min_real_count: int

    @property
    def seed(self) -> int:
        """The seed of the first painted picture."""
        return self.painted.seeds[0]

    def real_pictures(self, indices: IntArray) -> UInt8Array:
        """The real pictures beside these painted ones: uint8 (N, S, S, 3)."""
        return self.reals.pictures(self.real_ids[indices])

    @property
    def comparable(self) -> bool:
        """Whether the distributions are compared: zero-shot pairs are too few and too special."""
        return self.reals.split != "zero-shot" and min(self.painted.count, self.min_real_count) >= MIN_PICTURES


def evaluate_split(context: EvaluationContext, reals: RealPictures, painted: PaintedPictures) -> SplitEvaluation:
    """All that can be measured of one split; of zero-shot pairs prompt fidelity alone."""
    pictures = paint_all(painted, context.folder / "pictures.npy", f"painting {reals.split} prompts", context.report)
    real_ids = evenly_spaced_indices(reals.count, painted.count)
    split = PaintedSplit(reals, painted, real_ids, pictures, context.min_real_count)
    result = SplitEvaluation()
    for extractor in context.extractors:
        sample = _feature_sample(context, split, extractor)
        if isinstance(extractor, Pixels):
            result.add(sharpness_figure(sample))
            continue
        context.report(f"comparing {extractor.name} features of {reals.split} pictures", 0, 1)
        _add_prompt_fidelity(context, result, split, sample)
        if split.comparable:
            result.figures += compare(sample)
            _add_memorization(context, result, split, sample)
    if split.comparable:
        context.report(f"measuring the diversity of {reals.split} pictures", 0, 1)
        _add_diversity(context, result, split)
    elif reals.split != "zero-shot":
        few = min(painted.count, context.min_real_count)
        result.notes.append(
            f"{few} pictures are too few to compare {reals.split} pictures with: {MIN_PICTURES} are needed"
        )
    return result


def _feature_sample(context: EvaluationContext, split: PaintedSplit, extractor: Extractor) -> FeatureSample:
    reals = split.reals
    count = split.painted.count
    painted = context.painted_features(split.pictures.__getitem__, count, extractor, f"painted {reals.split} pictures")
    real = context.real_features(reals, extractor)
    others = context.data.test if reals.split == "train" else context.data.train
    # Without prompts no class was requested: how many of each are painted is left to chance, and so is the floor.
    labels, other_labels = (of.labels if of.conditional else ({},) * of.count for of in (reals, others))
    matched = match_by_labels([labels[index] for index in split.real_ids], other_labels, FLOOR_SEED)
    shuffled = np.random.default_rng(FLOOR_SEED).permutation(reals.count)
    half = min(count, reals.count // 2)
    return FeatureSample(
        extractor=extractor,
        split=reals.split,
        seed=split.seed,
        painted=painted,
        real=RowSubset(real, split.real_ids),
        floor=(
            RowSubset(real, split.real_ids[matched.indices]),
            RowSubset(context.real_features(others, extractor), matched.other_indices),
        ),
        floor_description=f"real {others.split} pictures {matched.shared_labels}".rstrip(),
        halves=(RowSubset(real, np.sort(shuffled[:half])), RowSubset(real, np.sort(shuffled[half : 2 * half]))),
    )


def _add_prompt_fidelity(
    context: EvaluationContext, result: SplitEvaluation, split: PaintedSplit, sample: FeatureSample
) -> None:
    network = sample.extractor
    requests = split.painted.requests
    if isinstance(network, LabelPredictor):
        tables = label_confusions(network, sample, requests)
        result.tables += tables
        for table in tables:
            result.figures += label_figures(table, sample)
        result.add(joint_accuracy_figure(network, sample, requests))
        if isinstance(network, Classifier) and not split.reals.conditional and len(network.fields) == 1:
            result.figures += digit_figures(network, sample, requests)
    if isinstance(network, TextMatcher):
        is_own = network.name == context.text_encoder_id
        caution = "; the painter was trained on this network's text vectors, which flatters it" if is_own else ""
        result.figures += alignment_figures(network, sample, requests, caution)


def _add_memorization(
    context: EvaluationContext, result: SplitEvaluation, split: PaintedSplit, sample: FeatureSample
) -> None:
    data = context.data
    held_out = context.real_features(data.test, sample.extractor)
    training = context.real_features(data.train, sample.extractor)
    compared = compare_with_training(sample, held_out, training)
    result.figures += compared.figures()
    if sample.extractor.name == context.closest_pair_extractor:
        painted = split.painted
        result.closest += compared.closest_pairs(
            split.pictures.__getitem__, data.train, painted.requests, painted.seeds
        )


def _add_diversity(context: EvaluationContext, result: SplitEvaluation, split: PaintedSplit) -> None:
    """Diversity within class, and, but for training prompts, that of pictures painted again from some prompts."""
    requests = split.painted.requests
    name = split.reals.split
    result.add(ms_ssim_within_class_figure(split.pictures.__getitem__, split.real_pictures, requests, name, split.seed))
    if name == "train":
        return
    repeated = repeated_requests(requests)
    again = PaintedPictures(split.painted.painter, tuple(repeated), consecutive_seeds(split.seed, len(repeated)))
    pictures = paint_all(again, context.folder / "again.npy", "painting prompts again", context.report)
    painted = PromptedValues(pictures.__getitem__, repeated)
    real = PromptedValues(split.real_pictures, requests)
    result.add(ms_ssim_per_prompt_figure(painted, real, name, split.seed))
    for extractor in context.extractors:
        if isinstance(extractor, Pixels):
            values = painted, real
        else:
            values = _features_per_prompt(context, split, painted, extractor)
        result.add(diversity_figure(extractor.name, *values, name, split.seed))


def _features_per_prompt(
    context: EvaluationContext, split: PaintedSplit, painted: PromptedValues, extractor: Extractor
) -> tuple[PromptedValues, PromptedValues]:
    """The features of prompts painted again, and of the real pictures."""
    again = context.painted_features(painted.values, len(painted.requests), extractor, "prompts painted again")
    real = RowSubset(context.real_features(split.reals, extractor), split.real_ids)
    return (
        PromptedValues(again.__getitem__, painted.requests),
        PromptedValues(real.__getitem__, split.painted.requests),
    )
