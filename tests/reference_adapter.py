"""How reference outputs of R are put to metaonc: one function an identifier, of parts that are merged.

Each function takes the folder of inputs, the stem of a case and what R was told, and returns numbers by R's names.
"""

import numpy as np
import pandas as pd

import metaonc as mo

COUNTS = {"events_t": "et", "n_t": "nt", "events_c": "ec", "n_c": "nc"}
MODELS = {
    "step_025": {"steps": [0.025]},
    "step_025_5": {"steps": [0.025, 0.5]},
    "step_05_5_fixed": {"steps": [0.05, 0.5], "delta": [1, 0.8, 0.5]},
    "beta": {"function": "beta", "p_min": 1e-5},
    "halfnorm": {"function": "halfnorm"},
    "negexp": {"function": "negexp"},
    "logistic": {"function": "logistic"},
    "power": {"function": "power", "p_min": 1e-5},
    "negexppow": {"function": "negexppow"},
    "halfnorm_prec": {"function": "halfnorm", "precision": "sei"},
    "negexp_prec": {"function": "negexp", "precision": "sei"},
    "trunc": {"function": "trunc"},
}


def S1(folder, stem, given):
    """Return selection and small-study effects of one set of odds ratios."""
    table = pd.read_csv(folder / f"{stem}_input.csv")
    r = mo.pool(table, study="study", measure="OR", ci="wald")
    return _small_study(r) | _selection(folder, stem, given)


def S2(folder, stem, given):
    """Return the same of odds ratios whose counts are known, with the tests that take these."""
    table = pd.read_csv(folder / f"{stem}_input.csv")
    effects = mo.effect_sizes(table.drop(columns=["yi", "vi"]), measure="OR", study="study", **COUNTS)
    r = mo.pool(effects, study="study", ci="wald")
    names = ("Harbord", "Peters", "Macaskill", "Deeks", "Schwarzer", "Egger", "Begg")
    return _small_study(r) | _selection(folder, stem, given) | {"metabias_counts": _metabias(r, names)}


def _selection(folder, stem, given):
    """Return selection models and p-uniform*."""
    table = pd.read_csv(folder / f"{stem}_input.csv")
    side = given["alternative"]
    pool, common = (mo.pool(table, study="study", method=method, ci="wald") for method in ("ML", "CE"))
    fits = {name: mo.bias.selection_model(pool, alternative=side, **options) for name, options in MODELS.items()}
    models = {name: _model(r) | {"tau2": r.tau2, "se.tau2": r.se_tau2} for name, r in fits.items()}
    models["common_step_025"] = _model(mo.bias.selection_model(common, steps=[0.025], alternative=side))
    u = mo.bias.p_uniform(pool, alternative=side)
    uniform = {"est": u.estimate, "ci.lb": u.ci_low, "ci.ub": u.ci_high, "L.0": u.lr_statistic, "pval.0": u.p_value,
               "tau2": u.tau2, "tau2.lb": u.tau2_low, "tau2.ub": u.tau2_high, "ksig": u.significant}  # fmt: skip
    return {"selmodel": models, "puniform_star_ML": uniform}


def _model(r):
    first = 1 if r.function == "trunc" else 0
    delta, errors = r.weights[first:].tolist(), r.weight_errors[first:].tolist()
    if len(delta) == 1:
        delta, errors = delta[0], errors[0]
    return {"beta": r.estimate, "se": r.se, "delta": delta, "se.delta": errors, "ll": r.loglik, "LRT": r.lr_statistic,
            "LRTdf": r.lr_df, "LRTp": r.lr_p_value}  # fmt: skip


def _small_study(r):
    """Return tests of asymmetry, trim and fill, fail-safe N, excess significance and adjusted effects of a pool."""
    dl = mo.pool(r.studies.data, study="study", measure="OR", method="DL", ci="HC")
    begg, limit = mo.bias.begg(r), mo.bias.limit_meta_analysis(r)
    excess = mo.bias.excess_significance(r, test="chi2" if r.k > 20 else "exact")
    ml = mo.pool(r.studies.data, study="study", measure="OR", method="ML", ci="wald")
    return {
        "k": r.k,
        "ML": {"beta": ml.estimate, "se": ml.se, "tau2": ml.tau2, "ll": ml.loglik},
        "regtest": _regressions(r),
        "ranktest": {"tau": begg.statistic, "pval": begg.p_value},
        "metabias": _metabias(r, ("Begg", "Egger", "Thompson")),
        "trimfill": _trim_fill(r),
        "fsn": _fail_safe(r),
        "tes": {"O": excess.observed, "E": excess.expected, "OE": excess.ratio, "pval": excess.p_value,
                "X2": excess.statistic,
                "power": excess.power.tolist(), "theta": excess.theta},
        "hc": {"beta": dl.estimate, "se": dl.se, "ci.lb": dl.ci_low, "ci.ub": dl.ci_high},
        **{method: _pet_peese(r, method) for method in ("PET", "PEESE")},
        "limitmeta": {"TE.adjust": limit.estimate, "seTE.adjust": limit.se, "lower": limit.ci_low,
                      "upper": limit.ci_high, "alpha.r": limit.slope, "beta.r": limit.intercept, "Q": limit.q,
                      "Q.small": limit.q_small, "Q.resid": limit.q_residual, "G.squared": limit.g2 / 100,
                      "TE.limit": limit.limits.tolist()},
    }  # fmt: skip


def _regressions(r):
    out = {}
    for model, name in (("ols", "lm"), ("random", "rma")):
        for predictor, record in mo.bias.PREDICTORS.items():
            n = "ni" if record.sized and "ni" in r.studies.data else None
            t = mo.bias.egger(r, model=model, predictor=predictor, n=n)
            out[f"{name}_{predictor}"] = {"zval": t.statistic, "dfs": t.df, "pval": t.p_value, "est": t.limit,
                                          "ci.lb": t.limit_low, "ci.ub": t.limit_high}  # fmt: skip
    return out


def _metabias(r, names):
    out = {}
    for name in names:
        code = name.lower()
        if code in mo.bias.RANK_TESTS:
            t = mo.bias.rank_test(r, test=code, exact=False)
            found = {"statistic": t.z, "estimate": {"ks": t.score, "se.ks": t.score_se}}
        else:
            t = mo.bias.regression_test(r, test=code)
            spread = t.dispersion if t.model == "ols" else t.tau2
            found = {"statistic": t.statistic, "df": t.df, "tau2": spread,
                     "estimate": {"bias": t.slope, "se.bias": t.slope_se}}  # fmt: skip
        out[name] = found | {"pval": t.p_value}
    return out


def _trim_fill(r):
    out = {}
    for model in ("EE", "REML"):
        pool = mo.pool(r.studies.data, study="study", measure="OR", ci="wald", method={"EE": "CE"}.get(model, model))
        for estimator in ("L0", "R0", "Q0"):
            for side in ("left", "right"):
                try:
                    t = mo.bias.trim_fill(pool, estimator=estimator, side=side)
                except mo.MetaoncError:  # as R refuses it
                    continue
                a = t.adjusted
                out[f"{estimator}_{side}_{model}"] = {"k0": t.k0, "se.k0": t.k0_se, "p.k0": t.k0_p, "beta": a.estimate,
                                                      "se": a.se, "tau2": a.tau2}  # fmt: skip
    return out


def _fail_safe(r):
    found = {method: mo.bias.fail_safe_n(r, method=method) for method in ("Rosenthal", "Orwin", "Rosenberg", "General")}
    return {method: {"fsnum": f.n, "pval": f.p_value} for method, f in found.items()}


def _pet_peese(r, method):
    found = mo.bias.pet_peese(r, method=method)
    return {"Estimate": found.estimate, "Std. Error": found.se, "t value": found.statistic, "Pr(>|t|)": found.p_value}


def _matrix(values, names):
    return {row: dict(zip(names, line, strict=True)) for row, line in zip(names, values, strict=True)}


def S3(folder, stem, given):
    """Several endpoints of each trial: fit, and diagnostics by trial with and without estimating tau² anew."""
    d = pd.read_csv(folder / f"{stem}_input.csv")
    ends = sorted(d["endpoint"].unique())
    wide = d.pivot(index="trial", columns="endpoint")
    table = {"trial": list(wide.index)}
    for i, a in enumerate(ends):
        table[a] = wide["yi"][a].to_list()
        for b in ends[: i + 1]:
            rho = 1.0 if a == b else given["rho"]
            table[f"{b} {a}"] = (rho * np.sqrt(wide["vi"][a] * wide["vi"][b])).to_list()
    cov = [[f"{min(a, b)} {max(a, b)}" for b in ends] for a in ends]
    r = mo.pool_multivariate(table, yi=ends, cov=cov, study="trial")
    names = [f"endpoint{end}" for end in ends]
    out = {
        "beta": dict(zip(names, r.estimate, strict=True)), "vb": _matrix(r.cov, names),
        "tau2": np.diag(r.tau2), "rho_hat": r.tau_correlation[0, 1], "ll": r.loglik,
    }  # fmt: skip
    robust = r.robust()
    columns = {"se": "se", "dfs": "df", "ci.lb": "ci_low", "ci.ub": "ci_high", "pval": "p_value"}
    out["CR2"] = {theirs: robust[ours].to_list() for theirs, ours in columns.items()}
    for anew, suffix in ((True, ""), (False, "_no_reestimate")):
        found = mo.sensitivity.influence(r, reestimate=anew)
        out[f"cooks{suffix}"] = dict(zip(found["study"], found["cook_d"], strict=True))
        out[f"dfbetas{suffix}"] = found.dfbetas.set_axis(names, axis=1)
        if anew:
            out["rstudent_cluster"] = [
                {"cluster": study, "X2": x2} for study, x2 in zip(found["study"], found["x2"], strict=True)
            ]
    place = {(t, e): i for i, (t, e) in enumerate(zip(d["trial"], d["endpoint"], strict=True))}
    out["hat"] = {str(place[row.study, row.outcome] + 1): row.hat for row in found.rows.itertuples()}
    return out


def F1(folder, stem, given):
    """Fragility of pools by measure and estimator, and of single trials by test."""
    d = pd.read_csv(folder / f"{stem}_input.csv")
    counts = {"events_t": "e1", "n_t": "n1", "events_c": "e0", "n_c": "n0", "study": "study"}
    out = {}
    for measure in ("OR", "RR", "RD"):
        es = mo.effect_sizes(d, measure=measure, **counts)
        for method in ("DL", "REML"):
            pool = mo.pool(es, study="study", method=method, ci="wald")
            r = mo.sensitivity.fragility(pool)
            out[f"{measure}_{method}_z"] = {
                "FI": r.index, "FQ": r.quotient, "est": pool.estimate, "ci": [pool.ci_low, pool.ci_high],
            }  # fmt: skip
    tests = {"Fisher": "fisher", "chisq": "chisq", "OR": "OR", "RR": "RR", "RD": "RD"}
    found = {name: mo.sensitivity.fragility_of_trials(d, test=test, **counts) for name, test in tests.items()}
    columns = {"pval": "p_value", "FI": "index"}
    out["trials"] = [
        {key: {name: r[column][i] for name, r in found.items()} for key, column in columns.items()}
        for i in range(len(d))
    ]
    return out


def of_one_stage(folder, stem, given):
    """Return models of the patients of all trials."""
    table = pd.read_csv(folder / "M1_ipd_9trials_input.csv")
    names = {"study": "trial", "control": 0}
    common = mo.survival.pool_ipd(table, **names, treatment="common")
    random = mo.survival.pool_ipd(table, **names, method="laplace")
    at = [0.0001, 0.01, 0.03, 0.05, 0.1, 0.2, 0.4]
    profile = random.laplace_profile(at).rename(columns={"tau2": "vfixed", "estimate": "b", "loglik": "IPL"})
    effects = (random.trials["effect"] - random.estimate).tolist()
    both, tied = (mo.survival.pool_frailty(table, **names, treatment=t) for t in ("random", "correlated"))
    gamma = mo.survival.pool_frailty(table, **names, frailty="gamma")
    by = mo.survival.ipd_interaction(table, by="kras", **names).table.set_index("term")
    centred = by.loc[["treatment where the covariate is 0", "within trials", "across trials"]]
    variances = {"Intercept": {"Intercept": tied.baseline_variance, "arm": tied.correlation},
                 "arm": {"Intercept": tied.correlation, "arm": tied.tau2}}  # fmt: skip
    return {
        "stratified": {"b": common.estimate, "se": common.se, "ll": [common.null_loglik, common.loglik]},
        "random_treatment_stratified": {
            **_laplace(random), "tau2": random.tau2, "ranef": effects, "profile": profile.to_dict("records")},
        "frailty_and_treatment": {**_laplace(both), "var": {"trial.Intercept": both.baseline_variance,
                                                            "trial.arm": both.tau2}},
        "correlated": {**_laplace(tied), "var": variances},
        "gamma_frailty": {"b": gamma.estimate, "se": gamma.se, "theta": gamma.baseline_variance, "ll": gamma.loglik},
        "interaction_centred": {
            "b": dict(zip(("arm", "arm:kc", "arm:kbar"), centred["estimate"], strict=True)),
            "se": dict(zip(("arm", "arm:kc", "arm:kbar"), centred["se"], strict=True))},
        "interaction_naive": {"b": by.loc["not centred", "estimate"], "se": by.loc["not centred", "se"]},
    }  # fmt: skip


def _laplace(r):
    return {"b": r.estimate, "se": r.se,
            "loglik": {"NULL": r.null_loglik, "Integrated": r.loglik, "Penalized": r.penalised}}  # fmt: skip


M1_TRIAL = "T01"
RMST_HORIZONS = (6, 12, 18)


def M1(folder, stem, given):
    """Return survival of nine trials from their patients, and a cure model of one."""
    table = pd.read_csv(folder / "M1_ipd_9trials_input.csv")
    return of_one_stage(folder, stem, given) | {
        "rmst": {str(name): _rmst(rows) for name, rows in table.groupby("trial")},
        **_one_trial(table[table["trial"] == M1_TRIAL]),
        "two_stage_weibull": _two_stage_weibull(table),
        "fp1": _fractional_polynomials(table),
        "cure": _cures(pd.read_csv(folder / "M2_cure_input.csv")),
    }


def _rmst(rows):
    out = []
    for tau in RMST_HORIZONS:
        try:
            r = mo.survival.rmst(rows, control=0, horizons=tau)
        except mo.errors.DataError:  # beyond the follow-up of an arm
            out.append(None)
            continue
        arms, natural = r.of("rmst").set_index("group"), r.tidy(transform=True).set_index("quantity")
        one = {"tau": tau}
        for arm in ("0", "1"):
            x = arms.loc[arm]
            one |= {f"arm{arm}": {"Est.": x["estimate"], "se": x["se"], "lower .95": x["ci_low"],
                                  "upper .95": x["ci_high"]}, f"var{arm}": x["se"] ** 2}  # fmt: skip
        for key, quantity in (("diff", "difference"), ("ratio", "rmst_ratio"), ("rmtl_ratio", "rmtl_ratio")):
            x = natural.loc[quantity]
            one[key] = {"Est.": x["estimate"], "lower .95": x["ci_low"], "upper .95": x["ci_high"], "p": x["p_value"]}
        out.append(one)
    return out


def _fit(r):
    return {"loglik": r.loglik, "AIC": r.aic}


def _one_trial(rows):
    splines = {}
    for scale in ("hazard", "odds", "normal"):
        for knots in range(4):
            r = mo.survival.royston_parmar(rows, control=0, knots=knots, scale=scale)
            splines[f"{scale}{knots}"] = _spline(r) | _predicted(r)
    changing = mo.survival.royston_parmar(rows, control=0, knots=2, time_varying=True)
    splines["hazard2_tvc1"] = _spline(changing)
    fits = {}
    for code in ("exp", "weibull", "gompertz", "gamma", "lnorm", "llogis", "gengamma"):
        r = mo.survival.parametric(rows, control=0, distribution=code)
        names = [n.removeprefix("log ").replace("treatment", "arm") for n in r.names]
        fits[code] = {"coef": dict(zip(names, r.estimate, strict=True))} | _fit(r)
    return {f"royston_parmar_{M1_TRIAL}": splines, f"parametric_{M1_TRIAL}": fits}


def _spline(r):
    names = [n.replace("treatment x log time", "gamma1(arm)").replace("treatment", "arm") for n in r.names]
    return {"coef": dict(zip(names, r.estimate, strict=True)), "se": dict(zip(names, r.se, strict=True)),
            "knots": list(r.knots)} | _fit(r)  # fmt: skip


def _predicted(r):
    s, mean = r.survival_at([3, 6, 12, 24, 36]), r.rmst(24).set_index("group")["estimate"]
    return {"S": {f"arm={a}": s[s["group"] == a]["survival"].tolist() for a in ("0", "1")},
            "rmst24": [mean["0"], mean["1"]]}  # fmt: skip


def _two_stage_weibull(table):
    pools = {key: mo.survival.pool_flexible(table, control=0, model="weibull", method=method).pool
             for key, method in (("reml", "REML"), ("mm", "MM"), ("fixed", "CE"))}  # fmt: skip
    own = pools["reml"]
    pooled = {key: {"b": p.estimate, "V": p.cov, "Psi": p.tau2, "ll": p.loglik} for key, p in pools.items()}
    return {"y": own.yi, "S": dict(zip(own.labels, own.within, strict=True))} | pooled


def _fractional_polynomials(table):
    out = []
    for power in (-2, -1, -0.5, 0, 0.5, 1, 2, 3):
        r = mo.survival.pool_flexible(table, control=0, power=power, method="CE")
        i = r.labels.index(M1_TRIAL)
        base = r.baselines.set_index(["study", "term"])["estimate"][M1_TRIAL]
        effects = {
            "coef": [base["constant"], r.pool.yi[i][0], base["slope"], r.pool.yi[i][1]],
            "V": r.pool.within[i],
            "aic": r.trial_aic[M1_TRIAL].iloc[0],
        }
        out.append({"p": power, "sumAIC": r.choices["aic"].iloc[0], M1_TRIAL: effects,
                    "pooled_fixed": {"b": r.pool.estimate, "V": r.pool.cov}})  # fmt: skip
    return out


def _cures(rows):
    out = {}
    for distribution in ("weibullPH", "lnorm", "llogis"):
        for kind in ("mixture", "nonmixture"):
            r = mo.survival.cure_model(rows, control=0, kind=kind, distribution=distribution)
            names = [n.removeprefix("log ") for n in r.names]
            names = [{"logit cured": "theta", "treatment": "arm"}.get(n, n) for n in names]
            out[f"{distribution} {kind}"] = {"coef": dict(zip(names, r.estimate, strict=True)),
                                             "se": dict(zip(names, r.se, strict=True))} | _fit(r)  # fmt: skip
    return out
