// A run: its first screen, what happened when, and every test.

const RED = ["failed", "error", "crashed"];

function isRed(test) {
  return RED.includes(test.outcome);
}

function runCard(run, i) {
  const name = "Run of " + run.start.slice(0, 16).replace("T", " ");
  const [card] = section("run-" + i, name);
  const red = run.tests.filter(isRed);
  card.append(el("h2", red.length > 0 || run.exitCode !== 0 ? "verdict bad" : "verdict good", run.verdict));
  card.append(el("p", "command", name + ": " + run.command));
  const tiles = el("div", "tiles");
  card.append(tiles);
  for (const [outcome, count] of Object.entries(run.counts)) if (count > 0) tile(tiles, count.toLocaleString("en"), outcome);
  tile(tiles, seconds(run.seconds), "time");
  const groups = Object.entries(run.workers);
  if (groups.length > 0) tile(tiles, groups.map(([, n]) => n).join(", "), "workers: " + groups.map(([group]) => group).join(", "));
  if (run.peak !== null) tile(tiles, mib(run.peak), "peak of " + mib(run.budget) + " budget (" + run.source + ")");
  const table = testTable(run, i);
  failedList(card, red, table);
  changeLists(card, run.changes, table);
  const costly = el("div", "grid");
  card.append(costly);
  const ran = run.tests.filter((test) => test.attempts > 0);
  costList(costly, "Slowest", ran, (test) => test.seconds, (test) => seconds(test.seconds), table);
  costList(costly, "Largest", ran.filter((test) => test.peak !== null), (test) => test.peak, peakText, table);
  if (run.more) card.append(prose("note", run.more));
  if (run.evidence.length > 0) {
    const note = card.appendChild(el("div", "note"));
    run.evidence.forEach((line) => note.append(el("p", "soft", line)));
  }
  if (run.stages.length > 0) stageTable(card, run.stages);
  if (run.kept.length > 0) {
    card.append(el("h3", "", "Kept for failures"));
    const list = card.appendChild(el("ul", "soft"));
    run.kept.forEach((file) => list.append(keptFile(file, run.media[file])));
  }
  if (run.tests.some((test) => test.worker !== "")) {
    card.append(el("h3", "", "Who ran what when"));
    laneChart(card.appendChild(el("div", "chart")), run.tests, run.deaths, run.seconds, table.open);
    legend(card, [["--sea", "passed"], ["--skip", "skipped"], ["--hull", "failed"], ["--brass", "attempt whose worker died"]]);
  }
  if (run.memory.length > 1) {
    const box = el("div", "chart");
    card.append(box);
    box.append(el("h3", "", "Memory over time"));
    memoryChart(box, run.memory);
    legend(box, [["--sea", "the run"], ["--faint", "its workers, one on the other"], ["--brass", "budget", true]]);
  }
  card.append(table.node);
  table.start();
}

function peakText(test) {
  if (test.peak === 0) return "< 0.1 MiB";
  return test.peak === null ? "-" : (test.bound ? "\u2265 " : "") + mib(test.peak);
}

function testButton(test, table) {
  const button = el("button", "test", test.id);
  button.type = "button";
  button.addEventListener("click", () => table.open(test));
  return button;
}

function listed(parent, tests, most, node) {
  const list = parent.appendChild(el("ul", "tests"));
  tests.slice(0, most).forEach((test) => list.append(node(test)));
  if (tests.length > most) list.append(el("li", "soft", "and " + (tests.length - most).toLocaleString("en") + " more"));
}

function failedList(card, red, table) {
  if (red.length === 0) return;
  card.append(el("h3", "", "What failed"));
  listed(card, red, 20, (test) => {
    const item = el("li");
    item.append(el("span", "mark-bad", test.outcome), " ", testButton(test, table), el("span", "cause", test.cause));
    return item;
  });
}

function changeLists(card, changes, table) {
  const kinds = [["failing", "newly failing"], ["fixed", "fixed"], ["slower", "slower"], ["larger", "larger"]].filter(([key]) => changes[key].length > 0);
  if (kinds.length === 0) return;
  card.append(el("h3", "", "Since the last run on this branch"));
  for (const [key, words] of kinds) {
    const box = card.appendChild(el("details"));
    box.append(el("summary", "", changes[key].length.toLocaleString("en") + " " + words));
    listed(box, changes[key], 50, (id) => {
      const item = el("li");
      item.append(testButton(table.find(id) ?? { id }, table));
      return item;
    });
  }
}

function costList(parent, title, tests, value, show, table) {
  if (tests.length === 0) return;
  const box = parent.appendChild(el("div"));
  box.append(el("h3", "", title));
  listed(box, [...tests].sort((a, b) => value(b) - value(a)).slice(0, 5), 5, (test) => {
    const item = el("li");
    item.append(el("span", "figure", show(test)), " ", testButton(test, table));
    return item;
  });
}

// Pictures and videos that are not too large travel in the page. Others open from where they lie, and a trace has its own viewer.
function keptFile(file, media) {
  const item = el("li");
  const link = el("a", "", file);
  link.href = file.split("/").map(encodeURIComponent).join("/");
  item.append(link);
  if (media && media.startsWith("data:video/")) {
    const video = el("video", "kept");
    video.controls = true;
    video.preload = "metadata";
    video.title = "video of a failure: " + file;
    video.src = media;
    item.append(video);
  } else if (media) {
    const image = el("img", "kept");
    image.loading = "lazy";
    image.alt = "screenshot of a failure: " + file;
    image.src = media;
    item.append(image);
  } else if (/trace.*\.zip$/i.test(file)) {
    item.append(" ", el("code", "", "npx playwright show-trace " + quoted(file)));
  }
  return item;
}

// ---- one test, opened

function testDetail(run, test) {
  const box = el("div", "detail");
  const facts = el("dl");
  const fact = (name, value) => value && facts.append(el("dt", "", name), el("dd", "", value));
  fact("outcome", test.outcome + (test.attempts > 1 ? " at attempt " + test.attempts : ""));
  fact("time", test.attempts > 0 ? seconds(test.seconds) : "- (it did not run)");
  fact("memory", test.peak === null ? "- (" + test.unmeasured + ")" : peakText(test) + (test.bound ? " (a lower bound)" : ""));
  fact("worker", test.worker);
  fact("group", test.group);
  box.append(facts);
  const deaths = run.deaths.filter((death) => death.test === test.id);
  if (deaths.length > 0) {
    box.append(el("h4", "", "Attempts"));
    const list = box.appendChild(el("ol", "attempts"));
    deaths.forEach((death) => list.append(el("li", "", "attempt " + death.attempt + " on " + death.worker + ", " + seconds(death.seconds) + ": " + death.why)));
    if (!isRed(test)) list.append(el("li", "", "attempt " + test.attempts + " on " + test.worker + ", " + seconds(test.seconds) + ": " + test.outcome));
  } else if (test.notes.length > 0) {
    const list = box.appendChild(el("ul", "attempts"));
    test.notes.forEach((text) => list.append(el("li", "", text)));
  }
  if (test.text) {
    box.append(el("h4", "", "Failure and captured output"));
    const pre = box.appendChild(el("pre"));
    pre.tabIndex = 0;
    pre.setAttribute("role", "region");
    pre.setAttribute("aria-label", "Failure of " + test.id);
    colour(pre, test.text);
  }
  if (test.history) historyChart(box, test.history);
  neighbours(box, run, test);
  // A test of a stage needs what its stage starts, and has no node id that pytest knows.
  const stage = run.stages.some((part) => part.name === test.group);
  const command = stage ? "plimsoll run --stage " + quoted(test.group) : "plimsoll run " + quoted(test.id);
  const line = box.appendChild(el("p", "alone"));
  line.append(el("code", "", command), " ");
  const copy = el("button", "more", stage ? "Copy the command that runs its stage" : "Copy the command that runs it alone");
  copy.type = "button";
  copy.addEventListener("click", () => {
    navigator.clipboard.writeText(command).then(() => (copy.textContent = "Copied"), () => getSelection().selectAllChildren(line.firstChild));
  });
  line.append(copy);
  return box;
}

function quoted(text) {
  return /^[\w./:=@%+-]+$/.test(text) ? text : "'" + text.replaceAll("'", "'\\''") + "'";
}

// Colours of the terminal (SGR), else those that pytest gives the lines of a failure.
function colour(pre, text) {
  const parts = text.split(/\u001b\[([\d;:]*)m/);
  if (parts.length === 1) {
    for (const line of text.split("\n")) pre.append(el("span", /^E( |$)/.test(line) ? "sgr-31" : /^>/.test(line) ? "sgr-1" : "", line), "\n");
    return;
  }
  let classes = new Set();
  parts.forEach((part, i) => {
    if (i % 2 === 0) return part && pre.append(el("span", [...classes].join(" "), part));
    for (const code of part.split(/[;:]/)) {
      if (code === "" || code === "0") classes = new Set();
      else if (code === "39") classes = new Set([...classes].filter((name) => name === "sgr-1"));
      else classes.add("sgr-" + (Number(code) >= 90 ? Number(code) - 60 : code));
    }
  });
}

function historyChart(box, history) {
  box.append(el("h4", "", "Its last " + history.length + (history.length === 1 ? " measurement" : " measurements") + " before this page, the newest on the right"));
  const rows = [...history].reverse();
  spark(box, "time", rows.map((row) => row[0]), seconds);
  const sized = rows.map((row) => row[1]).filter((value) => value !== null);
  if (sized.length > 0) spark(box, "memory", sized, mib);
}

function spark(parent, name, values, show) {
  const line = parent.appendChild(el("p", "spark"));
  const most = Math.max(...values, 1e-9);
  const bars = el("span", "bars");
  bars.setAttribute("role", "img");
  bars.setAttribute("aria-label", name + ": " + values.map(show).join(", "));
  values.forEach((value) => {
    const bar = el("i");
    bar.style.height = Math.max(6, (100 * value) / most) + "%";
    bars.append(bar);
  });
  line.append(el("span", "soft", name), bars, el("span", "soft", show(Math.min(...values)) + " to " + show(most)));
}

function neighbours(box, run, test) {
  if (!test.worker) return;
  const end = test.start + test.seconds;
  const beside = run.tests.filter((other) => other !== test && other.worker && other.worker !== test.worker && other.start < end && other.start + other.seconds > test.start);
  if (beside.length === 0) return;
  const more = box.appendChild(el("details"));
  more.append(el("summary", "", beside.length.toLocaleString("en") + " ran at the same time on other workers"));
  listed(more, beside, 50, (other) => el("li", "id", other.worker + "  " + other.id));
}

// ---- all tests

const FIRST_TESTS = 100;
const MORE_TESTS = 1000;

// Filters and order stand in the URL's fragment, `#run-0?q=text&sort=-time`, so that a view can be sent.
function testTable(run, number) {
  const node = el("div", "all");
  const byId = new Map(run.tests.map((test) => [test.id, test]));
  const columns = {
    test: (t) => t.id,
    outcome: (t) => t.outcome,
    time: (t) => (t.attempts > 0 ? t.seconds : -1),
    peak: (t) => t.peak ?? -1,
    group: (t) => t.group,
    worker: (t) => t.worker,
  };
  const state = { q: "", outcome: "", group: "", worker: "", time: "", mem: "", sort: "-time", open: "" };
  let limit = FIRST_TESTS;
  const fields = {};
  const tools = node.appendChild(el("form", "tools"));
  tools.setAttribute("role", "search");
  tools.addEventListener("submit", (event) => event.preventDefault());
  const field = (key, label, input) => {
    const wrap = el("label", "", label + " ");
    wrap.append(input);
    tools.append(wrap);
    fields[key] = input;
    input.addEventListener("input", () => {
      state[key] = input.value;
      limit = FIRST_TESTS;
      keep();
      fill();
    });
  };
  const text = el("input");
  text.type = "search";
  text.placeholder = "name, file or group";
  field("q", "Find", text);
  field("outcome", "Outcome", choice(["", "not green", ...new Set(run.tests.map((t) => t.outcome))]));
  field("group", "Group", choice(["", ...new Set(run.tests.map((t) => t.group).filter(Boolean))]));
  field("worker", "Worker", choice(["", ...new Set(run.tests.map((t) => t.worker).filter(Boolean))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }))));
  field("time", "At least (s)", amount());
  field("mem", "At least (MiB)", amount());
  const count = tools.appendChild(el("span", "soft"));
  count.setAttribute("role", "status");
  const scroll = node.appendChild(el("div", "scroll"));
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "Tests: " + run.verdict);
  const table = scroll.appendChild(el("table"));
  const head = table.appendChild(el("thead")).appendChild(el("tr"));
  const body = table.appendChild(el("tbody"));
  for (const name of Object.keys(columns)) {
    const cell = head.appendChild(el("th", name === "time" || name === "peak" ? "num" : ""));
    cell.scope = "col";
    const button = cell.appendChild(el("button", "", name));
    button.type = "button";
    button.addEventListener("click", () => {
      const up = state.sort === name ? "-" + name : state.sort === "-" + name ? name : (name === "time" || name === "peak" ? "-" : "") + name;
      state.sort = up;
      keep();
      fill();
    });
  }
  const more = node.appendChild(el("button", "more"));
  more.type = "button";
  more.addEventListener("click", () => {
    limit += MORE_TESTS;
    fill();
  });

  function keep() {
    const set = new URLSearchParams(Object.entries(state).filter(([key, value]) => value && !(key === "sort" && value === "-time")));
    history.replaceState(null, "", "#run-" + number + (set.size > 0 ? "?" + set : ""));
  }

  function chosen() {
    const words = state.q.toLowerCase();
    const time = Number(state.time) || 0;
    const mem = Number(state.mem) || 0;
    const found = run.tests.filter(
      (t) =>
        (!words || (t.id + " " + t.outcome + " " + t.group).toLowerCase().includes(words)) &&
        (!state.outcome || (state.outcome === "not green" ? isRed(t) || t.outcome === "not run" : t.outcome === state.outcome)) &&
        (!state.group || t.group === state.group) &&
        (!state.worker || t.worker === state.worker) &&
        (!time || t.seconds >= time) &&
        (!mem || (t.peak ?? -1) >= mem),
    );
    const name = state.sort.replace("-", "");
    const sign = state.sort.startsWith("-") ? -1 : 1;
    const value = columns[name] ?? columns.time;
    const compare = new Intl.Collator("en", { numeric: true }).compare;
    const numbers = name === "time" || name === "peak";
    return found.sort((a, b) => sign * (numbers ? value(a) - value(b) : compare(value(a), value(b))));
  }

  function fill() {
    const found = chosen();
    const shown = found.slice(0, limit);
    body.replaceChildren();
    for (const test of shown) {
      body.append(row(test));
      if (test.id === state.open) body.append(detailRow(test));
    }
    count.textContent = found.length.toLocaleString("en") + " of " + run.tests.length.toLocaleString("en") + " tests";
    more.hidden = shown.length === found.length;
    more.textContent = "Show " + Math.min(MORE_TESTS, found.length - shown.length).toLocaleString("en") + " more";
    [...head.children].forEach((cell, i) => {
      const name = Object.keys(columns)[i];
      if (state.sort.replace("-", "") === name) cell.setAttribute("aria-sort", state.sort.startsWith("-") ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
  }

  function row(test) {
    const style = isRed(test) ? "mark-bad" : test.outcome === "passed" || test.outcome === "xpassed" ? "mark-ok" : "mark-skip";
    const tr = el("tr");
    const id = tr.appendChild(el("td", "id"));
    const button = id.appendChild(el("button", "test", test.id));
    button.type = "button";
    button.setAttribute("aria-expanded", String(test.id === state.open));
    button.addEventListener("click", () => {
      state.open = state.open === test.id ? "" : test.id;
      keep();
      fill();
      [...body.querySelectorAll("button.test")].find((other) => other.textContent === test.id)?.focus();
    });
    tr.append(el("td", style, test.outcome));
    tr.append(el("td", "num", test.attempts > 0 ? seconds(test.seconds) : "-"));
    const peak = tr.appendChild(el("td", "num", peakText(test)));
    if (test.peak === null) peak.title = test.unmeasured;
    tr.append(el("td", "", test.group), el("td", "", test.worker || "-"));
    return tr;
  }

  function detailRow(test) {
    const tr = el("tr", "opened");
    const cell = tr.appendChild(el("td"));
    cell.colSpan = Object.keys(columns).length;
    cell.append(testDetail(run, test));
    return tr;
  }

  function open(test) {
    Object.assign(state, { q: "", outcome: "", group: "", worker: "", time: "", mem: "", open: test.id });
    Object.entries(fields).forEach(([key, input]) => (input.value = state[key]));
    const at = chosen().indexOf(test);
    limit = Math.max(limit, at + 1);
    keep();
    fill();
    body.querySelector("tr.opened")?.previousSibling.scrollIntoView({ block: "start" });
    body.querySelector("button[aria-expanded=true]")?.focus({ preventScroll: true });
  }

  function start() {
    const [place, query] = decodeURI(location.hash).split("?");
    if (place === "#run-" + number && query) {
      for (const [key, value] of new URLSearchParams(query)) if (key in state) state[key] = value;
      Object.entries(fields).forEach(([key, input]) => (input.value = state[key]));
    }
    const test = byId.get(state.open);
    if (test) limit = Math.max(limit, chosen().indexOf(test) + 1);
    fill();
    if (test) body.querySelector("tr.opened")?.previousSibling.scrollIntoView({ block: "start" });
  }

  return { node, open, start, find: (id) => byId.get(id) };
}

function choice(values) {
  const select = el("select");
  for (const value of values) {
    const option = el("option", "", value === "" ? "all" : value);
    option.value = value;
    select.append(option);
  }
  return select;
}

function amount() {
  const input = el("input");
  input.type = "number";
  input.min = "0";
  input.step = "any";
  return input;
}
