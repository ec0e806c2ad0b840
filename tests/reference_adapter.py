"""How reference outputs of R are put to metaonc: one function an id, public calls only, keys as the references have."""

import pandas as pd

import metaonc as mo

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


def S1(folder, stem, given):
    """Return tests of small-study effects and selection models of effects and variances."""
    return _selection(folder, stem, given)


S2 = S1
