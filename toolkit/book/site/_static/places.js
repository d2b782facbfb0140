// A place inside folded parts of a page: they are unfolded when a link leads to it.

(function () {
  "use strict";

  function unfold() {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let folded = place && place.closest("details:not([open])");
    if (!folded) {
      return;
    }
    while (folded) {
      folded.open = true;
      folded = folded.parentElement.closest("details:not([open])");
    }
    place.scrollIntoView();
  }

  document.addEventListener("DOMContentLoaded", unfold);
  window.addEventListener("hashchange", unfold);
})();
