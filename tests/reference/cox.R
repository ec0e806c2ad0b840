# Hazard ratios of two arms for metaonc.survival.hazard_ratio, by R's survival package.
# Writes cox.json beside this file: Rscript tests/reference/cox.R
library(survival)
library(jsonlite)

set.seed(20)
cases <- list(
  lung_sex = data.frame(time = lung$time, event = lung$status - 1, arm = lung$sex - 1),
  veteran_trt = data.frame(time = veteran$time, event = veteran$status, arm = veteran$trt - 1),
  leukemia = data.frame(time = leukemia$time, event = leukemia$status, arm = as.integer(leukemia$x == "Nonmaintained")),
  # months only, so that nearly every event is tied; arms of unequal size
  heavy_ties = data.frame(
    time = ceiling(c(rexp(40, 0.25), rexp(110, 0.4))), event = rbinom(150, 1, 0.8), arm = rep(1:0, c(40, 110))
  ),
  # all die at one of two times; one arm outlives the other; 0.3 and 0.3 + 4e-10 are one time
  edges = data.frame(
    time = c(0, 0.3, 0.3 + 4e-10, 1, 1, 1, 2, 2, 5, 6, 0.3, 1, 1, 1, 2, 2),
    event = c(1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1), arm = rep(c(1, 0), c(10, 6))
  ),
  # far from no effect: one control event among many of treatment
  nearly_separated = data.frame(
    time = c(1:30, 28.5, 31:60), event = c(rep(1, 30), 1, rep(0, 30)), arm = c(rep(1, 30), rep(0, 31))
  ),
  # every event is of treatment while controls are at risk: no finite maximum
  separated = data.frame(time = c(1, 2, 3, 4, 5, 6), event = c(1, 1, 0, 0, 0, 0), arm = c(1, 1, 1, 0, 0, 0))
)

fit <- function(data, ties) {
  # converged: to where steps change the likelihood by nothing; the warning of infinite coefficients is the point
  model <- suppressWarnings(
    coxph(Surv(time, event) ~ arm, data = data, ties = ties, control = coxph.control(eps = 1e-14, iter.max = 100))
  )
  c(unname(coef(model)), sqrt(vcov(model)[1, 1]))
}

one_case <- function(data) {
  test <- survdiff(Surv(time, event) ~ arm, data = data)
  list(
    data = as.list(data), efron = fit(data, "efron"), breslow = fit(data, "breslow"),
    ci = { b <- fit(data, "efron"); b[1] + c(-1, 1) * qnorm(0.95) * b[2] },
    p = { b <- fit(data, "efron"); 2 * pnorm(-abs(b[1] / b[2])) },
    n = as.vector(test$n), events = as.vector(test$obs),
    o_minus_e = test$obs[2] - test$exp[2], v = test$var[2, 2], chi2 = test$chisq,
    logrank_p = pchisq(test$chisq, 1, lower.tail = FALSE)
  )
}

# Points of the curves of lung by sex and of leukemia (one interval there is without deaths in one arm), and what
# the interval formulas make of them, written out interval by interval.
on_curves <- function(data, times, follow_up) {
  arm <- function(a) {
    s <- summary(survfit(Surv(time, event) ~ 1, data = data[data$arm == a, ]), times = times, extend = TRUE)
    list(s = s$surv, n = s$n.risk)
  }
  arms <- list(arm(1), arm(0))
  at_risk_route <- function(x, i) {
    sum_n <- x$n[i] + x$n[i + 1]
    sum_s <- x$s[i] + x$s[i + 1]
    c(sum_n * (x$s[i] - x$s[i + 1]) / sum_s, sum_n * x$s[i] / sum_s)
  }
  follow_up_route <- function(x) {
    risk <- x$n[1]
    rows <- NULL
    for (i in seq_len(length(times) - 1)) {
      f <- if (times[i + 1] <= follow_up[1]) 0
        else if (times[i] >= follow_up[1]) (times[i + 1] - times[i]) / (follow_up[2] - times[i])
        else (times[i + 1] - follow_up[1]) / (follow_up[2] - follow_up[1])
      half <- risk * f / 2
      effective <- risk - half
      deaths <- effective * (x$s[i] - x$s[i + 1]) / x$s[i]
      rows <- rbind(rows, c(deaths, effective))
      risk <- risk - 2 * half - deaths
    }
    rows
  }
  pooled <- function(t, c) {
    t[t[, 1] == 0, 1] <- 1e-6
    c[c[, 1] == 0, 1] <- 1e-6
    y <- log(t[, 1] / t[, 2] / (c[, 1] / c[, 2]))
    v <- 1 / t[, 1] - 1 / t[, 2] + 1 / c[, 1] - 1 / c[, 2]
    c(weighted.mean(y, 1 / v), sqrt(1 / sum(1 / v)))
  }
  intervals <- seq_len(length(times) - 1)
  by_n <- lapply(arms, function(x) t(sapply(intervals, function(i) at_risk_route(x, i))))
  by_f <- lapply(arms, follow_up_route)
  list(
    time = times, survival_t = arms[[1]]$s, survival_c = arms[[2]]$s, at_risk_t = arms[[1]]$n, at_risk_c = arms[[2]]$n,
    follow_up = follow_up, numbers_at_risk = pooled(by_n[[1]], by_n[[2]]), by_follow_up = pooled(by_f[[1]], by_f[[2]])
  )
}

out <- list(
  curves = list(
    lung_sex = on_curves(cases$lung_sex, c(0, 50, 100, 150, 200, 250, 300, 350, 400, 500, 600, 750), c(180, 1030)),
    leukemia = on_curves(cases$leukemia, c(0, 8, 12, 15, 22, 26, 31, 40), c(10, 165))
  ),
  made_by = paste("R", getRversion(), "survival", packageVersion("survival")),
  cases = lapply(cases, one_case)
)
root <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
write_json(out, file.path(dirname(root), "cox.json"), digits = I(17), na = "null", auto_unbox = TRUE)
