/* People type faster than a page answers. Keys are held and then pressed where the focus has gone, so none is lost:
   from the first moment until the page's own scripts listen, and while it waits for an answer that will move the focus
   (a card being read, a procedure being opened). Loaded at once and before the others, for it must hear the first key. */
(function () {
  "use strict";
  var LONGEST = 3000, LOADING = 10000, SCANNER = 75;
  var PRESSED = /^(Enter|F[1-46-9]|F10)$/;   // F5, F11 and F12 stay the browser's
  var held = 1, loading = true, queue = [], missed = [], timer = setTimeout(open, LOADING), pending = null, waiting;
  var motcua = window.motcua = {};

  motcua.hold = function () {
    held += 1;
    clearTimeout(timer);
    timer = setTimeout(open, LONGEST);
  };
  motcua.release = function () {
    held = Math.max(0, held - 1);
    if (!held) { open(); }
  };
  function open() {
    clearTimeout(timer);
    held = 0;
    loading = false;
    missed.splice(0).forEach(function (one) { one.field.dispatchEvent(new Event(one.type, { bubbles: true })); });
    replay();
  }

  /* For a digit that means something by itself (a case): it counts once the next key shows that no scanner is
     typing a number, or when none follows. */
  motcua.byHand = function (run) {
    pending = run;
    clearTimeout(waiting);
    waiting = setTimeout(fire, SCANNER);
  };
  function fire() {
    var run = pending;
    pending = null;
    clearTimeout(waiting);
    if (run) { run(); }
  }
  function settle(key) { if (/^[\d|]$/.test(key)) { pending = null; } else { fire(); } }

  function typable(target) { return target.matches && target.matches("input:not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button]), textarea, select"); }

  document.addEventListener("keydown", function (event) {
    if (pending && event.isTrusted) { settle(event.key); }
    if (!held || !event.isTrusted || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (event.key.length !== 1 && !PRESSED.test(event.key)) { return; }
    /* A field takes letters without script; what they set off is made up for when the page listens. */
    if (loading && !queue.length && event.key.length === 1 && typable(event.target)) { return; }
    queue.push(event.key);
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  ["input", "change"].forEach(function (type) {
    document.addEventListener(type, function (event) {
      var known = missed.some(function (one) { return one.field === event.target && one.type === type; });
      if (loading && !known) { missed.push({ field: event.target, type: type }); }
    }, true);
  });

  /* Deferred scripts have run by then; the delay lets what they do when the page is ready come first. */
  document.addEventListener("DOMContentLoaded", function () {
    setTimeout(function () { if (loading) { loading = false; motcua.release(); } });
  });

  function replay() {
    while (queue.length && !held) {
      if (pending) { settle(queue[0]); } else { press(queue.shift()); }
    }
  }

  function press(key) {
    var target = document.activeElement || document.body;
    if (!target.dispatchEvent(new KeyboardEvent("keydown", { key: key, bubbles: true, cancelable: true }))) { return; }
    if (key === "Enter") { enter(target); }
    else if (key.length === 1 && target.matches("input:not([type=checkbox]):not([type=radio]), textarea")) { write(target, key); }
    else if (key === " " && target.matches("input, button, summary")) { target.click(); }
  }
  function write(target, text) {
    target.setRangeText(text, target.selectionStart, target.selectionEnd, "end");
    target.dispatchEvent(new InputEvent("input", { bubbles: true, data: text }));
  }
  /* What the browser does with Enter: a line, a click, or the first button of the form. */
  function enter(target) {
    if (target.matches("textarea")) { write(target, "\n"); }
    else if (target.matches("button, summary, a, input[type=submit], input[type=button]")) { target.click(); }
    else if (target.matches("input") && target.form) {
      var first = Array.from(target.form.elements).find(function (one) { return one.type === "submit"; });
      if (first) { first.click(); } else { target.form.requestSubmit(); }
    }
  }
})();
