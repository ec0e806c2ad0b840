"""The work of a study in blocks, each with a seed of its own: whoever does it, the numbers are the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import numpy as np

from ...errors import OptionError
from .analyses.analysis import Analysis
from .performance import Sums, sums
from .scenarios.scenario import Scenario

FAST, SLOW = 5000, 100  # simulations of a block: where all is batched, and where not


class Block(NamedTuple):
    """A part of the simulations of one scenario."""

    number: int
    scenario: int
    first: int
    n: int


def blocks_of(scenarios: int, n: int, size: int) -> list[Block]:
    """Return the blocks of all scenarios."""
    firsts = range(0, n, size)
    return [
        Block(s * len(firsts) + i, s, first, min(size, n - first))
        for s in range(scenarios)
        for i, first in enumerate(firsts)
    ]


def done(
    block: Block, scenario: Scenario, analyses: Sequence[Analysis], level: float, seed: int
) -> tuple[int, list[Sums]]:
    """Return the number of a block, and the sums of each analysis."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(block.scenario, block.first)))
    s = scenario.draw(rng, block.n)
    return block.number, [sums(a.run(s, level), a.truth(scenario), scenario, level) for a in analyses]


def worked(tasks: Sequence[tuple[Any, ...]], n_jobs: int | None) -> Iterator[tuple[int, list[Sums]]]:
    """Yield the blocks as they are done, by this process or by joblib's workers."""
    joblib = sys.modules.get("joblib") if n_jobs is None else None if n_jobs == 1 else _joblib()
    if joblib is None or len(tasks) < 2:
        yield from (done(*task) for task in tasks)
        return
    parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    with closing(parallel(joblib.delayed(done)(*task) for task in tasks)) as found:
        yield from found


def _joblib() -> Any:
    try:
        import joblib
    except ImportError:
        raise OptionError('n_jobs= needs joblib: pip install "metaonc[parallel]".') from None
    return joblib


def shown(found: Iterator[Any], total: int, before: int, progress: bool) -> Iterator[Any]:
    """Return the same, with a bar of progress where one is asked for."""
    if not progress:
        return found
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise OptionError('progress=True needs tqdm: pip install "metaonc[parallel]".') from None
    return iter(tqdm(found, total=total, initial=before, unit="block", desc="simulation"))
