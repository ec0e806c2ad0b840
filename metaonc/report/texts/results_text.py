"""results_text: what came out, in the words of a manuscript."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ...base.caution import Caution
from ...base.messages.arguments import known_arguments
from ...base.result import Text
from ..journals import journal_of
from ..kinds import kind_of
from .cautions import cautions
from .printer import Printer


@known_arguments
def results_text(result: Any, *, journal: str | None = None, unit: str = "") -> Text:
    r"""Return the paragraphs of a results section, with the numbers of the figures, rounded in the same way.

    They follow PRISMA 2020: rows left out and why (16), between which effects the trials lie (19), pooled effects,
    heterogeneity, prediction, subgroups and their test, coefficients, sensitivity (20). What must be said with these
    numbers, as of an interval that is narrow by chance, stands in the last paragraph, and below tables and figures.

    Parameters
    ----------
    result : result
        As in ``methods_text``.
    journal : str, optional
        As in ``methods_text``.
    unit : str, optional
        Unit of times and rates, such as ``months``.

    Returns
    -------
    Text
        Paragraphs.

    Raises
    ------
    DataError
        When there are no words for `result`.
    OptionError
        When the journal does not exist.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> print(str(mo.results_text(r)).split("\n\n")[1].split(";")[0])
    The pooled hazard ratio of 3 trials was 0.73 (95% CI 0.59 to 0.91), p = 0.006
    """
    return Text("\n\n".join(results_of(result, journal, unit)))


def results_of(result: Any, journal: str | None, unit: str, said: Collection[Caution] = ()) -> list[str]:
    """Return the paragraphs of a results section; of cautions `said` above the last has the first clause alone."""
    printer = Printer(journal_of(journal), unit)
    kind = kind_of(result)
    last = " ".join(
        cautions(result, printer, beside_said=kind.beside_said(result), undrawn=kind.unsaid(result), said=said)
    )
    return [text for text in (*kind.results(result, printer), last) if text]
