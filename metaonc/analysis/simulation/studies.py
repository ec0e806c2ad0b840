"""study: bias, coverage, size and power of methods of analysis, by simulation."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...base.check import confidence_level, seed_of
from ...base.messages.arguments import known_arguments
from ...base.result import Provenance, versions
from ...errors import OptionError
from .analyses.analysis import Analysis
from .blocks import FAST, SLOW, blocks_of, shown, worked
from .performance import Sums, added, measures
from .result import SimulationResult
from .resume import Partial
from .scenarios.scenario import Scenario
from .simulate import check_number, check_scenario

ABOUT = ("k", "mean", "tau")  # of each scenario, as columns


@known_arguments
def study(
    scenarios: Scenario | Iterable[Scenario],
    analyses: Analysis | Iterable[Analysis],
    *,
    n: int = 1000,
    seed: int | None = None,
    level: float = 0.95,
    block: int | None = None,
    n_jobs: int | None = None,
    resume: str | Path | None = None,
    progress: bool = False,
) -> SimulationResult:
    r"""Simulate meta-analyses in each scenario, and tell how each analysis performs on them.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    scenarios : EffectTrials, ResponseTrials or SurvivalTrials, or several
        What is simulated; `grid` makes many. All analyses see the same simulations.
    analyses : Pool, PoolGlmm, PoolBayes, BetweenSubgroups or WithinTrials, or several
        How each meta-analysis is analysed.
    n : int, default 1000
        Simulated meta-analyses of each scenario. The Monte Carlo standard error of a coverage of 95 % is .007 with
        1000, .002 with 10 000.
    seed : int, optional
        Of all draws; when not given, one is drawn, and the provenance says which. Each block has a seed of its own
        made from it, so that the numbers do not depend on who does the work.
    level : float, default 0.95
        Of the intervals; tests are at 1 - level.
    block : int, optional
        Simulations done, held in memory and written to disk at a time: when not given 5000, or 100 where an analysis
        is fitted one by one.
    n_jobs : int, optional
        Processes of joblib, -1 for as many as there are processors. When not given, those of joblib where it is in
        use, as within ``joblib.parallel_config(backend="dask")``, else this process alone.
    resume : str or Path, optional
        Folder for partial results: what is done is not done again when the same call is made after it was stopped.
    progress : bool, default False
        Whether to show a bar of progress (tqdm).

    Returns
    -------
    SimulationResult
        One row a scenario and analysis: bias, empirical and model-based standard errors, mean squared error, coverage,
        rejections (size where there is no effect, power where there is one), widths, coverage of prediction
        intervals, and the share of failures, each with its Monte Carlo standard error.

    Raises
    ------
    OptionError
        An analysis that is not for a scenario; a folder with a study of other settings; joblib or tqdm that is asked
        for and not installed.
    DataError
        A folder that cannot be used.

    References
    ----------
    Morris, White and Crowther 2019, doi:10.1002/sim.8086.

    Examples
    --------
    >>> import metaonc as mo
    >>> trials = mo.simulation.grid(mo.simulation.EffectTrials, k=[5, 10], tau=[0.2])
    >>> r = mo.simulation.study(trials, mo.simulation.grid(mo.simulation.Pool, ci=["wald", "HKSJ"]), n=2000, seed=1)
    >>> r.table.query("k == 5").set_index("analysis")["coverage"].round(2).to_dict()
    {'REML, wald': 0.9, 'REML, HKSJ': 0.94}
    """
    asked, ways = _several(scenarios, Scenario), _several(analyses, Analysis)
    _check(asked, ways)
    check_number(n)
    confidence_level(level)
    if block is None:
        block = FAST if all(way.is_fast for way in ways) else SLOW
    check_number(block, "block")
    seed = seed_of(seed)
    if n_jobs is not None and (isinstance(n_jobs, bool) or not isinstance(n_jobs, (int, np.integer)) or n_jobs == 0):
        raise OptionError(f"n_jobs={n_jobs!r} must be a number of workers, such as 2, or -1 for all processors.")
    settings = {"scenarios": [_told(s) for s in asked], "analyses": [way.label for way in ways], "n": int(n),
                "seed": int(seed), "level": float(level), "block": int(block)}  # fmt: skip
    found = _done(asked, ways, settings, n_jobs, resume, progress)
    total = len(asked) * int(n)
    return SimulationResult(
        table=_table(asked, ways, found, -(-n // block)),
        level=float(level),
        n=int(n),
        seed=int(seed),
        provenance=Provenance(verb="simulation.study", settings=settings, rows_in=total, rows_used=total),
    )


def _several(given: Any, kind: type) -> list[Any]:
    return [given] if isinstance(given, kind) or not isinstance(given, Iterable) else list(given)


def _check(scenarios: list[Any], analyses: list[Any]) -> None:
    if not scenarios or not analyses:
        raise OptionError("a study needs one scenario and one analysis at least; `grid` makes several.")
    for scenario in scenarios:
        check_scenario(scenario)
    for way in analyses:
        if not isinstance(way, Analysis):
            raise OptionError(
                f"{way!r} is no analysis: give Pool, PoolGlmm, PoolBayes, BetweenSubgroups or WithinTrials of "
                "mo.simulation."
            )
        for scenario in scenarios:
            way.check(scenario)
    for names, what in (([way.label for way in analyses], "analysis"), ([_told(s) for s in scenarios], "scenario")):
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise OptionError(f"the {what} {twice!r} stands in the study more than once; take one of them out.")


def _told(scenario: Scenario) -> str:
    """Return a scenario with all its options, by which it can be made again."""
    told = ", ".join(f"{f.name}={getattr(scenario, f.name)!r}" for f in dataclasses.fields(scenario))
    return f"{type(scenario).__name__}({told})"


def _done(
    scenarios: Sequence[Scenario],
    analyses: Sequence[Analysis],
    settings: dict[str, Any],
    n_jobs: int | None,
    resume: str | Path | None,
    progress: bool,
) -> list[list[Sums]]:
    """Return the sums of each analysis in each block, in the order of the blocks."""
    blocks = blocks_of(len(scenarios), settings["n"], settings["block"])
    partial = Partial(resume, settings | {"versions": versions()}) if resume is not None else None
    found = partial.read(len(analyses)) if partial else {}
    tasks = [
        (b, scenarios[b.scenario], analyses, settings["level"], settings["seed"])
        for b in blocks
        if b.number not in found
    ]
    for number, parts in shown(worked(tasks, n_jobs), len(blocks), len(found), progress):
        if partial:
            partial.write(number, parts)
        found[number] = parts
    return [found[b.number] for b in blocks]


def _table(
    scenarios: Sequence[Scenario], analyses: Sequence[Analysis], found: list[list[Sums]], each: int
) -> pd.DataFrame:
    rows = []
    for i, scenario in enumerate(scenarios):
        own = found[i * each : (i + 1) * each]
        about = {name: getattr(scenario, name) for name in ABOUT}
        for j, way in enumerate(analyses):
            rows.append({"scenario": scenario.label, "analysis": way.label, **about, "truth": way.truth(scenario),
                         **measures(added(parts[j] for parts in own), _has_null(way, scenario))})  # fmt: skip
    return pd.DataFrame(rows).astype({"n": int})


def _has_null(way: Analysis, scenario: Scenario) -> bool:
    return scenario.has_null or scenario.split is not None
