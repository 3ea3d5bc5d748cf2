/* The paper list by keys: arrows move, Space ticks (the browser's own), * ticks the usual ones, T says "missing". */
(function () {
  "use strict";
  var counter = window.motcua.counter;

  function boxes() { return Array.from(document.querySelectorAll("[data-paper] [name=paper]")); }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) { return; }
    var inside = event.target.closest && event.target.closest("[data-paper]");
    var typing = window.motcua.typing(event.target);
    if (event.key === "*" && !typing && boxes().length) { event.preventDefault(); all(); return; }
    if (/^[1-9]$/.test(event.key) && !typing) { byDigit(Number(event.key)); return; }
    if (!inside || (typing && event.key !== "ArrowDown" && event.key !== "ArrowUp")) { return; }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); move(inside, event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "t" || event.key === "T") { event.preventDefault(); lacking(inside); }
    else if (event.key === "Enter") { event.preventDefault(); onward(); }
  });

  function move(row, step) {
    var all = boxes(), at = all.indexOf(row.querySelector("[name=paper]")) + step;
    if (at >= all.length) { onward(); } else { all[Math.max(0, at)].focus(); }
  }
  /* What is asked of everybody in this case, beside what is ticked already; a second * takes the conditional ones too,
     a third clears. Where nothing is asked of everybody the first * ticks nothing: no slip says more than was given. */
  function all() {
    var every = boxes(), list = every[0].closest("[data-papers]");
    var usual = every.filter(function (box) { return "usual" in box.dataset; });
    var ticked = function (box) { return box.checked; };
    if (!usual.every(ticked) || (!usual.length && !list.dataset.starred)) { usual.forEach(function (box) { box.checked = true; }); list.dataset.starred = "1"; }
    else if (!every.every(ticked)) { every.forEach(function (box) { box.checked = true; }); }
    else { every.forEach(function (box) { box.checked = false; }); delete list.dataset.starred; }
    every.filter(ticked).forEach(function (box) { var lacks = box.closest("[data-paper]").querySelector("[name=lacks]"); if (lacks) { lacks.checked = false; } });
    if (every[0]) { counter.changed(every[0]); }
    if (!document.activeElement || !document.activeElement.closest("[data-paper]")) { every[0].focus(); }
  }
  function lacking(row) {
    var box = row.querySelector("[name=lacks]"), here = row.querySelector("[name=paper]");
    if (box) { box.checked = !box.checked; if (box.checked) { here.checked = false; } } else { here.checked = false; }
    counter.changed(here);
  }
  function onward() {
    var count = Array.from(document.querySelectorAll("[data-fee-count]")).find(function (field) { return !field.value; });
    if (count) { count.focus(); return; }
    var phone = document.getElementById("id_owner-phone"), save = document.querySelector("button[value=save]");
    if (phone && !phone.value) { phone.focus(); } else { save.focus(); }
  }
  function byDigit(digit) {
    var cases = document.querySelectorAll("[name=case_key]");
    if (!cases[digit - 1]) { return; }
    window.motcua.byHand(function () {
      counter.caseByDigit = true;
      cases[digit - 1].checked = true;
      cases[digit - 1].focus();
      counter.changed(cases[digit - 1]);
    });
  }

  document.addEventListener("change", function (event) {
    if (event.target.name === "paper" && event.target.checked) {
      var lacks = event.target.closest("[data-paper]").querySelector("[name=lacks]");
      if (lacks) { lacks.checked = false; }
    }
    if (event.target.name === "lacks" && event.target.checked) { event.target.closest("[data-paper]").querySelector("[name=paper]").checked = false; }
    count();
  });
  function count() {
    var place = document.querySelector("[data-missing-count]");
    if (!place) { return; }
    var missing = boxes().filter(function (box) {
      var lacks = box.closest("[data-paper]").querySelector("[name=lacks]");
      var lacked = !box.checked && ("always" in box.dataset || (lacks && lacks.checked));
      box.closest("[data-paper]").classList.toggle("paper-missing", !!(lacks && lacks.checked));
      return lacked;
    });
    place.textContent = missing.length ? counter.say("missing", { n: missing.length }) : "";
  }
  document.addEventListener("counter:panel", count);
  counter.ready(count);
})();
