"""Open the reference data of an evaluation: a folder of captioned pictures, digits, or drawn shapes.

Whatever text encoder a painter has, pictures are prepared with the bundled one, so that painters of different encoders
are measured with the same classifier.
"""

from dataclasses import dataclass
from pathlib import Path

from painting.data.digits.dataset import TEST_PREFIX, Digits, find_halves, holds_digits
from painting.data.folder.listing import Listing, read_folder
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


@dataclass(frozen=True)
class RealData:
    """The reference data, and the data and settings that the classifier is trained with."""

    name: str
    data: EvaluationData
    classifier_data: PictureSet
    settings: ClassifierSettings
    notes: tuple[str, ...] = ()

    @property
    def training_count(self) -> int | None:
        """The number of pictures that a painter of this data was trained on; None: drawn without end."""
        return None if self.classifier_data.count is None else self.data.train.count


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
    """Whether the held-out set is the validation set instead of the test set."""


def open_real_data(request: DataRequest, report: ProgressCallback | None = None) -> RealData:
    """Read and prepare the pictures; raises DataError where nothing is held out, or they do not fit the painter."""
    if request.folder is not None and not request.folder.is_dir():
        raise DataError(f"'{request.folder}' is not a folder; name the dataset folder that the painter was trained on")
    if request.model_selection and (request.folder is None or not request.conditional):
        raise DataError("painters are selected by the validation pictures of a dataset folder: name it with --data")
    if not request.conditional:
        return _digits(request)
    if request.folder is None:
        return _shapes(request)
    if holds_digits(request.folder):
        raise DataError(f"'{request.folder}' holds digits without captions, and the painter takes prompts")
    return _captioned(request.folder, request, report)


def _captioned(folder: Path, request: DataRequest, report: ProgressCallback | None) -> RealData:
    encoder = TextEncoder.load()
    partitions = read_partitions(folder)
    if request.test_folder is not None:
        partitions["test"] = read_folder(request.test_folder)
    if "test" not in partitions and not request.model_selection:
        raise _nothing_held_out(folder)
    held_out: Partition = "validation" if request.model_selection else "test"
    if held_out not in partitions:
        raise DataError(
            f"'{folder}' holds no validation pictures to select by, and test pictures that a painter was selected by "
            f"measure it no more: hold some out before training, with `painting data split {folder} --validation 10%`"
        )
    used = {"train", held_out} | ({"zero-shot"} if not request.model_selection else set())

    def prepared(partition: Partition, listing: Listing) -> PreparedSet:
        views = CLASSIFIER_VIEWS if partition == "train" else 1
        return prepare(listing, request.size, views, encoder, report=report)

    sets = {partition: prepared(partition, listing) for partition, listing in partitions.items() if partition in used}
    reals = {partition: real_photographs(each, partition) for partition, each in sets.items()}
    data = EvaluationData(reals["train"], reals[held_out], reals.get("zero-shot"))
    return RealData(folder.resolve().name, data, sets["train"], ClassifierSettings())


def has_validation_set(request: DataRequest) -> bool:
    """Whether there are validation pictures: decisions in training go by those, so that the test set stays unused."""
    return request.folder is not None and request.conditional and "validation" in read_partitions(request.folder)


def _nothing_held_out(folder: Path) -> DataError:
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
    return RealData(
        name="the bundled digits" if request.folder is None else request.folder.resolve().name,
        data=EvaluationData(real_digits(train, "train"), real_digits(test, "test")),
        classifier_data=train,
        settings=DIGIT_CLASSIFIER,
        notes=() if both_halves else (TRAINED_ON_TEST_NOTE,),
    )


def _shapes(request: DataRequest) -> RealData:
    count = min(request.pictures, MAX_DRAWN_SHAPES)
    train, test, zero_shot = (real_shapes(request.size, split, count) for split in ("train", "test", "zero-shot"))
    classifier_data = Shapes(request.size, text_encoder=TextEncoder.load())
    return RealData("drawn shapes", EvaluationData(train, test, zero_shot), classifier_data, ClassifierSettings())
