// Puts each page's description under its search result. Sphinx would fetch the whole page for that, which
// doesn't work from a disk. The links ask the browser to mark the words that were searched for.
"use strict";
(() => {
  // Sphinx's own words, in ours. Its addTranslations would make a function of text, which the page's policy forbids.
  Object.assign(Documentation.TRANSLATIONS, {
    "Search Results": "Results",
    "Search finished, found ${resultCount} page(s) matching the search query.": "Places found: ${resultCount}.",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      "Nothing was found. Check the spelling, or search for fewer words.",
  });

  // Sphinx leaves numbers out of what is searched for, though its index has them. "1,000" stands there as two.
  const parseQuery = Search._parseQuery;
  Search._parseQuery = (query) => {
    const found = parseQuery(query);
    for (const word of splitQuery(query.trim()).filter((one) => /^\d+$/.test(one))) {
      found[1].add(word);
      found[3].add(word);
    }
    return found;
  };

  const results = document.getElementById("search-results");
  const descriptions = JSON.parse(document.getElementById("descriptions").textContent);
  const root = new URL(document.documentElement.dataset.content_root, document.baseURI);

  const words = (new URLSearchParams(location.search).get("q") ?? "").split(/\s+/).filter(Boolean);
  const marked = words.map((word) => `text=${encodeURIComponent(word).replaceAll("-", "%2D")}`).join("&");

  const describe = (item) => {
    const link = item.querySelector("a");
    if (!link || item.dataset.described === "") return;
    item.dataset.described = "";
    link.href += `${link.hash ? "" : "#"}:~:${marked}`;
    const path = new URL(link.href).pathname.slice(root.pathname.length).replace(/\.html$/, "");
    const text = descriptions[path];
    if (!text) return;
    const line = document.createElement("p");
    line.className = "result-text";
    line.textContent = text;
    item.append(line);
  };

  new MutationObserver(() => results.querySelectorAll("li").forEach(describe)).observe(results, {
    childList: true,
    subtree: true,
  });
})();
