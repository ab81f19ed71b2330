// Finds words in all editions: a page that has them in several is one result, with a link to each edition.
// Everything from the index is set as text, never as markup.
"use strict";
(() => {
  const index = window.surveybookIndex;
  const at = (id) => document.getElementById(id);
  const asked = new URLSearchParams(location.search).get("q") ?? "";
  const TITLE = 15, WORD = 5, MOST_LINKS = 6;

  const made = (name, text, attributes = {}) => {
    const one = document.createElement(name);
    if (text !== undefined) one.textContent = text;
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    return one;
  };

  const stemmer = new Stemmer();
  const words = [...new Set(asked.toLowerCase().split(/[^\p{Letter}\p{Number}_\p{Emoji_Presentation}]+/u))]
    .filter((word) => word && !(Array.isArray(stopwords) ? stopwords.includes(word) : stopwords.has(word)));

  // Where one word stands: by page, the editions and how much it counts.
  const places = (word) => {
    const stem = stemmer.stemWord(word);
    const found = new Map();
    for (const [kind, score] of [["titleterms", TITLE], ["terms", WORD]]) {
      const listed = index[kind];
      // As a whole, or else as the beginning of a word.
      const keys = [word, stem].filter((key) => Object.hasOwn(listed, key));
      const terms = keys.length || word.length < 4 ? new Set(keys) : Object.keys(listed).filter((key) => key.startsWith(word));
      for (const term of terms) {
        for (const [page, editions] of listed[term]) {
          const before = found.get(page) ?? { editions: new Set(), score: 0 };
          for (const edition of editions || index.pages[page].editions) before.editions.add(edition);
          found.set(page, { editions: before.editions, score: Math.max(before.score, score) });
        }
      }
    }
    return found;
  };

  const search = (edition) => {
    const [first, ...others] = words.map(places);
    const results = [];
    for (const [page, { editions, score }] of first ?? []) {
      let having = [...editions];
      let whole = score;
      for (const other of others) {
        having = having.filter((one) => other.get(page)?.editions.has(one));
        whole += other.get(page)?.score ?? 0;
      }
      if (edition !== "") having = having.filter((one) => one === Number(edition));
      if (having.length) results.push({ ...index.pages[page], having: having.sort((a, b) => a - b), whole });
    }
    return results.sort((a, b) => b.whole - a.whole || a.title.localeCompare(b.title));
  };

  const address = (edition, page) => {
    return `${index.editions[edition].at}${page.at}`;
  };

  const item = (page) => {
    const line = made("li");
    line.append(made("a", page.title, { href: address(page.having[0], page) }));
    const text = made("p", undefined, { class: "result-text" });
    const all = page.having.length === page.editions.length && page.having.length > 1;
    text.append(all ? `In all ${page.having.length} editions: ` : "In ");
    page.having.slice(0, MOST_LINKS).forEach((edition, place) => {
      if (place) text.append(", ");
      text.append(made("a", index.editions[edition].name, { href: address(edition, page) }));
    });
    const more = page.having.length - MOST_LINKS;
    if (more > 0) text.append(` and ${more} more. Choose an edition above to see its pages.`);
    line.append(text);
    return line;
  };

  const show = () => {
    const found = words.length ? search(at("search-edition").value) : [];
    at("editions-results").replaceChildren(...found.map(item));
    const pages = found.length === 1 ? "1 page has" : `${found.length} pages have`;
    at("search-summary").textContent = words.length ? `${pages} “${asked}”.` : "Type words into the box at the top.";
  };

  at("search-edition").append(made("option", "All editions", { value: "" }));
  index.editions.forEach((edition, place) => at("search-edition").append(made("option", edition.name, { value: place })));
  at("edition-choice").hidden = false;
  at("search-edition").addEventListener("change", show);
  at("edition-choice").addEventListener("submit", (event) => event.preventDefault());
  document.querySelector('.search input[name="q"]').value = asked;
  show();
})();
