"""The packaged collections audited: every finding is known, and each has its reason."""

from __future__ import annotations

import pytest

import metaonc as mo
from metaonc.data.audit import audit

_END = "printed so: the upper limit is the longest time observed, as the note of the row says"
_VISIT = "printed so: most patients progressed by the first scan at 1.8 months"
_MIXED = "trials differ in who judged"
_NO_N = "percentages printed without numbers of patients"
_LEFT = "the other level was not found"
_ENROLLED = "the trial enrolled, or analysed, patients of this status alone"
DOCUMENTED = {
    "lgsoc": {
        ("limit_is_follow_up", "ramp201-combo-all-dor-2024"): _END,
        ("limit_is_follow_up", "ramp201-combo-kras-mut-dor-2024"): _END,
        ("figures_copied", "ramp201-combo-kras-mut-dor-2024"): "printed as one interval for all and for KRAS mutant",
        ("subgroup_alone", "logs-trametinib-letrozole-pfs-2019"): "a post hoc subgroup; the others were not printed",
        ("subgroup_alone", "logs-trametinib-perk-high-pfs"): "only the patients with high pERK are in the abstract",
        ("subgroup_alone", "milo-binimetinib-mapk-alt-pfs"): "the ratio is altered to not altered within the arm",
        ("units_mixed", "mda2009-all-pfs"): "printed in weeks; pooling refuses mixed units",
        ("crude_and_kaplan_meier", "mda2012-all-pfs6"): "a Kaplan-Meier rate beside a crude one of another trial",
        ("interval_of_counts", "paragon-all-dcr6"): "61 % (43-75) fits no interval of 22/36: perhaps Kaplan-Meier",
        ("interval_method", "paragon-all-dcr3"): "23/36 (48-78) is a Wilson interval",
        ("assessors_mixed", "ramp201-combo-all-orr-2024"): _MIXED,
        ("assessors_mixed", "ramp201-combo-all-pfs-2024"): _MIXED,
        ("no_denominator", "ramp201-combo-kras-mut-dcr6-2024"): _NO_N,
        ("no_denominator", "logs-trametinib-mapk-alt-orr"): _NO_N,
        ("no_denominator", "paragon-all-dcr12"): "34 % fits no count of the 36 patients: n left blank",
        ("no_denominator", "milo-binimetinib-mapk-alt-orr"): _NO_N,
    },
    "defactinib": {
        ("limit_is_follow_up", "ramp201-combo-all-dor-2024"): _END,
        ("limit_is_follow_up", "ramp201-combo-kras-mut-dor-2024"): _END,
        ("figures_copied", "ramp201-combo-kras-mut-dor-2024"): "printed as one interval for all and for KRAS mutant",
        ("units_mixed", "gerber-all-pfs"): "printed in days, weeks and months; pooling refuses mixed units",
        ("interval_of_counts", "ncimatch-all-orr"): "0.16-14.86 has the lower limit of 1/31 and the upper of 1/30",
        ("no_denominator", "ramp201-combo-kras-mut-dcr6-2024"): _NO_N,
        ("no_denominator", "gerber-all-orr"): "one response, denominator not known",
        ("control_without_response", "shimizu-all-dcr24w"): "only stable disease is in the abstract",
        ("control_without_response", "infante-all-dcr"): "only stable disease is in the abstract",
    },
    "egfr_crc": {
        ("no_denominator", "nordic7-flox-all-orr"): _NO_N,
        ("subgroup_alone", "prime-panitumumab-rasbraf-wt-pfs"): _LEFT,
        ("subgroup_alone", "crystal-cetuximab-kras-wt-os24-label"): "the label prints the rates of wild-type alone",
        ("subgroup_alone", "20050181-panitumumab-kras-wt-pfs6-2010"): "the label prints the rate of wild-type alone",
        ("subgroup_alone", "pacce-panitumumab-kras-wt-os"): _LEFT,
        ("subgroup_alone", "cairo2-cetuximab-kras-mut-pfs"): _LEFT,
        ("limit_is_follow_up", "co17-cetuximab-kras-mut-pfs"): _VISIT,
        ("limit_is_follow_up", "co17-bsc-kras-mut-pfs"): _VISIT,
        ("figures_copied", "co17-bsc-kras-mut-pfs"): _VISIT,
        ("units_mixed", "20020408-panitumumab-kras-wt-pfs"): "printed in weeks; pooling refuses mixed units",
        ("assessors_mixed", "coin-cetuximab-kras-wt-pfs"): _MIXED,
        ("assessors_mixed", "coin-cetuximab-kras-wt-orr"): _MIXED,
        ("no_denominator", "prime-panitumumab-kras-wt-orr-2010"): _NO_N,
        ("no_denominator", "20050181-panitumumab-kras-wt-orr-2010"): _NO_N,
        ("subgroup_alone", "coin-cetuximab-kras-wt-pfs"): "the collection has the response and PFS of wild-type alone",
        ("subgroup_alone",
        "coin-cetuximab-kras-wt-5fu-pfs"): "a subgroup by chemotherapy; capecitabine was not printed",
        ("subgroup_alone", "piccolo-panitumumab-kras-wt-pfs-2013"): _ENROLLED,
        ("subgroup_alone", "20100007-panitumumab-kras-wt-pfs"): _ENROLLED,
        ("subgroup_alone", "20100007-panitumumab-ras-wt-pfs"): "of RAS mutant only survival was found",
        ("subgroup_alone", "20050181-panitumumab-ras-wt-orr"): "the response of RAS mutant was not found",
        ("subgroup_alone", "tailor-cetuximab-ras-wt-pfs"): _ENROLLED,
    },
    "egfr_v_bev": {
        ("subgroup_alone", "fire3-cetuximab-kras-wt-pfs"): _ENROLLED,
        ("subgroup_alone", "fire3-cetuximab-ras-wt-os"): _LEFT,
        ("subgroup_alone", "calgb80405-cetuximab-kras-wt-os"): _ENROLLED,
    },
    "g12c": {
        ("subgroup_alone", "krystal1-nsclc-cns-orr"): "the response of brain metastases; others have none",
        ("no_denominator", "krocus-orr"): _NO_N,
        ("no_denominator", "ramp203-doublet-orr"): _NO_N,
        ("assessors_mixed", "krystal1-crc-orr"): _MIXED,
        ("assessors_mixed", "krystal1-crc-pfs"): _MIXED,
        ("interval_method", "d1553-nsclc-orr"): "41-59 of 61/123 is not the exact 40-59",
    },
    "zhang2015": {
        ("ratio_off_centre", "mori-2010-her2-os"): "as compiled; the primary article was not read",
        ("ratio_off_centre", "togami-2012-her2-pfs"): "as compiled; the primary article was not read",
        ("ratio_off_centre", "mori-2010-her2-pfs"): "as compiled; the primary article was not read",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", mo.datasets().index)
def test_a_collection_is_silent_but_for_what_is_documented(name):
    collection = mo.load(name)
    found = audit(collection)
    rows = collection.evidence["row_id"]
    said = [(rule, rows[row]) for rule, row in zip(found["rule"], found["row"], strict=True)]
    assert sorted(said) == sorted(DOCUMENTED.get(name, {}))
    assert "error" not in set(found["severity"])
