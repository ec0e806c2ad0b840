"""A report in a real browser: Chromium without a screen, where there is one."""

import io
import shutil

import pandas as pd
import pytest
from report_cases import by_kras, report

import metaonc as mo

api = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def browser():
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Return the report in a tab, and what the tab said and asked for; both must come to nothing."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab, said, asked = context.new_page(), [], []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    path = report(tmp_path)
    tab.goto(path.as_uri())
    yield tab
    context.close()
    assert said == []
    assert {url for url in asked if not url.startswith("data:")} == {path.as_uri()}


def column(tab, caption, number):
    return tab.get_by_role("table", name=caption).locator(f"tbody tr > :nth-child({number})").all_inner_texts()


def test_it_has_landmarks_a_named_figure_and_tables(opened):
    for role in ("banner", "navigation", "main"):
        assert opened.get_by_role(role).count() == 1
    figure = opened.get_by_role("img", name="Forest plot")
    assert figure.is_visible()
    box = figure.bounding_box()
    assert box["width"] > 300
    assert opened.get_by_role("table").count() >= 2
    assert opened.get_by_role("heading", level=1).inner_text() == "ORR by KRAS"


def test_a_table_sorts_by_number_with_pools_last_and_back(opened):
    name = "Numbers of the forest plot"
    before = column(opened, name, 4)
    head = opened.get_by_role("table", name=name).get_by_role("button").nth(3)
    head.click()
    rising = column(opened, name, 4)
    assert [text.split()[0] for text in rising[:4]] == ["17.3", "43.9", "44.4", "70.0"]
    assert rising[4:] == [text for text in before if text not in rising[:4]]
    assert opened.locator("th[aria-sort=ascending]").count() == 1
    head.click()
    assert [text.split()[0] for text in column(opened, name, 4)[:4]] == ["70.0", "44.4", "43.9", "17.3"]
    head.click()
    assert column(opened, name, 4) == before


def test_a_table_filters(opened):
    opened.get_by_label("Filter rows").first.fill("frame wild")
    shown = opened.get_by_role("table", name="Numbers of the forest plot").locator("tbody tr:visible")
    assert shown.all_inner_texts() == ["KRAS: wild-type\tFRAME\t4/9\t44.4 (13.7 to 78.8)"]
    assert opened.get_by_role("status").filter(has_text="1 of 10 rows").count() == 1
    opened.get_by_label("Filter rows").first.fill("")
    assert shown.count() == 10


def test_the_script_is_copied_and_the_data_are_downloaded(opened):
    opened.get_by_role("button", name="Copy the script").click()
    opened.get_by_text("Copied.").wait_for()
    assert opened.evaluate("navigator.clipboard.readText()") == str(by_kras().r_code())
    with opened.expect_download() as started:
        opened.get_by_role("link", name="result.csv").click()
    table = pd.read_csv(io.BytesIO(started.value.path().read_bytes()))
    assert list(table["estimate"]) == pytest.approx(list(by_kras().tidy(transform=True)["estimate"]))


def test_it_prints_whole(opened):
    pdfium = pytest.importorskip("pypdfium2")
    pages = pdfium.PdfDocument(opened.pdf())
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert len(pages) >= 2
    for words in ("Question", "RAMP 201", "rma.glmm", mo.__version__):
        assert words in text
    assert "Filter rows" not in text


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_light_and_dark(opened, scheme, dark):
    opened.emulate_media(color_scheme=scheme)
    colours = opened.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    paper, ink = (sum(map(int, colour[4:-1].split(","))) for colour in colours)
    assert (paper < ink) == dark


@pytest.mark.parametrize("width", [360, 1200])
def test_nothing_but_tables_and_figures_is_wider_than_the_window(opened, width):
    opened.set_viewport_size({"width": width, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
