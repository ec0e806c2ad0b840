# Delayed entry (left truncation) in Kaplan-Meier curves and Cox's model, and quantiles of survival, by R's survival.
# Writes delayed_entry.json beside this file: Rscript tests/reference/delayed_entry.R
suppressPackageStartupMessages({library(survival); library(jsonlite)})

set.seed(4711)
late <- function(n, whole = FALSE) {
  entry <- if (whole) sample(0:9, n, TRUE) else round(rexp(n, 0.2), 3)
  time <- entry + if (whole) sample(1:15, n, TRUE) else round(rexp(n, 0.1), 3) + 0.001
  data.frame(entry = entry, time = time, event = rbinom(n, 1, 0.7), arm = sample(c("new", "old"), n, TRUE))
}
cases <- list(
  continuous = late(90),
  # entries and ends at the same whole months: who enters at t is not at risk at t
  ties = late(36, TRUE),
  # all are there from the start: as without entry
  none = transform(late(40), entry = 0),
  # the first two die before others enter: S is 0 for good
  early_zero = data.frame(entry = c(0, 0, 2, 5, 6, 1), time = c(1, 2, 3, 8, 9, 1.5), event = c(1, 1, 1, 1, 0, 1), arm = "x"),
  # nobody is at risk between 0 and 1, and between 3 and 5
  gaps = data.frame(entry = c(1, 1, 2, 5, 6), time = c(3, 2, 3, 8, 9), event = c(1, 0, 0, 1, 0), arm = "x"),
  # 0.3 and 0.1 + 0.2 are one time
  rounding = data.frame(entry = c(0, 0.1 + 0.2, 0.1, 0, 0.3), time = c(0.3, 1, 0.1 + 0.2, 1, 2), event = c(1, 1, 1, 0, 1), arm = "x")
)
plain <- list(
  lung = data.frame(time = lung$time, event = lung$status - 1),
  half = data.frame(time = c(1, 2, 3, 4), event = c(1, 1, 0, 1)),       # flat at 0.5
  tail = data.frame(time = c(1, 2, 3, 4, 6), event = c(1, 1, 1, 0, 0)), # flat at 0.4 to the end
  quarters = data.frame(time = 1:8, event = 1),
  thirds = data.frame(time = c(1, 2, 2, 4, 5, 7, 7, 9, 11), event = c(1, 1, 0, 1, 0, 1, 1, 0, 1)),
  begun = data.frame(time = c(1, 2, 3, 4, 5), event = c(0, 1, 0, 1, 0))
)
probs <- c(0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.875, 1)
types <- c("log-log", "log", "plain")

of <- function(formula, data) lapply(setNames(types, types), function(type) {
  fit <- survfit(formula, data = data, conf.type = type)
  q <- quantile(fit, probs)
  m <- summary(fit)$table
  list(steps = list(time = fit$time, n_risk = fit$n.risk, n_event = fit$n.event, n_censor = fit$n.censor,
                    survival = fit$surv, se = fit$surv * fit$std.err, ci_low = fit$lower, ci_high = fit$upper),
       quantile = unname(q$quantile), ci_low = unname(q$lower), ci_high = unname(q$upper),
       median = unname(m[c("median", "0.95LCL", "0.95UCL")]))
})
cox <- function(data) {
  data$group <- factor(data$arm, levels = c("old", "new"))
  fits <- lapply(c(efron = "efron", breslow = "breslow"), function(ties) {
    fit <- coxph(Surv(entry, time, event) ~ group, data = data, ties = ties,
                 control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100))
    list(estimate = unname(coef(fit)), se = sqrt(fit$var[1, 1]))
  })
  # survdiff takes right censoring only; the score test with exact ties has the hypergeometric variance of the log-rank
  c(fits, logrank_chi2 = coxph(Surv(entry, time, event) ~ group, data = data, ties = "exact")$score)
}
out <- list(
  probs = probs,
  entry = lapply(cases, function(d) c(list(data = as.list(d)), of(Surv(entry, time, event) ~ 1, d))),
  cox = lapply(cases[c("continuous", "ties", "none")], cox),
  plain = lapply(plain, function(d) c(list(data = as.list(d)), of(Surv(time, event) ~ 1, d))),
  rmst = lapply(cases[c("continuous", "ties")], function(d) {
    t <- summary(survfit(Surv(entry, time, event) ~ 1, data = d), rmean = 9)$table
    unname(t[c("rmean", "se(rmean)")])
  })
)
write_json(out, "tests/reference/delayed_entry.json", digits = I(17), na = "string", auto_unbox = TRUE, pretty = FALSE)
