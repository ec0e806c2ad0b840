# What moved a pool, by trial: every order in which the changes come in, each pool by metafor 3.8-1. The trials are made
# up here. Run from the repository: Rscript tests/reference/update.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-13, maxiter = 10000)
before <- data.frame(trial = c("Ash", "Beech", "Cork", "Dogwood", "Elder"),
                     yi = c(-0.52, -0.31, -0.11, -0.66, -0.24), vi = c(0.021, 0.013, 0.04, 0.05, 0.018))
after <- data.frame(trial = c("Ash", "Beech", "Dogwood", "Elder", "Fig", "Gorse"),
                    yi = c(-0.52, -0.18, -0.66, -0.24, 0.21, -0.05), vi = c(0.021, 0.009, 0.05, 0.018, 0.033, 0.02))
causes <- c("Beech", "Fig", "Gorse", "Cork")  # changed, added, added, removed
pool <- function(inside, m) {
  rows <- rbind(before[!before$trial %in% inside, ], after[after$trial %in% inside, ])
  r <- rma(yi, vi, data = rows, method = m[1], test = m[2], control = tight)
  c(moved = c(r$beta), moved_natural = exp(c(r$beta)), moved_tau2 = r$tau2, moved_p = r$pval)
}
orders <- function(x) if (length(x) < 2) list(x) else do.call(c, lapply(seq_along(x), function(i)
  lapply(orders(x[-i]), function(rest) c(x[i], rest))))
found <- lapply(list(c("REML", "knha"), c("DL", "z"), c("CE", "z")), function(m) {
  gains <- sapply(orders(causes), function(o) {
    steps <- sapply(0:length(o), function(n) pool(o[seq_len(n)], m))
    g <- t(apply(steps, 1, diff)); colnames(g) <- o; g[, causes]
  }, simplify = "array")
  parts <- apply(gains, 1:2, mean)
  alone <- t(sapply(causes, function(name) c(only = pool(name, m)[[1]], all_but = pool(setdiff(causes, name), m)[[1]])))
  list(method = m[1], test = m[2], parts = as.data.frame(t(parts)), alone = as.data.frame(alone),
       before = as.list(pool(character(), m)), after = as.list(pool(causes, m)))
})
write_json(list(before = before, after = after, causes = causes, pools = found), "tests/reference/update.json",
           digits = NA, auto_unbox = TRUE, dataframe = "columns")
