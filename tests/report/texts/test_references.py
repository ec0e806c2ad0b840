"""References in full: all that records cite have authors, title, source, year and, where there is one, a DOI."""

import re
from importlib import import_module
from pkgutil import walk_packages

import metaonc as mo
from metaonc.analysis.bias.significance import fail_safe
from metaonc.analysis.effects import routes
from metaonc.analysis.effects.route import Route
from metaonc.analysis.methods.spending import SPENDING
from metaonc.report import kinds
from metaonc.report.blocks import Reference
from metaonc.report.texts.publications import PUBLICATIONS
from metaonc.report.texts.publications_on_bias import ON_BIAS
from metaonc.report.texts.references import reference_of

SHORT = re.compile(r"[A-Z][\w ,.-]*? (19|20)\d\d(, doi:10\.\S+|, in .+)?")


def cited():
    """Return all that the records of methods and the modules of kinds cite."""
    of_bias = (mo.bias.REGRESSION_TESTS, mo.bias.RANK_TESTS, fail_safe.METHODS, mo.bias.WEIGHT_FUNCTIONS)
    tables = (mo.TAU2_METHODS, mo.CI_METHODS, mo.ROB_TOOLS, SPENDING, *of_bias)
    found = {m.reference for table in tables for m in table.values()}
    of_routes = [*routes.HR_ROUTES.values(), *(x for x in vars(routes).values() if isinstance(x, Route))]
    found |= {one for route in of_routes for one in route.source.split("; ") if SHORT.fullmatch(one)}
    for module in walk_packages(kinds.__path__, f"{kinds.__name__}."):
        held = vars(import_module(module.name)).values()
        texts = [x for value in held for x in (value.values() if isinstance(value, dict) else [value])]
        flat = [y for x in texts for y in (x if isinstance(x, tuple) else [x])]
        found |= {x for x in flat if isinstance(x, str) and SHORT.fullmatch(x)}
    return sorted(found - {""})


def test_all_that_is_cited_is_known_in_full():
    assert len(cited()) >= 29
    for short in cited():
        name, _, doi = short.partition(", doi:")
        found = reference_of(short)
        year = name.partition(", in ")[0][-4:]
        assert found.text != name, short
        assert f" {year}" in found.text
        assert found.doi.lower() == (doi or found.doi).lower(), short
        first = re.split(r"[ ,]", name)[0].replace("oe", "ö")
        assert found.text.startswith(first)


def test_every_publication_is_cited():
    short = {text.partition(", doi:")[0].partition(", in ")[0] for text in cited()}
    assert set(PUBLICATIONS) | set(ON_BIAS) == short


def test_a_reference_that_is_not_known_stands_as_it_is():
    assert reference_of("Nobody 2020, doi:10.1000/1") == Reference("Nobody 2020", "10.1000/1")


def test_methods_and_reports_print_references_in_full(tmp_path):
    r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR")
    full = (
        "Knapp G, Hartung J. Improved tests for a random effects meta-regression with a single covariate. "
        "Statistics in Medicine 2003;22(17):2693-2710"
    )
    assert f"{full}, doi:10.1002/sim.1482" in mo.methods_text(r)
    page = mo.write_report(r, tmp_path / "r.html").read_text("utf-8")
    assert f'<li>{full}. <a rel="noreferrer" href="https://doi.org/10.1002/sim.1482">' in page
