# Pinned references of pool, pool_subgroups and pool_glmm, by R's metafor.
# Writes pooling.json beside this file: Rscript tests/reference/pooling.R
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

# metafor stops its iterations early by default; with these it arrives at its last digits
control <- function(method) {
  if (method %in% c("PM", "PMM")) list(tol = 1e-12, maxiter = 1000) else list(threshold = 1e-12, maxiter = 1000)
}
methods <- c("CE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM")
tests <- c(wald = "z", t = "t", HKSJ = "knha", "HKSJ-adhoc" = "adhoc")

g12c <- data.frame(
  trial = c("sotorasib", "adagrasib", "divarasib", "garsorasib", "fulzerasib", "glecirasib"),
  xi = c(46, 48, 31, 61, 57, 56), ni = c(124, 112, 58, 123, 116, 117)
)
mek <- data.frame(trial = c("LOGS", "MILO"), hr = c(0.48, 1.21), low = c(0.36, 0.79), high = c(0.64, 1.86))

set.seed(20240611)
made <- function(k, tau, v) data.frame(yi = round(rnorm(k, 0.3, sqrt(tau^2 + v)), 6), vi = v)
effects <- list(
  bcg = escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)[, c("yi", "vi")],
  bcg_small = escalc(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)[1:5, c("yi", "vi")],
  g12c = escalc(measure = "PLO", xi = xi, ni = ni, data = g12c)[, c("yi", "vi")],
  mek = data.frame(yi = log(mek$hr), vi = ((log(mek$high) - log(mek$low)) / (2 * qnorm(0.975)))^2),
  three = made(3, 0.5, signif(runif(3, 0.05, 0.3), 4)),
  many = made(200, 0.2, signif(rexp(200, 10), 4) + 0.001),
  # sampling variances over seven orders of magnitude
  wide = made(12, 0.5, signif(10^seq(-5, 2, length.out = 12), 4)),
  small = made(8, 0.01, signif(runif(8, 1e-6, 1e-4), 4)),
  large = made(8, 500, signif(runif(8, 1e3, 1e6), 4)),
  same_variance = made(7, 0.4, rep(0.08, 7)),
  homogeneous = data.frame(yi = c(0.1, 0.15, 0.12, 0.2, 0.08, 0.14), vi = c(0.04, 0.09, 0.02, 0.11, 0.06, 0.05)),
  equal = data.frame(yi = rep(0.3, 4), vi = c(0.02, 0.05, 0.1, 0.4)),
  # restricted likelihoods with two maxima: the higher one at the smaller, and at the larger tau2
  peaks_low = data.frame(yi = c(2.6, -0.5, -0.8), vi = c(1.8452, 0.0019, 0.0005)),
  peaks_high = data.frame(yi = c(0.5, 0.1, -1.5, -1.4, 0.1), vi = c(1.748, 0.9478, 0.0002, 0.0004, 0.3741))
)

# Fisher scoring overshoots where variances differ by orders of magnitude; a shorter step gets there
fit <- function(data, method, test, init = NULL, ...) {
  for (step in c(1, 0.5, 0.1)) {
    # the threshold is of the step of tau2 itself, and where tau2 is 1e5 doubles have no digit at 1e-12
    extra <- if (method %in% c("ML", "REML", "EB"))
      list(stepadj = step, maxiter = 10000, threshold = 1e-12 * max(1, var(data$yi))) else list()
    extra$tau2.init <- init
    res <- try(suppressWarnings(rma(yi, vi, data = data, method = method, test = test,
                                    control = modifyList(control(method), extra), ...)), silent = TRUE)
    if (!inherits(res, "try-error")) return(res)
  }
  stop("no fit")
}
# It climbs the maximum that is nearest to its start, so it is started at the highest of a fine grid of tau2.
best_start <- function(data, method) {
  if (!method %in% c("ML", "REML")) return(NULL)
  grid <- c(0, 10^seq(log10(min(data$vi) / 100), log10(max(data$vi) + var(data$yi) * 10), length.out = 150))
  height <- sapply(grid, function(t) c(logLik(rma(yi, vi, data = data, method = method, tau2 = t))))
  grid[which.max(height)]
}
of_model <- function(r) list(
  tau2 = r$tau2, se_tau2 = r$se.tau2, i2 = r$I2, h2 = r$H2, q = r$QE, q_p = r$QEp, loglik = c(logLik(r)),
  aic = AIC(r), bic = BIC(r), weights = if (r$k < 20) unname(weights(r))
)
of_test <- function(r) list(
  estimate = c(r$beta), se = r$se, ci_low = r$ci.lb, ci_high = r$ci.ub, statistic = r$zval, p_value = r$pval
)
limits <- function(r, ...) {
  p <- suppressWarnings(predict(r, ...))
  c(p$pi.lb, p$pi.ub)
}
# Kenward and Roger with matrices, as metafor does not have it: the REML information of tau2 is tr(PP)/2, and as in Partlett and
# Riley (2017) the adjusted variance stands in the degrees of freedom
kenward_roger <- function(data, tau2) {
  v <- diag(1 / (data$vi + tau2)); x <- matrix(1, nrow(data), 1)
  phi <- solve(t(x) %*% v %*% x); p <- v - v %*% x %*% phi %*% t(x) %*% v
  w <- 2 / sum(diag(p %*% p))  # the variance of tau2
  p1 <- -t(x) %*% v %*% v %*% x; q <- t(x) %*% v %*% v %*% v %*% x
  adjusted <- phi + 2 * phi %*% (w * (q - p1 %*% phi %*% p1)) %*% phi
  gradient <- adjusted %*% -p1 %*% adjusted  # of the variance by tau2
  se <- sqrt(c(adjusted)); df <- 2 * c(adjusted)^2 / (w * c(gradient)^2)
  mu <- c(phi %*% t(x) %*% v %*% data$yi); limits <- function(df, var) mu + c(-1, 1) * qt(0.975, df) * sqrt(var)
  list(ci = list(estimate = mu, se = se, ci_low = limits(df, se^2)[1], ci_high = limits(df, se^2)[2], statistic = mu / se,
                 p_value = 2 * pt(-abs(mu / se), df)),
       KR = limits(df, se^2 + tau2), "KR-PR" = if (df > 1) limits(df - 1, se^2 + tau2) else c(NA, NA))
}
# hc integrates to a relative 1e-4 and has no option for more; here it gets an integrate() that goes on
exact_hc <- metafor:::hc.rma.uni
environment(exact_hc) <- list2env(
  list(integrate = function(...) stats::integrate(..., rel.tol = 1e-11, subdivisions = 10000)), parent = environment(exact_hc)
)
henmi_copas <- function(r) {
  h <- try(exact_hc(r, control = list(tol = 1e-12)), silent = TRUE)
  if (inherits(h, "try-error")) NULL else list(estimate = c(h$beta), se = h$se, ci_low = h$ci.lb, ci_high = h$ci.ub)
}
one_method <- function(data, method) {
  init <- best_start(data, method)
  r <- lapply(tests, function(test) fit(data, method, test, init))
  kr <- if (method == "REML") kenward_roger(data, r$wald$tau2)
  c(of_model(r$wald), list(
    default_start = if (method %in% c("ML", "REML")) of_model(fit(data, method, "z"))[c("tau2", "loglik")],
    ci = c(lapply(r, of_test), if (method == "REML") list(KR = kr$ci), if (method == "DL") list(HC = henmi_copas(r$wald))),
    # metafor's own names of the five kinds of prediction interval
    prediction = if (method != "CE") c(kr[c("KR", "KR-PR")], list(
      wald = limits(r$wald), t = limits(r$t), HTS = limits(r$t, pi.type = "riley"), HK = limits(r$HKSJ),
      "HK-PR" = limits(r$HKSJ, pi.type = "riley")
    ))
  ))
}
# the Q-profile and the profile likelihood of tau2
profile <- function(data, method, ...) {
  r <- fit(data, method, "z", best_start(data, method))
  ci <- suppressWarnings(confint(r, control = list(tol = 1e-13, maxiter = 10000, tau2.max = 1e9), ...))
  unname(ci$random[1, 2:3])
}
one_set <- function(data) list(
  data = as.list(data), qp = profile(data, "DL"), qp_80 = profile(data, "DL", level = 80),
  pl_reml = if (nrow(data) < 20) profile(data, "REML", type = "PL"),
  pl_ml = if (nrow(data) < 20) profile(data, "ML", type = "PL"),
  fits = sapply(methods, function(m) one_method(data, m), simplify = FALSE)
)

# effects of tables with zeros; the table is public record of the BCG trials, with rows whose cells are empty
two <- data.frame(
  ai = c(4, 6, 3, 0, 5, 0, 12, 8), n1i = c(123, 306, 231, 20, 5, 15, 12, 30),
  ci = c(11, 29, 11, 3, 2, 0, 10, 0), n2i = c(139, 303, 220, 22, 9, 14, 10, 28)
)
whole <- two[c(1:3), ]
one <- data.frame(xi = c(46, 48, 0, 12, 1, 7), ni = c(124, 112, 20, 12, 30, 19))
sizes <- function(measure, data, to, add) {
  e <- suppressWarnings(if ("xi" %in% names(data)) escalc(measure = measure, xi = xi, ni = ni, data = data, to = to, add = add)
       else escalc(measure = measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = data, to = to, add = add))
  list(measure = measure, to = to, add = add, data = as.list(data), yi = c(e$yi), vi = e$vi)
}
escalcs <- list()
for (to in c("only0", "all", "if0all", "none")) for (add in c(0.5, 0.25)) {
  for (m in c("PR", "PLN", "PLO")) for (d in list(one, one[-(3:4), ])) escalcs[[length(escalcs) + 1]] <- sizes(m, d, to, add)
  for (m in c("RR", "OR", "RD", "PETO")) for (d in list(two, whole)) escalcs[[length(escalcs) + 1]] <- sizes(m, d, to, add)
}
# the arcsine needs no correction: metafor is told so, metaonc never corrects it
for (m in c("PAS", "PFT")) escalcs[[length(escalcs) + 1]] <- sizes(m, one, "none", 0)
escalcs[[length(escalcs) + 1]] <- sizes("AS", two, "none", 0)
# the harmonic mean of n is the back-transform that predict(targs = list(ni = )) of metafor makes
pft <- escalc(measure = "PFT", xi = xi, ni = ni, data = g12c)
inverse <- list(
  yi = seq(0.05, 1.5, by = 0.145), n = c(1, 7, 58, 1000),
  p = lapply(c(1, 7, 58, 1000), function(n) transf.ipft(seq(0.05, 1.5, by = 0.145), n)),
  hm = transf.ipft.hm(c(pft$yi), targs = list(ni = g12c$ni))
)

# subgroups: a model each, or one tau2 for all
bcg <- cbind(escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)[, c("yi", "vi")],
             group = dat.bcg$alloc)
split_one <- rbind(bcg, data.frame(yi = -0.4, vi = 0.05, group = "single"))
subgroup <- function(data, method, test, common) {
  names <- unique(data$group)
  pooled <- if (common) fit(data, method, test, mods = ~ 0 + factor(group, levels = names))$tau2
  parts <- lapply(names, function(g) {
    part <- data[data$group == g, ]
    if (nrow(part) == 1) suppressWarnings(rma(yi, vi, data = part))
    else fit(part, method, test, tau2 = pooled)
  })
  mu <- sapply(parts, function(r) c(r$beta)); se <- sapply(parts, function(r) r$se)
  q <- suppressWarnings(rma(mu, se^2, mods = ~ factor(names), method = "CE"))
  all <- fit(data, method, test)
  list(method = method, test = test, common = common, levels = names, data = as.list(data), q_between = q$QM, q_between_df = q$m,
       q_between_p = q$QMp, tau2 = if (common) pooled else sapply(parts, function(r) r$tau2), k = sapply(parts, function(r) r$k),
       groups = lapply(parts, of_test), overall = of_test(all), overall_tau2 = all$tau2)
}
subgroups <- list()
for (data in list(bcg, split_one)) for (common in c(FALSE, TRUE)) for (method in methods)
  for (test in tests) {
    # of a group of one trial metafor has no adjusted test; a common tau2 needs one to be estimated
    if (common && any(table(data$group) == 1)) next
    if (common && method == "CE") next
    subgroups[[length(subgroups) + 1]] <- subgroup(data, method, test, common)
  }

# binomial-normal model, 7 and 21 points; glmer's optimiser stops early
glmm_sets <- list(
  g12c = g12c[, c("xi", "ni")],
  divers = data.frame(xi = c(2, 11, 9, 30, 4, 17, 25, 1), ni = c(40, 35, 52, 44, 31, 25, 57, 33)),
  zeros = data.frame(xi = c(0, 0, 3, 1, 0, 6), ni = c(12, 9, 25, 14, 20, 31)),
  full = data.frame(xi = c(10, 8, 14, 6, 20), ni = c(10, 11, 14, 9, 23)),
  two = data.frame(xi = c(5, 19), ni = c(40, 41)),
  homogeneous = data.frame(xi = c(10, 12, 9), ni = c(30, 35, 28))
)
glmm <- function(data, points, test) {
  r <- suppressWarnings(rma.glmm(measure = "PLO", xi = xi, ni = ni, data = data, nAGQ = points, test = test))
  p <- predict(r)
  c(list(points = points, test = test, tau2 = r$tau2, q_lrt = r$QE.LRT, q_wald = r$QE.Wld, q_lrt_p = r$QEp.LRT,
         q_wald_p = r$QEp.Wld, q_df = r$QE.df, pi_low = p$pi.lb, pi_high = p$pi.ub), of_test(r))
}
glmms <- lapply(glmm_sets, function(d) list(
  data = as.list(d), fits = c(lapply(c("z", "t"), function(t) glmm(d, 7, t)), list(glmm(d, 21, "z")))
))

options(warn = -1)
out <- list(
  made_by = paste("R", getRversion(), "metafor", packageVersion("metafor"), "lme4", packageVersion("lme4")),
  sets = lapply(effects, one_set), escalc = escalcs, inverse = inverse, subgroups = subgroups, glmm = glmms,
  mek = as.list(mek)
)
root <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
write_json(out, file.path(dirname(root), "pooling.json"), digits = I(17), na = "string", auto_unbox = TRUE)
