"""References of methods texts: what the docstrings of the methods cite, and no more."""

from __future__ import annotations

REFERENCES = {
    "MH": "Mantel and Haenszel 1959, doi:10.1093/jnci/22.4.719",
    "PETO": "Yusuf et al. 1985, doi:10.1016/s0033-0620(85)80003-7",
    "GLMM": "Stijnen, Hamza and Ozdemir 2010, doi:10.1002/sim.4040",
    "Bayes": "Roever 2020, doi:10.18637/jss.v093.i06",
    "multilevel": "Konstantopoulos 2011, doi:10.1002/jrsm.35",
    "robust": "Pustejovsky and Tipton 2022, doi:10.1007/s11121-021-01246-3",
    "interaction": "Fisher et al. 2017, doi:10.1136/bmj.j573",
    "floating": "Godolphin et al. 2023, doi:10.1002/jrsm.1590",
    "multivariate": "Berkey et al. 1998",
    "signs": "Follmann and Proschan 1999, doi:10.1111/j.0006-341x.1999.00732.x",
    "orders": "Higgins and Thompson 2004, doi:10.1002/sim.1752",
    "hazard ratios": "Tierney 2007, doi:10.1186/1745-6215-8-16",
}
