# Pinned references of pool_glmm where trials have millions of patients, by R's metafor and lme4.
# Writes large_counts.json beside this file: Rscript tests/reference/large_counts.R
#
# The models of counts tend to the normal model of the trials' own effects, fitted by ML, as the counts grow. Those of R
# do not converge there beyond 1e7 patients; where they do, lme4 has the standard error of the fit by differences.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

size <- c(1, 0.9, 1.3, 2, 0.7)
rate_t <- c(0.31, 0.27, 0.35, 0.30, 0.24)
rate_c <- c(0.20, 0.22, 0.30, 0.25, 0.19)
rare <- c(3, 5, 9, 2, 14)
counts <- function(n) list(x = round(n * size * rate_t), n = round(n * size), b = round(n * size * rate_c))
ml <- function(...) {
  fit <- rma(..., method = "ML", control = list(threshold = 1e-14, maxiter = 10000))
  list(estimate = fit$beta[1], se = fit$se, tau2 = fit$tau2)
}
limit <- function(n) with(counts(n), list(
  PLO = ml(measure = "PLO", xi = x, ni = n),
  IRLN = ml(measure = "IRLN", xi = x, ti = n),
  OR = ml(measure = "OR", ai = x, n1i = n, ci = b, n2i = n),
  IRR = ml(measure = "IRR", x1i = x, t1i = n, x2i = b, t2i = n)
))
glmm <- function(...) {
  fit <- rma.glmm(..., nAGQ = 21)
  list(estimate = fit$beta[1], se = fit$se, tau2 = fit$tau2, loglik = fit$fit.stats["ll", "ML"])
}
c7 <- counts(1e7)
pinned <- list(
  size = size, rate_t = rate_t, rate_c = rate_c, rare = rare,
  limit = limit(1e9),
  glmm = list(
    PLO = glmm(measure = "PLO", xi = c7$x, ni = c7$n), IRLN = glmm(measure = "IRLN", xi = c7$x, ti = c7$n),
    PLO_rare = glmm(measure = "PLO", xi = rare, ni = c7$n), IRLN_rare = glmm(measure = "IRLN", xi = rare, ti = c7$n)
  )
)
write_json(pinned, file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "large_counts.json"),
           auto_unbox = TRUE, digits = NA, pretty = TRUE)
