/* A scan anywhere on the page looks the person or the slip up; after that the button has the focus. */
(function () {
  "use strict";
  var counter = window.motcua.counter;
  document.addEventListener("counter:scanned", function (event) {
    var field = event.detail.field;
    delete field.dataset.reading;
    if (field.form) { field.form.requestSubmit(); }
  });
  counter.ready(function (root) {
    if (root === document || root.querySelector("[data-error-summary]")) { return; }
    var save = document.querySelector("#handover button[value=hand]"), scan = counter.scanField();
    if (save) { save.focus(); } else if (scan) { scan.focus(); scan.select(); }
  });
})();
