"""Choice of the weights of a run that an export takes: the given ones, else the best that was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from painting.training.guard.comparison import StartComparison
from painting.training.guard.ranking import Kimg, Ranking
from painting.training.run.folder import RunFolder


@dataclass(frozen=True)
class Choice:
    """The snapshots that an export takes, none: the newest weights; a sentence that says why, and the ranking."""

    kimg: Kimg = ()
    sentence: str = ""
    ranking: Ranking | None = None

    def record(self) -> dict[str, Any]:
        """The choice as a painter's card holds it; empty: the newest weights."""
        if not self.kimg:
            return {}
        selected = {"selected_by": self.ranking.by, "candidates": len(self.ranking.ranked)} if self.ranking else {}
        return {"snapshots_kimg": list(self.kimg), **selected}


NEWEST_WEIGHTS = Choice()


def choose_weights(run: RunFolder, at_kimg: Sequence[float] = ()) -> Choice:
    """The given snapshots, else the best of a ranking, else a warm start's start where it is better than its end.

    Raises TrainingError where the ranking or the comparison is damaged.
    """
    if at_kimg:
        return Choice(tuple(at_kimg))
    ranking = Ranking.read(run)
    if ranking and ranking.best:
        return Choice(ranking.best, ranking.export_sentence(), ranking)
    comparison = StartComparison.read(run)
    if comparison is None:
        return NEWEST_WEIGHTS
    return Choice((0.0,) if comparison.better == "start" else (), comparison.export_sentence())
