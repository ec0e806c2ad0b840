# Risk of bias and certainty, by metafor 3.8-1 and R's stats: pools by level of risk and the test between them, sizes of
# one trial, absolute effects with the quantiles of draws. The trials are made up here. Run from the repository:
# Rscript tests/reference/certainty.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-13, maxiter = 10000, tol = 1e-13)
trials <- data.frame(trial = c("Ash", "Beech", "Cork", "Dogwood", "Elder", "Fig", "Gorse", "Hazel"),
                     yi = c(-0.52, -0.31, -0.11, -0.66, -0.24, -0.37, 0.08, -0.45),
                     vi = c(0.021, 0.013, 0.04, 0.05, 0.018, 0.033, 0.025, 0.06),
                     risk = c("Low", "Low", "Some concerns", "High", "Low", "Some concerns", "Some concerns", "High"))
levels <- c("Low", "Some concerns", "High")
fit <- function(d) rma(yi, vi, data = d, method = "REML", test = "knha", control = tight)
numbers <- function(r) list(estimate = c(r$beta), se = r$se, ci_low = r$ci.lb, ci_high = r$ci.ub, tau2 = r$tau2)
steps <- lapply(seq_along(levels), function(i) numbers(fit(trials[trials$risk %in% levels[1:i], ])))
f <- rma(yi, vi, mods = ~ risk, data = trials, method = "REML", test = "knha", control = tight)
by <- t(sapply(levels, function(l) { r <- fit(trials[trials$risk == l, ]); c(c(r$beta), r$se) }))
w <- 1 / by[, 2]^2
q <- sum(w * (by[, 1] - sum(w * by[, 1]) / sum(w))^2)
share <- tapply(weights(fit(trials)), trials$risk, sum)[levels]

patients <- sapply(list(c(0.3, 0.225, 0.8), c(0.5, 0.75, 0.9), c(0.1, 0.12, 0.8)), function(p)
  2 * power.prop.test(p1 = p[1], p2 = p[2], power = p[3], tol = 1e-12)$n)
events <- sapply(c(0.7, 0.8, 1.5), function(hr) 4 * (qnorm(0.975) + qnorm(0.8))^2 / log(hr)^2)

# a pooled baseline, logit -1 (0.2), and an odds ratio, log 0.5 (0.15): the treated share has the quantiles of a normal
# on the logit scale; the difference is integrated over the baseline
m <- -1; s <- 0.2; theta <- -0.5; se <- 0.15
treated <- plogis(m + theta + c(-1, 1) * qnorm(0.975) * sqrt(s^2 + se^2))
below <- function(d) integrate(function(b) pnorm(qlogis(pmin(pmax(plogis(b) + d, 1e-12), 1 - 1e-12)) - b, theta, se) *
  dnorm(b, m, s), m - 8 * s, m + 8 * s, rel.tol = 1e-10, subdivisions = 1000)$value
difference <- sapply(c(0.025, 0.975), function(p) uniroot(function(d) below(d) - p, c(-0.3, 0.1), tol = 1e-10)$root)
write_json(list(trials = trials, steps = steps, f = list(f = f$QM, df = f$QMdf, p = f$QMp),
                q = list(q = q, p = pchisq(q, 2, lower.tail = FALSE)), share = unname(share),
                patients = patients, events = events,
                drawn = list(treated = 1000 * treated, difference = 1000 * difference)),
           "tests/reference/certainty.json", digits = NA, auto_unbox = TRUE, dataframe = "columns")
