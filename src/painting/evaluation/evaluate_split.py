"""One split measured: its pictures are painted once, every extractor looks at them, and figures are made of that."""

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
from painting.evaluation.figures.distribution import FEWEST, Sample, compare
from painting.evaluation.figures.diversity import (
    Shown,
    diversity_figure,
    latent_requests,
    prompt_similarity_figure,
    similarity_figure,
)
from painting.evaluation.figures.memorization import find_copies
from painting.evaluation.figures.prompt_fidelity import alignment_figures, read_tables, table_figures, together_figure
from painting.evaluation.figures.sharpness import sharpness_figure
from painting.evaluation.label_matching import match
from painting.evaluation.metrics.label_accuracy import LabelConfusion
from painting.evaluation.metrics.memorization import ClosestPair
from painting.evaluation.prompts import PaintedPictures, seeds_from, spread_ids
from painting.evaluation.reference import EvaluationData, RealPictures
from painting.images import UInt8Array
from painting.progress import TaskProgressCallback

FLOOR_SEED = 0


@dataclass(frozen=True)
class Measuring:
    """What measuring needs besides a split's pictures."""

    data: EvaluationData
    extractors: list[Extractor]
    cache: Path
    folder: Path
    """For painted pictures and their features."""
    report: TaskProgressCallback
    trained_with: str = ""

    def reals(self, reals: RealPictures, extractor: Extractor) -> ArrayFile:
        """The features of all real pictures of a split."""
        return real_features(reals, extractor, self.cache, self.report)

    def looked(self, pictures: PicturesOf, count: int, extractor: Extractor, what: str) -> ArrayFile:
        """The features of painted pictures."""
        return write_features(pictures, count, extractor, self.folder / f"{what}.npy", self.report)

    @property
    def fewest(self) -> int:
        """How many real pictures the smaller of the training and the test part holds."""
        return min(self.data.train.count, self.data.test.count)

    @property
    def judge(self) -> str:
        """The name of the extractor whose closest pairs are shown."""
        ranked = [extractor for extractor in self.extractors if extractor.kind in EXTRACTOR_TABLE]
        best = min(ranked, key=lambda extractor: EXTRACTOR_TABLE[extractor.kind].neighbour_rank, default=None)
        return best.name if best else ""


@dataclass
class Measured:
    """What was found of one split."""

    figures: list[Figure] = field(default_factory=list)
    tables: list[LabelConfusion] = field(default_factory=list)
    closest: list[ClosestPair] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Painted:
    """One split's painted pictures beside the real ones that their prompts came from."""

    reals: RealPictures
    asked: PaintedPictures
    ids: IntArray
    """Of the real pictures."""
    kept: ArrayFile
    """The painted pictures."""
    fewest: int
    """Real pictures, of the training or the test part."""

    def real_pictures(self, places: IntArray) -> UInt8Array:
        """The real pictures of these places among the painted ones: uint8 (N, S, S, 3)."""
        return self.reals.pictures(self.ids[places])

    @property
    def whole(self) -> bool:
        """Whether they are compared as a whole: pairs that training never showed are too few and too special."""
        return self.reals.split != "zero-shot" and min(self.asked.count, self.fewest) >= FEWEST


def measure_split(measuring: Measuring, reals: RealPictures, asked: PaintedPictures) -> Measured:
    """Everything that can be measured of one split: zero-shot pairs are only read and matched with their prompts."""
    kept = paint_all(asked, measuring.folder / "pictures.npy", f"painting {reals.split} prompts", measuring.report)
    painted = Painted(reals, asked, spread_ids(reals.count, asked.count), kept, measuring.fewest)
    measured = Measured()
    for extractor in measuring.extractors:
        sample = _sample(measuring, painted, extractor)
        if isinstance(extractor, Pixels):
            measured.figures.append(sharpness_figure(sample))
            continue
        _follow(measuring, measured, painted, sample)
        if painted.whole:
            measured.figures += compare(sample)
            _find_copies(measuring, measured, painted, sample)
    if painted.whole:
        _vary(measuring, measured, painted)
    elif reals.split != "zero-shot":
        few = min(asked.count, measuring.fewest)
        measured.notes.append(f"{few} pictures are too few to compare {reals.split} pictures with: {FEWEST} are needed")
    return measured


def _sample(measuring: Measuring, painted: Painted, extractor: Extractor) -> Sample:
    reals, count = painted.reals, painted.asked.count
    seen = measuring.looked(painted.kept.__getitem__, count, extractor, f"painted {reals.split} pictures")
    real = measuring.reals(reals, extractor)
    others = measuring.data.test if reals.split == "train" else measuring.data.train
    # Without prompts nobody asked for these kinds: what a painter shows of each is left to chance, and so is the floor.
    labels, theirs = (of.labels if of.conditional else ({},) * of.count for of in (reals, others))
    matched = match([labels[place] for place in painted.ids], theirs, FLOOR_SEED)
    halves = np.random.default_rng(FLOOR_SEED).permutation(reals.count)
    half = min(count, reals.count // 2)
    return Sample(
        extractor=extractor,
        split=reals.split,
        seed=painted.asked.seeds[0],
        painted=seen,
        real=RowSubset(real, painted.ids),
        floor=(
            RowSubset(real, painted.ids[matched.one]),
            RowSubset(measuring.reals(others, extractor), matched.other),
        ),
        others_are=f"real {others.split} pictures {matched.alike}".rstrip(),
        halves=(RowSubset(real, np.sort(halves[:half])), RowSubset(real, np.sort(halves[half : 2 * half]))),
    )


def _follow(measuring: Measuring, measured: Measured, painted: Painted, sample: Sample) -> None:
    """What was asked for is read back and matched."""
    network, requests = sample.extractor, painted.asked.requests
    if isinstance(network, LabelPredictor):
        tables = read_tables(network, sample, requests)
        measured.tables += tables
        for table in tables:
            measured.figures += table_figures(table, sample.seed)
        together = together_figure(network, sample, requests)
        measured.figures += [together] if together else []
        if isinstance(network, Classifier) and not painted.reals.conditional and len(network.fields) == 1:
            measured.figures += digit_figures(network, sample, requests)
    if isinstance(network, TextMatcher):
        known = network.name == measuring.trained_with
        caution = "; the painter was trained on this network's text vectors, which flatters it" if known else ""
        measured.figures += alignment_figures(network, sample, requests, caution)


def _find_copies(measuring: Measuring, measured: Measured, painted: Painted, sample: Sample) -> None:
    data, extractor = measuring.data, sample.extractor
    copies = find_copies(sample, measuring.reals(data.test, extractor), measuring.reals(data.train, extractor))
    measured.figures += copies.figures()
    if extractor.name == measuring.judge:
        asked = painted.asked
        measured.closest += copies.closest_pairs(painted.kept.__getitem__, data.train, asked.requests, asked.seeds)


def _vary(measuring: Measuring, measured: Measured, painted: Painted) -> None:
    """Pictures of one class, and of one prompt, beside real ones."""
    asked, split = painted.asked, painted.reals.split
    alike = similarity_figure(painted.kept.__getitem__, painted.real_pictures, asked.requests, split, asked.seeds[0])
    measured.figures += [alike] if alike else []
    if split == "train":
        return
    again = latent_requests(asked.requests)
    varied = PaintedPictures(asked.painter, tuple(again), seeds_from(asked.seeds[0], len(again)))
    kept = paint_all(varied, measuring.folder / "again.npy", "painting prompts again", measuring.report)
    pictures = Shown(kept.__getitem__, again), Shown(painted.real_pictures, asked.requests)
    alike = prompt_similarity_figure(*pictures, split, varied.seeds[0])
    measured.figures += [alike] if alike else []
    for extractor in measuring.extractors:
        shown = pictures if isinstance(extractor, Pixels) else _looked(measuring, painted, varied, kept, extractor)
        measured.figures.append(diversity_figure(extractor.name, *shown, split, varied.seeds[0]))


def _looked(
    measuring: Measuring, painted: Painted, varied: PaintedPictures, kept: ArrayFile, extractor: Extractor
) -> tuple[Shown, Shown]:
    """An extractor's features of prompts painted again, and of the real pictures."""
    again = measuring.looked(kept.__getitem__, varied.count, extractor, "prompts painted again")
    real = RowSubset(measuring.reals(painted.reals, extractor), painted.ids)
    return Shown(again.__getitem__, varied.requests), Shown(real.__getitem__, painted.asked.requests)
