// What is chosen in the calculator as the end of its address, so that a link opens it as it stands:
// #try-crc&set=any&without=a,b&own=3/12. An outcome alone (#try-crc) is its own choice.

(function (calculator) {
  "use strict";

  function readChoice(hash) {
    const [first, ...rest] = hash.replace(/^#/, "").split("&");
    const named = Object.fromEntries(
      rest.map((each) => {
        const [name, ...value] = each.split("=");
        return [name, decodeURIComponent(value.join("="))];
      })
    );
    const [, events, patients] = /^(\d+)\/(\d+)$/.exec(named.own || "") || ["", "", ""];
    return {
      outcome: decodeURIComponent(first).replace(/^try-/, ""),
      set: named.set || "",
      without: (named.without || "").split(",").filter(Boolean),
      events,
      patients,
    };
  }

  function choiceInWords({ outcome, set, without, events, patients }) {
    const parts = [`#try-${encodeURIComponent(outcome)}`];
    if (set) {
      parts.push(`set=${encodeURIComponent(set)}`);
    }
    if (without.length) {
      parts.push(`without=${without.map(encodeURIComponent).join(",")}`);
    }
    if (events !== "" && patients !== "") {
      parts.push(`own=${encodeURIComponent(events)}/${encodeURIComponent(patients)}`);
    }
    return parts.join("&");
  }

  Object.assign(calculator, { readChoice, choiceInWords });
})(window.calculator);
