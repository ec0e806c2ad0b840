"""
Response to KRAS G12C inhibitors in lung cancer: our own analysis
=================================================================

No published pool of these single arms was found, so this reproduces nothing: it is an analysis of the packaged
evidence, in pretreated non-small-cell lung cancer, held against R where R can do it. Read its caveats first. Two of
six counts were read in their source. Review was central but for divarasib's, which the investigators did;
confirmation was not always stated; three trials were run in China.
"""

# %%
from pathlib import Path

import numpy as np

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
GLMER = 2e-3  # where R's glmer stops
ROWS = ["codebreak100-nsclc-2-orr", "krystal1-nsclc-orr", "go42144-nsclc-orr-2023", "d1553-nsclc-orr",
        "gfh925-nsclc-orr", "jab21822-nsclc-orr"]  # fmt: skip
g12c = mo.load("g12c")
print(g12c)
arms = g12c.evidence.set_index("row_id").loc[ROWS].reset_index()
arms["label"] = arms["trial"] + " (" + arms["treatment"] + ")"
print(arms[["label", "events", "n", "assessor", "confirmed", "verification"]].to_string(index=False))
assert (arms["events"].sum(), arms["n"].sum()) == (299, 650)

# %%
# Counts are pooled by the binomial-normal model: no transformation, no continuity correction.
glmm = mo.pool_glmm(arms, events="events", n="n", study="label")
rate = glmm.natural(np.array([glmm.estimate, glmm.ci_low, glmm.ci_high]))
np.testing.assert_allclose([*rate, glmm.tau2], [0.4606, 0.4192, 0.5025, 0.0063], rtol=GLMER, atol=5e-5)  # lme4
print(glmm)

# %%
# The choice of model matters little here, since the arms are large and alike. Freeman and Tukey's transform is there
# for comparison only.
logit = mo.effect_sizes(arms, measure="PLO", events="events", n="n", study="label")
for name, r, expected in (
    ("logits, DL", mo.pool(logit, study="label", method="DL", ci="wald"), (0.4616, 0.4165, 0.5074)),
    ("logits, REML, HKSJ", mo.pool(logit, study="label"), (0.4616, 0.4025, 0.5217)),
):
    got = r.natural(np.array([r.estimate, r.ci_low, r.ci_high]))
    np.testing.assert_allclose(got, expected, atol=5e-5)  # metafor
    print(f"{name:20s} {100 * got[0]:.1f} % ({100 * got[1]:.1f} to {100 * got[2]:.1f})")

# %%
# Does the assessor matter? With one trial read by its investigators the data cannot tell that from its drug.
central = mo.pool_glmm(arms.query("assessor == 'BICR'").reset_index(drop=True), events="events", n="n", study="label")
print(f"central review only: {100 * float(central.natural(central.estimate)):.1f} %")

# %%
# Which rows are taken decides more. The six are the first reports of single arms; two trials have since reported more
# patients. And sotorasib and adagrasib were randomised against docetaxel: with these two arms the rate is lower, and
# the arms differ by more than chance. A rate of single arms is no forecast of what a randomised trial finds.
LATER = {"codebreak100-nsclc-2-orr": "codebreak100-nsclc-orr", "go42144-nsclc-orr-2023": "go42144-nsclc-orr-2025"}
newest = [LATER.get(row, row) for row in ROWS]
randomised = [*newest, "codebreak200-sotorasib-orr", "krystal12-adagrasib-orr"]
for name, rows, expected in (
    ("newest cuts", newest, (0.46517, 0.42721, 0.50355)),
    ("and randomised arms", randomised, (0.42294, 0.36154, 0.48681)),
):
    chosen = g12c.evidence.set_index("row_id").loc[rows].reset_index()
    r = mo.pool_glmm(chosen, events="events", n="n", study="arm_id")
    got = r.natural(np.array([r.estimate, r.ci_low, r.ci_high]))
    np.testing.assert_allclose(got, expected, rtol=GLMER)  # lme4
    print(f"{name:20s} {100 * got[0]:.1f} % ({100 * got[1]:.1f} to {100 * got[2]:.1f}), tau² {r.tau2:.3f}")
mo.save(mo.plot.forest(glmm, effect="ORR"), FIGURES / "g12c_orr.png", dpi=200)
mo.save(mo.plot.orchard(glmm, effect="ORR"), FIGURES / "g12c_orr_orchard.png", dpi=200)
