"""How the site is built: ``sphinx-build -W docs docs/_build/html``."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(HERE.parent), os.environ.get("PYTHONPATH"))))
# the scripts of the pages, and this checkout for what runs in them
sys.path[:0] = [str(HERE), str(HERE / "ext"), str(HERE.parent)]

import make_gallery  # noqa: E402
from generate import benchmarks, columns, command_line, error_catalogue, reference, validation  # noqa: E402

import metaonc  # noqa: E402

for space in ("bias", "curves", "plot", "results", "sensitivity", "simulation", "survival"):
    sys.modules[f"metaonc.{space}"] = getattr(metaonc, space)  # documented by the names that users write

for generated in (reference, benchmarks, columns, command_line, error_catalogue, validation):
    for file, text in generated.pages().items():
        page = HERE / "reference" / file
        if not page.exists() or page.read_text(encoding="utf-8") != text:  # else pages are built anew each time
            page.write_text(text, encoding="utf-8")

project = "metaonc"
author = "metaonc contributors"
copyright = "metaonc contributors, MIT licence"
release = version = metaonc.__version__

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "links",
    "mathml",
    "notebooks",
    "records",
    "result_pages",
    "search_words",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = [
    "_build",
    "generate",
    "phrase_book",
    *(f"vignettes/*.{kind}" for kind in ("ipynb", "json", "py", "zip", "md5")),
]
templates_path = ["_templates"]

autosummary_generate = True
toc_object_entries_show_parents = "hide"  # a field or method by its own name beside the page
autodoc_typehints = "none"  # the docstrings give types, with shapes and units
numpydoc_show_class_members = False
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_execution_show_tb = nb_merge_streams = True
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = "metaonc"
html_baseurl = ""  # where the site is published, once it is: links of downloaded notebooks lead there
html_static_path = ["_static"]
html_css_files = ["metaonc.css"]
html_search_scorer = str(HERE / "search_scorer.js")
html_show_sourcelink = html_copy_source = False
html_sidebars = {"contributing": [], "changelog": []}  # which have no pages below them
html_theme_options = {"navigation_with_keys": False, "secondary_sidebar_items": ["page-toc"]}

MOVED = {"../../datasets/README.md": "../extraction.md", "../datasets/README.md": "extraction.md"}


sphinx_gallery_conf = {
    "examples_dirs": "../vignettes",
    "gallery_dirs": "vignettes",
    "filename_pattern": r"/v\d\d_",
    "download_all_examples": False,
    "within_subsection_order": "FileNameSortKey",
    "reset_modules": ("vignette_file.names_its_file", "matplotlib"),
    "show_memory": False,
    "write_computation_times": False,  # a page that would load a library from elsewhere
    "min_reported_time": 1e9,  # times are the machine's, not the reader's
}


R_DATA = (
    '`dat` are the effects of `dat.bcg` by `escalc(measure = "RR")`, `res` is `rma(yi, vi, data = dat, test = "knha")`.'
)


def with_code(text: str) -> str:
    """Return the page of the gallery with the code of each figure below it, and R's where it draws the same data."""
    in_r = make_gallery.beside_r()
    for name, code in make_gallery.codes().items():
        picture = f"(gallery/{name}.png)\n"
        shown = f":::{{dropdown}} Code\n```python\n{code}\n```\n:::\n"
        if name in in_r:
            picture_of_r = f"![The same data in R](beside_r/{name}.png)"
            shown += f"\n:::{{dropdown}} Beside R\n{picture_of_r}\n```r\n{in_r[name]}\n```\n{R_DATA}\n:::\n"
        text = text.replace(picture, f"{picture}\n{shown}")
    return text


def for_the_site(_app: object, page: str, source: list[str]) -> None:
    """Lead links that leave this folder to the pages of the site, and put the code of figures below them."""
    for there, here in MOVED.items():
        source[0] = source[0].replace(f"({there})", f"({here})")
    if page == "gallery":
        source[0] = with_code(source[0])


def setup(app) -> None:
    """Register what is done to each page."""
    app.connect("source-read", for_the_site)
