"""Dataset of a folder of captioned pictures, prepared for training: cached, memory-mapped, addressed by id."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from painting.data.attributes import attributes_of, targets_of
from painting.data.cache import default_cache, digest
from painting.data.deduplicate import merge_duplicates
from painting.data.digits.dataset import holds_digits
from painting.data.folder.listing import PARTIAL_METADATA, SIDE_FILE_CONVENTION, Example, Listing
from painting.data.image_cache import PreparedPictures, prepare_pictures
from painting.data.issues import Issue, count_kinds, printable
from painting.data.partitions import read_training
from painting.data.picture_set import CaptionEncoder, IntArray
from painting.data.text.caption_vectors import CaptionVectors
from painting.data.text.synonyms import COLOR_SYNONYMS
from painting.data.text.text_vectors import statistics
from painting.errors import DataError
from painting.images import FloatArray, UInt8Array
from painting.progress import TaskProgressCallback, no_progress
from painting.text.language import is_english


class CaptionsTruncated(UserWarning):
    """Warning: some captions have more tokens than the text encoder reads."""


class PicturesHidden(UserWarning):
    """Warning: a metadata file leaves out pictures that have captions in text files."""


class CaptionsNotEnglish(UserWarning):
    """Warning: some captions are in a language or script that text encoders were not trained on."""


def prepare(
    folder: Path | Listing,
    size: int,
    views: int,
    text_encoder: CaptionEncoder,
    cache: Path | None = None,
    report: TaskProgressCallback = no_progress,
    *,
    synonyms: bool = False,
    alpha: bool = False,
) -> PreparedSet:
    """Prepare a folder: `views` versions of each usable picture at `size` px, and the text vectors of all captions.

    Of a folder with a split the training partition is read; `folder` may also be a listing, of any partition. The
    folder itself is never written to; `cache` defaults to `default_cache()`. With `synonyms` half the captions that
    name colours come with synonyms for them (`synonyms.py`); with `alpha` the set is a `TransparentSet`. `report`
    counts files read and decoded, and captions. Captions with more tokens than the text encoder reads are truncated,
    with a warning CaptionsTruncated; those in other languages than English are used, with a warning
    CaptionsNotEnglish; where a metadata file leaves out pictures that have text files, there is a warning
    PicturesHidden. Raises DataError where nothing usable is left or the cache cannot be written.
    """
    listing = folder if isinstance(folder, Listing) else read_training(folder)
    cache = cache or default_cache()
    readable, issues = drop_unreadable(listing, text_encoder)
    pictures = prepare_pictures([example.path for example in readable], size, views, cache, report, alpha=alpha)
    examples, more = merge_duplicates(readable, pictures.outcomes, size)
    all_issues = (*listing.issues, *issues, *more)
    if not examples:
        raise DataError(f"{nothing_usable(listing, all_issues)}; `painting data check` lists them by name")
    captions = sorted({caption for example in examples for caption in example.captions})
    for issue in all_issues:
        if issue.kind == PARTIAL_METADATA:
            warnings.warn(str(issue), PicturesHidden, stacklevel=2)
    _warn_of_captions(captions, text_encoder)
    vectors = CaptionVectors(captions, text_encoder, cache, synonyms, report)
    prepared = TransparentPreparedSet if alpha else PreparedSet
    return prepared(
        _Captioned(listing, examples, all_issues, captions, synonyms), pictures, vectors, text_encoder, views
    )


def drop_unreadable(listing: Listing, encoder: CaptionEncoder) -> tuple[list[Example], list[Issue]]:
    """Drop captions without any token in the text encoder's vocabulary, and examples that have no others."""
    captions = {caption for example in listing.examples for caption in example.captions}
    known = {caption for caption in captions if encoder.readable(caption)}
    kept = []
    issues = []
    for example in listing.examples:
        left = tuple(caption for caption in example.captions if caption in known)
        if len(left) < len(example.captions):
            message = "has a caption without any word in the text encoder's vocabulary"
            action = "that caption is skipped" if left else "it is skipped"
            issues.append(Issue(example.name, "unknown words", message, action, "nothing" if left else "picture"))
        if left:
            kept.append(replace(example, captions=left))
    return kept, issues


def _warn_of_captions(captions: Sequence[str], encoder: CaptionEncoder) -> None:
    long = sum(map(encoder.truncated, captions))
    if long:
        warnings.warn(
            f"{long} of {len(captions)} captions are longer than the text encoder {encoder.id} reads; "
            "they are truncated",
            CaptionsTruncated,
            stacklevel=3,
        )
    foreign = sum(not is_english(caption) for caption in captions)
    if foreign:
        warnings.warn(
            f"{foreign} of {len(captions)} captions are in another language or script, and the text encoder "
            f"{encoder.id} reads English: translate them",
            CaptionsNotEnglish,
            stacklevel=3,
        )


def nothing_usable(listing: Listing, issues: Sequence[Issue]) -> str:
    """Why a folder cannot be trained on, in one sentence."""
    counts = ", ".join(f"{count}× {kind}" for kind, count in count_kinds(issues).items())
    why = f"found: {counts}" if counts else "there are no pictures in it"
    if listing.convention == SIDE_FILE_CONVENTION and any(issue.kind == "no caption" for issue in issues):
        why += "; write x.txt or x.caption beside x.jpg, or a metadata.csv, or sort the pictures into class folders"
    if holds_digits(listing.folder):
        why = "it holds labelled pictures laid out like MNIST, without captions: train on them with --preset digits"
    return f"'{printable(str(listing.folder))}' holds no usable captioned picture ({why})"


@dataclass(frozen=True)
class _Captioned:
    """Examples of a folder, whose pictures are decoded and whose captions are known."""

    listing: Listing
    examples: list[Example]
    issues: tuple[Issue, ...]
    captions: list[str]
    synonyms: bool


class PreparedSet:
    """Dataset (a `CaptionedSet`) of P pictures with V views each: id = picture · V + view; view 0 is not cropped."""

    def __init__(
        self,
        captioned: _Captioned,
        pictures: PreparedPictures,
        vectors: CaptionVectors,
        text_encoder: CaptionEncoder,
        views: int,
    ) -> None:
        """Called by `prepare`."""
        self.examples = captioned.examples
        self.issues = captioned.issues
        self.views = views
        self.size = pictures.array.shape[1]
        self.count: int | None = len(captioned.examples) * views
        self.text_encoder_id = text_encoder.id
        self.text_encoder_sha256 = text_encoder.sha256
        self.captions = captioned.captions
        self.caption_vectors = vectors.plain
        self._pictures = pictures.array
        self._vectors = vectors
        # Caption indices of all pictures in one array: picture p has `_lengths[p]` of them, from `_starts[p]` on.
        index_of = {caption: index for index, caption in enumerate(captioned.captions)}
        self._caption_indices = np.array([index_of[text] for example in self.examples for text in example.captions])
        self._lengths = np.array([len(example.captions) for example in self.examples])
        self._starts = np.cumsum(self._lengths) - self._lengths
        # Each picture weighs the same, however many captions it has.
        weights = np.bincount(self._caption_indices, weights=np.repeat(1 / self._lengths, self._lengths))
        self.caption_mean, self.caption_std = statistics(vectors.plain, weights / weights.sum())
        self.attributes = attributes_of(self.examples)
        self._targets = targets_of(self.examples, self.attributes)
        self.example_prompts = _example_prompts(self.examples)
        contents = [(example.name, example.captions, sorted(example.labels.items())) for example in self.examples]
        # A folder without a split keeps the hash that it had before there were splits.
        split = (captioned.listing.partition, captioned.listing.split_hash) if captioned.listing.partition else ()
        wordings = (COLOR_SYNONYMS,) if captioned.synonyms else ()
        self.content_hash = digest("prepared", pictures.key, text_encoder.sha256, *contents, *split, *wordings)
        self.summary = _summary(captioned, views, self.size)

    def pictures(self, ids: IntArray) -> UInt8Array:
        """The pictures of these ids, on white where they are transparent: (N, S, S, 3)."""
        return self._channels(ids)[..., :3]

    def _channels(self, ids: IntArray) -> UInt8Array:
        """(N, S, S, C)."""
        chosen: UInt8Array = np.asarray(self._pictures[ids])
        return chosen

    def text_vectors(self, ids: IntArray, choice: FloatArray) -> FloatArray:
        """The text vector of one caption of each picture: (N, E); `choice` (N,) in [0, 1) picks it and its wording."""
        picture = np.asarray(ids) // self.views
        # The integer part of choice · captions picks the caption; the fraction is uniform again, and picks the wording.
        caption, wording = np.divmod(np.asarray(choice, np.float64) * self._lengths[picture], 1)
        return self._vectors.of(self._caption_indices[self._starts[picture] + caption.astype(np.int64)], wording)

    def targets(self, ids: IntArray) -> FloatArray:
        """Multi-hot attributes of each picture: (N, A) of 0 and 1."""
        return self._targets[np.asarray(ids) // self.views]


class TransparentPreparedSet(PreparedSet):
    """Dataset (a `TransparentSet`) of pictures with transparency."""

    def pictures_and_alpha(self, ids: IntArray) -> UInt8Array:
        """Colours laid on white, and alpha: (N, S, S, 4)."""
        return self._channels(ids)


def _example_prompts(examples: Sequence[Example], at_most: int = 16) -> tuple[str, ...]:
    """Different captions, evenly spread over the set, which is sorted by name."""
    chosen: dict[str, None] = {}
    for start in np.linspace(0, len(examples), at_most, endpoint=False).astype(int):
        captions = examples[start].captions
        fresh = (text for text in captions if text not in chosen)
        chosen[next(fresh, captions[0])] = None
    return tuple(chosen)


def _summary(captioned: _Captioned, views: int, size: int) -> dict[str, object]:
    skipped = [issue for issue in captioned.issues if issue.skipped]
    partition = {"partition": captioned.listing.partition} if captioned.listing.partition else {}
    return {
        "source": captioned.listing.source,
        **partition,
        "pictures": len(captioned.examples),
        "views": views,
        "size": size,
        "captions": sum(len(example.captions) for example in captioned.examples),
        "different_captions": len(captioned.captions),
        "skipped": len(skipped),
        "skipped_why": count_kinds(skipped),
    }
