"""What stands below bubble plots and posteriors: short, by the names in the figure, with what the picture rests on."""

import matplotlib.pyplot as plt
import pytest

import metaonc as mo

EFFECTS = {"trial": list("ABCDEFGHIJ"), "kras": [41, 38, 35, 45, 33, 47, 30, 44, 40, 36],
           "yi": [-0.478, -0.342, -0.598, -0.186, -0.545, -0.105, -0.713, -0.139, -0.274, -0.348],
           "vi": [0.026, 0.015, 0.041, 0.01, 0.047, 0.018, 0.072, 0.008, 0.029, 0.035]}  # fmt: skip


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def below(ax):
    return " ".join(text.get_text() for text in ax.get_figure(root=True).findobj(plt.Text) if text.get_text())


def test_a_bubble_plot_names_its_moderator_as_its_axis_does():
    result = mo.regress(EFFECTS, "~ kras", study="trial", measure="HR")
    assert any(caution.beside for caution in result.cautions)
    said = below(mo.plot.bubble(result, moderator_label="KRAS mutant, %"))
    assert "of KRAS mutant, %:" in said
    assert "Intercept" not in said


def test_a_posterior_says_both_priors():
    bayes = mo.pool_bayes(EFFECTS, study="trial", measure="HR", tau_prior=mo.HalfNormal(0.5))
    for parameter in ("mu", "tau"):
        assert f"Prior of the effect: flat; of τ: {mo.HalfNormal(0.5)}" in below(
            mo.plot.posterior(bayes, parameter=parameter)
        )
