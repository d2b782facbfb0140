// Tables that can be sorted by any column and searched, by mouse and by keyboard. Without
// JavaScript they read as they are.

(function () {
  "use strict";

  const LEAST_TO_SORT = 4;
  const LEAST_TO_SEARCH = 10;
  const LEAST_COLUMNS = 3;
  const ORDERS = { none: "ascending", ascending: "descending", descending: "none" };
  const SHARE = /^(\d+)(?:[–-]\d+)?\/(\d+)/;
  const DATE = /^(\d{4})-(\d\d)(?:-(\d\d))?/;
  const NUMBER = /^([<>≥≤]?)\s*(-?\d+(?:\.\d+)?)/;
  // "<1" comes before 1, ">99" after 99, and nothing printed lies between.
  const BESIDE = { "<": -1e-6, ">": 1e-6 };

  function textOf(row, column) {
    return row.cells[column].textContent.trim().replace(/\s+/g, " ");
  }

  // A cell as a number: events among patients as their share, a month or a day as its place in
  // time, anything else by how it begins.
  function numberOf(text) {
    const date = DATE.exec(text);
    if (date) {
      return Number(date[1]) + Number(date[2]) / 100 + Number(date[3] || 0) / 10000;
    }
    const share = SHARE.exec(text);
    if (share) {
      return Number(share[1]) / Number(share[2]);
    }
    const number = NUMBER.exec(text);
    return number ? Number(number[2]) + (BESIDE[number[1]] || 0) : NaN;
  }

  function isEmpty(text) {
    return text === "" || text === "–" || text === "not reported";
  }

  // Rows in the order of a column; cells that say nothing stay last either way.
  function ordered(rows, column, order) {
    const cells = rows.map((row) => ({ row, text: textOf(row, column) }));
    const told = cells.filter(({ text }) => !isEmpty(text));
    const numeric = told.every(({ text }) => !Number.isNaN(numberOf(text)));
    const sign = order === "descending" ? -1 : 1;
    told.sort((a, b) => {
      const apart = numeric
        ? numberOf(a.text) - numberOf(b.text)
        : a.text.localeCompare(b.text, "en", { numeric: true });
      return sign * apart;
    });
    return [...told, ...cells.filter(({ text }) => isEmpty(text))].map(({ row }) => row);
  }

  // What a screen reader says of a change that is seen.
  function makeStatus(box) {
    const told = document.createElement("span");
    told.className = "st-told";
    told.setAttribute("role", "status");
    box.before(told);
    return told;
  }

  function makeSortable(table, body, rows, status) {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      if (heading.textContent.trim() === "") {
        return;
      }
      const words = heading.textContent.trim();
      const button = document.createElement("button");
      button.type = "button";
      button.className = "st-sort";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const order = ORDERS[heading.getAttribute("aria-sort") || "none"];
        headings.forEach((other) => other.removeAttribute("aria-sort"));
        if (order !== "none") {
          heading.setAttribute("aria-sort", order);
        }
        body.append(...(order === "none" ? rows : ordered(rows, column, order)));
        status.textContent =
          order === "none" ? "Sorted as printed" : `Sorted by ${words}, ${order}`;
      });
    });
  }

  function makeSearchable(box, rows, number) {
    const field = document.createElement("input");
    field.type = "search";
    field.id = `st-search-${number}`;
    field.autocomplete = "off";
    const label = document.createElement("label");
    label.htmlFor = field.id;
    label.textContent = "Search this table";
    const found = document.createElement("span");
    found.setAttribute("role", "status");
    const line = document.createElement("p");
    line.className = "st-search";
    line.append(label, field, found);
    box.before(line);
    const words = rows.map((row) => row.textContent.toLowerCase());
    field.addEventListener("input", () => {
      const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, i) => {
        row.hidden = !wanted.every((word) => words[i].includes(word));
        shown += row.hidden ? 0 : 1;
      });
      found.textContent = wanted.length ? `${shown} of ${rows.length} rows` : "";
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".st-table:not(.st-in-order)").forEach((box, number) => {
      const table = box.querySelector("table");
      if (!table || !table.tHead || table.tBodies.length !== 1) {
        return;
      }
      const rows = [...table.tBodies[0].rows];
      const width = table.tHead.rows[0].cells.length;
      const even = width >= LEAST_COLUMNS && rows.every((row) => row.cells.length === width);
      if (even && rows.length >= LEAST_TO_SORT) {
        makeSortable(table, table.tBodies[0], rows, makeStatus(box));
      }
      if (even && rows.length >= LEAST_TO_SEARCH) {
        makeSearchable(box, rows, number);
      }
    });
  });
})();
