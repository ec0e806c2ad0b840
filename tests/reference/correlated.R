# Effects of trials with several treatment arms and one control arm, by metafor's rma.mv with V; what rma.mv does not
# have (DL, HE, PM, Hartung-Knapp, Q-profile), by matrices. Counts are made up; those of "gleser" are of table 19.1 of
# Gleser and Olkin 2009, as metafor's tests have them.
# Run from the repository: Rscript tests/reference/correlated.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 10000)
d <- data.frame(trial = c("A", "A", "B", "C", "C", "C", "D", "E", "E"), ai = c(12, 17, 9, 31, 22, 40, 6, 15, 0),
                n1i = c(60, 58, 45, 90, 88, 92, 70, 52, 50), ci = c(8, 8, 11, 20, 20, 20, 9, 7, 7),
                n2i = c(61, 61, 44, 93, 93, 93, 71, 55, 55), t1 = c(50, 48, 40, 80, 75, 90, 66, 49, 51),
                t2 = c(55, 55, 41, 81, 81, 81, 70, 50, 50))
gleser <- data.frame(trial = c("1", "1", "2", "3", "3", "3"), ai = c(100, 150, 15, 40, 80, 50),
                     n1i = c(4000, 4000, 400, 1000, 1000, 1000), ci = c(40, 40, 10, 150, 150, 150),
                     n2i = c(1000, 1000, 200, 2000, 2000, 2000))
part <- list(OR = function(x) 1 / x$ci + 1 / (x$n2i - x$ci), RR = function(x) 1 / x$ci - 1 / x$n2i,
             RD = function(x) x$ci / x$n2i * (1 - x$ci / x$n2i) / x$n2i, AS = function(x) 1 / (4 * x$n2i),
             IRR = function(x) 1 / x$ci, IRD = function(x) x$ci / x$t2^2, IRSD = function(x) 1 / (4 * x$t2))
covariances <- function(x, vi, p) {
  V <- outer(x$trial, x$trial, "==") * outer(sqrt(p), sqrt(p))
  diag(V) <- vi
  V
}
gls <- function(y, V, t2) {
  W <- solve(V + diag(t2, length(y)))
  b <- sum(W %*% y) / sum(W)
  e <- y - b
  list(b = b, se = 1 / sqrt(sum(W)), q = c(t(e) %*% W %*% e), P = W - W %*% matrix(1, length(y), length(y)) %*% W / sum(W),
       weights = 100 * rowSums(W) / sum(W))
}
moments <- function(y, V) {
  k <- length(y)
  g <- gls(y, V, 0)
  J <- diag(k) - 1 / k
  root <- function(target) if (g$q < target) 0 else
    uniroot(function(t) gls(y, V, t)$q - target, c(0, 100), tol = 1e-15, maxiter = 5000)$root
  list(DL = max(0, (g$q - (k - 1)) / sum(diag(g$P))), HE = max(0, (c(t(y) %*% J %*% y) - sum(diag(J %*% V))) / (k - 1)),
       PM = root(k - 1), PMM = root(qchisq(.5, k - 1)), low = root(qchisq(.975, k - 1)), high = root(qchisq(.025, k - 1)))
}
one <- function(x, measure) {
  e <- if (measure %in% c("IRR", "IRD", "IRSD")) escalc(measure, x1i = ai, t1i = t1, x2i = ci, t2i = t2, data = x) else
    escalc(measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = x)
  y <- c(e$yi); V <- covariances(x, e$vi, part[[measure]](x)); k <- length(y)
  fits <- lapply(c(REML = "REML", ML = "ML"), function(m) {
    r <- rma.mv(yi, V, random = ~ 1 | row, data = data.frame(yi = y, row = 1:k), method = m, test = "t", control = tight)
    p <- predict(r)
    g <- gls(y, V, r$sigma2)
    hk <- r$se * sqrt(g$q / (k - 1))
    list(estimate = c(r$beta), se = r$se, ci = c(r$ci.lb, r$ci.ub), tau2 = r$sigma2, q = r$QE, q_p = r$QEp,
         loglik = c(logLik(r)), prediction = c(p$pi.lb, p$pi.ub), weights = g$weights, hksj_se = hk,
         hksj = c(r$beta) + c(-1, 1) * qt(.975, k - 1) * hk,
         i2 = 100 * r$sigma2 / (r$sigma2 + (k - 1) / sum(diag(gls(y, V, 0)$P))))
  })
  r <- rma.mv(yi, V, data = data.frame(yi = y))
  list(vi = c(e$vi), V = V, fits = fits, moments = moments(y, V), common = list(estimate = c(r$beta), se = r$se))
}
measures <- setNames(nm = c("OR", "RR", "RD", "AS", "IRR", "IRD", "IRSD"))
full <- d[1:8, ]  # the last row has an empty cell
out <- list(data = d, gleser = gleser, by = lapply(measures, function(m) one(full, m)),
            gleser_by = lapply(measures[1:4], function(m) one(gleser, m)))
write(toJSON(out, digits = I(15), auto_unbox = TRUE), "tests/reference/correlated.json")
