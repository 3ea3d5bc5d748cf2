/* Dialogs, menus, notices, and the two small buttons of the sign-in page. */
(function () {
  "use strict";
  var motcua = window.motcua;

  /* data-open-dialog="id" opens a <dialog>; focus returns to what opened it by the browser's own rules. */
  motcua.openDialog = function (id) {
    var dialog = document.getElementById(id);
    if (dialog && !dialog.open) { dialog.showModal(); }
    return dialog;
  };

  /* A notice for something that happened in the background. actions: [{label, run, href}] */
  motcua.notice = function (kind, text, actions, key) {
    var box = document.getElementById("notices");
    if (!box) { return null; }
    var old = key && box.querySelector('[data-notice="' + key + '"]');
    if (old) { old.remove(); }
    var note = document.createElement("div");
    note.className = "note note-" + kind;
    if (key) { note.dataset.notice = key; }
    var words = document.createElement("div");
    words.className = "note-words";
    var sentence = document.createElement("p");
    sentence.textContent = text;
    words.append(sentence);
    var row = document.createElement("div");
    row.className = "note-actions";
    (actions || []).concat([{ label: motcua.say("close") }]).forEach(function (action) {
      var button = document.createElement(action.href ? "a" : "button");
      button.className = "btn btn-sm btn-secondary";
      button.textContent = action.label;
      if (action.href) { button.href = action.href; button.target = "_blank"; button.rel = "noopener"; }
      else {
        button.type = "button";
        button.addEventListener("click", function () { note.remove(); if (action.run) { action.run(); } });
      }
      row.append(button);
    });
    words.append(row);
    note.append(words);
    box.append(note);
    return note;
  };

  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-open-dialog]");
    if (opener) { motcua.openDialog(opener.dataset.openDialog); return; }
    var closer = event.target.closest("[data-close-dialog]");
    if (closer) { closer.closest("dialog").close(); return; }
    var shower = event.target.closest("[data-show-password]");
    if (shower) { showPassword(shower); return; }
    var filler = event.target.closest("[data-fill-form]");
    if (filler) { fillForm(filler); return; }
    if (event.target.matches("dialog")) { event.target.close(); }
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  /* Which groups of the menu are folded is kept where the server reads it, so that no page jumps when it is drawn. */
  document.addEventListener("click", function (event) {
    var summary = event.target.closest("details[data-menu] > summary");
    if (!summary) { return; }
    var group = summary.parentNode;
    var said = (document.cookie.match(/(?:^|; )motcua_menu=([^;]*)/) || ["", ""])[1];
    var kept = said.split(".").filter(function (part) { return part && part.split(":")[0] !== group.dataset.menu; });
    kept.push(group.dataset.menu + ":" + (group.open ? "1" : "0"));
    document.cookie = "motcua_menu=" + kept.join(".") + ";path=/;max-age=31536000;samesite=lax" + (location.protocol === "https:" ? ";secure" : "");
  });

  function showPassword(button) {
    var input = document.getElementById(button.dataset.showPassword);
    var hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.setAttribute("aria-pressed", String(hidden));
    button.querySelector("[data-label]").textContent = motcua.say(hidden ? "hide" : "show");
  }

  function fillForm(button) {
    var form = document.getElementById(button.dataset.fillForm);
    form.elements.username.value = button.dataset.username;
    form.elements.password.value = button.dataset.password;
    form.querySelector("[type=submit]").focus();
  }

  /* What htmx could not fetch is said, never swallowed. */
  document.addEventListener("htmx:responseError", function (event) {
    var page = new DOMParser().parseFromString(event.detail.xhr.responseText || "", "text/html");
    var said = page.querySelector("[data-problem-text]");
    motcua.notice("danger", said ? said.textContent : motcua.say("failed", { status: event.detail.xhr.status }), [], "htmx");
  });
  document.addEventListener("htmx:sendError", function () { motcua.notice("warning", motcua.say("offline"), [], "htmx"); });
})();
