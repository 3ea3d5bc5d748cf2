/* Small help for the lists and forms of dossiers; everything works without it.
   data-saved-place: coming back to a list, the row one left is current again. data-narrow filters a long choice list. A drawing shows the current step. */
(function () {
  "use strict";

  function store(key, value) {
    try {
      if (value === undefined) { return sessionStorage.getItem(key); }
      sessionStorage.setItem(key, value);
    } catch (_refused) { return null; }
    return null;
  }

  function keepPlace(list) {
    var key = "place:" + list.dataset.savedPlace;
    list.addEventListener("click", function (event) {
      var row = event.target.closest("[data-row]");
      if (row && event.target.closest("a")) { store(key, row.dataset.code + " " + rowsOf(list).indexOf(row)); }
    });
    var saved = (store(key) || "").split(" ");
    if (!saved[0] || location.hash) { return; }
    var rows = rowsOf(list);
    var row = rows.find(function (one) { return one.dataset.code === saved[0]; }) || rows[Math.min(Number(saved[1]) || 0, rows.length - 1)];
    if (!row) { return; }
    row.classList.add("is-current");
    row.scrollIntoView({ block: "center" });
    var link = row.querySelector("[data-open]");
    if (link && document.activeElement === document.body) { link.focus({ preventScroll: true }); }
  }
  function rowsOf(list) { return Array.from(list.querySelectorAll("[data-row]")); }

  /* Without accents and case, đ as d, as the server folds. */
  function fold(text) { return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d"); }

  document.addEventListener("input", function (event) {
    var box = event.target.closest && event.target.closest("[data-narrow]");
    if (!box) { return; }
    var words = fold(box.value).split(/\s+/).filter(Boolean);
    document.querySelectorAll("#" + box.dataset.narrow + " .form-check").forEach(function (line) {
      var text = fold(line.textContent);
      line.hidden = !line.querySelector("input").checked && !words.every(function (word) { return text.includes(word); });
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.matches && event.target.matches("[data-narrow]")) { event.preventDefault(); }
  });

  /* Nothing in common: the bar says so instead of standing empty. */
  document.addEventListener("change", function () { setTimeout(sayNone, 0); });
  function sayNone() {
    document.querySelectorAll(".bulk-none").forEach(function (none) {
      none.hidden = Array.from(none.parentNode.querySelectorAll("[data-if]")).some(function (button) { return !button.hidden; });
    });
  }

  /* A drawing wider than its box begins at the step where the dossier is, not at the one it left long ago. */
  function showCurrentStep(box) {
    var step = box.querySelector(".swimlane-step.is-current");
    if (!step) { return; }
    var seen = box.getBoundingClientRect();
    var there = step.getBoundingClientRect();
    box.scrollLeft += there.left + there.width / 2 - (seen.left + seen.width / 2);
    box.scrollTop += there.top + there.height / 2 - (seen.top + seen.height / 2);
  }

  document.querySelectorAll("[data-saved-place]").forEach(keepPlace);
  document.querySelectorAll(".drawing-box").forEach(showCurrentStep);
})();
