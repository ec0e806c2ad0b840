# Shared frailty of plausible sets of the same patients: coxme of each set, and Rubin's rules of their estimates.
# coxme is not in Debian; R_LIBS names where it is. Writes frailty_sets.json beside this file:
# R_LIBS=FOLDER Rscript tests/reference/frailty_sets.R
suppressMessages({library(survival); library(coxme); library(jsonlite)})
set.seed(8)
k <- 6; n <- 60; trial <- rep(LETTERS[1:k], each = n); arm <- rep(0:1, k * n / 2)
log_factor <- rep(rnorm(k, 0, 0.5), each = n)
died <- rexp(k * n, 0.08 * exp(log_factor - 0.4 * arm)); left <- runif(k * n, 5, 30)
event <- as.integer(died <= left); seen <- pmin(died, left)
one <- function(i) data.frame(draw = i, trial, arm, time = round(seen * exp(rnorm(k * n, 0, 0.15)), 2) + 0.01, event)
d <- do.call(rbind, lapply(1:4, one))
fits <- lapply(split(d, d$draw), function(x) {
  fit <- coxme(Surv(time, event) ~ arm + (1 | trial), data = x, ties = "efron")
  c(q = unname(fixef(fit)), u = as.numeric(vcov(fit)), variance = as.numeric(VarCorr(fit)$trial))
})
fits <- do.call(rbind, fits); m <- nrow(fits)
q <- mean(fits[, "q"]); w <- mean(fits[, "u"]); b <- var(fits[, "q"]); total <- w + (1 + 1 / m) * b
df <- (m - 1) * (1 + w / ((1 + 1 / m) * b))^2
half <- qt(0.975, df) * sqrt(total)
write_json(list(patients = d, sets = as.data.frame(fits), estimate = q, se = sqrt(total), ci = c(q - half, q + half),
                p = 2 * pt(-abs(q) / sqrt(total), df), variance = mean(fits[, "variance"]),
                versions = list(R = as.character(getRversion()), coxme = as.character(packageVersion("coxme")))),
           "tests/reference/frailty_sets.json", digits = NA, dataframe = "columns", auto_unbox = TRUE)
