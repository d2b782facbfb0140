// What is folded on a screen is read on paper: unfolded to print, folded again afterwards.

(function () {
  "use strict";

  let unfolded = [];

  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("main details:not([open])")];
    unfolded.forEach((each) => {
      each.open = true;
    });
  });

  window.addEventListener("afterprint", () => {
    unfolded.forEach((each) => {
      each.open = false;
    });
    unfolded = [];
  });
})();
