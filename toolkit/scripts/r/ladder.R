# Ordered outcomes. Each step of the ladder is a binomial-normal model of its own: the patients of
# a rung among those of the rung above. Counts that a study does not report are drawn (data
# augmentation): given them every step is an ordinary pool on a grid of mu and tau, and given mu and
# tau a missing count has a few possible values. Draws, so the last digit varies with the seed.
k <- length(patients)
steps <- ncol(low)
for (j in rev(seq_len(steps - 1))) low[, j] <- pmax(low[, j], low[, j + 1])
for (j in seq_len(steps)) high[, j] <- pmin(high[, j], cbind(patients, high)[, j])
fine <- min(0.1, 0.8 / sqrt(max(patients)))
half <- 2^ceiling(log2(50 / fine))
theta <- fine * ((-half):(half - 1) + 0.5)
frequency <- 2 * pi / (4 * half * fine) * c(0:(2 * half), -((2 * half - 1):1))
smoothed <- function(f, tau) {         # columns of f, averaged over a normal law about each mu
  spectrum <- mvfft(rbind(f, f[rev(seq_along(theta)), , drop = FALSE]))
  back <- mvfft(spectrum * exp(-(tau * frequency)^2 / 2), inverse = TRUE)
  pmax(Re(back[places, , drop = FALSE]) / (4 * half), 1e-300)
}
taus <- tau_prior * (seq_len(24) - 0.5) / 6
places <- seq(1, length(theta), by = 2)  # the points of mu
mus <- theta[places]
above_low <- cbind(patients, low)[, seq_len(steps), drop = FALSE]
above_high <- cbind(patients, high)[, seq_len(steps), drop = FALSE]

grid <- lapply(seq_len(steps), function(j) {
  pairs <- unique(do.call(rbind, lapply(seq_len(k), function(i) {
    every <- expand.grid(x = low[i, j]:high[i, j], y = above_low[i, j]:above_high[i, j])
    every[every$x <= every$y, ]
  })))
  f <- mapply(function(x, y) dbinom(x, y, plogis(theta)), pairs$x, pairs$y)
  rows <- do.call(rbind, lapply(taus, function(tau) log(smoothed(f, tau))))
  a <- shapes[j, 1]
  b <- shapes[j, 2]
  # The prior: the share has a beta law, tau is half-normal.
  before <- outer(a * plogis(mus, log.p = TRUE) + b * plogis(-mus, log.p = TRUE),
                  dnorm(taus / tau_prior, log = TRUE), `+`)
  place <- matrix(NA, max(patients) + 1, max(patients) + 1)
  place[cbind(pairs$x, pairs$y) + 1] <- seq_len(nrow(pairs))
  reach <- c(before) + Reduce(`+`, lapply(seq_len(k), function(i) {
    mine <- pairs$x >= low[i, j] & pairs$x <= high[i, j] &
      pairs$y >= above_low[i, j] & pairs$y <= above_high[i, j]
    do.call(pmax, as.data.frame(rows[, mine, drop = FALSE]))
  }))
  kept <- which(reach > max(reach) - 12)
  list(rows = rows[kept, , drop = FALSE], before = before[kept], place = place,
       mu = rep(mus, length(taus))[kept], tau = rep(taus, each = length(mus))[kept])
})

set.seed(1)
count <- cbind(patients, low)          # a start: the least that each study admits
chosen <- integer(steps)
sweep_once <- function() {
  for (j in seq_len(steps)) {
    pair <- grid[[j]]$place[cbind(count[, j + 1], count[, j]) + 1]
    height <- grid[[j]]$before
    for (column in pair) height <- height + grid[[j]]$rows[, column]
    weight <- cumsum(exp(height - max(height)))
    chosen[j] <<- findInterval(runif(1) * weight[length(weight)], weight) + 1
  }
  for (j in seq_len(steps)) for (i in which(low[, j] < high[, j])) {
    inner <- if (j < steps) count[i, j + 2] else 0
    values <- max(low[i, j], inner):min(high[i, j], count[i, j])
    height <- grid[[j]]$rows[cbind(chosen[j], grid[[j]]$place[cbind(values, count[i, j]) + 1])]
    if (j < steps) height <- height +
      grid[[j + 1]]$rows[cbind(chosen[j + 1], grid[[j + 1]]$place[cbind(inner, values) + 1])]
    weight <- cumsum(exp(height - max(height)))
    count[i, j + 1] <<- values[findInterval(runif(1) * weight[length(weight)], weight) + 1]
  }
}
for (sweep in 1:500) sweep_once()
drawn <- matrix(replicate(draws, {
  sweep_once()
  chosen
}), ncol = steps, byrow = TRUE)
# Each draw is a point of the grid and stands for the cell around it.
spread_over <- function(values, width) values + width * (runif(length(values)) - 0.5)
of_grid <- function(name) sapply(seq_len(steps), function(j) grid[[j]][[name]][drawn[, j]])
mu <- spread_over(of_grid("mu"), 2 * fine)
tau <- spread_over(of_grid("tau"), taus[2] - taus[1])
z <- seq(-6, 6, by = 0.2)
weight <- dnorm(z) / sum(dnorm(z))
share <- Reduce(`+`, Map(function(at, w) w * plogis(mu + tau * at), z, weight))
product <- function(shares) t(apply(shares, 1, cumprod))
if (steps == 1) product <- identity
tails <- c(0.5, (1 - level) / 2, (1 + level) / 2)
summed <- function(shares) t(apply(shares, 2, quantile, tails))
mean_study <- summed(product(share))
new_study <- summed(do.call(rbind, lapply(1:20, function(again)
  product(plogis(mu + tau * rnorm(length(mu)))))))
