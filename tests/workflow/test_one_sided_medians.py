"""A lower limit at a one-sided level is that of the two-sided interval at twice the level less one."""

import pandas as pd

from metaonc.workflow.models import MODELS

ROWS = pd.DataFrame(
    {"study": ["A", "B"], "estimate": [10.0, 14.0], "ci_low": [8.0, 9.0], "ci_high": [None, None], "unit": "months"}
)


def test_one_sided_levels_of_medians():
    median = next(model for model in MODELS["dor"] if model.measure == "MEDLN")
    one, two = (
        median.prepare(ROWS.assign(ci_level=level, ci_sides=sides)) for level, sides in ((0.975, 1.0), (0.95, 2.0))
    )
    assert one["vi"].tolist() == two["vi"].tolist()
