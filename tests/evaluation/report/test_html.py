"""The page: one file that needs nothing else, says the verdicts first, and shows what was measured."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.evaluation.report.conftest import figure, noise

from painting.evaluation.figure import Metric
from painting.evaluation.metrics.frechet import FID_REAL_HALVES_METRIC
from painting.evaluation.report.html import picture_uri, render_html, write_html
from painting.evaluation.report.schema import EvaluationReport, Grid, PainterReport

VOID = {"meta", "img", "line", "circle", "rect", "br"}


class Outline(HTMLParser):
    """Whether tags are closed, where links lead, and the text in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def outline(html: str) -> Outline:
    parsed = Outline()
    parsed.feed(html)
    parsed.close()
    return parsed


@pytest.mark.parametrize("which", ["report", "compared"])
def test_the_page_is_one_whole_file_without_scripts_or_network(which: str, request: pytest.FixtureRequest) -> None:
    html = render_html(request.getfixturevalue(which))
    found = outline(html)
    assert found.open == []
    assert all(link.startswith(("data:image/", "#")) for link in found.links)
    assert not {"script", "link", "iframe"} & set(found.tags)
    assert "url(" not in html and "@import" not in html


def test_verdicts_come_before_figures_and_say_their_answers(report: EvaluationReport) -> None:
    text = " ".join("".join(outline(render_html(report)).text).split())
    first = text.index("Does it copy training pictures? No")
    assert first < text.index("Does it ignore the prompt? Yes (test)") < text.index("Figures")
    assert "Is it blurred? Not measured" in text


def test_text_from_outside_is_escaped(report: EvaluationReport, painter_report: PainterReport) -> None:
    named = replace(painter_report, name="<script>alert(1)</script>")
    html = render_html(replace(report, painters=(named,)))
    assert "<script>" not in html and "The prompt is &lt;ignored&gt;" in html and "a &#34;white&#34; daisy" in html


def test_each_figure_has_value_spread_floor_and_n(report: EvaluationReport) -> None:
    text = " ".join(" ".join(outline(render_html(report)).text).split())
    assert re.search(r"Fréchet distance .*? 8\.75 ± 0\.200 1\.71 1,002", text)
    assert "by inception-v3" in text and "clip was not measured" in text


def test_pictures_are_inside_and_unchanged(report: EvaluationReport) -> None:
    import base64
    import io

    import numpy as np
    from PIL import Image

    html = render_html(report)
    assert html.count("data:image/webp") == 2 * 2 + 2
    uri = picture_uri(noise(1)[0])
    assert uri in html
    shown = Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))
    assert (np.asarray(shown.convert("RGB")) == noise(1)[0]).all()


def test_a_painter_without_prompts_shows_its_pictures_beside_real_ones(
    report: EvaluationReport, painter_report: PainterReport
) -> None:
    plain = replace(
        painter_report, conditional=False, grids=(Grid("test", (), (0, 1, 2), noise(3), noise(3, 1)),), closest=()
    )
    text = " ".join("".join(outline(render_html(replace(report, painters=(plain,)))).text).split())
    assert "Beside test pictures Uncurated: 3 of the seeds 0 to 2, evenly spaced." in text
    assert "from its caption" not in text


def test_several_painters_stand_side_by_side_first(compared: EvaluationReport) -> None:
    html = render_html(compared)
    text = " ".join("".join(outline(html).text).split())
    assert "flowers and other compared" in text
    assert text.index("Comparison") < text.index("Figures")
    assert {"#painter-1", "#painter-2"} <= set(outline(html).links)
    assert 'id="painter-1"' in html and 'id="painter-2"' in html


def test_the_page_is_written_whole(report: EvaluationReport, tmp_path: Path) -> None:
    write_html(tmp_path / "report.html", report)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == render_html(report)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_figure_of_real_pictures_stands_where_real_ones_do(
    report: EvaluationReport, painter_report: PainterReport
) -> None:
    halves = figure(FID_REAL_HALVES_METRIC, 12.34)
    page = render_html(replace(report, painters=(replace(painter_report, figures=(halves,)),)))
    assert '<td class="number" data-label="real">12.3</td>' in page
    assert '<td class="number" data-label="painted"></td>' in page


def test_a_new_metric_needs_no_more_than_its_record(report: EvaluationReport, painter_report: PainterReport) -> None:
    invented = Metric(
        id="invented", name="invented distance", meaning="How far a test is from reality.", better="lower"
    )
    page = render_html(replace(report, painters=(replace(painter_report, figures=(figure(invented, 12.34),)),)))
    assert '<th scope="row">invented distance<span class="soft">How far a test is from reality.</span></th>' in page
