"""Rules of integration against distribution functions that are known."""

import numpy as np
import pytest
from scipy import special

from metaonc.analysis.numeric.quadrature import chi_square_rule


@pytest.mark.parametrize("df", [1, 2, 5, 40, 1000])
def test_student_s_t_is_a_mixture_of_normal_distributions(df):
    scale, share = chi_square_rule(df)
    for x in (-4.0, -0.3, 1.7, 9.0):
        assert share @ special.ndtr(x * np.sqrt(scale)) == pytest.approx(special.stdtr(df, x), abs=1e-8)
