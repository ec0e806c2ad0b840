"""New rows of a regression: columns that lack, and numbers beyond those of the trials."""

import warnings

import pandas as pd
import pytest

from metaonc.analysis.pooling.moderators.new_rows import need_columns, warn_beyond
from metaonc.errors import ColumnError, MethodWarning

FITTED = pd.DataFrame({"dose": [10.0, 20.0], "line": ["first", "second"]})


def test_a_column_that_lacks_is_named_with_one_that_may_be_meant():
    need_columns(FITTED, ["dose", "line"])
    with pytest.raises(ColumnError, match=r"have no column 'dose'.*Rename its column 'Dose' to 'dose'"):
        need_columns(pd.DataFrame({"Dose": [1.0]}), ["dose"])


def test_numbers_beyond_the_trials_are_told_but_for_a_tenth_of_their_range():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_beyond(pd.DataFrame({"dose": [9.0, 21.0], "line": ["third", "first"]}), FITTED)
    with pytest.warns(MethodWarning, match="dose: 8, 22 beyond 10 to 20 of the trials"):
        warn_beyond(pd.DataFrame({"dose": [8.0, 22.0], "line": ["first", "first"]}), FITTED)
