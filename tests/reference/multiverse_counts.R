# Pools of the same counts by several models of metafor 3.8-1 (rma.mh, rma.peto, rma.glmm, rma with corrections of empty
# cells), of all trials and without two of them. The trials are made up here.
# Run from the repository: Rscript tests/reference/multiverse_counts.R
suppressMessages({library(metafor); library(jsonlite)})
trials <- data.frame(
  trial = c("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel"), bias = c("low", "high", "low", "low", "high", "low"),
  a = c(8, 12, 0, 4, 15, 3), n = c(60, 80, 70, 44, 91, 50), b = c(16, 22, 7, 0, 21, 5), m = c(60, 80, 70, 45, 88, 51))
tight <- list(threshold = 1e-13, maxiter = 10000, tol = 1e-13)
effects <- function(d, measure, to) rma(measure = measure, ai = a, n1i = n, ci = b, n2i = m, data = d, method = "REML", to = to,
                                        control = tight)
# without Birch the likelihood of CM.AL has two maxima, at a tau of 0.98 (-12.5136) and, higher, of 0 (-12.4918); rma.glmm
# stops at the former, so that its fit is compared with that of glm, which has a tau of 0
higher <- function(d) {
  r <- rma.glmm(measure = "OR", ai = a, n1i = n, ci = b, n2i = m, data = d, model = "CM.AL", nAGQ = 61)
  z <- seq(-9, 9, length.out = 6001)
  value <- sum(sapply(seq_len(nrow(d)), function(i) log(sum(dnorm(z) * dbinom(d$a[i], d$a[i] + d$b[i],
    plogis(c(r$beta) + sqrt(r$tau2) * z + log(d$n[i] / d$m[i])))) * (z[2] - z[1]))))
  g <- glm(cbind(a, b) ~ 1, offset = log(n / m), family = binomial, data = d, control = list(epsilon = 1e-14))
  if (c(logLik(g)) <= value) return(r)
  s <- coef(summary(g)); half <- qnorm(0.975) * s[2]
  list(beta = s[1], se = s[2], ci.lb = s[1] - half, ci.ub = s[1] + half, pval = s[4])
}
models <- list(
  "OR MH" = function(d) rma.mh(measure = "OR", ai = a, n1i = n, ci = b, n2i = m, data = d),
  "RR MH" = function(d) rma.mh(measure = "RR", ai = a, n1i = n, ci = b, n2i = m, data = d),
  "OR PETO" = function(d) rma.peto(ai = a, n1i = n, ci = b, n2i = m, data = d),
  "OR UM.FS" = function(d) rma.glmm(measure = "OR", ai = a, n1i = n, ci = b, n2i = m, data = d, model = "UM.FS", nAGQ = 61),
  "OR CM.AL" = function(d) higher(d),
  "OR REML only0" = function(d) effects(d, "OR", "only0"),
  "OR REML all" = function(d) effects(d, "OR", "all"),
  "OR REML none" = function(d) effects(d, "OR", "none"),
  "RR REML only0" = function(d) effects(d, "RR", "only0"))
sets <- list("all kept" = 1:6, "without bias high" = which(trials$bias != "high"), "Birch" = (1:6)[-2])
grid <- do.call(rbind, lapply(names(sets), function(set) do.call(rbind, lapply(names(models), function(model) {
  r <- suppressWarnings(models[[model]](trials[sets[[set]], ]))
  data.frame(set = set, model = model, estimate = c(r$beta), se = r$se, ci_low = r$ci.lb, ci_high = r$ci.ub, p_value = r$pval)
}))))
write_json(list(trials = trials, grid = grid),
           "tests/reference/multiverse_counts.json", digits = NA, auto_unbox = TRUE, dataframe = "columns")
