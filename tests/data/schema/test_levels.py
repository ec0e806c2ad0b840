"""Which levels share patients, by their names."""

import pytest

from metaonc.data.schema.levels import is_whole, overlapping, part_of

HELD = [  # the first is a part of the second
    ("wild-type", "all"), ("G12C", "ITT"), ("G12C", "mutant"), ("KRAS G12C", "KRAS mutant"), ("G12C", "KRAS mutant"),
    ("KRAS G12C", "mutated"), ("G12C", "G12 mutant"), ("G12D", "G12"), ("exon 19 deletion", "EGFR mutant"),
    ("V600E", "BRAF altered"), ("KRAS mutant", "RAS mutant"), ("RAS wild-type", "KRAS wild-type"),
    ("germline BRCA mutant", "BRCA mutant"), ("≥50%", "≥1%"), ("PD-L1 >= 50 %", "PD-L1 >= 1 %"), ("1-49%", "≥1%"),
    ("≥75", ">65"), ("ECOG 0", "ECOG 0-1"), ("HER2+ IHC 3+", "HER2+"),
]  # fmt: skip
APART = [
    ("mutant", "wild-type"), ("G12C", "G12D"), ("G12C", "wild-type"), ("G12C", "G13"), ("<1%", "≥1%"),
    ("1-49%", "≥50%"), ("<65", ">=65"), ("≤10", ">10"), ("HER2+", "HER2-"), ("HER2 2+", "HER2 3+"),
    ("altered", "not altered"), ("squamous", "non-squamous"), ("low", "very low"), ("drug", "drug + other"),
    ("drug", "drug plus other"), ("drug", "drug+other"), ("KRAS mutant", "NRAS mutant"), ("KRAS mutant", "EGFR mutant"),
    ("EGFR mutant", "KRAS G12C"), ("RAS mutant", "KRAS wild-type"), ("1", "2"), ("1", "10"), ("male", "female"),
    ("age ≥65", "weight ≥65"), ("G12C", "other mutations"), ("yes", "no"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "whole"), HELD)
def test_a_level_holds_its_parts(part, whole):
    assert part_of(part, whole)
    assert not part_of(whole, part)
    assert overlapping(part, whole)
    assert overlapping(whole, part)


@pytest.mark.parametrize(("a", "b"), APART)
def test_levels_of_other_patients_are_apart(a, b):
    assert not overlapping(a, b)
    assert not overlapping(b, a)


def test_ranges_may_cross_and_one_level_may_be_written_in_two_ways():
    assert overlapping("≥1%", "<50%")
    assert not part_of("≥1%", "<50%")
    assert overlapping("wild type", "wild-type")
    assert is_whole(" Overall ")
    assert is_whole("all-comers")
    assert not is_whole("all mutants")
