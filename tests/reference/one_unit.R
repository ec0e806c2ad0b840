# Levels of one unit, whose variance rma.mv fixes at 0. R 4.2.2, metafor 3.8.1.
# Run from the repository: Rscript tests/reference/one_unit.R
suppressMessages({library(metafor); library(jsonlite)})
dat <- data.frame(yi = c(-0.5, -0.3, 0.1, -0.2, 0.3, -0.6), vi = c(0.04, 0.03, 0.05, 0.06, 0.02, 0.03), trial = LETTERS[1:6],
                  one = "x", dose = c(1, 2, 3, 4, 5, 7), aside = c(1, 2, 1, 2, 1, 2))
ctrl <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-14, maxit = 10000)
one <- function(random, levels, crossed = character(), mods = ~ 1, method = "REML") {
  r <- suppressWarnings(rma.mv(yi, vi, mods = mods, random = random, data = dat, method = method, control = ctrl))
  list(levels = I(levels), crossed = I(crossed), formula = deparse(mods), method = method, estimate = I(r$beta[, 1]), se = I(r$se),
       sigma2 = I(r$sigma2), loglik = logLik(r)[1], aic = AIC(r), bic = BIC(r))
}
fits <- list(
  nested = one(~ 1 | one/trial, c("one", "trial")), nested_ml = one(~ 1 | one/trial, c("one", "trial"), method = "ML"),
  alone = one(~ 1 | one, "one"), crossed = one(list(~ 1 | one/trial, ~ 1 | aside), c("one", "trial"), "aside"),
  nested_dose = one(~ 1 | one/trial, c("one", "trial"), mods = ~ dose), alone_dose = one(~ 1 | one, "one", mods = ~ dose)
)
write(toJSON(list(data = as.list(dat), fits = fits), digits = I(15), auto_unbox = TRUE), "tests/reference/one_unit.json")
