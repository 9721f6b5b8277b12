import re
from xml.etree import ElementTree

from tests.evaluation.report.conftest import figure

from painting.evaluation.metrics.label_accuracy import LABEL_ACCURACY_METRIC
from painting.evaluation.report.charts import METER_MARGIN, METER_WIDTH, MeterMark, bar, meter, scale


def dot(svg: str) -> float:
    match = re.search(r'<circle class="painted" cx="([\d.]+)"', svg)
    assert match
    return float(match[1])


def test_marks_lie_in_proportion_to_their_values() -> None:
    svg = str(scale([MeterMark(5, "painted", "painted"), MeterMark(10, "real", "real")]))
    assert dot(svg) == METER_WIDTH / 2
    assert f'<line class="tick real" x1="{METER_WIDTH - METER_MARGIN:.1f}"' in svg


def test_shares_have_a_scale_from_0_to_1() -> None:
    assert dot(str(scale([MeterMark(1.0, "painted", "p")]))) == METER_WIDTH - METER_MARGIN
    assert dot(str(scale([MeterMark(0.75, "painted", "p"), MeterMark(0.6, "real", "r")]))) == METER_MARGIN + 0.75 * (
        METER_WIDTH - 2 * METER_MARGIN
    )


def test_negative_values_and_nothing_but_zero_stay_inside() -> None:
    for values in ([-3.0, 0.5], [0.0, 0.0], [-1.0, -2.0]):
        svg = str(scale([MeterMark(values[0], "painted", "p"), MeterMark(values[1], "real", "r")], 0.1))
        places = [float(x) for x in re.findall(r'(?:x1|x2|cx)="([-\d.]+)"', svg)]
        assert all(METER_MARGIN <= place <= METER_WIDTH - METER_MARGIN for place in places)


def test_a_meter_says_its_numbers_to_a_screen_reader() -> None:
    svg = str(meter(figure(LABEL_ACCURACY_METRIC, 0.62, real=0.6, chance=0.17, spread=0.01)))
    assert ElementTree.fromstring(svg).attrib["aria-label"] == "painted 0.620, real 0.600, chance 0.170"
    assert 'class="spread"' in svg


def test_a_bar_is_as_long_as_its_share() -> None:
    root = ElementTree.fromstring(str(bar(0.8, 0.7)))
    assert [rect.attrib["width"] for rect in root.iter("rect")] == ["100", "80.0"]
    assert [line.attrib["x1"] for line in root.iter("line")] == ["70.0"]


def test_the_words_of_real_pictures_and_of_chance_never_overlap() -> None:
    root = ElementTree.fromstring(str(meter(figure(LABEL_ACCURACY_METRIC, 0.5, real=0.5, chance=0.5))))
    real, chance = root.iter("text")
    assert (real.text, chance.text) == ("real", "chance")
    assert float(chance.attrib["y"]) - float(real.attrib["y"]) > 20
