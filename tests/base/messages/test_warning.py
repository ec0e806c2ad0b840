import warnings

import pandas as pd

import metaonc as mo
from metaonc.base.messages.warning import warn


def line_of(act):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        act()
    return [(w.filename, w.category) for w in caught]


def test_a_warning_points_to_the_line_outside_the_package(tmp_path):
    table = {"yi": [0.1, 0.2, None], "vi": [0.1, 0.1, 0.1], "kras": ["a", "b", "b"], "study": ["A", "B", "C"]}
    path = tmp_path / "a.csv"
    pd.DataFrame({"trial": ["A"], "outcome": ["os"], "HR (95% CI)": ["0.7 (0.5-0.98)"]}).to_csv(path, index=False)
    for act in (
        lambda: warn("here", mo.DataWarning),
        lambda: mo.pool(table),
        lambda: mo.pool_subgroups(table, by="kras", study="study"),
        lambda: mo.regress(table | {"x": [1, 2, 3]}, "~ 1"),
        lambda: mo.read_trials(path),
    ):
        assert {name for name, _ in line_of(act)} == {__file__}
