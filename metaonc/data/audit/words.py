"""The words people use for columns, outcomes, units and subgroups, and what they are called here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..schema.tables import OUTCOMES, SYNONYMS

# The schema refuses a table until its columns are renamed; an audit reads them as they are.
_ALSO = {
    "trial_id": "trial", "nct": "registry_id", "nct_number": "registry_id", "registry": "registry_id",
    "registration": "registry_id", "identifier": "registry_id", "trial_registration": "registry_id",
    "guide_row": "row_id", "treatment": "arm", "group": "arm", "subgroup": "subgroup_level",
    "biomarker": "subgroup_variable", "variable": "subgroup_variable", "evaluable": "n", "n_evaluable": "n",
    "patients": "n",
    "r": "events", "responses_n": "events", "estimate_percent": "estimate", "value": "estimate", "result": "estimate",
    "rate": "estimate", "lower": "ci_low", "upper": "ci_high", "lcl": "ci_low",
    "ucl": "ci_high", "low": "ci_low", "high": "ci_high", "ci_lo": "ci_low", "ci_hi": "ci_high", "hr_lo": "hr_low",
    "hr_hi": "hr_high", "conf_level": "ci_level", "pvalue": "p_value", "p_val": "p_value", "or": "odds_ratio",
    "or_lower": "or_low", "or_upper": "or_high", "cutoff": "data_cut", "source_pmid": "pmid", "source_doi": "doi",
    "n_enrolled": "enrolled", "n_randomised": "enrolled",
    "n_randomized": "enrolled", "treated": "enrolled", "n_treated": "enrolled", "n_itt": "enrolled",
    "events_t": "events", "n_t": "n", "events_c": "events_comparator", "n_c": "n_comparator", "median_t": "estimate",
    "ci_low_t": "ci_low", "ci_high_t": "ci_high", "reviewer": "assessor", "control": "comparator",
    "longest_follow_up": "follow_up", "max_follow_up": "follow_up", "follow_up_max": "follow_up",
}  # fmt: skip
WORDS_OF_ROWS = ("registry_id", "pmid", "doi", "arm", "outcome_as_printed", "read_as", "year", "author")  # no subgroups
EXTRA = {"enrolled": "count", "follow_up": "number"}  # columns of numbers that only an audit knows
_OF_RATIO = {"ci_low": "_low", "ci_high": "_high", "ci_level": "_level", "level": "_level"}
_UNITS = {
    "%": "percent", "pct": "percent", "per cent": "percent", "percentage": "percent", "mo": "months", "mos": "months",
    "month": "months", "m": "months", "wk": "weeks", "wks": "weeks", "week": "weeks", "w": "weeks", "day": "days",
    "d": "days", "year": "years", "y": "years", "yr": "years", "yrs": "years",
}  # fmt: skip
_GENE = re.compile(r"(?P<gene>[A-Z][A-Z0-9]{1,7})[\s-]*(?P<level>mut\w*|wild[\s-]?type|wt|mt|\+|-|positive|negative)")


def column_name(name: object) -> str:
    """Return what a column is called here; its own name where it is not known."""
    plain = re.sub(r"[^a-z0-9]+", "_", str(name).strip().casefold().replace("%", " percent")).strip("_")
    plain = re.sub(r"^\d+_percent_(?=ci_)", "", plain)  # 95% CI low
    plain = plain.removesuffix("_percent") if plain.removesuffix("_percent") in OUTCOMES else plain
    return SYNONYMS.get(plain) or _ALSO.get(plain) or plain or str(name)


def in_context(names: Sequence[str], has_numbers: Callable[[str], bool]) -> dict[str, str]:
    """Return new names for columns that mean something by the others.

    Parameters
    ----------
    names
        Names of the columns, in the schema's words.
    has_numbers
        Whether a column holds numbers.

    Returns
    -------
    dict
        Old name -> new. Without an estimate, limits and level are those of the ratio; one column that is named for an
        outcome, such as ORR, is the estimate, and its limits are called after it.
    """
    level = {"level": "ci_level" if has_numbers("level") else "subgroup_level"} if "level" in names else {}
    outcomes = [] if "estimate" in names else [c for c in names if c in OUTCOMES and has_numbers(c)]
    if len(outcomes) == 1:
        ends = {f"{outcomes[0]}_{end}": f"ci_{end}" for end in ("low", "high")}
        return level | {outcomes[0]: "estimate"} | {c: new for c, new in ends.items() if c in names}
    ratio = next((r for r in ("hr", "odds_ratio") if r in names), "")
    if not ratio or "estimate" in names:
        return level
    prefix = "or" if ratio == "odds_ratio" else ratio
    own = {
        c: prefix + end for c, end in _OF_RATIO.items() if c in names and has_numbers(c) and prefix + end not in names
    }
    return level | own


def unit_name(text: str) -> str:
    """Return a unit in the schema's words; as written where it is not known."""
    plain = text.strip().casefold().rstrip(".")
    return _UNITS.get(plain, plain)


def subgroup_of(text: str) -> tuple[str, str] | None:
    """Return variable and level of words such as "KRAS-mutant" or "HER2 positive"; None where they are not such."""
    found = _GENE.fullmatch(text.strip())
    return (found["gene"], _LEVELS.get(found["level"].casefold()[:2], found["level"])) if found else None


_LEVELS = {"mu": "mutant", "mt": "mutant", "wi": "wild-type", "wt": "wild-type", "po": "positive", "+": "positive",
           "ne": "negative", "-": "negative"}  # fmt: skip
