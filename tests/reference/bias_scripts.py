"""Run the R scripts of small-study effects, and pin what R says: (cd tests; python -m reference.bias_scripts)

As r_scripts.py does; script and R's numbers go to bias_scripts.json.
"""

import json
import tempfile
from pathlib import Path

from reference.r_scripts import run

import metaonc as mo

TRIALS = {
    "trial": ["A", 'B "two"', "C", "D", "E", "F", "G"],
    "yi": [-1.42, -1.14, -0.61, -0.76, -0.35, -0.31, -0.18],
    "vi": [0.31, 0.2, 0.14, 0.082, 0.05, 0.031, 0.012],
    "size": [14, 21, 30, 52, 81, 130, 350],
}
ARMS = {
    "trial": list("ABCDE"), "a": [3, 9, 14, 30, 8], "n": [20, 40, 80, 200, 33], "c": [8, 14, 20, 36, 13],
    "m": [20, 41, 78, 204, 31],
}  # fmt: skip
TEST = "statistic = statistic, p_value = p"
LIMIT = f"{TEST}, limit = limit"
TRIMMED = (
    "k0 = filled$k0, k0_se = filled$se.k0, estimate = c(filled$beta), ci_low = limits[['ci_low']], "
    "ci_high = limits[['ci_high']]"
)


def pool(**options):
    """Return a pool of hazard ratios."""
    return mo.pool(TRIALS, study="trial", measure="HR", **options)


def results():
    """Return results by name, each with the R expressions of its numbers."""
    bias, exact = mo.bias, pool(method="DL", ci="wald")
    odds = mo.pool(mo.effect_sizes(ARMS, measure="OR", events_t="a", n_t="n", events_c="c", n_c="m", study="trial"),
                   study="trial")  # fmt: skip
    out = {
        "egger": (bias.egger(pool()), LIMIT),
        "egger on sizes": (bias.egger(pool(), predictor="sqrtni", n="size"), TEST),
        "thompson": (bias.regression_test(pool(), test="thompson"), LIMIT),
        "begg": (bias.begg(pool()), "statistic = test$estimate, p_value = test$p.value"),
        "schwarzer": (bias.rank_test(odds, test="schwarzer"), "statistic = test$estimate, p_value = test$p.value"),
        "trim and fill": (bias.trim_fill(exact), TRIMMED),
        "trim and fill HKSJ": (bias.trim_fill(pool(level=0.9)), TRIMMED),
        "trim and fill KR": (bias.trim_fill(pool(ci="KR", prediction="KR"), estimator="R0"), TRIMMED),
        "PET": (bias.pet_peese(pool(), method="PET"), "estimate = coef(fit)[[1]], ci_low = confint(fit)[1, 1]"),
        "PEESE": (bias.pet_peese(pool(), method="PEESE"), "estimate = coef(fit)[[1]], ci_low = confint(fit)[1, 1]"),
        "limit": (bias.limit_meta_analysis(pool()),
                  "estimate = estimate, se = se, q_residual = q_residual, g2 = g2, limits = limits"),
        "excess": (bias.excess_significance(exact, effect="pooled", alternative="less"),
                   "observed = test$O, expected = test$E, p_value = test$pval"),
    }  # fmt: skip
    for ci in ("wald", "HKSJ", "KR"):
        out[f"mixed {ci}"] = (bias.egger(pool(ci=ci), model="random", predictor="vi"), LIMIT)
    out["mixed DL"] = (bias.egger(exact, model="random", predictor="ninv", n="size"), LIMIT)
    out["mixed given"] = (bias.egger(pool(tau2=0.03, ci="wald"), model="random"), LIMIT)
    for test in ("harbord", "peters", "deeks", "macaskill"):
        out[test] = (bias.regression_test(odds, test=test), LIMIT if test != "macaskill" else TEST)
    for method in ("Rosenthal", "Orwin", "Rosenberg", "General"):
        out[method] = (bias.fail_safe_n(pool(), method=method), "n = n")
    for options in ({}, {"tau2": 0.02}):
        safe = bias.fail_safe_n(pool(**options), method="General", target=0.1)
        out[" ".join(["General, target", *options])] = (safe, "n = n")
    biases = {"bias": [-0.3, 0.1, 0, -0.2, 0, 0.05, 0], "sd": [0.3, 0.2, 0.1, 0.1, 0, 0.05, 0],
              "factor": [1.4, 1, 1.2, 1, 1, 0.9, 1], "factor_sd": [0.3, 0.2, 0.1, 0, 0.1, 0.1, 0]}  # fmt: skip
    names = {"additive": "bias", "additive_sd": "sd", "proportional": "factor", "proportional_sd": "factor_sd"}
    for options in ({"ci": "wald"}, {"method": "DL", "ci": "HKSJ"}, {"tau2": 0.05, "ci": "wald"}):
        believed = mo.pool(TRIALS | biases, study="trial", measure="HR", **options)
        out[" ".join(["bias adjusted", *map(str, options.values())])] = (
            bias.bias_adjusted(believed, **names),
            "estimate = c(res$beta), ci_low = res$ci.lb, ci_high = res$ci.ub",
        )
    return out


def main():
    """Write bias_scripts.json."""
    pinned = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (result, fields) in results().items():
            script = str(result.r_code())
            pinned[name] = {"script": script, "r": run(script, fields, folder)}
    text = json.dumps(pinned, indent=1, ensure_ascii=False)
    (Path(__file__).parent / "bias_scripts.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
