# Tests of small-study effects, trim and fill, fail-safe N and excess significance by metafor 3.8-1, and by lm.
# Data: BCG trials (Colditz et al. 1994, JAMA 271:698), odds ratios; made-up effects with a skewed funnel; ten made-up
# hazard ratios with tied variances. Iterations of regressions are run to the end; trimfill stops its own early, so it is
# asked with estimators of a closed form; the fits by REML are made outside of it.
# Run from the repository: Rscript tests/reference/small_study_effects.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-12, maxiter = 1000)
bcg <- escalc("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
counts <- lapply(with(dat.bcg, list(a = tpos, n = tpos + tneg, c = cpos, m = cpos + cneg)), as.numeric)
sets <- list(
  bcg = list(yi = c(bcg$yi), vi = c(bcg$vi), ni = counts$n + counts$m),
  skewed = list(yi = c(-1.9, -1.2, -1.45, -0.8, -0.95, -0.4, -0.52, -0.33, -0.41, -0.22, -0.3, 0.12),
                vi = c(0.42, 0.35, 0.28, 0.2, 0.17, 0.09, 0.1, 0.06, 0.05, 0.02, 0.015, 0.3),
                ni = c(22, 30, 33, 48, 61, 96, 90, 150, 171, 420, 530, 31)),
  tied = list(yi = c(-0.3, -0.3, 0.1, -0.6, -0.2, 0.4, -0.9, -0.1, -0.5, -0.7),
              vi = c(0.05, 0.05, 0.02, 0.1, 0.02, 0.2, 0.3, 0.04, 0.08, 0.1),
              ni = c(80, 80, 200, 40, 210, 20, 14, 100, 50, 41)))
fit <- function(name, method = "REML", test = "z", ...) {
  s <- as.data.frame(sets[[name]])
  rma(yi, vi, ni = s$ni, data = s, method = method, test = test, control = tight, ...)
}
regressions <- list()
for (name in names(sets)) for (p in c("sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv")) {
  add <- function(model, method, test, r) regressions[[length(regressions) + 1]] <<- list(set = name, model = model, predictor = p,
    method = method, test = test, statistic = r$zval, df = if (is.null(r$dfs) || is.na(r$dfs)) Inf else r$dfs, p = r$pval,
    limit = r$est, low = r$ci.lb, high = r$ci.ub)
  add("ols", "REML", "z", regtest(fit(name), model = "lm", predictor = p))
  for (method in c("REML", "DL", "EE")) for (test in c("z", "knha")) if (method != "EE" || test == "z")
    add("random", method, test, suppressWarnings(regtest(fit(name, method, test), model = "rma", predictor = p)))
}
ranks <- lapply(names(sets), function(name) {
  r <- suppressWarnings(ranktest(fit(name)))
  list(set = name, tau = unname(r$tau), p = r$pval)
})
fills <- list()
for (name in names(sets)) for (method in c("EE", "DL", "HE", "SJ")) for (estimator in c("L0", "R0", "Q0"))
  for (side in c("", "left", "right")) {
    r <- suppressWarnings(try(if (side == "") trimfill(fit(name, method), estimator = estimator) else
      trimfill(fit(name, method), estimator = estimator, side = side), silent = TRUE))
    if (inherits(r, "try-error")) next
    fills[[length(fills) + 1]] <- list(set = name, method = method, estimator = estimator, asked = side, side = r$side, k0 = r$k0,
      se_k0 = r$se.k0, p_k0 = r$p.k0, estimate = c(r$beta), se = r$se, tau2 = r$tau2, filled = sort(tail(c(r$yi), r$k0)))
  }
# REML run to the end: the trimmed trials and those filled in are each fitted by rma, as many trimmed as trimfill says
ended <- lapply(names(sets), function(name) {
  s <- as.data.frame(sets[[name]]); r <- trimfill(fit(name)); sign <- if (r$side == "left") 1 else -1
  o <- order(sign * s$yi); y <- sign * s$yi[o]; v <- s$vi[o]; n <- length(y); top <- if (r$k0 > 0) (n - r$k0 + 1):n else integer(0)
  centre <- c(rma(y[setdiff(seq_len(n), top)], v[setdiff(seq_len(n), top)], control = tight)$beta)
  f <- rma(sign * c(y, 2 * centre - y[top]), c(v, v[top]), control = tight)
  list(set = name, side = r$side, k0 = r$k0, estimate = c(f$beta), se = f$se, tau2 = f$tau2)
})
safe <- list()
for (name in names(sets)) {
  s <- as.data.frame(sets[[name]])
  for (type in c("Rosenthal", "Rosenberg")) for (alpha in c(0.05, 0.01)) {
    r <- fsn(yi, vi, data = s, type = type, alpha = alpha)
    safe[[length(safe) + 1]] <- list(set = name, method = type, alpha = alpha, n = r$fsnum, p = r$pval)
  }
  r <- fsn(yi, data = s, type = "Orwin", target = -0.05)
  safe[[length(safe) + 1]] <- list(set = name, method = "Orwin", target = -0.05, n = r$fsnum)
}
excess <- list()
for (name in names(sets)) for (test in c("exact", "chi2", "binom")) for (alternative in c("two.sided", "less")) for (effect in c("common", "pooled")) {
  s <- as.data.frame(sets[[name]])
  r <- if (effect == "common") tes(yi, vi, data = s, test = test, alternative = alternative, progbar = FALSE) else
    tes(fit(name, "DL"), test = test, alternative = alternative, progbar = FALSE)
  excess[[length(excess) + 1]] <- list(set = name, test = test, alternative = alternative, effect = effect, observed = r$O,
    expected = r$E, p = r$pval, power = r$power, theta = r$theta)
}
pet <- lapply(names(sets), function(name) {
  s <- as.data.frame(sets[[name]])
  one <- function(f) { m <- lm(f, data = s, weights = 1 / vi); list(coef = unname(coef(summary(m))[1, ]), ci = unname(confint(m)[1, ])) }
  list(set = name, PET = one(yi ~ sqrt(vi)), PEESE = one(yi ~ vi))
})
# Harbord, Peters, Deeks, Macaskill and Thompson by their definitions, with lm and rma; Schwarzer by R's own hypergeometric
d <- as.data.frame(counts); d$N <- d$n + d$m; d$E <- d$a + d$c; d$yi <- c(bcg$yi); d$vi <- c(bcg$vi)
line <- function(y, v, x) unname(coef(summary(lm(y ~ x, weights = 1 / v)))[2, ])
V <- with(d, n * m * E * (N - E) / (N^2 * (N - 1)))
thompson <- rma(yi, vi, mods = ~ sqrt(vi), data = d, test = "t", control = tight)
psi <- exp(c(rma.mh(ai = a, n1i = n, ci = c, n2i = m, data = d, measure = "OR")$beta))
mom <- sapply(seq_len(nrow(d)), function(i) with(d[i, ], {
  x <- max(0, E - m):min(n, E); p <- dhyper(x, n, m, E, log = TRUE) + x * log(psi); p <- exp(p - max(p)); p <- p / sum(p)
  c(sum(p * x), sum(p * (x - sum(p * x))^2)) }))
schwarzer <- cor.test((d$a - mom[1, ]) / sqrt(mom[2, ]), 1 / mom[2, ], method = "kendall", exact = FALSE)
tests <- list(
  harbord = line((d$a - d$E * d$n / d$N) / V, 1 / V, 1 / sqrt(V)), peters = line(d$yi, 1 / d$E + 1 / (d$N - d$E), 1 / d$N),
  deeks = line(d$yi, d$N / (4 * d$n * d$m), sqrt(d$N / (4 * d$n * d$m))), macaskill = line(d$yi, d$vi, d$N),
  thompson = c(thompson$beta[2], thompson$se[2], thompson$zval[2], thompson$pval[2]),
  schwarzer = c(tau = unname(schwarzer$estimate), p = schwarzer$p.value))
out <- list(sets = sets, counts = counts, regressions = regressions, ranks = ranks, fills = fills, ended = ended, safe = safe, excess = excess,
  pet = pet, tests = tests, versions = c(R.version.string, as.character(packageVersion("metafor"))))
write(toJSON(out, digits = I(16), auto_unbox = TRUE, na = "string", null = "null"), "tests/reference/small_study_effects.json")
cat(length(regressions), length(fills), length(safe), length(excess), "\n")
