// Makes a chart interactive once someone touches, points at or focuses it, and lets readers filter long tables.
// The page is complete without it: if anything here fails, the static picture and the whole table stay.
"use strict";
(() => {
  const OPTIONS = {
    ast: true, // no eval: the page's policy forbids it
    renderer: "svg",
    actions: false,
    defaultStyle: false,
  };
  let bundle;

  const load = (address) => {
    bundle ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = () => {
        bundle = undefined; // a later touch may try again
        reject(new Error("The script of the interactive charts could not be loaded."));
      };
      document.head.append(script);
    });
    return bundle;
  };

  const element = (name, className, text = "") => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };

  // The items of a chart from the top: each with its label and its marks, the records of that label. A chart that
  // isn't laid out in rows gives none.
  const rowsOf = (spec) => {
    const rows = new Map();
    for (const one of spec.facet?.row ? spec.data.values : []) {
      if (!rows.has(one.label)) rows.set(one.label, { label: one.label, marks: [] });
      rows.get(one.label).marks.push(one);
    }
    return [...rows.values()];
  };

  const valueOf = (row, series) => row.marks.find((mark) => mark.series === series)?.share ?? -Infinity;

  const isInterval = ({ mark, encoding }) =>
    mark.type === "rule" && [encoding.x2, encoding.y2].some((end) => end?.field === "high");

  // The records of a chart with what heads its column in the row that now is the first.
  const headed = (values, label) => {
    const text = values.find(({ head }) => head)?.head;
    const place = values.findIndex((one) => one.label === label);
    return values.map(({ head, ...one }, at) => (text && at === place ? { ...one, head: text } : one));
  };

  // The same chart with its items in another order, with or without the intervals; its size stays.
  const arranged = (spec, { order, intervals }) => {
    const rows = rowsOf(spec);
    if (!rows.length) return { spec, rows };
    if (order) rows.sort((a, b) => valueOf(b, order) - valueOf(a, order));
    const row = { ...spec.facet.row, sort: rows.map(({ label }) => label) };
    const layer = spec.spec.layer.filter((one) => intervals || !isInterval(one));
    const data = { ...spec.data, values: headed(spec.data.values, rows[0].label) };
    return { spec: { ...spec, data, facet: { ...spec.facet, row }, spec: { ...spec.spec, layer } }, rows };
  };

  // One entry for each item, or for each row of the data table where a chart has no such rows.
  const readings = (figure, rows) => {
    if (rows.length) {
      return rows.map(({ label, marks }) => [label, ...marks.map((mark) => mark.tip ?? mark.text)]);
    }
    const heads = [...figure.querySelectorAll(".chart-data thead th")].map((cell) => cell.textContent);
    return [...figure.querySelectorAll(".chart-data tbody tr")].map((row) => {
      const [name, ...values] = [...row.cells].map((cell) => cell.textContent);
      const told = values.map((value, place) => [heads[place + 1], value]).filter(([, value]) => value !== "");
      return [`${name}. ${told.map(([head, value]) => `${head}: ${value}`).join("; ")}`];
    });
  };

  const interactive = (picture) => {
    const figure = picture.parentElement;
    const tools = figure.querySelector(".chart-tools");
    const chosen = { order: "", intervals: true };
    const band = element("div", "chart-row");
    const readout = element("div", "chart-readout");
    let spec;
    let narrow;
    let entries;
    let place = -1;
    let drawing = 0;

    // Of two drawings the one that the page has room for.
    const shown = () => [...picture.querySelectorAll(":scope > svg")].find((one) => one.getClientRects().length);

    const arrange = () => {
      spec ??= JSON.parse(figure.querySelector(".chart-spec").textContent);
      const isWide = shown()?.classList.contains("wide");
      if (isWide !== undefined && spec.spec?.width) {
        narrow ??= spec.spec.width;
        spec.spec.width = isWide ? Number(picture.dataset.wide) : narrow;
      }
      const found = arranged(spec, chosen);
      entries = readings(figure, found.rows);
      return found;
    };

    // Where the items begin, in pixels from the top of the picture, in whichever drawing is on show.
    const tops = () => {
      const drawn = picture.querySelector(".chart-live svg") ?? shown();
      const labels = [...drawn.querySelectorAll(".cell .role-title-text text")];
      if (labels.length !== entries.length) return [];
      const zero = picture.getBoundingClientRect().top;
      return labels.map((label) => label.getBoundingClientRect().top - zero).sort((a, b) => a - b);
    };

    const show = (to) => {
      if (!entries) arrange();
      place = Math.min(to, entries.length - 1);
      readout.replaceChildren();
      band.hidden = true;
      if (place < 0) return;
      const [name, ...values] = entries[place];
      readout.append(element("strong", "", name), ...values.map((value) => element("span", "", value)));
      const starts = tops();
      readout.style.removeProperty("top");
      if (!starts.length) return;
      const height = picture.clientHeight;
      const end = starts[place + 1] ?? height - 32 * (height / shown().viewBox.baseVal.height);
      band.hidden = false;
      band.style.top = `${starts[place] - 4}px`;
      band.style.height = `${end - starts[place]}px`;
      // Under the item, or over it where there is no room: what is read about stays in sight.
      const below = end + readout.offsetHeight < height;
      readout.style.top = `${below ? end - 2 : starts[place] - 6 - readout.offsetHeight}px`;
    };

    // The live chart lies over the static one, which keeps its place: nothing on the page moves.
    const draw = async () => {
      const turn = ++drawing;
      const live = element("div", "chart-live");
      picture.dataset.state ??= "loading";
      try {
        await load(picture.dataset.bundle);
        const found = arrange();
        picture.append(live);
        const tooltip = found.rows.length ? false : { disableDefaultStyle: true };
        await window.vegaEmbed(live, found.spec, { ...OPTIONS, tooltip });
        if (turn !== drawing) {
          live.remove();
          return;
        }
        const drawn = live.querySelector("svg");
        const still = shown();
        for (const name of ["width", "height", "role", "aria-label"]) {
          drawn.setAttribute(name, still.getAttribute(name));
        }
        for (const old of picture.querySelectorAll(".chart-live")) if (old !== live) old.remove();
        picture.dataset.state = "live";
      } catch {
        live.remove();
        if (!picture.querySelector(".chart-live")) delete picture.dataset.state;
      }
    };
    const enliven = () => picture.dataset.state || draw();

    const point = (event) => {
      if (readout.contains(event.target)) return; // what is told stays while somebody reads or selects it
      if (!entries) arrange();
      const y = event.clientY - picture.getBoundingClientRect().top;
      const at = tops().filter((top) => top - 4 <= y).length - 1;
      if (at !== place && at >= 0) show(at);
    };

    const keys = (event) => {
      const to = {
        ArrowDown: place + 1,
        ArrowRight: place + 1,
        ArrowUp: Math.max(place - 1, 0),
        ArrowLeft: Math.max(place - 1, 0),
        Home: 0,
        End: Infinity,
        Escape: -1,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      show(to);
    };

    band.hidden = true;
    readout.setAttribute("role", "status");
    picture.append(band, readout);
    picture.tabIndex = 0;
    picture.setAttribute("role", "group");
    picture.setAttribute("aria-label", "Chart. The arrow keys read its values.");
    picture.addEventListener("keydown", keys);
    picture.addEventListener("blur", () => show(-1));
    picture.addEventListener("pointermove", point);
    picture.addEventListener("pointerleave", () => document.activeElement === picture || show(-1));
    // A finger that only scrolls past doesn't load anything: a tap focuses.
    picture.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && enliven());
    picture.addEventListener("click", (event) => {
      enliven();
      point(event);
    });
    picture.addEventListener("focus", enliven);
    window.matchMedia("(min-width: 45em)").addEventListener("change", () => picture.dataset.state && draw());

    if (!tools) return;
    tools.dataset.ready = "";
    const redraw = () => {
      chosen.order = tools.querySelector(".chart-order")?.value ?? "";
      chosen.intervals = tools.querySelector(".chart-intervals")?.checked ?? true;
      show(-1);
      draw();
    };
    tools.addEventListener("change", redraw);
  };

  // Keeps the rows that hold every word typed, whatever their order.
  const filterable = (box) => {
    const input = box.querySelector("input");
    const status = box.querySelector("[role=status]");
    const rows = [...box.parentElement.querySelectorAll("tbody tr")].map((row) => ({
      row,
      text: [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase(),
    }));
    const apply = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { row, text } of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      status.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
    };
    input.addEventListener("input", apply);
    box.hidden = false;
    if (input.value) apply(); // a browser may bring back what was typed before
  };

  for (const box of document.querySelectorAll(".table-filter")) filterable(box);
  for (const picture of document.querySelectorAll(".chart-picture")) interactive(picture);
})();
