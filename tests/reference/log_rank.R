# The log-rank test of several groups (survdiff), and Cox's model of each group and one of them (coxph).
# Writes log_rank.json beside this file: Rscript tests/reference/log_rank.R
suppressPackageStartupMessages({library(survival); library(jsonlite)})

set.seed(1975)
arms <- function(n, rates, censor, whole = FALSE) {
  group <- sample(names(rates), n, TRUE)
  time <- rexp(n, rates[group])
  end <- runif(n, 0, censor)
  d <- data.frame(time = pmin(time, end), event = as.integer(time <= end), group = group)
  if (whole) d$time <- ceiling(d$time) else d$time <- round(d$time, 4)
  d
}
cases <- list(
  veteran = data.frame(time = veteran$time, event = veteran$status, group = as.character(veteran$celltype)),
  ecog = with(subset(lung, !is.na(ph.ecog)), data.frame(time = time, event = status - 1, group = paste("ECOG", ph.ecog))),
  four = arms(160, c(a = 0.05, b = 0.08, c = 0.05, d = 0.2), 40),
  ties = arms(120, c(a = 0.2, b = 0.3, c = 0.4), 12, TRUE),
  two = arms(80, c(x = 0.1, y = 0.2), 25)
)
# in the last group nobody has the event; and one leaves before the first event, so that it expects none
cases$none <- rbind(arms(60, c(a = 0.2, b = 0.3), 20), data.frame(time = c(5, 9, 12), event = 0, group = "z"))
cases$early <- rbind(subset(arms(60, c(a = 0.2, b = 0.3), 20), time > 0.01), data.frame(time = 0.001, event = 0, group = "z"))

late <- function(n) {
  entry <- round(rexp(n, 0.2), 3)
  data.frame(entry = entry, time = entry + round(rexp(n, 0.1), 3) + 0.001, event = rbinom(n, 1, 0.7),
             group = sample(c("a", "b", "c"), n, TRUE))
}
cox <- function(d, reference, left = FALSE) {
  others <- setdiff(sort(unique(d$group)), reference)
  rows <- lapply(others, function(g) {
    part <- d[d$group %in% c(g, reference), ]
    part$x <- as.integer(part$group == g)
    y <- if (left) Surv(part$entry, part$time, part$event) else Surv(part$time, part$event)
    fit <- suppressWarnings(coxph(y ~ x, data = part, control = coxph.control(eps = 1e-14, iter.max = 100)))
    test <- if (left) NULL else survdiff(y ~ x, data = part)
    p <- if (left || any(test$exp == 0)) NA else test$pvalue
    finite <- isTRUE(abs(unname(coef(fit))) < 10)
    list(group = g, estimate = if (finite) unname(coef(fit)) else NA, se = if (finite) sqrt(fit$var[1, 1]) else NA, logrank_p = p)
  })
  list(reference = reference, rows = rows)
}
one <- function(d) {
  test <- survdiff(Surv(time, event) ~ group, data = d)
  df <- sum(test$exp > 0) - 1
  c(list(data = as.list(d), groups = sort(unique(d$group)), n = as.vector(test$n), observed = test$obs, expected = test$exp,
         chi2 = test$chisq, df = df, p = pchisq(test$chisq, df, lower.tail = FALSE)), cox(d, max(d$group[d$event == 1])))
}
entered <- late(110)
out <- list(
  cases = lapply(cases, one),
  # survdiff takes right censoring only; the score test of Cox's model with exact ties has the variance of the log-rank
  entry = c(list(data = as.list(entered), chi2 = coxph(Surv(entry, time, event) ~ group, data = entered, ties = "exact")$score),
            cox(entered, "b", TRUE))
)
root <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
write_json(out, file.path(dirname(root), "log_rank.json"), digits = I(17), na = "string", auto_unbox = TRUE)
