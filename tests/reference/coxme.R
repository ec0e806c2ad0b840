# Random treatment effects by coxme, of the trials of one_stage.json: stratified by trial, at given variances, without each
# trial; with shared frailty beside them, independent and correlated. coxme is not in Debian 12; R_LIBS names where it is.
# Writes coxme.json beside this file: R_LIBS=FOLDER Rscript tests/reference/coxme.R
suppressMessages({library(survival); library(coxme); library(jsonlite)})
d <- as.data.frame(fromJSON("tests/reference/one_stage.json")$data)
told <- function(f) list(b = unname(fixef(f)), se = sqrt(as.matrix(vcov(f))[1, 1]), loglik = unname(f$loglik),
                         variance = unname(unlist(VarCorr(f))))
random <- function(x, ...) coxme(Surv(time, event) ~ arm + (0 + arm | trial) + strata(trial), data = x, ...)
out <- list()
for (ties in c("efron", "breslow")) out[[ties]] <- told(random(d, ties = ties))
out$at <- lapply(c(0.001, 0.02, 0.1, 0.5), function(v) c(list(tau2 = v), told(random(d, vfixed = v))))
names <- unique(d$trial)
out$without <- lapply(setNames(names, names), function(i) told(random(d[d$trial != i, ])))
out$frailty <- told(coxme(Surv(time, event) ~ arm + (1 | trial), data = d))
out$both <- told(coxme(Surv(time, event) ~ arm + (1 | trial) + (0 + arm | trial), data = d))
# from its own start coxme ends at a correlation of -0.9999, 0.28 of log likelihood below where it ends from another
start <- list(0.15, -0.9, 0.25)  # variance of baselines, correlation, variance of effects
out$correlated <- told(coxme(Surv(time, event) ~ arm + (1 + arm | trial), data = d, vinit = start))
out$correlated_from_its_start <- told(coxme(Surv(time, event) ~ arm + (1 + arm | trial), data = d))
out$versions <- lapply(c(survival = "survival", coxme = "coxme", bdsmatrix = "bdsmatrix"), function(p) as.character(packageVersion(p)))
out$versions$R <- as.character(getRversion())
write_json(out, "tests/reference/coxme.json", digits = NA, auto_unbox = TRUE)
