"""Read the numbers that R pinned here: NA and NaN become nan, Inf becomes inf, null stays None."""

import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
NUMBERS = {"NA": float("nan"), "NaN": float("nan"), "Inf": float("inf"), "-Inf": float("-inf")}


def load(name):
    return _numbers(json.loads((HERE / f"{name}.json").read_text(encoding="utf-8")))


def _numbers(x):
    if isinstance(x, dict):
        return {key: _numbers(value) for key, value in x.items()}
    if isinstance(x, list):
        return [_numbers(value) for value in x]
    return NUMBERS.get(x, x) if isinstance(x, str) else x


class Results(Mapping):
    """Results by the names of what R ran: all are made when one is asked for, since collecting the tests asks for none.

    Attributes
    ----------
    all
        Every result that `make` returns, by name.
    """

    def __init__(self, pinned, make):
        self._pinned, self._make = pinned, make

    @cached_property
    def all(self):
        made = self._make()
        assert set(made) == set(self._pinned)
        return made

    def __getitem__(self, name):
        return self.all[name]

    def __iter__(self):
        return iter(self._pinned)

    def __len__(self):
        return len(self._pinned)


NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])")
LAST_DIGIT = 1e-13  # the last digits of an optimum differ between processors; R was given those of one


def assert_same_script(script, pinned):
    """Check that a script is the one that R ran: to the letter, its numbers to the last digit but one."""
    assert NUMBER.sub("#", str(script)) == NUMBER.sub("#", pinned)
    got, want = (np.array(NUMBER.findall(text), dtype=float) for text in (str(script), pinned))
    np.testing.assert_allclose(got, want, rtol=LAST_DIGIT, atol=0)
