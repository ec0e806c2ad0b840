"""
Chemotherapy in head and neck cancer, by its timing (Pignon 2000)
=================================================================

A meta-analysis of individual patients: chemotherapy added to locoregional treatment, 65 comparisons given as log-rank
O - E and V, and three kinds of timing. The abstract (Lancet 2000;355:949-55, read) prints a hazard ratio of death of
0.90 (0.85 to 0.94), p < 0.0001, over all, and says of the timings in words: no significant benefit of adjuvant and
neoadjuvant chemotherapy, a significant one of concomitant chemotherapy, too heterogeneous for a firm conclusion. The
comparisons are those that the R package metadat compiles; their articles were not read. The abstract counts 63 trials:
two are compared twice, each as two rows.
"""

# %%
from pathlib import Path

import numpy as np

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
PRINTED = 0.005  # the abstract has two decimals
R_DIGITS = 5e-5  # metafor's figures below, with four decimals

pignon = mo.load("pignon2000")
print(pignon)

# %%
# O - E and V are a trial's log-rank statistics; their ratio is the log hazard ratio, and 1/V its variance.
es = mo.effect_sizes(pignon.survival, measure="HR", o_minus_e="o_minus_e", v="v", study="trial")
overall = mo.pool(es, study="trial", method="CE", ci="wald")
hr = overall.natural(np.array([overall.estimate, overall.ci_low, overall.ci_high]))
np.testing.assert_allclose(hr, [0.90, 0.85, 0.94], atol=PRINTED)
np.testing.assert_allclose(hr, [0.8951, 0.8544, 0.9377], atol=R_DIGITS)
np.testing.assert_allclose([overall.q, overall.i2], [123.67, 48.2], atol=0.05)
assert overall.p_value < 0.0001
print(overall)

# %%
# By timing
# ---------
# The abstract has no hazard ratio of a timing; those below are metafor's. What it says in words is asserted: benefit,
# and heterogeneity, are those of chemotherapy given with radiotherapy.
timing = {"adjuvant": "after", "neoadjuvant": "before", "locoregional": "with radiotherapy"}
es = es.assign(timing=es["line"].map(timing))
groups = mo.pool_subgroups(es, by="timing", study="trial", method="CE", ci="wald")
expected = {
    "after": (0.9770, 0.8537, 1.1182),
    "before": (0.9456, 0.8847, 1.0108),
    "with radiotherapy": (0.8144, 0.7562, 0.8771),
}
for name, numbers in expected.items():
    g = groups.groups[name]
    np.testing.assert_allclose(g.natural(np.array([g.estimate, g.ci_low, g.ci_high])), numbers, atol=R_DIGITS)
assert [name for name, g in groups.groups.items() if g.p_value < 0.05] == ["with radiotherapy"]
assert [name for name, g in groups.groups.items() if g.q_p < 0.05] == ["with radiotherapy"]
np.testing.assert_allclose([groups.q_between, groups.q_between_p], [10.46895, 0.0053296], rtol=1e-4)  # metafor
print(groups)

# %%
# What the model adds. With I² near 50 % a common effect answers "did these trials, on average, show an effect"; the
# random-effects pool with its prediction interval answers what a new trial of each kind would show.
random = mo.pool_subgroups(es, by="timing", study="trial")
for name, g in random.groups.items():
    low, high = g.natural(np.array([g.prediction_low, g.prediction_high]))
    print(f"{name:18s} HR {float(g.natural(g.estimate)):.2f}, a new trial {low:.2f} to {high:.2f}")

# %%
panels = mo.plot.forest_pages(
    groups, effect="Hazard ratio, death", favours=("Favours chemotherapy", "Favours locoregional treatment alone")
)
for page, ax in enumerate(panels, start=1):
    mo.save(ax, FIGURES / f"pignon_2000_{page}.pdf")
    mo.save(ax, FIGURES / f"pignon_2000_{page}.png", dpi=100)
