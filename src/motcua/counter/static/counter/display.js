/* The citizen's display asks what to show, a little more often than once a second; the answer is empty while it stays
   the same. Old browsers of television sets: no fetch, no modules. */
(function () {
  "use strict";
  var EVERY = 1200, SLOW = 5000;
  var main = document.querySelector("[data-display]"), lost = document.querySelector("[data-lost]");

  function tag() { var shown = main.querySelector("[data-tag]"); return shown ? shown.getAttribute("data-tag") : ""; }
  function ask() {
    var request = new XMLHttpRequest();
    request.open("GET", main.getAttribute("data-display"));
    request.setRequestHeader("If-None-Match", '"' + tag() + '"');
    request.timeout = 8000;
    request.onload = function () {
      lost.hidden = true;
      if (request.status === 200) { main.innerHTML = request.responseText; }
      if (request.status === 204) { location.reload(); return; }
      setTimeout(ask, request.status >= 500 || request.status === 429 ? SLOW : EVERY);
    };
    request.onerror = request.ontimeout = function () { lost.hidden = false; setTimeout(ask, SLOW); };
    request.send();
  }
  setTimeout(ask, EVERY);
})();
