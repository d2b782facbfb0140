// The posterior of the binomial-normal model from summed tables, as in toolkit/numerics/posterior/bayes.py:
// expit(mu) uniform, tau half-normal. The summed table is smooth enough to be read between its
// points, so a coarse one serves every choice; the posterior is then computed on a finer one.

(function (calculator) {
  "use strict";

  const { HALF_LOG_2PI, expit, logit, softplus, averageTerms } = calculator;
  const { Marginal, interpolate, splineAt, splineBends } = calculator;
  const NEGLIGIBLE = 20;
  const POINTS_A_DEVIATION = 4;
  const MOST_POINTS = 1600;
  const FINER_TAU = 3;
  const AVERAGE_STEP = 0.1;
  const THETA_STEP = 0.05;
  const FARTHEST_THETA = 30;
  const GAUSS_Z = [0, 0.8, 1.6, 2.4, 3.2, 4, 4.8];

  const same = (value) => value;

  // The finer lattice of tau of a grid, with what each point stands for in an integral.
  function finerTau(grid) {
    const step = grid.tauStep / FINER_TAU;
    const count = (grid.tau.length - 1) * FINER_TAU + 1;
    return Array.from({ length: count }, (_, j) => ({
      tau: grid.tauScale * Math.sinh(j * step),
      width: (j === 0 ? 0.5 : 1) * step * grid.tauScale * Math.cosh(j * step),
    }));
  }

  // The log-posterior between the rows of a summed table: one row of the grid's mu for each tau.
  function logPosteriorRows(rows, grid, tauScale) {
    const every = finerTau(grid);
    const out = every.map(() => new Float64Array(grid.mu.length));
    const column = new Float64Array(rows.length);
    grid.mu.forEach((mu, i) => {
      rows.forEach((row, j) => {
        column[j] = row[i];
      });
      const bends = splineBends(column, true);
      const prior = -softplus(mu) - softplus(-mu);
      every.forEach(({ tau }, j) => {
        out[j][i] =
          splineAt(column, bends, j / FINER_TAU) + prior - 0.5 * (tau / tauScale) ** 2;
      });
    });
    return { every, rows: out };
  }

  // How finely mu must be known: a quarter of the sharpest spread it can have.
  function muStep(cells, sharpestTau, mu) {
    const p = expit(mu);
    const precision = cells.reduce((sum, cell) => {
      const own = cell.total * Math.max(p * (1 - p), 0.5 / (cell.total + 1));
      return sum + 1 / (1 / own + sharpestTau * sharpestTau);
    }, 0.3);
    return 1 / (POINTS_A_DEVIATION * Math.sqrt(precision));
  }

  // The posterior of some cells: for each tau its density over even points of mu.
  class Posterior {
    constructor(cells, rows, grid, tauScale) {
      const { every, rows: heights } = logPosteriorRows(rows, grid, tauScale);
      const tops = heights.map((row) => row.reduce((a, b) => Math.max(a, b), -Infinity));
      const top = Math.max(...tops);
      const kept = every.map((_, j) => j).filter((j) => tops[j] > top - NEGLIGIBLE);
      let [first, last] = [grid.mu.length, 0];
      let sharpest = 0;
      for (const j of kept) {
        heights[j].forEach((value, i) => {
          if (value > top - NEGLIGIBLE) {
            first = Math.min(first, i);
            last = Math.max(last, i);
          }
        });
      }
      heights[kept[0]].forEach((value, i) => {
        sharpest = value > heights[kept[0]][sharpest] ? i : sharpest;
      });
      first = Math.max(first - 1, 0);
      last = Math.min(last + 1, grid.mu.length - 1);
      const placeOf = (mu) =>
        Math.asinh(mu / grid.muScale) / grid.muStep + (grid.mu.length - 1) / 2;
      const low = grid.mu[first];
      const reach = grid.mu[last] - low;
      const wanted = muStep(cells, every[kept[0]].tau, grid.mu[sharpest]);
      const count = Math.min(Math.ceil(reach / wanted) + 1, MOST_POINTS);
      this.low = low;
      this.step = reach / (count - 1);
      this.count = count;
      this.tauScale = tauScale;
      this.grid = grid;
      this.rows = kept.map((j) => {
        const bends = splineBends(heights[j], false);
        const density = Float64Array.from({ length: count }, (_, i) =>
          Math.exp(splineAt(heights[j], bends, placeOf(low + i * this.step)) - top)
        );
        return { index: j, ...every[j], density };
      });
      this.summarize();
    }

    mu(i) {
      return this.low + i * this.step;
    }

    // Mass, mean and deviation of mu at each tau; rows without mass are left out.
    summarize() {
      let total = 0;
      for (const row of this.rows) {
        let [mass, mean, square] = [0, 0, 0];
        row.density.forEach((height, i) => {
          mass += height;
          mean += height * this.mu(i);
          square += height * this.mu(i) ** 2;
        });
        row.mass = mass * this.step * row.width;
        row.mean = mean / mass;
        row.deviation = Math.sqrt(Math.max(square / mass - row.mean ** 2, 1e-12));
        total += row.mass;
      }
      for (const row of this.rows) {
        row.mass /= total;
        row.density = row.density.map((height) => (height * row.width) / total);
      }
      this.rows = this.rows.filter((row) => row.mass > 1e-9);
    }

    typical() {
      const heights = new Float64Array(this.count);
      for (const row of this.rows) {
        row.density.forEach((height, i) => {
          heights[i] += height;
        });
      }
      return new Marginal(this.low, this.step, heights, same, same);
    }

    // The median of tau: its density is even, so it is that of |tau| over the whole line.
    medianTau() {
      const last = this.rows[this.rows.length - 1].index;
      const heights = new Float64Array(2 * last + 1);
      for (const row of this.rows) {
        const height = row.index === 0 ? 2 * row.mass : row.mass;
        heights[last + row.index] = height;
        heights[last - row.index] = height;
      }
      const step = this.grid.tauStep / FINER_TAU;
      const at = (t) => this.grid.tauScale * Math.sinh(t);
      return new Marginal(-last * step, step, heights, at, same).quantile(0.75);
    }

    // The mean across studies: a mixture over tau of rising functions of mu.
    average(level) {
      const parts = this.rows.map((row) => {
        const known = averageRow(this.grid, row);
        return {
          mass: row.mass,
          known,
          below: new Marginal(this.low, this.step, row.density, same, same),
        };
      });
      const cdf = (target) =>
        parts.reduce(
          (sum, part) => sum + part.mass * part.below.cdf(inverse(part.known, target)),
          0
        );
      const quantile = (probability) => {
        let low = -FARTHEST_THETA;
        let high = FARTHEST_THETA;
        for (let step = 0; step < 40; step += 1) {
          const middle = 0.5 * (low + high);
          if (cdf(middle) < probability) {
            low = middle;
          } else {
            high = middle;
          }
        }
        return expit(0.5 * (low + high));
      };
      return {
        estimate: quantile(0.5),
        low: quantile(0.5 - level / 2),
        high: quantile(0.5 + level / 2),
      };
    }

    // The density at each theta of mu + tau Z.
    spreadOut(thetas) {
      const out = new Float64Array(thetas.length);
      for (const row of this.rows) {
        if (row.tau < 0.75 * this.step) {
          this.spreadNarrow(row, thetas, out);
        } else {
          this.spreadWide(row, thetas, out);
        }
      }
      return out;
    }

    spreadNarrow(row, thetas, out) {
      const weights = GAUSS_Z.map((z) => (0.8 * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI));
      const at = (theta) => interpolate(row.density, (theta - this.low) / this.step);
      thetas.forEach((theta, q) => {
        let sum = weights[0] * at(theta);
        for (let i = 1; i < GAUSS_Z.length; i += 1) {
          const away = row.tau * GAUSS_Z[i];
          sum += weights[i] * (at(theta - away) + at(theta + away));
        }
        out[q] += sum;
      });
    }

    spreadWide(row, thetas, out) {
      // The sum needs no more points than resolve the product of its two bells.
      const width = 1 / Math.hypot(1 / row.deviation, 1 / row.tau);
      const skip = Math.max(1, Math.floor(width / 1.5 / this.step));
      const points = [];
      for (let i = 0; i < this.count; i += skip) {
        if (row.density[i] > 1e-10) {
          points.push([this.mu(i), row.density[i] * skip * this.step]);
        }
      }
      const factor = Math.exp(-HALF_LOG_2PI) / row.tau;
      thetas.forEach((theta, q) => {
        let sum = 0;
        for (const [mu, mass] of points) {
          const zeta = (theta - mu) / row.tau;
          if (zeta > -8 && zeta < 8) {
            sum += mass * Math.exp(-0.5 * zeta * zeta);
          }
        }
        out[q] += factor * sum;
      });
    }

    // Where a centre's logit lies: a new one, or one that has shown `own` x of n.
    centre(own) {
      const sharpest = this.rows.reduce((a, b) => (b.deviation < a.deviation ? b : a));
      let middle = sharpest.mean;
      let scale = Math.hypot(sharpest.deviation, sharpest.tau);
      if (own) {
        const p = (own.low + 0.5) / (own.total + 1);
        const precision = own.total * p * (1 - p);
        const others = 1 / (this.medianTau() ** 2 + sharpest.deviation ** 2);
        middle = (precision * logit(p) + others * middle) / (precision + others);
        scale = (precision + others) ** -0.5;
      }
      const start = Math.asinh((-FARTHEST_THETA - middle) / scale);
      const count = Math.ceil((Math.asinh((FARTHEST_THETA - middle) / scale) - start) / THETA_STEP);
      const at = (t) => middle + scale * Math.sinh(t);
      const ts = Array.from({ length: count + 1 }, (_, i) => start + i * THETA_STEP);
      const thetas = ts.map(at);
      const heights = this.spreadOut(thetas);
      thetas.forEach((theta, i) => {
        heights[i] *= scale * Math.cosh(ts[i]);
        if (own) {
          const best = logit((own.low + 0.5) / (own.total + 1));
          const gap = own.low * (theta - best) - own.total * (softplus(theta) - softplus(best));
          heights[i] *= Math.exp(gap);
        }
      });
      const position = (theta) => Math.asinh((theta - middle) / scale);
      const found = new Marginal(start, THETA_STEP, heights, at, position);
      found.thetas = thetas;
      return found;
    }
  }

  // Logit of the mean across studies along mu for one tau: computed once, kept with the grid.
  function averageRow(grid, row) {
    grid.averages = grid.averages || new Map();
    if (!grid.averages.has(row.index)) {
      const half = Math.ceil(grid.mu[grid.mu.length - 1] / AVERAGE_STEP);
      const values = new Float64Array(2 * half + 1);
      for (let i = 1; i <= half; i += 1) {
        // Below one half the average keeps its digits however small it is; above, by symmetry.
        values[half - i] = logit(averageTerms(-i * AVERAGE_STEP, row.tau).value);
        values[half + i] = -values[half - i];
      }
      const low = -half * AVERAGE_STEP;
      grid.averages.set(row.index, { low, values });
    }
    return grid.averages.get(row.index);
  }

  // The mu whose mean across studies has the given logit.
  function inverse({ low, values }, target) {
    let [first, last] = [0, values.length - 1];
    if (target <= values[0] || target >= values[last]) {
      return target <= values[0] ? -Infinity : Infinity;
    }
    while (last - first > 1) {
      const middle = (first + last) >> 1;
      if (values[middle] <= target) {
        first = middle;
      } else {
        last = middle;
      }
    }
    const share = (target - values[first]) / (values[last] - values[first]);
    return low + AVERAGE_STEP * (first + share);
  }

  Object.assign(calculator, { Posterior });
})(window.calculator);
