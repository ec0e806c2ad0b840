"""Combinations of cases: of each case two always run, the whole product with the slow tests."""

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest


def combined(names: str, *axes: Iterable[Any]) -> pytest.MarkDecorator:
    """Parametrise a test by all combinations of the cases of several axes, one name each.

    Each case of the longest axis runs always with two different ones of each other axis; all others are slow.
    """
    cases = [list(axis) for axis in axes]
    longest = max(map(len, cases))
    places = [range(len(axis)) for axis in cases]
    always = {
        tuple((i + turn * number) % len(axis) for number, axis in enumerate(cases))
        for turn in (0, 1)
        for i in range(longest)
    }
    params = []
    for at in product(*places):
        values = [axis[i] for axis, i in zip(cases, at, strict=True)]
        marks = () if at in always else pytest.mark.slow
        params.append(pytest.param(*values, id="-".join(map(_label, values)), marks=marks))
    return pytest.mark.parametrize(names, params)


def _label(case: Any) -> str:
    return " ".join(map(str, case)) if isinstance(case, tuple) else str(case)
