/* The reception page: where a scanned person goes, where focus goes next, and the keys of the page. */
(function () {
  "use strict";
  var motcua = window.motcua, counter = motcua.counter;
  var FIELDS = ["id_number", "name", "born_on", "gender", "phone", "address", "email"];

  function field(part, name) { return document.getElementById("id_" + part + "-" + name); }
  function said() { return document.getElementById("scan-said"); }
  function line(kind, text, icon) {
    var row = document.createElement("p");
    row.className = kind;
    row.append(drawn(icon), Object.assign(document.createElement("span"), { textContent: text }));
    return row;
  }
  function drawn(name) {
    var known = document.querySelector("svg use"), sprite = known ? known.getAttribute("href").split("#")[0] : "";
    var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", sprite + "#" + name);
    svg.append(use);
    return svg;
  }

  /* The first person in use without a number; with everybody known, the owner anew. */
  function partFor(number) {
    var parts = ["owner"].concat(["submitter", "recipient", "payer"].filter(function (part) { return document.getElementById("id_has_" + part).checked; }));
    var same = parts.find(function (part) { return number && field(part, "id_number").value === number; });
    return same || parts.find(function (part) { return !field(part, "id_number").value.trim(); }) || "owner";
  }

  document.addEventListener("counter:scanned", function (event) {
    var form = counter.form();
    if (!form) { return; }
    var scan = event.detail.field, text = event.detail.text;
    said().replaceChildren(line("hint", counter.say("reading"), "scan"));
    motcua.hold();
    counter.ask(form.dataset.scanUrl, { method: "POST", body: new URLSearchParams({ scan: text, unit: form.elements.unit.value }) })
      .then(function (answer) { return answer.json(); })
      .then(function (answer) { counter.fresh(); answered(answer, scan); },
        function (failure) { failed(failure, text, scan); })
      .finally(function () { delete scan.dataset.reading; motcua.release(); });
  });

  function failed(failure, text, scan) {
    var parts = text.replace(/¦/g, "|").split("|").map(function (part) { return part.trim(); });
    if (failure && failure.expired) { counter.expired(); said().replaceChildren(); }
    else { said().replaceChildren(line("remark", counter.say("offlineScan"), "wifi-off")); }
    if (parts.length < 6) { return; }
    scan.value = "";
    fill(partFor(parts[0]), { id_number: parts[0], name: parts[2], born_on: parts[3], gender: /^nam$/i.test(parts[4]) ? "Nam" : "Nữ", address: parts[5] });
    next();
  }

  function answered(answer, scan) {
    var box = said();
    box.replaceChildren();
    if (answer.problem) { box.append(line("error", answer.problem, "alert-circle")); scan.focus(); scan.select(); return; }
    scan.value = "";
    nextPerson();
    var come = answer.dossiers;
    if (!answer.person && come.length === 1 && come[0].kind !== "other") { leave(come[0].url); return; }
    if (answer.person) { person(answer, box); }
    come.forEach(function (dossier, place) { box.append(waiting(dossier, place === 0)); });
    if (!answer.person && !come.length) { box.append(line("error", scan.dataset.unknown, "alert-circle")); scan.focus(); return; }
    if (answer.person) { next(); } else { box.querySelector("a").focus(); }
  }

  /* With the next person at the counter, F1 is theirs: the money of the one before is still a click away. */
  function nextPerson() {
    var link = document.querySelector("[data-pay-saved][data-key]");
    if (!link) { return; }
    link.removeAttribute("data-key");
    link.removeAttribute("aria-keyshortcuts");
    link.querySelector("kbd").remove();
  }

  function person(answer, box) {
    var part = partFor(answer.person.id_number);
    var changed = field(part, "id_number").value && field(part, "id_number").value !== answer.person.id_number;
    if (changed) { FIELDS.forEach(function (name) { field(part, name).value = ""; }); }
    fill(part, answer.person);
    var words = answer.person.name ? counter.say("read", { name: answer.person.name }) : counter.say("number", { number: answer.person.id_number });
    box.append(line("scan-ok", words, "circle-check"));
    var remarks = document.querySelector('[data-remarks="' + part + '"]');
    remarks.replaceChildren();
    answer.remarks.forEach(function (remark) { box.append(line("remark", remark.text, "alert-triangle")); });
    if (answer.known_phone) { box.append(line("hint", counter.say("phone"), "phone")); }
  }

  function fill(part, values) {
    FIELDS.forEach(function (name) { if (values[name]) { field(part, name).value = values[name]; } });
    if (values.is_organisation !== undefined) { field(part, "is_organisation").checked = !!values.is_organisation; }
    counter.changed(field(part, "name"));
  }

  function waiting(dossier, first) {
    var row = document.createElement("p"), link = document.createElement("a");
    row.className = "scan-found";
    link.href = dossier.url;
    link.className = "btn btn-sm btn-secondary";
    link.textContent = dossier.text;
    if (first) { link.dataset.key = "F1"; link.append(" ", Object.assign(document.createElement("kbd"), { textContent: "F1", ariaHidden: "true" })); }
    var words = document.createElement("span");
    words.textContent = dossier.code + " · " + dossier.procedure;
    row.append(words, link);
    return row;
  }
  function leave(url) { counter.flush().finally(function () { location.assign(url); }); }

  /* Where the eyes go after a person is known. */
  function next() {
    var used = ["owner", "submitter", "recipient", "payer"].filter(function (part) { return part === "owner" || document.getElementById("id_has_" + part).checked; });
    var unnamed = used.find(function (part) { return !field(part, "name").value.trim(); });
    if (unnamed) { field(unnamed, field(unnamed, "id_number").value ? "name" : "id_number").focus(); return; }
    if (document.getElementById("id_has_submitter").checked && !document.getElementById("id_authorisation").value) { document.getElementById("id_authorisation").focus(); return; }
    if (!document.querySelector("[data-chosen]")) { document.getElementById("procedure-search").focus(); return; }
    var paper = document.querySelector("[data-paper] [name=paper]");
    (field("owner", "phone").value ? paper || document.querySelector("button[value=save]") : field("owner", "phone")).focus();
  }

  document.addEventListener("keydown", function (event) {
    if (!counter.form() || event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (event.key === "F2") { event.preventDefault(); event.stopPropagation(); counter.scanField().focus(); counter.scanField().select(); return; }
    if (event.key === "F4" && document.querySelector("[data-chosen]")) { event.preventDefault(); counter.searchAgain(); return; }
    if (event.key === "Enter" && motcua.typing(event.target) && !event.target.matches("textarea, #scan, #procedure-search") && event.target.form === counter.form()) { event.preventDefault(); step(event.target); }
    else if (event.key === "Enter" && event.target.matches("input[type=radio], input[type=checkbox]") && event.target.form === counter.form()) { event.preventDefault(); step(event.target); }
  }, true);

  /* Enter never sends the form by accident: it goes on to the next field, from the last to the button. */
  function step(from) {
    if (from.closest("[data-paper]")) { return; }
    if (from.name === "case_key") { var first = document.querySelector("[data-paper] [name=paper]"); if (first) { first.focus(); return; } }
    if (from.id === "id_owner-phone" && document.querySelector("[data-chosen]")) { document.querySelector("button[value=save]").focus(); return; }
    var all = Array.from(counter.form().querySelectorAll("input:not([type=hidden]), select, textarea, button[value=save]")).filter(function (item) { return !item.disabled && item.getClientRects().length; });
    var after = all[all.indexOf(from) + 1];
    if (after) { after.focus(); }
  }

  document.addEventListener("toggle", function (event) {
    if (event.target.id === "refusal" && event.target.open) { document.getElementById("id_refusal_reason").focus(); }
  }, true);

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-swap]")) { swap(); return; }
    if (event.target.closest("[data-last]")) { event.preventDefault(); last(); return; }
    if (event.target.matches("[data-opens]:checked")) { document.querySelector("#" + event.target.dataset.opens + " input").focus(); }
  });
  function swap() {
    FIELDS.concat("is_organisation").forEach(function (name) {
      var one = field("owner", name), other = field("submitter", name);
      var value = one.type === "checkbox" ? "checked" : "value", kept = one[value];
      one[value] = other[value];
      other[value] = kept;
    });
    counter.changed(field("owner", "name"));
    next();
  }
  function last() {
    var form = counter.form();
    motcua.hold();   // what is typed next belongs to where the focus will be
    counter.ask(form.dataset.lastUrl + "?unit=" + form.elements.unit.value).then(function (answer) { return answer.json(); }).then(function (answer) {
      counter.fresh();
      said().replaceChildren(line("hint", answer.text, "history"));
      Object.keys(answer.values).forEach(function (name) {
        var one = form.elements[name];
        if (!one) { return; }
        if (one.type === "checkbox") { one.checked = !!answer.values[name]; } else { one.value = answer.values[name]; }
      });
      if (answer.values["owner-name"]) { counter.changed(field("owner", "name")); next(); }
    }, function (failure) { if (failure && failure.expired) { counter.expired(); } else { motcua.notice("warning", counter.say("local"), [], "htmx"); } })
      .finally(motcua.release);
  }

  /* After a save the next person is served at once: focus in the scan field, whatever the print dialog does. */
  counter.ready(function (root) {
    var scan = counter.scanField();
    if (scan && counter.form() && !root.querySelector("[data-error-summary]")) { scan.focus({ preventScroll: true }); }
  });
  window.addEventListener("afterprint", function () { var scan = counter.scanField(); if (scan) { scan.focus({ preventScroll: true }); } });
})();
