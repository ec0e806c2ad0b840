"""Plurals of measures: of every record, and of the differences between subgroups that are worded from it."""

import pytest

from metaonc.analysis.effects.measures import MEASURES
from metaonc.analysis.results.back_transform import difference_record
from metaonc.base.words import plural


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("hazard ratio", "hazard ratios"),
        ("ratio of medians", "ratios of medians"),
        ("log odds ratio (Peto)", "log odds ratios (Peto)"),
        ("log ratio of medians", "log ratios of medians"),
    ],
)
def test_plural(one, several):
    assert plural(one) == several


@pytest.mark.parametrize("code", MEASURES)
def test_a_difference_of_effects_is_worded_without_two_endings(code):
    record = difference_record(code)
    assert not {"ss", ")s"} & {word[-2:] for name in (record.label, record.natural) for word in name.split()}
