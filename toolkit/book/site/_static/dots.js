// What is known of a dot, shown beside it: when a pointer rests on it, when the keyboard reaches
// it, when a finger taps it. Without JavaScript the dot is a plain link with a title.

(function () {
  "use strict";

  const GAP = 6;
  const LEAST_HEIGHT = 120;
  const LEAVING = 200;

  const card = document.createElement("div");
  card.id = "st-card";
  card.className = "st-card";
  card.hidden = true;

  let shown = null;
  let leaving = 0;
  let pointer = "";

  function toldOf(link) {
    const address = link.getAttribute("href");
    const figure = link.closest("figure");
    return figure && figure.querySelector(`template[data-of="${CSS.escape(address)}"]`);
  }

  // Below the lane and under its dot, or above where there is more room: never over its dot, and
  // never out of the window.
  function place() {
    const lane = shown.getBoundingClientRect();
    const group = shown.querySelector(".lane");
    const mark = document.getElementById(group.id.replace("-lane-", "-dot-")) || group;
    const dot = mark.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    card.style.maxHeight = "";
    const under = clientHeight - lane.bottom - 2 * GAP;
    const over = lane.top - 2 * GAP;
    const below = card.offsetHeight <= under || under >= over;
    card.style.maxHeight = `${Math.max(below ? under : over, LEAST_HEIGHT)}px`;
    const left = (dot.left + dot.right - card.offsetWidth) / 2;
    const top = below ? lane.bottom + GAP : lane.top - GAP - card.offsetHeight;
    const within = (start, size, room) => Math.max(GAP, Math.min(start, room - size - GAP));
    card.style.left = `${within(left, card.offsetWidth, clientWidth)}px`;
    card.style.top = `${within(top, card.offsetHeight, clientHeight)}px`;
  }

  function hide() {
    clearTimeout(leaving);
    if (shown) {
      shown.removeAttribute("aria-describedby");
      shown = null;
      card.hidden = true;
    }
  }

  function show(link) {
    clearTimeout(leaving);
    if (shown === link) {
      return;
    }
    hide();
    card.replaceChildren(toldOf(link).content.cloneNode(true));
    card.hidden = false;
    card.scrollTop = 0;
    shown = link;
    link.setAttribute("aria-describedby", card.id);
    place();
  }

  function hideSoon() {
    clearTimeout(leaving);
    leaving = setTimeout(hide, LEAVING);
  }

  function follow(link) {
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") {
        show(link);
      }
    });
    link.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") {
        hideSoon();
      }
    });
    link.addEventListener("focus", () => {
      if (link.matches(":focus-visible")) {
        show(link);
      }
    });
    link.addEventListener("blur", hideSoon);
    // The first tap tells, the second follows.
    link.addEventListener("click", (event) => {
      if (pointer === "touch" && shown !== link) {
        event.preventDefault();
        show(link);
      }
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const links = [...document.querySelectorAll("svg .st-leads")].filter(toldOf);
    if (links.length === 0) {
      return;
    }
    document.body.append(card);
    links.forEach((link) => {
      // The browser's own tooltip would lie over the card: its words become the link's name.
      const title = link.querySelector("title");
      link.setAttribute("aria-label", title.textContent);
      title.textContent = "";
      follow(link);
    });
    card.addEventListener("pointerenter", () => clearTimeout(leaving));
    card.addEventListener("pointerleave", hideSoon);
    document.addEventListener("pointerdown", (event) => {
      pointer = event.pointerType;
      if (!card.contains(event.target) && !event.target.closest(".st-leads")) {
        hide();
      }
    });
    document.addEventListener("keydown", (event) => {
      pointer = "";
      if (event.key === "Escape") {
        hide();
      }
    });
    ["scroll", "resize"].forEach((name) =>
      window.addEventListener(name, () => shown && place(), { passive: true })
    );
  });
})();
