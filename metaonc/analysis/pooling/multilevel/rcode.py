"""The R script of a multilevel pool, and of its cluster-robust test."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....base.digits import in_percent
from ...numeric.mixed_model import R_CONTROL
from ...results.rtext import data_frame, vector
from ...results.studies import Studies
from ..moderators.design import Design
from ..moderators.rcode import legend, mods

TESTS = {"wald": 'test = "z"', "t": 'test = "t"', "contain": 'dfs = "contain"'}  # of metafor; robust ones begin at z


def script(
    studies: Studies,
    levels: Sequence[str],
    crossed: Sequence[str],
    *,
    method: str,
    ci: str,
    level: float,
    cluster: str | None,
    bias_reduced: bool,
    free: NDArray[np.bool_],
    design: Design | None = None,
) -> str:
    """Return the script.

    Parameters
    ----------
    studies, levels, crossed
        The rows, and the columns of the nested and of the crossed units.
    method, ci, level
        Of the pool.
    cluster, bias_reduced
        Column of the clusters of a robust result, None without, and whether it is that of clubSandwich.
    free
        Which variance components are estimated; R is told that the others are 0.
    design
        Of a regression, as data, so that codings cannot differ; None of a pool.
    """
    data, columns = studies.data, {"study": studies.labels, "yi": studies.yi, "vi": studies.vi}
    names = [f"level{i + 1}" for i in range(len(levels))]
    nested: dict[str, Iterable[Any]] = {n: data[c].astype(str) for n, c in zip(names, levels, strict=True)}
    outer = data[levels[0]].astype(str)
    aside = {f"crossed{i + 1}": outer + " / " + data[c].astype(str) for i, c in enumerate(crossed)}
    effects = ", ".join([f"~ 1 | {'/'.join(names)}", *(f"~ 1 | {name}" for name in aside)])
    x = {} if design is None else {f"x{i}": column for i, column in enumerate(design.x.T)}
    fixed = "" if free.all() else f" sigma2 = c({', '.join('NA' if own else '0' for own in free)}),"
    lines = [
        "library(metafor)", *legend(design), data_frame("dat", {**columns, **x, **nested, **aside}),
        f"res <- rma.mv(yi, vi{mods(design)},{fixed} random = {f'list({effects})' if aside else effects}, "
        "data = dat, slab = study,",
        f'              method = "{method}", {TESTS.get(ci, TESTS["wald"])}, level = {in_percent(level)},',
        f"              control = {R_CONTROL})",
    ]  # fmt: skip
    if cluster is not None:
        lines.append(f"cluster <- {vector(data[cluster].astype(str))}")
        lines += ["# needs the package clubSandwich"] if bias_reduced else []
        lines.append(f"res <- robust(res, cluster = cluster{', clubSandwich = TRUE' if bias_reduced else ''})")
    ends = ["print(res, digits = 8)", *["predict(res, digits = 8)"] * (design is None)]
    return "\n".join([*lines, *ends])
