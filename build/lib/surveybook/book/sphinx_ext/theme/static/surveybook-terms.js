// Shows what a term means, or which work is cited, beside the link to it: on hover and on focus. Without this
// script a browser shows the link's title on hover.
"use strict";
(() => {
  const tip = document.createElement("div");
  tip.id = "term-tip";
  tip.className = "term-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);
  let current = null;
  let leaving;

  const hide = () => {
    clearTimeout(leaving);
    current?.removeAttribute("aria-describedby");
    current = null;
    tip.hidden = true;
  };

  const show = (link) => {
    clearTimeout(leaving);
    if (link === current) return;
    hide();
    current = link;
    tip.textContent = link.dataset.tip;
    tip.hidden = false;
    link.setAttribute("aria-describedby", tip.id);
    // The first line of a link that runs over two.
    const at = link.getClientRects()[0];
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(8, Math.min(at.left, room)) + scrollX}px`;
    const above = at.top - tip.offsetHeight - 6;
    tip.style.top = `${(above > 0 ? above : link.getBoundingClientRect().bottom + 6) + scrollY}px`;
  };

  // Time to move the pointer onto the text, which may be selected.
  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(hide, 250);
  };

  for (const link of document.querySelectorAll("main a.reference[title]")) {
    link.dataset.tip = link.title;
    link.removeAttribute("title"); // or the browser would show it too
    link.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && show(link));
    link.addEventListener("pointerleave", leave);
    link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
    link.addEventListener("blur", hide);
  }
  tip.addEventListener("pointerenter", () => clearTimeout(leaving));
  tip.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
})();
