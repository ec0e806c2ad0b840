# Outcomes and times crossed within trials, by metafor's rma.mv; made-up data from a fixed seed.
# Run from the repository: Rscript tests/reference/crossed.R
suppressMessages({library(metafor); library(jsonlite)})
set.seed(7)
d <- expand.grid(study = 1:12, outcome = 1:3, time = 1:3)
d <- d[sample(nrow(d), 70), ]
d <- d[order(d$study, d$outcome, d$time), ]
u <- rnorm(12, 0, .4); uo <- matrix(rnorm(36, 0, .3), 12); ut <- matrix(rnorm(36, 0, .5), 12)
d$vi <- round(runif(nrow(d), .02, .15), 3)
d$yi <- round(.3 + u[d$study] + uo[cbind(d$study, d$outcome)] + ut[cbind(d$study, d$time)] + rnorm(nrow(d), 0, sqrt(d$vi)), 3)
d$so <- paste(d$study, d$outcome); d$st <- paste(d$study, d$time)
tight <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-14, maxit = 10000)
fits <- lapply(c("REML", "ML"), function(m) {
  r <- rma.mv(yi, vi, random = list(~ 1 | study, ~ 1 | so, ~ 1 | st), data = d, method = m, control = tight)
  list(method = m, estimate = c(r$beta), se = r$se, sigma2 = r$sigma2, loglik = c(logLik(r)),
       cr1 = robust(r, cluster = study)$se)
})
write(toJSON(list(data = as.list(d[, c("study", "outcome", "time", "yi", "vi")]), fits = fits), digits = I(15),
             auto_unbox = TRUE), "tests/reference/crossed.json")
