/* The sentences scripts say, translated by the page and carried as data attributes of this script. */
(function () {
  "use strict";
  var said = document.currentScript.dataset;
  document.documentElement.classList.add("js");
  Object.assign(window.motcua, {
    say: function (name, values) {
      return (said[name] || name).replace(/%\((\w+)\)s/g, function (_all, key) {
        return values && key in values ? values[key] : "";
      });
    },
    typing: function (target) {
      return !!target && !!target.closest && !!target.closest("input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]");
    }
  });
})();
