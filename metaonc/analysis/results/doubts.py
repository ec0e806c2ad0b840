"""What leaves effects in doubt as they entered, whichever model pools them: sentences on the trials concerned."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ...base.caution import Caution
from ...base.digits import plain
from ...base.labels import folded
from ...base.words import some
from ...data.schema.magnitudes import FAR_RATIO, FAR_TIME, MOST, NEAR, far_one
from ..effects.agreement import DISAGREE, disagreements
from ..effects.formulas.mantel_haenszel import odds_ratio
from ..effects.measures import MEASURES, Measure
from ..effects.roles import TWO_ARMS
from ..numeric.distributions import critical
from ..numeric.wls import Floats
from .studies import Studies

_CERTAIN = np.log(NEAR) / np.log(MOST)  # share of the usual reach within which a limit says that little is known
_JOINTS = re.compile(r"[\s_-]+")
_PETO_OFF = np.log(1.1)  # a convention of this package
_FAR = {"HR": FAR_RATIO, "MEDLN": FAR_TIME}


def of_studies(measure: str, studies: Studies) -> list[Caution]:
    """Return the cautions of effects that no model mends: numbers that disagree, no events, sizes that few trials have.

    Parameters
    ----------
    measure
        Code in ``MEASURES``.
    studies
        The rows of a pool, which record by which route each effect was obtained.
    """
    record = MEASURES[measure]
    texts = [*_disagreeing(record, studies), *_without_events(record, studies), *_of_peto(record, studies),
             *_of_size(record, studies.yi, studies.vi, studies.labels), *_named_alike(studies.labels)]  # fmt: skip
    return [Caution(text=text, of_effects=True) for text in texts]


def _named_alike(labels: Sequence[str]) -> list[str]:
    """Return what is said of trials whose names differ by spaces, hyphens and case alone."""
    groups: dict[str, list[str]] = defaultdict(list)
    for label in dict.fromkeys(labels):
        groups[_JOINTS.sub("", folded(label))].append(label)
    pairs = [f"{of[0]!r} and {of[1]!r}" for key, of in groups.items() if len(of) > 1 and any(map(str.isalpha, key))]
    return [f"{some(pairs)} are taken as two trials, and may be one"] if pairs else []


def of_sizes(measure: str, yi: Floats, vi: Floats, labels: Sequence[str]) -> list[Caution]:
    """Return the cautions of effects of sizes that few trials have; yi is NaN where there is none, (k,)."""
    return [Caution(text=text, of_effects=True) for text in _of_size(MEASURES[measure], yi, vi, labels)]


def _without_events(record: Measure, studies: Studies) -> list[str]:
    """Return what is said where most trials have no event at all, so that their effect is that of what was added."""
    counts = [x for role in studies.roles if role.startswith("events") and (x := studies.counts(role)) is not None]
    if not counts or "route" not in studies.data.columns:
        return []
    corrected = studies.data["route"].astype(str).str.contains("added", regex=False).to_numpy()
    k, none = len(studies.yi), int((corrected & (np.sum(counts, axis=0) == 0)).sum())
    if 2 * none <= k:
        return []
    where = " in either arm" * (len(counts) > 1)
    if none == k:
        return [f"no trial has an event{where}: the {record.natural} is that of the continuity correction alone"]
    return [f"{none} of {k} trials have no event{where}: of these the {record.natural} is that of the continuity "
            "correction alone"]  # fmt: skip


def _of_peto(record: Measure, studies: Studies) -> list[str]:
    """Return what is said of Peto's odds ratio where that of Mantel and Haenszel, by the same counts, is another."""
    if record.code != "PETO":
        return []
    there = np.isfinite(studies.yi)
    counts = {role: x[there] for role in TWO_ARMS if (x := studies.counts(role)) is not None}
    if len(counts) < len(TWO_ARMS) or not there.any() or not all(np.isfinite(x).all() for x in counts.values()):
        return []
    information = 1 / studies.vi[there]
    log_peto = float((information * studies.yi[there]).sum() / information.sum())
    with np.errstate(divide="ignore", invalid="ignore"):  # an arm without events in all trials
        log_ratio = float(odds_ratio(counts)[0])
    if abs(log_peto - log_ratio) <= _PETO_OFF:
        return []
    return [
        "Peto's odds ratio is biased where effects are large or the arms of a trial differ much in size: with one "
        f"effect it is {plain(np.exp(log_peto))}, where that of Mantel and Haenszel is {plain(np.exp(log_ratio))}"
    ]


def _disagreeing(record: Measure, studies: Studies) -> list[str]:
    if "route" not in studies.data.columns:
        return []
    found: dict[str, list[str]] = defaultdict(list)
    for text, label in zip(studies.data["route"].astype(str), studies.labels, strict=True):
        for brief in disagreements(text):
            found[brief].append(label)
    return [_said(brief, record, _trials(of)) for brief, of in found.items()]


def _said(brief: str, record: Measure, of: str) -> str:
    """Return what does not agree as a sentence: of the ratio, or of other numbers."""
    if brief.endswith(DISAGREE):
        return f"of {of} {brief}"
    return f"the reported {record.natural} of {of} is {brief.removeprefix('hr ')}"


def _of_size(record: Measure, yi: Floats, vi: Floats, labels: Sequence[str]) -> list[str]:
    there = np.flatnonzero(np.isfinite(yi) & np.isfinite(vi))
    size = np.abs(yi)
    reach = np.full(len(yi), -np.inf)
    reach[there] = size[there] - float(critical(0.95)) * np.sqrt(vi[there])
    found = []
    far = [int(i) for i in there if size[i] > record.usual and reach[i] > _CERTAIN * record.usual]
    if far:
        in_percent = "; one in percent is" * bool(record.code == "HR" and (yi[far] > 0).any())
        found.append(f"the {record.natural} of {_trials([labels[i] for i in far])} is of a size that hardly any trial "
                     f"has{in_percent}")  # fmt: skip
    if record.code in _FAR:
        kept = [int(i) for i in there if i not in far]
        one = far_one([float(np.exp(yi[i])) for i in kept], [labels[i] for i in kept], _FAR[record.code])
        if one is not None:
            size_of = "several times" if one[1] > 1 else "a small part of"
            why = "its unit may be another" if record.code == "MEDLN" else "it may be of the other arm, or a slip"
            who = _trials([labels[kept[one[0]]]])
            found.append(f"the {record.natural} of {who} is {size_of} that of every other trial: {why}")
    return found


def _trials(labels: Sequence[str]) -> str:
    names = list(dict.fromkeys(labels))
    return f"trial{'s' * (len(names) > 1)} {some(names)}"
