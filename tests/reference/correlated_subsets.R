# Pools of some rows whose sampling errors are correlated, each by metafor's rma.mv with its part of V: without each trial,
# without each row, and of ever more trials. Effects and covariances are made up.
# Run from the repository: Rscript tests/reference/correlated_subsets.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 10000)
d <- data.frame(trial = c("P", "Q", "Q", "R", "S", "S", "S", "T"), yi = c(-.31, .22, -.48, -.95, .1, -.27, .63, -.7),
                vi = c(.05, .08, .07, .03, .09, .06, .11, .04))
V <- outer(d$trial, d$trial, "==") * .04  # one control arm a trial
V[1, 8] <- V[8, 1] <- .015  # and patients who are in two trials
V[4, 5] <- V[5, 4] <- -.01
diag(V) <- d$vi
one <- function(rows, method) {
  y <- d$yi[rows]; W <- V[rows, rows, drop = FALSE]; k <- length(y)
  if (k == 1) return(list(estimate = y, se = sqrt(c(W)), tau2 = 0, q = 0, hksj_se = sqrt(c(W))))
  x <- data.frame(y = y, row = 1:k)
  r <- if (method == "CE") rma.mv(y, W, data = x) else
    rma.mv(y, W, random = ~ 1 | row, data = x, method = method, control = tight)
  t2 <- if (method == "CE") 0 else r$sigma2
  e <- y - c(r$beta)
  hk <- r$se * sqrt(sum(e * solve(W + diag(t2, k), e)) / (k - 1))
  list(estimate = c(r$beta), se = r$se, tau2 = t2, q = r$QE, hksj_se = hk)
}
trials <- unique(d$trial); number <- match(d$trial, trials)
out <- lapply(c(REML = "REML", ML = "ML", CE = "CE"), function(m) list(
  leave_one_out = lapply(seq_along(trials), function(i) one(number != i, m)),
  by_row = lapply(seq_len(nrow(d)), function(i) one(-i, m)),
  cumulative = lapply(seq_along(trials), function(i) one(number <= i, m))))
write(toJSON(list(data = d, V = V, by = out), digits = I(15), auto_unbox = TRUE, dataframe = "columns"),
      "tests/reference/correlated_subsets.json")
