"""Refuse a layer of which too few lines are run by the tests: ``python tests/coverage_by_layer.py coverage.json``."""

import json
import sys
from collections import Counter
from pathlib import Path

LEAST = {"base": 0.98, "data": 0.95, "analysis": 0.98, "report": 0.98, "workflow": 0.97, "cli": 0.98}


def shares(files: dict[str, dict[str, dict[str, int]]]) -> dict[str, float]:
    """Return the share of lines run in each layer."""
    run: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for name, found in files.items():
        parts = Path(name).parts
        layer = parts[parts.index("metaonc") + 1]
        run[layer] += found["summary"]["covered_lines"]
        lines[layer] += found["summary"]["num_statements"]
    return {layer: run[layer] / lines[layer] for layer in LEAST}


if __name__ == "__main__":
    found = shares(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["files"])
    print("\n".join(f"{layer:10} {share:.1%} (at least {LEAST[layer]:.0%})" for layer, share in found.items()))
    if short := [layer for layer, share in found.items() if share < LEAST[layer]]:
        raise SystemExit(f"too few lines run in {', '.join(short)}")
