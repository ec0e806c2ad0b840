# All specifications of a small multiverse by metafor 3.8-1, and how their spread divides among the choices by R's anova
# and by R squared of linear models. The trials are made up here. Run from the repository: Rscript tests/reference/multiverse.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-13, maxiter = 10000, tol = 1e-13)
trials <- data.frame(
  trial = c("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple"),
  bias = c("low", "high", "low", "low", "high", "low", "low", "high"), phase = c(2, 3, 3, 2, 3, 3, 2, 3),
  yi = c(-0.71, -0.12, -0.35, 0.08, -0.95, -0.22, -0.41, -0.03),
  vi = c(0.06, 0.02, 0.045, 0.11, 0.09, 0.015, 0.07, 0.03))
one <- function(rows, method, test) {
  r <- rma(yi, vi, data = trials[rows, ], method = method, test = test, control = tight)
  c(k = r$k, estimate = c(r$beta), se = r$se, ci_low = r$ci.lb, ci_high = r$ci.ub, p_value = r$pval, tau2 = r$tau2, i2 = r$I2)
}
methods <- c("REML", "DL", "HE", "PM"); tests <- c("knha", "t", "adhoc")
grid <- expand.grid(early = c("kept", "out"), bias = c("kept", "out"), test = tests, method = methods, stringsAsFactors = FALSE)
rows_of <- function(g) (g$bias == "kept" | trials$bias != "high") & (g$early == "kept" | trials$phase != 2)
grid <- cbind(grid, t(sapply(seq_len(nrow(grid)), function(i) one(rows_of(grid[i, ]), grid$method[i], grid$test[i]))))
names(grid)[2] <- "bias"
table <- anova(lm(estimate ~ method * bias * early, data = grid))
ss <- table[["Sum Sq"]][1:7]; terms <- rownames(table)[1:7]
shapley_ss <- sapply(c("method", "bias", "early"), function(f)
  sum(sapply(seq_along(terms), function(i) { own <- strsplit(terms[i], ":")[[1]]; if (f %in% own) ss[i] / length(own) else 0 })) / sum(ss))

# leaving out each trial in turn beside leaving out those of high risk of bias: not balanced, as some of these are the same
out <- c("none", trials$trial)
loo <- expand.grid(one = out, bias = c("kept", "out"), method = c("REML", "DL"), stringsAsFactors = FALSE)
sets <- lapply(seq_len(nrow(loo)), function(i) (loo$bias[i] == "kept" | trials$bias != "high") & trials$trial != loo$one[i])
keep <- !duplicated(paste(sapply(sets, function(s) paste(which(s), collapse = " ")), loo$method))
loo <- loo[keep, ]; sets <- sets[keep]
loo$estimate <- sapply(seq_along(sets), function(i) one(sets[[i]], loo$method[i], "knha")[["estimate"]])
factors <- c("one", "bias", "method")
r2 <- function(s) if (!length(s)) 0 else summary(lm(reformulate(paste(s, collapse = ":"), "estimate"), data = loo))$r.squared
shapley <- sapply(factors, function(f) {
  rest <- setdiff(factors, f)
  subsets <- c(list(character()), as.list(rest), list(rest))
  sum(sapply(subsets, function(s) (suppressWarnings(r2(c(s, f))) - suppressWarnings(r2(s))) / (3 * choose(2, length(s)))))
})
write_json(list(trials = trials, grid = grid, anova = list(term = terms, ss = ss), shapley_ss = as.list(shapley_ss), loo = loo,
                alone = as.list(sapply(factors, r2)), shapley = as.list(shapley)),
           "tests/reference/multiverse.json", digits = NA, auto_unbox = TRUE, dataframe = "columns")
