// Curves known at even points, and distributions of one quantity known by their density there.

(function (calculator) {
  "use strict";

  const { expit, softplus, logChoose } = calculator;

  // Second derivatives of the cubic spline through even points, times the squared step; the
  // slope at the first is 0 where `level`, else the spline ends straight.
  function splineBends(values, level) {
    const last = values.length - 1;
    const bends = new Float64Array(last + 1);
    const ratio = new Float64Array(last + 1);
    if (level) {
      ratio[0] = 0.5;
      bends[0] = 3 * (values[1] - values[0]);
    }
    for (let i = 1; i < last; i += 1) {
      const pivot = 4 - ratio[i - 1];
      ratio[i] = 1 / pivot;
      bends[i] = (6 * (values[i + 1] - 2 * values[i] + values[i - 1]) - bends[i - 1]) / pivot;
    }
    for (let i = last - 1; i >= 0; i -= 1) {
      bends[i] -= ratio[i] * bends[i + 1];
    }
    return bends;
  }

  function splineAt(values, bends, place) {
    const i = Math.min(Math.max(Math.floor(place), 0), values.length - 2);
    const b = place - i;
    const a = 1 - b;
    return (
      a * values[i] +
      b * values[i + 1] +
      ((a * a * a - a) * bends[i] + (b * b * b - b) * bends[i + 1]) / 6
    );
  }

  // A distribution known by its density at even steps of t, value = at(t) rising.
  class Marginal {
    constructor(start, step, heights, at, position) {
      const count = heights.length;
      const f = (i) => (i < 0 || i >= count ? 0 : heights[i]);
      const below = new Float64Array(count);
      for (let i = 1; i < count; i += 1) {
        const cell = (13 * (f(i - 1) + f(i)) - f(i - 2) - f(i + 1)) / 24;
        below[i] = below[i - 1] + Math.max(cell, 0);
      }
      this.total = below[count - 1];
      this.below = below.map((sum) => sum / this.total);
      this.slopes = heights.map((height) => height / this.total);
      Object.assign(this, { start, step, at, position });
    }

    // The share below a place counted in steps from the first point.
    belowPlace(place) {
      const last = this.below.length - 1;
      if (place <= 0 || place >= last) {
        return place <= 0 ? 0 : 1;
      }
      const i = Math.floor(place);
      const b = place - i;
      const a = 1 - b;
      return (
        this.below[i] * a * a * (1 + 2 * b) +
        this.below[i + 1] * b * b * (1 + 2 * a) +
        a * b * (a * this.slopes[i] - b * this.slopes[i + 1])
      );
    }

    cdf(value) {
      return this.belowPlace((this.position(value) - this.start) / this.step);
    }

    quantile(probability) {
      let low = 0;
      let high = this.below.length - 1;
      for (let step = 0; step < 45; step += 1) {
        const middle = 0.5 * (low + high);
        if (this.belowPlace(middle) < probability) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return this.at(this.start + this.step * low);
    }

    proportion(level) {
      return {
        estimate: expit(this.quantile(0.5)),
        low: expit(this.quantile(0.5 - level / 2)),
        high: expit(this.quantile(0.5 + level / 2)),
      };
    }
  }

  // Four points around a place, cubic between; 0 outside.
  function interpolate(values, place) {
    const i = Math.floor(place);
    if (i < 1 || i > values.length - 3) {
      return 0;
    }
    const b = place - i;
    const [p, q, r, s] = [values[i - 1], values[i], values[i + 1], values[i + 2]];
    const cubic =
      (-b * (b - 1) * (b - 2) * p) / 6 +
      ((b * b - 1) * (b - 2) * q) / 2 -
      (b * (b + 1) * (b - 2) * r) / 2 +
      (b * (b * b - 1) * s) / 6;
    return Math.max(cubic, 0);
  }

  // The probabilities of 0 .. patients events in a centre, from where its logit lies.
  function countProbabilities(centre, patients) {
    const shares = new Float64Array(patients + 1);
    centre.thetas.forEach((theta, i) => {
      const weight = centre.slopes[i];
      if (weight < 1e-14) {
        return;
      }
      const rest = patients * softplus(theta);
      for (let y = 0; y <= patients; y += 1) {
        shares[y] += weight * Math.exp(logChoose(patients, y) + y * theta - rest);
      }
    });
    const total = shares.reduce((a, b) => a + b, 0);
    return shares.map((share) => share / total);
  }

  // The whole numbers between which a count lies, with at most half the rest to either side.
  function countInterval(probabilities, level) {
    const tail = 0.5 - level / 2;
    let sum = 0;
    let low = -1;
    for (let y = 0; y < probabilities.length; y += 1) {
      sum += probabilities[y];
      if (low < 0 && sum > tail) {
        low = y;
      }
      if (sum >= 1 - tail) {
        return { low, high: y };
      }
    }
    return { low, high: probabilities.length - 1 };
  }

  Object.assign(calculator, {
    Marginal,
    countInterval,
    countProbabilities,
    interpolate,
    splineAt,
    splineBends,
  });
})(window.calculator);
