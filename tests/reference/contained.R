# Degrees of freedom of multilevel pools by containment: rma.mv(dfs = "contain"). R 4.2.2, metafor 3.8.1.
# Run from the repository: Rscript tests/reference/contained.R
suppressMessages({library(metafor); library(jsonlite)})
set.seed(2)
trial <- c("a", "a", "a", "b", "b", "c", "d", "d", "e", "f", "f", "g")
dat <- data.frame(trial = trial, arm = 1:12, outcome = c(1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2, 2),
                  yi = round(rnorm(7, 0.3, 0.4)[match(trial, letters)] + rnorm(12, 0, 0.2), 4), vi = round(runif(12, 0.01, 0.04), 4))
dat$aside <- paste(dat$trial, dat$outcome)
one <- function(random, levels, crossed = character()) {
  r <- rma.mv(yi, vi, random = random, data = dat, dfs = "contain", control = list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-14, maxit = 10000))
  p <- predict(r)
  list(data = as.list(dat[, c("trial", "arm", "outcome", "yi", "vi")]), levels = I(levels), crossed = I(crossed),
       estimate = r$beta[1], se = r$se, df = r$ddf[[1]], ci_low = r$ci.lb, ci_high = r$ci.ub, p_value = r$pval,
       pi_low = p$pi.lb, pi_high = p$pi.ub)
}
found <- list(
  nested = one(~ 1 | trial/arm, c("trial", "arm")), alone = one(~ 1 | trial, "trial"),
  crossed = one(list(~ 1 | trial, ~ 1 | aside), "trial", "outcome")
)
write(toJSON(found, digits = I(15), auto_unbox = TRUE), "tests/reference/contained.json")
