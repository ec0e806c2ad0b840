"""How the site is built: ``sphinx-build -W docs docs/_build/html``."""

import sys
from pathlib import Path

import metaonc

sys.path.insert(0, str(Path(__file__).parent))  # where the pages' own scripts lie
for space in ("bias", "curves", "plot", "results", "sensitivity", "simulation", "survival"):
    sys.modules[f"metaonc.{space}"] = getattr(metaonc, space)  # documented by the names that users write

project = "metaonc"
author = "metaonc contributors"
copyright = "metaonc contributors, MIT licence"
release = version = metaonc.__version__

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "mathml",
    "sphinx_copybutton",
    "sphinx_design",
]
exclude_patterns = ["_build", "README.md"]
templates_path = ["_templates"]

autosummary_generate = True
autodoc_typehints = "none"  # the docstrings give types, with shapes and units
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = "metaonc"
html_static_path = ["_static"]
html_css_files = ["metaonc.css"]
html_show_sourcelink = html_copy_source = False
html_theme_options = {"navigation_with_keys": False, "show_prev_next": True, "secondary_sidebar_items": ["page-toc"]}
