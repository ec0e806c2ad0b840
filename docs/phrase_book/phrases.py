"""The calls: what is written in R, what here, and what differs. Each ends in the numbers that are compared.

``python docs/phrase_book/write.py`` writes the R script; Rscript pins its numbers; a test runs those of metaonc.
"""

from __future__ import annotations

from dataclasses import dataclass

R_DATA = """library(metafor)
library(survival)
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
lung2 <- transform(lung, months = time / 30.4375, dead = status - 1)
"""
HERE_DATA = """import metaonc as mo
from lifelines.datasets import load_lung

arms = {"events_t": "events", "n_t": "n", "events_c": "events_comparator", "n_c": "n_comparator", "study": "trial"}
bcg = mo.load("bcg").evidence
es = mo.effect_sizes(bcg, measure="RR", **arms)
res = mo.pool(es)
lung = load_lung()
lung = lung.assign(months=lung["time"] / 30.4375, sex=lung["sex"].map({1: "male", 2: "female"}))
"""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing that people do, in both languages.

    Attributes
    ----------
    title
        What it is.
    r, here
        Code; the last expression is the numbers.
    numbers
        What they are.
    differs
        What is not the same, in words; the numbers are nevertheless compared.
    within
        How near they must be, relative: that of R's stopping rule where R stops early.
    meta
        The call of R's package meta that asks for the same; it is not run.
    """

    title: str
    r: str
    here: str
    numbers: str
    differs: str = ""
    within: float = 1e-6
    meta: str = ""


EFFECTS = (
    Phrase(
        "Effects of two arms",
        "c(dat$yi[1], dat$vi[1])",
        'es["yi"][0], es["vi"][0]',
        "log RR of the first trial, variance",
    ),
    Phrase(
        "Rates of one arm",
        'with(escalc(measure = "PLO", xi = tpos, ni = tpos + tneg, data = dat.bcg), c(yi[1], vi[1]))',
        'one = mo.effect_sizes(bcg, measure="PLO", events="events", n="n", study="trial")\none["yi"][0], one["vi"][0]',
        "log odds, variance",
    ),
    Phrase(
        "Rates of events over time",
        'inc <- escalc(measure = "IRR", x1i = c(4, 7, 2), t1i = c(310, 520, 190), x2i = c(9, 8, 6), t2i = c(305, 498, 201))\n'
        'res <- rma(yi, vi, data = inc, method = "EE")\nc(inc$yi, inc$vi, res$beta)',
        'inc = {"a": [4, 7, 2], "ta": [310, 520, 190], "b": [9, 8, 6], "tb": [305, 498, 201]}\n'
        'inc = mo.effect_sizes(inc, measure="IRR", events_t="a", time_t="ta", events_c="b", time_c="tb")\n'
        '*inc["yi"], *inc["vi"], mo.pool(inc, method="CE").estimate',
        "log rate ratios, variances, common effect",
        meta='metainc(event.e, time.e, event.c, time.c, method = "Inverse")',
    ),
)
POOLS = (
    Phrase(
        "Random effects, Hartung-Knapp",
        'res <- rma(yi, vi, data = dat, test = "knha", control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))\n'
        "c(res$beta, res$ci.lb, res$ci.ub, res$tau2)",
        "res.estimate, res.ci_low, res.ci_high, res.tau2",
        "log RR, limits, τ²",
        'Hartung-Knapp is the default here, Wald in metafor: `ci="wald"`. R is run to the end by `control=`.',
    ),
    Phrase(
        "DerSimonian-Laird, Wald",
        'res <- rma(yi, vi, data = dat, method = "DL")\nc(res$beta, res$ci.lb, res$ci.ub, res$tau2, res$I2)',
        'dl = mo.pool(es, method="DL", ci="wald")\ndl.estimate, dl.ci_low, dl.ci_high, dl.tau2, dl.i2',
        "log RR, limits, τ², I²",
        meta='metagen(yi, sqrt(vi), method.tau = "DL")',
    ),
    Phrase(
        "Common effect",
        'res <- rma(yi, vi, data = dat, method = "EE")\nc(res$beta, res$ci.lb, res$ci.ub)',
        'ce = mo.pool(es, method="CE")\nce.estimate, ce.ci_low, ce.ci_high',
        "log RR, limits",
    ),
    Phrase(
        "Prediction interval",
        'res <- rma(yi, vi, data = dat, test = "knha", control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))\n'
        "pr <- predict(res)\nc(pr$pi.lb, pr$pi.ub)",
        "res.prediction_low, res.prediction_high",
        "limits",
        "Printed with every pool here; [NNF holds better](coverage.md).",
    ),
    Phrase(
        "Interval of τ²",
        "res <- rma(yi, vi, data = dat, control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))\n"
        "ci <- confint(res, control = list(tol = 1e-12))\nc(ci$random[1, 2], ci$random[1, 3])",
        'interval = res.tau2_ci("QP")\ninterval',
        "limits of τ², Q-profile",
    ),
    Phrase(
        "Mantel-Haenszel",
        'res <- rma.mh(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)\n'
        "c(res$beta, res$ci.lb, res$ci.ub)",
        'mh = mo.pool_mantel_haenszel(bcg, measure="RR", **arms)\nmh.estimate, mh.ci_low, mh.ci_high',
        "log RR, limits",
        meta='metabin(event.e, n.e, event.c, n.c, method = "MH", sm = "RR", MH.exact = TRUE)',
        differs="Without `MH.exact = TRUE` meta adds 0.5 to each cell of a trial with an empty cell; `pool_mantel_haenszel` and `rma.mh` add "
        "nothing in the pool. These trials have none.",
    ),
    Phrase(
        "Peto",
        "res <- rma.peto(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)\nc(res$beta, res$ci.lb, res$ci.ub)",
        "peto = mo.pool_peto(bcg, **arms)\npeto.estimate, peto.ci_low, peto.ci_high",
        "log OR, limits",
    ),
    Phrase(
        "Binomial-normal model of one arm",
        'res <- rma.glmm(measure = "PLO", xi = tpos, ni = tpos + tneg, data = dat.bcg)\nc(res$beta, res$ci.lb, res$ci.ub)',
        'glmm = mo.pool_glmm(bcg, events="events", n="n", study="trial", ci="wald")\n'
        "glmm.estimate, glmm.ci_low, glmm.ci_high",
        "log odds, limits",
        "The likelihood is integrated and maximised further here than R's optimiser goes.",
        2e-5,
        meta='metaprop(event, n, method = "GLMM", sm = "PLOGIT")',
    ),
    Phrase(
        "Nested random effects",
        "res <- rma.mv(yi, vi, random = ~ 1 | alloc / trial, data = dat, control = list(rel.tol = 1e-10))\n"
        "c(res$beta, res$se, res$sigma2)",
        'three = mo.pool_multilevel(es, levels=["allocation", "trial"], ci="wald")\n'
        'three.estimate, three.se, *three.glance().iloc[0][["sigma2_allocation", "sigma2_trial"]]',
        "log RR, its error, variances between allocations and trials",
        within=1e-5,
    ),
    Phrase(
        "Meta-regression",
        'res <- rma(yi, vi, mods = ~ ablat, data = dat, test = "knha", '
        "control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))\nc(res$beta, res$se, res$tau2)",
        'mr = mo.regress(es, "~ latitude")\n*mr.tidy()["estimate"], *mr.tidy()["se"], mr.tau2',
        "coefficients, errors, τ²",
    ),
    Phrase(
        "Three-level meta-regression",
        "res <- rma.mv(yi, vi, mods = ~ ablat, random = ~ 1 | alloc / trial, data = dat, control = list(rel.tol = 1e-10))\n"
        "c(res$beta, res$se, res$QM)",
        'mr3 = mo.regress_multilevel(es, "~ latitude", levels=["allocation", "trial"])\n'
        '*mr3.tidy()["estimate"], *mr3.tidy()["se"], mr3.q_model',
        "coefficients, errors, test of moderators",
        within=1e-5,
    ),
)
AROUND = (
    Phrase(
        "Leave one out",
        'res <- rma(yi, vi, data = dat, test = "knha", control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))\n'
        "range(leave1out(res)$estimate)",
        'out = mo.sensitivity.leave_one_out(res).tidy()\nout = out[out["type"] == "pool"]["estimate"]\nout.min(), out.max()',
        "least and greatest log RR",
    ),
    Phrase(
        "Cumulative",
        'res <- rma(yi, vi, data = dat, method = "DL")\ncumul(res, order = year)$estimate',
        'in_order = mo.pool(es.sort_values("year", kind="stable"), method="DL", ci="wald")\n'
        'tuple(mo.sensitivity.cumulative(in_order).tidy()["estimate"])',
        "log RR up to each trial, by year",
        "By the order of rows in the table that is pooled.",
    ),
    Phrase(
        "All subsets (GOSH)",
        'res <- rma(yi, vi, data = dat, method = "DL", subset = 1:8)\ng <- gosh(res, progbar = FALSE)$res\n'
        "c(nrow(g), median(g$estimate), median(g$I2))",
        'eight = mo.pool(es[:8], method="DL", ci="wald")\ng = mo.sensitivity.gosh(eight).table\n'
        'len(g), g["estimate"].median(), g["i2"].median()',
        "number of subsets, medians of log RR and I²",
    ),
    Phrase(
        "Permutation test, exact",
        'res <- rma(yi, vi, data = dat, method = "DL", subset = 1:8)\n'
        "permutest(res, exact = TRUE, progbar = FALSE)$pval",
        'eight = mo.pool(es[:8], method="DL", ci="wald")\n'
        'mo.sensitivity.permutation_test(eight, exact=True).tidy()["p_value"].iloc[0],',
        "p",
    ),
    Phrase(
        "Influence",
        "res <- rma(yi, vi, data = dat, control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))\n"
        "max(influence(res)$inf$cook.d)",
        'mo.sensitivity.influence(mo.pool(es, ci="wald")).tidy()["cook_d"].max(),',
        "greatest Cook's distance",
    ),
    Phrase(
        "Egger's test",
        'res <- regtest(dat$yi, dat$vi, model = "lm")\nc(res$zval, res$pval)',
        "test = mo.bias.egger(res)\ntest.statistic, test.p_value",
        "t, p",
    ),
    Phrase(
        "Begg's test",
        "res <- ranktest(dat$yi, dat$vi)\nc(res$tau, res$pval)",
        "test = mo.bias.begg(res)\ntest.statistic, test.p_value",
        "Kendall's tau, p",
    ),
    Phrase(
        "Trim and fill",
        'res <- trimfill(rma(yi, vi, data = dat, method = "DL"), side = "left")\nc(res$k0, res$beta, res$se)',
        'tf = mo.bias.trim_fill(mo.pool(es, method="DL", ci="wald"), side="left")\ntf.k0, tf.estimate, tf.adjusted.se',
        "trials filled in, log RR, its error",
    ),
    Phrase(
        "Fail-safe N",
        "fsn(yi, vi, data = dat)$fsnum",
        'mo.bias.fail_safe_n(res, method="Rosenthal").n,',
        "number of trials",
    ),
    Phrase(
        "Selection model",
        'res <- selmodel(rma(yi, vi, data = dat, method = "ML"), type = "stepfun", steps = c(0.025), alternative = "less")\nc(res$beta, res$delta[2])',
        'sel = mo.bias.selection_model(mo.pool(es, method="ML", ci="wald"), steps=[0.025])\nsel.estimate, sel.weights[1]',
        "log RR, weight of p above .025",
        "The side that is favoured follows the direction of benefit here; R's default is greater.",
        within=1e-5,
    ),
)
SURVIVAL = (
    Phrase(
        "Kaplan-Meier",
        "res <- summary(survfit(Surv(months, dead) ~ 1, data = lung2, conf.type = 'log-log'))$table\n"
        'c(res["median"], res["0.95LCL"], res["0.95UCL"])',
        'km = mo.survival.kaplan_meier(lung, time="months", event="status", unit="months")\n'
        'tuple(km.medians[["median", "ci_low", "ci_high"]].iloc[0])',
        "median, limits",
        "The interval is log-log here, as survminer's and SAS's, log in R: `conf.type = \"log-log\"` above.",
    ),
    Phrase(
        "Cox model of two arms",
        "res <- coxph(Surv(months, dead) ~ sex, data = lung2)\nc(coef(res), sqrt(vcov(res)))",
        'hr = mo.survival.hazard_ratio(lung, time="months", event="status", arm="sex", control="male")\nhr.estimate, hr.se',
        "log HR, its error",
        "Efron's handling of ties in both.",
    ),
    Phrase(
        "Log-rank test",
        "res <- survdiff(Surv(months, dead) ~ sex, data = lung2)\nc(res$chisq, res$pvalue)",
        'test = mo.survival.log_rank(mo.survival.kaplan_meier(lung, time="months", event="status", by="sex"))\ntest.chi2, test.p_value',
        "chi-square, p",
    ),
    Phrase(
        "Proportional hazards",
        "res <- cox.zph(coxph(Surv(months, dead) ~ sex, data = lung2))$table\nc(res[1, 1], res[1, 3])",
        'ph = mo.survival.ph_test(lung, time="months", event="status", arm="sex", control="male").tidy()\n'
        'tuple(ph[["statistic", "p_value"]].iloc[0])',
        "chi-square, p",
    ),
    Phrase(
        "Restricted mean",
        "fits <- summary(survfit(Surv(months, dead) ~ sex, data = lung2), rmean = 12)$table\n"
        'fits[2, "rmean"] - fits[1, "rmean"]',
        'rm = mo.survival.rmst(lung, time="months", event="status", arm="sex", control="male", horizons=[12], unit="months")\n'
        'rm.tidy().query("quantity == \'difference\'")["estimate"].iloc[0],',
        "difference up to 12 months",
    ),
)
NOT_RUN = (  # package, its call, what is here, what stands in for R
    (
        "meta",
        "metagen, metabin, metaprop, metainc",
        "`mo.pool` and its kin, as named below the calls of metafor above",
        "metafor's call for the same model",
    ),
    (
        "coxme",
        "coxme(Surv(time, event) ~ arm + (arm \\| trial))",
        '`mo.survival.pool_ipd(..., method="laplace")`, `mo.survival.pool_frailty`',
        "survival's `coxph`, and integrals over its likelihoods",
    ),
    ("survRM2", "rmst2(time, event, arm, tau)", "`mo.survival.rmst(..., horizons=[tau])`", "survival's `rmean`, above"),
    (
        "IPDfromKM",
        "getIPD(preprocess(...))",
        '`mo.curves.reconstruct_arms`; `method="guyot"` is the classic algorithm',
        "patients that are known, [from a figure to patients](curves.md)",
    ),
    ("survminer", "ggsurvplot(fit, risk.table = TRUE)", "`mo.plot.km(curves)`", "survival's `survfit`, above"),
    ("ggsurvfit", "ggsurvfit(fit) + add_risktable()", "`mo.plot.km(curves)`", "survival's `survfit`, above"),
    ("netmeta", "netmeta(TE, seTE, treat1, treat2, studlab)", "not there yet", ""),
)
OTHER_FIGURES = (  # of what functions of R return
    (("plot(gosh(res))",), "mo.plot.gosh"),
    (("plot(influence(res))",), "mo.plot.influence"),
    (("forest(cumul(res))", "forest(metainf(m))"), "mo.plot.forest of mo.sensitivity.cumulative or leave_one_out"),
    (("plot(survfit(...))",), "mo.plot.km"),
    (("plot(rmst2(...))",), "mo.plot.rmst"),
)
SECTIONS = {"Effects": EFFECTS, "Pools": POOLS, "Around a pool": AROUND, "Survival": SURVIVAL}
