"""
HER2 as a prognostic factor in endometrial cancer (Zhang 2015)
==============================================================

Hazard ratios with 95 % intervals as 16 studies printed them: overall survival of 14, progression-free survival of 6.
The review prints 1.98 (1.49 to 2.62) and 2.26 (1.57 to 3.25) (World J Surg Oncol 2015;13:208). The studies' figures
are those that the R package metamisc compiles.
"""

# %%
import warnings
from pathlib import Path

import numpy as np

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
R_DIGITS = 5e-4  # metafor's figures below, with three decimals
# The upper limit for overall survival comes out 2.63 where 2.62 is printed: rounding of 14 hazard ratios to two
# decimals can do more than that.
PRINTED = {"os": ((1.98, 1.49, 2.62), 0.015), "pfs": ((2.26, 1.57, 3.25), 0.005)}
METAFOR = {"os": (1.984, 1.495, 2.633), "pfs": (2.259, 1.570, 3.251)}

zhang = mo.load("zhang2015")
print(zhang)

# %%
# Two intervals are not centred on their hazard ratio, on the log scale; each gives a warning that names study and row.
pools = {}
for outcome, (printed, tolerance) in PRINTED.items():
    rows = zhang.survival.query("outcome == @outcome")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        es = mo.effect_sizes(rows, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", study="trial")
    for warning in caught:
        print("Warning:", warning.message)
    r = pools[outcome] = mo.pool(es, study="trial", method="DL", ci="wald")
    hr = r.natural(np.array([r.estimate, r.ci_low, r.ci_high]))
    np.testing.assert_allclose(hr, printed, atol=tolerance)
    np.testing.assert_allclose(hr, METAFOR[outcome], atol=R_DIGITS)
    print(r)

# %%
# Small studies show larger effects here: the funnel's lower left is empty. A contour-enhanced funnel says more than
# that, namely that the missing ones would have been those without significance.
mo.save(mo.plot.forest(pools["os"], effect="Hazard ratio, death"), FIGURES / "zhang_2015_os.png", dpi=200)
mo.save(mo.plot.forest(pools["pfs"], effect="Hazard ratio, progression"), FIGURES / "zhang_2015_pfs.png", dpi=200)
ax = mo.plot.funnel(pools["os"], contours=(0.10, 0.05, 0.01), effect="Hazard ratio, death")
mo.save(ax, FIGURES / "zhang_2015_funnel.png", dpi=200)
