"""methods_text: what was done, in the words of a manuscript."""

from __future__ import annotations

from typing import Any

from ...base.messages.arguments import known_arguments
from ...base.result import Text
from ..journals import journal_of
from ..kinds import kind_of
from .preparation import selected, software
from .printer import Printer
from .references import reference_of


@known_arguments
def methods_text(result: Any, *, journal: str | None = None) -> Text:
    """Return the paragraphs of a methods section that a result rests on, with their references.

    They follow the items of PRISMA 2020 on synthesis: effect measure (12), how effects were obtained from the reports
    and what was changed (13b), model, heterogeneity and software (13d), subgroups, interactions and meta-regression
    (13e), sensitivity (13f). Nothing is said that was not done.

    Parameters
    ----------
    result : result
        What a pooling function, ``pool_subgroups``, ``interaction``, ``regress``, ``sensitivity.permutation_test``,
        ``sensitivity.leave_one_out``, ``sensitivity.cumulative``, a function of ``bias``, ``survival.kaplan_meier``,
        ``survival.hazard_ratio`` or ``survival.hazard_ratio_from_curves`` returned.
    journal : str, optional
        How numbers are printed, one of ``plot.JOURNALS``.

    Returns
    -------
    Text
        Paragraphs, the last of which lists the references.

    Raises
    ------
    DataError
        When `result` is none of these.
    OptionError
        When the journal does not exist.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> print(str(mo.methods_text(r)).splitlines()[0])
    The effect measure was the hazard ratio, analysed as log hazard ratio.
    """
    parts, cited = methods_of(result, journal)
    if cited:
        found = [f"{r.text}, doi:{r.doi}" if r.doi else r.text for r in map(reference_of, cited)]
        parts.append(f"References: {'; '.join(found)}.")
    return Text("\n\n".join(parts))


def methods_of(result: Any, journal: str | None, listed_out: int = 0) -> tuple[list[str], list[str]]:
    """Return the paragraphs of ``methods_text`` and, apart from them, the references they rest on.

    A document that lists rows left out before says how many, as `listed_out`.
    """
    cited: list[str] = []
    parts = kind_of(result).methods(result, cited, Printer(journal_of(journal)))
    parts.append(selected(result, listed_out))
    parts.append(software(result.provenance.versions))
    return list(filter(None, parts)), list(dict.fromkeys(filter(None, cited)))
