"""What pooling by subgroup returns: each subgroup, the whole, and the test between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.caution import Caution, named
from ....base.check import Labels, confidence_level
from ....base.columns import limits
from ....base.digits import p_said, plain, plain_statistic, statistic_said
from ....base.labels import alike
from ....base.result import Provenance, Result, Text
from ....errors import OptionError
from ...methods.heterogeneity import tau2_interval
from ...methods.narrower import is_fragile
from ...results.cautions import writes_alike
from ...results.pooled import PooledResult
from ..inverse_variance.result import MetaResult
from . import overlap, rcode
from .between import one_tau2
from .rows import indicators, rows_of
from .whole import MIXED, is_mixed, made_of, why_not_summed
from .wording import F_TEST, FRAGILE, KNOWN, UNTOLD, of_counts

TEST = (
    *("f_between", "f_between_df", "f_between_p", "f_between_scale", "f_floor", "f_floor_p"),
    *("q_between", "q_between_df", "q_between_p"),
)
BETWEEN = (*TEST, "stated_test", "stated_p", "beside_p")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SubgroupResult(Result):
    """Pooled effects of subgroups.

    Attributes
    ----------
    groups
        Level -> its pooled result, in order of first appearance.
    overall
        All trials together: whole ones, where rows are subgroups of the same trials, as far as they are reported or can
        be summed. Where levels of a trial share patients, such as all and mutant, it rests on the rows in which no
        patient stands twice: the whole, or the level that holds the others.
    by
        Column that holds the levels.
    f_between, f_between_df, f_between_p
        Test that all subgroups have one effect: Knapp and Hartung's F in the model with one mean a subgroup and one
        tau², with `q_between_df` and k - G (`f_between_df`) degrees of freedom. Of pools of counts it takes log odds
        or log rates with 1/2 added to each cell. NaN where chi-square is the test, as of a common effect with normal
        intervals, or nothing better is known, as of multilevel pools; and where effects within subgroups are equal.
    f_between_scale
        s², by which F is scaled: below 1 where effects agree better than their variances allow.
    f_floor, f_floor_p
        The same test with s² at least 1, so that it cannot be large by effects that agree by chance; conservative.
    q_between, q_between_df, q_between_p
        The same hypothesis by chi-square of the pooled estimates weighted by 1/se², as R's meta prints it. With few
        trials its p is too small, unless effects are common (docs/test_sizes.md). Q and p are NaN where an estimate is
        infinite or certain, and of Bayesian pools.
    common_tau2
        Whether tau² is one for all subgroups.
    places
        Level -> where each of its rows stands in the table that was pooled, from 0.
    pooled
        Level -> whether each of its rows is in `overall`.
    independent
        Whether no two levels share patients, as the test between them takes it.
    """

    groups: Mapping[str, PooledResult]
    overall: PooledResult
    by: str
    q_between: float
    q_between_df: int
    q_between_p: float
    f_between: float
    f_between_df: float
    f_between_p: float
    f_between_scale: float
    f_floor: float
    f_floor_p: float
    common_tau2: bool
    places: Mapping[str, tuple[int, ...]]
    pooled: Mapping[str, tuple[bool, ...]]
    independent: bool
    provenance: Provenance

    @property
    def rows(self) -> pd.DataFrame:
        """The rows of all subgroups in the order of the table: level, label, number in it, and unit, their trial."""
        return rows_of(self.groups, self.places)

    @property
    def labels(self) -> Labels:
        """Labels of these rows."""
        return Labels(self.rows["label"], self.rows["number"].tolist())

    @property
    def row_units(self) -> tuple[str, ...]:
        """The trial that each row of `rows` is of."""
        return tuple(self.rows["unit"])

    def refit(self, rows: NDArray[np.bool_]) -> SubgroupResult:
        """Return the subgroups of some of the rows, flagged in the order of `rows`, by the same models and options.

        The pool of all is made of trials as it is here.
        """
        from .refit import refit

        return refit(self, rows)

    def estimates(self, level: float | None = None) -> pd.DataFrame:
        """Return each subgroup and all, one row each; the test between subgroups stands in the row of all."""
        parts = {**self.groups, self.overall_name: self.overall}
        table = pd.concat([r.estimates(level) for r in parts.values()]).set_index(pd.Index(parts, name="subgroup"))
        several = len(self.groups) > 1
        for name in BETWEEN:
            empty, value = "" if name == "stated_test" else np.nan, getattr(self, name)
            table[name] = [empty] * len(self.groups) + [value if several else empty]
        return table

    @property
    def r_estimate(self) -> str:
        """R expression of the first test between subgroups, once ``r_code`` has run: value, two df and p."""
        named = {"F": "res", "F floor": "floor"}.get(self.stated_test, "")
        if named:
            return f"c({named}$QM, {named}$QMdf, {named}$QMp)"
        return "c(q, df, NA, pchisq(q, df, lower.tail = FALSE))" if self.stated_test else "c(NA, NA, NA, NA)"

    @property
    def overlapping(self) -> bool:
        """Whether levels hold each other, so that the pool of all leaves rows out."""
        return not all(all(rows) for rows in self.pooled.values())

    @property
    def overall_name(self) -> str:
        """Name of the pool of all in tables: ``overall``, or another where a level has that name."""
        return next(name for name in ("overall", "overall pool", "pool of all subgroups") if name not in self.groups)

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of each subgroup and, of two trials or more, of all at another level, one row each."""
        found = {name: r.confidence_interval(level, transform=transform) for name, r in self._parts().items()}
        return limits(zip(*found.values(), strict=True), pd.Index(found, name="subgroup"))

    def _parts(self) -> dict[str, PooledResult]:
        return {**self.groups, **({self.overall_name: self.overall} if self.overall.trials > 1 else {})}

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return the rows of each subgroup and, of two trials or more, the overall one."""
        parts = [r.tidy(transform=transform).assign(subgroup=level) for level, r in self.groups.items()]
        if self.overall.trials > 1:
            whole = self.overall.tidy(transform=transform)
            parts.append(whole[whole["type"] == "summary"].assign(subgroup=self.overall_name))
        rows = pd.concat(parts, ignore_index=True)
        return rows[["subgroup", *[c for c in rows.columns if c != "subgroup"]]]

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row a subgroup and one for all, with the test between subgroups."""
        parts = [*self.groups.items(), (self.overall_name, self.overall)]
        test = {name: getattr(self, name) for name in TEST}
        return [{"subgroup": level, **row, **test} for level, r in parts for row in r._glance()]

    def _cautions(self) -> list[Caution]:
        found = []
        for level, part in self.groups.items():
            found += named(f"subgroup {level}", part.cautions)
        found += named(self.overall_name, self.overall.cautions if self.overall.trials > 1 else ())
        if self.overall.trials > 1 and is_mixed(self.overall, self.by):
            text = MIXED.format(k=self.overall.k, trials=self.overall.trials)
            found.append(Caution(text=text + why_not_summed(self.overall, self.by)))
        if self.stated_test == "Q" and not self._effects_are_common:
            rows = sum(part.k for part in self.groups.values())
            found.append(Caution(text=UNTOLD if rows == len(self.groups) else KNOWN))
        return found

    def _advice(self) -> list[str]:
        found = overlap.advice_of(self.by, self.rows, self.places, self.pooled, self.provenance.cautions)
        return found + writes_alike(self.by, alike(self.groups))

    @property
    def _effects_are_common(self) -> bool:
        return self.overall.is_common or self.overall.provenance.settings.get("tau2") is not None

    @property
    def whole_trials(self) -> tuple[list[str], list[str]]:
        """The trials that the pool of all takes whole: those as reported, and those summed over their subgroups."""
        return made_of(self.overall, self.by)

    @property
    def stated_test(self) -> str:
        """The test between subgroups to be stated first: ``F``, ``F floor``, ``Q``, or empty where there is none.

        It does not depend on what F comes to, so that its size is the one that was measured; where F `is_fragile`, that
        with s² at least 1 stands beside it.
        """
        if len(self.groups) < 2:
            return ""
        if np.isfinite(self.f_between):
            return "F"
        if np.isfinite(self.f_floor):
            return "F floor"
        return "Q" if np.isfinite(self.q_between) else ""

    @property
    def is_fragile(self) -> bool:
        """Whether F may be large by effects that agree by chance, so that it stands beside that with s² at least 1."""
        return self.stated_test == "F" and is_fragile(
            self.f_between_scale, self.q_between_df, self.f_between_df, self.overall.level
        )

    @property
    def stated_p(self) -> float:
        """The p-value of ``stated_test``."""
        found = {"F": self.f_between_p, "F floor": self.f_floor_p, "Q": self.q_between_p}
        return found.get(self.stated_test, np.nan)

    @property
    def beside_p(self) -> float:
        """The p-value with s² at least 1, which stands beside ``stated_p`` where F `is_fragile`; otherwise NaN."""
        return self.f_floor_p if self.is_fragile else np.nan

    def r_code(self) -> Text:
        """Return the R scripts of all subgroups and the whole, and the tests between subgroups."""
        parts = [rcode.Part(f"{self.by}: {name}", str(r.r_code()), r.r_estimate) for name, r in self.groups.items()]
        tested = len(self.groups) > 1 and bool(np.isfinite(self.q_between))
        return Text(rcode.script(parts, str(self.overall.r_code()), tested, self._f_test()))

    def _f_test(self) -> str:
        if not np.isfinite(self.f_floor):
            return ""
        parts = [(level, r, r.compared) for level, r in self.groups.items()]
        m, how = one_tau2(self.groups.values(), self.overall), self.overall.compared
        assert m is not None
        assert how is not None  # as there is a test
        data: dict[str, Iterable[Any]] = {
            "study": [label for _, r, _ in parts for label in r.studies.labels],
            "yi": np.concatenate([c.yi for _, _, c in parts if c is not None]),
            "vi": np.concatenate([c.vi for _, _, c in parts if c is not None]),
            "subgroup": [level for level, r, _ in parts for _ in range(r.k)],
        }
        pools_counts = self.overall.model_facts.pools_counts
        return rcode.f_test(data, how.method, m.tau2, how.tau2 is not None, pools_counts, self.stated_test == "F")

    def _lines(self) -> list[str]:
        lines = []
        once = ", no patient twice" if self.overlapping else ""
        parts = [(f"{self.by}: {level}", r) for level, r in self.groups.items()]
        whole = [(f"{self.overall_name}{once}", self.overall)] if self.overall.trials > 1 else []
        for title, r in [*parts, *whole]:
            lines += [title, *(f"  {line}" for line in r._summary(()).splitlines()), ""]
        return [*lines, *self._tests()]

    @property
    def test_line(self) -> str:
        """The test between subgroups to be stated first, in one line."""
        return self._tests()[0].removeprefix("Between subgroups").removeprefix(": ").strip()

    def _tests(self) -> list[str]:
        if not (self.independent and self.stated_test):
            return [f"Between subgroups: no test{'' if self.independent else ', as levels share patients'}"]
        q = statistic_said("Q", self.q_between, self.q_between_df, self.q_between_p)
        if self.stated_test == "Q":
            return [f"Between subgroups: {q}"]
        f, floor = self._f_said(self.f_between, self.f_between_p), self._f_said(self.f_floor, self.f_floor_p)
        line, of = f"Between subgroups ({F_TEST}{of_counts(self.overall)}", ", its scale at least 1"
        if self.stated_test == "F floor":
            line += f"{of}, as effects within them are equal): {floor}"
        elif self.is_fragile:
            line += f"{of}): {floor}; by its own scale of {plain(self.f_between_scale)}, {f}, but {FRAGILE}"
        else:
            line += f"): {f}"
        small = ", too small a p with few trials" if self.q_between_p < self.stated_p else ""
        known = f"  chi-square of the pooled effects, as R's meta prints it{small}: {q}"
        return [line, *[known] * bool(np.isfinite(self.q_between))]

    def _f_said(self, f: float, p: float) -> str:
        return f"F {plain_statistic(f)} ({self.q_between_df}, {plain(self.f_between_df)} df), {p_said(p)}"

    def tau2_ci(self, method: str = "QP", level: float | None = None) -> tuple[float, float]:
        """Return a confidence interval of the common tau²: ``QP``, or ``PL`` of a result of REML or ML.

        Raises
        ------
        OptionError
            When subgroups have a tau² each; theirs are asked of ``groups[level].tau2_ci()``.
        """
        if not self.common_tau2 or not isinstance(self.overall, MetaResult):
            raise OptionError("the subgroups have a tau² each: ask groups[level].tau2_ci(), or set common_tau2=True.")
        level = self.overall.level if level is None else confidence_level(level)
        s, tau2 = self.overall.studies, next(iter(self.groups.values())).tau2
        x = indicators(s.data[self.by], list(self.groups))
        return tau2_interval(method, self.overall.method, s.yi, s.vi, x, tau2, level)
