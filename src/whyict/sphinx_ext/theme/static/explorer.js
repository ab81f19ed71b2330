// Shows any question of any wave as a chart and a table. What is shown stands in the address after "#".
// Everything from the data is set as text, never as markup.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("explorer-data").textContent);
  const figures = data.figures.map((row) => Object.fromEntries(row.map((value, at) => [data.fields[at], value])));
  const at = (name) => document.getElementById(`explore-${name}`);
  const SVG = "http://www.w3.org/2000/svg";
  // The light colours of the charts; the stylesheet recolours them for the dark.
  const COLOURS = ["#1d4f91", "#b8471a", "#646f7b"];
  const INK = { text: "#1b1f24", muted: "#56606b", axis: "#858f99", grid: "#d9dee3" };
  const FONT = 12.5;

  const made = (name, text, attributes = {}) => {
    const one = document.createElement(name);
    if (text !== undefined) one.textContent = text;
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    return one;
  };
  const drawn = (name, attributes, text) => {
    const one = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    if (text !== undefined) one.textContent = text;
    return one;
  };

  const everyone = (domain) => domain || "everyone asked";
  const unique = (values) => [...new Set(values)];
  const labelOf = (list, id) => list.find((one) => one.id === id)?.label ?? id;

  // What the address asks for, as far as there is such a thing; the first of each otherwise.
  const read = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const one = (list, id) => (list.includes(id) ? id : list[0]);
    const question = one(data.questions.map((each) => each.id), asked.get("question"));
    const about = figures.filter((figure) => figure.question === question);
    // Of the waves in `later` the page knows which questions they asked; their figures come when they are chosen.
    const has = (id) => data.later?.[id]?.includes(question) || about.some((figure) => figure.wave === id);
    const waves = data.waves.map((wave) => wave.id).filter(has);
    const wave = one(waves, asked.get("wave"));
    const here = about.filter((figure) => figure.wave === wave);
    const domains = unique(here.map((figure) => figure.domain)).sort();
    const domain = one(domains, asked.get("among") ?? "");
    const able = data.populations
      .map((population) => population.id)
      .filter((id) => here.some((figure) => figure.population === id && figure.domain === domain));
    const wanted = asked.get("of")?.split(",").filter((id) => able.includes(id)) ?? [];
    const populations = wanted.length ? able.filter((id) => wanted.includes(id)) : able;
    const shown = here.filter((figure) => figure.domain === domain && populations.includes(figure.population));
    return { question, wave, waves, domain, domains, populations, able, shown };
  };

  const write = (changed) => {
    const now = { ...read(), ...changed };
    const address = new URLSearchParams({ question: now.question, wave: now.wave });
    if (now.populations.length < now.able.length) address.set("of", now.populations.join(","));
    if (now.domain) address.set("among", now.domain);
    location.hash = address.toString();
  };

  const options = (select, entries, chosen) => {
    select.replaceChildren(...entries.map(([value, text]) => made("option", text, { value })));
    select.value = chosen;
    select.disabled = entries.length < 2;
  };

  const controls = (view) => {
    at("question").value = view.question;
    const named = data.waves.filter((wave) => view.waves.includes(wave.id));
    options(at("wave"), named.map((wave) => [wave.id, wave.label + (wave.synthetic ? " (made-up data)" : "")]), view.wave);
    options(at("domain"), view.domains.map((domain) => [domain, everyone(domain)]), view.domain);
    for (const box of at("populations").querySelectorAll("input")) {
      box.checked = view.populations.includes(box.value);
      // One at least has to stay, or there would be nothing to show.
      box.disabled = !view.able.includes(box.value) || (box.checked && view.populations.length === 1);
    }
  };

  const grouped = (shown) => {
    const rows = new Map();
    for (const figure of shown) {
      const name = figure.answer ? `${figure.label}: ${figure.answer.toLowerCase()}` : figure.label;
      rows.set(name, [...(rows.get(name) ?? []), figure]);
    }
    return rows;
  };

  const told = (figure) => {
    if (figure.status !== "number") return figure.status === "words" ? `“${figure.value}”` : "not published";
    return `${figure.value}%` + (figure.low === null ? "" : ` (${figure.low} to ${figure.high})`);
  };

  const wrapped = (text, letters) => {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (longer.length > letters && lines.at(-1)) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  };

  const marker = (place, x, y, fill) =>
    place === 0
      ? drawn("circle", { cx: x, cy: y, r: 5, fill })
      : place === 1
        ? drawn("rect", { x: x - 4.5, y: y - 4.5, width: 9, height: 9, fill })
        : drawn("path", { d: `M${x} ${y - 6}l6 6-6 6-6-6z`, fill });

  const chart = (view) => {
    const width = Math.max(260, Math.min(620, at("chart").clientWidth));
    const right = width - 40;
    const x = (share) => 2 + (share / 100) * (right - 2);
    const svg = drawn("svg", { role: "img", width, "font-size": FONT, "font-family": "Arial, sans-serif" });
    const colour = (id) => data.populations.findIndex((population) => population.id === id) % COLOURS.length;
    let y = 8;
    let along = 6;
    for (const id of view.populations) {
      const name = labelOf(data.populations, id);
      svg.append(marker(colour(id), along, y + 4, COLOURS[colour(id)]));
      svg.append(drawn("text", { x: along + 11, y: y + 8.5, fill: INK.text }, name));
      along += 36 + name.length * 6.6;
    }
    y += 34;
    for (const [name, marks] of grouped(view.shown)) {
      for (const line of wrapped(name, Math.floor(width / 6.6))) {
        svg.append(drawn("text", { x: 0, y, fill: INK.text }, line));
        y += 16;
      }
      for (const figure of marks) {
        const place = colour(figure.population);
        const middle = y - 2;
        if (figure.status === "number") {
          const over = x(figure.high ?? figure.share);
          svg.append(drawn("path", { d: `M${x(0)} ${middle}H${x(figure.low ?? figure.share)}`, stroke: INK.grid }));
          if (figure.low !== null) {
            const d = `M${x(figure.low)} ${middle}H${over}`;
            svg.append(drawn("path", { d, stroke: COLOURS[place], "stroke-width": 7, "stroke-opacity": 0.35 }));
          }
          svg.append(marker(place, x(figure.share), middle, COLOURS[place]));
          svg.append(drawn("text", { x: over + 7, y: middle + 4.5, fill: INK.text }, `${figure.value}%`));
        } else {
          const said = `${labelOf(data.populations, figure.population)}: ${told(figure)}`;
          svg.append(drawn("text", { x: 4, y: middle + 4, fill: INK.muted, "font-style": "italic" }, said));
        }
        y += 18;
      }
      y += 12;
    }
    const bottom = y - 14;
    for (const tick of [0, 25, 50, 75, 100]) {
      svg.append(drawn("path", { d: `M${x(tick)} ${bottom}v5`, stroke: INK.axis }));
      const anchor = tick ? "middle" : "start";
      svg.append(drawn("text", { x: x(tick), y: bottom + 18, fill: INK.muted, "font-size": 11, "text-anchor": anchor }, `${tick}%`));
    }
    svg.append(drawn("path", { d: `M${x(0)} ${bottom}H${right}`, stroke: INK.axis }));
    svg.setAttribute("height", bottom + 26);
    svg.setAttribute("viewBox", `0 0 ${width} ${bottom + 26}`);
    const spoken = [...grouped(view.shown)].map(
      ([name, marks]) =>
        `${name}: ${marks.map((figure) => `${labelOf(data.populations, figure.population)} ${told(figure)}`).join(", ")}`,
    );
    svg.setAttribute("aria-label", `Dot plot. ${spoken.join(". ")}.`);
    at("chart").replaceChildren(svg);
  };

  const table = (view) => {
    // Where choosing an item is the only answer there is, it goes without saying.
    const answers = view.shown.some((figure) => figure.answer);
    const heads = ["Item", ...(answers ? ["Answer"] : []), "Population", "Share (%)", "From", "to", "Base", "Printed in"];
    const bound = (value) => (value === null ? "" : value.toFixed(1));
    const whole = made("table");
    const head = made("tr");
    head.append(...heads.map((text) => made("th", text, { scope: "col" })));
    const body = made("tbody");
    for (const figure of view.shown) {
      const row = made("tr");
      const shown = figure.status === "unpublished" ? "not published" : figure.value;
      const population = labelOf(data.populations, figure.population);
      const cells = [population, shown, bound(figure.low), bound(figure.high), figure.base, figure.locator];
      if (answers) cells.unshift(figure.answer);
      row.append(made("th", figure.label, { scope: "row" }), ...cells.map((cell) => made("td", cell)));
      body.append(row);
    }
    const top = made("thead");
    top.append(head);
    whole.append(top, body);
    at("table").replaceChildren(whole);
  };

  const show = () => {
    const view = read();
    const title = data.questions.find((question) => question.id === view.question).title;
    const wave = data.waves.find((one) => one.id === view.wave);
    controls(view);
    if (data.later?.[view.wave]) return fetchWave(view.wave);
    at("title").textContent = `${title}${view.domain ? `, among ${view.domain}` : ""}`;
    const asked = view.populations.map((id) => data.asked[`${view.wave}|${view.question}|${id}`]).filter(Boolean);
    at("asked").replaceChildren(
      ...unique(asked.map(([wording]) => wording)).map((text) => made("p", `“${text}”`, { class: "chart-question" })),
      ...unique(asked.map(([, base]) => base)).map((text) => made("p", text, { class: "chart-base" })),
    );
    chart(view);
    table(view);
    const intervals = view.shown.some((figure) => figure.low !== null);
    at("note").textContent = intervals
      ? `Bars and bounds are ${data.confidence} per cent intervals, ${wave.intervals}.`
      : "No intervals: the number of people asked is not known, or no percentage was published.";
    at("source").textContent = `Source: ${wave.source}.${wave.synthetic ? " Made-up data: no survey." : ""}`;
    at("status").textContent = `${title}: ${view.shown.length} figures, wave ${wave.label}.`;
  };

  document.querySelector(".without-script").hidden = true; // for browsers whose stylesheets can't tell
  for (const chapter of unique(data.questions.map((question) => question.chapter))) {
    const group = made("optgroup", undefined, { label: chapter });
    for (const { id, title, chapter: of } of data.questions) {
      if (of === chapter) group.append(made("option", title, { value: id }));
    }
    at("question").append(group);
  }
  for (const { id, label } of data.populations) {
    const box = made("label");
    box.append(made("input", undefined, { type: "checkbox", value: id, autocomplete: "off" }), ` ${label}`);
    at("populations").append(box);
  }
  at("question").addEventListener("change", (event) => write({ question: event.target.value }));
  at("wave").addEventListener("change", (event) => write({ wave: event.target.value }));
  at("domain").addEventListener("change", (event) => write({ domain: event.target.value, populations: [], able: [] }));
  at("populations").addEventListener("change", () => {
    const boxes = [...at("populations").querySelectorAll("input:checked")];
    write({ populations: boxes.map((box) => box.value) });
  });
  const fetched = new Set();
  const fetchWave = (id) => {
    if (fetched.has(id)) return;
    fetched.add(id);
    // A script, because that works from a disk too.
    document.head.append(made("script", undefined, { src: `_static/explorer/${encodeURIComponent(id)}.js` }));
  };
  window.whyictExplored = (part) => {
    figures.push(...part.figures.map((row) => Object.fromEntries(row.map((value, place) => [part.fields[place], value]))));
    Object.assign(data.asked, part.asked);
    for (const wave of part.waves) delete data.later[wave.id];
    show();
  };
  document.querySelector(".explorer").addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", show);
  new ResizeObserver(() => chart(read())).observe(at("chart"));
  show();
})();
