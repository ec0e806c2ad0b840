# Case deletion diagnostics and BLUPs by metafor 3.8-1, iterations run to the end.
# Trials are made up here, but for the BCG trials (Colditz et al. 1994, JAMA 271:698), risk ratios.
# Run from the repository: Rscript tests/reference/case_deletion.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-13, maxiter = 10000, tol = 1e-13)
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
small <- data.frame(yi = c(-0.42, -0.24, 0.1, -0.66, -0.05, -0.31, 1.4), vi = c(0.0144, 0.0081, 0.04, 0.02, 0.03, 0.05, 0.09),
                    line = c(1, 2, 2, 3, 1, 3, 2), kras = c(0, 0, 1, 1, 0, 1, 1))
told <- function(fit) {
  i <- influence(fit)
  b <- blup(fit)
  s <- i$inf
  list(rstudent = s$rstudent, dffits = s$dffits, cook_d = s$cook.d, cov_ratio = s$cov.r, tau2 = s$tau2.del, q = s$QE.del,
       hat = s$hat, weight = s$weight, dfbetas = unname(do.call(cbind, unclass(i$dfbs)[seq_len(fit$p)])), flagged = unname(i$is.infl),
       blup = list(estimate = b$pred, se = b$se, ci_low = b$pi.lb, ci_high = b$pi.ub))
}
pools <- list()
for (set in c("bcg", "small")) for (method in c("EE", "DL", "REML", "PM", "SJ")) for (test in c("z", "t", "knha", "adhoc")) {
  d <- get(set)
  fit <- rma(yi, vi, data = d, method = method, test = test, control = tight)
  pools[[length(pools) + 1]] <- c(list(set = set, method = method, test = test), told(fit))
}
known <- rma(yi, vi, data = small, tau2 = 0.05, test = "z")
regressions <- list()
for (method in c("EE", "DL", "REML")) for (test in c("z", "knha")) {
  fit <- rma(yi, vi, mods = ~ line + kras, data = small, method = method, test = test, control = tight)
  regressions[[length(regressions) + 1]] <- c(list(set = "small", mods = c("line", "kras"), method = method, test = test), told(fit))
  fit <- rma(yi, vi, mods = ~ ablat + year, data = bcg, method = method, test = test, control = tight)
  regressions[[length(regressions) + 1]] <- c(list(set = "bcg", mods = c("ablat", "year"), method = method, test = test), told(fit))
}
sets <- list(bcg = list(yi = c(bcg$yi), vi = bcg$vi, ablat = bcg$ablat, year = bcg$year), small = small)
write_json(list(sets = sets, pools = pools, known = told(known), regressions = regressions), "tests/reference/case_deletion.json",
           digits = NA, auto_unbox = TRUE, dataframe = "columns")
