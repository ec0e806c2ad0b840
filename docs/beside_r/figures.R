# What R draws of the data behind figures of the gallery: Rscript figures.R, in this folder. A part "## name" is the code
# that the site shows below the figure of that name, beside what it drew. R 4.2.2, metafor 3.8.1, survival 3.5.3.
library(metafor)
library(survival)
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg,
              slab = paste(author, year))
res <- rma(yi, vi, data = dat, test = "knha")
draw <- function(name, code, height = 900) {
  png(paste0(name, ".png"), width = 1100, height = height, res = 150)
  par(mar = c(4.2, 4.2, 1, 1))
  eval(parse(text = code))
  invisible(dev.off())
}
lines <- readLines("figures.R")
starts <- grep("^## ", lines)
for (i in starts) {
  following <- starts[starts > i]
  end <- if (length(following)) following[1] - 1 else length(lines)
  draw(sub("^## ", "", lines[i]), lines[(i + 1):end])
}
quit(save = "no")

## forest_cumulative
forest(cumul(res, order = year), atransf = exp, header = TRUE)

## funnel
funnel(res, atransf = exp)

## radial
radial(rma(yi, vi, data = dat, method = "EE"))

## baujat
baujat(res, symbol = "slab")

## influence
plot(influence(res))

## gosh
set.seed(1)
plot(gosh(res, progbar = FALSE))

## bubble
regplot(rma(yi, vi, mods = ~ ablat, data = dat, test = "knha"), atransf = exp, pi = TRUE,
        xlab = "Latitude, degrees")

## labbe
labbe(rma(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg))

## km
fit <- survfit(Surv(time / 30.4375, status) ~ sex, data = lung, conf.type = "log-log")
plot(fit, col = c("#0072B2", "#D55E00"), conf.int = TRUE, mark.time = TRUE, xlab = "Months", ylab = "Survival")
legend("topright", c("Male", "Female"), col = c("#0072B2", "#D55E00"), lty = 1, bty = "n")
