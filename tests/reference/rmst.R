# Restricted mean survival times and their standard errors by R's survival package.
# Writes rmst.json beside this file: Rscript tests/reference/rmst.R
suppressMessages({library(survival); library(jsonlite)})
cases <- list(
  lung_sex = data.frame(time = lung$time, status = lung$status - 1, group = lung$sex),
  veteran_trt = data.frame(time = veteran$time, status = veteran$status, group = veteran$trt),
  # the last patient dies, so that S = 0; a death at the very end of the range; ties
  ends = data.frame(time = c(1, 2, 2, 3, 4, 5, 5, 6), status = c(1, 1, 0, 1, 0, 1, 1, 1), group = 1)
)
taus <- list(lung_sex = c(180, 365, 700), veteran_trt = c(100, 500), ends = c(2, 2.5, 5, 6, 8))
out <- lapply(names(cases), function(name) {
  d <- cases[[name]]
  rows <- do.call(rbind, lapply(sort(unique(d$group)), function(g) do.call(rbind, lapply(taus[[name]], function(tau) {
    t <- summary(survfit(Surv(time, status) ~ 1, data = d[d$group == g, ]), rmean = tau)$table
    data.frame(group = g, tau = tau, rmst = t[["rmean"]], se = t[["se(rmean)"]])
  }))))
  list(data = d, rows = rows)
})
names(out) <- names(cases)
write_json(out, "tests/reference/rmst.json", digits = NA, dataframe = "columns", auto_unbox = TRUE)
