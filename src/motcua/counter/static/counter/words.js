/* The sentences of the counter's scripts, translated by the page; and what the scripts share. */
(function () {
  "use strict";
  var said = document.currentScript.dataset;
  var motcua = window.motcua;
  var counter = {
    say: function (name, values) {
      return (said[name] || "").replace(/%\((\w+)\)s/g, function (_all, key) { return values && key in values ? values[key] : ""; });
    },
    form: function () { return document.querySelector("form[data-reception]"); },
    scanField: function () { return document.querySelector("[data-scan], #scan"); },
    csrf: function () {
      var found = document.cookie.match(/(?:^|; )motcua_csrf=([^;]+)/);
      var field = document.querySelector("input[name=csrfmiddlewaretoken]");
      return found ? found[1] : (field ? field.value : "");
    },
    /* fetch that tells the two ordinary failures apart: {expired} and {offline}. */
    ask: function (url, options) {
      var given = options || {};
      given.credentials = "same-origin";
      given.headers = Object.assign({ "X-Requested-With": "motcua-counter", "X-CSRFToken": counter.csrf() }, given.headers);
      return fetch(url, given).then(function (answer) {
        if (answer.status === 401 || answer.status === 403) { throw { expired: true }; }
        if (answer.status >= 500) { throw { offline: true }; }
        return answer;
      }, function (failure) {
        if (failure && failure.name === "AbortError") { throw failure; }
        throw { offline: true };
      });
    },
    /* Sending the form says the same, with a button to send again: one notice is enough. */
    expired: function () {
      if (counter.form().dataset.sending || document.querySelector("[data-notice=send]")) { return; }
      motcua.notice("warning", counter.say("expired"), [{ label: counter.say("login"), href: counter.form().dataset.loginUrl }], "counter-login");
    },
    fresh: function () {
      var old = document.querySelector("[data-notice=counter-login]");
      if (old) { old.remove(); }
    },
    /* Put another answer of the server in the place of this page's content. */
    show: function (html) {
      var page = new DOMParser().parseFromString(html, "text/html");
      var main = page.getElementById("main"), here = document.getElementById("main");
      if (!main) { return; }
      here.replaceChildren.apply(here, Array.from(main.childNodes));
      document.dispatchEvent(new CustomEvent("motcua:content", { detail: { root: here } }));
    },
    changed: function (field) { field.dispatchEvent(new Event("change", { bubbles: true })); }
  };
  motcua.counter = counter;

  /* Pages say what to do with themselves when they are shown, first or later. */
  counter.ready = function (run) {
    if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", function () { run(document); }); } else { run(document); }
    document.addEventListener("motcua:content", function (event) { run(event.detail.root); });
  };
})();
