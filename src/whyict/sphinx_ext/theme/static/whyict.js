// Makes a chart interactive once someone touches, points at or focuses it, and lets readers filter long tables.
// The page is complete without it: if anything here fails, the static picture and the whole table stay.
"use strict";
(() => {
  const OPTIONS = {
    ast: true, // no eval: the page's policy forbids it
    renderer: "svg",
    actions: false,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
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

  // The live chart lies over the static one, which keeps its place: nothing on the page moves.
  const enliven = async (picture) => {
    if (picture.dataset.state) return;
    picture.dataset.state = "loading";
    const still = picture.querySelector("svg");
    const live = document.createElement("div");
    live.className = "chart-live";
    try {
      await load(picture.dataset.bundle);
      const spec = JSON.parse(picture.parentElement.querySelector(".chart-spec").textContent);
      picture.append(live);
      await window.vegaEmbed(live, spec, OPTIONS);
      const drawn = live.querySelector("svg");
      for (const name of ["width", "height", "role", "aria-label"]) {
        drawn.setAttribute(name, still.getAttribute(name));
      }
      picture.dataset.state = "live";
    } catch {
      live.remove();
      delete picture.dataset.state;
    }
  };

  // One sentence for each row of the data table: the marks themselves can't be focused.
  const sentences = (figure) => {
    const heads = [...figure.querySelectorAll(".chart-data thead th")].map((cell) => cell.textContent);
    return [...figure.querySelectorAll(".chart-data tbody tr")].map((row) => {
      const [name, ...values] = [...row.cells].map((cell) => cell.textContent);
      const told = values.map((value, place) => [heads[place + 1], value]).filter(([, value]) => value !== "");
      return `${name}. ${told.map(([head, value]) => `${head}: ${value}`).join("; ")}`;
    });
  };

  const readable = (picture) => {
    const lines = sentences(picture.parentElement);
    const readout = document.createElement("p");
    readout.className = "chart-readout";
    readout.setAttribute("role", "status");
    picture.append(readout);
    let place = -1;
    picture.addEventListener("keydown", (event) => {
      const to = {
        ArrowDown: place + 1,
        ArrowRight: place + 1,
        ArrowUp: Math.max(place - 1, 0),
        ArrowLeft: Math.max(place - 1, 0),
        Home: 0,
        End: lines.length - 1,
        Escape: -1,
      }[event.key];
      if (to === undefined || !lines.length) return;
      event.preventDefault();
      place = Math.min(to, lines.length - 1);
      readout.textContent = place < 0 ? "" : lines[place];
    });
    picture.addEventListener("blur", () => {
      place = -1;
      readout.textContent = "";
    });
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
    apply(); // a browser may bring back what was typed before
  };

  for (const box of document.querySelectorAll(".table-filter")) filterable(box);

  for (const picture of document.querySelectorAll(".chart-picture")) {
    picture.tabIndex = 0;
    picture.setAttribute("role", "group");
    picture.setAttribute("aria-label", "Chart. The arrow keys read its values.");
    readable(picture);
    // A finger that only scrolls past doesn't load anything: a tap focuses.
    picture.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && enliven(picture));
    picture.addEventListener("click", () => enliven(picture));
    picture.addEventListener("focus", () => enliven(picture));
  }
})();
