# Selection models by metafor 3.8-1 (with numDeriv), integrals and iterations run to the end: its own tolerances, 1.2e-4 of
# an integral and 1e-8 of the log likelihood, move the third digit. The beta weight R cannot integrate up to p = 0; where a
# smooth weight has a step its integral is off by up to .04 of the log likelihood, and such are not here.
# Data: 26 made-up trials, kept with a chance of exp(-6 p); and the same turned round.
# Run from the repository: Rscript tests/reference/selection.R
suppressMessages({library(metafor); library(jsonlite)})
dat <- data.frame(
  yi = c(0.259, 0.117, 0.25, 0.335, 0.182, 0.228, 0.118, 0.334, 0.335, 0.073, 0.056, 0.377, 0.267, 0.393, 0.282,
         0.843, 0.224, 0.161, 0.149, 0.215, -0.001, 0.115, 0.35, 0.346, 0.191, 0.222),
  vi = c(0.01307, 0.01278, 0.00783, 0.01096, 0.00946, 0.00756, 0.00707, 0.02532, 0.00707, 0.01709, 0.00701, 0.04301,
         0.00897, 0.00752, 0.02454, 0.08889, 0.00789, 0.00673, 0.01379, 0.00893, 0.02312, 0.01163, 0.02222, 0.01013,
         0.0099, 0.02721),
  ni = c(306, 313, 511, 365, 423, 529, 566, 158, 566, 234, 571, 93, 446, 532, 163, 45, 507, 594, 290, 448, 173, 344,
         180, 395, 404, 147))
plain <- list(reltol = 1e-14, maxit = 5000)
tight <- c(plain, list(intCtrl = list(rel.tol = 1e-9, subdivisions = 2000)))
step <- function(...) list(type = "stepfun", ...)
cases <- list(
  step(steps = .025), step(steps = c(.025, .5)), step(steps = .05, alternative = "two.sided"),
  step(steps = c(.05, .3), alternative = "two.sided"), step(steps = .025, alternative = "less"),
  step(steps = c(.05, .5), delta = c(1, .8, .5)), step(steps = c(.05, .5), delta = c(1, NA, .5)),
  step(steps = .025, method = "CE"), step(steps = .025, tau2 = .03),
  list(type = "halfnorm"), list(type = "negexp"), list(type = "logistic"), list(type = "power", p_min = 0), list(type = "negexppow"),
  list(type = "beta", p_min = 1e-12), list(type = "beta", p_min = 1e-3),
  list(type = "halfnorm", prec = "sei"), list(type = "negexp", prec = "vi"), list(type = "logistic", prec = "ninv"),
  list(type = "power", prec = "sqrtninv", p_min = 0), list(type = "negexppow", prec = "sei"), list(type = "negexp", delta = 2),
  list(type = "halfnorm", method = "CE"),
  list(type = "negexp", alternative = "two.sided"), list(type = "halfnorm", alternative = "less"))
out <- list()
for (case in cases) {
  turned <- identical(case$alternative, "less")
  data <- if (turned) transform(dat, yi = -yi) else dat
  pool <- list(yi = data$yi, vi = data$vi, ni = data$ni, method = if (is.null(case$method)) "ML" else case$method,
               control = list(threshold = 1e-14, maxiter = 1000), tau2 = case$tau2)
  pool <- do.call(rma, pool[!sapply(pool, is.null)])
  control <- if (case$type == "stepfun") plain else tight
  if (!is.null(case$p_min)) control$pval.min <- case$p_min
  if (!is.null(case$p_min) && case$p_min > 1e-6) control$intCtrl <- list(rel.tol = 1e-6, subdivisions = 5000)
  asked <- c(list(pool), case[!names(case) %in% c("method", "tau2", "p_min")], list(control = control))
  seconds <- system.time(r <- try(do.call(selmodel, asked), silent = TRUE))[[3]]
  if (inherits(r, "try-error")) { cat("failed:", toJSON(case, auto_unbox = TRUE), r); next }
  out[[length(out) + 1]] <- list(case = case, estimate = c(r$beta), se = r$se, tau2 = r$tau2, se_tau2 = r$se.tau2, delta = r$delta,
    se_delta = r$se.delta, loglik = c(logLik(r)), lr = r$LRT, df = r$LRTdf, p = r$LRTp)
  cat(toJSON(case, auto_unbox = TRUE), format(c(r$beta, r$se, r$tau2, r$delta), digits = 7), seconds, "\n")
}
all <- list(data = dat, cases = out, versions = c(R.version.string, as.character(packageVersion("metafor"))))
write(toJSON(all, digits = I(16), auto_unbox = TRUE, na = "string", null = "null"), "tests/reference/selection.json")
