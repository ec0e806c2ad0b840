"""What judgements of the trials say of an analysis is what the verbs say of its pool."""

import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import OptionError
from metaonc.workflow.beside.judged import judged

EVIDENCE = {"trial": ["Ash", "Birch", "Cedar"], "outcome": "os", "hr": [0.55, 0.92, 0.71], "hr_low": [0.38, 0.7, 0.5],
            "hr_high": [0.796, 1.209, 1.008]}  # fmt: skip


def test_certainty_and_people_are_those_of_the_pool_of_all():
    found = mo.analyse(pd.DataFrame(EVIDENCE), outcome="os")
    got = judged(found, "os", design="randomised", stated={"minimal_difference": 0.8}, baseline={"": 0.4}, at="1 year",
                 event="unfavourable")  # fmt: skip
    own = mo.certainty(found.result, design="randomised", minimal_difference=0.8, outcome="overall survival")
    pd.testing.assert_frame_equal(got.certainty.table, own.table)
    people = mo.absolute_effect(found.result, baseline=0.4, at="1 year", event="unfavourable")
    pd.testing.assert_frame_equal(got.absolute.table, people.table)
    assert list(got.results) == ["Certainty", "Absolute effect"]
    assert got.findings.rows[0][3] == "400"
    assert judged(found, "os").results == {}


@pytest.mark.parametrize(
    ("verb", "says"),
    [
        (lambda: mo.analyse("lgsoc", outcome=["os"]), "outcome= takes a text, not list: write it in quotes"),
        (lambda: mo.over_cuts("lgsoc", outcome="pfs", by=3), "by= takes a text, not int"),
        (lambda: mo.compare({}, {}, outcome="os", where="x"), r"where= takes values by column, as in where=\{'line': "),
        (lambda: mo.analyse("lgsoc", outcome="pfs", title=b"x"), "title= takes a text, not bytes"),
        (lambda: mo.summary_of_findings({}, title=1), "title= takes a text, not int"),
    ],
)
def test_what_is_no_text_is_said_by_name(verb, says):
    with pytest.raises(OptionError, match=says):
        verb()
