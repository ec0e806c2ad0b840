# Pinned references of interaction with several levels, by R's metafor.
# Writes interaction.json beside this file: Rscript tests/reference/interaction.R
#
# Differences within trials: effects of all rows, trials as fixed effects, random effects on the levels' indicators. Its
# restricted likelihood is that of the differences. Floating effects: the rows less the differences, the covariance of
# the indicators' random effects held at that of the differences, the rest of it estimated; then the algebra of Godolphin
# et al. (2023, Research Synthesis Methods 14:68) with whole matrices.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

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

set.seed(20240701)
simulated <- function(trials, k, effect, psi, absent, single) {
  rows <- do.call(rbind, lapply(seq_len(trials), function(i) {
    vi <- signif(runif(k, 0.01, 0.12), 3)
    y <- effect + drop(t(chol(psi)) %*% rnorm(k)) + rnorm(k, 0, sqrt(vi))
    data.frame(trial = sprintf("T%02d", i), level = letters[seq_len(k)], yi = round(y, 5), vi = vi)
  }))
  gone <- paste(rows$trial, rows$level) %in% absent
  alone <- rows$trial %in% names(single) & rows$level != single[rows$trial]
  rows[!gone & !alone, ]
}
t3 <- matrix(c(0.20, 0.08, 0.05, 0.08, 0.16, 0.07, 0.05, 0.07, 0.25), 3)
even <- 0.04 + diag(4) * 0.05
sets <- list(
  three = simulated(18, 3, c(-0.5, -0.2, 0.1), t3, c("T01 a", "T02 a", "T05 b", "T06 b", "T09 c", "T10 c", "T11 c"),
                    c(T15 = "a", T16 = "b", T17 = "c", T18 = "c")),
  four = simulated(16, 4, c(0, 0.1, 0.3, 0.2), even, c("T01 a", "T02 b", "T02 c", "T03 d", "T04 d", "T05 a", "T05 b"),
                   c(T14 = "d", T15 = "a", T16 = "b")),
  none = simulated(9, 3, c(-0.3, -0.3, -0.1), diag(3) * 1e-8, c("T01 a", "T02 b", "T03 c"), c(T09 = "b"))
)
scores <- list(three = c(0, 1, 3), four = c(0, 1, 2, 3), none = c(0, 1, 2))

dummies <- function(level, Z) { X <- Z[match(level, letters), , drop = FALSE]; colnames(X) <- paste0("x", seq_len(ncol(Z))); X }
within <- function(d, Z, structure) {
  d <- d[d$trial %in% names(which(table(d$trial) > 1)), ]
  X <- dummies(d$level, Z)
  d <- cbind(d, X, row = seq_len(nrow(d)))
  M <- cbind(X, model.matrix(~ 0 + trial, d))
  random <- if (structure == "exchangeable") ~ 1 | row else as.formula(paste("~ 0 +", paste(colnames(X), collapse = " + "), "| trial"))
  r <- if (structure == "common") rma.mv(yi, vi, mods = M, intercept = FALSE, data = d) else highest(function(control)
    rma.mv(yi, vi, mods = M, intercept = FALSE, random = random, struct = "GEN", data = d, control = control))
  q <- ncol(Z)
  tau2 <- switch(structure, common = matrix(0, q, q), exchangeable = r$sigma2 * (diag(q) + 1), matrix(as.vector(r$G)[seq_len(q * q)], q))
  list(gamma = unname(c(r$beta)[1:q]), cov = unname(r$vb[1:q, 1:q, drop = FALSE]), tau2 = tau2, loglik = c(logLik(r)), q = r$QE)
}
floating <- function(d, Z, w, structure) {
  k <- nrow(Z); q <- ncol(Z)
  l <- match(d$level, letters)
  d$ys <- d$yi - drop(Z[l, , drop = FALSE] %*% w$gamma)
  d <- cbind(d, dummies(d$level, Z))
  ref <- rep(1, k)
  if (structure == "common") {
    sigma <- matrix(0, k, k)
  } else if (structure == "exchangeable") {
    base <- w$tau2[1, 1] / 2 * (diag(k) - 1 / k)
    V <- diag(d$vi) + outer(d$trial, d$trial, "==") * base[l, l]
    r <- highest(function(control) rma.mv(ys, V, random = ~ 1 | trial, data = d, control = control))
    sigma <- base + r$sigma2
  } else {
    correlation <- cov2cor(w$tau2)
    rho <- c(rep(NA, q), correlation[lower.tri(correlation)])
    f <- as.formula(paste("~ 1 +", paste0("x", seq_len(q), collapse = " + "), "| trial"))
    r <- highest(function(control) rma.mv(ys, vi, random = f, struct = "GEN", data = d, tau2 = c(NA, diag(w$tau2)), rho = rho, control = control))
    sigma <- cbind(1, Z) %*% unname(r$G) %*% t(cbind(1, Z))
  }
  W <- solve(diag(d$vi) + outer(d$trial, d$trial, "==") * sigma[l, l])
  one <- rep(1, nrow(d))
  vt <- 1 / sum(W)
  theta <- vt * sum(W %*% d$ys)
  A <- Z - vt * ref %*% t(one) %*% W %*% Z[l, , drop = FALSE]
  list(estimate = theta + drop(Z %*% w$gamma), cov = vt + A %*% w$cov %*% t(A), tau2 = sigma)
}
both <- function(d, Z, structure) {
  w <- within(d, Z, structure)
  c(w, list(floating = floating(d, Z, w, structure)))
}
# the full likelihood is that of the contrasts themselves: of the levels against the first one that a trial reports, the
# log determinant of the orthonormal ones taken off
full <- function(d, Z, common) {
  parts <- Filter(function(p) nrow(p) > 1, split(d, d$trial))
  con <- lapply(parts, function(p) {
    C <- cbind(-1, diag(nrow(p) - 1))
    list(y = drop(C %*% p$yi), V = C %*% diag(p$vi) %*% t(C), X = C %*% dummies(p$level, Z), trial = p$trial[-1],
         jacobian = 0.5 * log(det(C %*% t(C))))
  })
  X <- do.call(rbind, lapply(con, `[[`, "X"))
  dat <- data.frame(y = unlist(lapply(con, `[[`, "y")), trial = unlist(lapply(con, `[[`, "trial")), X)
  f <- as.formula(paste("~ 0 +", paste(colnames(X), collapse = " + "), "| trial"))
  V <- bldiag(lapply(con, `[[`, "V"))
  r <- if (common) rma.mv(y, V, mods = X, intercept = FALSE, method = "ML", data = dat) else highest(function(control)
    rma.mv(y, V, mods = X, intercept = FALSE, random = f, struct = "GEN", method = "ML", data = dat, control = control))
  list(gamma = unname(c(r$beta)), cov = unname(r$vb), tau2 = if (common) NULL else unname(r$G), loglik = c(logLik(r)) + sum(sapply(con, `[[`, "jacobian")))
}

out <- lapply(names(sets), function(name) {
  d <- sets[[name]]
  k <- length(unique(d$level))
  Z <- rbind(0, diag(k - 1))
  slope <- matrix(scores[[name]])
  result <- list(data = as.list(d), scores = scores[[name]], common = both(d, Z, "common"), trend_common = both(d, slope, "common"))
  result$common$loglik <- full(d, Z, TRUE)$loglik
  result$trend_common$loglik <- full(d, slope, TRUE)$loglik
  if (name == "three") result <- c(result, list(unstructured = both(d, Z, "unstructured"), ml = full(d, Z, FALSE)))
  if (name == "four") result$exchangeable <- both(d, Z, "exchangeable")
  if (name != "none") result$trend <- both(d, slope, "unstructured")
  result
})
names(out) <- names(sets)
write_json(out, "tests/reference/interaction.json", digits = I(15), auto_unbox = TRUE, na = "string")
