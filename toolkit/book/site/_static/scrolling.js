// A formula too wide for a narrow screen scrolls in its place: let the keyboard scroll it too.

(function () {
  "use strict";

  function mark() {
    document.querySelectorAll("mjx-container[display='true'], div.highlight pre").forEach((each) => {
      if (each.scrollWidth > each.clientWidth) {
        each.tabIndex = 0;
      } else {
        each.removeAttribute("tabindex");
      }
    });
  }

  window.addEventListener("load", () => {
    const typeset = window.MathJax && window.MathJax.startup && window.MathJax.startup.promise;
    Promise.resolve(typeset).then(mark);
    window.addEventListener("resize", mark);
  });
})();
