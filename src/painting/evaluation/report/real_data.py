"""Open the reference data of an evaluation: a folder of captioned pictures, digits, or drawn shapes.

Whatever text encoder a painter has, pictures are prepared with the bundled one, so that painters of different encoders
are measured with the same classifier.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from painting.data.digits.dataset import TEST_PREFIX, Digits, find_halves, holds_digits
from painting.data.folder.listing import Listing, read_folder
from painting.data.folder.partition_names import Partition
from painting.data.issues import printable
from painting.data.partitions import read_partitions, read_training
from painting.data.picture_set import PictureSet
from painting.data.prepared import PreparedSet, prepare
from painting.data.shapes.dataset import Shapes
from painting.errors import DataError
from painting.evaluation.extractors.classifier import ClassifierSettings
from painting.evaluation.figures.digits import DIGIT_CLASSIFIER
from painting.evaluation.prompts import evenly_spaced_indices
from painting.evaluation.reference import EvaluationData, real_digits, real_photographs, real_shapes
from painting.progress import TaskProgressCallback, no_progress
from painting.text.encoder import TextEncoder

CLASSIFIER_VIEWS = 6
"""Of each training picture, to train the classifier; pictures are compared by their first view alone."""
MAX_DRAWN_SHAPES = 2000
"""Of each split, to compare with; fewer where fewer are painted.

As many as are painted: their scenes take turns, and every fourth of them would show but a quarter of the classes.
"""
TRAINED_ON_TEST_NOTE = (
    "These digits are one set: a painter of them was trained on all, those for testing too, so that figures on test "
    "digits say nothing about held-out digits."
)

NOT_HELD_OUT_NOTE = (
    "No validation pictures are held out, so painters are selected by training pictures, on which copies of them look "
    "best: before training, hold some out with `painting data split {} --validation 10%`."
)


@dataclass(frozen=True)
class RealData:
    """The reference data, and the data and settings that the classifier is trained with."""

    name: str
    data: EvaluationData
    classifier_data: PictureSet
    settings: ClassifierSettings
    notes: tuple[str, ...] = ()
    is_sample: bool = False
    """Whether only some of the pictures are compared with."""
    is_held_out: bool = True
    """Whether the pictures in place of a test set are of no training."""

    @property
    def training_count(self) -> int | None:
        """The number of pictures that a painter of this data was trained on; None: unknown, or drawn without end."""
        return None if self.is_sample or self.classifier_data.count is None else self.data.train.count

    def describe_selection(self, pictures: int) -> str:
        """The pictures that painters are selected by, in words, where so many are painted at most."""
        reals = self.data.test
        remark = "" if self.is_held_out else " that are not held out"
        return f"{min(reals.count, pictures):,} {reals.split if self.is_held_out else 'training'} pictures{remark}"


@dataclass(frozen=True)
class DataRequest:
    """Which reference data to open."""

    folder: Path | None
    """None: the bundled digits, or drawn shapes."""
    test_folder: Path | None
    """Held-out pictures in a folder of their own, instead of the test set of `folder`."""
    size: int
    conditional: bool
    pictures: int = MAX_DRAWN_SHAPES
    """Painted for each split."""
    model_selection: bool = False
    """Whether the held-out set is the validation set instead of the test set.

    Where a folder has none, evenly spaced training pictures stand in for it; digits and shapes have a test set alone.
    """
    max_real_pictures: int | None = None
    """Of each split, evenly spaced, to measure quickly; None: all."""
    train_views: int = CLASSIFIER_VIEWS
    """Prepared of each training picture: several train the classifier, the first is compared with."""


def open_real_data(request: DataRequest, report: TaskProgressCallback = no_progress) -> RealData:
    """Read and prepare the pictures; raises DataError where nothing is held out, or they do not fit the painter."""
    if request.folder is not None and not request.folder.is_dir():
        raise DataError(f"'{request.folder}' is not a folder; name the dataset folder that the painter was trained on")
    if not request.conditional:
        return _digits(request)
    if request.folder is None:
        return _shapes(request, report)
    if holds_digits(request.folder) and not read_training(request.folder).examples:
        raise DataError(f"'{request.folder}' holds digits without captions, and the painter takes prompts")
    return _captioned(request.folder, request, report)


def _captioned(folder: Path, request: DataRequest, report: TaskProgressCallback) -> RealData:
    encoder = TextEncoder.load()
    partitions = read_partitions(folder)
    if request.test_folder is not None:
        partitions["test"] = read_folder(request.test_folder)
    if "test" not in partitions and not request.model_selection:
        raise _nothing_held_out(folder, partitions.get("validation"))
    held_out: Partition = "validation" if request.model_selection else "test"
    is_held_out = held_out in partitions
    if not is_held_out:  # test pictures that a painter was selected by would measure it no more
        partitions[held_out] = _sampled(partitions["train"], request.pictures)
    used = {"train", held_out} | ({"zero-shot"} if not request.model_selection else set())
    listings = {partition: listing for partition, listing in partitions.items() if partition in used}
    notes = _sample_notes(request, {partition: len(listing.examples) for partition, listing in listings.items()})

    def prepared(partition: Partition, listing: Listing) -> PreparedSet:
        views = request.train_views if partition == "train" else 1
        return prepare(_sampled(listing, request.max_real_pictures), request.size, views, encoder, report=report)

    sets = {partition: prepared(partition, listing) for partition, listing in listings.items()}
    reals = {partition: real_photographs(each, partition) for partition, each in sets.items()}
    return RealData(
        name=printable(folder.resolve().name),
        data=EvaluationData(reals["train"], reals[held_out], reals.get("zero-shot")),
        classifier_data=sets["train"],
        settings=ClassifierSettings(),
        notes=notes if is_held_out else (*notes, NOT_HELD_OUT_NOTE.format(folder)),
        is_sample=bool(notes),
        is_held_out=is_held_out,
    )


def _sampled(listing: Listing, at_most: int | None) -> Listing:
    """The listing with at most so many examples, evenly spaced."""
    if at_most is None:
        return listing
    chosen = evenly_spaced_indices(len(listing.examples), at_most)
    examples = [listing.examples[index] for index in chosen]
    return listing.only(examples, listing.partition, listing.split_hash)


def _sample_notes(request: DataRequest, counts: Mapping[Partition, int]) -> tuple[str, ...]:
    """A note on the splits that are compared with in part."""
    at_most = request.max_real_pictures
    parts = [f"{at_most:,} of {n:,} {split} pictures" for split, n in counts.items() if at_most and n > at_most]
    return (f"Quick: measured with {' and '.join(parts)}.",) if parts else ()


def has_validation_set(request: DataRequest) -> bool:
    """Whether there are validation pictures: decisions in training go by those, so that the test set stays unused."""
    return request.folder is not None and request.conditional and "validation" in read_partitions(request.folder)


def _nothing_held_out(folder: Path, validation: Listing | None) -> DataError:
    if validation and validation.folder != folder:
        return DataError(
            f"'{folder}' holds validation pictures, in {validation.folder.name}, and no test pictures: to measure with "
            f"those, add --test {validation.folder}"
        )
    return DataError(
        f"'{folder}' has no held-out pictures, and on training pictures a painter that memorizes them has the best "
        f"figures: hold some out with `painting data split {folder}` before training, or evaluate its painter on "
        "another folder with `painting evaluate --test`"
    )


def _digits(request: DataRequest) -> RealData:
    if request.test_folder is not None:
        raise DataError(f"leave out --test {request.test_folder}: folders like MNIST's hold their test half themselves")
    if request.folder is not None and not holds_digits(request.folder):
        raise DataError(f"the painter takes no prompts, and '{request.folder}' holds none of MNIST's files")
    train = Digits(request.folder, "train")
    test = Digits(request.folder, "test")
    if train.size != request.size:
        raise DataError(f"the painter paints {request.size} px, and the digits have {train.size}")
    both_halves = request.folder is not None and TEST_PREFIX in find_halves(request.folder)
    sample_notes = _sample_notes(request, {"train": train.count, "test": test.count})
    at_most = request.max_real_pictures
    return RealData(
        name="the bundled digits" if request.folder is None else printable(request.folder.resolve().name),
        data=EvaluationData(real_digits(train, "train", at_most), real_digits(test, "test", at_most)),
        classifier_data=train,
        settings=DIGIT_CLASSIFIER,
        notes=(*sample_notes, *(() if both_halves else (TRAINED_ON_TEST_NOTE,))),
        is_sample=bool(sample_notes),
    )


def _shapes(request: DataRequest, report: TaskProgressCallback) -> RealData:
    count = min(request.pictures, MAX_DRAWN_SHAPES)
    train, test, zero_shot = (real_shapes(request.size, split, count) for split in ("train", "test", "zero-shot"))
    classifier_data = Shapes(request.size, text_encoder=TextEncoder.load(), report=report)
    return RealData("drawn shapes", EvaluationData(train, test, zero_shot), classifier_data, ClassifierSettings())
