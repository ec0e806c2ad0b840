# Draws figures of pixels beside it from the patients of figures.R, whose truth is in truth.csv.
# Run in this folder: Rscript pixels.R
library(survival)
lung$months <- lung$time / 30.4375
lung$arm <- factor(lung$sex, labels = c("Male", "Female"))
fit <- survfit(Surv(months, status) ~ arm, data = lung)
colours <- c("#E7B800", "#2E9FDF")
base <- function() {
  plot(fit, col = colours, lwd = 2, mark.time = TRUE, xlab = "Months", ylab = "Overall survival")
  legend("topright", names(table(lung$arm)), col = colours, lwd = 2, bty = "n")
}
png("base.png", width = 900, height = 700, res = 150); base(); dev.off()
jpeg("base.jpg", width = 900, height = 700, res = 150, quality = 85); base(); dev.off()
suppressPackageStartupMessages({library(survminer); library(ggplot2)})
g <- ggsurvplot(fit, data = lung, conf.int = TRUE, palette = colours, break.time.by = 6, xlim = c(0, 36),
                legend.labs = c("Male", "Female"), xlab = "Months")
png("survminer.png", width = 1000, height = 750, res = 150); print(g, newpage = FALSE); dev.off()
