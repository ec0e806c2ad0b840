"""A caution stands whole once in a document, and in short wherever its number stands again."""

import numpy as np
import pytest

import metaonc as mo
from metaonc.base.caution import first_clause
from metaonc.report.blocks import Grid, Paragraph
from metaonc.report.document.write_report import report_of

CLOSE = {"trial": list("ABCD"), "yi": [-0.3, -0.29, -0.32, -0.3], "vi": [0.02, 0.03, 0.04, 0.05]}
NONE = dict.fromkeys(("evidence", "columns", "left_out", "findings", "sources", "effect"))
AGAIN = "As said above: "


def blocks(results):
    report = report_of(results, title="t", question="", notes=(), unit="", **NONE)
    return next(section.blocks for section in report.sections if section.title == "Results")


def paragraphs(results):
    return [block.text for block in blocks(results) if isinstance(block, Paragraph)]


@pytest.fixture(scope="module")
def pool():
    return mo.pool(CLOSE, study="trial", measure="HR")


def test_a_caution_is_whole_once_and_then_named_with_the_words_above(pool):
    assert [c.more for c in pool.cautions if c.more]
    texts = paragraphs({"One": pool, "Two": pool, "Three": pool})
    for caution in pool.cautions:
        assert sum(caution.more[1:] in text for text in texts) == 1
        assert sum(first_clause(caution.text)[1:] in text for text in texts) == 4  # of each its words; below the table
    assert sum(text.startswith(AGAIN) for text in texts) == 2  # the words of the second and the third
    assert sum(AGAIN in text for text in texts) == 3


def test_the_first_of_a_kind_is_whole_where_another_result_stands_before_it(pool):
    other = mo.pool({**CLOSE, "yi": [-0.9, 0.2, 0.5, -0.4]}, study="trial", measure="HR")
    assert not {c.statement for c in pool.cautions} & {c.statement for c in other.cautions}
    texts = paragraphs({"Other": other, "Pool": pool})
    for caution in pool.cautions:
        assert any(caution.more[1:] in text for text in texts)


def test_an_interval_beside_another_pool_is_given_again_with_its_own_numbers(pool):
    wider = mo.pool({**CLOSE, "yi": [-0.6, -0.59, -0.62, -0.6]}, study="trial", measure="HR")
    texts = paragraphs({"One": pool, "Two": wider})
    other = next(c.beside for c in wider.cautions if c.beside is not None)
    assert sum(AGAIN in text for text in texts) == 3
    said = " ".join(texts)
    assert f"{other.estimate:.2f} (95% CI {other.low:.2f} to {other.high:.2f})" in said


def test_tables_keep_what_is_no_caution(pool):
    found = blocks(
        {"One": pool, "Two": mo.pool({**CLOSE, "yi": [-0.6, -0.59, -0.62, -0.6]}, study="trial", measure="HR")}
    )
    places = [i for i, block in enumerate(found) if isinstance(block, Grid)]
    below = [found[i + 1].text for i in places]
    assert len(below) == 2
    assert np.unique([text.partition(AGAIN)[0] for text in below]).size == 1
    assert below[0].startswith("Random effects (REML); Hartung-Knapp 95% confidence interval")
