# Patients of four made-up trials by KRAS, as vignettes/v15_figures_to_pool.py makes them: hazard ratios of each trial,
# the likelihood of random treatment effects integrated numerically over coxph's likelihoods, by level of KRAS, and the
# interaction centred within trials. Also metafor's pool of the hazard ratios.
#
#   Rscript tests/reference/figure_to_pool.R     writes figure_to_pool.json beside it
suppressMessages({library(survival); library(metafor); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
design <- read.csv(text = "study,kras,n,n_control,hr,median
CRYSTAL,wild-type,316,350,0.696,8
CRYSTAL,mutant,214,183,1.171,8
OPUS,wild-type,82,97,0.567,7.5
OPUS,mutant,77,59,1.72,7.5
NORDIC-VII,wild-type,97,97,1.07,8
NORDIC-VII,mutant,72,58,0.71,8
CO.17,wild-type,117,113,0.4,2
CO.17,mutant,81,83,0.99,2")
patients <- function(n, median, hr, shift) {  # evenly spread, not random: the same in every language
  i <- seq_len(n) - 0.5 + shift
  died <- median * (-log1p(-((i * 0.6180339887498949) %% 1)) / (log(2) * hr))^(1 / 1.3)
  left <- median * (0.75 + 2.25 * ((i * 0.7548776662466927) %% 1))
  data.frame(time = floor(100 * pmin(died, left) + 0.5) / 100 + 0.01, event = as.numeric(died <= left))
}
d <- do.call(rbind, lapply(seq_len(nrow(design)), function(j) with(design[j, ], rbind(
  cbind(patients(n, median, hr, 0), arm = 1, study, kras), cbind(patients(n_control, median, 1, 1000), arm = 0, study, kras)))))
exact <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
grid <- seq(-6, 6, 0.02)
level <- function(d) {
  own <- t(sapply(split(d, d$study), function(x) {
    f <- coxph(Surv(time, event) ~ arm, x, control = exact); c(coef(f)[[1]], vcov(f)[1, 1]) }))
  fs <- lapply(split(d, d$study), function(x) splinefun(grid, sapply(grid, function(theta)
    coxph(Surv(time, event) ~ offset(theta * arm), data = x)$loglik[1])))
  loglik <- function(beta, tau) sum(sapply(fs, function(f) {
    m <- optimize(function(x) f(x) - ((x - beta) / tau)^2 / 2, c(-4, 4), maximum = TRUE, tol = 1e-10)
    log(integrate(function(x) exp(f(x) - ((x - beta) / tau)^2 / 2 - m$objective), max(-6, m$maximum - 9 * tau),
                  min(6, m$maximum + 9 * tau), rel.tol = 1e-12)$value / tau / sqrt(2 * pi)) + m$objective
  }))
  best <- optim(c(0, log(0.3)), function(p) -loglik(p[1], exp(p[2])), control = list(reltol = 1e-15, maxit = 5000))
  two <- rma(own[, 1], own[, 2], method = "REML", test = "knha", control = list(maxiter = 10000, threshold = 1e-14))
  common <- coxph(Surv(time, event) ~ arm + strata(study), d, control = exact)
  list(studies = rownames(own), y = own[, 1], v = own[, 2], b = best$par[1], tau2 = exp(best$par[2])^2,
       loglik = -best$value, common = coef(common)[[1]], common_se = sqrt(vcov(common)[1, 1]),
       two_stage = list(b = c(two$beta), lb = two$ci.lb, ub = two$ci.ub, tau2 = two$tau2))
}
d$z <- as.numeric(d$kras == "mutant"); d$mean <- ave(d$z, d$study)
f <- coxph(Surv(time, event) ~ arm + I(arm * (z - mean)) + I(arm * mean) + z:factor(study) + strata(study), data = d,
           control = exact)
write_json(list(
  versions = list(R = R.version.string, survival = as.character(packageVersion("survival")),
                  metafor = as.character(packageVersion("metafor"))),
  n = nrow(d), events = sum(d$event), sum = sum(d$time), mutant = level(d[d$kras == "mutant", ]),
  `wild-type` = level(d[d$kras == "wild-type", ]), interaction = list(b = coef(f)[[2]], se = sqrt(vcov(f)[2, 2]))
), file.path(here, "figure_to_pool.json"), digits = NA, auto_unbox = TRUE)
