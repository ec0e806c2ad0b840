"""Five spreadsheets as people send them, made cell by cell, and what each of them says.

Their figures are of the trials that the packaged collections hold, or made up where a sheet says so; their faults are
those of real tables.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont


def extraction_form(path: Path) -> Path:
    """Two header lines with merged cells, a title, notes below, fractions, intervals with en dashes, footnotes."""
    book = Workbook()
    page = book.active
    page.title = "Extraction v3"
    rows = [
        ["Table S2. Efficacy by KRAS status (made up)"],
        [],
        ["Study", "KRAS", "Response", None, "PFS", None],
        [None, None, "n/N (%)", "95% CI", "median, months (95% CI)", "HR (95% CI)"],
        ["ALPHA", "mutant", "25/57 (44%)", "31–58", "12.9 (10.9–20.2)", "0·59 (0·41–0·85)"],
        ["ALPHA", "wild-type", "9/52 (17%)†", "8–30", "12.8 (7.4–18.4)", "0·91 (0·62–1·33)"],
        ["BETA*", "mutant", "12/40 (30%)", "17–47", "NE (9.1–NE)", "0·48 (0·28–0·82)"],
        [],
        ["* interim analysis; † one response not confirmed"],
    ]
    for row in rows:
        page.append(row)
    page.merge_cells("A1:F1")
    page.merge_cells("A3:A4")
    page.merge_cells("B3:B4")
    page.merge_cells("C3:D3")
    page.merge_cells("E3:F3")
    book.save(path)
    return path


EXTRACTION_COLUMNS = {
    "Study": "trial",
    "Response n/N (%)": "orr.events",
    "Response 95% CI": "orr.ci",
    "PFS median, months (95% CI)": "pfs.estimate",
    "PFS HR (95% CI)": "pfs.hr",
}


def european(path: Path) -> Path:
    """Semicolons, decimal commas, points of thousands, cp1252, and a row of totals (made up)."""
    lines = [
        "Studie;Endpunkt;n;Ereignisse;HR;untere Grenze;obere Grenze",
        "Müller 2004;os;1.204;812;0,87;0,78;0,97",
        "Weiß 2011;os;368;201;0,94;0,71;1,24",
        "Gesamt;;1.572;1.013;;;",
    ]
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return path


EUROPEAN_COLUMNS = {
    "Studie": "trial",
    "Endpunkt": "outcome",
    "Ereignisse": "events",
    "HR": "hr",
    "untere Grenze": "hr_low",
    "obere Grenze": "hr_high",
}


def calculated(path: Path) -> Path:
    """Formulas, percentages as formats, a date that was a fraction, raised footnotes, an error (made up)."""
    book = Workbook()
    page = book.active
    page.title = "ORR"
    page.append(["trial", "outcome", "n", "events", "estimate", "unit", "remark"])
    page.append(["GAMMA", "orr", 64, 21, 21 / 64, None, None])
    page["E2"].number_format = "0%"
    page["G2"] = "from the label"
    page.append(
        ["DELTA", "orr", 50, CellRichText("17", TextBlock(InlineFont(vertAlign="superscript"), "1")), None, None]
    )
    book.save(path)
    return path


def grouped(path: Path) -> Path:
    """A heading within the table for each line of treatment, subtotals, blank rows, NR and dashes (made up)."""
    book = Workbook()
    page = book.active
    page.title = "PFS"
    rows = [
        ["trial", "outcome", "estimate", "ci_low", "ci_high", "unit", "n"],
        ["First line"],
        ["EPSILON", "pfs", 9.9, 8.4, 11.1, "mo", 325],
        ["ZETA", "pfs", "11.4", "10.1", "NR", "mo", "1,063"],
        ["Subtotal", None, None, None, None, None, 1388],
        [],
        ["Second line"],
        ["ETA", "pfs", "5.9ᵃ", "–", "–", "mo", 591],
        ["Total", None, None, None, None, None, 1979],
        ["NR: not reached. ᵃ interval not reported"],
    ]
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def percentages(path: Path) -> Path:
    """Composite cells of all kinds in one comma-separated file with quotes, spaces and a byte-order mark (made up)."""
    lines = [
        'Trial,"ORR, % (95% CI)",DCR,"mOS, months",p',
        'THETA,"31% (23–41)","94/109 (86%)",18.3 months,<0.001',
        'IOTA ,"28.5 [19.8 to 38.6]","72 (76%)",not reached,0.03',
        'KAPPA,"36 (95% CI: 24-49)",NA,"15.1",NS',
    ]
    path.write_bytes(b"\xef\xbb\xbf" + "\n".join(lines).encode())
    return path


PERCENT_COLUMNS = {
    "Trial": "trial",
    "ORR, % (95% CI)": "orr.estimate",
    "DCR": "dcr.events",
    "mOS, months": "os.estimate",
    "p": "os.p_value",
}
