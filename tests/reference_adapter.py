"""How reference outputs of R are put to metaonc: one function an id, public calls only, renamed and reshaped.

``adapter(folder, stem, given)`` reads ``STEM_input.csv`` of a folder and returns what ``STEM_expected.json`` holds.
"""

import numpy as np
import pandas as pd

import metaonc as mo


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
