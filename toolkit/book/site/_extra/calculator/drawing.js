// Numbers as words and as marks: how the calculator prints and draws what it has computed.

(function (calculator) {
  "use strict";

  // An element with attributes and children; text goes in as text.
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== false) {
        element.setAttribute(name, value === true ? "" : value);
      }
    }
    element.append(...children);
    return element;
  }

  // A whole percent without its sign; never a false 0 or 100.
  function percent(proportion) {
    const whole = Math.floor(Number((100 * proportion).toFixed(9)) + 0.5);
    if (whole === 0 && proportion > 0) {
      return "<1";
    }
    return whole === 100 && proportion < 1 ? ">99" : String(whole);
  }

  function limits({ low, high }) {
    return `${percent(low)}–${percent(high)}`;
  }

  function inWords(estimate) {
    return estimate.estimate === null
      ? "not estimated"
      : `${percent(estimate.estimate)}% (${limits(estimate)})`;
  }

  function counted({ low, high }) {
    return low === high ? String(low) : `${low}–${high}`;
  }

  // The drawing of one line: parts placed by percent on the axis from 0 to 100.
  function lane(...parts) {
    return make("span", { class: "calc-lane", "aria-hidden": "true" }, ...parts);
  }

  function stretch(name, { low, high }) {
    const style = `left:${100 * low}%;width:${100 * (high - low)}%`;
    return make("span", { class: name, style });
  }

  function point(name, at, size) {
    const style = `left:${100 * at}%` + (size ? `;width:${size}px;height:${size}px` : "");
    return make("span", { class: name, style });
  }

  function diamond(name, estimate) {
    const part = stretch(name, estimate);
    const width = Math.max(estimate.high - estimate.low, 1e-6);
    part.style.setProperty("--middle", `${(100 * (estimate.estimate - estimate.low)) / width}%`);
    return part;
  }

  Object.assign(calculator, {
    counted,
    diamond,
    inWords,
    lane,
    limits,
    make,
    percent,
    point,
    stretch,
  });
})(window.calculator);
