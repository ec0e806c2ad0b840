"""``metaonc analyse``: one outcome pooled, with its figure, tables, scripts and report."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from typing import Any

from .options import judgements, reading, sensitivity
from .options.out import add_out

NAME = "analyse"
HELP = "pool one outcome and write figure, tables, R script and report"
EXAMPLES = (
    "metaonc analyse lgsoc --outcome orr --by kras --out results --report",
    "metaonc analyse egfr_crc --outcome pfs --by kras --ci KR --journal JAMA --out results",
    "metaonc analyse mine.csv --outcome os --columns Study=trial --columns 'HR (95% CI)=os.hr' --out results",
    "metaonc analyse mine.csv --outcome os --since mine-2024.csv --out results --report",
    "metaonc analyse mine.csv --outcome os --risk-of-bias rob.csv --tool 'RoB 2' --design randomised --out results",
    "metaonc analyse mine.csv --outcome os --routes ci p medians --leave-one-out --bias --out results --report",
    "metaonc analyse lgsoc --outcome orr --by kras --alone keep --out results",
    "metaonc analyse lgsoc --outcome orr --out results --json | python -m json.tool",
)
POOLING = {
    "method": "estimator of tau²: CE (common effect), DL, HE, HS, HSk, SJ, ML, REML, EB, PM or PMM (REML)",
    "ci": "interval of the pooled effect: wald, t, HKSJ, HKSJ-adhoc, HC or KR (HKSJ; of rates wald or t, wald)",
    "prediction": "prediction interval: wald, t, HTS, HK, HK-PR, NNF, KR or KR-PR (t, of three trials or more)",
}
_JOURNALS = "default, RevMan5, JAMA, BMJ, Lancet, NEJM, JCO, Elsevier or BMC"
_JSON = "results, notes and files as one JSON document on stdout; warnings go to stderr"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("source", metavar="SOURCE", help="a packaged collection, a CSV file or an Excel workbook")
    parser.add_argument(
        "--outcome", type=str.lower, required=True, help="such as orr, dcr, pfs, os or dor, or one of your own"
    )
    parser.add_argument("--by", metavar="COLUMN", help="subgroup variable such as kras, or a column of subgroups")
    parser.add_argument("--measure", type=str.upper, help="OR, RR, PLO, HR or MEDLN; otherwise the first reported")
    add_choice(parser)
    add_pooling(parser)
    parser.add_argument(
        "--where",
        metavar="COLUMN=VALUE",
        action="append",
        default=[],
        help="only rows with this value; may be repeated for other columns, all of which must then agree",
    )
    parser.add_argument(
        "--report",
        nargs="*",
        choices=("html", "docx"),
        help="write a report: one self-contained page of HTML, a Word document, or both; html when not said",
    )
    parser.add_argument("--title", help="title of the report; what was asked when not given")
    parser.add_argument("--effect", help="name of the effect in figures and report, such as 'HR for death'")
    parser.add_argument("--since", metavar="OLD", help="the same table as it was before: tells what changed, by trial")
    parser.add_argument("--journal", help=f"layout of the forest plot: {_JOURNALS}")
    sensitivity.add_arguments(parser)
    judgements.add_arguments(parser)
    reading.add_arguments(parser)
    add_out(parser, "folder for the files")
    _add_printing(parser)


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Add by which numbers rows are taken, and what becomes of subgroups without their complement."""
    parser.add_argument(
        "--routes", nargs="+", type=str.lower, metavar="ROUTE",
        help="by which numbers a row may enter a pool of hazard ratios: ci (limits or log-rank statistics), p, events, "
        "medians (of each arm, in columns estimate and estimate_comparator); ci when not given",
    )  # fmt: skip
    parser.add_argument(
        "--alone", type=str.lower, metavar="WHAT",
        help="what becomes of a subgroup without its complement, as of a trial that enrolled one level of --by: 'leave "
        "out' (what is done when not given) or keep",
    )  # fmt: skip


def add_pooling(parser: argparse.ArgumentParser) -> None:
    """Add how effects are pooled."""
    group = parser.add_argument_group("how effects are pooled (in brackets what is taken when not given)")
    for name, what in POOLING.items():
        group.add_argument(f"--{name}", help=what)
    group.add_argument("--level", type=float, help="level of the intervals, such as 0.9 (0.95)")


def _add_printing(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is printed").add_mutually_exclusive_group()
    group.add_argument("--json", action="store_true", help=_JSON)
    group.add_argument("--quiet", action="store_true", help="nothing on stdout")
    group.add_argument("--all", action="store_true", help="each row left out, where many are summed up by reason")


def run(options: argparse.Namespace) -> None:
    """Pool, print what came out, and write the files."""
    from ..base.output.folder import refuse_other_run
    from ..report.journals import journal_of
    from ..workflow.analyse import analyse
    from ..workflow.analysis import summaries
    from ..workflow.analysis_document import document
    from ..workflow.analysis_files import write
    from ..workflow.beside.judged import judged
    from ..workflow.beside.sensitivity import sensitivity as sensitivity_of

    where = reading.pairs("where", "COLUMN=VALUE", options.where)
    refuse_other_run(options.out, force=options.force)  # before any work
    journal_of(options.journal)
    asked = judgements.asked(options)
    found = analyse(
        options.source,
        outcome=options.outcome,
        by=options.by,
        measure=options.measure,
        where=where or None,
        since=options.since,
        routes=options.routes,
        alone=options.alone,
        **{name: getattr(options, name) for name in (*POOLING, "level", "title", "effect")},
        **reading.reading(options),
    )
    hangs = sensitivity_of(found, **sensitivity.asked(options))
    judgement = judged(found, options.outcome, **asked, journal=options.journal)
    stem, reports = _stem(options, where), options.report or ("html",)
    how: dict[str, Any] = {"journal": options.journal, "force": options.force}
    written = write(found, options.out, stem, reports, sensitivity=hangs, judged=judgement, **how)
    if options.json:
        whole = document(found, written, sensitivity=hangs.results, judged=judgement.results)
        print(json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False))
    elif not options.quiet:
        beside = summaries({**hangs.results, **judgement.results}, found.cautions)
        said = [beside, ""] if beside else []
        print(found.text(every=options.all), "", *said, *(f"Written: {path}" for path in written), sep="\n")


def _stem(options: argparse.Namespace, where: Mapping[str, str]) -> str:
    """Return a beginning of file names that tells one question from another."""
    by = f"by_{options.by}" if options.by else ""
    asked = (options.outcome, options.measure or "", by, *(part for pair in where.items() for part in pair))
    return re.sub(r"[^\w.-]+", "-", "_".join(filter(None, asked)).lower())
