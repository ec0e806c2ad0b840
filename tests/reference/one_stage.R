# One-stage models of made-up trials by survival: stratified Cox, the likelihood of random treatment effects integrated
# numerically over coxph's likelihoods, gamma frailty at given theta, interaction centred within trials.
# Writes one_stage.json beside this file: Rscript tests/reference/one_stage.R
suppressMessages({library(survival); library(jsonlite)})
RNGversion("3.6.0"); set.seed(11)
trial <- function(i) {
  n <- c(40, 80, 60, 30, 90, 50)[i]
  d <- data.frame(trial = letters[i], arm = rbinom(n, 1, 0.5), z = rbinom(n, 1, 0.3 + 0.08 * i))
  hazard <- 0.08 * exp(0.4 * cos(i) * 1 + (-0.4 + 0.35 * sin(2 * i)) * d$arm + 0.3 * d$z - 0.4 * d$arm * d$z)
  died <- rexp(n, hazard); left <- runif(n, 4, 36)
  transform(d, time = ceiling(pmin(died, left)), event = as.numeric(died <= left))  # with many ties
}
d <- do.call(rbind, lapply(1:6, trial))
exact <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
out <- list(data = d)
for (ties in c("efron", "breslow")) {
  f <- coxph(Surv(time, event) ~ arm + strata(trial) + cluster(trial), data = d, ties = ties, control = exact)
  out[[ties]] <- list(b = unname(coef(f)), se = sqrt(f$naive.var[1, 1]), robust = sqrt(f$var[1, 1]), loglik = f$loglik)
}
grid <- seq(-9, 9, 0.03)
fs <- lapply(split(d, d$trial), function(x) splinefun(grid, sapply(grid, function(theta)
  coxph(Surv(time, event) ~ offset(theta * arm), data = x)$loglik[1])))
loglik <- function(beta, tau) sum(sapply(fs, function(f) {
  m <- optimize(function(x) f(x) - ((x - beta) / tau)^2 / 2, c(-4, 4), maximum = TRUE, tol = 1e-10)
  log(integrate(function(x) exp(f(x) - ((x - beta) / tau)^2 / 2 - m$objective), max(-9, m$maximum - 9 * tau), min(9, m$maximum + 9 * tau),
                rel.tol = 1e-12)$value / tau / sqrt(2 * pi)) + m$objective
}))
at <- expand.grid(beta = c(-0.8, -0.3, 0.2), tau = c(0.05, 0.3, 1))
at$loglik <- mapply(loglik, at$beta, at$tau)
best <- optim(c(-0.4, log(0.3)), function(p) -loglik(p[1], exp(p[2])), control = list(reltol = 1e-15, maxit = 5000))
b <- best$par[1]; tau <- exp(best$par[2]); top <- -best$value
profile <- function(beta) optimize(function(t) loglik(beta, exp(t)), c(-6, 0.2), maximum = TRUE, tol = 1e-9)$objective
drop <- function(beta) profile(beta) - top + qchisq(0.95, 1) / 2
limits <- c(uniroot(drop, c(b - 2, b), tol = 1e-9)$root, uniroot(drop, c(b, b + 2), tol = 1e-9)$root)
out$exact <- list(at = at, b = b, tau2 = tau^2, loglik = top, limits = limits, p = pchisq(2 * (top - profile(0)), 1,
                  lower.tail = FALSE))
thetas <- c(0.02, 0.1, 0.3, 1)
out$gamma <- list(at = do.call(rbind, lapply(thetas, function(theta) {
  f <- coxph(Surv(time, event) ~ arm + frailty(trial, theta = theta, sparse = FALSE), data = d, control = exact)
  data.frame(theta = theta, b = coef(f)[[1]], se = sqrt(f$var[1, 1]), loglik = f$history[[1]]$c.loglik)
})))
value <- function(theta) coxph(Surv(time, event) ~ arm + frailty(trial, theta = theta, sparse = FALSE), data = d,
                               control = exact)$history[[1]]$c.loglik
theta <- optimize(value, c(1e-3, 2), maximum = TRUE, tol = 1e-9)$maximum
f <- coxph(Surv(time, event) ~ arm + frailty(trial, theta = theta, sparse = FALSE), data = d, control = exact)
out$gamma$best <- list(theta = theta, b = coef(f)[[1]], se = sqrt(f$var[1, 1]), loglik = value(theta))
d$mean <- ave(d$z, d$trial)
f <- coxph(Surv(time, event) ~ arm + I(arm * (z - mean)) + I(arm * mean) + z:factor(trial) + strata(trial), data = d,
           control = exact)
naive <- coxph(Surv(time, event) ~ arm * z + strata(trial), data = d, control = exact)
out$interaction <- list(b = unname(coef(f)[1:3]), se = unname(sqrt(diag(vcov(f)))[1:3]), naive = coef(naive)[["arm:z"]],
                        naive_se = sqrt(vcov(naive)["arm:z", "arm:z"]))
write_json(out, "tests/reference/one_stage.json", digits = NA, dataframe = "columns", auto_unbox = TRUE)
