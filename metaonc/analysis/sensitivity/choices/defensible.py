"""Which choices a multiverse makes unless it is told others: a rule, by traits of the records of methods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....base.check import one_of
from ....base.messages.advice import option
from ....errors import OptionError
from ...methods.intervals import CI_METHODS, from_covariance
from ...methods.tau2 import TAU2_METHODS

RULE = (
    "estimators of tau² whose equation is right on average (before it is cut off at 0), and intervals by t "
    "distributions, which allow for the number of trials"
)


def estimators() -> list[str]:
    """Return the codes of the defensible estimators of tau²."""
    return [m.code for m in TAU2_METHODS.values() if m.unbiased]


def intervals() -> list[str]:
    """Return the codes of the defensible intervals, of those that are fitted in batches."""
    return [code for code in from_covariance() if not CI_METHODS[code].is_normal]


def chosen(name: str, asked: Sequence[str] | str | None, own: str, defensible: list[str], all_: list[str]) -> list[str]:
    """Return the codes that are gone through: the result's own first, each once.

    Parameters
    ----------
    name
        Of the argument.
    asked
        Codes, or ``"all"``; None for the defensible ones.
    own
        That of the result.
    defensible, all_
        What there is.
    """
    if asked is None:
        wanted = defensible
    elif asked == "all":
        wanted = all_
    elif isinstance(asked, str):
        raise OptionError(f"{name}={asked!r} must be a list of codes, such as {option(name, [asked])}, or 'all'.")
    else:
        wanted = [one_of(name, code, all_) for code in asked]
    return list(dict.fromkeys([own, *wanted]))


def pairs(methods: Sequence[str], cis: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Return the numbers of an estimator and an interval that go together."""
    for i, method in enumerate(methods):
        for j, ci in enumerate(cis):
            made_for = CI_METHODS[ci].for_methods
            if not made_for or method in made_for:
                yield i, j
