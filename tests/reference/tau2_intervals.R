# Pinned limits of tau2 by Biggerstaff-Jackson (BJ), Jackson (J) and profile likelihood (PL), each root run to the end.
# confint() of metafor stops at an absolute 1e-4 and hands no tolerance on for BJ and J, so their roots are found here
# with CompQuadForm's Farebrother; PL is metafor's own with its tolerance set. Data: sets of the R package metadat.
# Writes tau2_intervals.json beside this file: Rscript tests/reference/tau2_intervals.R
suppressPackageStartupMessages({library(metafor); library(metadat); library(CompQuadForm); library(jsonlite)})
pignon <- transform(dat.pignon2000, yi = OmE / V, vi = 1 / V)
hine <- escalc(measure = "RD", n1i = n1i, n2i = n2i, ai = ai, ci = ci, data = dat.hine1989)
tiny <- transform(hine, vi = vi / 1e4, yi = yi / 1e2)
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
pritz <- escalc(measure = "PLO", xi = xi, ni = ni, data = dat.pritz1997)
sets <- list(pignon = pignon, hine = hine, tiny = tiny, bcg = bcg, pritz = pritz)

generalised <- function(yi, vi, w) {
  A <- diag(w) - w %*% t(w) / sum(w)
  q <- as.numeric(t(yi) %*% A %*% yi)
  upper <- function(tau2) {
    root <- diag(sqrt(vi + tau2))
    l <- eigen(root %*% A %*% root, symmetric = TRUE)$values
    farebrother(q, l[l > 1e-10 * max(l)], eps = 1e-13, maxit = 1e6)$Qq
  }
  solve1 <- function(p) if (upper(0) > p) 0 else uniroot(function(t) upper(t) - p, c(0, 20), tol = 1e-15)$root
  c(solve1(0.025), solve1(0.975))
}
profile <- function(yi, vi, method) {
  r <- rma(yi, vi, method = method, control = list(threshold = 1e-13, maxiter = 10000))
  as.numeric(confint(r, type = "PL", control = list(tol = 1e-14))$random[1, 2:3])
}
out <- lapply(sets, function(d) {
  yi <- as.numeric(d$yi); vi <- as.numeric(d$vi)
  list(yi = yi, vi = vi, BJ = generalised(yi, vi, 1 / vi), J = generalised(yi, vi, 1 / sqrt(vi)),
       PL_REML = profile(yi, vi, "REML"), PL_ML = profile(yi, vi, "ML"))
})
write_json(out, "tests/reference/tau2_intervals.json", digits = NA, pretty = TRUE, auto_unbox = TRUE)
