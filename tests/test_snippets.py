"""What the pages show runs: blocks of Python in one namespace a page, in order, and the commands of metaonc."""

import json
import re
import shlex
import shutil
import warnings
from pathlib import Path

import pandas as pd
import pytest
from page_figures import visit

import metaonc as mo
from metaonc.cli import main
from metaonc.data.audit import RULES
from metaonc.report import kinds

ROOT = Path(__file__).parents[1]
WRITTEN = {
    "_build",
    "columns.md",
    "command_line.md",
    "error_catalogue.md",
    "validation.md",
    "benchmarks.md",
}  # when the site is built
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "paper.md",
    ROOT / "datasets" / "README.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if not WRITTEN & set(page.parts) | WRITTEN & {page.name}),
]
TABLES = (mo.TAU2_METHODS, mo.CI_METHODS, mo.MEASURES, mo.JOURNALS, kinds._registered, RULES)  # recipes add to them
NOT_RUN = {  # beginning of a command -> why no test runs it
    "pip install": "installs; .ci/run does it",
    "pytest": "is this very run",
    "bash .ci/run": "runs the tests",
    "bash tests/lowest.sh": "runs the tests with other versions, for which it installs them",
    "git add": "changes the checkout",
    "python tests/": "compares or refreshes the checkout; tests hold what it writes to what is there",
    "python docs/": "writes pages; tests hold them to what is there",
    "cp ": "changes the checkout",
    "metaonc patients curves": "takes half a minute; tests/data/collections holds its tables to what is there",
}
PLACES = {
    "COMMAND": "analyse",
    "FIGURE": "figure2.pdf",
    "LABEL": "placebo",
    "DIR": "out",
    "SOURCE": "lgsoc",
    "FILE": "mine.csv",
}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = [dict(table) for table in TABLES]
    yield
    for table, was in zip(TABLES, before, strict=True):
        table.clear()
        table.update(was)


def draw_figure():
    """Draw a Kaplan-Meier figure of two arms on the third page of a file, whose first pages are empty."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    time = [1 + 0.7 * i for i in range(30)]
    patients = {
        "time": time + [t / 1.6 for t in time],
        "event": ([1, 1, 0] * 10) * 2,
        "arm": ["drug"] * 30 + ["placebo"] * 30,
    }
    ax = mo.plot.km(mo.survival.kaplan_meier(patients, by="arm", unit="months"))
    with PdfPages("figure2.pdf") as pages:
        for figure in (Figure(), Figure(), ax.figure):
            pages.savefig(figure)
    mo.save(ax, "figure1.pdf")


def recipes():
    trials = pd.DataFrame({"trial": list("ABCDEF"), "yi": [-0.39, -0.24, 0.1, -0.66, -0.05, -0.31]})
    arms = {
        "trial": list("ABCD"),
        "a": [3, 5, 1, 9],
        "na": [30, 31, 28, 40],
        "c": [6, 7, 4, 10],
        "nc": [30, 29, 30, 41],
    }
    return {"mo": mo, "TRIALS": trials.assign(vi=[0.02, 0.01, 0.04, 0.02, 0.03, 0.05]), "ARMS": arms}


def records():
    """Put the registry records that the vignette reads where the page names them."""
    for folder in (".", "vignettes/records"):
        shutil.copytree(ROOT / "vignettes" / "records", folder, dirs_exist_ok=True)


def trials():
    """Put the table of the tutorial where its page reads it."""
    shutil.copy(ROOT / "docs" / "start" / "trials.csv", "trials.csv")


PREPARED = {  # what a page takes for granted: names, or files
    "own_table.md": trials,
    "paper.md": trials,
    "CONTRIBUTING.md": recipes, "curves.md": draw_figure, "registry.md": records,
}  # fmt: skip


def blocks(page):
    """Return the blocks of Python of a page."""
    found = re.findall(r"```(?:python|\{code-cell\} python)\n(.*?)```", page.read_text("utf-8"), flags=re.S)
    return [re.sub(r"^:tags:.*\n", "", block) for block in found]


def commands(page):
    """Return the commands of a page: lines of blocks for a shell or indented, and those of metaonc inside the text."""
    text = page.read_text("utf-8")
    fenced = re.findall(r"```(?:shell|sh|bash|console)\n(.*?)```", text, re.S)
    plain = re.sub(r"```.*?```", "", text, flags=re.S)
    indented = re.findall(r"(?:^|\n)\n((?: {4}\S.*\n)+)", plain)
    lines = [line for block in [*fenced, *indented] for line in block.splitlines()]
    inside = [text for text in re.findall("`(metaonc [^`|]+)`", plain) if " -" in text or len(text.split()) > 2]
    said = [re.sub(r"^\$ |\s+#.*$", "", line.strip()) for line in [*lines, *inside]]
    return [part.strip() for line in said for part in line.split("&&") if part.strip()]


def reason(command):
    return next((why for start, why in NOT_RUN.items() if command.startswith(start)), None)


@pytest.mark.usefixtures("small_files")
@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p)], ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page):
    space = {"__name__": page.stem, **(PREPARED.get(page.name, dict)() or {})}
    with warnings.catch_warnings():
        if "{code-cell}" in page.read_text("utf-8") or page.name == "paper.md":
            warnings.simplefilter("ignore", mo.MetaoncWarning)  # the page shows what they say; the paper is short
        for block in blocks(page):
            exec(compile(block, page.name, "exec"), space)


def test_all_pages_are_read():
    assert sum(len(blocks(page)) for page in PAGES) >= 10
    fenced = [f"{p.name}: {kind}" for p in PAGES for kind in re.findall(r"^```(\w+)", p.read_text("utf-8"), re.M)]
    assert {text.split(": ")[1] for text in fenced} <= {"python", "shell", "r", "make", "text"}


RUN = sorted({(page.name, command) for page in PAGES for command in commands(page) if reason(command) is None})


def test_every_command_is_run_or_has_a_reason():
    assert len(RUN) >= 8
    assert {command.split()[0] for _, command in RUN} == {"metaonc"}
    every = [command for page in PAGES for command in commands(page)]
    assert [start for start in NOT_RUN if not any(command.startswith(start) for command in every)] == []


def with_files(words):
    """Put the files that a command reads where it looks for them; return its words, some other files named."""
    if "Study=trial" in words:
        ratios = {"Study": ["A", "B"], "HR (95% CI)": ["0.59 (0.42-0.82)", "0.71 (0.50-1.01)"]}
        pd.DataFrame(ratios).to_csv("mine.csv", index=False)
    elif "rob.csv" in words:
        both, low = ["A", "B"], ["Low", "Low"]
        ratios = {"trial": both, "hr": [0.59, 0.71], "hr_low": [0.42, 0.5], "hr_high": [0.82, 1.01]}
        pd.DataFrame(ratios).to_csv("mine.csv", index=False)
        pd.DataFrame({"Study": both, **{f"D{i}": low for i in range(1, 6)}, "Overall": low}).to_csv(
            "rob.csv", index=False
        )
    elif words[0] == "check":
        pd.DataFrame({"trial": ["A"], "outcome": ["orr"], "n": [20], "events": [5]}).to_csv("mine.csv", index=False)
        pd.read_csv("mine.csv").to_excel("mine.xlsx", index=False)
    if "trials.csv" in words:
        trials()
    if "figure2.pdf" in words:
        draw_figure()
        Path("figure1.pdf").replace("figure2.pdf")  # the command reads the first page
    if "figure3.pdf" in words:
        Path("figure3.pdf").write_bytes(Path("figure2.pdf").read_bytes())
    if "--project" in words:
        mo.curves.digitize("figure2.pdf").to_project("figure2_project.json")
    if words[0] == "registry":
        records()
        words = ["NCT02296125.json" if word in ("mine.csv", "FILE...") else word for word in words]
    if words[0] == "patients":
        words[1] = "mine.csv"
        Path("mine.csv").write_text("curve_id,trial,arm,outcome,unit,points,n\nA,A,drug,os,months,corners,4\n")
        Path("mine_points.csv").write_text("curve_id,time,survival\nA,0,1\nA,2,0.75\nA,5,0.375\n")
        Path("mine_at_risk.csv").write_text("curve_id,time,n_risk\nA,0,4\nA,4,2\n")
    return words


@pytest.mark.usefixtures("small_files")
@pytest.mark.parametrize("command", dict.fromkeys(command for _, command in RUN))
def test_a_command_of_metaonc_runs(command, capsys, monkeypatch):
    monkeypatch.setattr("webbrowser.open", visit)  # and closed at once
    command, _, reader = command.partition(" | ")  # what a program reads on, is read here
    words = [PLACES.get(word, word) for word in shlex.split(command)[1:]]
    words = with_files(words)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)
        try:
            status = main(words)
        except SystemExit as ended:  # of --help and its like
            status = ended.code
    out, err = capsys.readouterr()
    assert not status, err
    if "json" in reader:
        json.loads(out)


def test_every_public_function_has_an_example():
    spaces = (mo, mo.curves, mo.survival, mo.sensitivity, mo.plot)
    functions = {f"{space.__name__}.{name}": getattr(space, name) for space in spaces for name in space.__all__}
    documented = {name: f.__doc__ for name, f in functions.items() if type(f) is type(draw_figure)}
    assert len(documented) >= 76
    assert [name for name, doc in documented.items() if ">>> " not in doc] == []
