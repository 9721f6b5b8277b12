"""Ranking of a run's snapshots by what their painters were measured to do, in `saved/ranking.json`.

The mean of the last snapshots' weights is ranked beside them: it often paints better than any (stochastic weight
averaging, Izmailov et al. 2018; model soups, Wortsman et al. 2022).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from painting.errors import TrainingError, error_reason
from painting.files.sealed_json import read_sealed, write_sealed
from painting.training.registry import build_networks
from painting.training.run.folder import RunFolder
from painting.training.run.snapshots import NETWORKS_FOLDER, RANKING_FILE, snapshot_images

MEAN_SNAPSHOTS = 4
"""The last snapshots whose mean is ranked."""
Kimg = tuple[float, ...]
"""The weights of a snapshot, by its thousands of images of the last stage; several: the mean of their weights."""


@dataclass(frozen=True)
class RankedWeights:
    """Weights of a run, the sum of their ranks, and the figures that they were ranked by, as JSON."""

    kimg: Kimg
    rank_sum: int
    memorizes: bool
    figures: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Ranking:
    """The weights of a run, best first; `by` says by what, in words."""

    by: str
    ranked: tuple[RankedWeights, ...]

    @property
    def best(self) -> Kimg | None:
        """The weights that paint best; None: all copy training pictures."""
        first = self.ranked[0]
        return None if first.memorizes else first.kimg

    def write(self, run: RunFolder) -> Path:
        """Write it into a run's folder; returns the file."""
        write_sealed(_path(run), asdict(self))
        return _path(run)

    @classmethod
    def read(cls, run: RunFolder) -> "Ranking | None":
        """The ranking in a run's folder; None where there is none. Raises TrainingError where it is damaged."""
        try:
            values = read_sealed(_path(run))
            return cls(values["by"], tuple(_ranked_weights(each) for each in values["ranked"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TrainingError(
                f"{_path(run)} cannot be read: {error_reason(error)}. Rank the snapshots again: "
                f"painting evaluate {run.path} --choose."
            ) from error

    def export_sentence(self) -> str:
        """Which weights an export takes, and how to take others."""
        assert self.best
        return (
            f"Of {len(self.ranked)} weights this is {describe_weights(self.best)}, the best by {self.by}; --at-kimg "
            "takes another snapshot."
        )


def weights_to_rank(run: RunFolder) -> list[Kimg]:
    """Every snapshot of a run that paints, oldest first, then the mean of the last ones.

    Raises TrainingError where there are fewer than two: nothing is left to choose.
    """
    info = run.info()
    networks = build_networks(info.preset, info.dataset)
    points = [images / 1000 for images in snapshot_images(run.saved / NETWORKS_FOLDER, networks.inference_networks)]
    if len(points) < 2:
        count = "one snapshot" if points else "no snapshot"
        raise TrainingError(
            f"{run.path} has {count} of its last stage, so there is nothing to choose: `painting export` takes the "
            "newest weights."
        )
    trained = tuple(point for point in points if point > 0)[-MEAN_SNAPSHOTS:]  # a warm start has one of its start
    return [(point,) for point in points] + ([trained] if len(trained) > 1 else [])


def describe_weights(kimg: Sequence[float]) -> str:
    """The weights in words: "30 kimg", "the mean of 30, 40 and 50 kimg"."""
    *others, last = (f"{point:g}" for point in kimg)
    return f"the mean of {', '.join(others)} and {last} kimg" if others else f"{last} kimg"


def _path(run: RunFolder) -> Path:
    return run.saved / RANKING_FILE


def _ranked_weights(values: Mapping[str, Any]) -> RankedWeights:
    return RankedWeights(**{**values, "kimg": tuple(values["kimg"]), "figures": tuple(values["figures"])})
