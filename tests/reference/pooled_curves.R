# Pooled survival curves by metaSurvival 0.1.0 (github.com/shubhrampandey/metaSurvival) of made-up trials, and by metafor
# where there is one time. Writes pooled_curves.json beside this file: Rscript tests/reference/pooled_curves.R
# msurv's limits are with 1.96 for the quantile; its median and mean are exact, their limits (10,000 draws) are not kept.
suppressMessages({library(metaSurvival); library(metafor); library(jsonlite)})
RNGversion("3.6.0"); set.seed(20)
trial <- function(i, times, group) {
  hazard <- exp(rnorm(1, log(0.06) + 0.5 * (group == "w"), 0.3)); n <- sample(40:200, 1)
  died <- rexp(n, hazard); left <- runif(n, 12, 40); y <- pmin(died, left)
  s <- sapply(times, function(t) exp(-hazard * t))
  s <- round(pmin(1, cummin(s * exp(rnorm(length(times), 0, 0.02)))), 3)
  n_risk <- sapply(c(0, head(times, -1)), function(t) sum(y >= t))
  data.frame(study = i, time = times, survival = s, n_risk = n_risk, group = group)[n_risk > 2, ]
}
grid <- c(3, 6, 9, 12, 18, 24, 30)
last <- c(7, 7, 6, 5, 7, 4, 6, 3, 7, 2, 5, 6)
cases <- list(
  twelve = do.call(rbind, lapply(1:12, function(i) trial(i, grid[1:last[i]], if (i %% 3) "m" else "w"))),
  three = do.call(rbind, lapply(1:3, function(i) trial(i, c(6, 12, 24)[1:c(3, 2, 3)[i]], "m")))
)
one <- function(d) {
  r <- with(d, msurv(study, time, n_risk, survival, confidence = "Greenwood"))
  f <- as.data.frame(r$summary.fixed); m <- as.data.frame(r$summary.random)
  names(f) <- names(m) <- c("time", "survival", "ci_low", "ci_high")
  list(common = f, random = m, q_h2_i2 = r$heterogeneity, median = unname(c(r$median.fixed[1], r$median.random[1])),
       mean = unname(c(r$mean.fixed[1], r$mean.random[1])))
}
out <- lapply(cases, function(d) list(data = d, r = one(d)))
# one time: DerSimonian-Laird of the transformed proportions, and their moderator test between groups
d <- cases$twelve[cases$twelve$time == 3, ]
y <- with(d, asin(sqrt((n_risk * survival + 0.25) / (n_risk + 0.5)))); v <- 0.25 / (d$n_risk + 0.5)
all <- rma(y, v, method = "DL"); by <- rma(y, v, mods = ~ group, data = d, method = "DL")
fixed <- rma(y, v, mods = ~ group, data = d, method = "FE")
out$one_time <- list(beta = c(all$beta), se = all$se, tau2 = all$tau2, q = all$QE, qm = by$QM, qm_p = by$QMp,
                     tau2_within = by$tau2, qm_fixed = fixed$QM)
write_json(out, "tests/reference/pooled_curves.json", digits = NA, dataframe = "columns", auto_unbox = TRUE)
