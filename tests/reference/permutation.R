# Exact permutation tests, leave-one-out and cumulative analyses by metafor 3.8-1, iterations run to the end.
# Data: BCG trials (Colditz et al. 1994, JAMA 271:698), risk ratios, and the first six of them; made-up effects with
# variances over four orders of magnitude (wide), with many tied statistics (ties), and of two trials.
# Run from the repository: Rscript tests/reference/permutation.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-12, maxiter = 1000, tol = 1e-12)
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
sets <- list(
  bcg = list(yi = c(bcg$yi), vi = c(bcg$vi), ablat = bcg$ablat, year = bcg$year, alloc = bcg$alloc),
  six = list(yi = c(bcg$yi)[1:6], vi = c(bcg$vi)[1:6], ablat = bcg$ablat[1:6], year = bcg$year[1:6], alloc = bcg$alloc[1:6]),
  two = list(yi = c(-0.7, -0.2), vi = c(0.05, 0.08)),
  wide = list(yi = c(0.5, 0.02, -1.4, 0.31, 2.2, 0.8, 0.1), vi = c(1e-4, 2, 0.3, 1e-3, 5, 0.04, 0.9)),
  ties = list(yi = c(0.3, 0.3, -0.3, 0.3, 0.6, 0), vi = c(0.1, 0.1, 0.1, 0.1, 0.1, 0.1)))
quiet <- suppressWarnings
pool <- function(name, method, test, ...) rma(yi, vi, data = as.data.frame(sets[[name]]), method = method, test = test, control = tight, ...)
pools <- list()
for (name in c("six", "two", "wide", "ties")) for (method in c("CE", "DL", "SJ", "REML")) for (test in c("z", "knha", "adhoc", "t")) {
  if (method == "CE" && test %in% c("knha", "adhoc")) next
  if (method == "SJ" && test != "knha" || method == "CE" && test != "z") next
  r <- quiet(try(permutest(pool(name, method, test), exact = TRUE, progbar = FALSE, control = tight), silent = TRUE))
  if (inherits(r, "try-error")) next
  pools[[length(pools) + 1]] <- list(set = name, method = method, test = test, statistic = r$zval, p = r$pval)
}
g <- permutest(pool("six", "DL", "z", tau2 = 0.1), exact = TRUE, progbar = FALSE)
regressions <- list()
for (f in c("~ ablat", "~ alloc", "~ ablat + year", "~ alloc - 1")) for (method in c("DL", "REML")) for (test in c("z", "knha", "adhoc", "t")) {
  if (test == "t" || f == "~ ablat + year" && test == "adhoc" || f == "~ ablat + year" && method == "REML") next
  x <- quiet(rma(yi, vi, mods = as.formula(f), data = as.data.frame(sets$six), method = method, test = test, control = tight))
  r <- quiet(try(permutest(x, exact = TRUE, progbar = FALSE), silent = TRUE))
  if (inherits(r, "try-error")) next
  regressions[[length(regressions) + 1]] <- list(set = "six", formula = f, method = method, test = test,
    statistic = x$zval, p = r$pval, qm = x$QM, qm_p = r$QMp, n = nrow(r$zval.perm))
}
steps <- list()
for (name in c("bcg", "wide", "ties", "two")) for (method in c("CE", "DL", "ML", "REML", "PM", "SJ")) for (test in c("z", "knha", "t")) {
  if (method == "CE" && test == "knha") next
  fit <- quiet(pool(name, method, test))
  for (verb in c("leave_one_out", "cumulative")) {
    if (name == "two" && verb == "leave_one_out") next
    t <- quiet(try(as.data.frame(if (verb == "cumulative") cumul(fit) else leave1out(fit)), silent = TRUE))
    if (inherits(t, "try-error")) next
    steps[[length(steps) + 1]] <- list(verb = verb, set = name, method = method, test = test, estimate = t$estimate, se = t$se,
      ci_low = t$ci.lb, ci_high = t$ci.ub, tau2 = t$tau2, q = t$Q, i2 = t$I2)
  }
}
out <- list(sets = sets, pools = pools, given_tau2 = list(tau2 = 0.1, p = g$pval, statistic = g$zval), regressions = regressions,
  steps = steps, versions = c(R.version.string, as.character(packageVersion("metafor"))))
write(toJSON(out, digits = I(16), auto_unbox = TRUE, na = "string"), "tests/reference/permutation.json")
cat(length(pools), length(regressions), length(steps), "\n")
print(table(sapply(steps, function(s) paste(s$verb, s$set))))
print(sapply(steps, function(s) any(sapply(s[5:11], is.null))) |> any())
