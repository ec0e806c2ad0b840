"""How often the tests between subgroups reject at 5 % where subgroups do not differ.

    python tests/benchmarks/sizes.py [--repeats 20000] [--seed 1]

Each cell is a simulation in batches of the package's own kernels; the table goes to docs/test_sizes.md. Sampling
variances are uniform from 0.01 to 0.12, trials have 20 to 120 patients (of two arms: each), rates are 30 %. With
`--through` pools of counts go through ``pool_subgroups`` itself as well, which takes minutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

import metaonc as mo
from metaonc.analysis.effects.measures import MEASURES
from metaonc.analysis.effects.zeros import correct
from metaonc.analysis.methods.tau2 import TAU2_METHODS
from metaonc.analysis.numeric import wls
from metaonc.analysis.numeric.distributions import chi2_p, f_p
from metaonc.analysis.numeric.normal_likelihood import weights
from metaonc.analysis.pooling.subgroups.between import OneTau2, f_test

Floats = Any
TAUS = (0.0, 0.2)
SIZES = (2, 3, 5)


def effects(rng: np.random.Generator, repeats: int, k: int, tau: float) -> tuple[Floats, Floats]:
    """Return normal effects and their variances, (repeats, 2 k), the first k of one subgroup."""
    v = rng.uniform(0.01, 0.12, (repeats, 2 * k))
    return rng.normal(0.0, np.sqrt(v + tau**2)), v


def rates(rng: np.random.Generator, repeats: int, k: int, tau: float) -> tuple[Floats, Floats]:
    """Return log odds of one arm, 1/2 added to each cell, and their variances."""
    n = rng.integers(20, 121, (repeats, 2 * k))
    x = rng.binomial(n, special.expit(special.logit(0.3) + tau * rng.normal(size=n.shape)))
    return _from_counts("PLO", events=x, n=n)


def odds_ratios(rng: np.random.Generator, repeats: int, k: int, tau: float) -> tuple[Floats, Floats]:
    """Return log odds ratios, 1/2 added to each cell, and their variances."""
    n = rng.integers(20, 121, (repeats, 2 * k))
    effect = -0.3 + tau * rng.normal(size=n.shape)
    x = rng.binomial(n, special.expit(special.logit(0.3) + effect))
    return _from_counts("OR", events_t=x, n_t=n, events_c=rng.binomial(n, 0.3), n_c=n)


def _from_counts(measure: str, **counts: Floats) -> tuple[Floats, Floats]:
    shape = next(iter(counts.values())).shape
    flat = {role: np.asarray(x, dtype=float).ravel() for role, x in counts.items()}
    compute = MEASURES[measure].compute
    assert compute is not None
    y, v = compute(correct(flat, 0.5, "all")[0])
    return y.reshape(shape), v.reshape(shape)


def chi_square(y: Floats, v: Floats, k: int, scaled: bool) -> Floats:
    """Return p of chi-square of subgroups with a tau² each, by Hartung and Knapp's standard errors or Wald's."""
    parts = []
    for rows in (slice(0, k), slice(k, 2 * k)):
        f = wls.fit(weights(v[:, rows], TAU2_METHODS["REML"].estimate(y[:, rows], v[:, rows], None)), y[:, rows])
        parts.append((f.beta, f.cov * (wls.q(f) / (k - 1) if scaled else 1.0)))
    (a, va), (b, vb) = parts
    return chi2_p((a - b) ** 2 / (va + vb), 1)


def one_tau2(y: Floats, v: Floats, k: int, floor: bool) -> Floats:
    """Return p of Knapp and Hartung's F, with the scale as it is or at least 1."""
    x = np.repeat(np.eye(2), k, axis=0)
    f = wls.fit(weights(v, TAU2_METHODS["REML"].estimate(y, v, x)), y, x)
    scale = wls.q(f) / (2 * k - 2)
    variance = np.diagonal(f.cov, axis1=-2, axis2=-1).sum(-1)
    with np.errstate(invalid="ignore"):  # all effects alike: no F, and no rejection
        statistic = (f.beta[:, 1] - f.beta[:, 0]) ** 2 / variance / (np.maximum(scale, 1.0) if floor else scale)
    _same_as_the_package(f, scale, statistic, k, floor)
    return f_p(statistic, 1, 2 * k - 2)


def _same_as_the_package(f: wls.Fit, scale: Floats, statistic: Floats, k: int, floor: bool) -> None:
    """Refuse a batch whose first analysis is not what the package says of it."""
    own = f_test(OneTau2(f.beta[0], np.diag(f.cov[0]), float(scale[0]), 2 * k - 2, 0.0))
    np.testing.assert_allclose(own.floor if floor else own.f, statistic[0], rtol=1e-10)


def through_the_package(rng: np.random.Generator, repeats: int, k: int, tau: float) -> tuple[float, float]:
    """Return how often the first test and chi-square of ``pool_subgroups(using=pool_glmm)`` reject at 5 %."""
    groups, first, chi = ["a"] * k + ["b"] * k, [], []
    for _ in range(repeats):
        n = rng.integers(20, 121, 2 * k)
        x = rng.binomial(n, special.expit(special.logit(0.3) + tau * rng.normal(size=2 * k)))
        r = mo.pool_subgroups({"x": x, "n": n, "g": groups}, by="g", using=mo.pool_glmm, events="x", n="n")
        first.append(r.f_between_p < 0.05)
        chi.append(r.q_between_p < 0.05)
    return float(np.mean(first)), float(np.mean(chi))


ROWS: dict[str, tuple[Callable[..., tuple[Floats, Floats]], Callable[..., Floats], bool]] = {
    "effects: F, one tau² (stated first)": (effects, one_tau2, False),
    "effects: F with the scale at least 1": (effects, one_tau2, True),
    "effects: chi-square, Hartung-Knapp (R's meta)": (effects, chi_square, True),
    "effects: chi-square, Wald": (effects, chi_square, False),
    "response rates: F on log odds (stated first)": (rates, one_tau2, False),
    "odds ratios: F on log odds ratios (stated first)": (odds_ratios, one_tau2, False),
}


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--through", type=int, default=0, help="repeats by pool_subgroups(using=pool_glmm) itself")
    asked = parser.parse_args()
    cells = [(k, tau) for k in SIZES for tau in TAUS]
    print("| test | " + " | ".join(f"{k} + {k}, τ {tau:g}" for k, tau in cells) + " |")
    print("|---" * (len(cells) + 1) + "|")
    for name, (draw, test, option) in ROWS.items():
        sizes = []
        for k, tau in cells:
            rng = np.random.default_rng([asked.seed, k, int(10 * tau)])
            y, v = draw(rng, asked.repeats, k, tau)
            sizes.append((test(y, v, k, option) < 0.05).mean())
        print(f"| {name} | " + " | ".join(f"{size:.3f}" for size in sizes) + " |", flush=True)
    if asked.through:
        rng = np.random.default_rng(asked.seed)
        found = [through_the_package(rng, asked.through, k, tau) for k, tau in cells]
        for name, column in (("F (stated first)", 0), ("chi-square", 1)):
            shown = " | ".join(f"{sizes[column]:.3f}" for sizes in found)
            print(f"| pool_glmm through pool_subgroups: {name} | {shown} |")


if __name__ == "__main__":
    main()
