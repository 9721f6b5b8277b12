import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.evaluation.report.conftest import figure

from painting.evaluation.metrics.frechet import FID_METRIC
from painting.evaluation.report.schema import SCHEMA_PATH, EvaluationReport, PainterReport, write_json


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(SCHEMA_PATH.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_a_report_follows_its_schema(report: EvaluationReport, validator: Any, tmp_path: Path) -> None:
    write_json(tmp_path / "report.json", report)
    validator.validate(json.loads((tmp_path / "report.json").read_text()))


@pytest.mark.parametrize(
    "missing", ["id", "name", "n", "seed", "extractor", "split", "painter", "data", "version", "protocol"]
)
def test_the_schema_requires_every_field_of_a_figure(report: EvaluationReport, validator: Any, missing: str) -> None:
    json_report = report.as_dict()
    del json_report["painters"][0]["figures"][0][missing]
    assert not validator.is_valid(json_report)


def test_every_figure_names_painter_data_and_version(compared: EvaluationReport) -> None:
    json_report = compared.as_dict()
    for painter in json_report["painters"]:
        for each in painter["figures"]:
            assert each["painter"] == painter["sha256"]
            assert each["data"] == json_report["data"]["parts"][0]["hash"]
            assert each["version"] == "0.1.0"


def test_pictures_stay_out_of_the_file_but_can_be_painted_again(report: EvaluationReport) -> None:
    painter = report.as_dict()["painters"][0]
    assert "grids" not in painter
    (pair,) = painter["closest"]
    assert (pair["seed"], pair["prompt"], pair["training_name"]) == (7, "a red rose", "rose-1.jpg")
    assert not {"painted", "training"} & pair.keys()


def test_figures_that_are_no_numbers_are_never_written(
    report: EvaluationReport, painter_report: PainterReport, tmp_path: Path
) -> None:
    broken = replace(report, painters=(replace(painter_report, figures=(figure(FID_METRIC, math.nan),)),))
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "report.json", broken)
    assert not (tmp_path / "report.json").exists()


def test_a_table_has_a_row_for_each_value_that_prompts_name(report: EvaluationReport) -> None:
    (table,) = report.as_dict()["painters"][0]["tables"]
    assert (table["field"], table["split"], table["extractor"]) == ("species", "test", "classifier-1a2b3c4d")
    assert table["rows"] == [
        {"value": "iris", "n": 1, "painted": 0.0, "real": 1.0, "confused_with": "tulip"},
        {"value": "rose", "n": 10, "painted": 0.8, "real": 0.7, "confused_with": "tulip"},
    ]
