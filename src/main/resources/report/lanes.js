// Who ran what when: one lane for each worker, one bar for each test.

const LANE = 24;
const LEFT = 46;
const FOOT = 22;
const DRAG = 6;
const lanes = [];

function outcomeColor(outcome) {
  if (outcome === "died") return color("--brass");
  if (["failed", "error", "crashed"].includes(outcome)) return color("--hull");
  return ["skipped", "xfailed", "not run"].includes(outcome) ? color("--skip") : color("--sea");
}

function laneChart(parent, tests, deaths, total, open) {
  const tried = tests.filter((test) => test.worker !== "");
  const byId = new Map(tests.map((test) => [test.id, test]));
  const died = deaths.filter((death) => byId.has(death.test)).map((death) => ({ ...death, id: death.test, outcome: "died", whole: byId.get(death.test) }));
  const last = new Set(died.filter((death) => isRed(death.whole) && death.attempt === death.whole.attempts).map((death) => death.id));
  const ran = [...tried.filter((test) => !last.has(test.id)), ...died];
  const workers = [...new Set(ran.map((test) => test.worker))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const canvas = el("canvas", "lanes");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", tried.length + " tests on " + workers.length + " workers over " + seconds(total));
  parent.append(canvas);
  const view = { canvas, ran, workers, total: total || 1, from: 0, to: total || 1, pressed: null };
  lanes.push(view);
  zoomTools(parent, view);
  drawLanes(view);
  canvas.addEventListener("pointermove", (event) => laneTip(view, event));
  canvas.addEventListener("pointerdown", (event) => (view.pressed = event.offsetX));
  canvas.addEventListener("click", (event) => {
    const pressed = view.pressed ?? event.offsetX;
    view.pressed = null;
    if (Math.abs(event.offsetX - pressed) > DRAG) {
      const ends = [timeAt(view, pressed), timeAt(view, event.offsetX)].sort((a, b) => a - b);
      return zoom(view, ...ends);
    }
    const found = under(view, event);
    if (found) open(found.whole ?? found);
  });
  canvas.addEventListener("dblclick", () => zoom(view, 0, view.total));
  canvas.addEventListener("pointerleave", () => {
    view.pressed = null;
    tip(null);
  });
}

function zoomTools(parent, view) {
  const tools = parent.appendChild(el("div", "zoom"));
  const tool = (words, from, to) => {
    const button = tools.appendChild(el("button", "", words));
    button.type = "button";
    button.addEventListener("click", () => {
      const wide = view.to - view.from;
      zoom(view, view.from + wide * from, view.to + wide * to);
    });
  };
  tool("Zoom in", 0.25, -0.25);
  tool("Zoom out", -0.5, 0.5);
  tool("Earlier", -0.5, -0.5);
  tool("Later", 0.5, 0.5);
  tools.append(el("span", "soft", "or drag over the part to look at; a double click shows all"));
}

// Show the time between two moments, at the least a thousandth of the run; shifted where it would leave the run.
function zoom(view, from, to) {
  const wide = Math.min(view.total, Math.max(to - from, view.total / 1000));
  view.from = Math.min(Math.max(0, from), view.total - wide);
  view.to = view.from + wide;
  drawLanes(view);
}

function timeAt(view, x) {
  return view.from + ((x - LEFT) * (view.to - view.from)) / (view.canvas.clientWidth - LEFT);
}

function drawLanes(view) {
  const { canvas, ran, workers, from, to } = view;
  const unit = devicePixelRatio;
  const width = canvas.parentElement.clientWidth;
  const height = workers.length * LANE + FOOT;
  canvas.style.height = height + "px";
  canvas.width = Math.round(width * unit);
  canvas.height = Math.round(height * unit);
  const ctx = canvas.getContext("2d");
  ctx.scale(unit, unit);
  ctx.font = "12px system-ui, sans-serif";
  ctx.textBaseline = "middle";
  workers.forEach((worker, i) => {
    ctx.fillStyle = color("--sea-wash");
    ctx.fillRect(LEFT, i * LANE + 3, width - LEFT, LANE - 6);
    ctx.fillStyle = color("--soft");
    ctx.fillText(worker, 0, i * LANE + LANE / 2, LEFT - 6);
  });
  const lane = new Map(workers.map((worker, i) => [worker, i * LANE + 3]));
  for (const test of ran) {
    const [x, wide] = span(view, test, width);
    if (x + wide < LEFT || x > width) continue;
    const left = Math.max(LEFT, x);
    ctx.fillStyle = outcomeColor(test.outcome);
    ctx.fillRect(left, lane.get(test.worker), Math.max(1, x + wide - left - (wide > 3 ? 1 : 0)), LANE - 6);
  }
  ctx.fillStyle = color("--soft");
  const step = niceStep(to - from, (width - LEFT) / 90);
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const x = LEFT + ((width - LEFT) * (at - from)) / (to - from);
    ctx.textAlign = x < LEFT + 24 ? "left" : x > width - 24 ? "right" : "center";
    ctx.fillText(axisSeconds(at), x, height - FOOT / 2);
  }
}

// The smallest of 1, 2, 5, 10, 15, 30, 60 ... that gives at most `most` steps.
function niceStep(total, most) {
  const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600];
  return steps.find((step) => total / step <= most) ?? total;
}

function span(view, test, width) {
  const scale = (width - LEFT) / (view.to - view.from);
  return [LEFT + (test.start - view.from) * scale, test.seconds * scale];
}

function under(view, event) {
  const box = view.canvas.getBoundingClientRect();
  const worker = view.workers[Math.floor((event.clientY - box.top) / LANE)];
  const at = event.clientX - box.left;
  let best = null;
  let nearest = 6;
  for (const test of view.ran) {
    if (test.worker !== worker) continue;
    const [x, wide] = span(view, test, box.width);
    const away = Math.max(x - at, at - x - wide, 0);
    if (away < nearest) {
      nearest = away;
      best = test;
    }
  }
  return best;
}

function laneTip(view, event) {
  const best = under(view, event);
  if (!best) return tip(null);
  const what = best.outcome === "died" ? "attempt " + best.attempt + ": " + best.why : best.outcome;
  tip(best.id + "\n" + what + ", " + seconds(best.seconds) + (best.peak ? ", " + mib(best.peak) : ""), event.clientX, event.clientY);
}
