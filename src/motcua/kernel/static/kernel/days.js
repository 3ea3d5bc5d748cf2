/* The calendar of a day field: the browser's own picker, opened by the button or Alt+Down, writes day/month/year into the
   text field, whatever order the browser's language has. The native input has no name and is never sent. */
(function () {
  "use strict";
  if (!("showPicker" in HTMLInputElement.prototype)) { return; }
  var probe = document.createElement("input");
  probe.type = "month";
  var kinds = { date: true, month: probe.type === "month" };
  document.documentElement.classList.add("day-picks");
  if (!kinds.month) { document.documentElement.classList.add("no-month-picks"); }

  function two(number) { return ("0" + number).slice(-2); }

  /* The parts of what was typed, as kernel/days.py reads it; null for anything else. */
  function read(text, kind) {
    var run = text.trim();
    var month = kind === "month";
    if (month && /^\d{6}$/.test(run)) { run = run.slice(0, 2) + "/" + run.slice(2); }
    if (!month && /^\d{8}$/.test(run)) { run = run.slice(0, 2) + "/" + run.slice(2, 4) + "/" + run.slice(4); }
    var parts = run.split(/\s*[/.\-\s]\s*/);
    if (parts.length !== (month ? 2 : 3) || !parts.every(function (part) { return /^\d{1,4}$/.test(part); })) { return null; }
    if (parts[0].length < 4) { parts.reverse(); }
    if (parts[0].length === 2 && !month) { parts[0] = (parts[0] >= "69" ? "19" : "20") + parts[0]; }
    if (parts[0].length !== 4) { return null; }
    var year = Number(parts[0]), at = Number(parts[1]), day = month ? 1 : Number(parts[2]);
    var real = new Date(Date.UTC(year, at - 1, day));
    if (year < 1850 || year > 2199 || real.getUTCMonth() !== at - 1 || real.getUTCDate() !== day) { return null; }
    return { year: year, month: at, day: day };
  }
  function written(found, kind) { return (kind === "month" ? "" : two(found.day) + "/") + two(found.month) + "/" + found.year; }
  function iso(found, kind) { return found.year + "-" + two(found.month) + (kind === "month" ? "" : "-" + two(found.day)); }
  function field(box) { return box.querySelector("input:not(.day-native)"); }

  function native(box) {
    var found = box.querySelector(".day-native");
    if (found) { return found; }
    found = document.createElement("input");
    found.type = box.dataset.day;
    found.className = "day-native";
    found.tabIndex = -1;
    found.setAttribute("aria-hidden", "true");
    found.addEventListener("input", function (event) { event.stopPropagation(); });
    found.addEventListener("change", function (event) {
      event.stopPropagation();
      var picked = read(found.value, box.dataset.day);
      var text = field(box);
      text.value = picked ? written(picked, box.dataset.day) : "";
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.dispatchEvent(new Event("change", { bubbles: true }));
      text.focus();
    });
    box.append(found);
    return found;
  }

  function open(box) {
    var text = field(box);
    if (!kinds[box.dataset.day] || text.disabled || text.readOnly) { return; }
    var typed = read(text.value, box.dataset.day);
    var picker = native(box);
    picker.value = typed ? iso(typed, box.dataset.day) : "";
    try { picker.showPicker(); } catch (_refused) { text.focus(); }
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-day-open]");
    if (button) { open(button.closest("[data-day]")); }
  });
  document.addEventListener("keydown", function (event) {
    var box = event.key === "ArrowDown" && event.altKey && event.target.closest && event.target.closest("[data-day]");
    if (box) { event.preventDefault(); open(box); }
  });
  /* What can be read is written out, so that a slip of the finger is seen before it is sent. */
  document.addEventListener("change", function (event) {
    var box = event.target.closest && event.target.closest("[data-day]");
    var typed = box && event.target === field(box) && read(event.target.value, box.dataset.day);
    if (typed) { event.target.value = written(typed, box.dataset.day); }
  }, true);
})();
