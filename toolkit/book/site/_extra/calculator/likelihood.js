// The log-likelihood of one series under the binomial-normal model: x events among n patients,
// theta = mu + tau z the logit of a study's proportion, z standard normal. The same two forms of
// the integral as toolkit/numerics/binomial/series_likelihood.py, which says why there are two.
//
// Plain scripts, not modules: a browser refuses modules from a folder (file://).

window.calculator = window.calculator || {};

(function (calculator) {
  "use strict";

  const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);
  const BY_PARTS_ABOVE_TAU = 2;
  const LEFT_TAIL = -3;
  const MOST_STEPS = 100;

  function expit(theta) {
    return theta >= 0 ? 1 / (1 + Math.exp(-theta)) : Math.exp(theta) / (1 + Math.exp(theta));
  }

  function logit(p) {
    return Math.log(p) - Math.log1p(-p);
  }

  function softplus(theta) {
    return Math.log1p(Math.exp(-Math.abs(theta))) + Math.max(theta, 0);
  }

  // Phi(z) / phi(z) for z well below 0, by Laplace's continued fraction.
  function leftTailRatio(z) {
    let rest = -z;
    for (let term = 60; term > 0; term -= 1) {
      rest = -z + term / rest;
    }
    return 1 / rest;
  }

  // The standard normal distribution function, by its power series in the middle.
  function normalBelow(z) {
    if (z > -LEFT_TAIL) {
      return 1 - normalBelow(-z);
    }
    const density = Math.exp(-0.5 * z * z - HALF_LOG_2PI);
    if (z < LEFT_TAIL) {
      return density * leftTailRatio(z);
    }
    let sum = z;
    let part = z;
    for (let odd = 3; Math.abs(part) > 1e-17 * Math.abs(sum); odd += 2) {
      part *= (z * z) / odd;
      sum += part;
    }
    return 0.5 + density * sum;
  }

  function logNormalBelow(z) {
    if (z < LEFT_TAIL) {
      return -0.5 * z * z - HALF_LOG_2PI + Math.log(leftTailRatio(z));
    }
    return Math.log(normalBelow(z));
  }

  const logFactorials = [0];

  function logChoose(n, x) {
    for (let i = logFactorials.length; i <= n; i += 1) {
      logFactorials.push(logFactorials[i - 1] + Math.log(i));
    }
    return logFactorials[n] - logFactorials[x] - logFactorials[n - x];
  }

  // Where a falling slope crosses 0: Newton's steps inside a closing bracket.
  function fallingRoot(slope, start, low, high) {
    let point = Math.min(Math.max(start, low), high);
    let last = high - low;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const [gradient, curvature] = slope(point);
      if (gradient > 0) {
        low = point;
      } else {
        high = point;
      }
      let move = gradient / curvature;
      if (point + move < low || point + move > high || Math.abs(move) > 0.5 * last) {
        move = 0.5 * (low + high) - point;
      }
      point += move;
      last = Math.abs(move);
      if (last * Math.sqrt(curvature) < 1e-6) {
        break;
      }
    }
    return point;
  }

  // log L without the binomial coefficient, and derivatives of L over L in mu and tau.
  function binomialTerms(x, n, mu) {
    const p = expit(mu);
    const residual = x - n * p;
    const second = residual * residual - n * p * (1 - p);
    return {
      value: x * mu - n * softplus(mu),
      mu: residual,
      tau: 0,
      muMu: second,
      muTau: 0,
      tauTau: second,
    };
  }

  function centredTerms(x, n, mu, tau, nodes) {
    const pull = tau * (x - n * expit(mu));
    const mode = fallingRoot(
      (z) => {
        const p = expit(mu + tau * z);
        return [tau * (x - n * p) - z, 1 + tau * tau * n * p * (1 - p)];
      },
      (tau * (Math.log((x + 0.5) / (n - x + 0.5)) - mu)) / (tau * tau + 4 / n),
      Math.min(pull, 0),
      Math.max(pull, 0)
    );
    const middle = expit(mu + tau * mode);
    const scale = 1 / Math.sqrt(1 + tau * tau * n * middle * (1 - middle));
    const top = x * (mu + tau * mode) - n * softplus(mu + tau * mode) - 0.5 * mode * mode;
    const sums = { total: 0, mu: 0, tau: 0, muMu: 0, muTau: 0, tauTau: 0 };
    for (let i = 0; i < nodes.points.length; i += 1) {
      const z = mode + scale * nodes.points[i];
      const theta = mu + tau * z;
      const away = Math.exp(-Math.abs(theta));
      const logOne = Math.log1p(away) + Math.max(theta, 0);
      const share = nodes.weights[i] * Math.exp(x * theta - n * logOne - 0.5 * z * z - top);
      const p = theta >= 0 ? 1 / (1 + away) : away / (1 + away);
      const residual = x - n * p;
      const second = residual * residual - n * p * (1 - p);
      sums.total += share;
      sums.mu += share * residual;
      sums.tau += share * z * residual;
      sums.muMu += share * second;
      sums.muTau += share * z * second;
      sums.tauTau += share * z * z * second;
    }
    return {
      value: top + Math.log(sums.total * scale) - HALF_LOG_2PI,
      mu: sums.mu / sums.total,
      tau: sums.tau / sums.total,
      muMu: sums.muMu / sums.total,
      muTau: sums.muTau / sums.total,
      tauTau: sums.tauTau / sums.total,
    };
  }

  // A cell without events under a wide spread: L = integral of n p (1 - p)^n Phi((theta - mu) / tau).
  function zeroTerms(n, mu, tau, nodes) {
    const low = -Math.log(n);
    const slope = (theta) => {
      const p = expit(theta);
      const zeta = (theta - mu) / tau;
      const mills = Math.exp(-0.5 * zeta * zeta - HALF_LOG_2PI - logNormalBelow(zeta));
      const bend = Math.max(mills * (mills + zeta), 0) / (tau * tau);
      return [1 - (n + 1) * p + mills / tau, Math.max((n + 1) * p * (1 - p) + bend, 1e-12)];
    };
    const high = Math.max(low + 1 + Math.log1p(1 / n), mu + 1);
    const mode = fallingRoot(slope, low, low, high);
    const scale = 1 / Math.sqrt(slope(mode)[1]);
    const height = (theta) =>
      theta - (n + 1) * softplus(theta) + logNormalBelow((theta - mu) / tau);
    const top = height(mode);
    let total = 0;
    const moments = [0, 0, 0, 0];
    for (let i = 0; i < nodes.points.length; i += 1) {
      const theta = mode + scale * nodes.points[i];
      const zeta = (theta - mu) / tau;
      total += nodes.weights[i] * Math.exp(height(theta) - top);
      // The factor Phi gives way to its own derivative phi.
      let part =
        nodes.weights[i] *
        Math.exp(theta - (n + 1) * softplus(theta) - 0.5 * zeta * zeta - HALF_LOG_2PI - top);
      for (let power = 0; power < 4; power += 1) {
        moments[power] += part;
        part *= zeta;
      }
    }
    const [m0, m1, m2, m3] = moments.map((moment) => moment / total);
    return {
      value: Math.log(n) + top + Math.log(total * scale),
      mu: -m0 / tau,
      tau: -m1 / tau,
      muMu: -m1 / (tau * tau),
      muTau: (m0 - m2) / (tau * tau),
      tauTau: (2 * m1 - m3) / (tau * tau),
    };
  }

  function atomTerms(x, n, mu, tau, nodes) {
    if (tau === 0) {
      return binomialTerms(x, n, mu);
    }
    if (tau <= BY_PARTS_ABOVE_TAU || (x > 0 && x < n)) {
      return centredTerms(x, n, mu, tau, nodes);
    }
    if (x === 0) {
      return zeroTerms(n, mu, tau, nodes);
    }
    // A full cell is a zero cell seen in the mirror.
    const mirrored = zeroTerms(n, -mu, tau, nodes);
    mirrored.mu = -mirrored.mu;
    mirrored.muTau = -mirrored.muTau;
    return mirrored;
  }

  // The same for a cell low..high of total, whose likelihood is the sum over its counts; the
  // derivatives are those of the logarithm.
  function cellTerms(cell, mu, tau, nodes) {
    const atoms = [];
    for (let x = cell.low; x <= cell.high; x += 1) {
      const terms = atomTerms(x, cell.total, mu, tau, nodes);
      terms.value += logChoose(cell.total, x);
      atoms.push(terms);
    }
    const top = Math.max(...atoms.map((terms) => terms.value));
    const whole = atoms.reduce((sum, terms) => sum + Math.exp(terms.value - top), 0);
    const sum = { value: top + Math.log(whole), mu: 0, tau: 0, muMu: 0, muTau: 0, tauTau: 0 };
    for (const terms of atoms) {
      const share = Math.exp(terms.value - sum.value);
      for (const name of ["mu", "tau", "muMu", "muTau", "tauTau"]) {
        sum[name] += share * terms[name];
      }
    }
    sum.muMu -= sum.mu * sum.mu;
    sum.muTau -= sum.mu * sum.tau;
    sum.tauTau -= sum.tau * sum.tau;
    return sum;
  }

  // The log-likelihood of a cell over the grid, one row of mu for every tau.
  function tabulate(cell, grid) {
    return grid.tau.map((tau) =>
      Float64Array.from(grid.mu, (mu) => cellTerms(cell, mu, tau, grid.nodes).value)
    );
  }

  // Exact limits of one proportion (Clopper and Pearson), by halving.
  function ownInterval(x, n, level) {
    const tail = (1 - level) / 2;
    const atLeast = (p, from) => {
      let sum = 0;
      for (let y = from; y <= n; y += 1) {
        sum += Math.exp(logChoose(n, y) + y * Math.log(p) + (n - y) * Math.log1p(-p));
      }
      return sum;
    };
    const halve = (below) => {
      let low = 0;
      let high = 1;
      for (let step = 0; step < 50; step += 1) {
        const middle = 0.5 * (low + high);
        if (below(middle)) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return 0.5 * (low + high);
    };
    return {
      low: x === 0 ? 0 : halve((p) => atLeast(p, x) < tail),
      high: x === n ? 1 : halve((p) => 1 - atLeast(p, x + 1) > tail),
    };
  }

  Object.assign(calculator, {
    HALF_LOG_2PI,
    expit,
    logit,
    softplus,
    normalBelow,
    logChoose,
    cellTerms,
    tabulate,
    ownInterval,
  });
})(window.calculator);
