/* Keys. "/" search, "?" help, j k Enter x a in [data-list] (a also on a page of one thing), and data-key="F9" on
   anything that can be clicked or focused. Nothing is taken from somebody who is typing, except function keys. */
(function () {
  "use strict";
  var motcua = window.motcua;
  var FUNCTION_KEY = /^F\d{1,2}$/;

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) { return; }
    var typing = motcua.typing(event.target);
    if (typing && event.key === "Escape") { event.target.blur(); return; }
    if (typing && !FUNCTION_KEY.test(event.key)) { return; }
    if (document.querySelector("dialog[open]") && !FUNCTION_KEY.test(event.key)) { return; }
    if (press(event.key) || listKey(event)) { event.preventDefault(); }
  });

  /* The element that asked for this key; in an open dialog only the dialog's own. */
  function press(key) {
    if (key === "?") { return !!motcua.openDialog("keys-help"); }
    var scope = document.querySelector("dialog[open]") || document;
    var wanted = Array.from(scope.querySelectorAll("[data-key]")).find(function (element) {
      return element.dataset.key === key && !element.disabled && element.getClientRects().length > 0;
    });
    if (!wanted) { return false; }
    if (wanted.matches("input:not([type=checkbox]):not([type=radio]):not([type=submit]), textarea, select")) {
      wanted.focus();
      if (wanted.select) { wanted.select(); }
    } else { wanted.click(); }
    return true;
  }

  function rows(list) { return Array.from(list.querySelectorAll("[data-row]")); }
  function current(list) { return list.querySelector("[data-row].is-current"); }

  function listFor(target) {
    return (target.closest && target.closest("[data-list]")) || document.querySelector("[data-list]");
  }

  function listKey(event) {
    var list = listFor(event.target);
    if (!list) { return event.key === "a" && follow(document, "[data-act]"); }
    var row = current(list);
    switch (event.key) {
      case "j": return move(list, row, 1);
      case "k": return move(list, row, -1);
      case "Enter":
        if (event.target.closest("a, button, summary, label") || !row) { return false; }
        return follow(row, "[data-open], a[href]");
      case "x": return !!row && choose(row);
      case "a": return !!row && follow(row, "[data-act]");
      default: return false;
    }
  }

  function move(list, row, step) {
    var all = rows(list);
    if (!all.length) { return false; }
    var index = row ? all.indexOf(row) + step : (step > 0 ? 0 : all.length - 1);
    stand(list, all[Math.max(0, Math.min(all.length - 1, index))]);
    return true;
  }

  /* The current row is marked and its link focused, so that a screen reader says where we are. */
  function stand(list, row) {
    rows(list).forEach(function (other) { other.classList.toggle("is-current", other === row); });
    var link = row.querySelector("[data-open], a[href]");
    if (link) { link.focus({ preventScroll: true }); }
    row.scrollIntoView({ block: "nearest" });
  }

  function follow(row, selector) {
    var link = row.querySelector(selector);
    if (link) { link.click(); }
    return !!link;
  }

  function choose(row) {
    var box = row.querySelector("input[type=checkbox]");
    if (box && !box.disabled) { box.click(); }
    return !!box;
  }

  document.addEventListener("focusin", function (event) {
    var row = event.target.closest && event.target.closest("[data-list] [data-row]");
    if (row && !row.classList.contains("is-current")) {
      rows(row.closest("[data-list]")).forEach(function (other) { other.classList.toggle("is-current", other === row); });
    }
  });

  /* Ticked rows open the bulk bar, which says how many; an action's data-if lists the states it fits. */
  document.addEventListener("change", function (event) {
    var list = event.target.closest && event.target.closest("[data-list]");
    if (!list) { return; }
    if (event.target.matches("[data-choose-all]")) {
      rows(list).forEach(function (row) {
        var box = row.querySelector("input[type=checkbox]");
        if (box && !box.disabled) { box.checked = event.target.checked; }
      });
    }
    count(list);
  });

  function count(list) {
    var chosen = rows(list).filter(function (row) {
      var box = row.querySelector("input[type=checkbox]");
      row.classList.toggle("is-chosen", !!box && box.checked);
      return box && box.checked;
    });
    var bar = (list.closest("form") || document).querySelector("[data-bulk-bar]");
    if (!bar) { return; }
    bar.classList.toggle("bulk-on", chosen.length > 0);
    bar.querySelector("[data-bulk-count]").textContent = motcua.say("selected", { count: chosen.length });
    bar.querySelectorAll("[data-if]").forEach(function (button) {
      var fits = button.dataset.if.split(" ");
      button.hidden = !chosen.every(function (row) { return (row.dataset.can || "").split(" ").some(function (can) { return fits.includes(can); }); });
    });
  }

  window.addEventListener("pageshow", function () { document.querySelectorAll("[data-list]").forEach(count); });
  document.addEventListener("htmx:afterSettle", function () { document.querySelectorAll("[data-list]").forEach(count); });
})();
