// The desk: what is typed or chosen goes to the server, and what it answers is shown.
"use strict";

const body = document.body;
const here = body.dataset.here;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
let version = Number(body.dataset.version);
let problems = [];
let column = "";
let answer = "";
let waiting = Promise.resolve();

// ---------------------------------------------------------------- words to and from the server
async function ask(path, options = {}) {
  try {
    const reply = await fetch(path, { headers: { "x-desk": "1" }, ...options });
    const json = (reply.headers.get("content-type") || "").includes("json");
    return { ok: reply.ok, status: reply.status, said: json ? await reply.json() : await reply.text() };
  } catch {
    return { ok: false, status: 0, said: { message: "The desk does not answer: it may have been closed. What is on the page is still here; start the desk again, then load the page." } };
  }
}

const post = (path, said) => ask(path, { method: "POST", body: JSON.stringify(said) });

// One after another, so that each change knows the state that the one before has left.
function inTurn(work) {
  waiting = waiting.then(work, work);
  return waiting;
}

const edit = (action, more = {}) => inTurn(async () => {
  state("Keeping the draft");
  return took(await post(`${here}/edit`, { action, version, ...more }));
});

function took({ ok, status, said }) {
  if (!ok) {
    tell(said.message || "The desk met something it did not expect. What you typed is still on the page, and nothing was recorded.", said.listed || said.changed || [], status === 409 && said.changed?.length ? "merge" : status === 409 ? "load" : "");
    state("Not kept");
    return null;
  }
  version = said.version;
  problems = said.problems;
  find("#undo").disabled = !said.undo;
  find("#state").dataset.changed = said.changed ? "yes" : "no";
  if (said.told) {
    tell(said.told);
  }
  show(said.tabs);
  later();
  return said;
}

// ---------------------------------------------------------------- what is said
function line(tag, text, name) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) {
    made.className = name;
  }
  return made;
}

function tell(sentence, listed = [], offer = "") {
  const said = find("#said");
  said.replaceChildren();
  if (!sentence) {
    return;
  }
  said.append(line("p", sentence));
  if (listed.length) {
    const list = document.createElement("ul");
    list.append(...listed.map((each) => line("li", each)));
    said.append(list);
  }
  const close = line("button", offer === "merge" ? "Put both together" : offer === "load" ? "Show it as it is now" : "Close");
  close.type = "button";
  close.dataset[offer === "merge" ? "merge" : offer === "load" ? "load" : "hush"] = "";
  said.append(close);
}

function state(sentence) {
  const at = find("#state");
  const count = problems.length;
  const kept = at.dataset.changed === "yes" ? "Draft kept, not recorded" : "As recorded";
  at.textContent = sentence || `${kept} · ${count ? `${count} problem${count === 1 ? "" : "s"}` : "no problems"}`;
  at.classList.toggle("wrong", !sentence && count > 0);
  find("#next").hidden = !count;
}

// ---------------------------------------------------------------- problems beside their fields
function show(tabs) {
  const rows = find("#sheet .rows");
  const sheet = rows.dataset.sheet;
  const row = rows.dataset.row === "" ? null : Number(rows.dataset.row);
  const mine = problems.filter((each) => each.sheet === sheet);
  for (const cell of all("[data-cell]")) {
    const found = mine.filter((each) => each.row === row && each.columns[0] === cell.dataset.cell);
    const near = mine.some((each) => each.row === row && each.columns.includes(cell.dataset.cell));
    fill(find(`#p-${CSS.escape(cell.dataset.cell)}`), found);
    cell.setAttribute("aria-invalid", near ? "true" : "false");
  }
  fill(find("[id='p-']"), mine.filter((each) => each.row === row && !each.columns.length));
  for (const each of all("[data-line]")) {
    badge(each, mine.filter((one) => one.row === Number(each.dataset.line)).length);
  }
  for (const tab of all("[data-tab]")) {
    const [count, wrong] = tabs?.[tab.dataset.tab] || [null, problems.filter((each) => each.sheet === tab.dataset.tab).length];
    badge(tab, wrong);
    if (count !== null && tab.dataset.tab !== "series") {
      find(".count", tab).textContent = count || "";
    }
  }
  state();
}

function badge(within, count) {
  const mark = find(".badge", within);
  mark.hidden = !count;
  mark.firstChild.textContent = count;
}

function fill(place, found) {
  if (!place) {
    return;
  }
  place.replaceChildren(...found.map((each) => {
    const said = document.createElement("span");
    said.append(line("strong", each.what), ` ${each.meaning} ${each.remedy}`);
    return said;
  }));
  place.hidden = !found.length;
}

// ---------------------------------------------------------------- the sheet
async function pane(sheet, row = null, focus = "") {
  await flush();
  const at = row === null ? "" : `&row=${row}`;
  const { ok, said } = await ask(`${here}/pane?sheet=${encodeURIComponent(sheet)}${at}`);
  if (!ok) {
    tell(said.message, said.listed);
    return;
  }
  find("#sheet").innerHTML = said;
  column = "";
  show();
  const target = focus === "line" ? find("[aria-expanded='true'], .line") : focus === "tab" ? find("[aria-current]") : focus ? find("[data-cell]") : null;
  target?.focus({ preventScroll: true });
  if (focus === "cell") {
    find("li.open")?.scrollIntoView({ block: "start" });
  }
}

const current = () => {
  const { sheet, row } = find("#sheet .rows").dataset;
  return { sheet, row: row === "" ? null : Number(row) };
};

let pending = null;
let timer = 0;

function typed(cell) {
  const { sheet, row } = current();
  const name = cell.dataset.cell;
  if (pending && (pending.sheet !== sheet || pending.row !== row)) {
    flush();
  }
  pending = pending || { sheet, row, cells: {} };
  pending.cells[name] = cell.value;
  clearTimeout(timer);
  timer = setTimeout(flush, cell.tagName === "SELECT" ? 0 : 120);
}

async function flush() {
  clearTimeout(timer);
  if (!pending) {
    return waiting;
  }
  const { sheet, row, cells } = pending;
  pending = null;
  const said = await edit("cells", { sheet, row, cells });
  if (said) {
    renamed(said);
  }
  return said;
}

function renamed(said) {
  const at = find(`[data-line="${said.row}"]`);
  if (at && said.sheet === current().sheet) {
    find(".name", at).textContent = said.named.name;
    find(".value", at).textContent = said.named.value;
  }
}

function put(cells) {
  for (const [name, text] of Object.entries(cells)) {
    const cell = find(`[data-cell="${CSS.escape(name)}"]`);
    if (cell && cell.value !== text) {
      cell.value = text;
      cell.classList.remove("taken");
      void cell.offsetWidth;
      cell.classList.add("taken");
    }
  }
}

// ---------------------------------------------------------------- the paper
async function take(number, event) {
  const { sheet, row } = current();
  const proposal = number.dataset.proposal;
  // What is only waiting to be assigned goes into a row that is open; a proposal never does so.
  const opens = number.matches(".proposal, .accepted") || row === null || sheet === "proposals";
  if (proposal !== undefined && opens && !event.shiftKey) {
    await pane("proposals", Number(proposal), "cell");
    return;
  }
  if (row === null) {
    tell("Open or add a row first: the number goes into it, with its place.");
    return;
  }
  await flush();
  const said = await edit("take", { sheet, row, column, number: number.dataset.number });
  if (said) {
    put(said.cells);
    renamed(said);
  }
}

function roam(number) {
  for (const each of all("#paper .number[tabindex='0']")) {
    each.tabIndex = -1;
  }
  if (number) {
    number.tabIndex = 0;
  }
  return number;
}

async function paper() {
  const { ok, said } = await ask(`${here}/paper`);
  if (ok) {
    const at = find("#text")?.scrollTop || 0;
    find("#paper").innerHTML = said;
    roam(find("#text .number[data-number]"));
    if (find("#text")) {
      find("#text").scrollTop = at;
    }
  }
}

async function lay(file, place) {
  await flush();
  state(`Reading ${file.name}`);
  const said = await inTurn(async () => took(await ask(`${here}/${place}/file?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file, headers: { "x-desk": "1", "content-type": "application/octet-stream" } })));
  if (!said) {
    return;
  }
  if (place === "paper") {
    await paper();
    tell(said.proposals ? `${said.proposals} proposals are waiting: compare each with the paper, then accept it.` : "Nothing in it is proposed by itself: open a row and choose numbers in the paper.");
    await pane(said.proposals ? "proposals" : "series", null, "tab");
  } else {
    tell(said.differences ? `The two differ in ${said.differences} places: decide each on the sheet to decide.` : "The two say the same.");
    await pane(said.differences ? "to decide" : "series", null, "tab");
  }
}

// ---------------------------------------------------------------- the answers
let soon = 0;
let drawing = false;
let again = false;
let drawn = "";

function later(pause = 700) {
  if (find("#answers")) {
    clearTimeout(soon);
    soon = setTimeout(answers, pause);
  }
}

// One at a time: what changes meanwhile is drawn when this is done.
async function answers() {
  const at = find("#answers");
  const wanted = `${version} ${answer}`;
  if (drawing || wanted === drawn) {
    again = drawing;
    return;
  }
  drawing = true;
  at.setAttribute("aria-busy", "true");
  const { ok, said } = await ask(`${here}/preview?answer=${encodeURIComponent(answer)}`);
  drawing = false;
  drawn = wanted;
  if (again) {
    again = false;
    later(0);
  } else {
    at.setAttribute("aria-busy", "false");
  }
  const held = document.activeElement?.id === "answer";
  if (ok) {
    at.innerHTML = said;
  } else {
    at.replaceChildren(line("p", said.message || "The answers cannot be computed.", "quiet"));
  }
  if (held) {
    find("#answer")?.focus();
  }
}

// ---------------------------------------------------------------- record, undo, together
async function record() {
  await flush();
  state("Checking and recording");
  const said = await inTurn(async () => took(await post(`${here}/save`, { version })));
  if (said) {
    tell(said.recorded.length ? "Recorded:" : "There is nothing to record: the review says the same.", said.recorded);
    const { sheet, row } = current();
    await pane(sheet, row);
    await paper();
  }
}

async function undo() {
  await flush();
  const { sheet, row } = current();
  if (await edit("undo")) {
    await pane(sheet, row);
  }
}

// The next problem after the row that is open, from the first again after the last.
async function mend() {
  await flush();
  const at = current();
  const place = problems.findIndex((each) => each.sheet === at.sheet && each.row === at.row);
  const after = problems.slice(place + 1).find((each) => each.sheet !== at.sheet || each.row !== at.row);
  const wanted = after || problems[0];
  if (wanted?.sheet) {
    await pane(wanted.sheet, wanted.row, "cell");
    find(`[data-cell="${CSS.escape(wanted.columns[0] || "")}"]`)?.focus();
  }
}

async function together() {
  const said = await inTurn(async () => took(await post(`${here}/merge`, { version })));
  if (said) {
    tell(said.merged.length ? "Both are together now. Look at these:" : "Both are together now; no cell was changed by both.", said.merged);
    await pane(current().sheet, current().row);
  }
}

async function accept(rows, name) {
  await flush();
  const said = await edit("accept", { rows, name });
  if (said) {
    await pane("proposals", null, "tab");
    await paper();
  }
}

// ---------------------------------------------------------------- what people do
const does = {
  async tab({ tab }) { await pane(tab, null, "tab"); },
  async open({ open }, at) {
    await pane(current().sheet, at.getAttribute("aria-expanded") === "true" ? null : Number(open), "cell");
  },
  async add({ add, rows }) {
    await flush();
    const said = await edit("add", { sheet: add, ...(rows ? { rows: JSON.parse(rows) } : {}) });
    if (said) {
      await pane(add, said.row, "cell");
    }
  },
  async remove({ remove }) {
    await flush();
    if (await edit("remove", { sheet: current().sheet, row: Number(remove) })) {
      tell("The row is removed; Undo brings it back.");
      await pane(current().sheet, null, "tab");
    }
  },
  async accept({ accept: row }) {
    await accept([Number(row)], find("#person").value);
  },
  async close() { await pane(current().sheet, null, "line"); },
  merge: together,
  load: () => location.reload(),
  hush: () => tell(""),
};

document.addEventListener("click", (event) => {
  const number = event.target.closest(".text .number[data-number]");
  if (number) {
    roam(number);
    take(number, event);
    return;
  }
  const at = event.target.closest("button");
  const action = at && Object.keys(does).find((name) => name in at.dataset);
  if (action) {
    does[action](at.dataset, at);
  } else if (at?.id === "save") {
    record();
  } else if (at?.id === "undo") {
    undo();
  } else if (at?.id === "next") {
    mend();
  }
});

document.addEventListener("input", ({ target }) => {
  if (target.dataset.cell) {
    typed(target);
  }
});

document.addEventListener("change", ({ target }) => {
  if (target.id === "paperfile" || target.id === "workbook") {
    if (target.files.length) {
      lay(target.files[0], target.id === "workbook" ? "workbook" : "paper");
    }
  } else if (target.id === "jump") {
    find(`#${target.value}`)?.scrollIntoView({ block: "start" });
  } else if (target.id === "answer") {
    answer = target.value;
    later(0);
  }
});

document.addEventListener("focusin", ({ target }) => {
  if (target.dataset?.cell) {
    column = target.dataset.cell;
  }
});

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if ("acceptAll" in form.dataset) {
    accept("all", find("#person").value);
  } else if (form.dataset.form) {
    const place = body.dataset.review ? `${body.dataset.review}/${form.dataset.form}` : form.dataset.form;
    const words = Object.fromEntries(new FormData(form));
    const { ok, said } = await post(place, words);
    if (ok && said.diff) {
      showChange(place, { ...words, shown: said.shown }, said.diff);
    } else if (ok) {
      location.assign(body.dataset.root + said.to);
    } else {
      tell(said.message, said.listed);
    }
  }
});

// A change of the protocol is seen before it is written.
function showChange(place, words, diff) {
  const write = line("button", "Write it into review.toml", "primary");
  write.type = "button";
  write.addEventListener("click", async () => {
    const { ok, said } = await post(place, words);
    if (ok) {
      location.assign(body.dataset.root + said.to);
    } else {
      tell(said.message, said.listed);
    }
  });
  find("#said").replaceChildren(line("p", "This is what would change:"), line("pre", diff.join("\n"), "change"), write);
  write.focus();
}

function step(from, by) {
  const every = all(".text .number[data-number]");
  roam(every[Math.min(Math.max(every.indexOf(from) + by, 0), every.length - 1)])?.focus();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "s" && find("#save")) {
    event.preventDefault();
    record();
  } else if (key === "F6") {
    event.preventDefault();
    const stops = [find("#text .number[tabindex='0']"), find("#sheet [data-cell], #sheet .line, #sheet [data-tab]"), find("#answer")].filter(Boolean);
    const at = stops.findIndex((each) => each.closest("section").contains(target));
    stops[(at + 1) % stops.length]?.focus();
  } else if (target.matches?.(".text .number[data-number]")) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 20, PageUp: -20 }[key];
    if (by) {
      event.preventDefault();
      step(target, by);
    } else if (key === "Enter" || key === " ") {
      event.preventDefault();
      take(target, event);
    } else if (key === "Escape") {
      (find(`[data-cell="${CSS.escape(column)}"]`) || find("#sheet [data-cell], #sheet .line"))?.focus();
    }
  } else if (key === "Enter" && target.dataset?.cell) {
    // A cell is one line: Enter goes to the next one.
    event.preventDefault();
    const every = all("[data-cell], [data-row-form] .actions button");
    every[every.indexOf(target) + 1]?.focus();
  }
});

document.addEventListener("dragover", (event) => {
  if (find("#paper") && event.dataTransfer.types.includes("Files")) {
    event.preventDefault();
  }
});
document.addEventListener("drop", (event) => {
  if (find("#paper") && event.dataTransfer.files.length) {
    event.preventDefault();
    lay(event.dataTransfer.files[0], "paper");
  }
});

find("#history")?.addEventListener("toggle", async () => {
  const { ok, said } = await ask(`${here}/history`);
  find("#commits").innerHTML = ok ? said : "";
}, { once: true });

// Nothing that was typed may be lost on the way out.
addEventListener("pagehide", () => {
  if (pending) {
    const { sheet, row, cells } = pending;
    fetch(`${here}/edit`, { method: "POST", keepalive: true, body: JSON.stringify({ action: "cells", version, sheet, row, cells }) });
  }
});

if (find("#sheet")) {
  problems = JSON.parse(find("#problems").textContent);
  roam(find("#text .number[data-number]"));
  show();
  later(0);
}
