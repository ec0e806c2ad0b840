# Pools of counts without each pair of trials, by metafor: Mantel and Haenszel, Peto, and mixed models of one and two arms.
# Made-up data. Writes left_out_counts.json beside this file: Rscript tests/reference/left_out_counts.R
suppressMessages({library(metafor); library(jsonlite)})
d <- data.frame(trial = LETTERS[1:6], a = c(0, 4, 6, 1, 9, 3), n1 = c(20, 31, 40, 25, 33, 28),
                b = c(3, 2, 2, 0, 14, 1), n2 = c(22, 30, 38, 24, 35, 30))
pairs <- combn(6, 2, simplify = FALSE)
fits <- list(
  MH = function(x) rma.mh(measure = "OR", ai = a, n1i = n1, ci = b, n2i = n2, data = x),
  "MH RR" = function(x) rma.mh(measure = "RR", ai = a, n1i = n1, ci = b, n2i = n2, data = x),
  Peto = function(x) rma.peto(ai = a, n1i = n1, ci = b, n2i = n2, data = x),
  "UM.FS" = function(x) rma.glmm(measure = "OR", ai = a, n1i = n1, ci = b, n2i = n2, data = x, nAGQ = 21),
  PLO = function(x) rma.glmm(measure = "PLO", xi = a, ni = n1, data = x, test = "t", nAGQ = 21)
)
of <- function(fit) sapply(pairs, function(out) {
  r <- suppressWarnings(fit(d[-out, ]))
  c(estimate = r$beta[[1]], ci_low = r$ci.lb, ci_high = r$ci.ub, p_value = r$pval)
})
pools <- lapply(fits, function(fit) as.list(as.data.frame(t(of(fit)))))
names <- sapply(pairs, function(out) paste(d$trial[out], collapse = " and "))
write_json(list(trials = d, names = names, pools = pools), "tests/reference/left_out_counts.json", digits = I(12), auto_unbox = TRUE)
