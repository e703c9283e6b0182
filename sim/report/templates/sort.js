"use strict";
/* Sorts a table by the column whose button is pressed; a second press turns the order round. */
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const told = table.parentElement.parentElement.querySelector("[aria-live]");
  table.tHead.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const head = button.closest("th");
    const up = head.getAttribute("aria-sort") !== "ascending";
    const key = (row) => Number(row.cells[head.cellIndex].dataset.value);
    for (const each of table.tHead.querySelectorAll("th")) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    body.append(...[...body.rows].sort((a, b) => (up ? 1 : -1) * (key(a) - key(b))));
    told.textContent = `Sorted by ${button.title || button.textContent.trim()}, ${up ? "ascending" : "descending"}`;
  });
}
