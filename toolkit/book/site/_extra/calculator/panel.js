// The panel of the calculator: what is chosen on one side, the pool of it on the other. Nothing is
// asked of any server; all words of the review are set as text and can never act.

(function (calculator) {
  "use strict";

  const { choiceInWords, counted, diamond, inWords, lane, limits, make, percent, point } = calculator;
  const { readChoice, stretch, tell } = calculator;
  const ROWS = [
    ["ml", "typical", "Maximum likelihood, median study"],
    ["ml", "average", "Maximum likelihood, mean across studies"],
    ["bayes", "typical", "Bayes, median study"],
    ["bayes", "average", "Bayes, mean across studies"],
  ];
  const MOST_PATIENTS = 2000;
  const PAUSE = 200;
  const inStudies = (number) => `${number} ${number === 1 ? "study" : "studies"}`;

  class Panel {
    constructor(root, data) {
      this.data = data;
      this.leftOut = new Set();
      this.build(root);
      this.readAddress();
      window.addEventListener("hashchange", () => {
        // Headings of the page have addresses too.
        if (window.location.hash.startsWith("#try-")) {
          this.readAddress();
        }
      });
    }

    get outcome() {
      return this.data.outcomes.find((each) => each.key === this.outcomeChoice.value);
    }

    get series() {
      return this.outcome.sets[this.setChoice.value] || [];
    }

    build(root) {
      this.outcomeChoice = make("select", { id: "calc-outcome" });
      for (const each of this.data.outcomes) {
        this.outcomeChoice.append(make("option", { value: each.key }, this.sized(each)));
      }
      this.setChoice = make("select", { id: "calc-set", "aria-describedby": "calc-set-note" });
      this.setNote = make("p", { id: "calc-set-note", class: "calc-note" });
      this.events = this.numberField("calc-events");
      this.patients = this.numberField("calc-patients");
      this.clear = make("button", { type: "button" }, "Clear");
      this.fault = make("p", { id: "calc-fault", class: "calc-fault", role: "alert" });
      this.told = make("div", { class: "calc-told", role: "status" });
      this.lines = make("tbody");
      this.pooled = make("tbody");
      this.headlines = make("tbody");
      this.whole = make("button", { type: "button" }, "Back to the review’s own choice");
      const form = make(
        "form",
        { class: "calc", "aria-label": "Calculator" },
        make(
          "div",
          { class: "calc-choices" },
          make("p", {}, make("label", { for: "calc-outcome" }, "Outcome"), this.outcomeChoice),
          make("p", {}, make("label", { for: "calc-set" }, "Analysis set"), this.setChoice)
        ),
        this.setNote,
        this.ownFields(),
        this.fault,
        this.told,
        this.forest(),
        this.headlineTable(),
        make("p", {}, this.whole)
      );
      root.replaceChildren(form);
      root.hidden = false;
      this.listen(form);
    }

    // An outcome with its number of studies in the review's own set, where one study is not pooled.
    sized({ label, sets }) {
      const series = sets[this.data.primary] || [];
      return series.length > 1 ? label : `${label} (${inStudies(series.length)})`;
    }

    numberField(id) {
      return make("input", {
        id,
        type: "text",
        inputmode: "numeric",
        autocomplete: "off",
        size: 4,
        maxlength: 5,
        "aria-describedby": "calc-fault",
      });
    }

    ownFields() {
      return make(
        "fieldset",
        { class: "calc-own" },
        make("legend", {}, "What if your center saw"),
        make("label", { for: "calc-events", class: "calc-hidden" }, "Patients with the outcome"),
        this.events,
        " of ",
        make("label", { for: "calc-patients", class: "calc-hidden" }, "Patients observed"),
        this.patients,
        " patients ",
        this.clear
      );
    }

    forest() {
      const ticks = [0, 25, 50, 75, 100].map((at) =>
        make("span", { style: `left:${at}%` }, at === 100 ? "100%" : String(at))
      );
      return make(
        "table",
        { class: "calc-forest" },
        make("caption", {}, "Untick a study to leave it out."),
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            make("th", { scope: "col" }, "Study"),
            make("th", { scope: "col" }, "Patients"),
            make("th", { scope: "col" }, "% (interval)"),
            make("td", {}, make("span", { class: "calc-axis", "aria-hidden": "true" }, ...ticks))
          )
        ),
        this.lines,
        this.pooled
      );
    }

    headlineTable() {
      return make(
        "table",
        { class: "calc-headlines" },
        make("caption", {}, "Every model and estimate; the chosen one is stated and drawn above."),
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            make("th", { scope: "col" }, "Model and estimate"),
            make("th", { scope: "col" }, "% (interval)"),
            make("th", { scope: "col" }, "Spread (tau)")
          )
        ),
        this.headlines
      );
    }

    listen(form) {
      form.addEventListener("submit", (event) => event.preventDefault());
      this.outcomeChoice.addEventListener("change", () => this.startOutcome());
      this.setChoice.addEventListener("change", () => this.startSet());
      this.clear.addEventListener("click", () => {
        this.events.value = "";
        this.patients.value = "";
        this.events.focus();
        this.refresh();
      });
      this.whole.addEventListener("click", () => {
        this.events.value = "";
        this.patients.value = "";
        this.startOutcome();
      });
      let waiting = 0;
      for (const field of [this.events, this.patients]) {
        field.addEventListener("input", () => {
          window.clearTimeout(waiting);
          waiting = window.setTimeout(() => this.refresh(), PAUSE);
        });
      }
    }

    // An address says an outcome, and perhaps a set, studies left out and counts of one's own.
    readAddress() {
      const asked = readChoice(window.location.hash);
      this.events.value = asked.events;
      this.patients.value = asked.patients;
      if (this.data.outcomes.some((each) => each.key === asked.outcome)) {
        this.outcomeChoice.value = asked.outcome;
      }
      this.startOutcome();
      if (asked.set in this.outcome.sets) {
        this.setChoice.value = asked.set;
        this.startSet();
      }
      this.series.forEach((each, place) => {
        if (asked.without.includes(each.series)) {
          this.lines.rows[place].querySelector("input").click();
        }
      });
    }

    // The address says what is chosen, so that it can be sent to others.
    writeAddress(own) {
      const first = this.untouched(own) && this.outcome === this.data.outcomes[0];
      if (first && !window.location.hash.startsWith("#try-")) {
        return;
      }
      const set = this.setChoice.value;
      const chosen = choiceInWords({
        outcome: this.outcome.key,
        set: set === this.data.primary ? "" : set,
        without: [...this.leftOut].map((each) => each.series),
        events: own ? String(own.low) : "",
        patients: own ? String(own.total) : "",
      });
      window.history.replaceState(null, "", chosen);
    }

    startOutcome() {
      const { sets, fit, lead } = this.outcome;
      this.row = `${fit}.${lead}`;
      this.setChoice.replaceChildren();
      for (const each of this.data.sets.filter(({ key }) => key in sets)) {
        const label = `${each.label} (${inStudies(sets[each.key].length)})`;
        const option = make("option", { value: each.key }, label);
        this.setChoice.append(option);
      }
      if (this.data.primary in sets) {
        this.setChoice.value = this.data.primary;
      }
      this.startSet();
    }

    startSet() {
      const chosen = this.data.sets.find((each) => each.key === this.setChoice.value);
      this.setNote.textContent = chosen.description;
      this.leftOut.clear();
      this.lines.replaceChildren(...this.series.map((each) => this.seriesLine(each)));
      this.refresh();
    }

    seriesLine(series) {
      const box = make("input", { type: "checkbox", checked: true });
      const notes = series.notes.length ? { title: series.notes.join("; ") } : {};
      const line = make(
        "tr",
        {},
        make("th", { scope: "row" }, make("label", notes, box, series.label)),
        make("td", {}, `${counted(series)}/${series.total}`),
        make("td", { "data-counts": `${counted(series)}/${series.total}` }, this.ownShare(series)),
        make("td", {}, this.seriesLane(series))
      );
      box.addEventListener("change", () => {
        if (box.checked) {
          this.leftOut.delete(series);
        } else {
          this.leftOut.add(series);
        }
        line.classList.toggle("calc-out", !box.checked);
        this.refresh();
      });
      return line;
    }

    ownShare({ low, high, total, interval }) {
      const range = limits({ low: interval[0], high: interval[1] });
      return low === high ? `${percent(low / total)} (${range})` : range;
    }

    seriesLane({ low, high, total, interval }) {
      const size = 5 + 9 * Math.sqrt(total / this.largest);
      const marks = low === high ? [point("calc-square", low / total, size)] : [];
      return lane(stretch("calc-whisker", { low: interval[0], high: interval[1] }), ...marks);
    }

    get largest() {
      return Math.max(...this.series.map((each) => each.total), 1);
    }

    // The counts of the reader's centre; null where none are given, and a fault told if they
    // cannot be counts.
    own() {
      const [x, n] = [this.events.value.trim(), this.patients.value.trim()];
      let fault = "";
      let wrong = null;
      if (x !== "" || n !== "") {
        if (!/^\d+$/.test(n) || Number(n) < 1 || Number(n) > MOST_PATIENTS) {
          fault = n === "" && /^\d+$/.test(x)
            ? ""
            : `Patients observed must be a whole number from 1 to ${MOST_PATIENTS}.`;
          wrong = this.patients;
        } else if (x !== "" && (!/^\d+$/.test(x) || Number(x) > Number(n))) {
          fault = `Patients with the outcome must be a whole number from 0 to ${Number(n)}.`;
          wrong = this.events;
        }
      }
      this.fault.textContent = fault;
      for (const field of [this.events, this.patients]) {
        field.setAttribute("aria-invalid", fault !== "" && field === wrong ? "true" : "false");
      }
      return fault || x === "" || n === ""
        ? null
        : { low: Number(x), high: Number(x), total: Number(n) };
    }

    refresh() {
      const { level, tauPrior, nextPatients } = this.outcome;
      const own = this.own();
      const series = this.series.filter((each) => !this.leftOut.has(each));
      const settings = { level, tauPrior, nextPatients };
      const answer = calculator.whatIf(this.data, series, own, settings);
      this.answer = answer;
      const asked = {
        outcome: this.outcome,
        own,
        byLikelihood: this.row.startsWith("ml"),
        untouched: this.untouched(own),
      };
      const told = tell(answer, this.leading(answer), asked, this.data.sentences);
      this.told.replaceChildren(...told.map((each) => make("p", {}, ...each)));
      this.showPooled(answer, own);
      this.showHeadlines(answer);
      this.writeAddress(own);
    }

    // The row that leads: the chosen one, or for two series the Bayesian one in its place.
    leading(answer) {
      const [fit, lead] = this.row.split(".");
      const used = answer.k === 2 ? "bayes" : fit;
      return answer[used] ? { ...answer[used][lead], fit: used, lead } : null;
    }

    untouched(own) {
      const { fit, lead } = this.outcome;
      const whole = this.leftOut.size === 0 && this.setChoice.value === this.data.primary;
      return whole && !own && this.row === `${fit}.${lead}`;
    }

    showPooled(answer, own) {
      const lines = [];
      if (own) {
        const interval = [answer.centre.own.low, answer.centre.own.high];
        const mine = { ...own, interval };
        const drawn = this.seriesLane(mine);
        if (answer.centre.shrunken) {
          drawn.append(point("calc-drawn", answer.centre.shrunken.estimate));
        }
        const counts = `${own.low}/${own.total}`;
        lines.push(this.line("calc-mine", "Your center", counts, this.ownShare(mine), drawn));
      }
      const leading = this.leading(answer);
      if (leading && leading.estimate !== null) {
        const name = leading.lead === "typical" ? "Median study" : "Mean across studies";
        const drawn =
          answer.k === 2 ? stretch("calc-bar", leading) : diamond("calc-diamond", leading);
        const share = `${percent(leading.estimate)} (${limits(leading)})`;
        lines.push(this.line("calc-pool", name, `${answer.total}`, share, lane(drawn)));
        const { prediction } = answer.bayes;
        const band = lane(stretch("calc-band", prediction));
        lines.push(this.line("calc-next", "A new study", "", limits(prediction), band));
      }
      const { main } = this.outcome;
      if (main && (main.how || !this.untouched(own))) {
        const share = `${percent(main.estimate)} (${limits(main)})`;
        const drawn =
          main.k === 2 ? stretch("calc-bar", main) : diamond("calc-diamond", main);
        lines.push(this.line("calc-review", "The review’s own answer", "", share, lane(drawn)));
      }
      this.pooled.replaceChildren(...lines);
    }

    line(name, label, counts, share, drawn) {
      return make(
        "tr",
        { class: name },
        make("th", { scope: "row" }, label),
        make("td", {}, counts),
        make("td", { "data-counts": counts }, share),
        make("td", {}, drawn)
      );
    }

    showHeadlines(answer) {
      const focused = document.activeElement && document.activeElement.value;
      const within = this.headlines.contains(document.activeElement);
      const protocol = `${this.outcome.fit}.${this.outcome.lead}`;
      const lines = ROWS.map(([fit, lead, label]) => {
        const value = `${fit}.${lead}`;
        const button = make("input", {
          type: "radio",
          name: "calc-row",
          value,
          checked: value === this.row,
        });
        button.addEventListener("change", () => {
          this.row = value;
          this.refresh();
        });
        const mark = value === protocol ? make("em", {}, " by protocol") : "";
        const found = answer[fit] ? inWords(answer[fit][lead]) : "not estimated";
        return make(
          "tr",
          {},
          make("th", { scope: "row" }, make("label", {}, button, make("span", {}, label, mark))),
          make("td", {}, found),
          make("td", {}, answer[fit] && answer[fit].tau !== null ? answer[fit].tau.toFixed(2) : "–")
        );
      });
      this.headlines.replaceChildren(...lines);
      if (within) {
        this.headlines.querySelector(`input[value="${focused}"]`).focus();
      }
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const root = document.getElementById("calculator-panel");
    if (root && calculator.data && calculator.data.outcomes.length) {
      calculator.panel = new Panel(root, calculator.data);
    }
  });
})(window.calculator);
