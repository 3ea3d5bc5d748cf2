/* People type faster than a line answers. While the page waits for an answer that will move the focus (a card being
   read, a procedure being opened), keys are held and then pressed where the focus has gone, so none is lost. */
(function () {
  "use strict";
  var counter = window.motcua.counter;
  var LONGEST = 3000, SCANNER = 75;
  var held = 0, queue = [], timer, pending = null, waiting;

  counter.hold = function () {
    held += 1;
    clearTimeout(timer);
    timer = setTimeout(function () { held = 0; replay(); }, LONGEST);
  };
  counter.release = function () {
    held = Math.max(0, held - 1);
    if (!held) { clearTimeout(timer); replay(); }
  };

  /* For a digit that means something by itself (a case): it counts once the next key shows that no scanner is
     typing a number, or when none follows. */
  counter.byHand = function (run) {
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

  document.addEventListener("keydown", function (event) {
    if (pending && event.isTrusted) { settle(event.key); }
    if (!held || !event.isTrusted || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (event.key.length !== 1 && !/^(Enter|F[6-9])$/.test(event.key)) { return; }
    queue.push(event.key);
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  function replay() {
    while (queue.length && !held) {
      if (pending) { settle(queue[0]); } else { press(queue.shift()); }
    }
  }

  function press(key) {
    var target = document.activeElement || document.body;
    if (!target.dispatchEvent(new KeyboardEvent("keydown", { key: key, bubbles: true, cancelable: true }))) { return; }
    if (key.length === 1 && target.matches("input:not([type=checkbox]):not([type=radio]), textarea")) {
      target.setRangeText(key, target.selectionStart, target.selectionEnd, "end");
      target.dispatchEvent(new InputEvent("input", { bubbles: true, data: key }));
    } else if (key === " " ? target.matches("input, button, summary") : key === "Enter" && target.matches("button, summary, a")) { target.click(); }
  }
})();
