// Maximum likelihood of the binomial-normal model, as in toolkit/numerics/binomial/binomial_normal.py.

(function (calculator) {
  "use strict";

  const { expit, logit, normalBelow, cellTerms } = calculator;
  const FAR_TAU = [12, 40];
  const LEAST_TAU = 1e-5;
  const LEAST_BEND = 1e-9;
  const LEAST_GAIN = 1e-11;
  const LEAST_LIMIT_GAP = 1e-6;
  const MOST_STEPS = 200;
  const NAMES = ["value", "mu", "tau", "muMu", "muTau", "tauTau"];

  function sumTerms(cells, mu, tau, nodes) {
    const sum = { value: 0, mu: 0, tau: 0, muMu: 0, muTau: 0, tauTau: 0 };
    for (const cell of cells) {
      const terms = cellTerms(cell, mu, tau, nodes);
      for (const name of NAMES) {
        sum[name] += terms[name];
      }
    }
    return sum;
  }

  function clip(value, reach) {
    return Math.min(Math.max(value, -reach), reach);
  }

  // What the pattern of the counts alone decides: the name of a sentence, or nothing.
  function refusal(cells) {
    const every = (holds) => cells.every(holds);
    if (cells.length === 0) {
      return "no_series";
    }
    if (every((cell) => cell.high === cell.total)) {
      return "all_full";
    }
    if (every((cell) => cell.low === 0)) {
      return "all_zero";
    }
    const atEdge = every((cell) => cell.high === 0 || cell.low === cell.total);
    return atEdge && cells.some((cell) => cell.total > 1) ? "not_estimable" : "";
  }

  // The limit of the log-likelihood as the spread grows without bound.
  function limitAtInfiniteSpread(cells) {
    const zero = cells.filter((cell) => cell.low === 0).length;
    const full = cells.filter((cell) => cell.high === cell.total).length;
    if (zero + full !== cells.length || cells.every((cell) => cell.total === 1)) {
      return -Infinity;
    }
    const share = zero / cells.length;
    return (
      (zero ? zero * Math.log(share) : 0) + (full ? full * Math.log1p(-share) : 0)
    );
  }

  // The best mu at a given tau, by Newton's steps of limited length.
  function bestMu(cells, start, tau, nodes) {
    let mu = start;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const terms = sumTerms(cells, mu, tau, nodes);
      const move = clip(
        terms.muMu < 0 ? -terms.mu / terms.muMu : Math.sign(terms.mu),
        1 + tau
      );
      mu += move;
      if (Math.abs(move) < 1e-11) {
        break;
      }
    }
    return mu;
  }

  // Climb from (mu, tau) in mu and u, tau = |sinh u|: even at 0, logarithmic far out.
  function climb(cells, start, nodes) {
    let mu = start.mu;
    let u = Math.asinh(start.tau);
    let here = sumTerms(cells, mu, Math.abs(Math.sinh(u)), nodes);
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const tau = Math.abs(Math.sinh(u));
      const stretch = Math.cosh(u);
      const sign = Math.sign(u);
      const slope = [here.mu, sign * here.tau * stretch];
      const across = sign * here.muTau * stretch;
      const along = here.tauTau * stretch * stretch + here.tau * tau;
      const determinant = here.muMu * along - across * across;
      let move = [slope[0], slope[1]];
      if (here.muMu < 0 && determinant > 0) {
        move = [
          (across * slope[1] - along * slope[0]) / determinant,
          (across * slope[0] - here.muMu * slope[1]) / determinant,
        ];
      }
      move = [clip(move[0], 2), clip(move[1], 1)];
      let next = null;
      for (let share = 1; share > 1e-6; share /= 4) {
        const tried = [mu + share * move[0], u + share * move[1]];
        next = sumTerms(cells, tried[0], Math.abs(Math.sinh(tried[1])), nodes);
        if (next.value >= here.value) {
          [mu, u] = tried;
          break;
        }
        next = null;
      }
      if (next === null) {
        break;
      }
      here = next;
      if (Math.max(Math.abs(move[0]), Math.abs(move[1])) < 1e-9) {
        break;
      }
    }
    return { mu, tau: Math.abs(Math.sinh(u)), terms: here };
  }

  // Where to start: the highest point of the summed table, or beyond it.
  function bestStart(cells, rows, grid) {
    let best = { value: -Infinity, mu: 0, tau: 0 };
    rows.forEach((row, j) => {
      row.forEach((value, i) => {
        if (grid.tau[j] > 0 && value > best.value) {
          best = { value, mu: grid.mu[i], tau: grid.tau[j] };
        }
      });
    });
    let mu = best.mu;
    for (const tau of FAR_TAU) {
      mu = bestMu(cells, mu, tau, grid.nodes);
      const value = sumTerms(cells, mu, tau, grid.nodes).value;
      if (value > best.value) {
        best = { value, mu, tau };
      }
    }
    return best;
  }

  // The fit of some cells whose log-likelihood over the grid is `rows`, or why there is none.
  function fitMaximum(every, rows, grid) {
    const cells = every.filter((cell) => cell.low > 0 || cell.high < cell.total);
    const refused = refusal(cells);
    if (refused) {
      return { refused };
    }
    const middle = cells.reduce((sum, cell) => sum + 0.5 * (cell.low + cell.high) + 0.5, 0);
    const size = cells.reduce((sum, cell) => sum + cell.total + 1, 0);
    const common = bestMu(cells, logit(middle / size), 0, grid.nodes);
    const atZero = sumTerms(cells, common, 0, grid.nodes);
    const found = climb(cells, bestStart(cells, rows, grid), grid.nodes);
    const inside = found.tau > LEAST_TAU && found.terms.value > atZero.value + LEAST_GAIN;
    const rises = inside && (atZero.tauTau > LEAST_BEND || found.terms.value > atZero.value + 1e-6);
    const top = rises ? found.terms.value : atZero.value;
    if (limitAtInfiniteSpread(cells) >= top - LEAST_LIMIT_GAP) {
      return { refused: "not_estimable" };
    }
    if (!rises) {
      return { mu: common, tau: 0, value: top, varianceMu: -1 / atZero.muMu };
    }
    const { muMu, muTau, tauTau } = found.terms;
    const determinant = muMu * tauTau - muTau * muTau;
    return { mu: found.mu, tau: found.tau, value: top, varianceMu: -tauTau / determinant };
  }

  // The mean across studies, E[expit(mu + tau Z)], with its slopes in mu and tau: a sum over Z,
  // or for a wide spread over the logistic law of which expit is the distribution function.
  function averageTerms(mu, tau) {
    let [value, byMu, byTau] = [0, 0, 0];
    if (tau <= 2) {
      for (let i = -22; i <= 22; i += 1) {
        const z = 0.4 * i;
        const weight = (0.4 * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI);
        const p = expit(mu + tau * z);
        value += weight * p;
        byMu += weight * p * (1 - p);
        byTau += weight * z * p * (1 - p);
      }
      return { value, mu: byMu, tau: byTau };
    }
    for (let i = -60; i <= 60; i += 1) {
      const y = 0.7 * i;
      const weight = 0.7 * expit(y) * expit(-y);
      const zeta = (mu - y) / tau;
      const density = Math.exp(-0.5 * zeta * zeta) / (Math.sqrt(2 * Math.PI) * tau);
      value += weight * normalBelow(zeta);
      byMu += weight * density;
      byTau -= weight * density * zeta;
    }
    return { value, mu: byMu, tau: byTau };
  }

  Object.assign(calculator, { averageTerms, fitMaximum, sumTerms });
})(window.calculator);
