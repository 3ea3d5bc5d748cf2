/* A scanner is a fast keyboard. Wherever its text arrives, it ends up in the scan field, and what stood in the
   other field before comes back. Two ways to notice: the keys pressed without a rest spell the beginning of a
   card or an address, and a text in a field has that shape (input methods hide the keys). */
(function () {
  "use strict";
  var counter = window.motcua.counter;
  var FAST = 250;           // ms between two keys of one scan; slow ones need 100 and more for an accented letter
  var QUIET = 350;          // ms without a key: the scan is over though no Enter came (accents arrive slowly)
  var HALTED = 1500;        // ms for a card whose day of issue has not come: a busy machine may halt in the middle
  var CARD = /\d{9,12}[|¦]/, WHOLE = /(?:[^|¦]*[|¦]){6}\d{8}/, ADDRESS = /https?:\/\//i;
  var burst = { text: "", at: 0, field: null, before: "" };
  var timer;

  function starts(text) {
    var card = text.search(CARD), address = text.search(ADDRESS);
    return card >= 0 ? card : address;
  }
  function typable(field) { return !!field && field.matches && field.matches("input:not([type=checkbox]):not([type=radio]), textarea"); }

  document.addEventListener("keydown", function (event) {
    var scan = counter.scanField();
    if (!scan || !event.isTrusted || event.target === scan || event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (event.key.length !== 1) { return; }
    var now = event.timeStamp;
    if (now - burst.at > FAST || burst.field !== event.target) {
      burst = { text: "", field: event.target, before: typable(event.target) ? event.target.value : null };
    }
    burst.at = now;
    burst.text += event.key;
    if (!/[|¦]$|:\/\/$/.test(burst.text) || starts(burst.text) < 0) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    take(scan, burst.text.slice(starts(burst.text)), burst.field, burst.before);
  }, true);

  document.addEventListener("input", function (event) {
    var field = event.target, scan = counter.scanField();
    if (!scan || !typable(field)) { return; }
    if (field === scan) { wait(scan); return; }
    var at = starts(field.value);
    if (at >= 0) { take(scan, field.value.slice(at), field, burst.field === field && starts(burst.text) >= 0 ? burst.before : field.value.slice(0, at)); }
  }, true);

  function take(scan, text, field, before) {
    if (typable(field) && before !== null) { field.value = before; }
    scan.value = text;
    scan.focus();
    scan.setSelectionRange(text.length, text.length);
    burst = { text: "", at: 0, field: null, before: "" };
    wait(scan);
  }

  /* A card or a slip without Enter is read when the keys stop. A number by hand waits for Enter. */
  function wait(scan) {
    clearTimeout(timer);
    var bars = (scan.value.match(/[|¦]/g) || []).length;
    if (bars >= 5 || ADDRESS.test(scan.value)) { timer = setTimeout(read, WHOLE.test(scan.value) || ADDRESS.test(scan.value) ? QUIET : HALTED, scan); }
  }

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.target !== counter.scanField() || event.isComposing) { return; }
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(timer);
    read(event.target);
  }, true);
  document.addEventListener("focusout", function (event) {
    if (event.target === counter.scanField() && /[|¦]|https?:\/\//i.test(event.target.value)) { read(event.target); }
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[value=scan]");
    if (button && counter.form()) { event.preventDefault(); read(counter.scanField()); }
  });

  function read(scan) {
    var text = scan.value;
    clearTimeout(timer);
    if (!text.trim() || scan.dataset.reading === text) { return; }
    scan.dataset.reading = text;
    document.dispatchEvent(new CustomEvent("counter:scanned", { detail: { text: text, field: scan } }));
  }
})();
