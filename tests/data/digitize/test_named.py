"""Sentences that call curves by number have the names beside it that the figure's key gives them."""

import numpy as np
import pytest

from metaonc.data.digitize.curve import DigitizedCurve, named
from metaonc.workflow.page.opening import own_cautions


def curve(label):
    line = np.array([0.0, 1.0])
    return DigitizedCurve(label=label, colour="#000000", time=line, survival=line, points="pixels", censor_times=line)


CURVES = [curve("Drug (A)"), curve("Curve 2"), curve("Placebo")]


@pytest.mark.parametrize(
    ("said", "with_names"),
    [
        ("curve 1 is hidden.", "curve 1 ('Drug (A)') is hidden."),
        ("curve 3 runs along curve 2 for 9%.", "curve 3 ('Placebo') runs along curve 2 for 9%."),
        ("the labels of the x axis", "the labels of the x axis"),
    ],
)
def test_a_curve_is_called_by_its_number_and_its_name(said, with_names):
    assert named(said, CURVES) == with_names


def test_a_page_calls_it_by_its_name_alone():
    said = [named("curve 1 runs along curve 3 for 9%.", CURVES), "curve 10 is hidden."]
    assert own_cautions(said, CURVES[0], 1, "New") == ("curve 'New' runs along curve 3 ('Placebo') for 9%.",)
