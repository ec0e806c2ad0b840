# Draws the figures beside it from public patients (survival::lung, survival::colon), and writes what is true of them.
# Run in this folder: Rscript figures.R
suppressPackageStartupMessages({library(survival); library(survminer); library(ggplot2)})
lung$months <- lung$time / 30.4375
lung$arm <- factor(lung$sex, labels = c("Male", "Female"))
fit <- survfit(Surv(months, status) ~ arm, data = lung)
colours <- c("#E7B800", "#2E9FDF")

base <- function(...) {
  plot(fit, col = colours, lwd = 2, mark.time = TRUE, xlab = "Months", ylab = "Overall survival", ...)
  legend("topright", names(table(lung$arm)), col = colours, lwd = 2, bty = "n")
}
grey <- function() {
  plot(fit, lty = 1:2, conf.int = FALSE, las = 1, xlab = "Months", ylab = "Overall survival (%)", yscale = 100)
  legend("topright", names(table(lung$arm)), lty = 1:2, bty = "n")
}
events <- function() {
  plot(fit, fun = "event", col = colours, mark.time = TRUE, las = 1, xlab = "Months", ylab = "Cumulative incidence")
  legend("bottomright", names(table(lung$arm)), col = colours, lty = 1, bty = "n")
}
band <- function() plot(survfit(Surv(months, status) ~ 1, data = lung), mark.time = TRUE, las = 1, xlab = "Months")
draw <- function(name, f, ...) {
  pdf(paste0(name, ".pdf"), width = 6, height = 5); f(...); dev.off()
  svg(paste0(name, ".svg"), width = 6, height = 5); f(...); dev.off()
}
draw("base", base)
draw("grey", grey)
draw("events", events)
draw("band", band)

g <- ggsurvplot(fit, data = lung, risk.table = TRUE, conf.int = TRUE, palette = colours, break.time.by = 6,
                legend.labs = c("Male", "Female"), xlab = "Months")
pdf("survminer.pdf", width = 7, height = 6); print(g, newpage = FALSE); dev.off()
svglite::svglite("survminer.svg", width = 7, height = 6, fix_text_size = TRUE); print(g, newpage = FALSE); dev.off()

truth <- function(fit) {
  s <- summary(fit, censored = TRUE)
  arm <- if (is.null(s$strata)) rep("All", length(s$time)) else sub("arm=", "", as.character(s$strata))
  data.frame(arm = arm, time = s$time, n_risk = s$n.risk, n_event = s$n.event, n_censor = s$n.censor, survival = s$surv)
}
out <- rbind(truth(fit), truth(survfit(Surv(months, status) ~ 1, data = lung)))
write.csv(format(out, digits = 15, trim = TRUE), "truth.csv", row.names = FALSE, quote = FALSE)
print(coxph(Surv(months, status) ~ arm, data = lung))
sessionInfo()
