# Restricted means by survRM2's rmst2 of made-up trials: with ties, with arms that die out, at several horizons.
# survRM2 is not in Debian; R_LIBS names where it is. Writes survrm2.json beside this file:
# R_LIBS=FOLDER Rscript tests/reference/survrm2.R
suppressMessages({library(survival); library(survRM2); library(jsonlite)})
set.seed(21)
trial <- function(name, n, digits, end, cut = 30) {
  arm <- rep(0:1, length.out = n)
  died <- rweibull(n, ifelse(arm == 1, 0.9, 1.3), ifelse(arm == 1, 13, 10)); left <- pmin(runif(n, end, 30), cut)
  data.frame(trial = name, arm = arm, time = pmax(round(pmin(died, left), digits), 10^-digits), event = as.integer(died <= left))
}
d <- rbind(trial("A", 90, 1, 14), trial("B", 61, 0, 16), trial("C", 240, 2, 9), trial("D", 36, 1, 25, cut = 10))
horizons <- c(3, 6.5, 9, 12, 18)
one <- function(x, tau) {
  known <- sapply(0:1, function(a) {
    y <- x[x$arm == a, ]; end <- max(y$time)
    if (all(y$event[y$time == end] == 1)) Inf else end
  })
  if (tau > min(known)) return(NULL)
  r <- rmst2(x$time, x$event, x$arm, tau = tau)
  arms <- lapply(list(t = r$RMST.arm1, c = r$RMST.arm0), function(a) unname(c(a$rmst[1], a$rmst[2])))
  c(list(trial = x$trial[1], tau = tau), arms, lapply(list(difference = 1, ratio = 2, lost_ratio = 3), function(i)
    unname(r$unadjusted.result[i, ])))
}
out <- do.call(c, lapply(split(d, d$trial), function(x) Filter(Negate(is.null), lapply(horizons, one, x = x))))
versions <- list(R = as.character(getRversion()), survival = as.character(packageVersion("survival")),
                 survRM2 = as.character(packageVersion("survRM2")))
write_json(list(trials = d, horizons = horizons, rmst2 = unname(out), versions = versions), "tests/reference/survrm2.json",
           digits = NA, dataframe = "columns", auto_unbox = TRUE)
