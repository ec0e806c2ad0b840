"""
Anti-EGFR antibodies in KRAS wild-type tumours (Petrelli 2011)
==============================================================

Seven hazard ratios from an abstract (Int J Colorectal Dis 2011;26:823-33, read), 3254 patients, no intervals. Which
trials were pooled is not printed; of the sets whose numbers of patients fit (within one patient) the one below needs
no trial that was not out in 2010. Random effects (DerSimonian-Laird) are assumed. The 2009 report of OPUS has no
overall survival by KRAS, so that pool has one trial less.

Not reproduced, and not asserted: the risk ratios of response (1.69 printed, 1.65 here; 10.94 in pretreated patients,
where the continuity correction decides), and the p-value of panitumumab's progression-free survival (0.0007 printed;
the hazard ratio agrees, and has 0.007 here and in metafor; why was not found out).
"""

# %%
from pathlib import Path

import numpy as np

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
TOLERANCE = 0.01  # half of it the rounding of what is printed, half that of the inputs
egfr = mo.load("egfr_crc")
ARMS = ["co17-cetuximab-kras-wt-{}", "20020408-panitumumab-kras-wt-{}", "crystal-cetuximab-kras-wt-{}-2011",
        "opus-cetuximab-kras-wt-{}-2009", "prime-panitumumab-kras-wt-{}-2010",
        "20050181-panitumumab-kras-wt-{}-2010", "coin-cetuximab-kras-wt-{}"]  # fmt: skip


def effects(outcome):
    """Return the effects on an outcome of the trials that report it."""
    evidence = egfr.evidence.set_index("row_id")
    rows = [arm.format(outcome) for arm in ARMS if arm.format(outcome) in evidence.index]
    return mo.effect_sizes(evidence.loc[rows].reset_index(), measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high",
                           study="trial")  # fmt: skip


PRETREATED = ("second line", "third line or later")
QUESTIONS = {
    "PFS, all": ("pfs", lambda d: d["antibody"].notna(), 0.65),
    "OS, all": ("os", lambda d: d["antibody"].notna(), 0.84),
    "PFS, panitumumab": ("pfs", lambda d: d["antibody"] == "panitumumab", 0.65),
    "OS, panitumumab": ("os", lambda d: d["antibody"] == "panitumumab", 0.87),
    "PFS, cetuximab": ("pfs", lambda d: d["antibody"] == "cetuximab", 0.64),
    "OS, cetuximab": ("os", lambda d: d["antibody"] == "cetuximab", 0.79),
    "PFS, pretreated": ("pfs", lambda d: d["line"].isin(PRETREATED), 0.51),
}
pools = {}
for name, (outcome, which, published) in QUESTIONS.items():
    es = effects(outcome)
    r = pools[name] = mo.pool(es[which(es)].reset_index(drop=True), study="trial", method="DL", ci="wald")
    hr, low, high = r.natural(np.array([r.estimate, r.ci_low, r.ci_high]))
    np.testing.assert_allclose(hr, published, atol=TOLERANCE, err_msg=name)
    print(f"{name:18s} k = {r.k}: {hr:.3f} ({low:.3f} to {high:.3f}), I² {r.i2:.0f} %; published {published}")

# %%
# What seven numbers without intervals hide: with I² of 86 % the effect in a new trial may be large or none.
whole = mo.pool(effects("pfs"), study="trial")
low, high = whole.natural(np.array([whole.prediction_low, whole.prediction_high]))
print(f"REML, Hartung-Knapp; a new trial: HR {low:.2f} to {high:.2f}")
assert low < 0.5
assert high > 1
es = effects("pfs")
es["setting"] = np.where(es["line"] == "third line or later", "best supportive care", "chemotherapy")
by = mo.pool_subgroups(es, by="setting", study="trial")
print(by)
favours = ("Favours anti-EGFR", "Favours control")
mo.save(mo.plot.forest(by, effect="Hazard ratio, progression", favours=favours), FIGURES / "petrelli_2011.png", dpi=200)
