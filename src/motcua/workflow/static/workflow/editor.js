/* The editor of processes without reloading: the same posts, sent by fetch; the answer takes the place of the page's
   content, focus stays on the step that moved, and what was done is said aloud. Steps are moved by their handle or by
   Alt and an arrow; while typing only the sum, the checks and the drawing follow, nothing is saved. */
(function () {
  "use strict";
  var queue = Promise.resolve();
  var unsaved = false;
  var timer = null;

  function form() { return document.getElementById("soan"); }
  function mark(on) {
    unsaved = on;
    var sign = document.querySelector("[data-unsaved-mark]");
    if (sign) { sign.hidden = !on; }
  }
  function send(act) {
    var data = new FormData(form());
    data.delete("act");
    data.append("act", act);
    return fetch(form().action, { method: "POST", body: data, credentials: "same-origin", headers: { "X-Requested-With": "motcua-editor" } });
  }
  function failed(status) { window.motcua.notice("danger", window.motcua.say("failed", { status: status }), [], "send"); }

  /* One act after the other: each is built from the page the one before left. */
  function run(make, step, part) {
    queue = queue.then(function () {
      var act = typeof make === "function" ? make() : make;
      if (!act || !form()) { return null; }
      clearTimeout(timer);
      form().setAttribute("aria-busy", "true");
      return send(act).then(function (answer) {
        if (answer.status === 401) { location.assign(answer.headers.get("X-Login") || "/"); return null; }
        return answer.text().then(function (text) { show(text, answer, step, part); });
      });
    }).catch(function () {
      if (form()) { form().removeAttribute("aria-busy"); }
      window.motcua.notice("warning", window.motcua.say("offline"), [], "send");
    });
    return queue;
  }
  function show(text, answer, step, part) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var main = page.getElementById("main");
    var problem = page.querySelector("[data-problem-text]");
    if (problem || !main) {
      form().removeAttribute("aria-busy");
      failed(problem ? problem.textContent : answer.status);
      return;
    }
    var opened = Array.from(document.querySelectorAll(".step-more[open]"), function (more) { return more.closest("[data-step]").dataset.step; });
    var top = window.scrollY;
    document.title = page.title;
    var here = document.getElementById("main");
    here.replaceChildren.apply(here, Array.from(main.childNodes));
    opened.forEach(function (key) {
      var more = document.querySelector('[data-step="' + key + '"] .step-more');
      if (more) { more.open = true; }
    });
    mark(false);
    if (!form()) { window.scrollTo(0, 0); here.focus(); return; }
    window.scrollTo(0, top);
    focusOn(step, part);
    say();
    document.dispatchEvent(new CustomEvent("motcua:content", { detail: { root: here } }));
  }
  /* A live region is heard when its text changes after it is there. */
  function say() {
    var region = document.getElementById("da-lam");
    var said = form() && form().dataset.said;
    if (!region) { return; }
    region.textContent = "";
    setTimeout(function () { region.textContent = said || ""; }, 60);
  }
  function focusOn(step, part) {
    var summary = document.querySelector("[data-error-summary]");
    if (summary) { summary.focus(); return; }
    var fresh = document.querySelector("[data-focus-step]");
    var item = step ? document.getElementById("buoc-" + step) : fresh && fresh.closest("[data-step]");
    if (!item && fresh) { item = fresh.closest("[data-step]"); }
    if (!item) { return; }
    var target = part && item.querySelector(part);
    if (!target || target.disabled) { target = part && /data-(up|down)/.test(part) ? item.querySelector("[data-up]:not(:disabled), [data-down]:not(:disabled)") : item.querySelector("textarea"); }
    if (target) { target.focus({ preventScroll: true }); item.scrollIntoView({ block: "nearest" }); }
  }

  /* ---- buttons ---- */
  document.addEventListener("submit", function (event) {
    if (event.target !== form()) { return; }
    event.preventDefault();
    var button = event.submitter;
    var act = button && button.name === "act" ? button.value : "save";
    var key = act.split(":")[1] || "";
    var verb = act.split(":")[0];
    if (verb === "up" || verb === "down") { run(act, key, "[data-" + verb + "]"); return; }
    if (verb === "outcome") { run(act, key, ".outcome:last-child input[name^=label]"); return; }
    if (verb === "save" || verb === "undo") {
      var active = document.activeElement && document.activeElement.id;
      run(act).then(function () {
        var again = active && document.getElementById(active) || document.querySelector('[form="soan"][value="' + verb + '"]');
        if (again && !document.querySelector("[data-error-summary]")) { again.focus({ preventScroll: true }); }
      });
      return;
    }
    run(act);
  });

  /* ---- Alt and an arrow inside a step ---- */
  document.addEventListener("keydown", function (event) {
    if (!event.altKey || event.ctrlKey || event.metaKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) { return; }
    var item = event.target.closest && event.target.closest("[data-step]");
    if (!item) { return; }
    event.preventDefault();
    var verb = event.key === "ArrowUp" ? "up" : "down";
    var key = item.dataset.step;
    var id = event.target.id;
    run(function () {
      var now = document.getElementById("buoc-" + key);
      var button = now && now.querySelector("[data-" + verb + "]");
      return button && !button.disabled ? verb + ":" + key : "";
    }, key, id ? "#" + CSS.escape(id) : "[data-" + verb + "]");
  });

  /* ---- dragging by the handle: mouse, pen, touch ---- */
  var dragged = null;
  document.addEventListener("pointerdown", function (event) {
    var handle = event.target.closest && event.target.closest("[data-handle]");
    if (!handle || event.button > 0) { return; }
    event.preventDefault();
    dragged = { item: handle.closest("[data-step]"), place: null };
    dragged.item.classList.add("is-dragged");
    document.body.classList.add("is-moving");
  });
  document.addEventListener("pointermove", function (event) {
    if (!dragged) { return; }
    event.preventDefault();
    if (event.clientY < 90) { window.scrollBy(0, -14); }
    if (event.clientY > window.innerHeight - 70) { window.scrollBy(0, 14); }
    clearMarks();
    var steps = Array.from(document.querySelectorAll("[data-step]"));
    var others = steps.filter(function (step) { return step !== dragged.item; });
    var index = others.findIndex(function (step) {
      var box = step.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    dragged.place = index < 0 ? others.length : index;
    if (steps.indexOf(dragged.item) === dragged.place) { return; }
    if (index < 0) { others[others.length - 1].classList.add("drop-after"); } else { others[index].classList.add("drop-before"); }
  });
  function drop(keep) {
    if (!dragged) { return; }
    var moved = dragged;
    dragged = null;
    clearMarks();
    moved.item.classList.remove("is-dragged");
    document.body.classList.remove("is-moving");
    var steps = Array.from(document.querySelectorAll("[data-step]"));
    if (!keep || moved.place === null || steps.indexOf(moved.item) === moved.place) { return; }
    run("move:" + moved.item.dataset.step + ":" + moved.place, moved.item.dataset.step, "textarea");
  }
  function clearMarks() {
    document.querySelectorAll(".drop-before, .drop-after").forEach(function (step) { step.classList.remove("drop-before", "drop-after"); });
  }
  document.addEventListener("pointerup", function () { drop(true); });
  document.addEventListener("pointercancel", function () { drop(false); });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { drop(false); } });

  /* ---- sum, checks and drawing follow the typing ---- */
  function preview() {
    if (!form()) { return; }
    send("preview").then(function (answer) {
      return answer.ok ? answer.text() : null;
    }).then(function (text) {
      if (!text) { return; }
      var page = new DOMParser().parseFromString(text, "text/html");
      var live = document.querySelector("[data-live]");
      var drawing = document.querySelector("[data-drawing]");
      var fresh = page.getElementById("song");
      if (!unsaved || !live || !fresh) { return; }
      live.replaceChildren(fresh);
      drawing.replaceChildren.apply(drawing, Array.from(page.getElementById("hinh").childNodes));
    }).catch(function () { /* the next change tries again; saving says what is wrong */ });
  }
  document.addEventListener("input", function (event) {
    if (!form() || !form().contains(event.target)) { return; }
    mark(true);
    clearTimeout(timer);
    timer = setTimeout(preview, 500);
  });
  window.addEventListener("beforeunload", function (event) { if (unsaved) { event.preventDefault(); } });
  document.addEventListener("submit", function (event) { if (event.target.matches("[data-submit-form], .discard")) { unsaved = false; } });

  /* After a post without this script the address names the step; a reload should not say it again. */
  if (location.search.indexOf("da=") >= 0) { history.replaceState(null, "", location.pathname); focusOn("", "[data-up]"); say(); }
})();
