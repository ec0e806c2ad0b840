# References for the readers: tables that R itself writes, what metafor, meta and survival make of them.
# Writes readers.json beside this file, from tests/reference:
#   Rscript readers.R [folder R of the sources of meta]
# meta (8.4-0) need not be installed: the functions that read RevMan's files are sourced from its folder R.
library(jsonlite)
suppressPackageStartupMessages({ library(metafor); library(survival); library(haven); library(xml2) })

csv <- function(x, f = write.csv, ...) paste0(paste(capture.output(f(x, ...)), collapse = "\n"), "\n")
bcg <- with(metadat::dat.bcg, data.frame(author, year, ai = tpos, bi = tneg, ci = cpos, di = cneg, alloc))
or <- escalc("OR", ai = ai, bi = bi, ci = ci, di = di, data = bcg)
nielweise <- metadat::dat.nielweise2008
irr <- escalc("IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = nielweise)
normand <- metadat::dat.normand1999
md <- escalc("MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = normand)
debruin <- metadat::dat.debruin2009
plo <- escalc("PLO", xi = xi, ni = ni, data = debruin)
effects <- function(e) list(yi = as.vector(e$yi), vi = as.vector(e$vi))
fit <- rma(yi, vi, data = or, method = "REML")
escalc_cases <- list(
  OR = c(list(csv = csv(bcg), with_effects = csv(as.data.frame(or)), csv2 = csv(as.data.frame(or), write.csv2)), effects(or)),
  IRR = c(list(csv = csv(nielweise[c("study", "x1i", "t1i", "x2i", "t2i")])), effects(irr)),
  MD = c(list(csv = csv(normand, row.names = FALSE)), effects(md)),
  PLO = c(list(csv = csv(debruin[c("author", "xi", "mi")], na = "")), effects(plo))
)
with_sei <- as.data.frame(summary(or))[c("author", "yi", "sei", "ci.lb", "ci.ub")]
escalc_cases$sei <- c(list(csv = csv(with_sei)), effects(or))

# patients of an ADTTE: 60 of Loprinzi's lung cancer data, two times to event, in a transport file of version 5
l <- head(subset(lung, !is.na(ph.ecog)), 60)
adtte <- function(code, text, days, cnsr) data.frame(
  STUDYID = "NCCTG", USUBJID = sprintf("NCCTG-%03d", seq_along(days)), TRTP = ifelse(l$sex == 1, "Placebo", "Active"),
  PARAM = text, PARAMCD = code, AVAL = days, CNSR = cnsr, ITTFL = "Y", AGE = l$age
)
os <- adtte("OS", "Overall Survival (Months)", l$time / 30.4375, ifelse(l$status == 2, 0, ifelse(l$time > 800, 2, 1)))
short <- adtte("OS200", "Survival up to 200 Days (Days)", pmin(l$time, 200), ifelse(l$status == 2 & l$time <= 200, 0, 1))
both <- rbind(os, short)
file <- tempfile(fileext = ".xpt")
write_xpt(both, file, version = 5, name = "ADTTE")
medians <- function(d) {
  t <- summary(survfit(Surv(AVAL, CNSR == 0) ~ TRTP, data = d, conf.type = "log-log"))$table
  list(group = sub("TRTP=", "", rownames(t)), n = unname(t[, "records"]), events = unname(t[, "events"]),
       median = unname(t[, "median"]), ci_low = unname(t[, "0.95LCL"]), ci_high = unname(t[, "0.95UCL"]))
}
adtte_case <- list(xpt = base64_enc(readBin(file, "raw", 1e6)), csv = csv(both, row.names = FALSE),
                   OS = medians(os), OS200 = medians(short))

# what meta reads of a file of RevMan 5
rm5 <- NULL
meta <- commandArgs(TRUE)
if (length(meta)) {
  for (f in list.files(meta, "(rm5|chk|misc|tools).*[.]R$", full.names = TRUE)) try(source(f), silent = TRUE)
  packageDescription <- function(...) list(Version = "8.4-0")
  r <- as.data.frame(read.rm5("../data/files/review.rm5", numbers.in.labels = FALSE))
  r <- r[order(r$comp.no, r$outcome.no, r$group.no, r$order), ]
  keep <- c("comp.no", "outcome.no", "studlab", "year", "event.e", "n.e", "event.c", "n.c", "mean.e", "sd.e", "mean.c",
            "sd.c", "O.E", "V", "TE", "seTE", "grplab", "type", "method", "sm", "model", "label.e", "label.c", "outclab",
            "complab", "logscale", "swap.events")
  rm5 <- as.list(r[intersect(keep, names(r))])
}
made_by <- sprintf("%s, metafor %s, survival %s, haven %s, meta 8.4-0", R.version.string, packageVersion("metafor"),
                   packageVersion("survival"), packageVersion("haven"))
write_json(list(made_by = made_by, escalc = escalc_cases, pooled = list(estimate = as.vector(fit$beta), tau2 = fit$tau2),
                adtte = adtte_case, rm5 = rm5),
           "readers.json", digits = NA, auto_unbox = TRUE, na = "string", null = "null")
