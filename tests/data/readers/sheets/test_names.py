"""What people call columns, and what is understood of it."""

from __future__ import annotations

import pytest

from metaonc.data.readers.sheets.names import Name, name_of


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("HR", Name("hr")),
        ("Hazard.Ratio", Name("hr")),
        ("HR_CI_lower", Name("hr_low")),
        ("hr ucl", Name("hr_high")),
        ("PFS HR 95% UL", Name("hr_high", "pfs")),
        ("Low.CI", Name("low")),
        ("95% LCL", Name("low")),
        ("U95", Name("high")),
        ("untere Grenze", Name("low")),
        ("OS_95%CI_upper", Name("high", "os")),
        ("lnOR", Name("log_or")),
        ("SE(log HR)", Name("log_hr_se")),
        ("logHR.se", Name("log_hr_se")),
        ("seTE", Name("log_effect_se")),
        ("selogHR", Name("log_hr_se")),
        ("deaths_t", Name("events", "death", arm="t")),
        ("No. of patients", Name("n")),
        ("n (%)", Name("events")),
        ("Responders, n (%)", Name("events", responds=True)),
        ("n.c", Name("n", arm="c")),
        ("Events (treatment)", Name("events", arm="t")),
        ("Total 2", Name("n", arm="c", numbered=True)),
        ("e1", Name("events", arm="t", numbered=True)),
        ("drug_arm_event", Name("events", strange="drug")),
        ("Deaths, control", Name("events", "death", arm="c")),
        ("ORR (%)", Name("value", "orr")),
        ("mPFS (mo)", Name("median", "pfs")),
        ("Median_OS_Control", Name("median", "os", arm="c")),
        ("Median_OS_Control_CI_upper", Name("median_high", "os", arm="c")),
        ("PFS_INV_HR", Name("hr", "pfs", "investigator")),
        ("Study ID", Name("trial")),
        ("Estudio", Name("trial")),
        ("Endpoint", Name("outcome")),
    ],
)
def test_a_name_says_what_it_says(column, said):
    assert name_of(column) == said


@pytest.mark.parametrize(
    "column",
    [
        *("Cancer.Type", "year", "12-month OS", "Number at risk"),
        *("lot", "Weight", "I2", "HR_SE_p_0.25", "heart rate", "age (median)", "Größe", "X.1"),
    ],
)
def test_a_name_with_a_word_that_is_not_known_is_left_alone(column):
    assert name_of(column) is None
