"""The boxes of the PRISMA 2020 flow diagram, the counts in them, and how these add up, as tables of records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its row from above, its column, and what stands above its counts where they are several."""

    name: str
    row: int
    column: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A count in a box.

    Attributes
    ----------
    name
        As the R package PRISMA2020 calls it.
    box
        The box it stands in.
    label
        Its words in the diagram.
    alone
        Its words where there was no previous version of the review.
    parts
        Whether it may be split: by database, by reason.
    """

    name: str
    box: str
    label: str
    alone: str = ""
    parts: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """What a count must be: the sum of some less others, or `most` that.

    Of those added, one that is not given is 0; where all are wanted (`whole`), only if its stream has no counts at all.
    """

    name: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    most: bool = False
    whole: bool = False


PREVIOUS, MAIN, OUT, OTHER, OTHER_OUT = COLUMNS = ("previous", "databases", "removed", "other", "other_removed")
HEADINGS = {  # box of the R package -> columns below it, words, and words without a previous version
    "prevstud": ((PREVIOUS,), "Previous studies", ""),
    "newstud": (
        (MAIN, OUT),
        "Identification of new studies via databases and registers",
        "Identification of studies via databases and registers",
    ),
    "othstud": (
        (OTHER, OTHER_OUT),
        "Identification of new studies via other methods",
        "Identification of studies via other methods",
    ),
}
PHASES = {"identification": ("Identification", (0,)), "screening": ("Screening", (1, 2, 3)),
          "included": ("Included", (4, 5))}  # fmt: skip
BOXES = {
    box.name: box
    for box in (
        Box("previous", 0, PREVIOUS),
        Box("identified", 0, MAIN, "Records identified from:"),
        Box("removed", 0, OUT, "Records removed before screening:"),
        Box("other_identified", 0, OTHER, "Records identified from:"),
        Box("screened", 1, MAIN),
        Box("excluded", 1, OUT),
        Box("sought", 2, MAIN),
        Box("not_retrieved", 2, OUT),
        Box("other_sought", 2, OTHER),
        Box("other_not_retrieved", 2, OTHER_OUT),
        Box("assessed", 3, MAIN),
        Box("reports_excluded", 3, OUT),
        Box("other_assessed", 3, OTHER),
        Box("other_reports_excluded", 3, OTHER_OUT),
        Box("new", 4, MAIN),
        Box("total", 5, MAIN),
    )
}
COUNTS = {
    count.name: count
    for count in (
        Count("previous_studies", "previous", "Studies included in previous version of review"),
        Count("previous_reports", "previous", "Reports of studies included in previous version of review"),
        Count("database_results", "identified", "Databases", parts=True),
        Count("register_results", "identified", "Registers", parts=True),
        Count("website_results", "other_identified", "Websites", parts=True),
        Count("organisation_results", "other_identified", "Organisations", parts=True),
        Count("citations_results", "other_identified", "Citation searching", parts=True),
        Count("duplicates", "removed", "Duplicate records removed"),
        Count("excluded_automatic", "removed", "Records marked as ineligible by automation tools"),
        Count("excluded_other", "removed", "Records removed for other reasons", parts=True),
        Count("records_screened", "screened", "Records screened"),
        Count("records_excluded", "excluded", "Records excluded", parts=True),
        Count("dbr_sought_reports", "sought", "Reports sought for retrieval"),
        Count("dbr_notretrieved_reports", "not_retrieved", "Reports not retrieved"),
        Count("other_sought_reports", "other_sought", "Reports sought for retrieval"),
        Count("other_notretrieved_reports", "other_not_retrieved", "Reports not retrieved"),
        Count("dbr_assessed", "assessed", "Reports assessed for eligibility"),
        Count("dbr_excluded", "reports_excluded", "Reports excluded", parts=True),
        Count("other_assessed", "other_assessed", "Reports assessed for eligibility"),
        Count("other_excluded", "other_reports_excluded", "Reports excluded", parts=True),
        Count("new_studies", "new", "New studies included in review", "Studies included in review"),
        Count("new_reports", "new", "Reports of new included studies", "Reports of included studies"),
        Count("total_studies", "total", "Total studies included in review"),
        Count("total_reports", "total", "Reports of total included studies"),
    )
}
# Name of a split of its own in the R package -> the count that it splits.
SPLITS = {"database_specific_results": "database_results", "register_specific_results": "register_results"}
SUMS = (
    Sum("records_screened", ("database_results", "register_results"),
        ("duplicates", "excluded_automatic", "excluded_other")),
    Sum("dbr_sought_reports", ("records_screened",), ("records_excluded",)),
    Sum("dbr_assessed", ("dbr_sought_reports",), ("dbr_notretrieved_reports",)),
    Sum("other_sought_reports", ("website_results", "organisation_results", "citations_results")),
    Sum("other_assessed", ("other_sought_reports",), ("other_notretrieved_reports",)),
    Sum("new_reports", ("dbr_assessed", "other_assessed"), ("dbr_excluded", "other_excluded"), whole=True),
    Sum("total_studies", ("previous_studies", "new_studies"), whole=True),
    Sum("total_reports", ("previous_reports", "new_reports"), whole=True),
    Sum("records_excluded", ("records_screened",), most=True),
    Sum("dbr_notretrieved_reports", ("dbr_sought_reports",), most=True),
    Sum("dbr_excluded", ("dbr_assessed",), most=True),
    Sum("other_notretrieved_reports", ("other_sought_reports",), most=True),
    Sum("other_excluded", ("other_assessed",), most=True),
    Sum("previous_studies", ("previous_reports",), most=True),
    Sum("new_studies", ("new_reports",), most=True),
    Sum("total_studies", ("total_reports",), most=True),
)  # fmt: skip


def words_of(name: str, *, update: bool) -> str:
    """Return the words of a count, those of an `update` where the review has a previous version."""
    count = COUNTS[name]
    return count.label if update or not count.alone else count.alone


def stream_of(name: str) -> str:
    """Return the stream of a count: ``previous``, ``databases``, ``other``, or ``included`` where they have joined."""
    box = BOXES[COUNTS[name].box]
    return "included" if box.row > 3 else {OUT: MAIN, OTHER_OUT: OTHER}.get(box.column, box.column)
