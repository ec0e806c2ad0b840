# Pinned references of pool_glmm of two arms and of rates, and of pool_beta_binomial, by R's metafor, lme4 and optim.
# Rscript tests/reference/glmm_two_arms.R writes glmm_two_arms.json beside it.
# UM.RS is fitted by glmer itself as well, with inner iterations to 1e-11: by default they stop so early that estimates
# are off in the fourth digit, and standard errors by 0.4 % (bcg) or altogether (sparse: 0.005 for 0.506).

suppressMessages({library(metafor); library(BiasedUrn); library(lme4); library(jsonlite)})
options(warn = -1)

sets <- list(
  bcg = data.frame(  # vaccine against tuberculosis, 13 trials (Colditz et al. 1994), as metafor's dat.bcg
    a = c(4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27),
    n1 = c(123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498, 16913),
    c = c(11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29),
    n2 = c(139, 303, 220, 12867, 5808, 1451, 629, 88391, 7277, 1665, 27338, 2341, 17854)),
  hine = data.frame(  # prophylactic lidocaine, 6 trials (Hine et al. 1989): effects do not differ
    a = c(2, 4, 6, 7, 7, 11), n1 = c(39, 44, 107, 103, 110, 154),
    c = c(1, 4, 4, 5, 3, 4), n2 = c(43, 44, 110, 100, 106, 146)),
  sparse = data.frame(  # made up: empty cells on both sides, and no events at all in one trial
    a = c(0, 0, 6, 1, 9, 3), n1 = c(20, 31, 40, 25, 33, 28),
    c = c(3, 0, 2, 0, 14, 1), n2 = c(22, 30, 38, 24, 35, 30)),
  two = data.frame(a = c(4, 9), n1 = c(40, 41), c = c(9, 8), n2 = c(39, 44))
)
models <- list(OR = c("UM.FS", "UM.RS", "CM.EL", "CM.AL"), IRR = c("UM.FS", "UM.RS", "CM.EL"))

numbers <- function(r) list(
  estimate = c(r$beta), se = r$se, ci_low = r$ci.lb, ci_high = r$ci.ub, tau2 = r$tau2,
  sigma2 = if (length(r$sigma2)) r$sigma2 else NA, q_lrt = r$QE.LRT, q_wald = r$QE.Wld, q_df = r$QE.df, k = r$k
)

fit <- function(d, measure, model) {
  r <- try(if (measure == "OR") {
    rma.glmm(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2, data = d, model = model, nAGQ = 25, test = "t")
  } else {
    rma.glmm(measure = "IRR", x1i = a, t1i = n1, x2i = c, t2i = n2, data = d, model = model, nAGQ = 25, test = "t")
  }, silent = TRUE)
  if (inherits(r, "try-error")) return(list(failed = TRUE))
  numbers(r)
}

laplace <- function(d, measure) {  # UM.RS as glmer fits it with tight inner iterations
  d <- d[d$a + d$c > 0, ]; k <- nrow(d)
  long <- data.frame(y = c(rbind(d$a, d$c)), n = c(rbind(d$n1, d$n2)), g = rep(c(1, 0), k), s = factor(rep(1:k, each = 2)))
  long$h <- long$g - 0.5
  ctl <- glmerControl(tolPwrss = 1e-11, optimizer = "bobyqa", optCtrl = list(rhoend = 1e-8, maxfun = 1e5))
  f <- if (measure == "OR") {
    glmer(cbind(y, n - y) ~ 1 + g + (1 | s) + (h - 1 | s), family = binomial, data = long, control = ctl)
  } else {
    glmer(y ~ 1 + g + (1 | s) + (h - 1 | s), offset = log(n), family = poisson, data = long, control = ctl)
  }
  v <- getME(f, "theta")^2
  list(estimate = fixef(f)[[2]], tau2 = v[[2]], sigma2 = v[[1]], loglik = c(logLik(f)), se = sqrt(vcov(f)[2, 2]))
}

fits <- lapply(sets, function(d) lapply(
  setNames(names(models), names(models)),
  function(m) lapply(setNames(models[[m]], models[[m]]), function(model) fit(d, m, model))
))
glmers <- lapply(sets[c("bcg", "hine", "sparse")], function(d) list(OR = laplace(d, "OR"), IRR = laplace(d, "IRR")))
rates <- lapply(sets, function(d) numbers(rma.glmm(measure = "IRLN", xi = a, ti = n1, data = d, nAGQ = 25, test = "t")))

beta_sets <- list(
  scattered = list(x = c(2, 11, 9, 30, 4, 17, 25, 1), n = c(40, 35, 52, 44, 31, 25, 57, 33)),
  zeros = list(x = c(0, 0, 3, 1, 0, 6), n = c(12, 9, 25, 14, 20, 31)),
  two = list(x = c(5, 19), n = c(40, 41))
)
beta <- function(d) {
  ll <- function(t) {
    m <- plogis(t[1]); s <- 1 / plogis(t[2]) - 1
    sum(lchoose(d$n, d$x) + lbeta(d$x + m * s, d$n - d$x + (1 - m) * s) - lbeta(m * s, (1 - m) * s))
  }
  r <- optim(c(qlogis(sum(d$x) / sum(d$n)), -2), ll, method = "BFGS", hessian = TRUE,
             control = list(fnscale = -1, reltol = 1e-15, ndeps = c(1e-5, 1e-5)))
  list(logit = r$par[1], rho = plogis(r$par[2]), loglik = r$value, se = sqrt(solve(-r$hessian)[1, 1]))
}

out <- list(
  made_by = paste("R", getRversion(), "metafor", packageVersion("metafor"), "lme4", packageVersion("lme4")),
  data = lapply(sets, as.list), fits = fits, glmer = glmers, rates = rates,
  beta_binomial = lapply(beta_sets, function(d) c(d, beta(d)))
)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
write_json(out, file.path(here, "glmm_two_arms.json"), digits = I(15), auto_unbox = TRUE, na = "string")
