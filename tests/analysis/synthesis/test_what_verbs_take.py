"""The table of verbs and options in docs/survival.md, and what a verb says of an option that it lacks."""

import inspect
import re
from pathlib import Path

import pytest

import metaonc as mo
from metaonc.errors import ArgumentError

PAGE = (Path(__file__).parents[3] / "docs" / "survival.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## Late entry")[2].partition("An empty cell")[0]
OPTIONS = ("entry", "draw", "ties")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]]
        for line in SECTION.splitlines()[4:] if "|" in line]  # fmt: skip
TABLE = {verb: cells for names, *cells in ROWS for verb in re.findall(r"`(\w+)`", names)}


def takes(verb, option):
    return option in inspect.signature(getattr(mo.survival, verb)).parameters


def test_the_table_has_every_verb_of_patients():
    verbs = [name for name in mo.survival.__all__ if inspect.isfunction(getattr(mo.survival, name))]
    of_patients = [name for name in verbs if takes(name, "time") and takes(name, "event")]
    assert set(TABLE) == {*of_patients}


@pytest.mark.parametrize("verb", TABLE)
def test_a_verb_takes_what_the_table_says_and_names_who_takes_the_rest(verb):
    for option, cell in zip(OPTIONS, TABLE[verb], strict=False):
        assert takes(verb, option) == (cell == "yes"), (verb, option)
    for option in ("entry", "draw", "strata"):
        if takes(verb, option):
            continue
        with pytest.raises(ArgumentError) as error:
            getattr(mo.survival, verb)({}, **{option: "x"})
        named = re.findall(r"\b(?:[a-z]+_)+[a-z]+\b|\bcox_model\b", str(error.value).partition(".")[2])
        assert named, str(error.value)
        if option != "strata":
            assert {name for name in TABLE if takes(name, option)} == set(named) - {""}, named
