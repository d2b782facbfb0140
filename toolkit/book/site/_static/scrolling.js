// A formula too wide for a narrow screen scrolls in its place: let the keyboard scroll it too.

(function () {
  "use strict";

  function mark() {
    document.querySelectorAll("div.formula, div.highlight pre").forEach((each) => {
      if (each.scrollWidth > each.clientWidth) {
        each.tabIndex = 0;
      } else {
        each.removeAttribute("tabindex");
      }
    });
  }

  window.addEventListener("load", () => {
    mark();
    window.addEventListener("resize", mark);
  });
})();
