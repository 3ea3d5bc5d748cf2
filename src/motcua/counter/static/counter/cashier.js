/* A bill at the till: the change while one types, the ways to pay by key, money that comes by transfer, and the
   citizen's display following. The server computes everything again. */
(function () {
  "use strict";
  var motcua = window.motcua, counter = motcua.counter;
  var EVERY = 2000;
  var timer;

  function till() { return document.querySelector("[data-till]"); }
  function pay() { return document.querySelector("form[data-pay]"); }
  function grouped(amount) { return String(amount).replace(/\B(?=(\d{3})+$)/g, "."); }

  /* Whole đồng as people type them, as payments/rules/cash.py reads them; null for what is no amount. */
  function amount(text) {
    var said = text.trim().toLowerCase().replace(/\s*(đồng|đ|vnd|vnđ)\.?$/, "").trim();
    var short = said.match(/^(\d{1,8})\s*(k|nghìn|ngàn|tr|triệu)$/);
    if (/^\d{1,12}$/.test(said)) { return Number(said); }
    if (/^\d{1,3}([.,\s])\d{3}(\1\d{3})*$/.test(said)) { return Number(said.replace(/\D/g, "")); }
    return short ? Number(short[1]) * (/^t/.test(short[2]) ? 1000000 : 1000) : null;
  }
  motcua.readAmount = amount;

  function change() {
    var form = pay(), line = form && form.querySelector("[data-change]");
    if (!line) { return; }
    var typed = form.elements.tendered.value, part = form.elements.amount.value;
    var due = part.trim() ? amount(part) : Number(form.elements.owed.value), given = amount(typed);
    line.className = "pay-change";
    if (!typed.trim()) { line.textContent = ""; return; }
    if (given === null || due === null) { line.textContent = line.dataset.wrong; line.classList.add("is-short"); return; }
    if (given < due) { line.textContent = line.dataset.short + " " + grouped(due - given) + " đ"; line.classList.add("is-short"); return; }
    if (given === due) { line.textContent = line.dataset.exact; line.classList.add("is-exact"); return; }
    line.textContent = line.dataset.text + " " + grouped(given - due) + " đ";
  }

  function chosen() { var one = pay() && pay().querySelector("[name=method]:checked"); return one ? one.value : ""; }

  function show() {
    var box = till();
    if (!box || !box.dataset.show || box.dataset.owed === "0") { return; }
    var said = new URLSearchParams({ ma: box.dataset.reference, hien: chosen(), unit: box.dataset.unit });
    counter.ask(box.dataset.show, { method: "POST", body: said }).catch(function () {});
  }

  function waitForMoney() {
    clearTimeout(timer);
    var box = till();
    if (!box || box.dataset.owed === "0" || !/^(transfer|platform)$/.test(chosen())) { return; }
    timer = setTimeout(function () {
      counter.ask(box.dataset.arrival).then(function (answer) { return answer.json(); }).then(arrived, waitForMoney);
    }, EVERY);
  }
  function arrived(answer) {
    if (!answer.arrived) { waitForMoney(); return; }
    document.querySelectorAll("[data-wait]").forEach(function (line) {
      line.classList.add("is-here");
      line.lastElementChild.textContent = answer.text;
    });
    setTimeout(function () { location.assign(answer.url); }, 700);
  }

  function focusFor(method) {
    var form = pay();
    if (!form) { return; }
    var field = { cash: form.elements.tendered, card: form.elements.reference }[method];
    if (field) { field.focus(); if (field.select) { field.select(); } }
  }

  document.addEventListener("input", function (event) {
    if (event.target.form && event.target.form === pay()) { change(); }
  });
  document.addEventListener("change", function (event) {
    if (event.target.name !== "method" || event.target.form !== pay()) { return; }
    focusFor(event.target.value);
    show();
    waitForMoney();
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-tender]");
    if (!button) { return; }
    pay().elements.tendered.value = grouped(button.dataset.tender);
    change();
    pay().elements.tendered.focus();
  });

  counter.ready(function (root) {
    if (!till()) { return; }
    change();
    if (!root.querySelector("[data-error-summary]")) { focusFor(chosen()); }
    show();
    waitForMoney();
  });
})();
