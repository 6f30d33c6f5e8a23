// Tables that sort by a click on a column's name.

const FIRST_ROWS = 100;

// columns: {name, value(row), show(row), num, class}
function sortableTable(parent, columns, rows, options = {}) {
  const scroll = el("div", "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  // Several tables of a page have the same columns: the heading of their card tells them apart.
  const heading = parent.querySelector("h2").textContent;
  scroll.setAttribute("aria-label", heading + ": " + columns.map((column) => column.name).join(", "));
  const table = el("table");
  const head = el("tr");
  const body = el("tbody");
  const state = { column: options.sorted ?? null, descending: options.sorted !== undefined, text: "", all: false };
  columns.forEach((column, i) => {
    const cell = el("th", column.num ? "num" : "");
    cell.scope = "col";
    const button = el("button", "", column.name);
    button.type = "button";
    button.addEventListener("click", () => {
      state.descending = state.column === i ? !state.descending : Boolean(column.num && options.largestFirst);
      state.column = i;
      fill();
    });
    cell.append(button);
    head.append(cell);
  });
  const thead = el("thead");
  thead.append(head);
  table.append(thead, body);
  scroll.append(table);
  const more = el("button", "more");
  more.type = "button";
  more.addEventListener("click", () => {
    state.all = true;
    fill();
  });
  if (options.search) parent.append(search(state, options.search, fill));
  parent.append(scroll, more);

  function chosenRows() {
    const text = state.text.toLowerCase();
    const found = text ? rows.filter((row) => options.search.text(row).toLowerCase().includes(text)) : [...rows];
    if (state.column === null) return found;
    const value = columns[state.column].value;
    const sign = state.descending ? -1 : 1;
    return found.sort((a, b) => sign * order(value(a), value(b)));
  }

  function fill() {
    const found = chosenRows();
    const shown = state.all ? found : found.slice(0, FIRST_ROWS);
    body.replaceChildren(...shown.map((row) => line(columns, row, options)));
    more.hidden = shown.length === found.length;
    more.textContent = "Show all " + found.length;
    [...head.children].forEach((cell, i) => {
      if (i === state.column) cell.setAttribute("aria-sort", state.descending ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
  }
  fill();
}

function line(columns, row, options) {
  const tr = el("tr", options.rowClass ? options.rowClass(row) : "");
  for (const column of columns) {
    const cell = el("td", (column.num ? "num " : "") + (column.class ? column.class(row) : ""));
    cell.textContent = column.show ? column.show(row) : column.value(row);
    tr.append(cell);
  }
  return tr;
}

function order(a, b) {
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
}

function search(state, options, fill) {
  const tools = el("div", "tools");
  const input = el("input");
  input.type = "search";
  input.placeholder = options.label;
  input.setAttribute("aria-label", options.label);
  input.addEventListener("input", () => {
    state.text = input.value;
    fill();
  });
  tools.append(input);
  return tools;
}
