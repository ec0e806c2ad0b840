"use strict";
(() => {
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value);
  };
  // blanks come last whichever way is sorted
  const compare = (a, b, sign) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    return sign * (typeof a === "number" && typeof b === "number" ? Math.sign(a - b) || 0 : order.compare(a, b));
  };

  const sortable = (table) => {
    const body = table.tBodies[0];
    const asMade = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const next = { none: "ascending", ascending: "descending", descending: "none" };
    heads.forEach((head, column) => {
      const button = make("button", { type: "button", textContent: head.textContent });
      head.replaceChildren(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const way = next[head.getAttribute("aria-sort")];
        heads.forEach((other) => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", way);
        if (way === "none") return body.append(...asMade);
        const sign = way === "ascending" ? 1 : -1;
        const pooled = asMade.filter((row) => row.classList.contains("pooled"));
        const trials = asMade.filter((row) => !row.classList.contains("pooled"));
        trials.sort((a, b) => compare(valueOf(a, column), valueOf(b, column), sign));
        body.append(...trials, ...pooled);
      });
    });
  };

  const filterable = (table, number) => {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 4) return;
    const line = make("div", { className: "filter" });
    const label = make("label", { htmlFor: `filter-${number}`, textContent: "Filter rows" });
    const input = make("input", { type: "search", id: `filter-${number}`, autocomplete: "off" });
    input.setAttribute("aria-description", table.caption.textContent);
    const status = make("span", { className: "status" });
    status.setAttribute("role", "status");
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const text = [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
      const shown = rows.filter((row) => !row.hidden).length;
      status.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
    });
    line.append(label, input, status);
    table.parentElement.before(line);
  };

  const copyable = (box) => {
    const text = box.querySelector("pre");
    const button = make("button", { type: "button", textContent: box.dataset.copy });
    const status = make("span", { className: "status" });
    status.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        status.textContent = " Copied.";
      } catch {
        getSelection().selectAllChildren(text);
        status.textContent = " Selected: copy it by the keyboard.";
      }
    });
    text.before(button, status);
  };

  const tables = document.querySelectorAll("table.data");
  tables.forEach(sortable);
  tables.forEach(filterable);
  document.querySelectorAll("[data-copy]").forEach(copyable);
})();
