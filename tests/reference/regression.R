# Meta-regression, Henmi-Copas and profile intervals by metafor 3.8-1, iterations run to the end.
# Data: BCG trials (Colditz et al. 1994, JAMA 271:698), risk ratios.
# Run from the repository: Rscript tests/reference/regression.R
suppressMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-14, maxiter = 10000)
d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
new <- c(10, 33, 60)
fit <- function(formula, method, test) rma(yi, vi, mods = formula, data = d, method = method, test = test, control = tight)
cases <- list()
for (f in c("~ ablat", "~ ablat + alloc", "~ ablat * alloc", "~ alloc - 1"))
  for (m in c("CE", "DL", "HE", "ML", "REML", "SJ"))
    for (t in c("z", "t", "knha", "adhoc")) {
      if (m == "CE" && t %in% c("knha", "adhoc")) next
      r <- suppressWarnings(fit(as.formula(f), m, t))
      cases[[length(cases) + 1]] <- list(
        formula = f, method = m, test = t, beta = c(r$beta), se = r$se, p = r$pval, low = r$ci.lb, high = r$ci.ub,
        tau2 = r$tau2, qe = r$QE, qm = r$QM, qm_p = r$QMp, i2 = r$I2, h2 = r$H2,
        r2 = if (is.null(r$R2)) NA else r$R2, se_tau2 = if (m == "CE") NA else r$se.tau2,
        loglik = fitstats(r)[1], aic = fitstats(r)[3], bic = fitstats(r)[4])
    }
r <- fit(~ ablat, "REML", "knha")
p <- predict(r, newmods = new)
full <- fit(~ ablat + year, "ML", "z"); half <- fit(~ ablat, "ML", "z"); a <- anova(full, half)
both <- fit(~ ablat + year, "REML", "z")
alloc <- fit(~ alloc, "REML", "knha")
l <- anova(alloc, X = rbind(c(0, 1, 0), c(0, 1, -1)))
ci <- function(r, type) unname(confint(r, type = type, control = list(tol = 1e-13, tau2.max = 100))$random[1, 2:3])
out <- list(
  data = list(yi = c(d$yi), vi = c(d$vi), ablat = d$ablat, year = d$year, alloc = d$alloc), cases = cases,
  predict = list(new = new, estimate = p$pred, se = p$se, low = p$ci.lb, high = p$ci.ub, pi_low = p$pi.lb, pi_high = p$pi.ub),
  lrt = list(statistic = a$LRT, p = a$pval), vif = unname(sapply(vif(both)$vif, function(x) x$vif)),
  contrast = list(estimate = l$Xb[, 1], se = l$se, p = l$pval),
  tau2_qp = ci(r, "QP"), tau2_pl = ci(r, "PL"),
  hc = with(hc(rma(yi, vi, data = d, method = "DL"), control = list(tol = 1e-14, maxit = 10000)), list(estimate = c(beta), se = se, low = ci.lb, high = ci.ub)),
  versions = c(R.version.string, as.character(packageVersion("metafor"))))
write(toJSON(out, digits = I(16), auto_unbox = TRUE, na = "null"), "tests/reference/regression.json")
