/* A scan anywhere on a page of the till opens the bill it means. */
(function () {
  "use strict";
  var counter = window.motcua.counter;
  document.addEventListener("counter:scanned", function (event) {
    var field = event.detail.field;
    delete field.dataset.reading;
    if (field.form) { field.form.requestSubmit(); }
  });
  window.addEventListener("afterprint", function () { var scan = counter.scanField(); if (scan) { scan.focus({ preventScroll: true }); } });
})();
