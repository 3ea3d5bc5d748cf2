/* A scan anywhere on a page of the till opens the bill it means. */
(function () {
  "use strict";
  var counter = window.motcua.counter;
  document.addEventListener("counter:scanned", function (event) {
    var field = event.detail.field;
    delete field.dataset.reading;
    if (field.form) { field.form.requestSubmit(); }
  });
  /* F2 is the scan field here, as at the reception; elsewhere it leads to the reception. */
  document.addEventListener("keydown", function (event) {
    var scan = counter.scanField();
    if (event.key !== "F2" || !scan || event.ctrlKey || event.altKey || event.metaKey) { return; }
    event.preventDefault();
    event.stopPropagation();
    scan.focus();
    scan.select();
  }, true);
  window.addEventListener("afterprint", function () { var scan = counter.scanField(); if (scan) { scan.focus({ preventScroll: true }); } });
})();
