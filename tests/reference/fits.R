# Models of Rossi's recidivism data and curves of the walton flies, as lifelines ships them, by R: survival's coxph and
# survfit, glm, lm, MASS. Run by fits.py beside this file, which writes the data: Rscript fits.R folder
suppressMessages({library(survival); library(MASS); library(jsonlite)})
folder <- commandArgs(TRUE)[1]
rossi <- read.csv(file.path(folder, "rossi.csv")); waltons <- read.csv(file.path(folder, "waltons.csv"))
# no two events at one time, and no censoring at one
rossi$untied <- rossi$week + ifelse(rossi$arrest == 1, 0, 0.5) + seq_len(nrow(rossi)) * 1e-5
exact <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
tight <- glm.control(epsilon = 1e-14, maxit = 100)

row <- function(fit, covariance = vcov(fit)) list(
  estimate = unname(coef(fit)["fin"]), se = sqrt(covariance["fin", "fin"]),
  n = if (inherits(fit, "coxph")) fit$n else nobs(fit), events = if (inherits(fit, "coxph")) fit$nevent else NULL
)
# coxph names neither rows nor columns of its covariances
cox <- function(...) {
  fit <- coxph(..., data = rossi, control = exact)
  v <- vcov(fit); dimnames(v) <- list(names(coef(fit)), names(coef(fit)))
  row(fit, v)
}
white <- function(fit) {  # White's sandwich, HC0
  x <- model.matrix(fit); r <- residuals(fit, "working") * weights(fit, "working")
  bread <- summary(fit)$cov.unscaled
  v <- bread %*% crossprod(x * r) %*% bread
  dimnames(v) <- list(colnames(x), colnames(x)); v
}
full <- week ~ fin + age + race + wexp + mar + paro + prio
poisson_fit <- glm(arrest ~ fin + age, poisson, rossi, control = tight)
binary <- glm(arrest ~ fin + age, binomial, rossi, control = tight)
negative <- {  # the likelihood with its dispersion, whose information statsmodels takes
  x <- model.matrix(~ fin + age, rossi)
  ll <- function(b) -sum(dnbinom(rossi$prio, size = 1 / b[4], mu = exp(drop(x %*% b[1:3])), log = TRUE))
  start <- glm.nb(prio ~ fin + age, rossi, control = glm.control(epsilon = 1e-12, maxit = 100))
  best <- optim(c(coef(start), 1 / start$theta), ll, method = "BFGS", hessian = TRUE,
                control = list(reltol = 1e-16, ndeps = rep(1e-5, 4), parscale = c(1, 0.1, 0.01, 1)))
  list(estimate = unname(best$par[2]), se = sqrt(solve(best$hessian)[2, 2]), n = nrow(rossi))
}
out <- list(
  cox = cox(Surv(week, arrest) ~ fin + age + race + wexp + mar + paro + prio),
  cox_strata = cox(Surv(week, arrest) ~ fin + age + strata(wexp)),
  cox_robust = cox(Surv(untied, arrest) ~ fin + age, robust = TRUE),
  cox_robust_ties = cox(Surv(week, arrest) ~ fin + age, robust = TRUE),
  cox_breslow = cox(Surv(week, arrest) ~ fin + age, ties = "breslow"),
  logit = row(binary),
  logit_hc0 = row(binary, white(binary)),
  log_binomial = row(glm(arrest ~ fin, binomial("log"), rossi, control = tight)),
  identity_binomial = row(glm(arrest ~ fin, binomial("identity"), rossi, control = tight)),
  poisson = row(glm(arrest ~ fin + age + offset(log(week)), poisson, rossi, control = tight)),
  poisson_hc0 = row(poisson_fit, white(poisson_fit)),
  quasi_poisson = row(glm(arrest ~ fin + age, quasipoisson, rossi, control = tight)),
  identity_poisson = row(glm(arrest ~ fin, poisson("identity"), rossi, control = tight)),
  negative_binomial_known = local({
    fit <- glm(prio ~ fin + age, negative.binomial(1), rossi, control = tight)
    row(fit, summary(fit, dispersion = 1)$cov.scaled)
  }),
  negative_binomial = negative,
  normal = row(lm(week ~ fin + age, rossi))
)
curve <- survfit(Surv(T, E) ~ 1, waltons, conf.type = "log-log")
curve_log <- survfit(Surv(T, E) ~ 1, waltons, conf.type = "log", conf.int = 0.9)
out$curve <- list(
  time = curve$time, survival = curve$surv, n_risk = curve$n.risk, n_event = curve$n.event, se = curve$surv * curve$std.err,
  ci_low = curve$lower, ci_high = curve$upper, medians = unname(summary(curve)$table[c("median", "0.95LCL", "0.95UCL")]),
  log_low = curve_log$lower, log_high = curve_log$upper
)
out$made_by <- paste("R", getRversion(), "survival", packageVersion("survival"), "MASS", packageVersion("MASS"))
write_json(out, file.path(folder, "fits.json"), digits = I(17), na = "string", auto_unbox = TRUE)
