"""Every way out that a message advises can be gone on the page: the options that it names have words there."""

import ast
import re
from pathlib import Path

import pytest

import metaonc
from metaonc.workflow.page.words import WORDS, of_lines, on_the_page

HOUSE = Path(metaonc.__file__).parent
# what a page runs: it reads, reconstructs and compares
PARTS = ("data/digitize", "data/curves", "analysis/survival/published.py", "workflow/page", "workflow/printed_check.py")
# options of messages that no page can show, and why
ELSEWHERE = {
    "ocr": "is checked where a user gives options: a page gives none",
    "arms": "of Digitized.to_curves, which no page calls",
    "labels": "is checked where a user gives options: a page gives none, and names curves in fields of its own",
    "level": "of an interval that a user states elsewhere: the field of the page says that its limits are 95 % ones",
    "sep": "of tables of points, which no page opens",
    "decimal": "of tables of points, which no page opens",
    "out": "of the command that opens a page",
    "html": "of the command that opens a page",
    "widget": "of the verb that opens a page",
}
FIELDS = {"x": ("x_axis", "x_ticks"), "y": ("y_axis", "y_ticks")}


def modules():
    for part in PARTS:
        path = HOUSE / part
        yield from [path] if path.suffix else path.rglob("*.py")


def named(tree):
    """Yield the names that option() and setting() are called with; of formatted ones, the part behind the axis."""
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("option", "setting")
        ):
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant):
            yield first.value
        elif isinstance(first, ast.JoinedStr):
            end = first.values[-1].value
            yield from (name for names in FIELDS.values() for name in names if name.endswith(end))


def test_every_option_that_a_message_names_has_words_on_the_page():
    found = {name for path in modules() for name in named(ast.parse(path.read_text(encoding="utf-8")))}
    assert {"n_curves", "colours", "x_ticks", "at_risk", "ci_low"} <= found
    assert found - set(WORDS) - set(ELSEWHERE) == set()


def test_no_message_names_an_option_of_python_by_hand():
    names = "|".join(sorted(WORDS, key=len, reverse=True))
    by_hand = re.compile(rf"\b({names})=(?=[\s,.;)])")
    said = []
    for path in modules():
        if path.name == "summary.py":  # of patients from printed numbers alone, which no page makes
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = [n for n in ast.walk(tree) if isinstance(n, (ast.Raise, ast.Return))]
        said += [
            (path.name, c.value)
            for node in texts
            for c in ast.walk(node)
            if isinstance(c, ast.Constant) and isinstance(c.value, str) and by_hand.search(c.value)
        ]
    assert said == []


@pytest.mark.parametrize("name", sorted(WORDS))
def test_words_of_the_page_are_no_options(name):
    assert on_the_page(name)
    for said in (on_the_page(name), of_lines(name)):
        assert not re.search(r"=|_|--", said)


def test_what_the_words_speak_of_is_on_the_page():
    static = HOUSE / "workflow" / "page" / "static"
    page = (static / "page.html").read_text(encoding="utf-8") + (static / "forms.js").read_text(encoding="utf-8")
    for word in ("Follow a line", "Mask", "Panel", "Patients n", "Events", "Median", "The y axis shows", "Control",
                 "Treatment", "Hazard ratio", "95 % from", "Times", "Censoring marks"):  # fmt: skip
        assert word in page
