"""Run the R scripts that results write, and pin what R says: python tests/reference/r_scripts.py

Each script is run as it stands, with a line added that writes its numbers; script and numbers go to r_scripts.json.
"""

import json
import subprocess
import tempfile
import warnings
from pathlib import Path

import metaonc as mo
from metaonc.analysis.methods.intervals import CI_METHODS, PREDICTION_METHODS
from metaonc.analysis.methods.tau2 import TAU2_METHODS

ARMS = {
    "trial": ["sotorasib", "adagrasib", 'divarasib "once daily"', "garsorasib", "fulzerasib", "glecirasib"],
    "x": [46, 48, 31, 61, 57, 56],
    "n": [124, 112, 58, 123, 116, 117],
}
HAZARDS = {"trial": ["LOGS", "MILO"], "hr": [0.48, 1.21], "lo": [0.36, 0.79], "hi": [0.64, 1.86]}
TABLES = {"trial": list("ABCD"), "a": [3, 5, 1, 9], "na": [30, 31, 28, 40], "c": [6, 7, 4, 10], "nc": [30, 29, 30, 41]}
TWO_ARMS = {"events_t": "a", "n_t": "na", "events_c": "c", "n_c": "nc", "study": "trial"}
HALVES = {
    "trial": [*"ABCD", *"ABCD"],
    "kras": ["mut"] * 4 + ["wt"] * 4,
    "vi": [0.1, 0.08, 0.2, 0.15, 0.06, 0.1, 0.12, 0.3],
}
HARDLY_VARYING = {  # full steps of R's Fisher scoring swing about this small tau² without end
    "yi": [-0.226, -0.072, -0.179, -0.307, -0.128, 0.061, -0.011, -0.341, -0.453, -0.325, -0.192, -0.665, -0.244,
           -0.449, -0.346, -0.309, -0.263, -0.118],
    "vi": [0.0212, 0.0704, 0.0682, 0.0654, 0.0445, 0.0997, 0.0983, 0.0717, 0.0685, 0.072, 0.045, 0.0222, 0.0749, 0.0573,
           0.0379, 0.0537, 0.0901, 0.0941],
}  # fmt: skip
HERE = Path(__file__).parent
LIMITS = "estimate = limits[['estimate']], ci_low = limits[['ci_low']], ci_high = limits[['ci_high']], "
PREDICTED = "prediction_low = limits[['prediction_low']], prediction_high = limits[['prediction_high']]"
FIELDS = {
    "inverse variance": LIMITS + "se = res$se, statistic = res$zval, p_value = res$pval, tau2 = res$tau2, "
    "i2 = res$I2, q = res$QE",
    "own limits": LIMITS + "se = own$se, tau2 = res$tau2, i2 = res$I2, q = res$QE",
    "glmm": LIMITS + "se = res$se, tau2 = res$tau2, q_lrt = res$QE.LRT",
    "common": "estimate = c(res$beta), se = res$se, ci_low = res$ci.lb, ci_high = res$ci.ub, statistic = res$zval, "
    "p_value = res$pval, q = res$QE, i2 = res$I2",
    "regression": "tau2 = res$tau2, i2 = res$I2, q = res$QE, q_model = res$QM, q_model_p = res$QMp",
    "regression own": "tau2 = res$tau2, i2 = res$I2, q = res$QE, q_model = f, ci_low = own$ci.lb, ci_high = own$ci.ub",
    "exact": "estimate = qlogis(.Last.test$estimate), ci_low = qlogis(.Last.test$conf.int[1]), "
    "ci_high = qlogis(.Last.test$conf.int[2])",
}
# a label that would end a comment or a string, if it could
HOSTILE = 'A"\\\nstop("out of the string")\r\u2028# \tB'


def results():
    """Return a result of each kind whose script R can run here, by name."""
    es = mo.effect_sizes(ARMS, measure="PLO", events="x", n="n")
    hr = mo.effect_sizes(HAZARDS, measure="HR", hr="hr", ci_low="lo", ci_high="hi")
    out = {f"pool {method}": mo.pool(es, study="trial", method=method, ci="wald") for method in TAU2_METHODS}
    for ci in (code for code in CI_METHODS if code != "HC"):
        out[f"pool {ci}"] = mo.pool(es, study="trial", ci=ci, level=0.9)
    out["pool HC"] = mo.pool(es, study="trial", method="DL", ci="HC")
    agree = {"trial": list("ABCD"), "yi": [-0.21, -0.34, -0.28, -0.3], "vi": [0.04, 0.09, 0.06, 0.2]}
    out["pool HC of trials that agree"] = mo.pool(agree, study="trial", method="DL", ci="HC", level=0.99)
    for prediction in PREDICTION_METHODS:
        out[f"pool predicted {prediction}"] = mo.pool(es, study="trial", prediction=prediction)
    out["pool HC predicted"] = mo.pool(es, study="trial", method="DL", ci="HC", prediction="t")
    out["pool KR predicted"] = mo.pool(es, study="trial", ci="KR", prediction="KR", level=0.8)
    out["pool t predicted HK"] = mo.pool(es, study="trial", method="PM", ci="t", prediction="HK", level=0.8)
    out["pool tau2"] = mo.pool(es, study="trial", tau2=0.1, ci="wald")
    out["pool tau2 CE"] = mo.pool(es, study="trial", tau2=0.1, method="CE", prediction="wald")
    out["pool GENQ"] = mo.pool(es.assign(a=[3, 1, 2, 5, 1, 4]), study="trial", method="GENQ", weights="a", ci="t")
    out["pool hostile"] = mo.pool({"trial": [HOSTILE, "B"], "yi": [0.1, 0.4], "vi": [0.04, 0.1]}, study="trial")
    out["pool hardly varying"] = mo.pool(HARDLY_VARYING)
    out["pool hazard ratios"] = mo.pool(hr, study="trial")
    out["pool one trial"] = mo.pool({"yi": [0.3], "vi": [0.04]})
    out["glmm wald"] = mo.pool_glmm(ARMS, events="x", n="n", study="trial")
    out["glmm t"] = mo.pool_glmm(ARMS, events="x", n="n", study="trial", ci="t", level=0.9)
    out["glmm predicted"] = mo.pool_glmm(ARMS, events="x", n="n", study="trial", ci="t", prediction="wald")
    out["glmm exact"] = mo.pool_glmm({"x": [0, 0], "n": [9, 12]}, events="x", n="n")
    for measure in ("OR", "RR", "RD"):
        out[f"common {measure}"] = mo.pool_mantel_haenszel(TABLES, measure=measure, **TWO_ARMS)
    out["common Peto"] = mo.pool_peto(TABLES, **TWO_ARMS)
    weeks = mo.effect_sizes({**ARMS, "dose": [1, 2, 2, 3, 1, 3]}, measure="PLO", events="x", n="n")
    out["regression HKSJ"] = mo.regress(weeks, "~ dose", study="trial")
    out["regression KR"] = mo.regress(weeks, "~ dose", study="trial", ci="KR")
    out["regression wald"] = mo.regress(weeks, "~ C(dose)", study="trial", method="DL", ci="wald")
    halves = {**HALVES, "yi": [0.1, 0.5, -0.2, 0.4, -0.5, -0.4, -0.9, 0.1]}
    out["interaction"] = mo.interaction(halves, study="trial", by="kras", contrast=("mut", "wt"))
    return out


def kind(name):
    if name.startswith(("pool HC", "pool KR")):
        return "own limits"
    if name == "regression KR":
        return "regression own"
    if name.startswith(("common", "regression")):
        return name.split()[0]
    return "exact" if name == "glmm exact" else "glmm" if name.startswith("glmm") else "inverse variance"


def run(script, fields, folder):
    """Run a script with a last line that writes the fields, those of a prediction interval too, and return them."""
    file, out = Path(folder) / "script.R", Path(folder) / "out.json"
    last = script.rpartition("limits <- c(estimate")[2]  # of subgroups the pool of all
    if "prediction_low = c(" in last and "prediction_low" not in fields and "permutest(" not in script:
        fields += f", {PREDICTED}"
    # the exact script ends in its test, whose value is R's last one
    script = script.replace("\nbinom.test(", "\n.Last.test <- binom.test(") + (
        f'\njsonlite::write_json(list({fields}), "{out}", digits = I(17), auto_unbox = TRUE, na = "string")\n'
    )
    file.write_text(script, encoding="utf-8")
    subprocess.run(["Rscript", str(file)], check=True, capture_output=True)
    said = json.loads(out.read_text(encoding="utf-8"))
    return {field: value for field, value in said.items() if value != {}}  # NULL: a common effect has no prediction


def main():
    """Write r_scripts.json."""
    pinned = {}
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        for name, result in results().items():
            script = str(result.r_code())
            pinned[name] = {"script": script, "r": run(script, FIELDS[kind(name)], folder)}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(pinned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
