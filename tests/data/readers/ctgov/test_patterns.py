"""Patterns that are tried only on texts that hold their letters fit what the bare pattern fits."""

import pytest
from data.readers.ctgov.test_titles import READ, UNREAD

from metaonc.data.readers.ctgov import measures
from metaonc.data.readers.ctgov.words import phrases, titles
from metaonc.data.readers.ctgov.words.pattern import Words, words_of

HELD = [v for module in (measures, phrases, titles) for v in vars(module).values() if isinstance(v, Words)]
HELD += [words for rule in titles.RULES for words in (rule.pattern, rule.unless) if words]
TEXTS = [text for row in (*READ, *UNREAD) for text in row[:2]] + [
    "", "Confirmed Objective Response by BICR, cut-off 30 June 2024", "unconfirmed response", "ſurvival", "Kelvin pſa",
    "Antiemetic rescue", "ondansetron", "DoR", "CENTRAL review", "Time to first documented progression or death",
]  # fmt: skip


def test_a_pattern_fits_what_it_fits_without_its_letters():
    assert len(HELD) > 40
    for words in HELD:
        for text in (*TEXTS, *(text.upper() for text in TEXTS)):
            found = words.pattern.search(text)
            assert words.fits(text) == bool(found) == bool(words.search(text)), (words.pattern.pattern, text)
            assert words.sub("#", text) == words.pattern.sub("#", text)


@pytest.mark.parametrize(
    ("pattern", "stems"),
    [
        (r"a?bc|de*fg", ("bc", "fg")),
        (r"tumou?rs?\b(?! no)", ("tumo",)),
        (r"(?:ab|cd)?ef", ("ef",)),
        (r"(?:abc|de)fg|(?i:hij{2,3})", ("abc", "de", "hij")),
        (r"[ab\]c]de|(?<!no)\.x", ("de", ".x")),
        (r"^(?=.*abc)(?=.*(?:de|fgh))$", ("abc",)),
        (r"ab|c", None),  # one letter is in every text
        (r"ab{0,2}c{,3}d|\w+", None),
        (r"x(?!abc)yz", ("yz",)),
    ],
)
def test_letters_that_a_pattern_cannot_do_without(pattern, stems):
    words = words_of(pattern)
    held = None if words.stems is None else {*words.plain, *words.stems}
    assert held == (None if stems is None else set(stems))
