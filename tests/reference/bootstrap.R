# Bootstrap by R's boot and metafor 3.8-1: the trials of each draw, their pools, percentile and BCa limits (acceleration by
# the pools without each trial). The trials are made up here. Run from the repository: Rscript tests/reference/bootstrap.R
suppressMessages({library(metafor); library(boot); library(jsonlite)})
set.seed(20)
trials <- data.frame(yi = c(-0.61, -0.12, 0.14, -0.43, -0.29, -0.92, 0.05), vi = c(0.03, 0.02, 0.05, 0.09, 0.015, 0.12, 0.04))
stat <- function(d, i) { f <- rma(yi, vi, data = d[i, ], method = "DL"); c(f$beta, f$tau2) }
b <- boot(trials, stat, R = 299)
k <- nrow(trials)
jack <- t(sapply(seq_len(k), function(i) stat(trials, -i)))
limits <- lapply(1:2, function(j) {
  L <- (k - 1) * (mean(jack[, j]) - jack[, j])
  ci <- boot.ci(b, conf = c(0.8, 0.95), index = j, type = c("perc", "bca"), L = L, t0 = b$t0[j], t = b$t[, j])
  list(perc = unname(ci$percent[, 4:5]), bca = unname(ci$bca[, 4:5]))
})
write_json(list(trials = trials, rows = unname(boot.array(b, indices = TRUE)), t = b$t, t0 = b$t0, jack = jack,
                estimate = limits[[1]], tau2 = limits[[2]]),
           "tests/reference/bootstrap.json", digits = NA, auto_unbox = TRUE, dataframe = "columns")
