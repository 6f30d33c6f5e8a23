// Builds the page from the data inside it. Data only ever becomes text, never markup.

function el(name, classes = "", text = "") {
  const node = document.createElement(name);
  if (classes) node.className = classes;
  if (text) node.textContent = text;
  return node;
}

// A paragraph in which what stands between backticks is code.
function prose(classes, text) {
  const node = el("p", classes);
  text.split("`").forEach((part, i) => node.append(i % 2 === 1 ? el("code", "", part) : part));
  return node;
}

function tip(text, x = 0, y = 0) {
  const box = document.getElementById("tip");
  box.hidden = !text;
  if (!text) return;
  box.style.whiteSpace = "pre-line";
  box.textContent = text;
  const wide = box.offsetWidth;
  box.style.left = Math.max(8, Math.min(x - wide / 2, innerWidth - wide - 8)) + "px";
  box.style.top = Math.max(8, y - box.offsetHeight - 12) + "px";
}

function legend(parent, entries) {
  const box = el("div", "legend");
  for (const [shade, text, rule] of entries) {
    const entry = el("span");
    const mark = el("i", rule ? "rule" : "");
    mark.style.background = "var(" + shade + ")";
    entry.append(mark, text);
    box.append(entry);
  }
  parent.append(box);
}

function section(id, title) {
  const card = el("section", "card");
  card.id = id;
  const link = el("a", "", title);
  link.href = "#" + id;
  document.getElementById("contents").append(link);
  document.getElementById("main").append(card);
  return [card, link];
}

function suiteCard(suite, i) {
  const [card, link] = section("suite-" + i, suite.name);
  link.append(el("b", "", suite.chosen === null ? "none" : String(suite.chosen)));
  const head = el("div", "head");
  const badge = el("div", suite.chosen === null ? "badge none" : "badge");
  badge.append(el("b", "", suite.chosen === null ? "\u2013" : String(suite.chosen)));
  badge.append(el("span", "", suite.chosen === null ? "no level" : suite.chosen === 1 ? "worker" : "workers"));
  const words = el("div");
  words.append(el("h2", "", suite.name), el("p", "why", suite.reason));
  head.append(badge, words);
  card.append(head);
  suiteCharts(card, suite);
  for (const failure of suite.failures) failureNote(card, failure);
  for (const text of suite.notes) card.append(prose("note", text));
  levelTable(card, suite.levels);
  const end = suite.end ? "Ended because " + suite.end + ". " : "";
  card.append(prose("why", end + suite.measured));
}

function suiteCharts(card, suite) {
  const tried = suite.levels.filter((level) => level.runs > 0);
  const grid = el("div", "grid");
  card.append(grid);
  const time = el("div", "chart");
  grid.append(time);
  time.append(el("h3", "", "Time against workers"));
  levelChart(time, tried, tried.map((l) => l.median), tried.map((l) => l.times), seconds, null);
  const keys = [["--sea", "median of a stable level"], ["--faint", "single runs"]];
  if (tried.some((level) => !level.stable)) keys.push(["--hull", "level that failed"]);
  legend(time, keys);
  const memory = el("div", "chart");
  grid.append(memory);
  memory.append(el("h3", "", "Memory against workers"));
  if (tried.some((level) => level.peak !== null)) {
    levelChart(memory, tried, tried.map((l) => l.peak), tried.map(() => []), mib, suite.budget);
    legend(memory, [["--sea", "peak of the run"], ...(suite.budget === null ? [] : [["--brass", "budget: the load line", true]])]);
  } else {
    levelChart(memory, tried, tried.map((l) => l.swap), tried.map(() => []), mib, null);
    legend(memory, [["--sea", "swap in use after the run"]]);
  }
}

function failureNote(card, failure) {
  const note = el("div", "note bad");
  note.append(el("p", "", failure.finding + "."));
  if (failure.beside.length > 0) {
    note.append(el("p", "soft", "At the same time ran:"));
    const list = el("ul");
    failure.beside.slice(0, 6).forEach((test) => list.append(el("li", "", test)));
    note.append(list);
  }
  note.append(prose("soft", failure.remedy + "."));
  card.append(note);
}

function figure(value, show) {
  return value === null || value === undefined ? "" : show(value);
}

function levelTable(card, levels) {
  const ram = (level) => (level.after === null ? "" : [level.after.used, level.after.free, level.after.buff, level.after.available].join(" / "));
  const columns = [
    { name: "workers", num: true, value: (l) => l.workers },
    { name: "outcome", value: (l) => l.outcome, class: (l) => "text" + (l.runs === 0 ? " faint" : l.stable ? "" : " bad") },
    { name: "runs", num: true, value: (l) => l.runs, show: (l) => l.runs || "" },
    { name: "time", num: true, value: (l) => l.median, show: (l) => (l.runs ? seconds(l.median) : "") },
    { name: "spread", num: true, value: (l) => l.spread, show: (l) => (l.runs > 1 ? (l.spread * 100).toFixed(1) + " %" : "") },
    { name: "peak", num: true, value: (l) => l.peak ?? -1, show: (l) => figure(l.peak, mib) },
    { name: "RAM after, MiB: used / free / buff / avail", num: true, value: (l) => l.after?.used ?? -1, show: ram },
    { name: "swap", num: true, value: (l) => l.swap ?? -1, show: (l) => figure(l.swap, mib) },
    { name: "verdict", value: (l) => l.verdict, class: () => "text" },
  ];
  sortableTable(card, columns, levels, { rowClass: (level) => (level.chosen ? "chosen" : "") });
}

function tile(parent, value, label) {
  const box = el("div", "tile");
  box.append(el("b", "", value), el("span", "", label));
  parent.append(box);
}

function stageTable(card, stages) {
  card.append(el("h3", "", "Stages"));
  const bad = (s) => s.ending.startsWith("failed");
  const columns = [
    { name: "stage", value: (s) => s.name },
    { name: "outcome", value: (s) => s.ending, class: (s) => "text" + (bad(s) ? " bad" : "") },
    { name: "workers", num: true, value: (s) => s.workers, show: (s) => s.workers || "" },
    { name: "time", num: true, value: (s) => s.seconds, show: (s) => (s.seconds ? seconds(s.seconds) : "") },
    { name: "peak", num: true, value: (s) => s.peak ?? -1, show: (s) => figure(s.peak, mib) },
  ];
  sortableTable(card, columns, stages);
}

function build(data) {
  document.getElementById("title").textContent = data.title;
  document.getElementById("subtitle").textContent = data.subtitle;
  document.getElementById("footer").textContent = data.footer;
  document.title = data.title;
  data.suites.forEach(suiteCard);
  data.runs.forEach(runCard);
  const again = () => {
    redraw();
    lanes.forEach(drawLanes);
  };
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) again();
    width = innerWidth;
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
}

build(JSON.parse(document.getElementById("data").textContent));
