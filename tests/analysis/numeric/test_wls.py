"""Traces of weighted least squares, beside the same in fractions."""

from fractions import Fraction

import numpy as np
import pytest

import metaonc as mo
from metaonc.analysis.numeric import wls

X = np.array([[1, 0.0], [1, 1], [1, 1], [1, 0], [1, 2.5]])
V = np.array([0.7, 2.0, 1.0, 5.0, 3.0])


def exact(v, x, d):
    """Return tr(P D P D) in fractions, of one or two columns."""
    w, rows = [1 / Fraction(a) for a in v.tolist()], [[Fraction(a) for a in row] for row in x.tolist()]
    k, p = x.shape
    gram = [[sum(w[i] * rows[i][a] * rows[i][b] for i in range(k)) for b in range(p)] for a in range(p)]
    if p == 1:
        inverse = [[1 / gram[0][0]]]
    else:
        det = gram[0][0] * gram[1][1] - gram[0][1] ** 2
        inverse = [[gram[1][1] / det, -gram[0][1] / det], [-gram[0][1] / det, gram[0][0] / det]]

    def entry(i, j):
        inner = sum(rows[i][a] * inverse[a][b] * rows[j][b] for a in range(p) for b in range(p))
        return w[i] * (i == j) - w[i] * w[j] * inner

    pairs = ((i, j) for i in range(k) for j in range(k))
    return float(sum(entry(i, j) ** 2 * Fraction(d[i]) * Fraction(d[j]) for i, j in pairs))


@pytest.mark.parametrize("small", [1.0, 1e-4, 1e-8, 1e-11])
@pytest.mark.parametrize("columns", [1, 2])
def test_traces_keep_their_digits_where_one_weight_is_far_above_the_others(small, columns):
    v, x = V.copy(), X[:, :columns]
    v[2] = small
    f = wls.fit(1 / v, np.arange(5.0), None if columns == 1 else x)
    for d in (np.ones(5), v, v + 0.7):
        np.testing.assert_allclose(wls.trace2_of(f, d), exact(v, x, d.tolist()), rtol=1e-9)


def test_traces_of_a_batch_are_those_of_each():
    v = np.array([V, V[::-1], np.where(V > 4, np.inf, V)])
    for x in (None, X):
        several = wls.trace2_of(wls.fit(1 / v, np.zeros(5), x))
        np.testing.assert_allclose(several, [wls.trace2_of(wls.fit(1 / row, np.zeros(5), x)) for row in v], rtol=1e-12)


def test_the_standard_error_of_tau2_and_kenward_roger_of_it():
    """tr(PP) in fractions at the estimate; Kenward and Roger's degrees of freedom are made of the same trace."""
    table = {"yi": [0.3, -0.4, 0.9, 0.1, 0.5], "vi": [1e-9, 2.0, 1.0, 5.0, 3.0]}
    r = mo.pool(table)
    trace = exact(np.array(table["vi"]) + r.tau2, np.ones((5, 1)), [1] * 5)
    np.testing.assert_allclose(r.se_tau2, np.sqrt(2 / trace), rtol=1e-9)
    kr = mo.pool(table, ci="KR")
    assert np.isfinite([kr.se, kr.df]).all()
    assert kr.se >= 1 / np.sqrt((1 / (np.array(table["vi"]) + r.tau2)).sum())


@pytest.mark.parametrize("p", [2, 3, 4])
@pytest.mark.parametrize("spread", [0.5, 3.0])
def test_many_weights_of_one_design_give_what_each_gives_alone(p, spread):
    rng = np.random.default_rng(p)
    x, y = rng.normal(size=(5, 9, p)), rng.normal(size=(5, 9))
    w = np.exp(rng.normal(0, spread, (5, 7, 9)))
    together = wls.fit(w, np.broadcast_to(y[:, None], w.shape), x[:, None])
    for i, j in np.ndindex(5, 7):
        root = np.sqrt(w[i, j])
        q, triangle = np.linalg.qr(root[:, None] * x[i])
        np.testing.assert_allclose(together.beta[i, j], np.linalg.solve(triangle, q.T @ (root * y[i])), rtol=1e-8)
        back = np.linalg.inv(triangle)
        np.testing.assert_allclose(together.cov[i, j], back @ back.T, rtol=1e-8)
