"""The R script, data inline, by which a second programmer checks a result with metafor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .regression_result import RegressionResult
    from .results import PooledResult

R_TEST = {"wald": "z", "t": "t", "HKSJ": "knha", "HKSJ-adhoc": "adhoc", "HC": "z"}
# metafor stops its iterations early by default; with these it arrives at the same digits
CONTROL = {"PM": "list(tol=1e-12, maxiter=1000)", "PMM": "list(tol=1e-12, maxiter=1000)"}
ITERATED = "list(threshold=1e-12, maxiter=1000)"


def vector(values: Iterable[Any]) -> str:
    """Return values as an R vector, numbers in full precision."""
    return f"c({', '.join(_atom(v) for v in values)})"


def _atom(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(float(value)).removesuffix(".0")


def data_frame(name: str, columns: dict[str, Iterable[Any]]) -> str:
    """Return the R statement that makes a data frame."""
    body = ",\n".join(f"  {column} = {vector(values)}" for column, values in columns.items())
    return f"{name} <- data.frame(\n{body}\n)"


def rma(method: str, ci: str, level: float, extra: str = "") -> str:
    """Return the call of metafor's rma on the data frame ``dat``."""
    control = CONTROL.get(method, ITERATED)
    return (
        f'rma(yi, vi, data = dat, slab = study, method = "{method}", test = "{R_TEST[ci]}", '
        f"level = {100 * level:g}{extra},\n           control = {control})"
    )


def inverse_variance(result: PooledResult) -> str:
    """Return the script of an inverse-variance pool."""
    s = result.studies
    data = data_frame("dat", {"study": s.labels, "yi": s.yi, "vi": s.vi})
    if result.ci == "KR":  # not in metafor
        call = 'metagen(yi, sqrt(vi), studlab = study, data = dat, method.tau = "REML", method.random.ci = "KR",'
        return (
            f"library(meta)\n{data}\nres <- {call}\n               level.ma = {result.level:g})\nprint(res, digits = 6)"
        )
    given = f", tau2 = {result.tau2!r}" if result.provenance.settings["tau2"] is not None else ""
    if result.method == "GENQ":
        given = f", weights = {vector(s.data[result.provenance.settings['weights']])}"
    lines = [
        "library(metafor)",
        data,
        f"res <- {rma(result.method, result.ci, result.level, given)}",
        *(["hc(res, digits = 6)"] if result.ci == "HC" else ["print(res, digits = 6)", "predict(res, digits = 6)"]),
    ]
    return "\n".join(lines)


def glmm(result: PooledResult, points: int) -> str:
    """Return the script of a binomial-normal model; of an exact interval, R's own."""
    s = result.studies
    xi, ni = (s.data[s.roles[role]] for role in ("events", "n"))
    data = data_frame("dat", {"study": s.labels, "xi": xi, "ni": ni})
    if result.ci == "exact":
        return f"{data}\nbinom.test(sum(dat$xi), sum(dat$ni), conf.level = {result.level:g})"
    lines = [
        "library(metafor)",
        data,
        f'res <- rma.glmm(measure = "PLO", xi = xi, ni = ni, data = dat, slab = study, test = "{R_TEST[result.ci]}",',
        f"                level = {100 * result.level:g}, nAGQ = {points})",
        "print(res, digits = 6)",
        "predict(res, transf = transf.ilogit, digits = 6)",
    ]
    return "\n".join(lines)


def regression(result: RegressionResult) -> str:
    """Return the script of a meta-regression, with the design matrix as data so that codings cannot differ."""
    s, names = result.studies, [f"x{i}" for i in range(result.design.x.shape[1])]
    columns = dict(zip(names, result.design.x.T, strict=True))
    terms = "\n".join(f"# {name}: {term}" for name, term in zip(names, result.design.names, strict=True))
    tested = ", ".join(str(i + 1) for i, name in enumerate(result.design.names) if name != "intercept") or "1"
    moderators = f", mods = ~ {' + '.join(names)} - 1, btt = c({tested})"
    lines = [
        "library(metafor)",
        f"# {result.formula}",
        terms,
        data_frame("dat", {"study": s.labels, "yi": s.yi, "vi": s.vi, **columns}),
        f"res <- {rma(result.method, result.ci, result.level, moderators)}",
        "print(res, digits = 6)",
    ]
    return "\n".join(lines)
