"""
From the figures of four trials to one model of their patients, by KRAS
========================================================================

Randomised trials of antibodies against EGFR print progression-free survival by KRAS status as figures: wild-type, and
mutant. No figure of theirs may be shipped here, so that four trials are made up: with the numbers of patients and the
hazard ratios that CRYSTAL, OPUS, NORDIC-VII and CO.17 report by KRAS (collection ``egfr_crc``), and medians and
censoring of our own.
Their eight figures are drawn as journals print them, read back, and turned into patients, of whom one model is made.
Since the patients are known, what is lost on the way is known too. Numbers of these patients stand beside R's, pinned
with the script in ``tests/reference/figure_to_pool``.
"""

# %%
import json
from pathlib import Path

import numpy as np
import pandas as pd

import metaonc as mo

FIGURES = Path("figures")
FIGURES.mkdir(exist_ok=True)
R = json.loads((Path(__file__).parents[1] / "tests" / "reference" / "figure_to_pool.json").read_text("utf-8"))
LEVELS = ("wild-type", "mutant")
arms = {"study": "study", "control": "control"}


def as_in_r(got, want, rtol=1e-6):
    """Check numbers against R's."""
    np.testing.assert_allclose(got, want, rtol=rtol, atol=1e-9)


# %%
# The trials as they are reported
# -------------------------------
# Patients and hazard ratios by KRAS. None of these eight rows was read in its source, which they say.
rows = mo.load("egfr_crc").current().subgroup("KRAS").evidence.query("outcome == 'pfs' and hr_low.notna()")
TRIALS = {"CRYSTAL": 8.0, "OPUS": 7.5, "NORDIC-VII": 8.0, "CO.17": 2.0}  # median of the control arm: made up
rows = rows[rows["trial"].isin(TRIALS)].set_index(["trial", "subgroup_level"])
print(rows[["n", "n_comparator", "hr", "hr_low", "hr_high", "verification"]].to_string())


def evenly(n, median, hr, shift):
    """Return patients whose times are spread evenly over a Weibull distribution, censored evenly: none is random."""
    i = np.arange(n) + 0.5 + shift
    died = median * (-np.log1p(-(i * 0.6180339887498949 % 1)) / (np.log(2) * hr)) ** (1 / 1.3)
    left = median * (0.75 + 2.25 * (i * 0.7548776662466927 % 1))
    time = np.floor(100 * np.minimum(died, left) + 0.5) / 100 + 0.01
    return pd.DataFrame({"time": time, "event": (died <= left).astype(int)})


parts = []
for (trial, kras), row in rows.iterrows():
    labels = {"study": trial, "kras": kras}
    parts.append(evenly(int(row["n"]), TRIALS[trial], row["hr"], 0).assign(arm="anti-EGFR", **labels))
    parts.append(evenly(int(row["n_comparator"]), TRIALS[trial], 1.0, 1000).assign(arm="control", **labels))
true = pd.concat(parts, ignore_index=True)
assert (len(true), true["event"].sum()) == (R["n"], R["events"]) == (2096, 1488)
assert np.isclose(true["time"].sum(), R["sum"])

# %%
# What the patients say
# ---------------------
# One Cox model a level, each trial with its own baseline hazard and its own effect: hazard ratios of 0.65 in wild-type
# and 1.13 in mutant. These are ratios of made-up patients, and no evidence on any drug.
truth = {}
for kras in LEVELS:
    truth[kras] = mo.survival.pool_ipd(true[true["kras"] == kras], **arms)
    as_in_r([truth[kras].estimate, truth[kras].tau2, truth[kras].loglik],
            [R[kras]["b"], R[kras]["tau2"], R[kras]["loglik"]], rtol=2e-5)  # R's climb stops there  # fmt: skip
    common = mo.survival.pool_ipd(true[true["kras"] == kras], treatment="common", **arms)
    as_in_r([common.estimate, common.se], [R[kras]["common"], R[kras]["common_se"]])
    own = truth[kras].trials.set_index("study").loc[R[kras]["studies"]]
    as_in_r(own[["estimate", "se"]], np.column_stack([R[kras]["y"], np.sqrt(R[kras]["v"])]))
between = mo.survival.ipd_interaction(true, by="kras", contrast=("mutant", "wild-type"), **arms)
as_in_r([between.estimate, between.se], [R["interaction"]["b"], R["interaction"]["se"]])
assert [round(truth[kras].hr, 2) for kras in LEVELS] == [0.65, 1.13]

# %%
# Eight figures, read
# -------------------
# CRYSTAL and CO.17 print numbers at risk. OPUS and NORDIC-VII are drawn without: then the text tells how many patients
# and events there are, and when patients were censored is a guess, of which an ensemble makes ten.
found, sets = [], []
for (trial, kras), own in true.groupby(["study", "kras"], sort=False):
    km = mo.survival.kaplan_meier(own, by="arm", unit="months")
    silent = trial in ("OPUS", "NORDIC-VII")
    ax = mo.plot.km(km, table=[] if silent else ["At risk"], censor_marks=False, width="column")
    path = mo.save(ax, FIGURES / f"{trial}_{kras}.pdf")
    counts = own.groupby("arm")["event"].agg(["size", "sum"])
    told = {"n": counts["size"].to_dict(), "events": counts["sum"].to_dict()} if silent else {}
    read = mo.reconstruct_figure(path, None, **told).patients
    found.append(read.ipd.assign(study=trial, kras=kras))
    sets.append(read.ensemble(10, seed=1).frame.assign(study=trial, kras=kras))
found, sets = (pd.concat(each, ignore_index=True) for each in (found, sets))
beside = {}
for (trial, kras), own in true.groupby(["study", "kras"], sort=False):
    again = found[(found["study"] == trial) & (found["kras"] == kras)]
    ratios = [mo.survival.hazard_ratio(d, control="control").estimate for d in (own, again)]
    beside[trial, kras] = {"patients": len(own), "read": len(again), "log HR": ratios[0], "of figure": ratios[1]}
beside = pd.DataFrame(beside).T.assign(error=lambda d: d["of figure"] - d["log HR"])
print(beside.round(3).to_string())
assert (beside["patients"] == beside["read"]).all()
assert beside["error"].abs().max() < 0.03

# %%
# One model of the patients that were read
# ----------------------------------------
# Each of the ten sets gives a pool; by ``draw=`` Rubin's rules add what the sets differ by to the error of one. Here
# that is next to nothing: of steps that are read exactly, with n and events known, hazard ratios hardly depend on when
# patients were censored.
for kras in LEVELS:
    own = sets[sets["kras"] == kras]
    both = mo.survival.pool_ipd(own, draw="draw", **arms)
    pools = [mo.survival.pool_ipd(one.drop(columns="draw"), **arms) for _, one in own.groupby("draw")]
    estimates, variances = np.array([p.estimate for p in pools]), np.array([p.se**2 for p in pools])
    want = np.sqrt(variances.mean() + (1 + 1 / 10) * estimates.var(ddof=1))  # the rule itself
    as_in_r([both.estimate, both.se], [estimates.mean(), want], rtol=1e-12)
    print(f"{kras}: HR {both.hr:.2f} ({np.exp(both.ci_low):.2f} to {np.exp(both.ci_high):.2f}), of the "
          f"patients {truth[kras].hr:.2f}; missing information {both.sets.missing:.4f}")  # fmt: skip
    assert abs(both.estimate - truth[kras].estimate) < 0.01
    assert both.sets.missing < 0.01
    assert both.se >= np.sqrt(variances.mean())

# %%
# What makes the interval wide is that trials differ, and that there are four. The normal interval of the one-stage
# model takes the spread between trials as if it were known; Hartung and Knapp's interval of the two-stage pool does
# not, and holds 1 in wild-type too.
for kras in LEVELS:
    stage = truth[kras].two_stage.set_index("model").loc["REML"]
    want = R[kras]["two_stage"]
    as_in_r(
        stage[["estimate", "ci_low", "ci_high", "tau2"]].to_numpy(float), [want[x] for x in ("b", "lb", "ub", "tau2")]
    )
    assert stage["ci_low"] < truth[kras].ci_low < truth[kras].ci_high < stage["ci_high"]
assert truth["wild-type"].ci_high < 0 < R["wild-type"]["two_stage"]["ub"]

# %%
# Does KRAS change the effect?
# ----------------------------
# That wild-type gains and mutant does not is no test. The ratio of the two hazard ratios, within trials, is: 1.74 of
# the patients as they are, and of those that were read, set by set and combined.
ratio = mo.survival.ipd_interaction(sets, by="kras", contrast=("mutant", "wild-type"), draw="draw", **arms)
limits = f"{np.exp(ratio.ci_low):.2f} to {np.exp(ratio.ci_high):.2f}"
print(f"ratio of hazard ratios {np.exp(ratio.estimate):.2f} ({limits}), of the patients {np.exp(between.estimate):.2f}")
assert abs(ratio.estimate - between.estimate) < 0.02

# %%
# Models over the estimates
# -------------------------
# Which distribution do the trials have? The patients were drawn from Weibull distributions, and that is what is found
# again of those that were read: the model with the least criterion over the four trials, wild-type.
read = found[found["kras"] == "wild-type"]
models = mo.survival.compare_models(
    read, study="study", control="control", distributions=["exp", "weibull", "lnorm", "llogis"], knots=[], unit="months"
)
print(models)
assert models.best == "Weibull"
mo.save(mo.plot.model_grid(models), FIGURES / "models_by_trial.png", dpi=200)
