"""What is said of cautions: whole, in short, by the first clause, and again where it stands above."""

import dataclasses
import math

import pytest

from metaonc.analysis.effects.measures import MEASURES
from metaonc.base.caution import Beside, Caution, first_clause, told

INTERVAL = Beside(name="wider interval", estimate=0.8, low=0.7, high=0.9, p=math.nan, level=0.95,
                  record=MEASURES["HR"], analysed=(-0.2, -0.4, -0.1))  # fmt: skip
NARROW = Caution(text="the interval is narrow, since trials agree", more="this can be chance", beside=INTERVAL)
FLAT = Caution(text="tau² is 0; effects may vary", more="more trials would tell")


def test_a_caution_is_told_whole_in_short_and_by_its_first_clause():
    assert told([FLAT]) == ["tau² is 0; effects may vary. More trials would tell"]
    assert told([FLAT], short=True) == ["tau² is 0; effects may vary"]
    assert told([FLAT], brief=True) == ["tau² is 0"]


@pytest.mark.parametrize("end", ["; but", ", since x", ", so that x"])
def test_the_first_clause_ends_where_a_second_begins(end):
    assert first_clause(f"few trials, of one centre{end}") == "few trials, of one centre"


def test_what_stands_above_is_said_again_in_one_sentence_and_never_dropped():
    other = Caution(text="few trials")
    assert told([FLAT, NARROW, other], said=[FLAT, NARROW]) == [
        "few trials", "as said above: tau² is 0; the interval is narrow"
    ]  # fmt: skip


def test_what_is_said_again_has_whom_it_is_of_and_the_interval_of_another_number():
    wider = dataclasses.replace(INTERVAL, estimate=0.5)
    again = [dataclasses.replace(NARROW, of="subgroup A", beside=wider), dataclasses.replace(FLAT, of="subgroup B")]
    (found,) = told(again, said=[FLAT, NARROW])
    assert found.startswith("as said above: the interval is narrow; the wider interval of subgroup A: 0.5 (95 % CI")
    assert found.endswith("; tau² is 0 (subgroup B)")
    assert "0.5" not in told([NARROW], said=[NARROW])[0]  # its interval stands above


def test_another_statement_is_whole_though_its_first_clause_stands_above():
    other = dataclasses.replace(FLAT, more="the model is another")
    assert told([other], said=[FLAT]) == ["tau² is 0; effects may vary. The model is another"]
