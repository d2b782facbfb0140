// In a book of several reviews the sidebar folds the pages of those that are not being read.

(function () {
  "use strict";

  function folderOf(address) {
    return new URL(address, location.href).pathname.replace(/[^/]*$/, "");
  }

  document.addEventListener("DOMContentLoaded", () => {
    const parts = [...document.querySelectorAll("nav.bd-links p.caption + ul")].filter((list) =>
      list.querySelector('a[href$="summary.html"], li.current > a[href="#"]')
    );
    const here = folderOf(location.href);
    const home = (list) => folderOf(list.querySelector("a").href);
    if (!parts.some((list) => home(list) === here)) {
      return;
    }
    parts.filter((list) => home(list) !== here).forEach((list) => {
      const caption = list.previousElementSibling;
      const folded = document.createElement("details");
      const summary = document.createElement("summary");
      folded.className = "st-other-review";
      summary.textContent = caption.textContent;
      list.before(folded);
      folded.append(summary, list);
      caption.remove();
    });
  });
})();
