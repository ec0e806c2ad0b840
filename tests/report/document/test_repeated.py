"""What results of one report have alike stands in it once, and the others name where."""

import re

import pytest

import metaonc as mo
from metaonc.report.blocks import Drawing, Grid, Heading, Paragraph
from metaonc.report.document.write_report import report_of

TABLE = {"trial": list("ABCDE"), "yi": [-0.5, -0.2, 0.1, -0.4, -0.1], "vi": [0.04, 0.05, 0.06, 0.05, 0.03]}
TOO = "So it is of what follows, where it rests on the same."
NONE = dict.fromkeys(("evidence", "columns", "left_out", "findings", "sources", "effect"))


def sections(results):
    report = report_of(results, title="t", question="", notes=(), unit="", **NONE)
    return {section.title: section.blocks for section in report.sections}


def under(blocks):
    found = {}
    for block in blocks:
        if isinstance(block, Heading):
            found[block.text] = []
        else:
            found[next(reversed(found))].append(block)
    return found


@pytest.fixture(scope="module")
def pool():
    return mo.pool(TABLE, study="trial", measure="HR", method="DL", ci="wald")


@pytest.fixture(scope="module")
def several(pool):
    return {"Pool": pool, "Test": mo.bias.regression_test(pool), "Rank": mo.bias.rank_test(pool)}


def test_the_pool_that_several_results_rest_on_is_told_and_drawn_once(several):
    found = under(sections(several)["Results"])
    grids = [block for blocks in found.values() for block in blocks if isinstance(block, Grid)]
    assert [grid.caption for grid in grids].count("Numbers of the forest plot") == 1
    drawn = [block.caption for blocks in found.values() for block in blocks if isinstance(block, Drawing)]
    assert [caption for caption in drawn if caption.startswith("Forest plot")] == ["Forest plot: Pool"]
    texts = [block.text for blocks in found.values() for block in blocks if isinstance(block, Paragraph)]
    assert sum(text.startswith("The pooled hazard ratio of 5 trials was") for text in texts) == 1
    assert found["Test"][-1] == Paragraph(f"The rest is as above, under Pool. {TOO}")
    for name in ("Test", "Rank"):
        assert any("small-study effects" in block.text for block in found[name] if isinstance(block, Paragraph))


def test_methods_too(several):
    found = under(sections(several)["Methods"])
    texts = [block.text for blocks in found.values() for block in blocks]
    assert len(set(texts)) == len(texts)
    assert sum("Analyses were made with metaonc" in text for text in texts) == 1
    assert found["Test"][-1] == Paragraph(f"The rest is as above, under Pool. {TOO}")


def test_where_the_rest_is_stands_once_a_section(pool):
    twelve = {"Pool": pool, **{f"Test {i}": mo.bias.regression_test(pool) for i in range(11)}}
    for name in ("Results", "Methods"):
        found = under(sections(twelve)[name])
        texts = [block.text for blocks in found.values() for block in blocks if isinstance(block, Paragraph)]
        assert sum("The rest is as above" in text for text in texts) == 1
        assert all(found[head] for head in twelve)  # no heading stands alone


def test_no_sentence_of_a_report_of_one_is_lost(several):
    whole = sections(several)
    said = " ".join(b.text for name in ("Results", "Methods") for b in whole[name] if isinstance(b, Paragraph))
    for result in several.values():
        for text in (str(mo.results_text(result)), str(mo.methods_text(result))):
            for paragraph in re.split(r"\n\n(?:References: .*)?", text, flags=re.DOTALL):
                first = paragraph.partition(". ")[0].rstrip(".")
                assert first in said or first[:1].lower() + first[1:] in said


def test_another_pool_keeps_its_own(pool):
    other = mo.pool({**TABLE, "yi": [-0.1, -0.2, 0.1, 0.4, -0.1]}, study="trial", measure="HR", method="DL", ci="wald")
    found = under(sections({"One": pool, "Other": other})["Results"])
    for name in ("One", "Other"):
        assert any(isinstance(block, Drawing) for block in found[name])
        assert any(isinstance(block, Grid) for block in found[name])


def test_a_report_of_one_result_has_all(pool):
    blocks = sections(pool)["Results"]
    assert not any(isinstance(block, Paragraph) and "as above, under" in block.text for block in blocks)
