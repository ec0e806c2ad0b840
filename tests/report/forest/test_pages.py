"""Forest plots over several pages."""

import pytest
from figure_checks import assert_readable, visible_texts
from forest_cases import assert_panel_is_free, made, squares, texts

from metaonc.errors import OptionError
from metaonc.report.forest.figure import forest_pages
from metaonc.report.forest.rows import forest_rows
from metaonc.report.journals import JOURNALS
from metaonc.report.style import MM


@pytest.mark.parametrize(("k", "groups"), [(40, 3), (150, 12)])
@pytest.mark.parametrize("journal", JOURNALS)
@pytest.mark.slow
def test_all_trials_stand_once_on_pages_that_are_not_too_high(journal, k, groups):
    result = made("HR by group", k, groups=groups)
    panels = forest_pages(forest_rows(result, journal=journal), height=180, favours=("Treatment", "Control"))
    assert len(panels) > 1
    names = [text for ax in panels for text in texts(ax) if text.startswith("Trial ")]
    assert sorted(names) == sorted(f"Trial {i + 1}" for i in range(k))
    assert sum(len(squares(ax)) for ax in panels) == k
    for ax in panels:
        assert ax.figure.get_size_inches()[1] <= 180 * MM + 1e-9
        assert ax.get_xlim() == panels[0].get_xlim()
        assert JOURNALS[journal].study.split()[0] in " ".join(texts(ax))
        assert {"← Treatment", "Control →"} <= set(texts(ax))
        assert_readable(ax.figure)
        assert_panel_is_free(ax)


def test_squares_have_one_scale_over_all_pages():
    result = made("HR", 60)
    (one,), many = forest_pages(result, height=2000), forest_pages(result, height=120)
    together = [size for ax in many for size in squares(ax).values()]
    assert together == list(squares(one).values())


def test_subgroups_go_on_with_their_heading_and_pools_stay_with_a_trial():
    result = made("HR by group", 60, groups=2)
    panels = forest_pages(result, height=120)
    assert sum("KRAS: level 0 (continued)" in texts(ax) for ax in panels) >= 1
    for ax in panels:
        boxes = {text.get_text(): box for text, box in visible_texts(ax.figure) if text in ax.texts}
        subtotal = [box for text, box in boxes.items() if text.startswith("Subtotal")]
        trials = [box for text, box in boxes.items() if text.startswith("Trial ")]
        assert all(any(trial.y0 > box.y0 for trial in trials) for box in subtotal)


def test_footnotes_are_on_the_last_page_and_every_page_has_its_number():
    panels = forest_pages(made("HR", 60), height=120)
    for n, ax in enumerate(panels, start=1):
        assert f"Page {n} of {len(panels)}." in texts(ax)
        assert any(text.startswith("Random effects (REML)") for text in texts(ax)) == (n == len(panels))


def test_the_dotted_line_runs_through_to_the_diamond():
    first, *_, last = forest_pages(made("HR", 60), height=120)
    for ax, ends in ((first, "body"), (last, "diamond")):
        (((_, top), (_, bottom)),) = ax.collections[0].get_segments()
        assert top == 0
        assert (bottom == max(ax.get_ylim())) == (ends == "body")


def test_what_fits_on_one_page_is_one_page_without_a_number():
    (ax,) = forest_pages(made("HR", 5))
    assert not any(text.startswith("Page") for text in texts(ax))


@pytest.mark.parametrize("kind", ["HR", "HR by group"])
def test_the_height_that_is_asked_for_is_enough(kind):
    result = made(kind, 30, groups=3)
    with pytest.raises(OptionError, match=r"pages 40 mm high are too low .* make them \d+ mm") as caught:
        forest_pages(result, height=40)
    need = float(str(caught.value).split("make them ")[1].split(" mm")[0])
    for ax in forest_pages(result, height=need):
        assert_readable(ax.figure)
