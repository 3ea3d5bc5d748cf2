/* Nothing typed is lost. The form is kept on this machine at once and on the server every few seconds; a dropped
   line or an expired login changes only where it is kept. Each form has its own key, so two tabs never mix. */
(function () {
  "use strict";
  var motcua = window.motcua, counter = motcua.counter;
  var SERVER_EVERY = 4000, LOCAL_AFTER = 250, FRESH = 12 * 3600 * 1000, ANSWER = 150;
  var PREFIX = "counter-draft:";
  var channel = "BroadcastChannel" in window ? new BroadcastChannel("motcua-counter") : null;
  var state = null;

  function collect(form) {
    var values = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      if (!/^(csrfmiddlewaretoken|scan|q|do|unit|idempotency_key)$/.test(name) && typeof value === "string") { values.append(name, value); }
    });
    return values.toString();
  }
  function store(key) { return PREFIX + state.owner + ":" + key; }
  function status(text) { var place = document.querySelector("[data-draft-status]"); if (place) { place.textContent = text; } }

  function begin(root) {
    var form = counter.form();
    if (!form || (root !== document && !root.contains(form))) { return; }
    state = { form: form, key: form.elements.key.value, owner: form.dataset.owner, first: collect(form), saved: null, sending: false };
    /* `motcua:content` may bring the same form back with errors: what it holds is still a draft. */
    if (form.closest("main").querySelector("[data-error-summary]") || form.dataset.draftAt) { state.first = null; }
    if ("clearDrafts" in form.dataset) { forget(sessionStorage.getItem("counter-sent")); }
    var query = new URLSearchParams(location.search);
    if (root === document) {
      if (query.has("moi") || query.has("xong")) { history.replaceState(null, "", location.pathname); }
      if (!query.has("moi") && !query.has("xong")) { recover(form); }
    }
  }

  function forget(key) {
    if (!key) { return; }
    try { localStorage.removeItem(PREFIX + (state ? state.owner : "") + ":" + key); } catch (_none) { /* nothing kept */ }
  }
  function keepHere() {
    if (!state || state.done) { return; }
    var data = collect(state.form);
    if (data === state.first) { return; }
    try { localStorage.setItem(store(state.key), JSON.stringify({ at: Date.now(), data: data })); }
    catch (_full) { /* a full or forbidden store must not stop the typing; the server keeps it too */ }
  }
  function keepThere(leaving) {
    if (!state || state.done || state.sending) { return Promise.resolve(); }
    var data = collect(state.form);
    if (data === state.first || data === state.saved) { return Promise.resolve(); }
    state.sending = true;
    var mine = state;
    return counter.ask(state.form.dataset.draftUrl, { method: "POST", body: new URLSearchParams(data + "&unit=" + mine.form.elements.unit.value), keepalive: !!leaving })
      .then(function (answer) { return answer.json(); })
      .then(function (answer) { mine.saved = data; counter.fresh(); status(answer.at ? counter.say("kept", { time: answer.at }) : ""); },
        function (failure) {
          if (failure && failure.expired) { counter.expired(); status(counter.say("localExpired")); } else { status(counter.say("local")); }
        })
      .finally(function () { mine.sending = false; });
  }
  counter.flush = function () { keepHere(); return keepThere(true); };

  var soon;
  function typed(event) {
    if (!state || event.target.form !== state.form) { return; }
    state.done = false;   // typing goes on: what was sent has not been taken
    clearTimeout(soon);
    soon = setTimeout(keepHere, LOCAL_AFTER);
  }
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("counter:panel", function () { setTimeout(keepHere, LOCAL_AFTER); });
  setInterval(function () { if (!document.hidden) { keepThere(); } }, SERVER_EVERY);
  document.addEventListener("visibilitychange", function () { if (document.hidden) { keepHere(); keepThere(true); } });
  window.addEventListener("pagehide", function () { keepHere(); keepThere(true); });
  /* Going back after a save never shows the form that was saved; one that was not comes back from its draft. */
  window.addEventListener("pageshow", function (event) { if (event.persisted) { location.reload(); } });
  window.addEventListener("blur", function () { keepThere(); });

  document.addEventListener("submit", function (event) {
    if (!state || event.target !== state.form) { return; }
    clearTimeout(soon);
    keepHere();
    counter.fresh();
    var act = event.submitter && event.submitter.value;
    if (act === "discard") { forget(state.key); state.first = collect(state.form); }
    else { sessionStorage.setItem("counter-sent", state.key); }
    state.done = true;   // no draft of what was sent; a form that comes back with errors begins anew
  }, true);

  /* The newest form kept on this machine that the server does not know, or knows in an older state. */
  function recover(form) {
    var best = null;
    try {
      Object.keys(localStorage).filter(function (name) { return name.startsWith(PREFIX + state.owner + ":"); }).forEach(function (name) {
        var kept = JSON.parse(localStorage.getItem(name) || "null");
        if (!kept || Date.now() - kept.at > FRESH) { localStorage.removeItem(name); return; }
        kept.key = name.split(":").pop();
        if (!best || kept.at > best.at) { best = kept; }
      });
    } catch (_broken) { best = null; }
    var server = Number(form.dataset.draftAt || 0) * 1000;
    var wanted = best && best.at > server + 1000 && best.data !== collect(form) ? best : null;
    var key = wanted ? wanted.key : (server ? state.key : "");
    if (!key) { return; }
    elsewhere(key).then(function (held) {
      if (held) { afresh(); return; }
      if (wanted) { restore(wanted); }
    });
  }
  function restore(kept) {
    var body = new URLSearchParams(kept.data);
    body.set("key", kept.key);
    body.set("do", "restore");
    body.set("unit", state.form.elements.unit.value);
    counter.ask(location.pathname, { method: "POST", body: body }).then(function (answer) { return answer.text(); }).then(function (html) {
      counter.show(html);
      if (state && state.key !== kept.key) { forget(kept.key); return; }   // it had been saved: the page says so
      if (state) { state.first = null; }
      var time = new Date(kept.at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
      motcua.notice("info", counter.say("restored", { time: time }), [], "draft");
    }, function () { status(counter.say("local")); });
  }
  function afresh() {
    counter.ask(location.pathname + "?moi=1").then(function (answer) { return answer.text(); }).then(function (html) {
      counter.show(html);
      motcua.notice("info", counter.say("otherTab"), [], "draft");
    }, function () { /* offline: the restored form stays, and its key keeps the two tabs from saving twice */ });
  }

  /* Ask the other tabs whether one of them has this form open. */
  function elsewhere(key) {
    if (!channel) { return Promise.resolve(false); }
    return new Promise(function (resolve) {
      var timer = setTimeout(done, ANSWER, false);
      function heard(event) { if (event.data.held === key) { done(true); } }
      function done(held) { clearTimeout(timer); channel.removeEventListener("message", heard); resolve(held); }
      channel.addEventListener("message", heard);
      channel.postMessage({ ask: key });
    });
  }
  if (channel) {
    channel.addEventListener("message", function (event) {
      if (event.data.ask && state && event.data.ask === state.key) { channel.postMessage({ held: state.key }); }
    });
  }

  counter.ready(begin);
})();
