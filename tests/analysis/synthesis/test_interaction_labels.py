"""A covariate of labels needs contrast=, which the refusal writes out."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo


def test_labels_without_contrast_are_refused_with_the_contrast_that_reads_them():
    p = pd.DataFrame({
        "trial": list("AB") * 100, "arm": ["c", "c", "t", "t"] * 50, "event": 1,
        "time": np.random.default_rng(1).exponential(9, 200), "g": ["mut", "wt", "wt", "mut", "mut"] * 40,
    })  # fmt: skip
    how = {"by": "g", "control": "c", "study": "trial"}
    with pytest.raises(mo.OptionError, match=r"g holds labels \(mut, wt\).*contrast=\('mut', 'wt'\)"):
        mo.survival.ipd_interaction(p, **how)
    assert mo.survival.ipd_interaction(p, **how, contrast=("mut", "wt")).compared == "mut"
    numbers = p.assign(g=np.where(p["g"] == "mut", "1", "0"))  # numbers that are texts are numbers
    assert mo.survival.ipd_interaction(numbers, **how).estimate == pytest.approx(
        mo.survival.ipd_interaction(p, **how, contrast=("mut", "wt")).estimate, abs=1e-9
    )
