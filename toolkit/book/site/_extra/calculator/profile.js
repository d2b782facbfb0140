// Profile-likelihood intervals with Bartlett's correction, as in
// toolkit/numerics/binomial/profile_likelihood.py and average_profile.py.

(function (calculator) {
  "use strict";

  const { averageTerms, expit, logit, sumTerms } = calculator;
  // Where a profile over the spread is looked for, and how closely.
  const SPREADS = [0, 0.1, 0.25, 0.45, 0.7, 1.1, 1.8, 2.8, 4.5, 7, 12, 22, 40];
  const GOLDEN = (Math.sqrt(5) - 1) / 2;
  const CLOSE = 1e-6;
  const FARTHEST = 60;
  const MOST_STEPS = 100;

  // The mu at which the mean across studies has a logit, at a given tau.
  function muOf(eta, tau) {
    const wanted = expit(eta);
    let mu = eta * Math.sqrt(1 + 0.346 * tau * tau);
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const found = averageTerms(mu, tau);
      const scale = found.value * (1 - found.value);
      const move = (logit(found.value) - eta) / (found.mu / scale);
      mu -= Math.min(Math.max(move, -4 - tau), 4 + tau);
      if (Math.abs(move) < 1e-9 * (1 + Math.abs(mu)) || !(wanted > 0 && wanted < 1)) {
        break;
      }
    }
    return mu;
  }

  // The best spread at a location and its log-likelihood.
  function bestSpread(cells, muAt, nodes) {
    const at = (u) => sumTerms(cells, muAt(Math.sinh(u)), Math.sinh(u), nodes).value;
    const places = SPREADS.map(Math.asinh);
    const values = places.map(at);
    const top = values.indexOf(Math.max(...values));
    let low = places[Math.max(top - 1, 0)];
    let high = places[Math.min(top + 1, places.length - 1)];
    let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    let [atLeft, atRight] = [at(left), at(right)];
    while (high - low > 1e-4) {
      if (atLeft > atRight) {
        [high, right, atRight] = [right, left, atLeft];
        left = high - GOLDEN * (high - low);
        atLeft = at(left);
      } else {
        [low, left, atLeft] = [left, right, atRight];
        right = low + GOLDEN * (high - low);
        atRight = at(right);
      }
    }
    const inner = 0.5 * (low + high);
    const value = at(inner);
    return values[top] > value
      ? { tau: SPREADS[top], value: values[top] }
      : { tau: Math.sinh(inner), value };
  }

  // By how much the likelihood ratio at (mu, tau) is stretched: 1 + 2 sum w^3 / (sum w sum w^2).
  function bartlett(cells, mu, tau) {
    const spread = averageTerms(mu, tau).mu;
    let [one, two, three] = [0, 0, 0];
    for (const { total } of cells) {
      const weight = total / (1 + tau * tau * total * spread);
      one += weight;
      two += weight * weight;
      three += weight * weight * weight;
    }
    return 1 + (2 * three) / (one * two);
  }

  // The end of an interval on one side of a location at which nothing is lost.
  function crossing(start, step, lost) {
    let [inside, outside] = [start, start + step];
    while (lost(outside) < 0) {
      inside = outside;
      outside = start + 2 * (outside - start);
      if (Math.abs(outside) > FARTHEST) {
        return Math.sign(step) * Infinity;
      }
    }
    while (Math.abs(outside - inside) > CLOSE) {
      const middle = 0.5 * (inside + outside);
      if (lost(middle) < 0) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return 0.5 * (inside + outside);
  }

  // Both estimands of a fit of some cells with their intervals.
  function estimates(every, fit, chiSquare, nodes) {
    const cells = every.filter((cell) => cell.low > 0 || cell.high < cell.total);
    const around = (middle, step, muAt) => {
      const lost = (place) => {
        const best = bestSpread(cells, (tau) => muAt(place, tau), nodes);
        const ratio = 2 * Math.max(fit.value - best.value, 0);
        return ratio / bartlett(cells, muAt(place, best.tau), best.tau) - chiSquare;
      };
      return {
        estimate: expit(middle),
        low: expit(crossing(middle, -step, lost)),
        high: expit(crossing(middle, step, lost)),
      };
    };
    const step = Math.max(2 * Math.sqrt(fit.varianceMu), 1e-3);
    const eta = logit(averageTerms(fit.mu, fit.tau).value);
    return {
      typical: around(fit.mu, step, (place) => place),
      average: around(eta, step, muOf),
    };
  }

  Object.assign(calculator, { estimates });
})(window.calculator);
