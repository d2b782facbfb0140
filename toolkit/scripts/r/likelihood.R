# The likelihood. A study's own logit lies about mu with standard deviation tau, and its patients
# respond independently: Stijnen, Hamza, Ozdemir 2010, Stat Med 29:3046. The integral over the
# normal law is a sum over an even lattice, fine enough for the largest study. A row for each count
# that a study admits.
k <- nrow(studies)
admitted <- studies$most - studies$events + 1
row_of <- rep(seq_len(k), admitted)
x <- studies$events[row_of] + sequence(admitted) - 1
n <- studies$patients[row_of]
lattice <- function(tau, largest = 1) {
  half <- ceiling(18 * max(1, tau, tau * sqrt(largest) / 3.5))
  9 * (-half:half) / half
}
log_likelihood <- function(mu, tau) {
  at <- lattice(tau, max(n))
  p <- rep(plogis(mu + tau * at), times = length(x))
  terms <- dbinom(rep(x, each = length(at)), rep(n, each = length(at)), p)
  each <- colSums(dnorm(at) / sum(dnorm(at)) * matrix(terms, length(at)))
  sum(log(rowsum(each, row_of)))
}
averaged <- function(f, mu, tau) {      # over studies: the mean of f(p)
  at <- lattice(tau)
  sum(dnorm(at) / sum(dnorm(at)) * f(plogis(mu + tau * at)))
}
mean_of <- function(mu, tau) averaged(identity, mu, tau)
