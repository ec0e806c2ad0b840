"""Tables of results that hang together: drawn at random from a model of trials, and the packaged ones as printed.

Nothing here is taken from the audit: limits, rounding and p values are worked out anew.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import betaincinv, ndtr

DATA = Path(__file__).parents[3] / "datasets"
Row = dict[str, str]
COLUMNS = (
    "row_id", "trial", "arm_id", "subgroup_variable", "subgroup_level", "outcome", "assessor", "confirmed", "n",
    "events",
    "estimate", "ci_low", "ci_high", "ci_level", "unit", "not_reached", "time_months", "unit_of_analysis", "comparator",
    "n_comparator", "events_comparator", "n_both", "odds_ratio", "or_low", "or_high", "or_level", "hr", "hr_low",
    "hr_high", "hr_level", "p_value", "p_sided", "data_cut", "supersedes", "derived", "registry_id", "pmid", "doi",
    "enrolled", "follow_up",
)  # fmt: skip


def printed(value: float, decimals: int) -> str:
    return str(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def percent(events: int, n: int, decimals: int) -> str:
    exact = Decimal(100 * events) / Decimal(n)
    return str(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def exact_limits(x: int, n: int, level: float = 0.95) -> tuple[float, float]:
    tail = (1 - level) / 2
    low = 0.0 if x == 0 else 100 * betaincinv(x, n - x + 1, tail)
    high = 100.0 if x == n else 100 * betaincinv(x + 1, n - x, 1 - tail)
    return float(low), float(high)


def wald_limits(x: int, n: int) -> tuple[float, float]:
    half = 1.959963985 * sqrt(x / n * (1 - x / n) / n)
    return 100 * max(x / n - half, 0), 100 * min(x / n + half, 1)


def p_of(z: float) -> float:
    return float(2 * ndtr(-abs(z)))


def proportion(x: int, n: int, decimals: int) -> Row:
    low, high = (printed(v, decimals) for v in exact_limits(x, n))
    return {"n": str(n), "events": str(x), "estimate": percent(x, n, decimals), "ci_low": low, "ci_high": high,
            "ci_level": "0.95", "unit": "percent"}  # fmt: skip


def as_frame(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame([{c: row.get(c, "") for c in COLUMNS} for row in rows], dtype=object)


def drawn(seed: int, trials: int = 3) -> list[Row]:
    """Return a table of trials drawn at random, whose figures agree with each other."""
    rng = np.random.default_rng(seed)
    return [row for k in range(trials) for row in _trial(rng, f"Trial {'ABCDEFGHIJKLMNOP'[k]}", 41 * seed + k)]


def _trial(rng: np.random.Generator, name: str, number: int) -> list[Row]:
    shared = {
        "trial": name, "registry_id": f"NCT{10000000 + 7919 * number % 89999999}",
        "pmid": str(20000000 + 10457 * number % 9999991),
        "doi": f"10.1200/JCO.{number:04d}.{rng.integers(10, 99)}", "data_cut": f"2023-0{rng.integers(1, 9)}",
        "unit_of_analysis": "patient", "follow_up": "60.0",
    }  # fmt: skip
    key = name.replace(" ", "-").lower()
    drug, control = f"{key}-drug", f"{key}-control"
    sizes = {arm: {level: int(rng.integers(25, 120)) for level in ("mutant", "wild-type")} for arm in (drug, control)}
    rows = [*_responses(rng, sizes, drug, control), *_times(rng, sizes, drug, control)]
    for row in rows:
        extra = int(rng.integers(0, 7)) if not row.get("subgroup_level") else 0
        row |= shared | ({"enrolled": str(int(row["n"]) + extra)} if row["outcome"] != "dor" else {})
        level = row.get("subgroup_level", "")
        row["subgroup_variable"] = "KRAS" if level else ""
        parts = (row["arm_id"], level or "all", row["outcome"], row.get("assessor", ""))
        row["row_id"] = "-".join(filter(None, parts)).replace(" ", "-").lower()
    return rows


def _responses(rng, sizes, drug: str, control: str) -> list[Row]:
    rows, found = [], {}
    judged = {"assessor": "BICR", "confirmed": "yes"}
    decimals = int(rng.integers(0, 2))
    rates = {(drug, "mutant"): 0.5, (drug, "wild-type"): 0.3, (control, "mutant"): 0.25, (control, "wild-type"): 0.2}
    for arm in (control, drug):
        events = {level: int(rng.binomial(n, rates[arm, level])) or 1 for level, n in sizes[arm].items()}
        for level in ("", "mutant", "wild-type"):
            x, n = (events[level], sizes[arm][level]) if level else (sum(events.values()), sum(sizes[arm].values()))
            found[arm, level] = (x, n)
            row = {"arm_id": arm, "subgroup_level": level, "outcome": "orr", **judged, **proportion(x, n, decimals)}
            rows.append(row | (_odds(x, n, *found[control, level], control) if arm == drug else {}))
        x, n = found[arm, ""]
        controlled = x + int(rng.binomial(n - x, 0.5))
        rows.append({"arm_id": arm, "outcome": "dcr", "assessor": "BICR", **proportion(controlled, n, decimals)})
        rows.append({"arm_id": arm, "outcome": "dor", "n": str(x), **_median(float(rng.uniform(5, 15)), x)})
        free = int(rng.binomial(n, 0.45))
        rows.append({"arm_id": arm, "outcome": "pfs_rate", "time_months": "6", **proportion(free, n, decimals)})
    return rows


def _odds(a: int, n: int, c: int, m: int, control: str) -> Row:
    if not (0 < a < n and 0 < c < m):
        return {}
    centre, se = log(a * (m - c) / ((n - a) * c)), sqrt(1 / a + 1 / (n - a) + 1 / c + 1 / (m - c))
    figures = (printed(exp(centre + k * 1.959963985 * se), 2) for k in (0, -1, 1))
    names = dict(zip(("odds_ratio", "or_low", "or_high"), figures, strict=True))
    return {"comparator": control, "n_comparator": str(m), "events_comparator": str(c), "n_both": str(n + m),
            "or_level": "0.95", **names}  # fmt: skip


def _times(rng, sizes, drug: str, control: str) -> list[Row]:
    rows: list[Row] = []
    pfs, factor = float(rng.uniform(4, 9)), float(rng.uniform(2.4, 2.9))
    for outcome, base, hazard in (
        ("pfs", pfs, float(rng.uniform(0.45, 0.75))),
        ("os", pfs * factor, float(rng.uniform(0.7, 0.9))),
    ):
        logs = {level: log(hazard) + shift for level, shift in (("mutant", -0.15), ("wild-type", 0.1), ("", 0.0))}
        for level in ("", "mutant", "wild-type"):
            levels = [level] if level else ["mutant", "wild-type"]
            of = {arm: sum(sizes[arm][part] for part in levels) for arm in (drug, control)}
            events = {arm: sum(int(0.8 * sizes[arm][part]) for part in levels) for arm in (drug, control)}
            se = sqrt(sum(1 / d for d in events.values()))
            hr = logs[level] + float(rng.normal(0, 0.3 * se))
            spread = {"mutant": 0.85, "wild-type": 1.15, "": 1.0}[level]
            medians = {control: base * spread, drug: base * spread * exp(-hr) * exp(float(rng.normal(0, 0.03)))}
            shared = {
                "subgroup_level": level,
                "outcome": outcome,
                "assessor": "investigator" if outcome == "pfs" else "",
            }
            for arm in (control, drug):
                row = (
                    shared
                    | {"arm_id": arm, "n": str(of[arm]), "events": str(events[arm])}
                    | _median(medians[arm], events[arm])
                )
                rows.append(row | (_hazard(rng, hr, se, control) if arm == drug else {}))
        rows = _ordered(rows, outcome)
    return rows


def _ordered(rows: list[Row], outcome: str) -> list[Row]:
    """Leave out the levels of an arm whose medians do not hold the whole's: drawn apart, they may not."""
    kept = []
    for row in rows:
        mine = [r for r in rows if r["outcome"] == outcome and r["arm_id"] == row["arm_id"]]
        whole = next((float(r["estimate"]) for r in mine if not r["subgroup_level"]), 0.0)
        levels = [float(r["estimate"]) for r in mine if r["subgroup_level"]]
        if row["outcome"] != outcome or not row["subgroup_level"] or min(levels) <= whole <= max(levels):
            kept.append(row)
    return kept


def _median(value: float, events: int) -> Row:
    low, high = (value * exp(k * 1.96 / sqrt(max(events, 4))) for k in (-1, 1.1))
    row = {"estimate": printed(value, 1), "ci_low": printed(low, 1), "unit": "months", "ci_level": "0.95"}
    return row | ({"ci_high": printed(high, 1)} if high < 50 else {"not_reached": "ci_high"})


def _hazard(rng, hr: float, se: float, control: str) -> Row:
    figures = [printed(exp(hr + k * 1.959963985 * se), 2) for k in (0, -1, 1)]
    p = p_of(hr / se + float(rng.normal(0, 0.05)))
    test = {"p_value": printed(p, 4), "p_sided": "2"} if p >= 0.0002 else {}
    return {
        "comparator": control,
        "hr_level": "0.95",
        **dict(zip(("hr", "hr_low", "hr_high"), figures, strict=True)),
        **test,
    }


@cache
def packaged(name: str) -> list[Row]:
    """Return the evidence of a collection as printed, beside identifiers and nesting of its arms."""

    def raw(table: str) -> pd.DataFrame:
        return pd.read_csv(DATA / name / f"{table}.csv", dtype=str, keep_default_na=False)

    arms, sources = raw("arms").set_index("arm_id"), raw("sources").set_index("source_id")
    evidence = raw("evidence").join(arms[["registry_id", "nested_in"]], on="arm_id")
    return evidence.join(sources[["pmid", "doi"]], on="source_id").to_dict("records")
