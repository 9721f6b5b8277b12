import importlib
import pkgutil
import re
from collections import Counter
from dataclasses import replace

import pytest

from painting import evaluation
from painting.evaluation.figure import Figure, Metric, over_seeds
from painting.evaluation.metrics.kid import KID_METRIC
from painting.evaluation.metrics.label_accuracy import JOINT_LABEL_ACCURACY_METRIC, LABEL_ACCURACY_METRIC

FIGURE = Figure(KID_METRIC, 2.0, 100, "classifier-1", "test", "By hand.", real=0.5)


def of_labels(metric: Metric, *fields: str) -> Figure:
    return replace(FIGURE, metric=metric, fields=fields)


def test_id_and_name_are_those_of_the_metric_and_of_the_label_fields() -> None:
    accuracy = of_labels(LABEL_ACCURACY_METRIC, "species")
    joint = of_labels(JOINT_LABEL_ACCURACY_METRIC, "color", "species")
    assert (FIGURE.id, FIGURE.name) == ("kid", "KID ×1000")
    assert (accuracy.id, accuracy.name) == ("label_accuracy.species", "species accuracy")
    assert (joint.id, joint.name) == ("joint_label_accuracy.color.species", "joint color and species accuracy")


def test_json_has_id_and_name_first_and_leaves_out_what_is_unknown() -> None:
    as_json = replace(FIGURE, value=1.234567).as_dict()
    assert list(as_json)[:3] == ["id", "name", "value"]
    assert as_json == {
        "id": "kid",
        "name": "KID ×1000",
        "value": 1.2346,
        "n": 100,
        "extractor": "classifier-1",
        "split": "test",
        "protocol": "By hand.",
        "real": 0.5,
        "seed": 0,
        "better": "lower",
    }


def test_one_turn_stays_as_it_is() -> None:
    assert over_seeds([[FIGURE]]) == [FIGURE]


def test_several_turns_give_mean_and_spread_of_each_figure() -> None:
    other = replace(FIGURE, split="train", value=7.0)
    turns = [[replace(FIGURE, value=value), other] for value in (1.0, 2.0, 3.0)]
    mean, steady = over_seeds(turns)
    assert (mean.value, mean.spread, mean.real) == (2, 1, 0.5)
    assert mean.protocol == "By hand. The mean over 3 sets of seeds."
    assert (steady.split, steady.value, steady.spread) == ("train", 7, 0)


def test_a_figure_that_a_turn_lacks_is_taken_over_the_others() -> None:
    (found,) = over_seeds([[FIGURE], []])
    assert found.value == pytest.approx(2)


def all_metrics() -> list[Metric]:
    """The records of all metrics, by the modules that define them."""
    metrics = []
    for package in ("metrics", "figures"):
        paths = [f"{path}/{package}" for path in evaluation.__path__]
        for module in pkgutil.iter_modules(paths, f"painting.evaluation.{package}."):
            content = vars(importlib.import_module(module.name)).items()
            metrics += [value for value in dict(content).values() if isinstance(value, Metric)]
    return list(dict.fromkeys(metrics))


def test_every_metric_has_an_id_of_its_own_and_a_sentence_for_readers() -> None:
    metrics = all_metrics()
    assert len(metrics) > 20
    assert Counter(metric.id for metric in metrics).most_common(1)[0][1] == 1
    for metric in metrics:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", metric.id)
        assert metric.meaning.endswith(".") and len(metric.meaning) > 20
        assert metric.better is not None or metric.of_real
