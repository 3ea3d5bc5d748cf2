/* Forms that survive errors, a dropped line and an expired session.
   data-resilient on a form sends it by fetch: a dropped line is retried with the same idempotency_key, an expired
   session keeps the page and offers to sign in beside it, an answer with errors replaces the page's content.
   data-file-drop on a box takes dropped files. Drafts are in drafts.js. */
(function () {
  "use strict";
  var motcua = window.motcua;
  var SENT_MS = 15000;
  var WAITS = [1000, 2000, 4000, 8000, 15000, 30000];

  /* ---- errors: focus goes to the summary, links go into the field itself ---- */
  function showErrors(root) {
    var summary = root.querySelector("[data-error-summary]");
    if (summary) { summary.focus(); summary.scrollIntoView({ block: "nearest" }); }
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-error-summary] a[href^='#']");
    if (!link) { return; }
    var target = document.getElementById(link.hash.slice(1));
    if (!target) { return; }
    event.preventDefault();
    var inner = target.matches("fieldset") ? target.querySelector("input, select, textarea") : target;
    (inner || target).focus();
    target.scrollIntoView({ block: "center" });
  });

  function attach(root) {
    root.querySelectorAll("[data-file-drop]").forEach(fileDrop);
    showErrors(root);
  }

  /* ---- sending that survives a dropped line ---- */
  function csrf() {
    var found = document.cookie.match(/(?:^|; )(?:motcua_csrf|csrftoken)=([^;]+)/);
    return found ? found[1] : "";
  }
  function newKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }
  function idempotency(form) {
    var field = form.elements.idempotency_key;
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "idempotency_key";
      form.append(field);
    }
    if (!field.value) { field.value = newKey(); }
  }
  function busy(form, on) {
    form.dataset.sending = on ? "1" : "";
    form.setAttribute("aria-busy", String(on));
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || !form.matches("[data-resilient]")) { return; }
    event.preventDefault();
    if (form.dataset.sending) { return; }
    idempotency(form);
    send(form, event.submitter, 0);
  });

  /* A form that is being sent is not sent again: of a double click the browser would show the second answer, which says
     that what the first click did cannot be done. Pages taken from the browser's memory begin anew. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    /* by selector: a field called "method" hides the form's own */
    if (event.defaultPrevented || !form.matches("form[method=post]:not([data-resilient]):not([target=_blank])")) { return; }
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < SENT_MS) { event.preventDefault(); return; }
    form.dataset.sent = String(Date.now());
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; form.removeAttribute("aria-busy"); });
  });

  function send(form, submitter, attempt) {
    busy(form, true);
    var token = csrf();
    if (token && form.elements.csrfmiddlewaretoken) { form.elements.csrfmiddlewaretoken.value = token; }
    var data = new FormData(form, submitter && submitter.form === form ? submitter : null);
    var address = (submitter && submitter.getAttribute("formaction")) || form.getAttribute("action") || location.href;
    fetch(address, { method: "POST", body: data, credentials: "same-origin", headers: { "X-Requested-With": "motcua-form" } })
      .then(function (answer) { return received(form, submitter, answer, attempt); }, function () { later(form, submitter, attempt); })
      .catch(function () { busy(form, false); motcua.notice("danger", motcua.say("failed", { status: "?" }), [], "send"); });
  }
  function later(form, submitter, attempt) {
    var again = { label: motcua.say("again"), run: function () { clearTimeout(timer); send(form, submitter, 0); } };
    var timer;
    if (attempt < WAITS.length) {
      motcua.notice("warning", motcua.say("offline"), [again], "send");
      timer = setTimeout(send, WAITS[attempt], form, submitter, attempt + 1);
    } else { busy(form, false); motcua.notice("danger", motcua.say("gaveUp"), [again], "send"); }
  }
  function received(form, submitter, answer, attempt) {
    var target = answer.headers.get("X-Location");
    var login = motcua.say("loginPath");
    if (answer.status === 503) { later(form, submitter, attempt); return null; }
    if (answer.status === 401 || (target && new URL(target, location.href).pathname === login)) { expired(form, submitter, login); return null; }
    if (target) { motcua.forgetDraft(form); location.assign(target); return null; }
    return answer.text().then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      if (answer.status === 403 && page.querySelector("[data-problem=csrf]")) { expired(form, submitter, login); return; }
      if (answer.ok) { motcua.forgetDraft(form); }
      busy(form, false);
      show(page, answer.status);
    });
  }
  function expired(form, submitter, login) {
    busy(form, false);
    motcua.notice("warning", motcua.say("expired"), [
      { label: motcua.say("login"), href: login },
      { label: motcua.say("again"), run: function () { send(form, submitter, 0); } }
    ], "send");
  }
  /* An answer that is a page of ours takes the place of the content; a problem page becomes a notice. */
  function show(page, status) {
    var problem = page.querySelector("[data-problem-text]");
    var main = page.querySelector("main");
    var old = document.getElementById("send");
    if (old) { old.remove(); }
    if (problem || !main) {
      motcua.notice("danger", problem ? problem.textContent : motcua.say("failed", { status: status }), [], "send");
      return;
    }
    document.title = page.title;
    var here = document.getElementById("main");
    here.replaceChildren.apply(here, Array.from(main.childNodes));
    attach(here);
    motcua.attachDrafts(here);
    document.dispatchEvent(new CustomEvent("motcua:content", { detail: { root: here } }));
  }

  /* ---- files: dropped ones land in the input, too large ones are said before sending ---- */
  function fileDrop(box) {
    var input = box.querySelector("input[type=file]");
    var list = box.querySelector("[data-file-list]");
    ["dragover", "dragleave", "drop"].forEach(function (name) {
      box.addEventListener(name, function (event) {
        event.preventDefault();
        box.classList.toggle("drop-over", name === "dragover");
        if (name === "drop" && event.dataTransfer.files.length) { input.files = event.dataTransfer.files; input.dispatchEvent(new Event("change", { bubbles: true })); }
      });
    });
    input.addEventListener("change", function () {
      var max = Number(box.dataset.maxMb || 0);
      list.replaceChildren.apply(list, Array.from(input.files).map(function (file) {
        var item = document.createElement("li");
        var tooBig = max && file.size > max * 1048576;
        item.textContent = tooBig ? motcua.say("fileTooBig", { name: file.name, max: max }) : file.name + " · " + Math.max(1, Math.round(file.size / 1024)) + " kB";
        item.className = tooBig ? "error" : "";
        return item;
      }));
    });
  }

  attach(document);
})();
