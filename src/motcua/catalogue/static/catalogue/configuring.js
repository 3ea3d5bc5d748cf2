/* The configuration grid by keyboard: arrows go from cell to cell, Enter edits in place, Escape leaves, Space ticks the row,
   Ctrl+D fills the cell down into the ticked rows (by way of the preview). Without this script every cell is a link to its form. */
(function () {
  "use strict";
  var grid = document.querySelector("[data-config-grid]");
  if (!grid) { return; }
  var form = grid.closest("form");
  var HEADERS = { "X-Requested-With": "motcua-grid" };
  var open = null;
  var waiting = [];

  function links(row) { return Array.from(row.querySelectorAll(".config-name a, .cell-link")); }
  function rows() { return Array.from(grid.querySelectorAll("[data-row]")); }
  function cellOf(element) { return element.closest && element.closest("td.cell, th.config-name"); }
  function place(cell) { return Array.from(cell.parentElement.children).indexOf(cell); }

  function focusAt(row, index) {
    var cell = row.children[index];
    var link = cell && cell.querySelector("a");
    if (!link) {
      link = links(row).reduce(function (best, other) {
        var far = Math.abs(place(cellOf(other)) - index);
        return !best || far < best.far ? { far: far, link: other } : best;
      }, null);
      link = link && link.link;
    }
    if (link) { link.focus(); link.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    return !!link;
  }

  function step(cell, key) {
    var row = cell.parentElement;
    if (key === "ArrowDown" || key === "ArrowUp") {
      var all = rows();
      var next = all[all.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
      return !!next && focusAt(next, place(cell));
    }
    var own = links(row);
    var at = own.findIndex(function (link) { return cellOf(link) === cell; });
    var other = own[at + (key === "ArrowRight" ? 1 : -1)];
    return !!other && focusAt(row, place(cellOf(other)));
  }

  document.addEventListener("keydown", function (event) {
    if (event.isComposing) { return; }
    if (open && open.contains(event.target)) { editing(event); return; }
    var cell = grid.contains(event.target) && cellOf(event.target);
    if (!cell || event.altKey || event.metaKey) { return; }
    if (event.ctrlKey) {
      if (event.key.toLowerCase() === "d" && cell.dataset.col) { event.preventDefault(); fillDown(cell); }
      return;
    }
    if (event.key.indexOf("Arrow") === 0) { if (step(cell, event.key)) { event.preventDefault(); } return; }
    if (event.key === " ") { event.preventDefault(); tick(cell.parentElement); return; }
    if (event.key === "Enter" && cell.dataset.col) { event.preventDefault(); event.stopPropagation(); edit(cell); }
  }, true);

  grid.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest(".cell-link");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) { return; }
    event.preventDefault();
    edit(cellOf(link));
  });

  function tick(row) {
    var box = row.querySelector("input[type=checkbox]");
    if (box) { box.click(); }
  }

  function fillDown(cell) {
    var row = cell.parentElement;
    if (!form.querySelector("input[name=dong]:checked")) {
      var all = rows();
      var below = all[all.indexOf(row) + 1];
      if (!below) { return; }
      tick(below);
    }
    form.querySelector("[data-source]").value = row.dataset.key;
    form.querySelector("select[name=cot]").value = cell.dataset.col;
    form.requestSubmit(form.querySelector("[data-fill]"));
  }

  /* --- editing in place --- */

  function edit(cell) {
    leave(false);
    if (open) { return; } // a cell that was refused comes first
    var url = grid.dataset.edit + "?" + new URLSearchParams({ "don-vi": grid.dataset.unit, dong: cell.parentElement.dataset.key, cot: cell.dataset.col });
    cell.setAttribute("aria-busy", "true");
    fetch(url, { headers: HEADERS, credentials: "same-origin" }).then(function (answer) {
      cell.removeAttribute("aria-busy");
      if (!answer.ok) { window.location.href = cell.querySelector("a").href; return null; }
      return answer.text().then(function (html) { show(cell, html); });
    }, function () { cell.removeAttribute("aria-busy"); window.location.href = cell.querySelector("a").href; });
  }

  /* The editor stands outside the big form (forms do not nest), over the cell it belongs to. */
  function show(cell, html) {
    var box = open || document.createElement("div");
    box.className = "cell-editor";
    box.innerHTML = html;
    if (!open) { form.parentElement.insertBefore(box, form.nextSibling); }
    open = box;
    open.cell = cell;
    cell.classList.add("is-editing");
    stand();
    var field = box.querySelector("[data-cell-input]");
    if (field) { field.focus(); if (field.select && field.tagName === "INPUT") { field.select(); } }
    box.querySelector("[data-leave]").addEventListener("click", function () { leave(true); });
    box.querySelector("form").addEventListener("submit", function (event) { event.preventDefault(); save(event.target); });
    var undo = box.querySelector("[data-undo-cell]");
    if (undo) { undo.addEventListener("click", function () { takeBack(undo); }); }
  }

  function stand() {
    if (!open.offsetParent) { return; } // on a telephone the editor is fixed to the foot of the screen
    var at = open.cell.getBoundingClientRect();
    var home = open.offsetParent.getBoundingClientRect();
    var within = form.getBoundingClientRect();
    var width = Math.min(Math.max(at.width, open.querySelector("table") ? 760 : 380), within.width);
    var left = Math.max(within.left, Math.min(at.left, within.right - width)) - home.left;
    open.style.setProperty("--left", left + "px");
    open.style.setProperty("--top", at.top - home.top + "px");
    open.style.setProperty("--width", width + "px");
    open.scrollIntoView({ block: "nearest" });
  }

  function leave(back) {
    if (!open) { return; }
    var cell = open.cell;
    open.remove();
    open = null;
    cell.classList.remove("is-editing");
    var link = back && cell.querySelector("a");
    if (link) { link.focus(); }
    if (waiting.length) { waiting.shift()(); }
  }

  function reopen(box, cell) {
    open = box;
    open.cell = cell;
    cell.classList.add("is-editing");
    form.parentElement.insertBefore(box, form.nextSibling);
    stand();
    box.querySelector("[data-cell-input]").focus();
  }

  function editing(event) {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); leave(true); return; }
    if (event.key === "Enter" && event.target.matches("input, select")) {
      event.preventDefault();
      event.stopPropagation();
      event.target.form.requestSubmit();
    }
  }

  function send(url, data) {
    return fetch(url, { method: "POST", body: data, headers: HEADERS, credentials: "same-origin" });
  }

  /* The editor closes at once and the cursor is free; the answer comes back to the cell wherever one is by then.
     What was refused or lost is opened again with what was typed, after the editor that is open now. */
  function save(editor) {
    var box = open;
    var data = new FormData(editor);
    var at = spot(open.cell);
    var cell = open.cell;
    leave(true);
    cell.setAttribute("aria-busy", "true");
    send(editor.action, data).then(function (answer) {
      if (answer.status === 401) { window.location.href = answer.headers.get("X-Login") || "/dang-nhap/"; return null; }
      return answer.text().then(function (html) {
        if (answer.ok) { put(html); return; }
        settle(at);
        if (answer.status === 422) { later(function () { show(cellAt(at), html); }); return; }
        document.body.appendChild(box);
        editor.submit();
      });
    }, function () {
      settle(at);
      motcua.notice("warning", grid.dataset.lost);
      later(function () { reopen(box, cellAt(at)); });
    });
  }

  function spot(cell) { return { key: cell.parentElement.dataset.key, index: place(cell) }; }
  function rowOf(key) { return grid.querySelector('[data-row][data-key="' + window.CSS.escape(key) + '"]'); }
  function cellAt(at) { return rowOf(at.key).children[at.index]; }
  function settle(at) { cellAt(at).removeAttribute("aria-busy"); }
  function later(act) { if (open) { waiting.push(act); } else { act(); } }

  function takeBack(button) {
    var data = new FormData(button.form);
    data.append("o", button.dataset.undoCell);
    send(grid.dataset.undo, data).then(function (answer) {
      return answer.text().then(function (html) { if (answer.ok) { leave(true); put(html); } else { window.location.reload(); } });
    });
  }

  /* The new rows of the procedure and the bar of the draft replace the old ones; focus stays where it is. */
  function put(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html");
    var focused = grid.contains(document.activeElement) && cellOf(document.activeElement);
    var here = focused && spot(focused);
    var edited = open && spot(open.cell);
    Array.from(fresh.querySelectorAll("[data-row]")).forEach(function (row) {
      var old = rowOf(row.dataset.key);
      if (!old) { return; }
      row.querySelector("input[type=checkbox]").checked = old.querySelector("input[type=checkbox]").checked;
      old.replaceWith(row);
    });
    var bar = fresh.getElementById("draft-bar");
    if (bar) { document.getElementById("draft-bar").replaceWith(bar); }
    if (edited) { open.cell = cellAt(edited); open.cell.classList.add("is-editing"); }
    if (here && !grid.contains(focused)) { focusAt(rowOf(here.key), here.index); }
  }

  window.addEventListener("resize", function () { if (open) { stand(); } });
})();
