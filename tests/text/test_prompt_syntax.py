"""Prompts of other programs come out as plain words; a prompt without syntax is left as it is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from painting.text.prompt_syntax import PlainPrompt, read_syntax


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a (red:1.3) rose", "a red rose"),
        ("a (red: 1.3 ) rose", "a red rose"),
        ("a (red:-1) rose", "a red rose"),
        ("((red)) rose", "red rose"),
        ("(((red))) rose", "red rose"),
        ("a ((red) rose:1.2)", "a red rose"),
        ("([red]:1.2) rose", "red rose"),
        ("(red:1.3)(white:0.8) rose", "red white rose"),
        ("a [red] rose", "a red rose"),
        ("[[[red]]] rose", "red rose"),
        (r"a rose \(macro\)", "a rose (macro)"),
        (r"a rose \[sic\]", "a rose [sic]"),
        ("a rose BREAK a blue sky", "a rose, a blue sky"),
        ("a rose AND a sky :1.2", "a rose and a sky"),
        ("a [red|white] rose", "a red white rose"),
        ("a [red:white:0.5] rose", "a red white rose"),
        ("a [rose:10]", "a rose"),
        ("[red::0.7] rose", "red rose"),
        ("a {red|white} rose", "a red white rose"),
        ("{{red}} rose", "red rose"),
        ("a rose::2 sky::1", "a rose, sky"),
        ("a lily (white), ((open))", "a lily white, open"),
    ],
)
def test_weights_and_operators_vanish_and_words_stay(prompt: str, words: str) -> None:
    assert read_syntax(prompt) == PlainPrompt(words, (), folded=True)


@pytest.mark.parametrize(
    ("prompt", "words", "tags"),
    [
        ("<lora:flowers_v1:0.8> a rose", "a rose", ["<lora:flowers_v1:0.8>"]),
        ("a rose, <lora:x:1>, <hypernet:y:0.5>", "a rose", ["<lora:x:1>", "<hypernet:y:0.5>"]),
        ("a <rose-style> rose", "a rose", ["<rose-style>"]),
        ("embedding:EasyNegative, a rose", "a rose", ["embedding:EasyNegative"]),
        ("(embedding:x.pt:1.2) a rose", "a rose", ["(embedding:x.pt:1.2)"]),
        ("/imagine prompt: a rose", "a rose", ["/imagine prompt:"]),
        ("a rose --ar 3:2 --no people, cars", "a rose", ["--ar 3:2 --no people, cars"]),
        (
            "a rose Negative prompt: ugly Steps: 20, Sampler: Euler",
            "a rose",
            ["Negative prompt: ugly Steps: 20, Sampler: Euler"],
        ),
        ("a rose Steps: 20, Sampler: Euler a, Seed: 1", "a rose", ["Steps: 20, Sampler: Euler a, Seed: 1"]),
    ],
)
def test_tags_and_pasted_parameters_are_dropped_and_reported(prompt: str, words: str, tags: list[str]) -> None:
    assert read_syntax(prompt) == PlainPrompt(words, tuple(tags))


@pytest.mark.parametrize(
    "prompt",
    [
        "a red rose",
        "a lily (white)",
        "a rose (12:30)",
        "a rose at 12:30, ratio 3:2",
        "note: a rose",
        "a rose :)",
        "a rose (unbalanced",
        "a rose) [open",
        "a rose [1]",
        "well-known red -- rose",
        "roses and lilies",
        "RED AND BLUE",
        "a rose,",
        "<3 roses",
        "<lora:x:1>",
        "BREAK",
        "(:1.2)",
        "",
    ],
)
def test_an_ordinary_prompt_and_one_without_other_words_stay_as_they_are(prompt: str) -> None:
    assert read_syntax(prompt) == PlainPrompt(prompt)


@given(st.lists(st.sampled_from([*"()[]{}<>|:\\,-", " ", "1.2", "AND", "BREAK", "red", "rose", "<lora:x:1>"])))
def test_whatever_the_syntax_no_word_is_invented_and_something_is_left(parts: list[str]) -> None:
    prompt = " ".join("".join(parts).split())
    plain = read_syntax(prompt)
    assert {letter for letter in plain.text if letter.isalnum()} <= set(prompt) | set("and")
    assert any(map(str.isalnum, plain.text)) == any(map(str.isalnum, prompt))
    assert plain.text.count("ros") <= prompt.count("ros")


@pytest.mark.parametrize("part", ["(", "(a", "[a:", "(a:", "a:1", "<a:", " --", r"\(", " AND", "a::", "{"])
def test_a_long_prompt_of_one_sign_takes_no_longer_than_its_length(part: str) -> None:
    started = time.process_time()
    read_syntax(part * (4000 // len(part)))
    assert time.process_time() - started < 2
