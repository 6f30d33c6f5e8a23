// Charts of levels and of a run's memory, drawn by uPlot.

const charts = [];

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function chart(parent, height, options, data) {
  const box = el("div", "plot");
  parent.append(box);
  const draw = () => {
    box.replaceChildren();
    return new uPlot({ ...options(), width: Math.max(200, box.clientWidth), height }, data, box);
  };
  const entry = { box, height, draw, plot: draw() };
  charts.push(entry);
  return entry;
}

function redraw() {
  for (const entry of charts) {
    entry.plot.destroy();
    entry.plot = entry.draw();
  }
}

function axis(values, more = {}) {
  return {
    stroke: color("--soft"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
    gap: 6,
    values,
    ...more,
  };
}

function mib(value) {
  if (value === 0) return "0";
  if (value < 9.95) return value.toFixed(1) + " MiB";
  return value >= 1024 ? (value / 1024).toFixed(value >= 10240 ? 0 : 1) + " GiB" : Math.round(value) + " MiB";
}

function seconds(value) {
  if (value >= 60) {
    return Math.floor(value / 60) + ":" + String(Math.round(value % 60)).padStart(2, "0") + " min";
  }
  return value.toFixed(value < 10 ? 2 : 1) + " s";
}

function axisSeconds(value) {
  return value >= 60 ? seconds(value) : Number(value.toFixed(2)) + " s";
}

// How high a chart reaches. A budget far above would press the figures flat: it is drawn at the top.
function scale(seen, load) {
  const far = load > seen * 4;
  return { far, top: far ? seen * 1.25 : Math.max(seen, load) };
}

// A line through `values` over the levels of a suite, with a point for each level and marks for
// single runs; levels that failed are hollow and red, the chosen one is ringed.
function levelChart(parent, levels, values, single, show, load) {
  const at = levels.map((_, i) => i);
  const stable = levels.map((level, i) => (level.stable ? values[i] : null));
  const seen = Math.max(...values.filter((v) => v !== null), ...single.flat(), 0) || 1;
  const { far, top } = scale(seen, load ?? 0);
  chart(parent, 240, () => ({
    legend: { show: false },
    cursor: { y: false, points: { show: false } },
    padding: [16, 14, 0, 0],
    scales: { x: { time: false, range: [-0.4, levels.length - 0.6] }, y: { range: [0, top * 1.12] } },
    axes: [
      axis((_, splits) => splits.map((i) => (Number.isInteger(i) && levels[i] ? levels[i].workers : "")), {
        grid: { show: false }, splits: () => at, size: 30, gap: 8, label: "workers", labelSize: 16, labelGap: 0, labelFont: "12px system-ui, sans-serif",
      }),
      axis((_, splits) => splits.map(show === seconds ? axisSeconds : show), { size: 66 }),
    ],
    series: [{}, { stroke: color("--sea"), width: 2.5, spanGaps: false, points: { show: false } }],
    hooks: {
      draw: [
        (u) => {
          if (load !== null) loadLine(u, load, far ? top : load);
          marks(u, levels, values, single);
        },
      ],
      setCursor: [(u) => levelTip(u, levels, values, show)],
    },
  }), [at, stable]);
}

function marks(u, levels, values, single) {
  const ctx = u.ctx;
  const unit = devicePixelRatio;
  const paper = color("--card");
  ctx.save();
  levels.forEach((level, i) => {
    const x = u.valToPos(i, "x", true);
    ctx.lineWidth = 1.5 * unit;
    for (const value of single[i]) {
      ctx.fillStyle = color("--faint");
      dot(ctx, x, u.valToPos(value, "y", true), 2.2 * unit);
      ctx.fill();
    }
    if (values[i] === null) return;
    const y = u.valToPos(values[i], "y", true);
    const shade = level.stable ? color("--sea") : color("--hull");
    if (level.chosen) {
      ctx.strokeStyle = shade;
      dot(ctx, x, y, 9.5 * unit);
      ctx.stroke();
    }
    ctx.fillStyle = level.stable ? shade : paper;
    ctx.strokeStyle = level.stable ? paper : shade;
    ctx.lineWidth = 2 * unit;
    dot(ctx, x, y, 5 * unit);
    ctx.fill();
    ctx.stroke();
  });
  ctx.restore();
}

function dot(ctx, x, y, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
}

// The budget, drawn as the mark on a ship's side: a line with a ring on it.
function loadLine(u, load, at) {
  const ctx = u.ctx;
  const unit = devicePixelRatio;
  const y = u.valToPos(at, "y", true);
  const left = u.bbox.left;
  const right = left + u.bbox.width;
  ctx.save();
  ctx.strokeStyle = color("--brass");
  ctx.fillStyle = color("--brass");
  ctx.lineWidth = 2 * unit;
  ctx.beginPath();
  if (at < load) ctx.setLineDash([6 * unit, 5 * unit]);
  ctx.moveTo(left, y);
  ctx.lineTo(right, y);
  ctx.stroke();
  ctx.setLineDash([]);
  dot(ctx, right - 14 * unit, y, 6 * unit);
  ctx.stroke();
  ctx.font = 11.5 * unit + "px system-ui, sans-serif";
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  ctx.fillText((at < load ? "budget, far above: " : "budget: ") + mib(load), left + 6 * unit, y - 3 * unit);
  ctx.restore();
}

function levelTip(u, levels, values, show) {
  const i = u.cursor.idx;
  const level = i === null || i === undefined ? null : levels[i];
  if (!level || u.cursor.left < 0 || values[i] === null) return tip(null);
  const box = u.over.getBoundingClientRect();
  const text = level.workers + (level.workers === 1 ? " worker: " : " workers: ") + show(values[i]);
  tip(text + (level.verdict ? " \u2013 " + level.verdict : ""), box.left + u.cursor.left, box.top);
}

// Memory of a run over time: used, and the budget as it moved.
function memoryChart(parent, points) {
  const columns = [0, 1, 2].map((column) => points.map((point) => point[column]));
  const lowest = Math.min(...columns[2]);
  const seen = Math.max(...columns[1], 1);
  const { far } = scale(seen, lowest);
  const { top } = scale(seen, far ? lowest : Math.max(...columns[2]));
  chart(parent, 220, () => ({
    legend: { show: false },
    cursor: { y: false, points: { size: 8 } },
    padding: [14, 14, 0, 0],
    scales: { x: { time: false }, y: { range: [0, top * 1.1] } },
    axes: [
      axis((_, splits) => splits.map((s) => (s >= 60 ? (s / 60).toFixed(s % 60 ? 1 : 0) + " min" : s + " s")), { grid: { show: false } }),
      axis((_, splits) => splits.map(mib), { size: 66 }),
    ],
    series: [
      {},
      { stroke: color("--sea"), width: 2, fill: color("--sea-wash"), points: { show: false } },
      { stroke: color("--brass"), width: 2, points: { show: false }, show: !far },
    ],
    hooks: {
      draw: [(u) => workerStack(u, points), (u) => far && loadLine(u, lowest, top)],
      setCursor: [
        (u) => {
          const i = u.cursor.idx;
          if (i === null || i === undefined || u.cursor.left < 0) return tip(null);
          const box = u.over.getBoundingClientRect();
          const held = Object.entries(points[i][3] ?? {}).map(([worker, size]) => "\n" + worker + " " + mib(size));
          const text = seconds(columns[0][i]) + ": " + mib(columns[1][i]) + " of " + mib(columns[2][i]) + held.join("");
          tip(text, box.left + u.cursor.left, box.top);
        },
      ],
    },
  }), columns);
}

// What each worker held, one on the other: thin lines below the run's own.
function workerStack(u, points) {
  const workers = [...new Set(points.flatMap((point) => Object.keys(point[3] ?? {})))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const ctx = u.ctx;
  ctx.save();
  ctx.strokeStyle = color("--faint");
  ctx.lineWidth = devicePixelRatio;
  const sums = points.map(() => 0);
  for (const worker of workers) {
    ctx.beginPath();
    points.forEach((point, i) => {
      sums[i] += point[3]?.[worker] ?? 0;
      const x = u.valToPos(point[0], "x", true);
      const y = u.valToPos(sums[i], "y", true);
      if (i === 0) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    });
    ctx.stroke();
  }
  ctx.restore();
}
