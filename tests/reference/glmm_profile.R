# Profile likelihood limits of the mean of mixed models of counts, two ways: by glmer (lme4) with the mean as an offset and
# 100 points of adaptive Gauss-Hermite quadrature, and by the
# trapezoidal rule on a fine grid of effects; tau by R's own optimize.
# Made-up data. Writes glmm_profile.json beside this file: Rscript tests/reference/glmm_profile.R
suppressMessages({library(lme4); library(jsonlite)})

sets <- list(
  six = data.frame(x = c(0, 4, 6, 1, 9, 3), n = c(20, 31, 40, 25, 33, 28)),
  rare = data.frame(x = c(0, 1, 3, 0, 2, 4, 1), n = c(41, 33, 60, 25, 52, 70, 38)),
  alike = data.frame(x = c(3, 4, 5, 2), n = c(9, 12, 16, 7)),
  ten = data.frame(x = c(12, 30, 8, 22, 15, 9, 40, 3, 18, 25), n = c(40, 55, 44, 60, 38, 51, 62, 30, 45, 50))
)
end <- function(fall, from, step) {
  to <- from + step
  while (fall(to) < 0) to <- to + step
  uniroot(fall, sort(c(from, to)), tol = 1e-10)$root
}
limits <- function(pl, est, se, level) {
  top <- optimize(pl, est + c(-2, 2) * se, maximum = TRUE, tol = 1e-8)
  fall <- function(mu) 2 * (top$objective - pl(mu)) - qchisq(level, 1)
  c(end(fall, top$maximum, -se), end(fall, top$maximum, se))
}
by_glmer <- function(d, rates, level) {
  d$s <- factor(seq_len(nrow(d)))
  control <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-9, maxfun = 1e5))
  fit <- function(form) suppressMessages(suppressWarnings(
    if (rates) glmer(form, family = poisson, data = d, nAGQ = 100, control = control)
    else glmer(form, family = binomial, data = d, nAGQ = 100, control = control)))
  best <- if (rates) fit(x ~ 1 + offset(log(n)) + (1 | s)) else fit(cbind(x, n - x) ~ 1 + (1 | s))
  pl <- function(mu) {
    d$mu <<- mu
    d$o <<- if (rates) mu + log(d$n) else rep(mu, nrow(d))
    c(logLik(if (rates) fit(x ~ 0 + offset(o) + (1 | s)) else fit(cbind(x, n - x) ~ 0 + offset(o) + (1 | s))))
  }
  limits(pl, fixef(best)[[1]], sqrt(vcov(best)[1, 1]), level)
}
z <- seq(-10, 10, 0.01)  # posteriors of these effects are ten times as wide, so that the rule is exact to rounding
by_grid <- function(p, est, se, level) {
  ll <- function(mu, tau) {
    l <- p(mu + tau * z) + rep(dnorm(z, log = TRUE), each = nrow(p(0)))
    top <- apply(l, 1, max)
    sum(top + log(rowSums(exp(l - top)) * 0.01))
  }
  pl <- function(mu) max(ll(mu, 0), optimize(function(tau) ll(mu, tau), c(0, 6), maximum = TRUE, tol = 1e-9)$objective)
  limits(pl, est, se, level)
}
each <- function(k, e, f) t(sapply(seq_len(k), function(i) f(i, e))) |> matrix(nrow = k)  # a row a trial
out <- list()
add <- function(...) out[[length(out) + 1]] <<- list(...)
for (name in names(sets)) {
  d <- sets[[name]]; k <- nrow(d); rate <- sum(d$x) / sum(d$n); data <- as.list(d)
  p <- function(e) each(k, e, function(i, e) dbinom(d$x[i], d$n[i], plogis(e), log = TRUE))
  add(data = data, measure = "PLO", level = 0.95, glmer = by_glmer(d, FALSE, 0.95), grid = by_grid(p, qlogis(rate), 0.4, 0.95))
}
d <- sets$six
p <- function(e) each(6, e, function(i, e) dpois(d$x[i], d$n[i] * exp(e), log = TRUE))
add(data = as.list(d), measure = "IRLN", level = 0.8, glmer = by_glmer(d, TRUE, 0.8), grid = by_grid(p, -2, 0.4, 0.8))

two <- data.frame(a = c(0, 4, 6, 1, 9, 3), n1 = c(20, 31, 40, 25, 33, 28), c = c(3, 2, 2, 0, 14, 1), n2 = c(22, 30, 38, 24, 35, 30))
tables <- function(i, e) with(two[i, ], {
  x <- max(0, a + c - n2):min(n1, a + c)
  l <- dhyper(x, n1, n2, a + c, log = TRUE) + outer(x, e)
  l[x == a, ] - log(colSums(exp(l)))
})
given <- function(i, e) with(two[i, ], dbinom(a, a + c, plogis(e + log(n1 / n2)), log = TRUE))
add(data = as.list(two), measure = "OR", model = "CM.EL", level = 0.95, grid = by_grid(function(e) each(6, e, tables), 0.2, 0.5, 0.95))
approximate <- by_grid(function(e) each(6, e, given), 0.2, 0.5, 0.95)
add(data = as.list(two), measure = "OR", model = "CM.AL", level = 0.95, grid = approximate)
add(data = as.list(two), measure = "IRR", model = "CM.EL", level = 0.95, grid = approximate)
write_json(out, "tests/reference/glmm_profile.json", digits = I(12), auto_unbox = TRUE)
