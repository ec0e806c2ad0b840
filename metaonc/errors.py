"""Exceptions and warnings, one tree: catch ``MetaoncError`` for all, or the built-in each one also is."""

from __future__ import annotations

import re

_MOST_WORD, _MOST_TEXT = 300, 2_000  # characters of a message without a blank, and in all
_ENDS = 100, 600  # characters that are kept at the end of each


def brief(text: object) -> str:
    """Return a message whose endless values, as a file may hold them, are cut with a word; its begin and end stay."""
    whole = str(text)
    if len(whole) <= _MOST_WORD:
        return whole
    words = re.sub(rf"\S{{{_MOST_WORD + 1},}}", lambda found: _cut(found.group(), _MOST_WORD, _ENDS[0]), whole)
    return _cut(words, _MOST_TEXT, _ENDS[1])


def _cut(text: str, most: int, end: int) -> str:
    if len(text) <= most:
        return text
    return f"{text[: most - end]} [{len(text) - most:,} characters left out] {text[-end:]}"


class MetaoncError(Exception):
    """Root of every error that metaonc raises on purpose.

    Examples
    --------
    >>> import metaonc as mo
    >>> try:
    ...     mo.pool({"yi": [0.1], "vi": [-0.01]})
    ... except mo.MetaoncError as error:
    ...     print(type(error).__name__)
    DataError
    """

    def __init__(self, message: object = "") -> None:
        super().__init__(brief(message))


class DataError(MetaoncError, ValueError):
    """A value, a row or a table that cannot be true, or cannot be used as asked.

    Examples
    --------
    >>> import metaonc as mo
    >>> try:
    ...     mo.pool({"yi": [0.1, 0.2], "vi": [0.01, -0.02]})
    ... except mo.DataError as error:
    ...     print(error)
    trial '2' (row 1): vi=-0.02 is not above 0; a sampling variance is a squared standard error.
    """


class ColumnError(DataError):
    """A column that was named but is not in the table, or is missing where a method needs it.

    Examples
    --------
    >>> import metaonc as mo
    >>> try:
    ...     mo.pool({"yi": [0.1, 0.2], "v": [0.01, 0.02]})
    ... except mo.ColumnError as error:
    ...     print(error)
    vi='vi' is not a column of the table; it has ['yi', 'v']. Did you mean vi='v'?
    """


class OptionError(MetaoncError, ValueError):
    """An option that does not exist; the message lists those that do.

    Examples
    --------
    >>> import metaonc as mo
    >>> try:
    ...     mo.pool({"yi": [0.1, 0.2], "vi": [0.01, 0.02]}, level=95)
    ... except mo.OptionError as error:
    ...     print(error)
    level=95 is not a proportion between 0 and 1: write level=0.95.
    """


class ArgumentError(OptionError, TypeError):
    """An argument that a function does not have; the message lists those that it has.

    Examples
    --------
    >>> import metaonc as mo
    >>> try:
    ...     mo.pool({"yi": [0.1], "vi": [0.01]}, metod="DL")
    ... except mo.ArgumentError as error:
    ...     print(str(error)[:29], str(error)[-21:])
    pool has no argument metod=;  Did you mean method=?
    """


class DatasetError(MetaoncError, LookupError):
    """A packaged collection that does not exist, or whose files are not what its index says.

    Examples
    --------
    >>> import metaonc as mo
    >>> try:
    ...     mo.load("lgsc")
    ... except mo.DatasetError as error:
    ...     print(str(error)[:29], str(error)[-22:])
    there is no collection 'lgsc'  Did you mean 'lgsoc'?
    """


class ConvergenceError(MetaoncError, ArithmeticError):
    """An iteration that did not reach its tolerance: no number is better than a wrong one.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"time": [1, 2, 3, 4, 5, 6], "event": [1, 1, 1, 1, 0, 0], "old": [1, 1, 1, 1, 0, 0]}
    >>> try:
    ...     mo.survival.cox_model(d, covariates=["old"])
    ... except mo.ConvergenceError as error:
    ...     print(str(error).partition(": ")[0])
    the partial likelihood has no maximum
    """


class MetaoncWarning(UserWarning):
    """Root of every warning that metaonc gives.

    Examples
    --------
    >>> import warnings
    >>> import metaonc as mo
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", mo.MetaoncWarning)
    ...     mo.pool({"yi": [0.1, None, 0.3], "vi": [0.01, 0.02, 0.03]}).k
    2
    """

    def __init__(self, message: object = "") -> None:
        super().__init__(brief(message))


class DataWarning(MetaoncWarning):
    """Rows were left out or corrected; ``result.provenance`` says which and why.

    Examples
    --------
    >>> import warnings
    >>> import metaonc as mo
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     pooled = mo.pool({"yi": [0.1, None, 0.3], "vi": [0.01, 0.02, 0.03]})
    >>> told[0].category.__name__, pooled.provenance.dropped
    ('DataWarning', ("trial '2' (row 1): missing: yi",))
    """


class MethodWarning(MetaoncWarning):
    """A method was used where it is known to mislead; the message says what to do instead.

    Examples
    --------
    >>> import warnings
    >>> import metaonc as mo
    >>> arms = {"trial": ["A", "B", "C"], "events": [0, 1, 9], "n": [6, 900, 1200]}
    >>> effects = mo.effect_sizes(arms, measure="PFT", events="events", n="n", study="trial")
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     pooled = mo.pool(effects, method="CE")
    >>> [one.category.__name__ for one in told]
    ['MethodWarning']
    """


class FigureWarning(MetaoncWarning):
    """A figure was written that breaks a rule of its journal, or that its format cannot hold as it is drawn.

    Examples
    --------
    >>> import tempfile, warnings
    >>> from pathlib import Path
    >>> import metaonc as mo
    >>> axes = mo.plot.forest(mo.pool({"yi": [0.1, 0.2], "vi": [0.01, 0.02]}, measure="HR"))
    >>> with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     file = mo.save(axes, Path(folder) / "forest.png", dpi=50, journal="JAMA")
    >>> [one.category.__name__ for one in told]
    ['FigureWarning']
    """
