"""Elements of R's fitted objects, and what they are of a result here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribute:
    """Elements of R's fitted objects that have one answer.

    Attributes
    ----------
    names
        As R writes them, or as far as Python lets it: ``TE`` of ``TE.random``.
    here
        Attributes here, the first of those that a result has.
    how
        What else is to be said, or how to get there where no attribute is it.
    """

    names: tuple[str, ...]
    here: tuple[str, ...] = ()
    how: str = ""


def _e(names: str, here: str = "", how: str = "") -> Attribute:
    return Attribute(tuple(names.split()), tuple(here.split()), how)


_COMMON = "of a common effect it is that of a pool with method='CE'"
ATTRIBUTES = (
    _e("b beta coef coefficients", "estimate coefficients"),
    _e("TE TE.random TE.fixed TE.common", "estimate", f"{_COMMON}, of the trials studies.yi"),
    _e("se seTE seTE.random seTE.fixed seTE.common", "se coefficients"),
    _e("ci.lb lower lower.random lower.fixed lower.common", "ci_low coefficients"),
    _e("ci.ub upper upper.random upper.fixed upper.common", "ci_high coefficients"),
    _e("zval tval statistic.random zval.random", "statistic coefficients"),
    _e("pval pvalue pval.random pval.fixed pval.common", "p_value coefficients"),
    _e("ddf dfs df.random", "df coefficients"),
    _e("I2", "i2"),
    _e("H2 H", "h2"),
    _e("QE Q", "q"),
    _e("QEp pval.Q", "q_p"),
    _e("df.Q", "q_df"),
    _e("QM Q.b.random Q.b.common", "q_model f_between"),
    _e("QMp pval.Q.b.random pval.Q.b.common", "q_model_p f_between_p"),
    _e("R2", "r2"),
    _e("tau", "tau2", "its square root is tau"),
    _e("se.tau2", "se_tau2"),
    _e("pi.lb cr.lb lower.predict", "prediction_low"),
    _e("pi.ub cr.ub upper.predict", "prediction_high"),
    _e("predict", "predict prediction_low", "with prediction_high it is the prediction interval"),
    _e("vb vcov", "covariance cov se"),
    _e("w.random w.fixed w.common", "weights"),
    _e("ll logLik fit.stats", "loglik", "with aic and bic"),
    _e("slab studlab", how="labels are studies.labels"),
    _e("yi vi", how="effects and variances are studies.yi and studies.vi"),
    _e("confint", "confidence_interval", "of tau² it is tau2_ci"),
    _e("forest", how="mo.plot.forest draws it"),
    _e("funnel", how="mo.plot.funnel draws it"),
    _e("plot", how="mo.plot has the figures, such as mo.plot.forest"),
)
