# Coordinates of Baujat, radial and L'Abbe plots, and bands of a bubble plot, by metafor 3.8-1, iterations run to the end.
# Data: BCG trials (Colditz et al. 1994, JAMA 271:698), risk ratios.
# Run from the repository: Rscript tests/reference/diagnostics.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-12, maxiter = 1000, tol = 1e-12)
pdf(NULL)
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
counts <- list(tpos = bcg$tpos, nt = bcg$tpos + bcg$tneg, cpos = bcg$cpos, nc = bcg$cpos + bcg$cneg, ablat = bcg$ablat)
pools <- lapply(c("EE", "DL", "REML"), function(method) {
  fit <- rma(yi, vi, data = bcg, method = method, control = tight)
  b <- baujat(fit)
  r <- radial(fit)
  list(method = method, baujat_x = b$x, baujat_y = b$y, radial_x = r$x, radial_y = r$y)
})
measures <- lapply(c("RR", "OR", "RD"), function(measure) {
  fit <- rma(measure = measure, ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg, method = "REML", control = tight)
  p <- c(0.001, 0.05, 0.2, 0.7)
  at <- c(coef(fit))
  treated <- switch(measure, RR = p * exp(at), OR = plogis(qlogis(p) + at), RD = p + at)
  l <- labbe(fit, transf = if (measure == "RR") exp else if (measure == "OR") plogis else NULL)
  list(measure = measure, control = p, treated = treated, x = l$x, y = l$y)
})
fit <- rma(yi, vi, mods = ~ ablat, data = bcg, method = "REML", control = tight)
new <- c(10, 33.5, 60)
line <- as.data.frame(predict(fit, newmods = new))
out <- list(counts = counts, pools = pools, measures = measures,
            bubble = list(ablat = new, pred = line$pred, ci_low = line$ci.lb, ci_high = line$ci.ub, pi_low = line$pi.lb, pi_high = line$pi.ub))
write_json(out, "tests/reference/diagnostics.json", digits = NA, auto_unbox = TRUE)
