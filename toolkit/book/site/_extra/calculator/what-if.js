// The pool of a choice of series, with or without a centre of one's own: the rules of
// toolkit/analysis/pool.py for one, two and more series, over the tables that the toolkit has written.

(function (calculator) {
  "use strict";

  const {
    Posterior,
    countInterval,
    countProbabilities,
    estimates,
    fitMaximum,
    ownInterval,
    tabulate,
  } = calculator;

  const UNDEFINED = { estimate: null, low: null, high: null };

  function decode(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Float64Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
  }

  // The rows, one for each tau, of a cell's table; computed here where none was written.
  function tableOf(data, cell) {
    const key = `${cell.low}..${cell.high}/${cell.total}`;
    data.decoded = data.decoded || new Map();
    if (!data.decoded.has(key)) {
      const { mu, tau } = data.grid;
      let rows = null;
      if (key in data.tables) {
        const values = decode(data.tables[key]);
        rows = tau.map((_, j) => values.slice(j * mu.length, (j + 1) * mu.length));
      } else {
        rows = tabulate(cell, data.grid);
      }
      data.decoded.set(key, rows);
    }
    return data.decoded.get(key);
  }

  function summed(data, cells) {
    const rows = data.grid.tau.map(() => new Float64Array(data.grid.mu.length));
    for (const cell of cells) {
      tableOf(data, cell).forEach((row, j) => {
        row.forEach((value, i) => {
          rows[j][i] += value;
        });
      });
    }
    return rows;
  }

  // The posterior's part of an answer.
  function bayes(data, cells, rows, settings) {
    const found = new Posterior(cells, rows, data.grid, settings.tauPrior);
    const centre = found.centre(null);
    const { low, high } = centre.proportion(settings.level);
    const next = countInterval(
      countProbabilities(centre, settings.nextPatients),
      settings.level
    );
    return {
      typical: found.typical().proportion(settings.level),
      average: found.average(settings.level),
      tau: found.medianTau(),
      prediction: { low, high },
      nextPatients: { patients: settings.nextPatients, ...next },
    };
  }

  function maximum(data, cells, rows, settings) {
    const fit = fitMaximum(cells, rows, data.grid);
    if (fit.refused) {
      return { typical: UNDEFINED, average: UNDEFINED, tau: null, refused: fit.refused };
    }
    const found = estimates(cells, fit, data.chiSquare[String(settings.level)], data.grid.nodes);
    return { ...found, tau: fit.tau, refused: "" };
  }

  // What the other series say of a study with x of n, and what its own counts add.
  function ownCentre(data, others, own, settings) {
    const interval = ownInterval(own.low, own.total, settings.level);
    const told = { estimate: own.low / own.total, ...interval };
    if (others.length === 0) {
      return { own: told };
    }
    const rest = new Posterior(others, summed(data, others), data.grid, settings.tauPrior);
    const shares = countProbabilities(rest.centre(null), own.total);
    const expected = countInterval(shares, settings.level);
    const fewer = shares.slice(0, own.low).reduce((a, b) => a + b, 0);
    return {
      own: told,
      expected,
      fewer,
      more: shares.slice(own.low + 1).reduce((a, b) => a + b, 0),
      shrunken: rest.centre(own).proportion(settings.level),
    };
  }

  // The answer for series {low, high, total} and, where given, a centre of one's own
  // {low, high, total}; settings {level, tauPrior, nextPatients}.
  function whatIf(data, series, own, settings) {
    const cells = own ? [...series, own] : [...series];
    const answer = {
      k: cells.length,
      total: cells.reduce((sum, cell) => sum + cell.total, 0),
      ml: null,
      bayes: null,
      centre: own ? ownCentre(data, series, own, settings) : null,
    };
    if (cells.length >= 2) {
      const rows = summed(data, cells);
      answer.bayes = bayes(data, cells, rows, settings);
      if (cells.length >= 3) {
        answer.ml = maximum(data, cells, rows, settings);
      }
    }
    return answer;
  }

  Object.assign(calculator, { whatIf });
})(window.calculator);
