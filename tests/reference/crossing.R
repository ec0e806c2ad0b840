# The trial of the Gastrointestinal Tumor Study Group in gastric cancer, whose curves cross: Cox, the test of proportional
# hazards, weighted log-rank tests and their largest, restricted means, milestones, a hazard ratio over time, models.
#
#   Rscript tests/reference/crossing.R     writes crossing.json beside it
#
# Patients are those of coin's data set GTSG (Stablein, Carter and Novak 1981, doi:10.1016/0197-2456(81)90005-2, says its
# help page); survival does the rest, mvtnorm the largest of the tests.
suppressMessages({library(survival); library(mvtnorm); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
data(GTSG, package = "coin")
month <- 365.25 / 12
d <- data.frame(time = GTSG$time / month, event = GTSG$event, x = as.numeric(GTSG$group == "Chemotherapy+Radiation"))
cox <- coxph(Surv(time, event) ~ x, d, control = coxph.control(eps = 1e-11)); zph <- cox.zph(cox)$table["x", ]

# weighted log-rank tests: weights S^rho (1 - S)^gamma of the curve of all, just before each time
both <- survfit(Surv(time, event) ~ 1, d); some <- both$n.event > 0
at <- both$time[some]; s <- c(1, both$surv)[seq_along(both$time)][some]; n <- both$n.risk[some]; e <- both$n.event[some]
n1 <- sapply(at, function(t) sum(d$time >= t & d$x == 1)); e1 <- sapply(at, function(t) sum(d$time == t & d$x == 1 & d$event == 1))
h <- ifelse(n > 1, e * n1 / n * (1 - n1 / n) * (n - e) / (n - 1), 0)
powers <- rbind(c(0, 0), c(0, 1), c(1, 0), c(1, 1))
w <- apply(powers, 1, function(p) s^p[1] * (1 - s)^p[2])
v <- t(w) %*% (w * h); z <- c(t(w) %*% (e1 - e * n1 / n)) / sqrt(diag(v))
r <- cov2cor(v); top <- max(abs(z))
set.seed(1)
combo <- 1 - pmvnorm(rep(-top, 4), rep(top, 4), corr = r, algorithm = GenzBretz(maxpts = 1e7, abseps = 1e-7))[[1]]

km <- lapply(c(1, 0), function(a) survfit(Surv(time, event) ~ 1, d[d$x == a, ]))
medians <- t(sapply(c(1, 0), function(a) summary(survfit(Surv(time, event) ~ 1, d[d$x == a, ], conf.type = "log-log"))$table[
  c("median", "0.95LCL", "0.95UCL")]))
horizons <- c(6, 12, 24, 36, 48)
mean_of <- function(f, tau) { t <- summary(f, rmean = tau)$table; c(t[["rmean"]], t[["se(rmean)"]]) }
rmst <- sapply(horizons, function(tau) { a <- mean_of(km[[1]], tau); b <- mean_of(km[[2]], tau)
  c(a[1] - b[1], sqrt(a[2]^2 + b[2]^2)) })
times <- c(6, 12, 24, 36, 48)
points <- lapply(km, summary, times = times)
milestone <- rbind(points[[1]]$surv - points[[2]]$surv, sqrt(points[[1]]$std.err^2 + points[[2]]$std.err^2))
tv <- coxph(Surv(time, event) ~ x + tt(x), d, tt = function(x, t, ...) x * log(t), control = coxph.control(eps = 1e-11))
pieces <- survSplit(Surv(time, event) ~ x, d, cut = 12, episode = "part")
piecewise <- coxph(Surv(tstart, time, event) ~ x:factor(part), pieces, control = coxph.control(eps = 1e-11))
aic <- sapply(c(exp = "exponential", weibull = "weibull", lnorm = "lognormal", llogis = "loglogistic"), function(dist)
  AIC(survreg(Surv(time, event) ~ x, d, dist = dist, control = survreg.control(maxiter = 200, rel.tolerance = 1e-12))))
write_json(list(
  versions = list(R = R.version.string, survival = as.character(packageVersion("survival")),
                  mvtnorm = as.character(packageVersion("mvtnorm")), coin = as.character(packageVersion("coin"))),
  data = list(days = GTSG$time, event = GTSG$event, arm = ifelse(d$x == 1, "chemotherapy and radiation", "chemotherapy")),
  log_hr = coef(cox)[[1]], se = sqrt(vcov(cox)[1, 1]), p = summary(cox)$coefficients[1, "Pr(>|z|)"],
  zph = zph[["chisq"]], zph_p = zph[["p"]], weighted = list(z = z, combo = combo), medians = medians,
  horizons = horizons, rmst = rmst, times = times, milestone = milestone,
  time_varying = list(b = coef(tv), v = vcov(tv), loglik = tv$loglik[2]),
  piecewise = list(b = coef(piecewise), v = vcov(piecewise)), aic = as.list(aic)
), file.path(here, "crossing.json"), digits = NA, auto_unbox = TRUE)
