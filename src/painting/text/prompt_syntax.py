"""Prompt syntax of other programs, read as plain words: AUTOMATIC1111's, and what other tools' prompts carry.

A painter of one world has neither weights nor networks to load. So a weight, a bracket and an operator vanish and their
words stay; tags that name a file, and parameters that were pasted along, are dropped and reported.
"""

import re
from dataclasses import dataclass

# Parts that hold no words of the picture: a pattern, each match of which is reported as it was written.
TAG_PATTERNS = (
    r"\s+Negative prompt:.*$",  # a picture's parameters, pasted with its prompt
    r"\s+Steps: \d+, .*$",
    r"^/imagine\b(?:\s+prompt:)?",  # Midjourney's command
    r"\s+--[a-z]\w*\b.*$",  # Midjourney: --ar 3:2 --no people
    r"<[A-Za-z]\w*:[^<>]+>",  # <lora:x:0.8>, <hypernet:x:1>
    r"<[A-Za-z][\w-]*>",  # <cat-toy>, a textual inversion
    r"\(\s*embedding:[\w.-]+\s*:\s*[\d.]+\s*\)|\bembedding:[\w.-]+",
)
MAX_BRACKET_DEPTH = 32
_TAG_PATTERN = re.compile("|".join(TAG_PATTERNS))
_ESCAPE_PATTERN = re.compile(r"\\([()\[\]\\])")
_ESCAPED_BY_PLACEHOLDER = {
    "\x01": "(",
    "\x02": ")",
    "\x03": "[",
    "\x04": "]",
    "\x05": "\\",
}  # a checked text has no such characters
_PLACEHOLDER_OF = {character: placeholder for placeholder, character in _ESCAPED_BY_PLACEHOLDER.items()}
_NUMBER_PATTERN = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_ROUND_PATTERN = re.compile(r"\(([^()]*)\)")
_BRACKET_PATTERN = re.compile(r"\[([^\[\]]*)\]|\{([^{}]*)\}|\(([^()]*)\)")
_NESTED_PATTERN = re.compile(r"\([^()]*\([^()]*\)")  # the beginning of ((red))
_WEIGHT_PATTERN = re.compile(rf":\s*{_NUMBER_PATTERN}\s*$")  # (red:1.3)
_OPERATOR_PATTERN = re.compile(rf"\||::?\s*(?:{_NUMBER_PATTERN}\s*$)?")  # [a|b], [a:b:0.5]
_PART_WEIGHT_PATTERN = re.compile(rf"\s*::\s*(?:{_NUMBER_PATTERN})?(?=\s|,|$)")  # Midjourney: rose::2 sky
_JOINED_PATTERN = re.compile(rf"(?:\s+:\s*{_NUMBER_PATTERN})?\s+AND\s+")  # a rose AND a sky :1.2
_LAST_WEIGHT_PATTERN = re.compile(rf"\s+:\s*{_NUMBER_PATTERN}\s*$")
_BREAK_PATTERN = re.compile(r"(?:^|[\s,]+)BREAK(?:[\s,]+|$)")


@dataclass(frozen=True)
class PlainPrompt:
    """A prompt without syntax: its words, the tags that were dropped, and whether weights or operators were."""

    text: str
    tags: tuple[str, ...] = ()
    folded: bool = False


def read_syntax(prompt: str) -> PlainPrompt:
    """Read a checked prompt's syntax; the prompt comes back as it is where it has none, or where no word would be left.

    Parentheses and colons alone are ordinary: they are syntax beside a weight, an escape, a tag or other parentheses.
    """
    tags = tuple(match[0].strip() for match in _TAG_PATTERN.finditer(prompt))
    untagged = _TAG_PATTERN.sub(" ", prompt)
    words = _fold(untagged)
    if not any(map(str.isalnum, words)):
        return PlainPrompt(prompt)
    folded = words != untagged
    if not (tags or folded):
        return PlainPrompt(prompt)
    return PlainPrompt(_tidy(words), tags, folded)


def _fold(text: str) -> str:
    """The text without weights, brackets, escapes and operators, all of whose words stay."""
    escaped = _ESCAPE_PATTERN.sub(lambda match: _PLACEHOLDER_OF[match[1]], text)
    words = _fold_brackets(escaped)
    words = _PART_WEIGHT_PATTERN.sub(",", words)
    if not text.isupper():  # a prompt in capitals says AND and BREAK as words
        words = _fold_keywords(words)
    for placeholder, character in _ESCAPED_BY_PLACEHOLDER.items():
        words = words.replace(placeholder, character)
    return words


def _fold_brackets(text: str) -> str:
    """Fold brackets around words, from the innermost outwards; round ones if anything in the text is syntax."""
    is_weighted = any(
        _WEIGHT_PATTERN.search(group[1]) and _has_letter(group[1]) for group in _ROUND_PATTERN.finditer(text)
    )
    is_escaped = any(placeholder in text for placeholder in _ESCAPED_BY_PLACEHOLDER)
    folds_round = is_weighted or is_escaped or _NESTED_PATTERN.search(text) or _fold_once(text, False) != text
    text = text.replace(")(", ") (").replace("][", "] [") if folds_round else text
    for _ in range(MAX_BRACKET_DEPTH):
        before = text
        text = _fold_once(text, bool(folds_round))
        if text == before:
            break
    return text


def _fold_once(text: str, folds_round: bool) -> str:
    def words_of_group(match: re.Match[str]) -> str:
        square, curly, round_ = match.groups()
        content: str = next(group for group in (square, curly, round_) if group is not None)
        if not _has_letter(content) or (round_ is not None and not folds_round):
            return match[0]
        if round_ is not None:
            return _WEIGHT_PATTERN.sub("", content)
        return " ".join(_OPERATOR_PATTERN.sub(" ", content).split())

    return _BRACKET_PATTERN.sub(words_of_group, text)


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _fold_keywords(text: str) -> str:
    joined = _JOINED_PATTERN.sub(" and ", text)
    if joined != text:
        joined = _LAST_WEIGHT_PATTERN.sub("", joined)
    return _BREAK_PATTERN.sub(", ", joined)


def _tidy(text: str) -> str:
    """Fold the white space and the commas that dropped parts leave behind."""
    parts = [" ".join(part.split()) for part in text.split(",")]
    return ", ".join(filter(None, parts))
