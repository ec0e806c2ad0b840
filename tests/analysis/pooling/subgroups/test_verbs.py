"""What pools each subgroup is a function that returns a pooled effect, and has what it needs."""

import pytest

import metaonc as mo

ROWS = {"yi": [-0.5, -0.3, 0.1, -0.2], "vi": [0.04, 0.03, 0.05, 0.06], "g": list("aabb")}


@pytest.mark.parametrize(
    ("using", "says"),
    [
        ("pool", r"using='pool' is no function: give a function that pools, as in using=mo\.pool_glmm"),
        (None, "using=None is no function"),
        (lambda table, **options: 5, r"returned int, no pooled effect"),
        (mo.pool_multilevel, r"pool_multilevel needs levels=: give it beside using="),
        (mo.regress, "regress needs formula="),
    ],
)
def test_what_does_not_pool_is_refused_by_name(using, says):
    with pytest.raises(mo.OptionError, match=says):
        mo.pool_subgroups(ROWS, by="g", using=using)
