# What would overturn a pool, by metafor 3.8-1 and R's uniroot; pools without each pair of trials. The trials are made up
# here. Run from the repository: Rscript tests/reference/overturning.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-13, maxiter = 10000, tol = 1e-13)
trials <- data.frame(trial = c("Ash", "Beech", "Cork", "Dogwood", "Elder", "Fig"),
                     yi = c(-0.52, -0.31, -0.11, -0.66, -0.24, -0.37), vi = c(0.021, 0.013, 0.04, 0.05, 0.018, 0.033))
fit <- function(y, v, method, test) rma(y, v, method = method, test = test, control = tight)
pairs <- combn(nrow(trials), 2, simplify = FALSE)
left <- lapply(list(c("REML", "knha"), c("DL", "z")), function(m) {
  found <- t(sapply(pairs, function(p) { r <- fit(trials$yi[-p], trials$vi[-p], m[1], m[2])
    c(estimate = c(r$beta), se = r$se, ci_low = r$ci.lb, ci_high = r$ci.ub, p_value = r$pval, tau2 = r$tau2, i2 = r$I2) }))
  list(method = m[1], test = m[2], names = sapply(pairs, function(p) paste(trials$trial[p], collapse = " and ")),
       pools = as.data.frame(found))
})
# the effect of a trial of so many events with which the upper limit is 0: the first one from the estimate upwards
tip <- lapply(list(c("REML", "knha"), c("DL", "z"), c("CE", "z")), function(m) {
  r <- fit(trials$yi, trials$vi, m[1], m[2])
  effect <- sapply(c(40, 160, 640), function(events) {
    upper <- function(y) fit(c(trials$yi, y), c(trials$vi, 4 / events), m[1], m[2])$ci.ub
    at <- c(r$beta) + seq(0, 12, 0.05)
    first <- which(sapply(at, upper) >= 0)[1]
    uniroot(upper, at[c(first - 1, first)], tol = 1e-14)$root
  })
  list(method = m[1], test = m[2], events = c(40, 160, 640), effect = effect)
})
null_size <- uniroot(function(log_e) fit(c(trials$yi, 0), c(trials$vi, 4 / exp(log_e)), "CE", "z")$ci.ub, c(2, 12), tol = 1e-14)
# responders of a further single arm with which the lower limit falls to 20 % or below, every number tried
arms <- data.frame(x = c(18, 12, 25, 9), n = c(50, 41, 66, 30))
es <- escalc("PLO", xi = x, ni = n, data = arms)
responders <- sapply(c(20, 60, 200), function(n) {
  low <- sapply(0:n, function(x) { e <- escalc("PLO", xi = c(arms$x, x), ni = c(arms$n, n))
    fit(e$yi, e$vi, "REML", "knha")$ci.lb })
  expected <- round(n * plogis(c(fit(es$yi, es$vi, "REML", "knha")$beta)))
  below <- which(low[seq_len(expected + 1)] <= qlogis(0.2))
  if (length(below)) max(below) - 1 else NA
})
write_json(list(trials = trials, left = left, tip = tip, null_size = exp(null_size$root), arms = arms,
                sizes = c(20, 60, 200), responders = responders),
           "tests/reference/overturning.json", digits = NA, auto_unbox = TRUE, dataframe = "columns")
