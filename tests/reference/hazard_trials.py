"""Patients reconstructed from published figures (kmdata), and R's hazard ratios of these trials by each route.

Cox models, log-rank tests and the formulas of Parmar 1998 and Tierney 2007 were run on them in R (survival 3.5-3).
"""

import json
from pathlib import Path

import numpy as np

RTOL = 1e-9  # R's p-values, from which z comes, were written with 15 digits, of which the tail keeps ten or more
Z = 1.959963984540054
TRIALS = Path(__file__).parents[2].parent / "shared" / "survival_refs" / "A1_loghr_extraction_expected.json"

# panitumumab with FOLFIRI (20050181), progression-free survival, KRAS wild type and mutant together
PANITUMUMAB = {
    "n1": 303, "n0": 294, "e1": 280, "e0": 271, "cox": [-0.200476574334817, 0.085366339724214],
    "logrank": {"OE": -26.5060371356757, "V": 133.510937659191, "O1": 280, "E1": 306.506037135676, "O0": 271,
                "E0": 244.493962864324, "p": 0.0217926331240679},
    "peto": [-0.198530829012202, 0.0865449192402218], "ratio_OE": [-0.193376053060995, 0.0857476473085521],
    "p_V_from_e1e0": [-0.195478283763683, 0.085214232800616], "p_V_E4": [-0.195452205461525, 0.085202864568461],
    "p_V_n": [-0.195474419164965, 0.0852125481182642], "median_exp": [-0.299003876874153, 0.085214232800616],
}  # fmt: skip
# TAS-102 v placebo (RECOURSE), overall survival: two patients to one, where 4/E makes the error too small
RECOURSE = {
    "n1": 534, "n0": 266, "e1": 364, "e0": 211, "cox": [-0.383736961155633, 0.0866493289254944],
    "logrank": {"OE": -48.1188973705248, "V": 116.35336636368, "O1": 364, "E1": 412.118897370525, "O0": 211,
                "E0": 162.881102629475, "p": 8.16016847338119e-06},
    "peto": [-0.413558274026399, 0.0927065722185831], "ratio_OE": [-0.38299565648576, 0.0925523195280032],
    "p_V_from_e1e0": [-0.385983014381082, 0.0865250786774779], "p_V_E4": [-0.372067952135149, 0.0834057656228299],
    "p_V_n": [-0.394885155816598, 0.0885206548023528], "median_exp": [-0.289415797781868, 0.0865250786774779],
}  # fmt: skip
PINNED = {"panitumumab": PANITUMUMAB, "RECOURSE": RECOURSE}
ALL = json.loads(TRIALS.read_text())["results"] if TRIALS.exists() else {}

# name in the reference -> columns of the route, from the trial's numbers
ROUTES = {
    "cox": ("interval", lambda t: {"hr": np.exp(t["cox"][0]), "ci_low": np.exp(t["cox"][0] - Z * t["cox"][1]),
                                   "ci_high": np.exp(t["cox"][0] + Z * t["cox"][1])}),
    "peto": ("O - E and V", lambda t: {"o_minus_e": t["logrank"]["OE"], "v": t["logrank"]["V"]}),
    "ratio_OE": ("observed and expected", lambda t: {
        "observed_t": t["logrank"]["O1"], "expected_t": t["logrank"]["E1"],
        "observed_c": t["logrank"]["O0"], "expected_c": t["logrank"]["E0"]}),
    "p_V_from_e1e0": ("p and events of each arm", lambda t: {
        "p": t["logrank"]["p"], "sign": np.sign(t["logrank"]["OE"]), "events_t": t["e1"], "events_c": t["e0"]}),
    "p_V_E4": ("p and events, 1:1", lambda t: {
        "p": t["logrank"]["p"], "sign": np.sign(t["logrank"]["OE"]), "events": t["e1"] + t["e0"]}),
    "p_V_n": ("p, events and allocation", lambda t: {
        "p": t["logrank"]["p"], "sign": np.sign(t["logrank"]["OE"]), "events": t["e1"] + t["e0"],
        "n_t": t["n1"], "n_c": t["n0"]}),
    "median_exp": ("medians and events", lambda t: {
        "median_t": 10.0, "median_c": 10.0 * np.exp(t["median_exp"][0]), "events_t": t["e1"], "events_c": t["e0"]}),
}  # fmt: skip
