/* The page opens on the first paper that was missing. */
(function () {
  "use strict";
  window.motcua.counter.ready(function (root) {
    if (root.querySelector("[data-error-summary]")) { return; }
    var boxes = Array.from(document.querySelectorAll("[data-paper] [name=paper]"));
    var first = boxes.find(function (box) { return !box.checked; }) || boxes[0] || document.getElementById("extra");
    if (first) { first.focus(); }
  });
})();
