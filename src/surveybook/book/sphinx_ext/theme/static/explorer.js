// Shows any question of any wave as a chart and a table. What is shown stands in the address after "#".
// Everything from the data is set as text, never as markup.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("explorer-data").textContent);
  const answers = {}; // of each question that was shown
  const at = (name) => document.getElementById(`explore-${name}`);
  const SVG = "http://www.w3.org/2000/svg";
  // The light colours of the populations; the stylesheet recolours them for the dark.
  const { colours, file: fileName } = document.querySelector("form.explorer").dataset;
  const COLOURS = colours.split(" ");
  const INK = { text: "#1b1f24", muted: "#56606b", axis: "#858f99", grid: "#d9dee3", paper: "#ffffff" };
  const BAND = { fill: "#ecdcc3", stroke: "#94692f" };
  const FONT = 12.5;
  const LETTER = 6.6; // px, about, of a letter of that size
  const heading = document.title;

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
  const population = (id) => data.populations.find((one) => one.id === id)?.label ?? id;
  const waveOf = (id) => data.waves.find((one) => one.id === id);
  const places = JSON.parse(document.getElementById("explorer-places").textContent);

  // How a question was put to people in a wave; two waves compare where no part that both state differs.
  const asked = (wave, question, id) => {
    const [wording, base, parts, mode, left = []] = answers[question]?.asked[`${wave}|${id}`] ?? [];
    return wording === undefined ? undefined : { wording, base, parts, mode, left };
  };
  const comparable = (question, id, wave, other) => {
    const [now, then] = [asked(wave, question, id), asked(other, question, id)];
    return Boolean(now && then && now.parts.every((part, place) => !part || !then.parts[place] || part === then.parts[place]));
  };
  // A figure, followed by what it and those before it leave to 100 per cent: no figure of the survey.
  const withLeft = (figure) => {
    const rest = asked(figure.wave, figure.question, figure.population)?.left ?? [];
    const own = rest.filter(([domain, item]) => domain === figure.domain && item === figure.item);
    const none = { low: null, from: null, base: "", locator: "What is left to 100", status: "left" };
    const left = ([, , label, answer, value]) => ({ ...none, label: label || answer, answer: label && answer, value, share: Number(value) });
    return [figure, ...own.map(left).map((one) => ({ ...one, population: figure.population }))];
  };
  const same = (figure) => (other) =>
    ["population", "domain", "item"].every((key) => other[key] === figure[key]);

  const wanted = () => new URLSearchParams(location.hash.slice(1));
  const one = (list, id) => (list.includes(id) ? id : list[0]);
  const wantedQuestion = () => one(data.questions.map((each) => each.id), wanted().get("question"));
  // What the address asks for, as far as there is such a thing; the first of each otherwise.
  const read = () => {
    const address = wanted();
    const question = wantedQuestion();
    const { waves } = data.questions.find((each) => each.id === question);
    // The later of two surveys is shown, and the earlier one is what it "was", whichever was chosen first.
    const pair = [address.get("wave"), address.get("against")];
    if (pair.every((id) => waves.includes(id)) && waveOf(pair[0]).ended < waveOf(pair[1]).ended) pair.reverse();
    const wave = one(waves, pair[0]);
    const here = (answers[question]?.figures ?? []).filter((figure) => figure.wave === wave);
    const domains = unique(here.map((figure) => figure.domain)).sort();
    const domain = one(domains, address.get("among") ?? "");
    const able = data.populations
      .map((each) => each.id)
      .filter((id) => here.some((figure) => figure.population === id && figure.domain === domain));
    const chosen = address.get("of")?.split(",").filter((id) => able.includes(id)) ?? [];
    const populations = chosen.length ? able.filter((id) => chosen.includes(id)) : able;
    const others = waves.filter((other) => other !== wave && populations.some((id) => comparable(question, id, wave, other)));
    const against = others.includes(pair[1]) ? pair[1] : "";
    const order = populations.includes(address.get("order")) ? address.get("order") : "";
    const shown = here
      .filter((figure) => figure.domain === domain && populations.includes(figure.population))
      .map((figure) => ({ ...figure, then: against && earlier(figure, against) }))
      .flatMap(withLeft);
    return { question, wave, waves, domain, domains, populations, able, others, against, order, shown };
  };

  const earlier = (figure, other) =>
    comparable(figure.question, figure.population, figure.wave, other)
      ? answers[figure.question].figures.filter((one) => one.wave === other && one.status === "number").find(same(figure))
      : undefined;

  const write = (changed) => {
    const now = { ...read(), ...changed };
    const address = new URLSearchParams({ question: now.question, wave: now.wave });
    if (now.against) address.set("against", now.against);
    if (now.populations.length < now.able.length) address.set("of", now.populations.join(","));
    if (now.domain) address.set("among", now.domain);
    if (now.order) address.set("order", now.order);
    location.hash = address.toString();
  };

  // What leaves no choice isn't offered, unless it `says` why there is none.
  const options = (select, entries, chosen, says = false) => {
    select.replaceChildren(...entries.map(([value, text]) => made("option", text, { value })));
    select.value = chosen;
    select.disabled = entries.length < 2;
    select.parentElement.hidden = select.disabled && !says;
  };

  const controls = (view) => {
    at("question").value = view.question;
    const label = (id) => waveOf(id).label + (waveOf(id).synthetic ? " (made-up data)" : "");
    options(at("wave"), view.waves.map((id) => [id, label(id)]), view.wave);
    const nothing = view.others.length ? "no other survey" : "none can be compared";
    options(at("against"), [["", nothing], ...view.others.map((id) => [id, label(id)])], view.against, view.waves.length > 1);
    options(at("domain"), view.domains.map((domain) => [domain, everyone(domain)]), view.domain);
    const sorted = view.populations.map((id) => [id, `${population(id)}, largest first`]);
    options(at("order"), [["", "as asked"], ...sorted], view.order);
    for (const box of at("populations").querySelectorAll("input")) {
      box.checked = view.populations.includes(box.value);
      // One at least has to stay, or there would be nothing to show.
      box.disabled = !view.able.includes(box.value) || (box.checked && view.populations.length === 1);
    }
  };

  // The figures by item and answer, in the order wanted; items without a number come last in an order by size.
  const grouped = (view) => {
    const rows = new Map();
    const alone = unique(view.shown.map((figure) => figure.label)).length === 1;
    const answered = (figure) => (alone ? figure.answer : `${figure.label}: ${figure.answer.toLowerCase()}`);
    for (const figure of view.shown) {
      const name = figure.answer ? answered(figure) : figure.label;
      rows.set(name, [...(rows.get(name) ?? []), figure]);
    }
    const size = ([, marks]) => marks.find((mark) => mark.population === view.order)?.share ?? -1;
    return view.order ? [...rows].sort((a, b) => size(b) - size(a)) : [...rows];
  };

  const told = (figure) => {
    if (figure.status === "left") return `${figure.value}%, what is left to 100`;
    if (figure.status !== "number") return figure.status === "words" ? `“${figure.value}”, no number` : "not published";
    const interval = figure.low === null ? "" : ` (${figure.low} to ${figure.high})`;
    return `${figure.value}%${interval}${figure.then ? `, was ${figure.then.value}%` : ""}`;
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

  const marker = (place, x, y, paint) =>
    place === 0
      ? drawn("circle", { cx: x, cy: y, r: 5, ...paint })
      : place === 1
        ? drawn("rect", { x: x - 4.5, y: y - 4.5, width: 9, height: 9, ...paint })
        : drawn("path", { d: `M${x} ${y - 6}l6 6-6 6-6-6z`, ...paint });
  const colourOf = (id) => Math.max(0, data.populations.findIndex((one) => one.id === id)) % COLOURS.length;

  const drawNumber = (svg, figure, x, middle) => {
    const colour = colourOf(figure.population);
    const [low, high] = [figure.low ?? figure.share, figure.high ?? figure.share];
    svg.append(drawn("path", { d: `M${x(0)} ${middle}H${x(low)}`, stroke: INK.grid }));
    if (figure.low !== null) {
      const d = `M${x(low)} ${middle}H${x(high)}`;
      svg.append(drawn("path", { d, stroke: COLOURS[colour], "stroke-width": 7, "stroke-opacity": 0.35 }));
    }
    if (figure.then) {
      const hollow = { fill: INK.paper, stroke: COLOURS[colour], "stroke-width": 1.6 };
      svg.append(marker(colour, x(figure.then.share), middle, hollow));
    }
    svg.append(marker(colour, x(figure.share), middle, { fill: COLOURS[colour] }));
    const over = Math.max(x(high), figure.then ? x(figure.then.share) + 6 : 0);
    const text = figure.then ? `${figure.value}%, was ${figure.then.value}%` : `${figure.value}%`;
    svg.append(drawn("text", { x: over + 7, y: middle + 4.5, fill: INK.text }, text));
  };

  const drawLeft = (svg, figure, x, middle) => {
    const d = `M${x(0)} ${middle}H${x(figure.share)}`;
    svg.append(drawn("path", { d, stroke: INK.axis, "stroke-width": 3 }));
    svg.append(drawn("text", { x: x(figure.share) + 7, y: middle + 4.5, fill: INK.muted }, `${figure.value}%`));
  };

  // A figure in words is a band as wide as the words allow; without such a band, and where nothing was published, a note.
  const drawWords = (svg, figure, x, middle) => {
    const said = `${population(figure.population)}: ${told(figure)}`;
    const style = { fill: INK.muted, "font-style": "italic" };
    if (figure.from === null) {
      svg.append(drawn("text", { x: 4, y: middle + 4, ...style }, said));
      return;
    }
    const [left, right] = [x(figure.from), x(figure.to)];
    svg.append(drawn("rect", { x: left, y: middle - 6, width: right - left, height: 12, ...BAND }));
    const word = { x: left - 6, y: middle + 4, "text-anchor": "end", ...style, fill: INK.text };
    // Where there is no room before the band, the words stand after it.
    const after = left < figure.value.length * LETTER ? { x: right + 6, "text-anchor": "start" } : {};
    svg.append(drawn("text", { ...word, ...after }, `“${figure.value}”`));
  };

  const drawKey = (svg, view, width) => {
    let [along, y] = [6, 8];
    const entry = (place, text, paint) => {
      const wide = 36 + text.length * LETTER;
      if (along > 6 && along + wide > width + 20) [along, y] = [6, y + 20];
      svg.append(marker(place, along, y + 4, paint));
      svg.append(drawn("text", { x: along + 11, y: y + 8.5, fill: INK.text }, text));
      along += wide;
    };
    for (const id of view.populations) entry(colourOf(id), population(id), { fill: COLOURS[colourOf(id)] });
    if (view.shown.some((figure) => figure.then)) {
      entry(0, `in ${waveOf(view.against).label}`, { fill: INK.paper, stroke: INK.muted, "stroke-width": 1.6 });
    }
    return y + 34;
  };

  const drawAxis = (svg, x, right, bottom) => {
    svg.append(drawn("path", { d: `M${x(0)} ${bottom}H${right}`, stroke: INK.axis }));
    for (const share of [0, 25, 50, 75, 100]) {
      svg.append(drawn("path", { d: `M${x(share)} ${bottom}v4`, stroke: INK.axis }));
      const anchor = share === 0 ? "start" : "middle";
      const where = { x: x(share), y: bottom + 18, "text-anchor": anchor, fill: INK.muted, "font-size": 11 };
      svg.append(drawn("text", where, `${share}%`));
    }
  };

  const chart = (view) => {
    const width = Math.max(260, Math.min(760, at("chart").clientWidth));
    const right = width - (view.shown.some((figure) => figure.then) ? 106 : 44);
    const x = (share) => 2 + (share / 100) * (right - 2);
    const svg = drawn("svg", { role: "img", width, "font-size": FONT, "font-family": "Arial, sans-serif" });
    let y = drawKey(svg, view, width);
    const rows = grouped(view);
    for (const [name, marks] of rows) {
      for (const line of wrapped(name, Math.floor(width / LETTER))) {
        svg.append(drawn("text", { x: 0, y, fill: INK.text }, line));
        y += 16;
      }
      for (const figure of marks) {
        ({ number: drawNumber, left: drawLeft }[figure.status] ?? drawWords)(svg, figure, x, y - 2);
        y += 18;
      }
      y += 12;
    }
    const bottom = y - 14;
    drawAxis(svg, x, right, bottom);
    svg.setAttribute("height", bottom + 26);
    svg.setAttribute("viewBox", `0 0 ${width} ${bottom + 26}`);
    const spoken = rows.map(
      ([name, marks]) => `${name}: ${marks.map((figure) => `${population(figure.population)} ${told(figure)}`).join(", ")}`,
    );
    svg.setAttribute("aria-label", `Dot plot. ${spoken.join(". ")}.`);
    at("chart").replaceChildren(svg);
  };

  // The bounds of an interval stand in one cell for readers, `apart` in two for programs.
  const cellsOf = (view, apart) => {
    // Where choosing an item is the only answer there is, it goes without saying.
    const answers = view.shown.some((figure) => figure.answer);
    const parts = apart && Boolean(view.domain);
    const figures = view.shown.filter((figure) => figure.status !== "left");
    // Readers need no column that says the same of all; programs have them all.
    const items = apart || !answers || unique(view.shown.map((figure) => figure.label)).length > 1;
    const people = apart || data.populations.length > 1;
    const bounded = apart || figures.some((figure) => figure.low !== null);
    const printed = figures.some((figure) => figure.locator);
    const then = view.against && view.shown.some((figure) => figure.then);
    const label = then && waveOf(view.against).label;
    const bounds = ({ low, high }, apart) => {
      const both = low === null ? ["", ""] : [low.toFixed(1), high.toFixed(1)];
      return apart ? both : bounded ? [both.filter(Boolean).join(" to ")] : [];
    };
    const range = (of) => (apart ? [`From${of}`, `to${of}`] : bounded ? [`Interval${of}`] : []);
    const heads = [
      ...(items ? ["Item"] : []), ...(answers ? ["Answer"] : []), ...(people ? ["Population"] : []),
      ...(parts ? ["Among"] : []), "Share (%)", ...range(""),
      ...(then ? [`Share in ${label} (%)`, ...range(` in ${label}`)] : []), "Base", ...(printed ? ["Where from"] : []),
    ];
    const rows = grouped(view).flatMap(([, marks]) => marks).map((figure) => [
      ...(items ? [figure.label] : []),
      ...(answers ? [figure.answer] : []),
      ...(people ? [population(figure.population)] : []),
      ...(parts ? [view.domain] : []),
      figure.status === "unpublished" ? "not published" : figure.value,
      ...bounds(figure, apart),
      ...(then ? [figure.then?.value ?? "", ...bounds(figure.then ?? { low: null }, apart)] : []),
      figure.base,
      ...(printed ? [figure.locator] : []),
    ]);
    return { heads, rows };
  };

  const table = (view) => {
    const { heads, rows } = cellsOf(view, false);
    const [whole, top, head, body] = ["table", "thead", "tr", "tbody"].map((name) => made(name));
    head.append(...heads.map((text) => made("th", text, { scope: "col" })));
    for (const [first, ...cells] of rows) {
      const row = made("tr");
      row.append(made("th", first, { scope: "row" }), ...cells.map((cell, place) => made("td", cell, { "data-label": heads[place + 1] })));
      body.append(row);
    }
    top.append(head);
    whole.className = "stack";
    whole.append(top, body);
    at("table").replaceChildren(whole);
    const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    const taken = cellsOf(view, true);
    const text = [taken.heads, ...taken.rows].map((row) => row.map((cell) => quoted(String(cell))).join(",")).join("\n");
    // As data in the address: no server, and nothing that the page's policy would have to allow.
    at("file").href = `data:text/csv;charset=utf-8,${encodeURIComponent(`${text}\n`)}`;
    at("file").download = `${fileName}-${view.wave}-${view.question}.csv`;
  };

  // Wording and base, each once; with the name of those it was put to where they were asked in unlike words.
  const question = (view) => {
    const put = view.populations.map((id) => [id, asked(view.wave, view.question, id)]).filter(([, one]) => one);
    const wordings = unique(put.map(([, { wording }]) => wording));
    const who = (wording) => put.filter(([, one]) => one.wording === wording).map(([id]) => population(id)).join(", ");
    return [
      ...wordings.map((text) => made("p", wordings.length > 1 ? `${who(text)}: ${text}` : text, { class: "chart-question" })),
      ...unique(put.map(([, { base }]) => base)).map((text) => made("p", text, { class: "chart-base" })),
    ];
  };

  // Whether two shares of different people differ by more than sampling explains (Newcombe's interval, from their own).
  const isBeyond = (a, b) => {
    const [more, less] = a.share > b.share ? [a, b] : [b, a];
    return more.share - less.share > Math.hypot(more.share - more.low, less.high - less.share);
  };
  const differences = (view) => {
    const measured = (figure) => figure && figure.status === "number" && figure.low !== null;
    const found = { beyond: [], within: [] };
    for (const [name, marks] of grouped(view)) {
      const pairs = view.against
        ? marks.map((figure) => [figure, figure.then, population(figure.population)])
        : marks.filter(measured).length === 2 && view.populations.length === 2
          ? [[...marks.filter(measured), ""]]
          : [];
      for (const [a, b, who] of pairs) {
        if (!measured(a) || !measured(b)) continue;
        const points = Math.round(Math.abs(a.share - b.share) * 10) / 10;
        const said = `${name}${who && view.populations.length > 1 ? `, ${who}` : ""} (${points} points)`;
        found[isBeyond(a, b) ? "beyond" : "within"].push(said);
      }
    }
    return [
      ...(found.beyond.length ? [`More than sampling explains, each taken by itself: ${found.beyond.join("; ")}.`] : []),
      ...(found.within.length ? [`No more than sampling may explain: ${found.within.join("; ")}.`] : []),
    ];
  };

  const note = (view) => {
    const numbers = view.shown.filter((figure) => figure.low !== null);
    const lines = [];
    const everybody = (wave) => view.populations.every((id) => waveOf(wave).censuses.includes(id));
    if (!numbers.length && everybody(view.wave)) lines.push("No intervals: everybody was asked.");
    else if (!numbers.length) lines.push("No intervals: the number of people asked is not known, or no percentage was published.");
    else lines.push(`Bars and bounds are ${data.confidence}% intervals, ${waveOf(view.wave).intervals}.`);
    if (view.shown.some((figure) => figure.from !== null)) lines.push("A band is what a figure that is given in words may stand for.");
    if (view.shown.some((figure) => figure.status === "left")) lines.push("Grey is what the answers leave to 100: no figure of the survey.");
    if (view.against) {
      const differ = [view.wave, view.against].every(everybody)
        ? "Everybody was asked in both, so no difference is by chance of sampling."
        : "That two marks differ does not show that opinion changed: look whether it is more than sampling explains.";
      lines.push(
        view.shown.some((figure) => figure.then)
          ? `Hollow marks are ${waveOf(view.against).label}, where the same question was put to the same people. ${differ}`
          : `Nothing shown here can be compared with ${waveOf(view.against).label}.`,
      );
      const unlike = (id) => asked(view.wave, view.question, id)?.mode !== asked(view.against, view.question, id)?.mode;
      if (view.shown.some((figure) => figure.then && unlike(figure.population)))
        lines.push("With caution: people were asked in another way in the two surveys.");
    }
    return [...lines, ...differences(view)].join(" ");
  };

  // What is shown as one picture, with its words: whoever sees it alone knows what it is.
  const picture = (view) => {
    const chart = at("chart").querySelector("svg").cloneNode(true);
    const width = Number(chart.getAttribute("width"));
    const whole = drawn("svg", { xmlns: SVG, "font-family": "Arial, sans-serif" });
    let y = 10;
    const put = (text, size, weight = "normal") => {
      for (const line of wrapped(text, Math.floor(width / (size * 0.54)))) {
        y += size * 1.35;
        whole.append(drawn("text", { x: 16, y, fill: INK.text, "font-size": size, "font-weight": weight }, line));
      }
    };
    put(at("title").textContent, 18, "bold");
    for (const line of at("asked").children) put(line.textContent, 12.5);
    for (const [key, value] of Object.entries({ x: 16, y: y + 12 })) chart.setAttribute(key, value);
    y += 16 + Number(chart.getAttribute("height"));
    for (const line of [at("note"), at("source"), document.querySelector(".site-footer p:nth-of-type(2)")]) put(line?.textContent ?? "", 11);
    const size = { width: width + 32, height: y + 16 };
    for (const [key, value] of Object.entries(size)) whole.setAttribute(key, value);
    whole.prepend(drawn("rect", { ...size, fill: INK.paper }));
    whole.append(chart);
    at("picture").href = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(whole))}`;
    at("picture").download = `${fileName}-${view.wave}-${view.question}.svg`;
  };

  const show = () => {
    if (!answers[wantedQuestion()]) return fetchAnswers(wantedQuestion());
    const view = read();
    const { title } = data.questions.find((one) => one.id === view.question);
    const wave = waveOf(view.wave);
    controls(view);
    const part = view.domain ? `, among ${view.domain}` : "";
    // A wave that is made up may stand beside one that isn't: say which.
    const invented = [view.wave, view.against].map(waveOf).filter((one) => one?.synthetic).map((one) => one.label);
    const made_up = invented.length > 0;
    at("title").textContent = title + part;
    document.title = `${title}${part}: ${heading}`;
    at("synthetic").hidden = !made_up;
    at("synthetic").replaceChildren(made("strong", "Made-up data."), ` No figure of ${invented.join(" or ")} comes from a survey.`);
    at("asked").replaceChildren(...question(view));
    chart(view);
    table(view);
    at("note").textContent = note(view);
    const sources = unique([wave.source, ...(view.against ? [waveOf(view.against).source] : [])]);
    at("places").replaceChildren(...(places[view.question] ?? []).map(([href, text]) => made("a", text, { href })));
    at("source").textContent = `Source: ${sources.join("; ")}.${made_up ? ` Made-up data, no survey: ${invented.join(", ")}.` : ""}`;
    picture(view);
    const compared = view.against ? `, compared with ${waveOf(view.against).label}` : "";
    const held = view.shown.filter((figure) => figure.status !== "left").length;
    const count = `${held} ${held === 1 ? "figure" : "figures"}`;
    at("status").textContent = `${title}${part}: ${count}, ${wave.label}${compared}${made_up ? ". Made-up data" : ""}.`;
    reveal();
  };
  const reveal = () => {
    for (const one of document.querySelectorAll(".explorer, .explorer-view")) one.dataset.ready = "";
  };

  const fetched = new Set();
  const fetchAnswers = (question) => {
    if (fetched.has(question)) return;
    fetched.add(question);
    // A script, because that works from a disk too.
    const script = made("script", undefined, { src: `_static/explorer/${encodeURIComponent(question)}.js` });
    script.addEventListener("error", () => {
      fetched.delete(question);
      at("note").textContent = "The answers to this question could not be loaded. Choose another, or load the page anew.";
      at("question").value = question;
      reveal();
    });
    document.head.append(script);
  };
  window.surveybookExplored = (question, { asked, figures }) => {
    const named = (row) => ({ question, ...Object.fromEntries(row.map((value, at) => [data.fields[at], value])) });
    answers[question] = { asked, figures: figures.map(named) };
    show();
  };

  document.querySelector(".without-script").hidden = true; // for browsers whose stylesheets can't tell
  // A question that nothing but words is known of says so before it is chosen.
  for (const chapter of unique(data.questions.map((one) => one.chapter))) {
    const group = made("optgroup", undefined, { label: chapter });
    for (const { id, title, chapter: of, measured } of data.questions) {
      if (of === chapter) group.append(made("option", measured ? title : `${title} (no percentages)`, { value: id }));
    }
    at("question").append(group);
  }
  at("populations").hidden = data.populations.length < 2;
  for (const { id, label } of data.populations) {
    const box = made("label");
    box.append(made("input", undefined, { type: "checkbox", value: id, autocomplete: "off" }), ` ${label}`);
    at("populations").append(box);
  }
  // People and groups are those of a question: another one begins with everyone.
  at("question").addEventListener("change", (event) => {
    write({ question: event.target.value, domain: "", populations: [], able: [], order: "" });
  });
  for (const name of ["wave", "against", "order"]) {
    at(name).addEventListener("change", (event) => write({ [name]: event.target.value }));
  }
  at("domain").addEventListener("change", (event) => write({ domain: event.target.value, populations: [], able: [] }));
  at("populations").addEventListener("change", () => {
    const boxes = [...at("populations").querySelectorAll("input:checked")];
    write({ populations: boxes.map((box) => box.value) });
  });
  document.querySelector(".explorer").addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", show);
  let width = at("chart").clientWidth;
  new ResizeObserver(() => {
    if (width === at("chart").clientWidth || !answers[wantedQuestion()]) return;
    width = at("chart").clientWidth;
    chart(read());
  }).observe(at("chart"));
  show();
})();
