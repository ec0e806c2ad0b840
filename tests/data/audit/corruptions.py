"""Errors as they happen in reports and in spreadsheets, put into rows that hang together; one record each.

A change that leaves the figures in agreement is no error, and is told by arithmetic of its own (`clean_tables`),
never by
the rules: it returns None, and another row is tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log

import numpy as np
from data.audit.clean_tables import Row, exact_limits, p_of, percent, printed, proportion, wald_limits

Rng = np.random.Generator
Change = Callable[[Rng, list[Row], int], list[int] | None]


@dataclass(frozen=True, slots=True)
class Corruption:
    """An error: its name, the rules that would tell it, what a row must have, and what is done to it.

    `change` changes the rows in place and returns the places of those that hold the error, or None where it made none.
    """

    name: str
    tells: tuple[str, ...]
    wants: tuple[str, ...]
    change: Change
    of: Callable[[Row], bool] = lambda row: True
    everywhere: bool = True  # also in packaged tables; others need what only drawn ones have


def decimals(text: str) -> int:
    return len(text.partition(".")[2])


def share(row: Row) -> bool:
    return row["unit"] == "percent"


def timed(row: Row) -> bool:
    return row["unit"] == "months"


def agrees(row: Row) -> bool:
    return percent(int(row["events"]), int(row["n"]), decimals(row["estimate"])) == row["estimate"]


def put(**values: str | Callable[[Row], str]) -> Change:
    """Return the change that writes values into a row, or what a function makes of the row."""

    def change(rng: Rng, rows: list[Row], i: int) -> list[int]:
        rows[i] |= {c: v if isinstance(v, str) else v(rows[i]) for c, v in values.items()}
        return [i]

    return change


def fellows(rows: list[Row], i: int, *same: str, **other: str) -> list[int]:
    """Return the places of other rows that have the same in some columns, and given values in others."""
    return [
        j for j, row in enumerate(rows)
        if j != i and all(row[c] == rows[i][c] for c in same) and all(row[c] == v for c, v in other.items())
    ]  # fmt: skip


# ---------------------------------------------------------------- counts and percentages


def digits_of_count(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    turned = row["events"][::-1]
    if len(row["events"]) < 2 or turned[0] == "0" or turned == row["events"] or int(turned) > int(row["n"]):
        return None
    row["events"] = turned
    return None if agrees(row) else [i]


def count_off(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    events = int(row["events"]) + int(rng.choice([-3, -2, 2, 3]))
    if not 0 <= events <= int(row["n"]):
        return None
    row["events"] = str(events)
    return None if agrees(row) else [i]


def enrolled_for_evaluable(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    rows[i]["n"] = str(int(rows[i]["n"]) + int(rng.integers(4, 15)))
    return None if agrees(rows[i]) else [i]


def percent_shifted(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    value = float(row["estimate"]) + float(rng.choice([-4, -3, -2, 2, 3, 4]))
    if not 0 < value < 100:
        return None
    row["estimate"] = printed(value, decimals(row["estimate"]))
    return None if agrees(row) else [i]


def percent_without_count(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    n, places = int(row["n"]), decimals(row["estimate"])
    value = printed(
        float(row["estimate"]) + float(rng.choice([-1, 1])) * 10.0**-places * int(rng.integers(1, 9)), places
    )
    row |= {"events": "", "estimate": value}
    inside = not row["ci_low"] or float(row["ci_low"]) < float(value) < float(row["ci_high"])
    return [i] if inside and all(percent(x, n, places) != value for x in range(n + 1)) else None


def other_level(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    places = decimals(row["ci_high"])
    level = float(rng.choice([0.80, 0.90]))
    low, high = (printed(v, places) for v in exact_limits(int(row["events"]), int(row["n"]), level))
    before = row["ci_low"], row["ci_high"]
    row |= {"ci_low": low, "ci_high": high, "ci_level": str(rng.choice(["0.95", ""]))}
    return None if (low, high) == before else [i]


def wald(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    low, high = (printed(v, decimals(row["ci_high"])) for v in wald_limits(int(row["events"]), int(row["n"])))
    before = row["ci_low"], row["ci_high"]
    row |= {"ci_low": low, "ci_high": high}
    return None if (low, high) == before else [i]


def limit_misprinted(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    column, sign = [("ci_low", -1), ("ci_high", 1)][int(rng.integers(2))]
    value = float(row[column]) + sign * float(rng.choice([-10, 10, 5, 7]))
    if not 0 < value < 100 or (float(row["estimate"]) - value) * sign >= 0:
        return None
    row[column] = printed(value, decimals(row[column]))
    return [i]


def swapped(low: str, high: str) -> Change:
    def change(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
        row = rows[i]
        row[low], row[high] = row[high], row[low]
        return [i] if float(row[low]) > float(row[high]) else None

    return change


def without_n(rng: Rng, rows: list[Row], i: int) -> list[int]:
    rows[i] |= {"n": "", "ci_low": "", "ci_high": "", "ci_level": ""}
    return [i]


# ---------------------------------------------------------------- ratios


def hr_misprinted(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    low, high, places = float(row["hr_low"]), float(row["hr_high"]), decimals(row["hr"])
    hr = float(row["hr"]) + float(rng.choice([-0.1, 0.1, 0.2, -0.2]))
    off = abs(log(max(hr, 0.01)) - (log(low) + log(high)) / 2)
    rounding = 10.0**-places * (1 / hr + 0.5 / low + 0.5 / high) / 2 if hr > 0 else 0
    row["hr"] = printed(hr, places)
    return [i] if low < hr < high and off > rounding else None


def hr_limit_misprinted(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    places = decimals(row["hr_high"])
    value = float(row["hr_high"]) + float(rng.choice([-0.1, 0.1, 0.2, 0.3]))
    low, hr = float(row["hr_low"]), float(row["hr"])
    off = abs(log(hr) - (log(low) + log(value)) / 2)
    row["hr_high"] = printed(value, places)
    return [i] if value > hr and off > 10.0**-places * (1 / hr + 0.5 / low + 0.5 / value) / 2 else None


def p_misprinted(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    p = float(row["p_value"]) * float(rng.choice([0.1, 10]))
    se = (log(float(row["hr_high"])) - log(float(row["hr_low"]))) / 3.92
    right = p_of(log(float(row["hr"])) / se)
    row["p_value"] = printed(p, 5)
    return [i] if 1e-4 < p < 1 and max(p / right, right / p) > 4 else None


def ratio_inverted(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    other = fellows(rows, i, "trial", "outcome", "subgroup_level", "data_cut", arm_id=row["comparator"])
    if not other or not rows[other[0]]["estimate"] or float(row["hr_low"]) <= 1 <= float(row["hr_high"]):
        return None
    hr, low, high = (printed(1 / float(row[c]), 2) for c in ("hr", "hr_high", "hr_low"))
    row |= {"hr": hr, "hr_low": low, "hr_high": high}
    return [i]


def odds_inverted(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    odds, low, high = (printed(1 / float(row[c]), 2) for c in ("odds_ratio", "or_high", "or_low"))
    away = abs(log(float(row["odds_ratio"]))) > 0.2
    row |= {"odds_ratio": odds, "or_low": low, "or_high": high}
    return [i] if away else None


def log_for_ratio(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    row |= {c: printed(log(float(row[c])), 2) for c in ("hr", "hr_low", "hr_high")}
    return [i] if float(row["hr_low"]) <= 0 else None


# ---------------------------------------------------------------- times


def median_outside(rng: Rng, rows: list[Row], i: int) -> list[int]:
    row = rows[i]
    value = float(row["ci_high"]) * 1.2 if rng.random() < 0.5 else float(row["ci_low"]) * 0.8
    row["estimate"] = printed(value, 1)
    return [i]


def one_in_weeks(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    units = [r["unit"] for r in rows if r["outcome"] == rows[i]["outcome"]]
    return in_weeks(rng, rows, i) if len(units) > 2 and set(units) == {"months"} else None


def in_weeks(rng: Rng, rows: list[Row], i: int) -> list[int]:
    row = rows[i]
    row |= {c: printed(float(row[c]) * 4.348, 1) for c in ("estimate", "ci_low", "ci_high") if row[c]} | {
        "unit": "weeks"
    }
    return [i]


def weeks_called_months(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    other = fellows(rows, i, "trial", "outcome", "subgroup_level", "data_cut", "unit")
    other = [j for j in other if rows[j]["arm_id"] != row["arm_id"] and rows[j]["estimate"]]
    in_weeks(rng, rows, i)
    row |= {"unit": "months", "follow_up": ""}
    return [i] if other else None


def at_follow_up(rng: Rng, rows: list[Row], i: int) -> list[int]:
    rows[i] |= {"ci_high": rows[i]["follow_up"], "not_reached": ""}
    return [i]


def medians_exchanged(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    other = fellows(rows, i, "trial", "arm_id", "subgroup_level", "data_cut", "unit", outcome="os")
    if rows[i]["outcome"] != "pfs" or not other or not rows[other[0]]["estimate"]:
        return None
    j = other[0]
    for column in ("estimate", "ci_low", "ci_high", "not_reached"):
        rows[i][column], rows[j][column] = rows[j][column], rows[i][column]
    return [i, j] if float(rows[i]["estimate"]) - float(rows[j]["estimate"]) > 0.2 else None


# ---------------------------------------------------------------- patients


def level_too_large(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    whole = fellows(rows, i, "trial", "arm_id", "outcome", "data_cut", "assessor", subgroup_level="")
    parts = fellows(rows, i, "trial", "arm_id", "outcome", "data_cut", "assessor", "subgroup_variable")
    if not row["subgroup_level"] or not whole or len(parts) != 1 or not rows[whole[0]]["n"] or not rows[parts[0]]["n"]:
        return None
    n, events = int(row["n"]) + int(rng.integers(3, 12)), int(row["events"]) + 2
    row |= proportion(events, n, decimals(row["estimate"])) | {"enrolled": ""}
    return [i, whole[0]] if n + int(rows[parts[0]]["n"]) > int(rows[whole[0]]["n"]) else None


def whole_moved(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    parts = [
        j for j in fellows(rows, i, "trial", "arm_id", "outcome", "data_cut", "assessor") if rows[j]["subgroup_level"]
    ]
    if row["subgroup_level"] or len(parts) < 2:
        return None
    value = max(float(rows[j]["estimate"]) for j in parts) * 1.15
    row["estimate"] = printed(value, 1)
    inside = not row["ci_high"] or value < float(row["ci_high"])
    return [i] if inside and value > float(row["ci_low"]) else None


def second_cut(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = dict(rows[i])
    more, events = int(row["n"]) + 8, int(row["events"]) + 2
    row |= proportion(events, more, decimals(row["estimate"])) | {
        "row_id": row["row_id"] + "-update",
        "data_cut": "2024-11",
    }
    row |= {
        "supersedes": "",
        "enrolled": "",
        "odds_ratio": "",
        "or_low": "",
        "or_high": "",
        "or_level": "",
        "n_both": "",
    }
    row |= {"n_comparator": "", "events_comparator": "", "derived": ""}
    rows.append(row)
    return [i, len(rows) - 1]


def typed_twice(rng: Rng, rows: list[Row], i: int) -> list[int]:
    rows.append(rows[i] | {"row_id": rows[i]["row_id"] + "-b"})
    return [i, len(rows) - 1]


def typed_twice_unnamed(rng: Rng, rows: list[Row], i: int) -> list[int]:
    rows[i] |= {"outcome": ""}
    return typed_twice(rng, rows, i)


def interval_copied(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    names = ("estimate", "ci_low", "ci_high")
    others = [
        j for j in fellows(rows, i, "outcome", "unit")
        if rows[j]["trial"] != rows[i]["trial"] and all(decimals(rows[j][c]) for c in names)
    ]  # fmt: skip
    if not others:
        return None
    rows[i] |= (
        {c: rows[int(rng.choice(others))][c] for c in names}
        if len(others) == 1
        else {c: rows[others[0]][c] for c in names}
    )
    return [i, others[0]]


def other_level_dropped(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    if not row["subgroup_level"]:
        return None
    gone = [
        j for j, r in enumerate(rows)
        if r["trial"] == row["trial"] and r["subgroup_level"] not in ("", row["subgroup_level"])
    ]  # fmt: skip
    for j in reversed(gone):
        del rows[j]
    kept = [
        j for j, r in enumerate(rows) if r["trial"] == row["trial"] and r["subgroup_level"] == row["subgroup_level"]
    ]
    return kept if gone else None


def responders_miscounted(rng: Rng, rows: list[Row], i: int) -> list[int]:
    rows[i] |= {"n": str(int(rows[i]["n"]) + int(rng.integers(1, 6)))}
    return [i]


def control_below_response(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    other = fellows(rows, i, "trial", "arm_id", "subgroup_level", "data_cut", outcome="orr")
    if row["outcome"] != "dcr" or not other or rows[other[0]]["n"] != row["n"] or not rows[other[0]]["events"]:
        return None
    events = int(rows[other[0]]["events"]) - int(rng.integers(1, 4))
    row |= proportion(events, int(row["n"]), decimals(row["estimate"])) if events >= 0 else {}
    return [i, other[0]] if events >= 0 else None


def responses_dropped(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    row = rows[i]
    gone = fellows(rows, i, "trial", "arm_id", outcome="orr")
    for j in reversed(gone):
        del rows[j]
    kept = [j for j, r in enumerate(rows) if r is row]
    return kept if gone and row["outcome"] == "dcr" else None


# ---------------------------------------------------------------- identifiers and words


def digit_dropped(rng: Rng, rows: list[Row], i: int) -> list[int]:
    text = rows[i]["registry_id"]
    rows[i]["registry_id"] = (
        text[:-1] if rng.random() < 0.5 else text.replace("NCT", "NTC" if rng.random() < 0 else "NCT0")
    )
    return [i]


def digits_of_number_swapped(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    text = rows[i]["registry_id"]
    k = int(rng.integers(3, 10))
    turned = text[:k] + text[k + 1] + text[k] + text[k + 2 :]
    rows[i]["registry_id"] = turned
    others = fellows(rows, i, "trial")
    return [i] if others and turned != text else None


def number_of_another(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    numbers = sorted({r["registry_id"] for r in rows} - {rows[i]["registry_id"], ""})
    if not numbers:
        return None
    for j in [i, *fellows(rows, i, "trial")]:
        rows[j]["registry_id"] = numbers[0]
    return [j for j, r in enumerate(rows) if r["trial"] == rows[i]["trial"]]


def paper_of_another(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    others = [r["pmid"] for r in rows if r["trial"] != rows[i]["trial"] and r["pmid"]]
    mine = [i, *fellows(rows, i, "trial")]
    for j in mine:
        rows[j]["pmid"] = others[0] if others else ""
    return mine if others else None


def two_names(rng: Rng, rows: list[Row], i: int) -> list[int]:
    mine = [i, *fellows(rows, i, "trial")]
    for j in mine:
        rows[j]["trial"] = "FRAME / RAMP 201"
    return mine


def full_width(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    name = rows[i]["trial"]
    if not fellows(rows, i, "trial") or not (name[:1].isascii() and name[:1].isalnum()):
        return None
    rows[i]["trial"] = chr(ord(name[0]) + 0xFEE0) + name[1:]  # as an Asian keyboard types it
    return [i, *(j for j, r in enumerate(rows) if r["trial"] == name)]


def level_in_short(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    others = [j for j, r in enumerate(rows) if j != i and r["subgroup_level"] == "mutant"]
    if rows[i]["subgroup_level"] != "mutant" or not others:
        return None
    rows[i]["subgroup_level"] = "mut"
    return [i, *others]


def of_another_size(column: str, far: float, most: float) -> Change:
    """Return the change that makes a value, with its limits, `far` times the largest of other trials, up to `most`."""

    def change(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
        row = rows[i]
        alike = [r for r in rows if r["trial"] != row["trial"] and r["outcome"] == row["outcome"]]
        others = {r["trial"]: float(r[column]) for r in alike if r[column]}
        if len(others) < 2 or far * max(others.values()) > most:
            return None
        largest = max(float(r[column]) for r in alike if r[column])
        factor = far * largest / float(row[column])
        limits = HAZARD if column == "hr" else INTERVAL
        row |= {c: printed(factor * float(row[c]), 2) for c in limits if row[c]}
        return [i]

    return change


def older_of_another(rng: Rng, rows: list[Row], i: int) -> list[int] | None:
    others = [j for j, r in enumerate(rows) if r["trial"] != rows[i]["trial"] and r["row_id"]]
    if not others:
        return None
    rows[i]["supersedes"] = rows[others[0]]["row_id"]
    return [i]


def row_id_of_another(rng: Rng, rows: list[Row], i: int) -> list[int]:
    j = (i + 1) % len(rows)
    rows[i]["row_id"] = rows[j]["row_id"]
    return [i, j]


def in_percent(places: int) -> Callable[[str], Callable[[Row], str]]:
    return lambda column: (
        lambda row: printed(float(row[column]) / 100, decimals(row[column]) + places) if row[column] else ""
    )


_PER_CENT = in_percent(2)
INTERVAL = ("estimate", "ci_low", "ci_high")
COUNTED = ("n", "events", "estimate")
HAZARD = ("hr", "hr_low", "hr_high")
BUT_THE_RATIO = (*INTERVAL, "hr_low", "hr_high", "events", "n", "unit", "ci_level", "events_comparator", "n_comparator",
                 "n_both", "p_value", "note", "not_reached")  # fmt: skip


def response(row: Row) -> bool:
    return share(row) and row["outcome"] in ("orr", "dcr")


CORRUPTIONS = (
    Corruption("digits of a count swapped", ("percent_of_counts",), COUNTED, digits_of_count, share),
    Corruption("count off by 2 or 3", ("percent_of_counts",), COUNTED, count_off, share),
    Corruption("enrolled for evaluable", ("percent_of_counts",), COUNTED, enrolled_for_evaluable, share),
    Corruption("percentage shifted", ("percent_of_counts", "outside_interval"), COUNTED, percent_shifted, share),
    Corruption("percentage shifted, no count", ("grim",), COUNTED, percent_without_count, response),
    Corruption("interval of another level", ("interval_level",), (*COUNTED, *INTERVAL), other_level, share),
    Corruption("Wald interval", ("interval_method",), (*COUNTED, *INTERVAL), wald,
               lambda r: share(r) and r["ci_level"] == "0.95"),
    Corruption("limit misprinted", ("interval_of_counts",), (*COUNTED, *INTERVAL), limit_misprinted, share),
    Corruption("limits swapped", ("limits_swapped",), INTERVAL, swapped("ci_low", "ci_high")),
    Corruption("limits of the ratio swapped", ("limits_swapped",), HAZARD, swapped("hr_low", "hr_high")),
    Corruption("limits of the ratio left out", ("no_figures",), HAZARD, put(**dict.fromkeys(BUT_THE_RATIO, ""))),
    Corruption("no denominator", ("no_denominator",), COUNTED, without_n, share),
    Corruption("more events than patients", ("events_above_n",), ("n", "events"),
               put(events=lambda r: str(int(r["n"]) + 3), estimate="", ci_low="", ci_high="", ci_level="")),
    Corruption("percentage above 100", ("above_100",), COUNTED, put(estimate="101", ci_low="", ci_high="",
               ci_level=""), share),
    Corruption("hazard ratio misprinted", ("ratio_off_centre",), HAZARD, hr_misprinted),
    Corruption("upper limit of the ratio misprinted", ("ratio_off_centre",), HAZARD, hr_limit_misprinted),
    Corruption("p misplaced by a decimal", ("p_of_interval",), (*HAZARD, "p_value"), p_misprinted),
    Corruption("hazard ratio inverted", ("hr_inverted",), (*HAZARD, "estimate", "comparator"), ratio_inverted),
    Corruption("hazard ratio inverted, not its limits", ("outside_interval", "ratio_off_centre"), HAZARD,
               put(hr=lambda r: printed(1 / float(r["hr"]), 2)), lambda r: abs(log(float(r["hr"]))) > 0.2),
    Corruption("odds ratio inverted", ("odds_ratio_of_counts",), ("odds_ratio", "n_comparator"), odds_inverted, share,
               False),
    Corruption("logarithm for the ratio", ("not_positive",), HAZARD, log_for_ratio),
    Corruption("median outside its interval", ("outside_interval",), INTERVAL, median_outside, timed),
    Corruption("one row in weeks", ("units_mixed",), ("estimate",), one_in_weeks, timed),
    Corruption("weeks called months", ("unit_slip", "hr_far_from_medians", "os_below_pfs", "hr_inverted",
               "whole_outside_levels"),
               ("estimate",), weeks_called_months, lambda r: timed(r) and r["outcome"] != "dor"),
    Corruption("one arm's hazard ratio or median by a factor", ("hr_far_from_medians",), (*HAZARD, "estimate",
               "comparator"),
               put(estimate=lambda r: printed(float(r["estimate"]) * 4, 1), ci_low="", ci_high="", ci_level="",
               not_reached=""),
               timed, False),
    Corruption("hazard ratio in percent", ("hr_far_from_one",), HAZARD,
               put(**{c: lambda r, c=c: r[c] and printed(100 * float(r[c]), 0) for c in HAZARD}), everywhere=False),
    Corruption("hazard ratio of another size", ("hr_far_from_others",), HAZARD, of_another_size("hr", 5.5, 9.5),
               everywhere=False),
    Corruption("median of another size", ("median_far_from_others",), ("estimate",),
               of_another_size("estimate", 4.6, 400), lambda r: timed(r) and not r["not_reached"], False),
    Corruption("a level in short", ("labels_in_short",), ("subgroup_level",), level_in_short, everywhere=False),
    Corruption("upper limit at the end of follow-up", ("limit_is_follow_up",), ("estimate", "follow_up"),
               at_follow_up, timed, False),
    Corruption("upper limit at the median", ("limit_is_follow_up",), INTERVAL, put(ci_high=lambda r: r["estimate"]),
               timed),
    Corruption("PFS and OS exchanged", ("os_below_pfs",), ("estimate",), medians_exchanged, timed),
    Corruption("level larger than the whole leaves", ("subgroup_sum",), COUNTED, level_too_large, share),
    Corruption("median of the whole moved", ("whole_outside_levels",), INTERVAL, whole_moved, timed, False),
    Corruption("second cut beside the first", ("same_patients_twice",), COUNTED, second_cut, share),
    Corruption("row typed twice", ("same_patients_twice",), ("estimate",), typed_twice),
    Corruption("row of no named outcome typed twice", ("row_twice",), ("estimate",), typed_twice_unnamed),
    Corruption("interval copied from another trial", ("figures_copied",), INTERVAL, interval_copied, timed),
    Corruption("other level left out", ("subgroup_alone",), ("estimate", "subgroup_level"), other_level_dropped,
               share, False),
    Corruption("duration of response of too many", ("responders",), ("n",), responders_miscounted,
               lambda r: r["outcome"] == "dor", False),
    Corruption("disease control below response", ("response_order",), COUNTED, control_below_response, share),
    Corruption("response left out", ("control_without_response",), COUNTED, responses_dropped, share),
    Corruption("enrolled and evaluable exchanged", ("evaluable_above_enrolled",), ("n", "enrolled"),
               put(enrolled=lambda r: str(int(r["n"]) - 4)), everywhere=False),
    Corruption("both arms off", ("arms_sum",), ("n_both", "n_comparator"),
               put(n_both=lambda r: str(int(r["n_both"]) - 9)),
               everywhere=False),
    Corruption("proportion for a percentage", ("scale_mixed",), ("estimate",),
               put(**{c: _PER_CENT(c) for c in INTERVAL}), lambda r: share(r) and float(r["estimate"]) > 1),
    Corruption("rate without its count", ("crude_and_kaplan_meier",), COUNTED, put(events=""),
               lambda r: r["outcome"] == "pfs_rate", False),
    Corruption("one row unconfirmed", ("confirmed_and_not",), ("confirmed",), put(confirmed="no"),
               lambda r: r["confirmed"] == "yes", False),
    Corruption("one row by the investigators", ("assessors_mixed",), ("assessor",), put(assessor="investigator"),
               lambda r: r["assessor"] == "BICR", False),
    Corruption("digit of a registry number lost or added", ("identifier_form",), ("registry_id",), digit_dropped,
               lambda r: r["registry_id"].startswith("NCT")),
    Corruption("digits of a registry number swapped", ("identifier_of_another",), ("registry_id",),
               digits_of_number_swapped,
               lambda r: r["registry_id"].startswith("NCT")),
    Corruption("registry number of another trial", ("identifier_of_another",), ("registry_id",), number_of_another),
    Corruption("DOI as an address", ("identifier_form",), ("doi",), put(doi=lambda r: "https://doi.org/" + r["doi"])),
    Corruption("PMID with a letter", ("identifier_form",), ("pmid",), put(pmid=lambda r: r["pmid"][:-1] + "O")),
    Corruption("PMID of another trial", ("paper_of_another",), ("pmid",), paper_of_another, everywhere=False),
    Corruption("name of a trial in full width", ("labels_alike",), ("trial",), full_width),
    Corruption("two trials in one name", ("two_trials_in_one",), ("trial",), two_names),
    Corruption("level of 95", ("level_scale",), ("ci_level",), put(ci_level="95")),
    Corruption("level left out", ("level_blank",), ("ci_level", "ci_low"), put(ci_level="")),
    Corruption("estimate left out", ("interval_alone",), INTERVAL, put(estimate="")),
    Corruption("unit left out", ("no_unit",), ("estimate",), put(unit="")),
    Corruption("unit of another outcome", ("unit_of_outcome",), ("estimate",),
               put(unit=lambda r: "months" if r["unit"] == "percent" else "percent")),
    Corruption("rate without its time", ("rate_without_time",), ("estimate", "time_months"), put(time_months=""),
               lambda r: r["outcome"] == "pfs_rate"),
    Corruption("variable without a level", ("half_a_subgroup",), ("outcome",),
               put(subgroup_variable="KRAS", subgroup_level=""), lambda r: not r["subgroup_level"]),
    Corruption("arm compared with itself", ("own_comparator",), ("arm_id", "comparator"),
               put(comparator=lambda r: r["arm_id"])),
    Corruption("not reached and filled", ("not_reached_filled",), INTERVAL, put(not_reached="ci_high")),
    Corruption("worked out and blank", ("derived_blank",), ("n",), put(n="", derived="n")),
    Corruption("read and blank", ("read_fields",), ("n",), put(n="", read_fields="n")),
    Corruption("one side with two limits", ("one_sided",), INTERVAL, put(ci_sides="1")),
    Corruption("p value beside a bound", ("p_bound",), ("p_value",), put(p_bound="<0.05")),
    Corruption("letter for a digit", ("not_a_number",), ("estimate",), put(estimate=lambda r: r["estimate"] + "l")),
    Corruption("sign in the cell", ("notation",), ("estimate",), put(estimate=lambda r: r["estimate"] + " %"), share),
    Corruption("negative number", ("value",), ("estimate",), put(estimate=lambda r: "-" + r["estimate"]), timed),
    Corruption("date the other way round", ("value",), ("data_cut",), put(data_cut="05/06/2024")),
    Corruption("name of a row twice", ("row_id_twice",), ("row_id",), row_id_of_another),
    Corruption("replaces a row of another trial", ("supersedes",), ("row_id",), older_of_another),
)  # fmt: skip
