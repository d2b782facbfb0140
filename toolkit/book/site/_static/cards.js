// A table that is wider than a phone becomes a list of cards, one for each row: nothing is cut off
// and nothing scrolls sideways. Without JavaScript it scrolls in its box, whose edge shows that.

(function () {
  "use strict";

  const NARROW = window.matchMedia("(max-width: 600px)");
  const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };

  // Boxes of their own layout are no table to a screen reader unless it is told so.
  function name(table) {
    const headings = [...table.tHead.rows[0].cells].map((each) => each.textContent.trim());
    table.querySelectorAll("thead, tbody, tr, td").forEach((each) => {
      each.setAttribute("role", ROLES[each.tagName]);
    });
    table.setAttribute("role", "table");
    table.querySelectorAll("thead th").forEach((each) => each.setAttribute("role", "columnheader"));
    table.querySelectorAll("tbody th").forEach((each) => each.setAttribute("role", "rowheader"));
    [...table.tBodies[0].rows].forEach((row) => {
      [...row.cells].forEach((cell, column) => {
        if (column > 0 && headings[column]) {
          cell.dataset.heading = headings[column];
        }
        // A dash fills a place in a table; a card has no place to fill.
        cell.classList.toggle("st-silent", column > 0 && cell.textContent.trim() === "–");
      });
    });
  }

  function settle(box, table) {
    box.classList.remove("st-cards");
    const wide = table.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0;
    if (NARROW.matches && wide) {
      if (!table.hasAttribute("role")) {
        name(table);
      }
      box.classList.add("st-cards");
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".st-table").forEach((box) => {
      const table = box.querySelector("table");
      if (!table || !table.tHead || table.tBodies.length !== 1) {
        return;
      }
      let width = -1;
      // A table in a folded part of the page has no width before it is unfolded.
      new ResizeObserver(() => {
        if (box.clientWidth !== width) {
          width = box.clientWidth;
          settle(box, table);
        }
      }).observe(box);
    });
  });
})();
