"""What a PRISMA 2020 flow diagram shows, as a table, and what of it does not add up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ....base.messages.arguments import known_arguments_and
from ....base.messages.warning import warn
from ....errors import DataWarning
from .boxes import BOXES, COUNTS, words_of
from .reading import NAMES, Given, read
from .sums import findings, is_update


@known_arguments_and(NAMES)
def prisma_data(counts: Any = None, **boxes: Any) -> pd.DataFrame:
    """Return the counts of a PRISMA 2020 flow diagram, and which of them do not add up.

    Parameters
    ----------
    counts : mapping or dataframe, optional
        A mapping of names to counts, or a table (any dataframe): that of the R package PRISMA2020, of which the columns
        ``data`` (which count), ``n`` and, where there, ``boxtext`` (words that replace those of the template) are
        read, or one row with a column a count.
    **boxes
        Counts by the names of that package: previous_studies, previous_reports, database_results, register_results,
        website_results, organisation_results, citations_results, duplicates, excluded_automatic, excluded_other,
        records_screened, records_excluded, dbr_sought_reports, dbr_notretrieved_reports, dbr_assessed, dbr_excluded
        (databases and registers), other_sought_reports, other_notretrieved_reports, other_assessed, other_excluded
        (other methods), new_studies, new_reports, total_studies, total_reports. Whole numbers; one that is left
        out, None or empty has no place in the diagram, 0 has. What was identified, removed for other reasons or
        excluded may be split, by a mapping ``{"Wrong population": 12}`` or the text ``"Wrong population, 12; No
        hazard ratio, 3"``; database_specific_results and register_specific_results split what their total tells.

    Returns
    -------
    pandas.DataFrame
        A row a count or part of one: name, box, text (words of the template), part (empty of the whole), n, expected
        (what the other boxes make it; NaN where they agree or do not say), finding (a sentence with both numbers; empty
        where they agree).

    Raises
    ------
    DataError
        No count; one that is not a whole number from 0; a name or part that is not known, stands twice or is no name.
    ColumnError
        A table without these columns.
    OptionError
        A count given twice.

    Warns
    -----
    DataWarning
        Counts that do not add up.

    Notes
    -----
    Records screened are those identified less those removed; reports sought, records screened less those excluded;
    reports assessed, those sought less those not retrieved; reports included, those assessed less those excluded, of
    both streams; studies are no more than their reports; totals, previous and new. A box that is not given is taken as
    what the boxes before it make it.

    References
    ----------
    Page MJ, McKenzie JE, Bossuyt PM, et al. The PRISMA 2020 statement: an updated guideline for reporting systematic
    reviews. BMJ 2021;372:n71. doi:10.1136/bmj.n71.

    Examples
    --------
    >>> import metaonc as mo
    >>> flow = {"database_results": 162, "duplicates": 23, "records_screened": 139}
    >>> mo.plot.prisma_data(flow)[["text", "n"]]
                            text    n
    0                  Databases  162
    1  Duplicate records removed   23
    2           Records screened  139
    """
    given = read(counts, boxes)
    table = table_of(given)
    if said := [message for message in table["finding"] if message]:
        warn(" ".join(said), DataWarning)
    return table


def table_of(given: Given) -> pd.DataFrame:
    """Return the table of `prisma_data`."""
    update = is_update(given)
    found = findings(given)
    rows = []
    order = sorted(given.counts, key=lambda name: (BOXES[COUNTS[name].box].row, list(BOXES).index(COUNTS[name].box)))
    for name in order:
        about = [one for one in found if one.name == name]
        text = given.words.get(name) or words_of(name, update=update)
        expected = about[0].expected if about else np.nan
        message = " ".join(one.message for one in about)
        rows.append((name, COUNTS[name].box, text, "", given.counts[name], expected, message))
        rows += [(name, COUNTS[name].box, text, part, n, np.nan, "") for part, n in given.parts.get(name, ())]
    return pd.DataFrame(rows, columns=["name", "box", "text", "part", "n", "expected", "finding"])
