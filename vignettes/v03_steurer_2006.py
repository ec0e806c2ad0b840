"""
Four hazard ratios are enough to disagree about (Steurer 2006)
==============================================================

Purine antagonists against alkylators in chronic lymphocytic leukaemia: four trials, overall survival. The Cochrane
review prints a hazard ratio of 0.89 (0.78 to 1.01) (Cochrane Database Syst Rev 2006;(3):CD004270). The log hazard
ratios are those that the R package metadat compiles; a common effect is assumed, since it gives the interval. One
number does not come out: the patients compiled add up to 1688, the abstract counts 1638.
"""

# %%
from pathlib import Path

import numpy as np

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
PRINTED = 0.005  # the review has two decimals
R_DIGITS = 5e-5  # metafor's figures below, with four decimals

steurer = mo.load("steurer2006")
print(steurer)
rows = steurer.survival.assign(hr=lambda d: np.exp(d["log_hr"]))
es = mo.effect_sizes(rows, measure="HR", hr="hr", se="log_hr_se", study="trial")
common = mo.pool(es, study="trial", method="CE", ci="wald")
hr = common.natural(np.array([common.estimate, common.ci_low, common.ci_high]))
np.testing.assert_allclose(hr, [0.89, 0.78, 1.01], atol=PRINTED)
np.testing.assert_allclose(hr, [0.8865, 0.7787, 1.0093], atol=R_DIGITS)
np.testing.assert_allclose([common.q, common.i2], [3.625, 17.2], atol=0.05)
print(common)
assert steurer.survival[["n", "n_comparator"]].to_numpy().sum() == 1688  # published: 1638

# %%
# The same trials under other models: none is significant, and how wide the interval is depends on what four trials are
# thought to know of the variance between them.
models = {
    "common effect": common,
    "DerSimonian-Laird, Wald": mo.pool(es, study="trial", method="DL", ci="wald"),
    "REML, Hartung-Knapp": mo.pool(es, study="trial"),
    "Bayes, half-normal(0.5)": mo.pool_bayes(es, study="trial", tau_prior=mo.HalfNormal(0.5)),
}
dl = models["DerSimonian-Laird, Wald"]
got = dl.natural(np.array([dl.estimate, dl.ci_low, dl.ci_high]))
np.testing.assert_allclose(got, [0.8736, 0.7388, 1.0331], atol=R_DIGITS)
for name, r in models.items():
    estimate, low, high = r.natural(np.array([r.estimate, r.ci_low, r.ci_high]))
    print(f"{name:26s} HR {estimate:.2f} ({low:.2f} to {high:.2f})")

# %%
favours = ("Favours purine antagonists", "Favours alkylators")
mo.save(mo.plot.forest(common, effect="Hazard ratio, death", favours=favours), FIGURES / "steurer_2006.png", dpi=200)
mo.save(mo.plot.posterior(models["Bayes, half-normal(0.5)"], effect="Hazard ratio, death"),
        FIGURES / "steurer_2006_posterior.png", dpi=200)  # fmt: skip
