// Which combinations of a specification curve are seen: two lists to choose from, and the range of
// what is chosen. Without this script the whole curve is there and nothing is missing.

(function () {
  "use strict";

  // As the pages print it: halves go up, and nothing reads as 0 or 100 that is not.
  function percent(proportion) {
    const whole = Math.floor(Math.round(1e11 * proportion) / 1e9 + 0.5);
    const few = whole === 0 && proportion > 0 ? "<1" : whole;
    return `${whole === 100 && proportion < 1 ? ">99" : few}%`;
  }

  function element(tag, properties = {}, children = []) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function list(words, legend, changed) {
    const boxes = words.map(() => element("input", { type: "checkbox", checked: true }));
    boxes.forEach((box) => box.addEventListener("change", changed));
    const labels = words.map((word, place) => element("label", {}, [boxes[place], ` ${word}`]));
    const fieldset = element("fieldset", {}, [element("legend", { textContent: legend }), ...labels]);
    return { boxes, fieldset };
  }

  // The quantile that the page tells: the value at this share of the way, by rank.
  function at(estimates, share) {
    return percent(estimates[Math.round(share * (estimates.length - 1))]);
  }

  function inWords(estimates, every) {
    if (estimates.length === 0) {
      return `None of ${every} combinations chosen.`;
    }
    const ends = `from ${at(estimates, 0)} to ${at(estimates, 1)}`;
    const half = `half of them between ${at(estimates, 0.25)} and ${at(estimates, 0.75)}`;
    return `${estimates.length} of ${every} combinations chosen: ${ends}, ${half}.`;
  }

  function offer(held) {
    const { data, methods, columns } = JSON.parse(held.textContent);
    const figure = held.dataset.figure;
    const marks = columns.map((_, place) =>
      ["", "-narrow"].flatMap((width) =>
        ["bar", "dot", "tick"]
          .map((mark) => document.getElementById(`${figure}${width}-${mark}-${place + 1}`))
          .filter(Boolean)
      )
    );
    const told = element("p", { className: "st-choices-told" });
    told.setAttribute("role", "status");
    const lists = {};

    function show() {
      const chosen = columns.map(
        ([set, method]) => lists.data.boxes[set].checked && lists.methods.boxes[method].checked
      );
      chosen.forEach((seen, place) =>
        marks[place].forEach((mark) => mark.classList.toggle("st-unchosen", !seen))
      );
      const estimates = columns.filter((_, place) => chosen[place]).map((column) => column[2]);
      told.textContent = inWords(estimates, columns.length);
    }

    function all(checked) {
      [...lists.data.boxes, ...lists.methods.boxes].forEach((box) => {
        box.checked = checked;
      });
      show();
    }

    lists.data = list(data, "Data", show);
    lists.methods = list(methods, "Method", show);
    const every = element("button", { type: "button", textContent: "Choose all" });
    every.addEventListener("click", () => all(true));
    const none = element("button", { type: "button", textContent: "Choose none" });
    none.addEventListener("click", () => all(false));
    const summary = element("summary", { textContent: "Choose which combinations to see" });
    const lines = element("div", { className: "st-choices-lists" }, [
      lists.data.fieldset,
      lists.methods.fieldset,
    ]);
    const panel = element("details", { className: "st-choices" }, [summary, told, every, none, lines]);
    held.after(panel);
    show();
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("script.st-choices").forEach(offer);
  });
})();
