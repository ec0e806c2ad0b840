"""A report as a user writes it, which the tests read as text and in a browser."""

import metaonc as mo

KRAS = {
    "trial": ["RAMP 201", "FRAME", "RAMP 201", "FRAME"],
    "kras": ["mutant", "mutant", "wild-type", "wild-type"],
    "events": [25, 7, 9, 4],
    "n": [57, 10, 52, 9],
}


def by_kras():
    return mo.pool_subgroups(KRAS, by="kras", using=mo.pool_glmm, events="events", n="n", study="trial")


def report(tmp_path, name="r.html", **options):
    collection = mo.load("lgsoc")
    rows = collection.evidence[collection.evidence["row_id"].str.contains("ramp201-combo-kras|frame-lgsoc-kras")]
    return mo.write_report(
        by_kras(),
        tmp_path / name,
        title="ORR by KRAS",
        question="Does response differ by KRAS status?",
        evidence=rows,
        sources=collection.sources,
        effect="ORR",
        **options,
    )
