/* The fee while it is typed: only the sum is drawn again, so that the cursor stays where it is. */
(function () {
  "use strict";
  var counter = window.motcua.counter, timer = null, asking = null;

  function sum() { return document.getElementById("fee-sum"); }

  function again() {
    var form = counter.form();
    if (!form || !sum()) { return; }
    if (asking) { asking.abort(); }
    asking = new AbortController();
    sum().setAttribute("aria-busy", "true");
    counter.ask(form.dataset.feesUrl + "?" + counter.asked(form), { signal: asking.signal }).then(function (answer) {
      return answer.text().then(function (html) {
        if (!answer.ok) { throw { offline: true }; }
        var parsed = new DOMParser().parseFromString(html, "text/html");
        sum().replaceChildren.apply(sum(), Array.from(parsed.body.childNodes));
        sum().removeAttribute("aria-busy");
      });
    }).catch(function (failure) {
      if (failure && failure.name === "AbortError") { return; }
      sum().removeAttribute("aria-busy");
      if (failure && failure.expired) { counter.expired(); }   // the server works it out again when the dossier is saved
    });
  }

  document.addEventListener("input", function (event) {
    if (!event.target.closest("[data-fees]")) { return; }
    clearTimeout(timer);
    timer = setTimeout(again, 150);
  });
})();
