# Boundaries by error spending, by rpact 3.3.4; and what they let through, by mvtnorm.
# Run from the repository: Rscript tests/reference/group_sequential.R
suppressMessages({library(rpact); library(mvtnorm); library(jsonlite)})
looks <- list(c(0.2, 0.4, 0.6, 0.8, 1), c(0.1, 0.13, 0.5, 0.92, 1), c(0.35, 1), c(0.3, 0.5, 0.7, 0.75, 1))
found <- list()
for (t in looks) for (kind in c("asOF", "asP")) for (alpha in c(0.05, 0.01)) {
  d <- getDesignGroupSequential(sided = 2, alpha = alpha, informationRates = t, typeOfDesign = kind, tolerance = 1e-10)
  set.seed(1)
  v <- outer(t, t, function(a, b) sqrt(pmin(a, b) / pmax(a, b)))
  c <- d$criticalValues
  stays <- pmvnorm(-c, c, sigma = v, algorithm = GenzBretz(maxpts = 5e6, abseps = 1e-8))
  found[[length(found) + 1]] <- list(t = t, kind = kind, alpha = alpha, critical = c, spent = d$alphaSpent,
                                     crossed = 1 - as.numeric(stays))
}
# looks close to each other, of which rpact lets through 0.0101 of 0.01: boundaries are given, and mvtnorm says what crosses
t <- c(0.05, 0.3, 0.31, 0.7, 0.75, 1)
bounds <- c(38, 4.992726, 4.947212, 3.158346, 3.100556, 2.604391)
v <- outer(t, t, function(a, b) sqrt(pmin(a, b) / pmax(a, b)))
set.seed(2)
crossed <- sapply(seq_along(t)[-1], function(n) 1 - as.numeric(
  pmvnorm(-bounds[1:n], bounds[1:n], sigma = v[1:n, 1:n], algorithm = GenzBretz(maxpts = 2e7, abseps = 1e-10))))
close <- list(t = t, bounds = bounds, crossed = c(0, crossed), kind = "asOF", alpha = 0.01)
write_json(list(rpact = found, close = close), "tests/reference/group_sequential.json", digits = NA, auto_unbox = TRUE)
