/* The procedure: letters, arrows, Enter; then its panel with the place, the case and the papers. */
(function () {
  "use strict";
  var counter = window.motcua.counter;
  var wanted = false, listed = null, asking = null, loading = null;

  function box() { return document.getElementById("procedure-hits"); }
  function search() { return document.getElementById("procedure-search"); }
  function options() { return Array.from(document.querySelectorAll("#procedure-hits [role=option]")); }
  function current() { return document.querySelector("#procedure-hits [aria-selected=true]"); }

  function stand(option) {
    options().forEach(function (other) { other.setAttribute("aria-selected", String(other === option)); });
    search().setAttribute("aria-activedescendant", option ? option.id : "");
    if (option) { option.scrollIntoView({ block: "nearest" }); }
  }
  function close() {
    box().replaceChildren();
    listed = null;
    search().setAttribute("aria-expanded", "false");
    search().removeAttribute("aria-activedescendant");
  }

  document.addEventListener("keydown", function (event) {
    if (event.target !== search() || event.isComposing) { return; }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      var all = options(), at = all.indexOf(current());
      if (!all.length) { window.htmx.trigger(search(), "refresh"); return; }
      stand(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      if (listed === search().value && current()) { choose(current()); } else if (search().value.trim()) { want(true); if (asking !== search().value) { window.htmx.trigger(search(), "refresh"); } }
    } else if (event.key === "Escape") { close(); }
  }, true);

  document.addEventListener("htmx:beforeRequest", function (event) { if (event.target === search()) { asking = search().value; } });
  document.addEventListener("htmx:afterRequest", function (event) { if (event.target === search()) { asking = null; } });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target !== box()) { return; }
    var asked = new URL(event.detail.pathInfo.finalRequestPath || event.detail.pathInfo.requestPath, location.href);
    listed = asked.searchParams.get("q") || "";
    if (document.querySelector("[data-search]").hidden) { close(); return; }   // a slow answer after the choice
    search().setAttribute("aria-expanded", String(options().length > 0));
    if (options().length) { search().setAttribute("aria-activedescendant", options()[0].id); }
    if (wanted && listed === search().value) { if (current()) { choose(current()); } want(false); }
  });
  ["htmx:responseError", "htmx:sendError"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (event.target !== search()) { return; }
      event.stopImmediatePropagation();
      want(false);
      var status = event.detail.xhr ? event.detail.xhr.status : 0;
      if (status === 401 || status === 403) { counter.expired(); } else { window.motcua.notice("warning", counter.say("offlineSearch"), [], "htmx"); }
    }, true);
  });
  document.addEventListener("mousedown", function (event) {
    var option = event.target.closest("#procedure-hits [role=option]");
    if (option) { event.preventDefault(); choose(option); }
  });

  /* Enter came before the list: what is typed next belongs to where the focus will be. */
  function want(yes) {
    if (yes === wanted) { return; }
    wanted = yes;
    if (yes) { window.motcua.hold(); } else { window.motcua.release(); }
  }
  function choose(option) {
    var form = counter.form();
    form.querySelector("[data-procedure]").value = option.dataset.version;
    search().value = "";
    document.querySelector("[data-search]").hidden = true;
    close();
    load("first");
  }

  counter.asked = asked;
  function asked(form) {
    var names = /^(unit|procedure|case_key|place|channel|paper|lacks|originals:.+|copies:.+|fee-.+)$/;
    var values = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (names.test(name)) { values.append(name, value); } });
    return values;
  }

  /* focus: "first" goes to the case or the first paper, "papers" past the cases, anything else stays where it was. */
  function load(focus) {
    var form = counter.form(), panel = document.getElementById("procedure-panel");
    var held = document.activeElement && panel.contains(document.activeElement) ? { id: document.activeElement.id, name: document.activeElement.name, value: document.activeElement.value } : null;
    if (loading) { loading.abort(); }
    loading = new AbortController();
    if (focus) { window.motcua.hold(); }
    panel.setAttribute("aria-busy", "true");
    counter.ask(form.dataset.panelUrl + "?" + asked(form), { signal: loading.signal }).then(function (answer) {
      return answer.text().then(function (html) {
        if (!answer.ok) { throw { offline: true }; }
        var parsed = new DOMParser().parseFromString(html, "text/html");
        panel.replaceChildren.apply(panel, Array.from(parsed.body.childNodes));
        panel.removeAttribute("aria-busy");
        document.querySelector("[data-search]").hidden = true;
        counter.fresh();
        document.dispatchEvent(new CustomEvent("counter:panel"));
        place(panel, focus, held);
      });
    }).catch(function (failure) {
      if (failure && failure.name === "AbortError") { return; }
      panel.removeAttribute("aria-busy");
      document.querySelector("[data-search]").hidden = !!document.querySelector("[data-chosen]");
      if (failure && failure.expired) { counter.expired(); } else { window.motcua.notice("warning", counter.say("offlineSearch"), [], "htmx"); }
    }).finally(function () { if (focus) { window.motcua.release(); } });
  }
  counter.loadPanel = load;

  function place(panel, focus, held) {
    var target = null;
    if (focus === "first") {
      var unsure = panel.querySelector(".chosen-place.field-wrong select");
      target = unsure || panel.querySelector("[name=case_key]:checked") || panel.querySelector("[name=case_key]") || panel.querySelector("[data-paper] [name=paper]") || document.getElementById("id_extra_papers");
    } else if (focus === "papers") {
      target = panel.querySelector("[data-paper] [name=paper]") || document.getElementById("id_extra_papers");
    } else if (held) {
      target = Array.from(panel.querySelectorAll("input, select, textarea, button")).find(function (field) { return field.name === held.name && (field.type !== "radio" && field.type !== "checkbox" || field.value === held.value); });
    }
    if (target) { target.focus({ preventScroll: !focus }); if (focus) { target.scrollIntoView({ block: "nearest" }); } }
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-reload]")) { load(counter.caseByDigit ? "papers" : ""); counter.caseByDigit = false; }
    else if (event.target.name === "channel" && document.querySelector("[data-chosen]")) { load(""); }
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-change-procedure]")) { return; }
    event.preventDefault();
    counter.searchAgain();
  });
  counter.searchAgain = function () {
    var form = counter.form();
    form.querySelector("[data-procedure]").value = "";
    document.getElementById("procedure-panel").replaceChildren();
    document.querySelector("[data-search]").hidden = false;
    search().focus();
    counter.changed(search());
  };

  counter.ready(function (root) { if (root !== document && window.htmx) { window.htmx.process(root); } want(false); listed = null; });
})();
