// Finds sections, figures, questions and claims that hold all the words, and shows each with the words around the match.
// Everything from the data is set as text, never as markup.
"use strict";
(() => {
  const KINDS = { page: "Page", section: "Section", figure: "Figure", table: "Table", question: "Question", claim: "Claim" };
  const AROUND = 90; // letters on either side of the first match
  const MOST = 60;
  const results = document.getElementById("search-results");
  const query = (new URLSearchParams(location.search).get("q") ?? "").trim();
  document.querySelector(".search input").value = query;
  // Accents, capitals and the kind of quotation mark make no difference.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[‘’]/g, "'").toLowerCase();
  const words = plain(query).split(/\s+/).filter(Boolean);

  const made = (name, text = "", className = "") => {
    const one = document.createElement(name);
    one.textContent = text;
    if (className) one.className = className;
    return one;
  };

  // A word matches where one begins with it; a number where the same number stands.
  const matcher = (word) => {
    const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`(?<![\\p{L}\\d]|\\d[.,])${escaped}${/\d$/.test(word) ? "(?![\\d]|[.,]\\d)" : ""}`, "u");
  };
  const matchers = words.map(matcher);

  const score = ([kind, title, , text]) => {
    const [head, body] = [plain(title), plain(text)];
    let sum = kind === "page" || kind === "section" ? 1 : 0;
    for (const one of matchers) {
      if (one.test(head)) sum += 10;
      else if (one.test(body)) sum += 2;
      else return 0;
    }
    return sum;
  };

  const excerpt = (text) => {
    const line = made("p", "", "result-text");
    const body = plain(text).length === text.length ? plain(text) : text.toLowerCase();
    const places = matchers.map((one) => one.exec(body)).filter(Boolean).map((found) => [found.index, found[0].length]);
    places.sort((a, b) => a[0] - b[0]);
    const first = places[0]?.[0] ?? 0;
    const start = first > AROUND ? text.lastIndexOf(" ", first - AROUND) + 1 : 0;
    const end = Math.min(text.length, first + 2 * AROUND);
    let at = start;
    line.append(start ? "… " : "");
    for (const [place, length] of places) {
      if (place < at || place + length > end) continue;
      line.append(text.slice(at, place), made("mark", text.slice(place, place + length)));
      at = place + length;
    }
    line.append(text.slice(at, end), end < text.length ? " …" : "");
    return line;
  };

  const show = () => {
    const fragment = words.map((word) => `text=${encodeURIComponent(word).replaceAll("-", "%2D")}`).join("&");
    const found = window.surveybookSections
      .map((one) => [score(one), one])
      .filter(([value]) => value)
      .sort((a, b) => b[0] - a[0]);
    const said = found.length
      ? `Places found: ${found.length}.${found.length > MOST ? ` The first ${MOST} are shown; more words find fewer.` : ""}`
      : "Nothing was found. Check the spelling, or search for fewer words.";
    const summary = made("p", said, "search-summary");
    summary.setAttribute("role", "status");
    const list = made("ul", "", "search");
    for (const [, [kind, title, address, text]] of found.slice(0, MOST)) {
      const item = made("li");
      const link = made("a", title);
      // What a section's address can't carry the explorer needs: its own address is what it shows.
      link.href = kind === "question" ? address : `${address}:~:${fragment}`;
      item.append(made("span", KINDS[kind], "result-kind"), link, excerpt(text));
      list.append(item);
    }
    results.append(made("h2", "Results"), summary, list);
  };

  if (!words.length) return;
  // What is looked through is loaded for those who search. A script, because that works from a disk too.
  const sections = made("script");
  sections.src = results.dataset.sections;
  sections.onload = show;
  document.head.append(sections);
})();
