"""Each vignette runs, as a script in an empty folder, and so asserts its numbers and draws its figures."""

import runpy
from pathlib import Path

import pytest

VIGNETTES = sorted((Path(__file__).parents[1] / "vignettes").glob("v*.py"))


SLOW = ("v10_figure_to_patients", "v15_figures_to_pool")


@pytest.mark.usefixtures("small_files")
@pytest.mark.parametrize(
    "path", [pytest.param(p, id=p.stem, marks=[pytest.mark.slow] if p.stem in SLOW else []) for p in VIGNETTES]
)
def test_vignette(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(path), run_name="__main__")
    figures = list((tmp_path / "figures").iterdir())
    assert figures
    assert all(figure.stat().st_size > 1000 for figure in figures)


def test_every_vignette_is_in_the_index_of_the_docs():
    index = (Path(__file__).parents[1] / "docs" / "vignettes.md").read_text("utf-8")
    assert VIGNETTES
    assert [path.name for path in VIGNETTES if f"`{path.name}`" not in index] == []
