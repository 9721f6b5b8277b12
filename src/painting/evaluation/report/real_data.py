"""The real pictures that a painter is measured against: a folder of captioned ones, digits, or drawn shapes.

Whatever encoder a painter reads prompts with, pictures are prepared by the bundled one, so that painters which read
differently are seen by the same classifier.
"""

from dataclasses import dataclass
from pathlib import Path

from painting.data.digits.dataset import TESTING, Digits, find_halves, holds_digits
from painting.data.folder import Listing, read_folder
from painting.data.partitions import read_partitions
from painting.data.picture_set import PictureSet
from painting.data.prepared import PreparedSet, prepare
from painting.data.shapes.dataset import Shapes
from painting.data.split import Partition
from painting.errors import DataError
from painting.evaluation.extractors.classifier import ClassifierSettings
from painting.evaluation.figures.digits import DIGIT_CLASSIFIER
from painting.evaluation.reference import EvaluationData, real_digits, real_photographs, real_shapes
from painting.progress import ProgressCallback
from painting.text.encoder import TextEncoder

VIEWS = 6
"""Of each training picture, for the classifier; pictures are compared by their first view alone."""
DRAWN = 2000
"""How many shapes of each split are drawn to compare with, at most.

As many as are painted: their scenes take turns, and every fourth of them would show but a quarter of the kinds.
"""
SEEN_TOO = (
    "These digits are one set: a painter of them was trained on all, those for testing too, so that figures on test "
    "digits say nothing of digits that it has not seen."
)


@dataclass(frozen=True)
class RealData:
    """What to measure against; `classifier_data` and `settings` are what the classifier is trained on, and how."""

    name: str
    data: EvaluationData
    classifier_data: PictureSet
    settings: ClassifierSettings
    notes: tuple[str, ...] = ()

    @property
    def trained_on(self) -> int | None:
        """How many pictures a painter of this data should have been trained on; None: nobody counts."""
        return None if self.classifier_data.count is None else self.data.train.count


@dataclass(frozen=True)
class Wanted:
    """Which pictures: `folder` (None: digits that are bundled, or drawn shapes), `test` held out of it elsewhere."""

    folder: Path | None
    test: Path | None
    size: int
    conditional: bool
    pictures: int = DRAWN
    """How many are painted for each split."""
    choosing: bool = False
    """Whether painters are to be chosen: by the validation part instead of the test part."""


def open_real_data(wanted: Wanted, report: ProgressCallback | None = None) -> RealData:
    """Read and prepare the pictures; raises DataError where nothing is held out, or they do not fit the painter."""
    if wanted.folder is not None and not wanted.folder.is_dir():
        raise DataError(f"'{wanted.folder}' is not a folder; name the pictures that the painter was trained on")
    if wanted.choosing and (wanted.folder is None or not wanted.conditional):
        raise DataError("painters are chosen by captioned pictures of a folder that were held out: name it with --data")
    if not wanted.conditional:
        return _digits(wanted)
    if wanted.folder is None:
        return _shapes(wanted)
    if holds_digits(wanted.folder):
        raise DataError(f"'{wanted.folder}' holds digits without captions, and the painter takes prompts")
    return _captioned(wanted.folder, wanted, report)


def _captioned(folder: Path, wanted: Wanted, report: ProgressCallback | None) -> RealData:
    encoder = TextEncoder.load()
    parts = read_partitions(folder)
    if wanted.test is not None:
        parts["test"] = read_folder(wanted.test)
    if "test" not in parts and not wanted.choosing:
        raise _nothing_held_out(folder)
    unseen: Partition = "validation" if wanted.choosing else "test"
    if unseen not in parts:
        raise DataError(
            f"'{folder}' holds no validation pictures to choose by, and test pictures that a painter was chosen by "
            f"measure it no more: hold some out before training, with `painting data split {folder} --validation 10%`"
        )
    wanted_parts = {"train", unseen} | ({"zero-shot"} if not wanted.choosing else set())
    used = {part: listing for part, listing in parts.items() if part in wanted_parts}

    def prepared(part: Partition, listing: Listing) -> PreparedSet:
        return prepare(listing, wanted.size, VIEWS if part == "train" else 1, encoder, report=report)

    sets = {part: prepared(part, listing) for part, listing in used.items()}
    reals = {part: real_photographs(ready, part) for part, ready in sets.items()}
    data = EvaluationData(reals["train"], reals[unseen], reals.get("zero-shot"))
    return RealData(folder.resolve().name, data, sets["train"], ClassifierSettings())


def check_held_out(folder: Path) -> None:
    """Raise DataError where a folder holds nothing out of training to measure with."""
    if not holds_digits(folder) and not {"test", "validation"} & set(read_partitions(folder)):
        raise _nothing_held_out(folder)


def can_choose(wanted: Wanted) -> bool:
    """Whether there are validation pictures: whoever decides by figures should see those, and the test part once."""
    return wanted.folder is not None and wanted.conditional and "validation" in read_partitions(wanted.folder)


def _nothing_held_out(folder: Path) -> DataError:
    return DataError(
        f"nothing of '{folder}' is held out, and on pictures that it was trained on a painter that copies looks best: "
        f"hold some out with `painting data split {folder}` before training, or measure its painter on a folder of "
        "others with `painting evaluate --test`"
    )


def _digits(wanted: Wanted) -> RealData:
    if wanted.test is not None:
        raise DataError(f"leave out --test {wanted.test}: folders like MNIST's hold their test half themselves")
    if wanted.folder is not None and not holds_digits(wanted.folder):
        raise DataError(f"the painter takes no prompts, and '{wanted.folder}' holds none of MNIST's files")
    train, test = Digits(wanted.folder, "train"), Digits(wanted.folder, "test")
    if train.size != wanted.size:
        raise DataError(f"the painter paints {wanted.size} px, and the digits have {train.size}")
    both_halves = wanted.folder is not None and TESTING in find_halves(wanted.folder)
    return RealData(
        name="the bundled digits" if wanted.folder is None else wanted.folder.resolve().name,
        data=EvaluationData(real_digits(train, "train"), real_digits(test, "test")),
        classifier_data=train,
        settings=DIGIT_CLASSIFIER,
        notes=() if both_halves else (SEEN_TOO,),
    )


def _shapes(wanted: Wanted) -> RealData:
    count = min(wanted.pictures, DRAWN)
    train, test, unseen = (real_shapes(wanted.size, split, count) for split in ("train", "test", "zero-shot"))
    classifier_data = Shapes(wanted.size, text_encoder=TextEncoder.load())
    return RealData("drawn shapes", EvaluationData(train, test, unseen), classifier_data, ClassifierSettings())
