# Pools of all subsets by metafor 3.8-1, iterations run to the end. The trials are made up here.
# Run from the repository: Rscript tests/reference/gosh.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-13, maxiter = 10000, tol = 1e-13)
trials <- data.frame(yi = c(-0.42, -0.24, 0.1, -0.66, -0.05, 1.4), vi = c(0.0144, 0.0081, 0.04, 0.02, 0.03, 0.09))
found <- lapply(c("EE", "DL", "REML", "PM", "SJ"), function(method) {
  g <- gosh(rma(yi, vi, data = trials, method = method, control = tight), progbar = FALSE)
  list(method = method, incl = unname(g$incl) * 1, estimate = g$res$estimate, i2 = g$res$I2, tau2 = g$res$tau2, q = g$res$QE)
})
write_json(list(trials = trials, pools = found), "tests/reference/gosh.json", digits = NA, auto_unbox = TRUE, dataframe = "columns")
