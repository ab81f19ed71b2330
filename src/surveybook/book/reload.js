"use strict";
// Asks now and then of its own page, and only while somebody looks. The page's policy allows scripts of its own site.
(() => {
  let known;
  setInterval(async () => {
    if (document.hidden) return;
    const asked = fetch("/_surveybook/version/" + location.pathname.slice(1));
    const now = await asked.then((answer) => answer.text()).catch(() => known);
    if (known && now && now !== known) location.reload();
    known = now || known;
  }, 500);
})();
