"""The pages that are generated are those in the checkout."""

import importlib.util
import inspect
import operator
import re
import sys
from pathlib import Path

import pandas as pd
import pytest
from ext import result_pages
from figure_checks import clipped, overlaps
from generate import columns, command_line, error_catalogue, reference, stability, tables
from phrase_book import run, write
from phrase_book.phrases import SECTIONS
from scipy.special import expit

import metaonc as mo
from metaonc.analysis.methods.heterogeneity import TAU2_INTERVALS
from metaonc.analysis.methods.intervals import PREDICTION_METHODS
from metaonc.data.audit import RULES

UNNAMED = ("SURV", "GEN", "MEDLN", "MEDR")  # measures that the row tells in words, or that are of other verbs
DOCS = Path(__file__).parents[1] / "docs"


def script(name):
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


def test_the_pages_of_the_collections_are_generated_from_them():
    module = script("make_collections")
    there = {path.name: path.read_text("utf-8") for path in (DOCS / "collections").glob("*.md")}
    assert module.pages() == there, "run python docs/make_collections.py"


def test_the_tables_of_methods_are_written_from_their_records():
    assert (DOCS / "methods.md").read_text("utf-8") == script("make_methods").page(), "run python docs/make_methods.py"


def test_the_words_of_r_are_written_from_their_table():
    assert (DOCS / "from_r.md").read_text("utf-8") == script("make_from_r").page(), "run python docs/make_from_r.py"


def test_how_references_were_made_is_written_from_them():
    page = (DOCS.parent / "tests" / "reference" / "README.md").read_text("utf-8")
    assert page == script("make_references").page(), "run python docs/make_references.py"
    made = [path.stem for path in (DOCS.parent / "tests" / "reference").glob("*.json")]
    assert [name for name in made if f"| `{name}.json` | `" not in page] == []


def test_the_gallery_shows_the_figures_that_are_drawn():
    module = script("make_gallery")
    assert (DOCS / "gallery.md").read_text("utf-8") == module.page(), "run python docs/make_gallery.py"
    assert {path.stem for path in (DOCS / "gallery").glob("*.png")} == {figure.name for figure in module.FIGURES}
    assert len(module.FIGURES) >= 20


@pytest.mark.slow
def test_what_r_draws_stands_beside_figures_of_the_gallery():
    module = script("make_gallery")
    in_r = module.beside_r()
    assert set(in_r) <= {figure.name for figure in module.FIGURES}
    assert {path.stem for path in (DOCS / "beside_r").glob("*.png")} == set(in_r), "run Rscript docs/beside_r/figures.R"


CALLS = [
    "metaprop", "metagen", "metabin", "metainc", "rma", "rma.mh", "rma.peto", "rma.glmm", "rma.mv", "escalc",
    "confint", "predict", "leave1out", "cumul", "influence", "gosh", "permutest", "regtest", "ranktest", "trimfill",
    "fsn", "selmodel", "forest", "funnel", "baujat", "bubble", "drapery", "survfit", "coxph", "survRM2", "coxme",
    "IPDfromKM", "ggsurvplot", "ggsurvfit", "netmeta",
]  # fmt: skip


def test_what_users_of_r_call_stands_in_the_phrase_book():
    rows = [line for line in (DOCS / "from_r.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    words = {word for row in rows for word in re.findall(r"[\w.]+", row.partition(" | ")[0])}
    assert [call for call in CALLS if call not in words] == []
    (netmeta,) = [row for row in rows if "netmeta(" in row]
    assert "| not there yet |" in netmeta


def test_pages_of_how_to_begin_with_what_they_give_and_end_with_what_is_next():
    for page in (DOCS / "how_to").glob("*.md"):
        text = page.read_text("utf-8").partition("\n# ")[2]
        assert page.stem == "index" or text.partition("\n\n")[2].startswith("Gives"), page.name
        assert page.stem == "index" or text.rpartition("\n\n")[2].startswith("Next: ["), page.name


def test_every_figure_of_the_gallery_can_be_drawn():
    for figure in script("make_gallery").FIGURES:
        drawn = figure.draw().figure
        assert overlaps(drawn) == [], figure.name
        assert clipped(drawn) == [], figure.name


PHRASES = [phrase for section in SECTIONS.values() for phrase in section]


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.title)
def test_a_phrase_gives_the_numbers_of_r(phrase):
    there, here = run.pinned()[phrase.title], run.here(phrase)
    assert here == pytest.approx(there, rel=phrase.within, abs=1e-12)


def test_the_script_that_pins_the_phrases_is_that_of_the_phrases():
    assert (DOCS.parent / "tests" / "reference" / "phrase_book.R").read_text("utf-8") == write.script()


def test_every_public_name_is_on_one_page_of_the_reference():
    named = [name for names in reference.grouped().values() for name in names]
    assert sorted(named) == sorted(reference.public())
    assert set(reference.pages()) == {"stability.md", *(f"{group.name}.rst" for group in reference.GROUPS)}
    listed = (DOCS / "reference" / "index.md").read_text("utf-8").split()
    assert [group.name for group in reference.GROUPS if group.name not in listed] == []


def test_pages_of_classes_have_an_example():
    pages = {name: inspect.getdoc(made).splitlines() for name, made in result_pages.classes().items()}
    without = [name for name, lines in pages.items() if "Examples" not in lines]
    assert len(pages) > len(without) > 60
    assert [name for name in without if ">>>" not in "".join(result_pages.example(result_pages.classes()[name]))] == []
    assert result_pages.shows(mo.results.MetaResult) == result_pages.shows(mo.results.PooledResult) == "pool"


def test_tables_of_records_say_what_they_are():
    assert {"MEASURES", "bias.PREDICTORS", "sensitivity.INFLUENCE_RULES"} <= set(tables.tables())
    assert [name for name in tables.tables() if not tables.about(name).endswith(".")] == []


def test_counts_in_words_are_those_of_the_code():
    page = (DOCS / "what_it_does.md").read_text("utf-8")
    counts = {
        "[collections]": len(mo.datasets()),
        "prediction intervals": len(PREDICTION_METHODS),
        "intervals of tau²": len(TAU2_INTERVALS),
    }
    assert {what: re.findall(rf"(\d+) {re.escape(what)}", page) for what in counts} == {
        what: [str(count)] for what, count in counts.items()
    }
    assert f"[{len(RULES)} rules](audit.md)" in page
    for what, codes in {"`mo.effect_sizes(": mo.MEASURES, "`mo.pool`: ": mo.TAU2_METHODS}.items():
        row = next(line for line in page.splitlines() if what in line)
        assert [code for code in codes if code not in (*UNNAMED, *re.findall(r"\w+", row))] == []


@pytest.mark.parametrize("page", ["README.md", "docs/what_it_does.md"])
def test_links_lead_somewhere(page):
    page = DOCS.parent / page
    links = re.findall(r"\]\((?!http)([^)#]+)", page.read_text("utf-8"))
    assert len(links) > 5
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_pages_are_written_from_the_code():
    assert "| `hr_low` | " in columns.pages()["columns.md"]
    assert "## metaonc analyse" in command_line.pages()["command_line.md"]
    assert "| column … stands in the table more than once" in error_catalogue.pages()["error_catalogue.md"]


def test_each_provisional_name_says_so_and_no_stable_verb_returns_one():
    names = reference.public()
    results = {name.rpartition(".")[2]: name for name in names if name.startswith("results.")}
    wanted = [(one.what, name) for one in stability.PROVISIONAL for name in one.names.split()]
    assert [name for _, name in wanted if not any(stability.matches(each, name) for each in names)] == []
    held = {each: {what for what, name in wanted if stability.matches(each, name)} for each in names}
    assert {each for each, families in held.items() if len(families) > 1} == set()
    made = {}
    for name in names:
        thing = operator.attrgetter(name)(mo)
        if inspect.isfunction(thing) or inspect.isclass(thing):
            assert (stability.NOTE in thing.__doc__) == bool(held[name]), name
        if inspect.isfunction(thing):
            for one in re.findall(r"\w+", str(inspect.signature(thing).return_annotation)):
                if one in results:
                    made.setdefault(results[one], set()).add(bool(held[name]))
    assert len(made) > 60
    assert {result: who for result, who in made.items() if bool(held[result]) != all(who)} == {}


def test_pages_of_results_say_types_and_verbs():
    pages = script("ext/result_pages")
    lines = inspect.getdoc(mo.results.MetaResult).split("\n")
    pages.enrich(None, "class", "", mo.results.MetaResult, None, lines)
    assert lines[2].startswith("Returned by :func:`~metaonc.pool`")
    assert "i2, h2 : float" in lines
    assert "q, q_df, q_p : float, int, float" in lines


@pytest.mark.usefixtures("small_files")
def test_the_numbers_of_the_readme_are_those_of_its_code_and_of_the_evidence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the code writes its figure
    page = (DOCS.parent / "README.md").read_text("utf-8")
    space = {}
    exec(re.search(r"```python\n(.*?)```", page, re.S)[1], space)
    shown = space["result"].glance().set_index("subgroup")
    rates = expit(shown[["estimate", "ci_low", "ci_high"]].astype(float)) * 100
    n = pd.Series(space["trials"]["patients"]).groupby(space["trials"]["kras"]).sum()
    said = [f"{rate:.1f} % ({'95 % CI ' * (i == 0)}{low:.1f} to {high:.1f})" for i, (rate, low, high) in
            enumerate(rates.itertuples(index=False))]  # fmt: skip
    overall = shown.loc["overall"]
    cuts = mo.load("lgsoc").evidence.query("trial == 'FRAME' and outcome == 'orr' and subgroup_level.isna()")
    of_2021, newest = cuts.query("published == '2021-05'").iloc[0], cuts.query("published == '2025'").iloc[0]
    text = " ".join(page.split())
    for words in (
        f"Of {n['mutant']} patients with KRAS-mutant tumours {said[0].replace(' % (', ' % responded (')}",
        f"of {n['wild-type']} with wild-type {said[1]}",
        f"The line of all, {said[2]}",
        f"F = {overall['f_between']:.2f} on 1 and {overall['f_between_df']:.0f} df, p = {overall['f_between_p']:.2f}",
        f"FRAME's split by KRAS is of 2021, {of_2021.events:.0f} responders of {of_2021.n:.0f}; "
        f"its newest cut, {newest.events:.0f} of {newest.n:.0f}, is not split",
    ):
        assert words in text, words
    for command in ("pip install . && metaonc analyse lgsoc --outcome orr --by kras --out results --report",
                    'pip install ".[test]" && pytest'):  # fmt: skip
        assert f"\n\n    {command}\n\n" in page
