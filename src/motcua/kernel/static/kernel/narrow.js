/* A narrow screen: long tables show twenty rows, then twenty more on request; the chosen tab stands where it is seen.
   Without a script all rows stand. */
(function () {
  "use strict";
  var STEP = 20;
  var narrow = window.matchMedia("(max-width: 47.99rem)");
  var words = document.querySelector("script[data-more-rows]");

  function shorten(table) {
    var rows = table.tBodies.length ? Array.prototype.slice.call(table.tBodies[0].rows) : [];
    var box = table.closest(".table-box") || table;
    var old = box.parentNode.querySelector(":scope > .more-rows");
    if (old) { old.remove(); }
    if (!narrow.matches || rows.length <= STEP) {
      rows.forEach(function (row) { row.classList.remove("is-later"); });
      return;
    }
    var shown = STEP;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary more-rows";

    function draw() {
      rows.forEach(function (row, place) { row.classList.toggle("is-later", place >= shown); });
      var left = rows.length - shown;
      if (left <= 0) { button.remove(); return; }
      button.textContent = words.dataset.moreRows.replace("%(count)s", Math.min(left, STEP));
    }
    button.addEventListener("click", function () {
      var next = rows[shown];
      shown += STEP;
      draw();
      var link = next && next.querySelector("a, button, input");
      if (link) { link.focus(); }
    });
    box.after(button);
    draw();
  }

  function reveal(tab) {
    var list = tab.closest("ul");
    var place = tab.getBoundingClientRect().left - list.getBoundingClientRect().left;
    list.scrollLeft += place - (list.clientWidth - tab.offsetWidth) / 2;
  }

  function all(root) {
    root.querySelectorAll("table.grid-cards").forEach(shorten);
    root.querySelectorAll(".tabs [aria-current]").forEach(reveal);
  }
  function everything() { all(document); }
  everything();
  narrow.addEventListener("change", everything);
  document.addEventListener("htmx:afterSettle", everything);
})();
