/* The till note by note: sums while one types. The server adds up again. */
(function () {
  "use strict";
  function grouped(amount) { return String(amount).replace(/\B(?=(\d{3})+$)/g, "."); }

  function add(form) {
    var total = 0, typed = false, expected = Number(form.dataset.expected);
    form.querySelectorAll(".note-row").forEach(function (row) {
      var field = row.querySelector("input"), sum = 0, digits = field.value.replace(/[.\s]/g, "");
      if (/^\d+$/.test(digits)) { sum = Number(digits) * Number(field.dataset.note || 1); typed = true; }
      row.querySelector("output").textContent = sum ? grouped(sum) : "";
      total += sum;
    });
    var box = form.querySelector("[data-difference]"), gap = total - expected;
    form.querySelector("[data-counted]").textContent = typed ? grouped(total) + " đồng" : "–";
    box.textContent = !typed ? "–" : gap === 0 ? box.dataset.none : (gap > 0 ? box.dataset.more : box.dataset.less) + " " + grouped(Math.abs(gap)) + " đồng";
    box.parentElement.classList.toggle("is-wrong", typed && gap !== 0);
  }

  /* Enter goes to the next note; the day is closed by F9 or the button alone. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !event.target.matches("[data-count] input")) { return; }
    event.preventDefault();
    var all = Array.from(event.target.form.querySelectorAll(".note-row input, textarea, button[value=close]"));
    var after = all[all.indexOf(event.target) + 1];
    if (after) { after.focus(); if (after.select) { after.select(); } }
  });
  document.addEventListener("input", function (event) {
    var form = event.target.closest("[data-count]");
    if (form) { add(form); }
  });
  function ready(root) {
    var form = document.querySelector("[data-count]");
    if (!form) { return; }
    add(form);
    if (!root.querySelector("[data-error-summary]")) { form.querySelector(".note-row input").focus(); }
  }
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", function () { ready(document); }); } else { ready(document); }
  document.addEventListener("motcua:content", function (event) { ready(event.detail.root); });
})();
