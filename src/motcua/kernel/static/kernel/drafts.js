/* What is typed into a form with data-draft-key is kept in this browser, for this person, until the form is accepted;
   after an error, an expired session or a closed window it is put back and said. Passwords, files, hidden fields and
   anything under data-no-draft are never kept. Signing out forgets the person's drafts: counters share machines. */
(function () {
  "use strict";
  var motcua = window.motcua;
  var HOURS = 24;
  var mine = "draft:" + (document.body.dataset.user || "") + ":";

  function storeKey(form) { return mine + location.pathname + ":" + form.dataset.draftKey; }
  function kept(field) {
    return field.name && !field.disabled && !field.closest("[data-no-draft]") && !/^(password|file|hidden|submit|button)$/.test(field.type);
  }
  function ticks(field) { return field.type === "checkbox" || field.type === "radio"; }

  function read(form) {
    var values = {};
    Array.from(form.elements).filter(kept).forEach(function (field) {
      var list = values[field.name] = values[field.name] || [];
      if (!ticks(field) || field.checked) { list.push(field.value); }
    });
    return values;
  }
  function write(form, values) {
    var left = JSON.parse(JSON.stringify(values));
    Array.from(form.elements).filter(kept).forEach(function (field) {
      var list = left[field.name];
      if (!list) { return; }
      if (ticks(field)) { field.checked = list.includes(field.value); } else if (list.length) { field.value = list.shift(); }
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  /* A full or forbidden store must never stop the typing. */
  function store(area, key, value) {
    try {
      if (value === undefined) { return area.getItem(key); }
      if (value === null) { area.removeItem(key); } else { area.setItem(key, value); }
    } catch (_refused) { return null; }
    return null;
  }
  function save(form) { store(localStorage, storeKey(form), JSON.stringify({ at: Date.now(), values: read(form) })); }
  function forget(form) { if (form.dataset.draftKey) { store(localStorage, storeKey(form), null); } }
  motcua.forgetDraft = forget;

  function restore(form) {
    var stored = JSON.parse(store(localStorage, storeKey(form)) || "null");
    if (!stored) { return; }
    if (Date.now() - stored.at > HOURS * 3600000) { forget(form); return; }
    var before = read(form);
    if (JSON.stringify(stored.values) === JSON.stringify(before)) { return; }
    write(form, stored.values);
    var time = new Date(stored.at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
    motcua.notice("info", motcua.say("restored", { time: time }), [
      { label: motcua.say("discard"), run: function () { write(form, before); forget(form); } }
    ], "draft");
  }

  motcua.attachDrafts = function (root) {
    root.querySelectorAll("form[data-draft-key]").forEach(function (form) {
      if (!root.querySelector("[data-error-summary]")) { restore(form); }
      var timer = 0;
      function later() { clearTimeout(timer); timer = setTimeout(now, 300); }
      function now() { clearTimeout(timer); timer = 0; save(form); }
      form.addEventListener("input", later);
      form.addEventListener("change", later);
      window.addEventListener("pagehide", function () { if (timer) { now(); } });
      form.addEventListener("submit", function () {
        now();
        if (!form.matches("[data-resilient]")) { store(sessionStorage, "sent", storeKey(form)); }
      });
    });
  };

  /* A form sent the ordinary way was accepted when the next page is neither the sign-in page, nor a problem, nor the
     form with errors, nor the same page come back to after a broken line. */
  function settleSent() {
    var key = store(sessionStorage, "sent");
    if (!key) { return; }
    store(sessionStorage, "sent", null);
    var way = performance.getEntriesByType("navigation")[0];
    var returned = way && way.type !== "navigate";
    if (!returned && !document.querySelector("#sign-in-form, [data-problem-text], [data-error-summary]")) { store(localStorage, key, null); }
  }

  document.addEventListener("submit", function (event) {
    if (!event.target.matches("[data-forget-drafts]")) { return; }
    Object.keys(localStorage).forEach(function (key) { if (key.startsWith(mine)) { store(localStorage, key, null); } });
  });

  settleSent();
  motcua.attachDrafts(document);
})();
