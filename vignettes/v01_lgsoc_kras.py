"""
Response and progression-free survival by KRAS status in low-grade serous ovarian cancer
=========================================================================================

Avutometinib (RAF/MEK) with defactinib (FAK) was tried in recurrent low-grade serous ovarian cancer in RAMP 201 and
FRAME. How many patients respond, does it depend on KRAS, and how sure can two trials make us? The evidence is the
packaged collection ``lgsoc``; every number below is asserted, against R's metafor 3.8-1 where it is computed and
against the published figure where it is quoted.
"""

# %%
from pathlib import Path

import numpy as np
import pandas as pd

import metaonc as mo
from metaonc.workflow.analyse import analyse

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
R_DIGITS = 1e-6  # metafor's own digits, with its iterations run to the end
GLMER = 2e-3  # where R's glmer stops

lgsoc = mo.load("lgsoc")
print(lgsoc)

# %%
# Which rows
# ----------
# FRAME reported its KRAS split in 2021 only, RAMP 201 in four cuts of the same patients. The rule takes, for each
# arm, the newest cut that reports what is needed, and says why each other row is left out.
kras = analyse("lgsoc", outcome="orr", by="kras")
print(kras.selection.rule)
print(kras.rows.to_string(index=False))
assert list(zip(kras.rows["events"], kras.rows["n"], strict=True)) == [(25, 57), (9, 52), (7, 10), (4, 9)]
assert "superseded" not in set(kras.rows["verification"])

# %%
# Response by KRAS status, avutometinib with defactinib
# -----------------------------------------------------
# Responders are pooled as counts (binomial-normal model); each trial has its exact interval.
orr = kras.result
mutant, wild = orr.groups["mutant"], orr.groups["wild-type"]
for group, rate, low, high in ((mutant, 0.4776119, 0.3614703, 0.5962259), (wild, 0.2131148, 0.1279671, 0.3332663)):
    limits = group.natural(np.array([group.estimate, group.ci_low, group.ci_high]))
    np.testing.assert_allclose(limits, [rate, low, high], rtol=GLMER)
np.testing.assert_allclose([orr.q_between, orr.q_between_p], [9.3935277, 0.0021775], rtol=GLMER)  # as R's meta has it
np.testing.assert_allclose([orr.f_between, orr.f_between_p], [1.9379026, 0.2984906], rtol=R_DIGITS)  # metafor, knha
published = {"mutant": (0.31, 0.58), "wild-type": (0.08, 0.30)}  # RAMP 201, printed to whole percents
for level, limits in published.items():
    ramp = orr.groups[level].study_table(transform=True).query("study == 'RAMP 201'")
    np.testing.assert_allclose(ramp[["ci_low", "ci_high"]].to_numpy()[0], limits, atol=0.005)
ax = mo.plot.forest(orr, effect="ORR")
mo.save(ax, FIGURES / "orr_by_kras.svg")
mo.save(ax, FIGURES / "orr_by_kras.png", dpi=200)
print(orr)

# %%
# What two trials can say. Variation between them is estimated as 0, which with two trials means "not seen", not
# "absent": FRAME's rates are higher in both subgroups. On the logit scale the Hartung-Knapp interval, which does not
# take tau² as known, says almost nothing:
es = mo.effect_sizes(kras.rows.query("subgroup_level == 'mutant'"), measure="PLO", events="events", n="n")
hksj = mo.pool(es, study="study")
low, high = hksj.confidence_interval(transform=True)
np.testing.assert_allclose([low, high, hksj.tau2], [0.001615647061, 0.998716329609, 0.3248705589], rtol=R_DIGITS)
assert any("one degree of freedom" in note for note in hksj.provenance.notes)
print(hksj)

# %%
# So the honest reading is: about half of 67 patients with KRAS-mutant and about a fifth of 61 with wild-type tumours
# responded. Chi-square, whose p is 0.002, takes the variance between trials as known; with two trials a subgroup it is
# not, and F, which holds its size, gives 0.30: trials differ too much to tell subgroups apart across them. But both
# trials have both subgroups, and within them the difference is alike: p = 0.002 if it is common to both. There is no
# control arm, so it may be prognosis as well as effect of treatment, and FRAME's split is of an early cut: the
# result says so, with the figures of the newest.
assert any("figures of FRAME by KRAS (published 2021-05) are older" in str(c) for c in orr.cautions)
within = mo.interaction(mo.effect_sizes(kras.rows, measure="PLO", events="events", n="n"), study="study",
                        by="subgroup_level", contrast=("mutant", "wild-type"), method="CE", ci="wald")  # fmt: skip
np.testing.assert_allclose([within.estimate, within.p_value], [1.2719, 0.00192], rtol=5e-3)
print(within)

# %%
# MEK inhibitors alone
# --------------------
# By KRAS status they were reported as percentages without denominators. Such rows are shown, never pooled.
mek = lgsoc.response.query("regimen == 'MEK inhibitor' and subgroup_variable.notna()")
print(mek[["trial", "arm", "subgroup_variable", "subgroup_level", "outcome", "estimate", "verification"]])
assert mek.loc[mek["subgroup_variable"] == "KRAS", "n"].isna().all()
try:
    analyse("lgsoc", outcome="orr", by="kras", where={"regimen": "MEK inhibitor"})
except mo.DataError as nothing:
    print(nothing)
else:
    raise AssertionError("percentages without denominators must not be pooled")

# %%
# Over all patients they can be:
alone = analyse("lgsoc", outcome="orr", where={"regimen": "MEK inhibitor"})
print(alone.text())
assert sorted(zip(alone.rows["events"], alone.rows["n"], strict=True)) == [(4, 33), (8, 52), (32, 201), (34, 130)]
limits = alone.result.natural(np.array([alone.result.estimate, alone.result.ci_low, alone.result.ci_high]))
np.testing.assert_allclose([*limits, alone.result.tau2], [0.182887, 0.134357, 0.244006, 0.0530418], rtol=GLMER)
mo.save(mo.plot.forest(alone.result, effect="ORR"), FIGURES / "orr_mek.png", dpi=200)
# The single arms of RAMP 201 and of MILO are not a randomised comparison: the two pools are not set against each other.

# %%
# Progression-free survival
# -------------------------
# Medians by KRAS status with intervals exist for RAMP 201, which were not read in their source, and for binimetinib in
# MILO: another drug, whose patients with KRAS-mutant tumours fared better as well.
milo = analyse("lgsoc", outcome="pfs", by="kras", where={"trial": "MILO"})
print(milo.rows.to_string(index=False))
assert milo.rows["estimate"].tolist() == [17.7, 10.8]
pfs = analyse("lgsoc", outcome="pfs", by="kras", where={"trial": "RAMP 201"})
np.testing.assert_allclose([g.study_table(transform=True)["estimate"].iloc[0] for g in pfs.result.groups.values()],
                           [22.0, 12.8])  # fmt: skip
np.testing.assert_allclose([pfs.result.q_between, pfs.result.q_between_p], [2.0003830, 0.1572595], rtol=R_DIGITS)
print(pfs.text())
mo.save(mo.plot.forest(pfs.result, effect="Median PFS", unit="months"), FIGURES / "pfs_by_kras.png", dpi=200)

# %%
# A ratio of medians of 1.7 with p = 0.16: the better median of the mutant subgroup is compatible with chance.
#
# Two randomised trials compared a MEK inhibitor with physicians' choice, and disagree. The model decides what a
# reader is told, so all are shown.
trials = mo.effect_sizes(
    {"trial": ["LOGS", "MILO"], "hr": [0.48, 1.21], "low": [0.36, 0.79], "high": [0.64, 1.86]},
    measure="HR", hr="hr", ci_low="low", ci_high="high", study="trial",
)  # fmt: skip
expected = {("CE", "wald"): (0.6399, 0.5040, 0.8125), ("REML", "wald"): (0.7514, 0.3038, 1.8586),
            ("REML", "HKSJ"): (0.7514, 0.0021, 266.5144)}  # fmt: skip
for (method, ci), numbers in expected.items():
    r = mo.pool(trials, study="trial", method=method, ci=ci)
    got = r.natural(np.array([r.estimate, r.ci_low, r.ci_high]))
    np.testing.assert_allclose(got, numbers, atol=5e-5, err_msg=f"{method} {ci}")
    print(f"{method:4s} {ci:4s} HR {got[0]:.2f} ({got[1]:.2f} to {got[2]:.2f}), I² {r.i2:.0f} %")
mo.save(mo.plot.forest(mo.pool(trials, study="trial", ci="wald"), favours=("Favours MEK inhibitor", "Favours control")),
        FIGURES / "pfs_hr.png", dpi=200)  # fmt: skip

# %%
# What a wrong denominator does
# -----------------------------
# A vendor's guide of 2025 prints 31 % of n = 115 for the combination, and the KRAS-mutant subgroup alone. The audit
# of each of its rows is part of the collection ``defactinib``.
guide = mo.load("defactinib")
print(guide.extra["corrections"].query("verdict in ('contradicted', 'inconsistent')").to_string(index=False))
overall = guide.extra["guide"].iloc[0]
assert (overall["n"], overall["estimate"]) == (115, 31)
source = lgsoc.evidence.set_index("row_id").loc["ramp201-combo-all-orr-2024"]
assert (source["events"], source["n"], source["ci_low"], source["ci_high"]) == (34, 109, 23, 41)

# %%
# 31 % of 115 would be 36 responders, two that nobody saw. Subtracting the mutant subgroup gives a wild-type result of
# 11/58 in place of 9/52; pooled with FRAME the rate goes from 21 to 22 %, and the test between subgroups hardly moves.
# It is the omitted subgroup that misleads, more than the denominator.
wrong = kras.rows.copy()
ours = (wrong["study"] == "RAMP 201") & (wrong["subgroup_level"] == "wild-type")
wrong.loc[ours, ["events", "n"]] = [round(0.31 * 115) - 25, 115 - 57]
believed = mo.pool_subgroups(wrong, by="subgroup_level", using=mo.pool_glmm, events="events", n="n", study="study")
got = believed.groups["wild-type"]
np.testing.assert_allclose(got.natural(got.estimate), 0.2238806, rtol=R_DIGITS)  # 15/67: tau² is 0
np.testing.assert_allclose([believed.q_between, believed.q_between_p], [9.1323115, 0.0025113], rtol=GLMER)
print(pd.DataFrame({"as published": [9, 52, float(wild.natural(wild.estimate)), orr.f_between_p],
                    "from the guide": [11, 58, float(got.natural(got.estimate)), believed.f_between_p]},
                   index=["responders", "patients", "pooled wild-type ORR", "p between subgroups"]))  # fmt: skip

# %%
# From a figure back to patients
# ------------------------------
# None of these trials has a curve that anybody digitised, so none is drawn. How well reconstruction works is shown on
# real patients: 228 with advanced lung cancer (the data set that comes with lifelines). Their figure is drawn, read
# back from its vector path at the precision of a PDF (0.01 pt), and the patients reconstructed from these points
# and the table below the figure.
from lifelines.datasets import load_lung

lung = load_lung().assign(months=lambda d: d["time"] / 30.4375, sex=lambda d: d["sex"].map({1: "men", 2: "women"}))
truth = mo.survival.kaplan_meier(lung, time="months", event="status", by="sex", unit="months")
ax = mo.plot.km(truth)
mo.save(ax, FIGURES / "km_lung.png", dpi=200)
mo.save(ax, FIGURES / "km_lung.pdf")
figure = ax.get_figure()
figure.canvas.draw()
to_points = ax.transData + figure.dpi_scale_trans.inverted()
lines = {line.get_label(): line for line in ax.get_lines() if line.get_label() in truth.curves}
counts = truth.at(np.arange(0, 31, 6.0))

patients, read = [], {}
for group, line in lines.items():
    inches = to_points.transform(np.column_stack(line.get_data()))
    rounded = to_points.inverted().transform(np.round(inches * 72, 2) / 72)
    time, survival = np.maximum(rounded[:, 0], 0), np.clip(rounded[:, 1], 0, 1)
    table = counts.query("group == @group")[["time", "n_risk"]]
    back = mo.curves.reconstruct_ipd(time, survival, points="corners", n=int(table["n_risk"].iloc[0]), at_risk=table)
    patients.append(back.ipd.assign(sex=group))
    read[group] = (time, survival)
    print(back)
rebuilt = mo.survival.kaplan_meier(pd.concat(patients), by="sex", unit="months")

# %%
# The reconstruction is held against the patients it had not seen.
beside = truth.medians.merge(rebuilt.medians, on="group", suffixes=("_true", "_rebuilt"))
print(beside.to_string(index=False))
np.testing.assert_array_equal(beside["n_true"], beside["n_rebuilt"])
np.testing.assert_allclose(beside["median_rebuilt"], beside["median_true"], rtol=2e-3)
np.testing.assert_allclose(beside["events_rebuilt"], beside["events_true"], rtol=0.02)
months = np.linspace(0, 30, 301)
seen = truth.at(months).merge(rebuilt.at(months), on=["group", "time"], suffixes=("_true", "_rebuilt"))
off = np.abs(seen["survival_true"] - seen["survival_rebuilt"])
print(f"largest difference of survival: {off.max():.4f}")
assert off.quantile(0.99) < 0.002

ax = mo.plot.km(rebuilt, reconstructed=True, points=read)
for group, curve in truth.curves.items():
    ax.step(curve.time, curve.survival, where="post", color="black", linewidth=0.4, label=f"_true {group}")
mo.save(ax, FIGURES / "km_lung_rebuilt.png", dpi=200)
