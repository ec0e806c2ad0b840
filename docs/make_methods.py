"""Write methods.md, the tables of measures and methods, from their records: run ``python docs/make_methods.py``."""

from pathlib import Path

from metaonc.analysis.bias.adjusted.trim_fill import ESTIMATORS
from metaonc.analysis.bias.asymmetry.predictors import PREDICTORS
from metaonc.analysis.bias.asymmetry.rank_test import RANK_TESTS
from metaonc.analysis.bias.asymmetry.tests import REGRESSION_TESTS
from metaonc.analysis.bias.significance.fail_safe import METHODS as FAIL_SAFE
from metaonc.analysis.effects.measures import MEASURES
from metaonc.analysis.methods.intervals import CI_METHODS, PREDICTION_METHODS
from metaonc.analysis.methods.tau2 import TAU2_METHODS
from metaonc.report.kinds.bias.trim_fill import REFERENCES as DUVAL_TWEEDIE
from metaonc.report.texts.references import reference_of

PAGE = Path(__file__).with_name("methods.md")
HEAD = """# Measures and methods

Each is one record, from which checks, messages, texts, figures and R scripts take what they say.
This page is written from the records by `make_methods.py`.
"""


def table(title, headers, rows):
    """Return a table with its title."""
    lines = [f"## {title}", "", f"| {' | '.join(headers)} |", f"|{' --- |' * len(headers)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def made_for(record):
    """Return the estimators that an interval is made for."""
    methods = ", ".join(f"`{code}`" for code in record.for_methods) or "all"
    return methods if record.own_limits is None else f"{methods}, in `pool` alone"


def measures():
    """Return a row a measure."""
    return [(f"`{m.code}`", m.label, m.natural, columns(m)) for m in MEASURES.values()]


def columns(measure):
    """Return the columns that an effect is worked out from, and how many other ways there are."""
    named = ", ".join(f"`{r}`" for r in measure.roles) or "`yi`, `vi`"
    others = len(measure.routes) - 1
    return f"{named}; or by {others} other route{'s' * (others > 1)} of `effect_sizes`" if others > 0 else named


def estimators():
    """Return a row an estimator of τ²."""
    return [(f"`{m.code}`", m.label, m.reference, f"`{m.r_method}`" if m.r_method else "not in metafor")
            for m in TAU2_METHODS.values()]  # fmt: skip


def intervals():
    """Return a row a confidence interval."""
    for m in CI_METHODS.values():
        in_r = f'`test = "{m.r_test}"`' if m.r_test else f"`{m.r_function}()`" if m.r_function else "not in metafor"
        own = " (its formulas stand in the script)" if m.r_definition else ""
        yield f"`{m.code}`", m.label, m.reference, made_for(m), in_r + own


def predictions():
    """Return a row a prediction interval."""
    for m in PREDICTION_METHODS.values():
        yield f"`{m.code}`", m.label, "not in the script" if m.own_limits else "in the script"


def asymmetry():
    """Return a row a test of asymmetry."""
    for t in REGRESSION_TESTS.values():
        on = "a choice of `predictor=` and `model=`" if t.any_predictor else t.on or PREDICTORS[t.predictor].label
        model = "mixed model" if t.model == "random" else "least squares"
        measures = ", ".join(f"`{m}`" for m in t.measures) or "all"
        yield f"`{t.code}`", t.label, t.reference, on if t.any_predictor else f"{on}, {model}", measures
    for r in RANK_TESTS.values():
        measures = ", ".join(f"`{m}`" for m in r.measures) or "all"
        yield f"`{r.code}`", r.label, r.reference, "rank correlation", measures


def small_study_predictors():
    """Return a row a predictor of Egger's test."""
    return [(f"`{p.code}`", p.label, "yes" if p.limit else "no") for p in PREDICTORS.values()]


def counted_trials():
    """Return a row a way to count trials that are missing, or would be needed."""
    for e in ESTIMATORS.values():
        yield f"`trim_fill`, `{e.code}`", e.label, "Duval and Tweedie 2000"
    for m in FAIL_SAFE.values():
        asked = [f"{m.asks} `alpha`"] * (not m.by_target) + [f"{m.asks_target} `target`"] * bool(m.asks_target)
        yield f"`fail_safe_n`, `{m.code}`", f"trials without an effect needed {' or '.join(asked)}", m.reference


def references():
    """Return the list of the sources in full."""
    tables = (TAU2_METHODS, CI_METHODS, REGRESSION_TESTS, RANK_TESTS, FAIL_SAFE)
    named = [m.reference for records in tables for m in records.values() if m.reference]
    found = map(reference_of, [*named, *DUVAL_TWEEDIE])
    lines = [f"- {r.text}." + (f" doi:{r.doi}" if r.doi else "") for r in sorted(found, key=lambda r: r.text)]
    return "\n".join(["## Sources", "", *lines])


def page():
    """Return the page."""
    return "\n\n".join([
        HEAD.rstrip(),
        table("Measures: `measure=`", ("code", "analysis scale", "natural scale", "columns"), measures()),
        table("Estimators of τ²: `method=`", ("code", "method", "source", "metafor"), estimators()),
        table("Confidence intervals: `ci=`", ("code", "interval", "source", "for", "in R"), intervals()),
        table("Prediction intervals: `prediction=`", ("code", "interval", "in R"), predictions()),
        table("Tests of asymmetry: `mo.bias`, `test=`", ("code", "test", "source", "on", "measures"), asymmetry()),
        table("Predictors of `mo.bias.egger`: `predictor=`", ("code", "predictor", "effect in the limit"),
              small_study_predictors()),
        table("Trials that are missing, or would be needed", ("by", "what", "source"), counted_trials()),
        references(),
    ]) + "\n"  # fmt: skip


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
