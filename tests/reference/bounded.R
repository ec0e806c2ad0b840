# Hazard ratios of 0 or infinity by survival: where coxph's log likelihood, at given log hazard ratios, is as far below
# its bound as a 95 % profile likelihood interval goes; and the likelihood-ratio test.
# Writes bounded.json beside this file: Rscript tests/reference/bounded.R
suppressMessages({library(survival); library(jsonlite)})
RNGversion("3.6.0"); set.seed(4)
d <- data.frame(arm = rep(0:1, each = 20), time = ceiling(rexp(40, 0.1)) + 1, entry = 0)
d$event <- ifelse(d$arm == 1, 0, as.numeric(runif(40) < 0.6))
late <- transform(d, entry = ifelse(runif(40) < 0.4, pmin(time - 1, 5), 0))
cases <- list(efron = list(d = d, ties = "efron", sign = -1), breslow = list(d = d, ties = "breslow", sign = -1),
              infinite = list(d = transform(d, arm = 1 - arm), ties = "efron", sign = 1),
              entry = list(d = late, ties = "efron", sign = -1))
out <- lapply(cases, function(x) {
  at <- function(b) coxph(Surv(entry, time, event) ~ arm, data = x$d, ties = x$ties, init = b,
                          control = coxph.control(iter.max = 0))$loglik[1]
  fall <- function(b) at(40 * x$sign) - at(b)
  limit <- function(level) uniroot(function(b) 2 * fall(b) - qchisq(level, 1), c(-25, 25), tol = 1e-12)$root
  list(data = x$d, ties = x$ties, limit = limit(0.95), limit90 = limit(0.9), p = pchisq(2 * fall(0), 1, lower.tail = FALSE))
})
write(toJSON(out, digits = 15, auto_unbox = TRUE), "tests/reference/bounded.json")
