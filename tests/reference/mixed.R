# Pinned references of pool_multilevel, its robust variances, and pool_multivariate, by R's metafor and clubSandwich.
# Writes mixed.json beside this file: Rscript tests/reference/mixed.R
suppressPackageStartupMessages({library(metafor); library(clubSandwich); library(jsonlite)})

# each optimiser stops early somewhere, or gives up: the highest of several maxima is taken
controls <- list(
  list(rel.tol = 1e-13, iter.max = 10000, eval.max = 10000), list(rel.tol = 1e-10, iter.max = 10000, eval.max = 10000),
  list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 10000),
  list(optimizer = "optim", optmethod = "Nelder-Mead", reltol = 1e-15, maxit = 100000)
)
highest <- function(fitted_with) {
  fits <- lapply(controls, function(control) try(suppressWarnings(fitted_with(control)), silent = TRUE))
  fits <- Filter(function(f) !inherits(f, "try-error"), fits)
  fits[[which.max(sapply(fits, function(f) c(logLik(f))))]]
}
set.seed(20240612)
nest <- function(sizes, sigma, v) {
  outer <- rep(seq_along(sizes), sizes)
  n <- length(outer)
  vi <- signif(rep_len(v, n), 4)
  yi <- round(0.3 + rnorm(length(sizes), 0, sigma[1])[outer] + rnorm(n, 0, sqrt(sigma[2]^2 + vi)), 6)
  data.frame(yi = yi, vi = vi, outer = paste0("t", outer), inner = sequence(sizes))
}
deep <- function() {
  d <- expand.grid(row = 1:2, arm = 1:2, trial = 1:3, country = 1:5)
  n <- nrow(d)
  trial <- interaction(d$country, d$trial); arm <- interaction(trial, d$arm)
  vi <- signif(runif(n, 0.01, 0.1), 4)
  yi <- rnorm(5, 0, 0.4)[d$country] + rnorm(15, 0, 0.3)[as.integer(trial)] + rnorm(30, 0, 0.2)[as.integer(arm)] + rnorm(n, 0, sqrt(vi))
  data.frame(yi = round(yi, 6), vi = vi, country = d$country, trial = d$trial, arm = d$arm)
}
k <- dat.konstantopoulos2011
nested <- list(
  schools = data.frame(yi = c(k$yi), vi = c(k$vi), outer = k$district, inner = k$school),
  unequal = nest(c(1, 1, 2, 7, 3, 5, 1, 12, 4), c(0.4, 0.3), runif(36, 0.02, 0.2)),
  # one component, or both, on the boundary
  no_outer = nest(c(3, 3, 3, 3, 3, 3), c(0, 0.6), c(0.02, 0.05, 0.08)),
  no_inner = nest(c(4, 2, 5, 3, 3, 4, 2), c(0.5, 0), rep(0.3, 23)),
  none = data.frame(yi = c(0.11, 0.12, 0.1, 0.13, 0.12, 0.11, 0.12), vi = c(0.2, 0.3, 0.25, 0.4, 0.2, 0.3, 0.35),
                    outer = c("a", "a", "b", "b", "c", "c", "c"), inner = 1:7),
  two = nest(c(3, 4), c(0.5, 0.3), runif(7, 0.02, 0.1)),
  wide = nest(c(3, 4, 2, 5, 3), c(0.4, 0.3), 10^seq(-5, 1, length.out = 17)),
  small = transform(nest(c(3, 4, 2, 5, 3, 4), c(0.4, 0.3), runif(21, 0.02, 0.2)), yi = yi * 1e-3, vi = vi * 1e-6),
  many = nest(rep_len(c(1, 3, 6), 60), c(0.3, 0.2), rexp(200, 12) + 0.002)
)
prediction <- function(r) {
  p <- try(predict(r), silent = TRUE)  # fails on a robust fit without degrees of freedom
  if (inherits(p, "try-error")) NULL else list(pi_low = p$pi.lb, pi_high = p$pi.ub)
}
fields <- function(r) c(list(estimate = c(r$beta), se = r$se, ci_low = r$ci.lb, ci_high = r$ci.ub, p_value = r$pval), prediction(r))
whole <- function(r) c(fields(r), list(
  statistic = r$zval, sigma2 = r$sigma2, loglik = c(logLik(r)), aic = AIC(r), bic = BIC(r), q = r$QE, q_df = r$k - 1, q_p = r$QEp,
  weights = unname(weights(r, type = "rowsum"))
))
profile <- function(r, n) lapply(seq_len(n), function(i) {
  x <- try(suppressWarnings(confint(r, sigma2 = i, control = list(tol = 1e-10, vc.max = 100 * max(r$sigma2, 1)))), silent = TRUE)
  if (inherits(x, "try-error")) c(NA, NA) else unname(x$random[1, 2:3])
})
robusts <- function(r, cluster) {
  one <- robust(r, cluster = cluster)
  two <- robust(r, cluster = cluster, clubSandwich = TRUE)
  list(CR1 = c(fields(one), df = one$dfs), CR2 = c(fields(two), df = two$dfs))
}
levels_of <- function(d, levels) {
  d$f1 <- d[[levels[1]]]
  for (i in seq_along(levels)[-1]) d[[paste0("f", i)]] <- paste(d[[paste0("f", i - 1)]], d[[levels[i]]], sep = "/")
  d
}
fit <- function(d, levels, method, test) {
  random <- lapply(seq_along(levels), function(i) as.formula(paste0("~ 1 | f", i)))
  highest(function(control)
    rma.mv(yi, vi, random = random, data = levels_of(d, levels), method = method, test = test, control = control))
}
one_set <- function(name) {
  d <- nested[[name]]
  levels <- c("outer", "inner")
  both <- lapply(c(REML = "REML", ML = "ML"), function(m) {
    r <- fit(d, levels, m, "z")
    # the robust variances take the components as they are: R's own optimum is as good as its optimiser
    list(fit = whole(r), t = if (name %in% c("schools", "two")) fields(fit(d, levels, m, "t")), robust = robusts(r, d$outer),
         profile = if (name %in% c("schools", "unequal", "no_outer", "two") && m == "REML") profile(r, 2))
  })
  list(data = as.list(d), fits = both)
}
four <- deep()
four_fit <- fit(four, c("country", "trial", "arm"), "REML", "z")
one_level <- fit(nested$unequal, "outer", "REML", "z")

# several outcomes
b <- dat.berkey1998
wide <- data.frame(trial = unique(b$trial), y1 = b$yi[b$outcome == "PD"], y2 = b$yi[b$outcome == "AL"],
                   v11 = b$v1i[b$outcome == "PD"], v12 = b$v2i[b$outcome == "PD"], v22 = b$v2i[b$outcome == "AL"])
several <- function(k, tau, rho, within, missing, scale = 1) {
  p <- length(tau)
  S <- array(0, c(k, p, p)); y <- matrix(NA, k, p)
  psi <- outer(tau, tau) * (diag(p) * (1 - rho) + rho)
  for (i in seq_len(k)) {
    se <- signif(runif(p, 0.1, 0.4), 3)
    S[i, , ] <- signif(outer(se, se) * (diag(p) * (1 - within) + within), 8)
    y[i, ] <- round(0.2 * seq_len(p) + drop(t(chol(psi + S[i, , ])) %*% rnorm(p)), 5)
  }
  y <- y * scale; S <- S * scale^2
  y[missing] <- NA
  list(y = y, S = S)
}
gaps <- function(k, p, share) { m <- matrix(runif(k * p) < share, k, p); m[rowSums(!m) == 0, 1] <- FALSE; m }
sets <- list(
  berkey = list(y = as.matrix(wide[, c("y1", "y2")]), S = aperm(array(unlist(wide[, c("v11", "v12", "v12", "v22")]), c(5, 2, 2)), c(1, 2, 3))),
  three = several(20, c(0.3, 0.4, 0.2), 0.5, 0.4, gaps(20, 3, 0.25)),
  four = several(40, c(0.3, 0.5, 0.2, 0.4), 0.3, 0.2, gaps(40, 4, 0.3)),
  edge = several(8, c(0.3, 0.4), 0.98, 0.3, matrix(FALSE, 8, 2)),
  small = several(15, c(0.3, 0.4), 0.6, 0.5, gaps(15, 2, 0.2), scale = 1e-3),
  homogeneous = several(9, c(0.001, 0.3), 0, 0.5, matrix(FALSE, 9, 2))
)
long <- function(s) {
  p <- ncol(s$y)
  rows <- do.call(rbind, lapply(seq_len(nrow(s$y)), function(i) data.frame(id = i, outcome = seq_len(p), yi = s$y[i, ])))
  V <- as.matrix(bldiag(lapply(seq_len(nrow(s$y)), function(i) s$S[i, , ])))
  there <- !is.na(rows$yi)
  list(rows = transform(rows[there, ], outcome = factor(outcome)), V = V[there, there])
}
outcome_fit <- function(s, method, struct) {
  l <- long(s)
  r <- highest(function(control) rma.mv(yi, l$V, mods = ~ 0 + outcome, random = ~ outcome | id, struct = struct,
                                        data = l$rows, method = method, control = control))
  p <- ncol(s$y)
  rho <- diag(p)
  if (struct == "UN") { rho[upper.tri(rho)] <- 0; rho <- r$G; rho <- cov2cor(rho) }
  list(estimate = c(r$beta), se = r$se, ci_low = r$ci.lb, ci_high = r$ci.ub, statistic = r$zval, p_value = r$pval, cov = r$vb, tau2 = diag(r$G),
       rho = unname(rho), loglik = c(logLik(r)), aic = AIC(r), bic = BIC(r), q = r$QE, q_df = r$k - r$p, q_p = r$QEp,
       joint = r$QM, joint_df = r$QMdf[1], joint_p = r$QMp,
       difference = c(anova(r, X = c(1, -1, rep(0, p - 2)))$QM, anova(r, X = c(1, -1, rep(0, p - 2)))$QMp))
}
outcomes <- lapply(sets, function(s) list(
  y = s$y, S = s$S,
  fits = list(REML = outcome_fit(s, "REML", "UN"), ML = outcome_fit(s, "ML", "UN"), diagonal = outcome_fit(s, "REML", "DIAG"))
))

out <- list(
  made_by = paste("R", getRversion(), "metafor", packageVersion("metafor"), "clubSandwich", packageVersion("clubSandwich")),
  nested = sapply(names(nested), one_set, simplify = FALSE),
  four = list(data = as.list(four), fit = whole(four_fit)), one_level = whole(one_level), outcomes = outcomes
)
root <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
write_json(out, file.path(dirname(root), "mixed.json"), digits = I(17), na = "string", auto_unbox = TRUE)
