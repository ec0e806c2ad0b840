# Where R's defaults stop short of the number they approximate: each case as R gives it by default, and as the same R code
# gives it when its stopping rules are tightened. Limits of tau2: metafor's confint(), whose root finder has tol = 1.2e-4
# absolute, about fits whose scoring stops at 1e-5. Mixed models: rma.glmm()'s optimisers. For Bayes see bayesmeta.R.
# Writes disputed.json beside this file: Rscript tests/reference/disputed.R
suppressPackageStartupMessages({library(metafor); library(lme4); library(BiasedUrn); library(CompQuadForm); library(jsonlite)})
options(warn = -1)

debruin <- data.frame(x = c(11, 24, 179, 82, 60, 11, 99, 9, 88, 17, 26, 23, 40),
                      n = c(29, 33, 326, 240, 110, 29, 244, 17, 215, 26, 138, 55, 54))
crisafulli <- data.frame(
  x = c(47, 66, 19, 2, 99, 105, 73, 110, 12, 156, 48, 76, 50, 5, 16, 20, 397, 9, 29, 5, 21, 11, 51, 40, 6, 72),
  n = c(177413, 234396, 91157, 10000, 532302, 371698, 301283, 420374, 71091, 721163, 176600, 292637, 261254, 18000, 72963,
        77654, 1673791, 34219, 210324, 30014, 111703, 62188, 281214, 190521, 37649, 369780))
bcg <- dat.bcg
hine <- dat.hine1989
pignon <- dat.pignon2000
sets <- list(
  bcg = escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg),
  hine = escalc(measure = "RD", n1i = n1i, n2i = n2i, ai = ai, ci = ci, data = hine),
  debruin = escalc(measure = "PLO", xi = x, ni = n, data = debruin),
  crisafulli = escalc(measure = "PFT", xi = x, ni = n, data = crisafulli),
  pignon = data.frame(yi = pignon$OmE / pignon$V, vi = 1 / pignon$V),
  steurer = data.frame(yi = c(-0.592, -0.0791, -0.237, 0.163), vi = c(0.345, 0.0787, 0.144, 0.312)^2),
  anker = data.frame(yi = c(-0.7761, -0.666, -0.2784, -0.1985, -0.0458, -0.227),
                     vi = c(0.4867, 0.3146, 0.1188, 0.1111, 0.0785, 0.1312)^2)
)

# confint() of GENQ hands no tolerance to uniroot(), and farebrother() none to its series: both are set around it
tight <- new.env(parent = asNamespace("metafor"))
tight$uniroot <- function(..., tol) stats::uniroot(..., tol = 1e-15)
tight$.GENQ.func <- metafor:::.GENQ.func
body(tight$.GENQ.func) <- do.call(substitute, list(body(tight$.GENQ.func), list(farebrother = quote(farebrother))))
environment(tight$.GENQ.func) <- tight
confint_tight <- metafor:::confint.rma.uni
environment(confint_tight) <- tight

limits <- function(set, type) {
  d <- sets[[set]]; yi <- as.numeric(d$yi); vi <- as.numeric(d$vi)
  fit <- function(control) switch(type,
    BJ = rma(yi, vi, method = "GENQ", weights = 1 / vi), J = rma(yi, vi, method = "GENQ", weights = 1 / sqrt(vi)),
    rma(yi, vi, method = sub("PL_", "", type), control = control))
  ends <- function(x) as.numeric(x$random[1, 2:3])
  loose <- if (type %in% c("BJ", "J")) confint(fit(list())) else confint(fit(list()), type = "PL")
  close <- if (type %in% c("BJ", "J")) confint_tight(fit(list())) else
    confint(fit(list(threshold = 1e-14, maxiter = 10000)), type = "PL", control = list(tol = 1e-15))
  list(set = set, type = type, default = ends(loose), converged = ends(close))
}
of_tau2 <- list(
  c("steurer", "PL_ML"), c("crisafulli", "PL_REML"), c("crisafulli", "PL_ML"), c("debruin", "J"), c("hine", "BJ"), c("hine", "J"),
  c("pignon", "BJ"), c("pignon", "J"), c("crisafulli", "BJ"), c("crisafulli", "J"), c("anker", "BJ"))

# UM.RS of bcg by glmer as rma.glmm() calls it, and with its inner iterations run to 1e-11
long <- with(bcg, data.frame(y = c(rbind(tpos, cpos)), n = c(rbind(tpos + tneg, cpos + cneg)), g = rep(c(1, 0), 13),
                             s = factor(rep(1:13, each = 2))))
long$h <- long$g - 0.5
um_rs <- function(control) {
  f <- glmer(cbind(y, n - y) ~ 1 + g + (1 | s) + (h - 1 | s), family = binomial, data = long, control = control)
  list(estimate = fixef(f)[[2]], se = sqrt(vcov(f)[2, 2]), tau2 = getME(f, "theta")[[2]]^2, loglik = c(logLik(f)))
}

# CM.EL of hine: the exact conditional log likelihood, integrated over normal effects
conditional <- function(mean, tau2) sum(with(hine, mapply(function(a, n1, c, n2) {
  f <- function(t) dFNCHypergeo(a, n1, n2, a + c, exp(t), precision = 1e-14)
  if (tau2 == 0) return(log(f(mean)))
  log(integrate(function(z) vapply(z, function(u) f(mean + sqrt(tau2) * u) * dnorm(u), 0), -10, 10, rel.tol = 1e-12)$value)
}, ai, n1i, ci, n2i)))
cm_el <- function(fit) list(estimate = c(fit$beta), se = fit$se, ci_low = fit$ci.lb, tau2 = fit$tau2,
                            loglik = conditional(c(fit$beta), fit$tau2))
at_zero <- function() {
  top <- optimize(function(m) conditional(m, 0), c(0, 1), maximum = TRUE, tol = 1e-10)
  m <- top$maximum; h <- 1e-3
  second <- (conditional(m + h, 0) - 2 * conditional(m, 0) + conditional(m - h, 0)) / h^2
  list(estimate = m, se = sqrt(-1 / second), ci_low = m - qnorm(0.975) * sqrt(-1 / second), tau2 = 0, loglik = conditional(m, 0))
}
two_arm <- function(d, ...) rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, ...)

out <- list(
  made_by = paste("R", getRversion(), "metafor", packageVersion("metafor"), "lme4",
                  packageVersion("lme4"), "CompQuadForm", packageVersion("CompQuadForm")),
  data = lapply(sets, function(d) list(yi = as.numeric(d$yi), vi = as.numeric(d$vi))),
  tau2 = lapply(of_tau2, function(x) limits(x[1], x[2])),
  um_rs = list(data = with(bcg, list(a = tpos, n1 = tpos + tneg, c = cpos, n2 = cpos + cneg)), default = um_rs(glmerControl()),
               converged = um_rs(glmerControl(tolPwrss = 1e-11, optimizer = "bobyqa", optCtrl = list(rhoend = 1e-8, maxfun = 1e5)))),
  cm_el = list(data = with(hine, list(a = ai, n1 = n1i, c = ci, n2 = n2i)), default = cm_el(two_arm(hine, model = "CM.EL")),
               converged = at_zero())
)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
write_json(out, file.path(here, "disputed.json"), digits = I(15), auto_unbox = TRUE, na = "string")
