# Laplace's likelihood of correlated shared frailty and treatment effects, written here from Efron's partial likelihood:
# at the variances where coxme ended (from its own start and from another, see coxme.R), where it must give coxme's
# numbers, and at its own maximum. Needs R alone, with jsonlite.
# Writes correlated_frailty.json beside this file: Rscript tests/reference/correlated_frailty.R
suppressMessages(library(jsonlite))
d <- as.data.frame(fromJSON("tests/reference/one_stage.json")$data)
coxme <- fromJSON("tests/reference/coxme.json")
trial <- factor(d$trial, levels = unique(d$trial)); k <- nlevels(trial)
Z <- model.matrix(~ 0 + trial); X <- cbind(d$arm, Z, Z * d$arm)
ord <- order(d$time); X <- X[ord, ]; time <- d$time[ord]; event <- d$event[ord]
p <- ncol(X); own <- 1 + 1:k; effect <- 1 + k + 1:k

# Efron's log partial likelihood of one stratum, with gradient and information
partial <- function(b) {
  eta <- drop(X %*% b); w <- exp(eta); wx <- w * X
  l <- 0; g <- numeric(p); H <- matrix(0, p, p)
  s0 <- 0; s1 <- numeric(p); s2 <- matrix(0, p, p); last <- length(time)
  for (u in sort(unique(time[event == 1]), decreasing = TRUE)) {
    while (last >= 1 && time[last] >= u) {
      s0 <- s0 + w[last]; s1 <- s1 + wx[last, ]; s2 <- s2 + w[last] * tcrossprod(X[last, ]); last <- last - 1
    }
    D <- which(time == u & event == 1); x <- X[D, , drop = FALSE]; wd <- wx[D, , drop = FALSE]
    w0 <- sum(w[D]); w1 <- colSums(wd); w2 <- crossprod(x, wd)
    l <- l + sum(eta[D]); g <- g + colSums(x)
    for (a in (seq_along(D) - 1) / length(D)) {
      n0 <- s0 - a * w0; n1 <- s1 - a * w1
      l <- l - log(n0); g <- g - n1 / n0; H <- H + (s2 - a * w2) / n0 - tcrossprod(n1) / n0^2
    }
  }
  list(l = l, g = g, H = H)
}

laplace <- function(v, b = numeric(p)) { # v: variance of baselines, correlation, variance of effects
  V <- matrix(c(v[1], rep(v[2] * sqrt(v[1] * v[3]), 2), v[3]), 2); P <- solve(V)
  pen <- matrix(0, p, p)
  pen[cbind(own, own)] <- P[1, 1]; pen[cbind(effect, effect)] <- P[2, 2]
  pen[cbind(own, effect)] <- pen[cbind(effect, own)] <- P[1, 2]
  for (i in 1:50) {
    q <- partial(b); step <- drop(solve(q$H + pen, q$g - pen %*% b)); b <- b + step
    if (max(abs(step)) < 1e-9) break
  }
  q <- partial(b); penalised <- q$l - drop(b %*% pen %*% b) / 2
  inner <- as.numeric(determinant((q$H + pen)[-1, -1])$modulus)
  list(variance = v, b = b[1], loglik = penalised - k * log(det(V)) / 2 - inner / 2, penalised = penalised, mode = b)
}
told <- function(x) x[c("variance", "b", "loglik", "penalised")]
at <- lapply(coxme[c("correlated", "correlated_from_its_start")], function(f) laplace(f$variance[c(1, 2, 4)]))
start <- at$correlated
best <- optim(c(log(start$variance[1]), atanh(start$variance[2]), log(start$variance[3])),
              function(q) -laplace(c(exp(q[1]), tanh(q[2]), exp(q[3])), start$mode)$loglik,
              control = list(reltol = 1e-12, maxit = 2000))
out <- lapply(at, told)
out$maximum <- told(laplace(c(exp(best$par[1]), tanh(best$par[2]), exp(best$par[3])), start$mode))
out$versions <- list(R = as.character(getRversion()))
write_json(out, "tests/reference/correlated_frailty.json", digits = NA, auto_unbox = TRUE)
