# Pinned references of Kenward-Roger's confidence and prediction interval by R's meta, on the data that disputed.json holds.
# Rscript tests/reference/kenward_roger.R writes kenward_roger.json beside it; run disputed.R before.
suppressPackageStartupMessages({library(meta); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
sets <- fromJSON(file.path(here, "disputed.json"))$data
fits <- lapply(sets, function(d) {
  r <- metagen(d$yi, sqrt(d$vi), method.tau = "REML", method.random.ci = "KR", method.predict = "KR",
               control = list(threshold = 1e-13, maxiter = 10000))
  list(yi = d$yi, vi = d$vi, estimate = r$TE.random, se = r$seTE.random, df = r$df.random, ci_low = r$lower.random,
       ci_high = r$upper.random, prediction_low = r$lower.predict, prediction_high = r$upper.predict)
})
write_json(fits, file.path(here, "kenward_roger.json"), digits = I(15), auto_unbox = TRUE, na = "string")
