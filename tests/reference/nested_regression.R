# Meta-regressions with nested and crossed random effects, robust too, by metafor's rma.mv and clubSandwich.
# Data: metadat's dat.konstantopoulos2011 (schools in districts), the year centred, with a made-up moderator of three
# levels; and made-up outcomes and times within trials from a fixed seed.
# Run from the repository: Rscript tests/reference/nested_regression.R
suppressMessages({library(metafor); library(clubSandwich); library(jsonlite)})
tight <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-14, maxit = 10000)
set.seed(11)
schools <- dat.konstantopoulos2011[c("district", "school", "year", "yi", "vi")]
schools$year <- schools$year - 1990
schools$kind <- c("a", "b", "c")[sample(3, nrow(schools), replace = TRUE)]
schools$b <- as.numeric(schools$kind == "b"); schools$c <- as.numeric(schools$kind == "c")
d <- expand.grid(study = 1:14, outcome = 1:2, time = 1:3)
d <- d[sample(nrow(d), 60), ]; d <- d[order(d$study, d$outcome, d$time), ]
d$dose <- round(runif(14, 1, 5), 1)[d$study]
u <- rnorm(14, 0, .4); uo <- matrix(rnorm(28, 0, .3), 14); ut <- matrix(rnorm(42, 0, .4), 14)
d$vi <- round(runif(nrow(d), .02, .15), 3)
d$yi <- round(.2 * d$dose + .1 * d$time + u[d$study] + uo[cbind(d$study, d$outcome)] + ut[cbind(d$study, d$time)] +
              rnorm(nrow(d), 0, sqrt(d$vi)), 3)
d$so <- paste(d$study, d$outcome); d$st <- paste(d$study, d$time)
coefs <- function(r) list(estimate = c(r$beta), se = c(r$se), ci_low = c(r$ci.lb), ci_high = c(r$ci.ub),
                          p_value = c(r$pval))
all_of <- function(r, new, cluster) {
  p <- predict(r, newmods = new)
  cr1 <- robust(r, cluster = cluster); cr2 <- robust(r, cluster = cluster, clubSandwich = TRUE)
  of_new <- linear_contrast(r, vcov = "CR2", cluster = cluster, contrasts = cbind(1, new))
  list(coefficients = coefs(r), covariance = unname(r$vb), sigma2 = r$sigma2, q = r$QE, q_p = r$QEp, q_model = r$QM, q_model_p = r$QMp,
       loglik = c(logLik(r)), aic = AIC(r), bic = BIC(r),
       predicted = list(estimate = p$pred, se = p$se, ci_low = p$ci.lb, ci_high = p$ci.ub, prediction_low = p$pi.lb,
                        prediction_high = p$pi.ub),
       CR1 = c(coefs(cr1), list(df = cr1$dfs, q_model = cr1$QM, q_model_p = cr1$QMp)),
       CR2 = c(coefs(cr2), list(df = unname(cr2$dfs))),
       CR2_predicted = list(estimate = of_new$Est, se = of_new$SE, df = of_new$df, ci_low = of_new$CI_L,
                            ci_high = of_new$CI_U))
}
fits <- list()
for (m in c("REML", "ML")) for (test in c("z", "t")) {
  one <- rma.mv(yi, vi, mods = ~ year + b + c, random = ~ 1 | district/school, data = schools, method = m, test = test,
                control = tight)
  fits[[paste("schools", m, test)]] <- all_of(one, rbind(c(-14, 0, 0), c(5, 1, 0)), schools$district)
  two <- rma.mv(yi, vi, mods = ~ dose, random = list(~ 1 | study, ~ 1 | so, ~ 1 | st), data = d, method = m,
                test = test, control = tight)
  fits[[paste("crossed", m, test)]] <- all_of(two, rbind(1, 4), d$study)
}
version <- function(p) as.character(packageVersion(p))
write(toJSON(list(
  made_by = paste("R", getRversion(), "metafor", version("metafor"), "clubSandwich", version("clubSandwich")),
  data = list(schools = as.list(schools[c("district", "school", "year", "kind", "yi", "vi")]),
              crossed = as.list(d[c("study", "outcome", "time", "dose", "yi", "vi")])),
  fits = fits), digits = I(15), auto_unbox = TRUE), "tests/reference/nested_regression.json")
