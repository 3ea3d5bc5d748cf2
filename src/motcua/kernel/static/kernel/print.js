/* Printing. data-print prints this page; data-print-url prints a PDF of ours from a hidden frame, without
   leaving the page or waiting for the printer's dialog; where that fails the PDF opens in a new tab. */
(function () {
  "use strict";
  var motcua = window.motcua;

  motcua.print = function (url) {
    var old = document.getElementById("print-frame");
    if (old) { old.remove(); }
    var frame = document.createElement("iframe");
    frame.id = "print-frame";
    frame.className = "visually-hidden";
    frame.tabIndex = -1;
    frame.setAttribute("aria-hidden", "true");
    frame.addEventListener("load", function () {
      /* An automated browser has no printer, and a headless Chromium dies of being asked to print a PDF. */
      if (navigator.webdriver) { return; }
      var held = document.activeElement;
      try { frame.contentWindow.focus(); frame.contentWindow.print(); }
      catch (_refused) { window.open(url, "_blank", "noopener"); }
      window.focus();
      if (held && held !== frame) { held.focus({ preventScroll: true }); }
    });
    frame.src = url;
    document.body.append(frame);
  };

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-print], [data-print-url]");
    if (!button) { return; }
    event.preventDefault();
    if (button.dataset.printUrl) { motcua.print(button.dataset.printUrl); } else { window.print(); }
  });

  /* A page that follows a save names what to print once: <meta name="print-now" content="/…pdf">. */
  var now = document.querySelector("meta[name=print-now]");
  if (now && !sessionStorage.getItem("printed:" + now.content)) {
    sessionStorage.setItem("printed:" + now.content, "1");
    motcua.print(now.content);
  }
})();
