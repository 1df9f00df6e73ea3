/*
 * Says what is missing where the draw page cannot start. It runs in browsers of any age, so nothing here is newer than
 * ECMAScript 5, and it is no module. frontend/tests/offline/start_check.test.ts reads it.
 */
(function () {
  var WORDS = {
    en: {
      old: "This browser is too old for this page: it has no ",
      and: " and no ",
      newer: ". Firefox, Chrome, Edge and Safari have had all of it since 2022.",
      lost: "A part of this page did not arrive. Please load it again.",
    },
    de: {
      old: "Dieser Browser ist zu alt für diese Seite. Ihm fehlt: ",
      and: ", ",
      newer: ". Firefox, Chrome, Edge und Safari haben das alles seit 2022.",
      lost: "Ein Teil dieser Seite ist nicht angekommen. Bitte lade sie noch einmal.",
    },
  };

  /** Each: what the page cannot do without, by the name somebody can look up. */
  function findMissing() {
    var missing = [];
    function need(name, isThere) {
      if (!isThere) missing.push(name);
    }
    var canvas = document.createElement("canvas");
    need("JavaScript modules", "noModule" in document.createElement("script"));
    need("canvas", !!(canvas.getContext && canvas.getContext("2d")));
    need("pointer events", "PointerEvent" in window);
    need("fetch", "fetch" in window);
    need("AbortSignal.timeout", "AbortSignal" in window && "timeout" in window.AbortSignal);
    need("Object.hasOwn", "hasOwn" in Object);
    need("crypto.getRandomValues", !!(window.crypto && window.crypto.getRandomValues));
    return missing;
  }

  function say(words) {
    var box = document.createElement("p");
    box.id = "cannot-start";
    box.setAttribute("role", "alert");
    box.style.cssText = "margin:0;padding:16px;background:#7a1f1f;color:#fff;font:18px/1.4 sans-serif";
    box.appendChild(document.createTextNode(words));
    document.body.insertBefore(box, document.body.firstChild);
  }

  // By now the page's own script has run, or has failed to.
  document.addEventListener("DOMContentLoaded", function () {
    var words = /^de/i.test(navigator.language || "") ? WORDS.de : WORDS.en;
    var missing = findMissing();
    if (missing.length > 0) say(words.old + missing.join(words.and) + words.newer);
    else if (!document.documentElement.hasAttribute("data-started")) say(words.lost);
  });
})();
