"""Read the numbers that R pinned here: NA and NaN become nan, Inf becomes inf, null stays None."""

import json
from pathlib import Path

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
