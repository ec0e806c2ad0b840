# Bayesian pools by bayesmeta 3.4 with its default grid of tau and with a fine one: the default stops at 1 % of
# divergence between neighbouring nodes, and leaves out the outermost 1e-4 of tau.
# Data: sets of the R package metadat; steurer: four trials of Steurer et al. 2006, log hazard ratios. Writes bayesmeta.json beside it: Rscript tests/reference/bayesmeta.R
suppressMessages({library(metafor); library(metadat); library(bayesmeta); library(jsonlite)})
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
hine <- escalc(measure = "RD", n1i = n1i, n2i = n2i, ai = ai, ci = ci, data = dat.hine1989)
steurer <- data.frame(yi = c(-0.592, -0.0791, -0.237, 0.163), vi = c(0.345, 0.0787, 0.144, 0.312)^2)
sets <- list(bcg = bcg, hine = hine, steurer = steurer)
priors <- list(half_normal = function(t) dhalfnormal(t, scale = 0.5), half_cauchy = function(t) dhalfcauchy(t, scale = 0.5))
grids <- list(default = c(0.01, 1e-4), fine = c(1e-4, 1e-9))
rows <- c("median", "mean", "sd", "95% lower", "95% upper")
out <- lapply(sets, function(d) {
  yi <- as.numeric(d$yi); vi <- as.numeric(d$vi)
  c(list(yi = yi, vi = vi), lapply(priors, function(p) lapply(grids, function(g) {
    s <- bayesmeta(y = yi, sigma = sqrt(vi), tau.prior = p, interval.type = "central", delta = g[1], epsilon = g[2])$summary
    list(tau = unname(s[rows, "tau"]), mu = unname(s[rows, "mu"]), predictive = unname(s[rows, "theta"]))
  })))
})
write_json(out, "tests/reference/bayesmeta.json", digits = NA, auto_unbox = TRUE)
