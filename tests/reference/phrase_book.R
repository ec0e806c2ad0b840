# Written by docs/phrase_book/write.py from docs/phrase_book/phrases.py; run by Rscript in this folder.
library(jsonlite)
library(metafor)
library(survival)
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
lung2 <- transform(lung, months = time / 30.4375, dead = status - 1)

found <- list()
found[["Effects of two arms"]] <- unname(unlist(local({
c(dat$yi[1], dat$vi[1])
})))
found[["Rates of one arm"]] <- unname(unlist(local({
with(escalc(measure = "PLO", xi = tpos, ni = tpos + tneg, data = dat.bcg), c(yi[1], vi[1]))
})))
found[["Rates of events over time"]] <- unname(unlist(local({
inc <- escalc(measure = "IRR", x1i = c(4, 7, 2), t1i = c(310, 520, 190), x2i = c(9, 8, 6), t2i = c(305, 498, 201))
res <- rma(yi, vi, data = inc, method = "EE")
c(inc$yi, inc$vi, res$beta)
})))
found[["Random effects, Hartung-Knapp"]] <- unname(unlist(local({
res <- rma(yi, vi, data = dat, test = "knha", control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))
c(res$beta, res$ci.lb, res$ci.ub, res$tau2)
})))
found[["DerSimonian-Laird, Wald"]] <- unname(unlist(local({
res <- rma(yi, vi, data = dat, method = "DL")
c(res$beta, res$ci.lb, res$ci.ub, res$tau2, res$I2)
})))
found[["Common effect"]] <- unname(unlist(local({
res <- rma(yi, vi, data = dat, method = "EE")
c(res$beta, res$ci.lb, res$ci.ub)
})))
found[["Prediction interval"]] <- unname(unlist(local({
res <- rma(yi, vi, data = dat, test = "knha", control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))
pr <- predict(res)
c(pr$pi.lb, pr$pi.ub)
})))
found[["Interval of \u03c4\u00b2"]] <- unname(unlist(local({
res <- rma(yi, vi, data = dat, control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))
ci <- confint(res, control = list(tol = 1e-12))
c(ci$random[1, 2], ci$random[1, 3])
})))
found[["Mantel-Haenszel"]] <- unname(unlist(local({
res <- rma.mh(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
c(res$beta, res$ci.lb, res$ci.ub)
})))
found[["Peto"]] <- unname(unlist(local({
res <- rma.peto(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
c(res$beta, res$ci.lb, res$ci.ub)
})))
found[["Binomial-normal model of one arm"]] <- unname(unlist(local({
res <- rma.glmm(measure = "PLO", xi = tpos, ni = tpos + tneg, data = dat.bcg)
c(res$beta, res$ci.lb, res$ci.ub)
})))
found[["Nested random effects"]] <- unname(unlist(local({
res <- rma.mv(yi, vi, random = ~ 1 | alloc / trial, data = dat, control = list(rel.tol = 1e-10))
c(res$beta, res$se, res$sigma2)
})))
found[["Meta-regression"]] <- unname(unlist(local({
res <- rma(yi, vi, mods = ~ ablat, data = dat, test = "knha", control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))
c(res$beta, res$se, res$tau2)
})))
found[["Three-level meta-regression"]] <- unname(unlist(local({
res <- rma.mv(yi, vi, mods = ~ ablat, random = ~ 1 | alloc / trial, data = dat, control = list(rel.tol = 1e-10))
c(res$beta, res$se, res$QM)
})))
found[["Leave one out"]] <- unname(unlist(local({
res <- rma(yi, vi, data = dat, test = "knha", control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))
range(leave1out(res)$estimate)
})))
found[["Cumulative"]] <- unname(unlist(local({
res <- rma(yi, vi, data = dat, method = "DL")
cumul(res, order = year)$estimate
})))
found[["All subsets (GOSH)"]] <- unname(unlist(local({
res <- rma(yi, vi, data = dat, method = "DL", subset = 1:8)
g <- gosh(res, progbar = FALSE)$res
c(nrow(g), median(g$estimate), median(g$I2))
})))
found[["Permutation test, exact"]] <- unname(unlist(local({
res <- rma(yi, vi, data = dat, method = "DL", subset = 1:8)
permutest(res, exact = TRUE, progbar = FALSE)$pval
})))
found[["Influence"]] <- unname(unlist(local({
res <- rma(yi, vi, data = dat, control = list(threshold = 1e-12, stepadj = 1, maxiter = 1000))
max(influence(res)$inf$cook.d)
})))
found[["Egger's test"]] <- unname(unlist(local({
res <- regtest(dat$yi, dat$vi, model = "lm")
c(res$zval, res$pval)
})))
found[["Begg's test"]] <- unname(unlist(local({
res <- ranktest(dat$yi, dat$vi)
c(res$tau, res$pval)
})))
found[["Trim and fill"]] <- unname(unlist(local({
res <- trimfill(rma(yi, vi, data = dat, method = "DL"), side = "left")
c(res$k0, res$beta, res$se)
})))
found[["Fail-safe N"]] <- unname(unlist(local({
fsn(yi, vi, data = dat)$fsnum
})))
found[["Selection model"]] <- unname(unlist(local({
res <- selmodel(rma(yi, vi, data = dat, method = "ML"), type = "stepfun", steps = c(0.025), alternative = "less")
c(res$beta, res$delta[2])
})))
found[["Kaplan-Meier"]] <- unname(unlist(local({
res <- summary(survfit(Surv(months, dead) ~ 1, data = lung2, conf.type = 'log-log'))$table
c(res["median"], res["0.95LCL"], res["0.95UCL"])
})))
found[["Cox model of two arms"]] <- unname(unlist(local({
res <- coxph(Surv(months, dead) ~ sex, data = lung2)
c(coef(res), sqrt(vcov(res)))
})))
found[["Log-rank test"]] <- unname(unlist(local({
res <- survdiff(Surv(months, dead) ~ sex, data = lung2)
c(res$chisq, res$pvalue)
})))
found[["Proportional hazards"]] <- unname(unlist(local({
res <- cox.zph(coxph(Surv(months, dead) ~ sex, data = lung2))$table
c(res[1, 1], res[1, 3])
})))
found[["Restricted mean"]] <- unname(unlist(local({
fits <- summary(survfit(Surv(months, dead) ~ sex, data = lung2), rmean = 12)$table
fits[2, "rmean"] - fits[1, "rmean"]
})))

versions <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
                 survival = as.character(packageVersion("survival")))
write(toJSON(list(versions = versions, numbers = found), digits = NA, pretty = TRUE), "phrase_book.json")
