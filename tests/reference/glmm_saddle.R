# UM.RS of a table whose likelihood has a saddle at a baseline variance of 0, where a climb can stop; glmer (lme4) with inner
# iterations to 1e-11. Made-up data. Writes glmm_saddle.json beside this file: Rscript tests/reference/glmm_saddle.R
suppressMessages({library(lme4); library(jsonlite)})
d <- data.frame(a = c(8, 71, 11), n1 = c(12, 78, 18), c = c(6, 15, 38), n2 = c(15, 41, 99))
k <- nrow(d)
long <- data.frame(y = c(rbind(d$a, d$c)), n = c(rbind(d$n1, d$n2)), g = rep(c(1, 0), k), s = factor(rep(1:k, each = 2)))
long$h <- long$g - 0.5
f <- glmer(cbind(y, n - y) ~ 1 + g + (1 | s) + (h - 1 | s), family = binomial, data = long,
           control = glmerControl(tolPwrss = 1e-11, optimizer = "bobyqa", optCtrl = list(rhoend = 1e-8, maxfun = 1e5)))
v <- getME(f, "theta")^2
write_json(list(data = as.list(d), estimate = fixef(f)[[2]], se = sqrt(vcov(f)[2, 2]), tau2 = v[[2]], sigma2 = v[[1]],
                loglik = c(logLik(f))), "tests/reference/glmm_saddle.json", digits = I(15), auto_unbox = TRUE)
