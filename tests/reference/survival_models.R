# Parametric models of two arms by R: survreg (exponential, Weibull, log-normal, log-logistic), and by optim with R's own
# densities (gamma, generalised gamma, Gompertz, cures) and splines::ns (Royston and Parmar's models: another basis of the
# same space); Poisson models of events and person-time by glm, pooled by metafor's rma.mv; restricted means of five trials
# pooled by rma and rma.mv; time-varying hazard ratios by coxph with tt().
# Writes survival_models.json: Rscript tests/reference/survival_models.R
suppressPackageStartupMessages({library(survival); library(splines); library(numDeriv); library(metafor); library(jsonlite)})
set.seed(8)
trial <- function(name, n, shape, scale, end) {
  arm <- rep(0:1, length.out = n)
  time <- rweibull(n, shape[arm + 1], scale[arm + 1]); censor <- runif(n, end / 2, end)
  data.frame(trial = name, time = pmax(round(pmin(time, censor), 2), 0.01), event = as.integer(time <= censor), arm = arm)
}
trials <- rbind(trial("A", 160, c(1, 1.4), c(9, 13), 30), trial("B", 120, c(1.1, 1.2), c(8, 12), 24),
                trial("C", 200, c(0.9, 1.2), c(10, 11), 36), trial("D", 90, c(1.2, 1.3), c(7, 12), 14),
                trial("E", 140, c(1, 1.5), c(9, 12), 28))
d <- trials[trials$trial == "A", ]
x <- log(d$time); ev <- d$event == 1; arm <- d$arm

best <- function(ll, start) {  # climb, and again from where it stopped, until nothing is gained
  value <- -Inf
  for (i in 1:40) {
    o <- optim(start, function(b) {v <- ll(b); if (is.finite(v)) -v else 1e10}, method = if (i %% 2) "BFGS" else "Nelder-Mead",
               control = list(reltol = 1e-15, maxit = 20000))
    start <- o$par
    if (i > 3 && -o$value - value < 1e-11) break
    value <- -o$value
  }
  h <- hessian(ll, start)
  list(estimate = start, se = sqrt(diag(solve(-h))), loglik = ll(start))
}
# survreg's intercept, arm and log scale; log likelihoods are of the times
reg <- function(dist) {
  f <- survreg(Surv(time, event) ~ arm, data = d, dist = dist, control = survreg.control(rel.tolerance = 1e-14, maxiter = 200))
  list(estimate = unname(c(coef(f), if (dist == "exponential") NULL else log(f$scale))), loglik = f$loglik[2], cov = unname(f$var))
}
gamma <- function(b) sum(dgamma(d$time, exp(b[1]), exp(b[2] + b[3] * arm), log = TRUE)[ev]) +
  sum(pgamma(d$time, exp(b[1]), exp(b[2] + b[3] * arm), lower.tail = FALSE, log.p = TRUE)[!ev])
gengamma <- function(b) {  # Q above 0: t^(Q/sigma) is gamma
  mu <- b[1] + b[4] * arm; sigma <- exp(b[2]); q <- b[3]; k <- 1 / q^2; power <- q / sigma
  u <- d$time^power; rate <- k * exp(-power * mu)
  sum((dgamma(u, k, rate, log = TRUE) + log(power) + (power - 1) * x)[ev]) +
    sum(pgamma(u, k, rate, lower.tail = FALSE, log.p = TRUE)[!ev])
}
gompertz <- function(b) {
  a <- b[1]; r <- exp(b[2] + b[3] * arm); h <- r * (exp(a * d$time) - 1) / a
  sum((log(r) + a * d$time)[ev]) - sum(h)
}
parametric <- list(exp = reg("exponential"), weibull = reg("weibull"), lnorm = reg("lognormal"), llogis = reg("loglogistic"),
                   gamma = best(gamma, c(0, -2, 0)), gengamma = best(gengamma, c(2, 0, 0.8, 0)),
                   gompertz = best(gompertz, c(0.01, -2, 0)))

spline <- function(inner, scale, tv = FALSE) {
  k <- quantile(x[ev], seq(0, 1, length.out = inner + 2))
  basis <- function(at) {
    own <- if (inner) ns(at, knots = k[2:(inner + 1)], Boundary.knots = k[c(1, inner + 2)]) else cbind(at)
    cbind(1, own, arm, if (tv) arm * at)
  }
  X <- basis(x); h <- 1e-4
  D <- (8 * (basis(x + h) - basis(x - h)) - (basis(x + 2 * h) - basis(x - 2 * h))) / (12 * h)
  ll <- function(b) {
    eta <- c(X %*% b); slope <- c(D %*% b)
    if (any(slope[ev] <= 0)) return(-Inf)
    switch(scale,
      hazard = sum((eta - exp(eta) + log(abs(slope)) - x)[ev]) - sum(exp(eta)[!ev]),
      odds = sum((eta - 2 * log1p(exp(eta)) + log(abs(slope)) - x)[ev]) - sum(log1p(exp(eta))[!ev]),
      normal = sum((dnorm(eta, log = TRUE) + log(abs(slope)) - x)[ev]) + sum(pnorm(-eta, log.p = TRUE)[!ev]))
  }
  start <- c(qr.solve(X[, 1:(inner + 2)], 1.1 * x - 2.5), rep(-0.1, 1 + tv))
  f <- best(ll, start)
  last <- tail(seq_along(start), 1 + tv)
  list(effects = f$estimate[last], se = f$se[last], loglik = f$loglik)
}
splines <- list()
for (scale in c("hazard", "odds", "normal")) for (k in 0:2) splines[[paste0(scale, k)]] <- spline(k, scale)
splines$hazard1tv <- spline(1, "hazard", TRUE)

# 2 of 5 are cured
set.seed(9)
n <- 260; group <- rep(0:1, length.out = n)
never <- runif(n) < plogis(-0.6 + 0.5 * group)
t0 <- ifelse(never, 1e6, rweibull(n, 1.2, 6)); end <- runif(n, 30, 50)
cured <- data.frame(time = pmax(round(pmin(t0, end), 2), 0.01), event = as.integer(t0 <= end), arm = group)
cure <- function(dist, kind) {
  e <- cured$event == 1
  ll <- function(b) {
    p <- plogis(b[1] + b[4] * cured$arm)
    f <- if (dist == "weibull") dweibull(cured$time, exp(b[2]), exp(b[3]), log = TRUE) else dlnorm(cured$time, b[2], exp(b[3]), log = TRUE)
    s <- if (dist == "weibull") pweibull(cured$time, exp(b[2]), exp(b[3]), lower.tail = FALSE) else plnorm(cured$time, b[2], exp(b[3]), lower.tail = FALSE)
    if (kind == "mixture") sum((log1p(-p) + f)[e]) + sum(log(p + (1 - p) * s)[!e])
    else sum((log(-log(p)) + f + log(p) * (1 - s))[e]) + sum((log(p) * (1 - s))[!e])
  }
  best(ll, if (dist == "weibull") c(-0.5, 0.1, 1.8, 0) else c(-0.5, 1.5, 0, 0))
}
cures <- list(weibull_mixture = cure("weibull", "mixture"), weibull_nonmixture = cure("weibull", "nonmixture"),
              lnorm_mixture = cure("lnorm", "mixture"), lnorm_nonmixture = cure("lnorm", "nonmixture"))

# fractional polynomials: a Poisson model of each trial, by month
cells <- function(d) {
  s <- survSplit(Surv(time, event) ~ ., data = d, cut = seq_len(ceiling(max(d$time))), episode = "month")
  a <- aggregate(cbind(event, exposure = time - tstart) ~ arm + month, data = s, FUN = sum)
  transform(a, t = month - 0.5)
}
POWERS <- c(-2, -1, -0.5, 0, 0.5, 1, 2, 3)
one <- function(d, p) {
  a <- cells(d); a$f <- if (p == 0) log(a$t) else a$t^p
  g <- glm(event ~ arm * f, offset = log(exposure), family = poisson, data = a, control = list(epsilon = 1e-14, maxit = 100))
  list(y = unname(coef(g)[c("arm", "arm:f")]), v = unname(vcov(g)[c("arm", "arm:f"), c("arm", "arm:f")]), aic = AIC(g),
       control = unname(coef(g)[c("(Intercept)", "f")]), control_se = unname(sqrt(diag(vcov(g)))[c("(Intercept)", "f")]))
}
names <- unique(trials$trial)
fits <- lapply(POWERS, function(p) lapply(names, function(i) one(trials[trials$trial == i, ], p)))
aic <- sapply(fits, function(f) sum(sapply(f, function(x) x$aic)))
pool <- function(first, method) {
  y <- unlist(lapply(first, function(x) x$y)); V <- bldiag(lapply(first, function(x) x$v))
  id <- rep(seq_along(first), each = length(first[[1]]$y)); o <- factor(rep(seq_along(first[[1]]$y), length(first)))
  r <- if (method == "CE") rma.mv(y, V, mods = ~ 0 + o) else
    rma.mv(y, V, mods = ~ 0 + o, random = ~ o | id, struct = "UN", method = method, 
           control = list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-14, maxit = 10000))
  list(estimate = c(r$beta), cov = unname(r$vb), loglik = as.numeric(logLik(r)))
}
fractional <- list(powers = POWERS, aic = aic, first = fits[[5]], common = pool(fits[[5]], "CE"), reml = pool(fits[[5]], "REML"))

# log HR = b0 + b1 log t by coxph; constant before and after 6
tv <- function(d) {
  f <- coxph(Surv(time, event) ~ arm + tt(arm), data = d, tt = function(x, t, ...) x * log(t),
             control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100))
  list(y = unname(coef(f)), v = unname(vcov(f)))
}
cut <- function(d) {
  s <- survSplit(Surv(time, event) ~ ., data = d, cut = 6, episode = "part")
  lapply(1:2, function(i) {
    f <- coxph(Surv(tstart, time, event) ~ arm, data = s[s$part == i, ], control = coxph.control(eps = 1e-14, iter.max = 100))
    c(coef(f), vcov(f))
  })
}
by_trial <- split(trials, trials$trial)
varying <- lapply(by_trial, tv)
pieces <- lapply(by_trial, cut)
piecewise <- lapply(1:2, function(i) {
  r <- rma(sapply(pieces, function(p) p[[i]][1]), sapply(pieces, function(p) p[[i]][2]), method = "REML",
           control = list(threshold = 1e-14, maxiter = 2000))
  c(r$beta, r$se, r$tau2)
})

# restricted means to 12 and 20; D is not followed to 20, and the control arm of B has died before
known <- function(d) {  # up to where a curve is known: for ever where it comes to 0
  fit <- survfit(Surv(time, event) ~ 1, data = d)
  if (min(fit$surv) < 1e-12) Inf else max(d$time)
}
area <- function(d, tau) {
  t <- sapply(1:0, function(a) summary(survfit(Surv(time, event) ~ 1, data = d[d$arm == a, ]), rmean = tau)$table[c("rmean", "se(rmean)")])
  c(t[1, 1] - t[1, 2], sum(t[2, ]^2))
}
means <- lapply(c(12, 20), function(tau) {
  k <- names[sapply(by_trial, function(d) min(known(d[d$arm == 0, ]), known(d[d$arm == 1, ]))) >= tau]
  a <- sapply(by_trial[k], area, tau = tau)
  r <- rma(a[1, ], a[2, ], method = "REML", test = "knha", control = list(threshold = 1e-14, maxiter = 2000))
  list(k = k, y = unname(a[1, ]), v = unname(a[2, ]), pooled = c(r$beta, r$ci.lb, r$ci.ub, r$tau2))
})
out <- list(trials = as.list(trials), parametric = parametric, splines = splines, cured = as.list(cured), cures = cures,
            fractional = fractional, varying = list(first = varying, reml = pool(varying, "REML")), piecewise = piecewise, means = means)
root <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
write_json(out, file.path(dirname(root), "survival_models.json"), digits = I(17), na = "string", auto_unbox = TRUE)
