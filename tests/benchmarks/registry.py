"""Print what reading records of a registry costs: ``python tests/benchmarks/registry.py [--records 1000]``.

Processor time, the least of three rounds: a machine that does other work changes it less than the time of a clock. The
records are made up: ten measures each, of which three are outcomes of ours, as records of trials in cancer have them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from data.readers.registry_records import analysis, categories, klass, measure, record

import metaonc as mo

LONG = "Time from randomization to progression or death of any cause, as assessed by the investigator. " * 8
TITLES = (
    *("Number of Participants With Adverse Events", "Change From Baseline in QLQ-C30", "Serum Concentration of Drug"),
    *("Time to Progression", "Pathologic Complete Response", "Duration of Neutropenia", "Event-Free Survival"),
)


def made(i: int) -> str:
    """Return one record as JSON."""
    medians = klass(("12.1", "10", "15"), ("8.2", "7", "9.5"))
    ratio = analysis("0.66", "0.5", "0.87", pValue="0.003", groupDescription="Drug versus Control")
    outcomes = [
        measure(f"Progression-Free Survival {i}", "Months", "MEDIAN", medians, analyses=[ratio], description=LONG),
        measure("Overall Survival", "Months", "MEDIAN", medians, description=LONG),
        measure(
            "Best Overall Response",
            "Participants",
            "COUNT_OF_PARTICIPANTS",
            categories(CR=("4", "1"), PR=("30", "20"), SD=("40", "50"), PD=("26", "19")),
            description=LONG,
        ),
    ]
    others = [measure(f"{title} {i}", "units", "MEAN", klass("1", "2"), description=LONG) for title in TITLES]
    events = [
        {"term": f"Event {k}", "stats": [{"groupId": "EG000", "numAffected": k, "numAtRisk": 100}]} for k in range(150)
    ]
    whole = record(*outcomes, *others, nct=f"NCT{i:08}")
    whole["resultsSection"]["adverseEventsModule"] = {"otherEvents": events}
    return json.dumps(whole)


def main() -> None:
    """Time the reader."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=1000)
    count = parser.parse_args().records
    with tempfile.TemporaryDirectory() as folder:
        size = 0
        for i in range(count):
            size += Path(folder, f"NCT{i:08}.json").write_text(made(i), "utf-8")
        mo.read_ctgov(Path(folder, "NCT00000000.json"))  # imports
        rounds = []
        for _ in range(3):
            start = time.process_time()
            registry = mo.read_ctgov(folder)
            rounds.append(time.process_time() - start)
    print(f"{count} records, {size / 1e6:.1f} MB, {len(registry)} rows: {min(rounds):.2f} s of processor time")


if __name__ == "__main__":
    main()
