"""Hints on what was meant: the word of metaonc for one of R's, else a name that is nearly the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches

from .advice import in_python, option, setting
from .r_attributes import ATTRIBUTES
from .r_words import ARGUMENTS, FUNCTIONS, LACKING, VALUES

_LEAST = 4  # letters: of shorter words nearly all are nearly the same, as ORR and OR are


def near(word: str, names: Collection[str]) -> str | None:
    """Return the name that a word is but for its case or a slip of the pen, or None.

    >>> near("reml", ["REML", "ML"]), near("ORR", ["OR", "RR"])
    ('REML', None)
    """
    folded = {_plain(name): name for name in names}
    if _plain(word) in folded:
        return folded[_plain(word)]
    long = [name for name in folded if len(name) >= _LEAST]
    found = get_close_matches(_plain(word), long, n=1) if len(word) >= _LEAST else []
    return folded[found[0]] if found else None


def near_column(keyword: str, column: str, names: Sequence[str]) -> str | None:
    """Return the column that was meant: of another case, of the keyword's own name or words, or of a slip of the pen.

    >>> near_column("by", "Kras", ["read_as", "KRAS"]), near_column("events", "responders", ["n", "events"])
    ('KRAS', 'events')
    >>> near_column("ci_low", "lower", ["hr", "hr_low", "hr_high"])
    'hr_low'
    """
    plain = {_plain(name): name for name in reversed(names)}
    for word in (column, keyword):
        if _plain(word) in plain:
            return plain[_plain(word)]
    close = get_close_matches(column.casefold(), {n.casefold(): n for n in names}, n=1, cutoff=0.6)
    if close:
        return next(name for name in names if name.casefold() == close[0])
    ends = [name for name in names if _words(name)[-1:] == _words(keyword)[-1:] and "_" in keyword]
    if len(ends) == 1:
        return ends[0]
    loose = get_close_matches(column, names, n=1, cutoff=0.5)
    return loose[0] if loose else None


def of_value(name: str, value: object, allowed: Collection[str]) -> str:
    """Return a sentence on what a value that is not allowed may be, or nothing."""
    word, called = str(value), name.partition(" (")[0]
    for record in VALUES:
        if record.option == called and _of(word, record.names) and (record.beside or record.here) in allowed:
            if record.here:
                return f" That is {option(record.of or called, record.here)} here: {record.how}."
            if record.how == LACKING:
                return f" {word} is {LACKING}."
            return f" {word}: {record.how}{in_python() if 'mo.' in record.how else ''}."
    found = near(word, allowed)
    return f" Did you mean {found!r}?" if found else ""


# what verbs of patients take, and who does; docs/survival.md has the table
OF_PATIENTS = {
    "entry": "Patients who came under observation late are taken by kaplan_meier, hazard_ratio, cox_model and "
    "pool_ipd; the other verbs follow patients from 0, and would take late ones to be at risk before they were",
    "draw": "Plausible sets of patients are combined by hazard_ratio_of_ensemble, pool_ipd, pool_frailty, "
    "ipd_interaction and pool_curves; the other verbs take one set",
    "covariates": "Covariates are taken by cox_model, with the arm as 0 and 1: survival.cox_model(patients, "
    "covariates=['arm', 'age'])",
    "strata": "Strata are taken by cox_model; pool_ipd and ipd_interaction are stratified by trial",
}


_WIDE = (  # how pool_multivariate takes what others hold a row an outcome
    "A row is a trial with an effect a column, and their variances and covariances stand in columns too: "
    "yi=['y1', 'y2'], cov=[['v1', 'c12'], ['c12', 'v2']]; of a correlation rho the covariance is "
    "c12 = rho * (v1 * v2) ** 0.5. The method pivot of a table with a row an outcome makes such a one, by trial and "
    "outcome."
)


def of_argument(word: str, options: Collection[str], value: object = None) -> str:
    """Return a sentence on what an argument that a verb lacks may be, or nothing.

    >>> of_argument("sm", ["yi", "vi", "measure"])
    ' R calls it sm; here it is measure=.'
    >>> of_argument("byvar", ["yi", "vi", "measure"])
    ' R calls it byvar; here it is by= of pool_subgroups, with the pooling function as using=.'
    """
    if word == "ci" and isinstance(value, str) and _names_interval(value):
        return " That names an interval of the pooled effect, which pool and its like take; this verb has one alone."
    for record in ARGUMENTS:
        if name := _of(word, record.names):
            if not record.option:
                return f" R's {name}: {record.how}."
            of = "" if record.option in options else f" of {' or '.join(record.verbs)}"
            how = f", {record.how}" if record.how else ""
            return f" R calls it {name}; here it is {record.option}={of}{how}."
    if word in ("rho", "outcome", "outcomes") and {"yi", "cov"}.issubset(options):
        return f" {_WIDE}"
    if word in OF_PATIENTS and "event" in options:
        return f" {OF_PATIENTS[word]}."
    found = near(word, options)
    return f" Did you mean {found}=?" if found else ""


def _names_interval(value: str) -> bool:
    """Whether a value is one of the option ci=, here or in R, and no column of counts, which R calls ci."""
    return any(r.option == "ci" and _of(value, (*r.names, r.here)) for r in VALUES if _plain(value))


def of_name(word: str, names: Collection[str]) -> str:
    """Return a sentence on what a name that a module lacks may be, or nothing.

    >>> of_name("escalc", [])
    " R's escalc is here: mo.effect_sizes."
    >>> of_name("rstandard", [])
    ' rstandard is not in metaonc yet.'
    """
    for record in FUNCTIONS:
        if name := _of(word, record.names):
            return f" {word} is {LACKING}." if record.here == LACKING else f" R's {name} is here: {record.here}."
    found = near(word, names)
    return f" Did you mean {found!r}?" if found else ""


def of_attribute(word: str, owner: type) -> str:
    """Return a sentence on what an attribute that results of a class lack may be, or nothing.

    >>> of_attribute("ci_lb", type("Result", (), {"ci_low": 0.1}))
    ' R calls it ci.lb; here it is ci_low.'
    """
    written = word.replace(".", "_")
    for record in ATTRIBUTES:
        if name := next((name for name in record.names if name.replace(".", "_") == written), None):
            has = dir(owner)
            here = next((own for own in record.here if own in has and own != word), "")
            found = [f"here it is {here}"] * bool(here) + [record.how] * bool(record.how)
            return f" R calls it {name}; {'; '.join(found)}." if found else ""
    return ""


def _of(word: str, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if _plain(name) == _plain(word)), None)


def _plain(word: str) -> str:
    """Return a word without case and without what R and Python write apart: event.e is event_e."""
    return re.sub(r"[^a-z0-9]", "", word.casefold())


def no_subgroups(by: str, variables: Collection[str], columns: Collection[str]) -> str:
    """Return the message that nothing is called `by`, with the one name that has its words in it, if one has.

    >>> no_subgroups("kras", ["BRAF"], ["trial", "KRAS status"]).partition("columns")[2]
    ". Did you mean by='KRAS status'?"
    """
    known = ", ".join(map(repr, variables)) or "none"
    asked = {*_words(by)}
    found = [name for name in dict.fromkeys([*variables, *columns]) if asked and asked <= {*_words(name)}]
    name = found[0] if len(found) == 1 else near(by, [*variables, *columns])
    hint = f" Did you mean {setting('by', name)}?" if name else ""
    return (
        f"{setting('by', by)} is neither a subgroup variable of the table (it has {known}) nor one of its columns."
        f"{hint}"
    )


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold().replace("_", " "))
