# Two arms without proportional hazards: survival at milestones, Grambsch and Therneau's tests, Cox's model with covariates
# and strata, reverse Kaplan-Meier follow-up, by R's survival. Writes two_arms.json: Rscript tests/reference/two_arms.R
suppressPackageStartupMessages({library(survival); library(jsonlite)})
set.seed(41)
arms <- function(n, shape, scale, end, digits = 2) {
  arm <- rep(0:1, length.out = n)
  time <- rweibull(n, shape[arm + 1], scale[arm + 1]); censor <- runif(n, end / 4, end)
  data.frame(time = pmax(round(pmin(time, censor), digits), 10^-digits), event = as.integer(time <= censor), arm = arm,
             age = round(rnorm(n, 60, 9)), site = rep(c("p", "q", "r"), length.out = n)[order(runif(n))])
}
cases <- list(
  crossing = arms(240, c(0.7, 1.6), c(14, 16), 40),
  ties = arms(180, c(1, 1), c(8, 12), 24, 0),
  veteran = with(veteran, data.frame(time = time, event = status, arm = trt - 1, age = age, site = as.character(celltype)))
)
horizons <- list(crossing = c(3, 12, 24), ties = c(4, 9, 15), veteran = c(50, 180, 365))
CONTROL <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
one <- function(name) {
  d <- cases[[name]]; at <- horizons[[name]]
  surv <- lapply(1:0, function(a) {
    f <- survfit(Surv(time, event) ~ 1, data = d[d$arm == a, ], conf.type = "log-log")
    s <- summary(f, times = at)
    means <- t(sapply(at, function(tau) summary(f, rmean = tau)$table[c("rmean", "se(rmean)")]))
    list(survival = s$surv, se = s$std.err, low = s$lower, high = s$upper, rmst = means[, 1], rmst_se = means[, 2])
  })
  fit <- coxph(Surv(time, event) ~ arm, data = d, control = CONTROL)
  tests <- lapply(c(km = "km", rank = "rank", identity = "identity", log = "log"), function(g) cox.zph(fit, transform = g)$table[1, ])
  model <- coxph(Surv(time, event) ~ arm + age + strata(site), data = d, control = CONTROL)
  breslow <- coxph(Surv(time, event) ~ arm + age, data = d, ties = "breslow", control = CONTROL)
  said <- function(m) list(estimate = unname(coef(m)), cov = unname(vcov(m)), loglik = m$loglik)
  back <- summary(survfit(Surv(time, 1 - event) ~ arm, data = d, conf.type = "log-log"))$table
  peto <- survdiff(Surv(time, event) ~ arm, data = d, rho = 0)
  list(data = as.list(d), horizons = at, treatment = surv[[1]], control = surv[[2]], ph = tests, cox = said(model),
       breslow = said(breslow), follow_up = unname(back[, c("median", "0.95LCL", "0.95UCL")]),
       log_rank = c(peto$obs[2] - peto$exp[2], peto$var[2, 2]))
}
out <- sapply(names(cases), one, simplify = FALSE)
root <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
write_json(out, file.path(dirname(root), "two_arms.json"), digits = I(17), na = "string", auto_unbox = TRUE)
