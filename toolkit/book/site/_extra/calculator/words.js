// What the calculator says of an answer, in sentences.

(function (calculator) {
  "use strict";

  const { inWords, limits, make, percent } = calculator;
  const PLACES = { typical: "in the median study", average: "as the mean across studies" };

  // Paragraphs, each a list of words and elements. `leading` is the row that leads, or nothing;
  // `asked` holds the outcome, the reader's own center, whether maximum likelihood was chosen and
  // whether the choice is the review's own.
  function tell(answer, leading, asked, sentences) {
    if (answer.k === 0) {
      return [[sentences.no_series]];
    }
    const told = asked.own ? [aboutOwn(answer.centre, asked.own)] : [];
    if (!leading) {
      return [[sentences.one], ...told];
    }
    if (leading.estimate === null) {
      return [[`${sentences[answer.ml.refused]} The Bayesian rows below are defined.`], ...told];
    }
    const byProtocol = answer.k === 2 && asked.byLikelihood ? [[sentences.two]] : [];
    return [pool(answer, leading, asked), ...byProtocol, next(answer, asked), ...told];
  }

  function pool(answer, leading, { outcome, own, untouched }) {
    const kind = leading.fit === "bayes" ? "credible" : "confidence";
    const interval = `${100 * outcome.level}% ${kind} interval ${limits(leading)}%`;
    const series = own ? `${answer.k - 1} studies and your center,` : `${answer.k} studies with`;
    return [
      make("strong", {}, `${percent(leading.estimate)}%`),
      ` ${PLACES[leading.lead]} (${interval}), from ${series} ${answer.total} patients. `,
      untouched && outcome.main && !outcome.main.how
        ? "This is the review’s own answer."
        : compared(outcome.main),
    ];
  }

  function compared(main) {
    if (!main) {
      return "The review itself pools nothing here.";
    }
    const how = main.how ? `, ${main.how},` : "";
    const share = `${percent(main.estimate)}% (${limits(main)})`;
    return `The review’s own answer${how} is ${share} ${PLACES[main.lead]}.`;
  }

  function next(answer, { outcome }) {
    const { patients, low, high } = answer.bayes.nextPatients;
    const verb = outcome.benefit ? "reach" : "have";
    return [
      `${100 * outcome.level}% prediction: ${low} to ${high} of the next ${patients} patients of a new study ` +
        `${verb} it.`,
    ];
  }

  // A centre's own counts, where they lie among what the others let expect, and its share drawn
  // towards theirs.
  function aboutOwn(centre, own) {
    const alone = make("strong", {}, "Your center");
    const told = [alone, `: ${own.low} of ${own.total}, ${inWords(centre.own)} by itself.`];
    if (!centre.shrunken) {
      return told;
    }
    const { low, high } = centre.expected;
    const place =
      own.low < low ? "fewer than that" : own.low > high ? "more than that" : "within that";
    return [
      ...told,
      ` From the other studies one would expect ${low} to ${high} of ${own.total}: yours is ` +
        `${place}. Of such studies ${percent(centre.fewer)}% would see fewer and ` +
        `${percent(centre.more)}% more. Drawn towards the others, your center’s own share is ` +
        "put at ",
      make("strong", {}, `${percent(centre.shrunken.estimate)}%`),
      make("span", { class: "st-number" }, ` (${limits(centre.shrunken)}%).`),
    ];
  }

  Object.assign(calculator, { tell });
})(window.calculator);
