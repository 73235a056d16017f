// Draws one figure of Plotly, and on a change only what has changed: the map keeps its place, its outlines and its
// picture, where a new element would load them all again.

let library;

/** Plotly, once a script that loads it has run. */
const loaded = (script) =>
  new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve(globalThis.Plotly));
    script.addEventListener("error", () => reject(new Error("The charts could not be loaded. Reload the page.")));
  });

function load(address) {
  const script = document.createElement("script");
  script.src = new URL(address, document.baseURI);
  document.head.append(script);
  return loaded(script);
}

/** Plotly, loaded once for all figures of the page: early.js has asked for it, unless the visitor came another way. */
function plotly(address) {
  const early = document.querySelector("script[data-plotly]");
  library ??= globalThis.Plotly ?? (early ? loaded(early).catch(() => load(address)) : load(address));
  return library;
}

/** What is being drawn for the first time in view, as promises: what is out of sight waits for it. */
const ahead = new Set();
/** But no longer than this, in milliseconds. */
const PATIENCE = 3000;

/** Resolves when the browser has nothing to do, and anyway after half a second. */
const idle = () =>
  new Promise((resolve) => {
    if (globalThis.requestIdleCallback) requestIdleCallback(resolve, { timeout: 500 });
    else setTimeout(resolve, 50);
  });

/** What is drawn in each element. */
const figures = new WeakMap();

class Figure {
  constructor(parent) {
    this.div = document.createElement("div");
    this.div.setAttribute("role", "img");
    this.div.className = "st-plot";
    parent.append(this.div);
    this.width = 0;
    this.observer = new ResizeObserver(() => {
      const { clientWidth } = this.div;
      if (clientWidth && (clientWidth !== this.width || this.asked)) this.draw();
    });
    this.observer.observe(this.div);
  }

  /** The layout for the width that there is. */
  layout() {
    const { layout, narrow, sources } = this.data.figure;
    const fitted = { ...layout, width: this.div.clientWidth };
    if (fitted.width < this.data.narrow)
      for (const [name, value] of Object.entries(narrow ?? {}))
        fitted[name] = typeof value === "object" ? { ...layout[name], ...value } : value;
    if (sources) fitted.map = { ...fitted.map, style: this.style(fitted.map.style, sources) };
    return fitted;
  }

  /**
   * The map's style with its own sources filled: a new map has all it needs at once. Plotly starts a map again where
   * the style is another, so it stays the same for as long as only what fills it changes.
   */
  style(bare, sources) {
    const text = JSON.stringify(bare);
    if (text !== this.bare) {
      this.bare = text;
      const filled = Object.entries(sources).map(([name, data]) => [name, { ...bare.sources[name], data }]);
      this.filled = { ...bare, sources: { ...bare.sources, ...Object.fromEntries(filled) } };
      this.shown = sources;
    }
    return this.filled;
  }

  show(data, click, refuse) {
    const { layout } = data.figure;
    this.data = data;
    this.click = click;
    this.refuse = refuse;
    this.div.style.height = `${this.layout().height}px`;
    this.div.style.background = layout.paper_bgcolor;
    this.div.setAttribute("aria-label", data.alt);
    this.draw();
  }

  /** Draw what is asked for now; what is asked for meanwhile is drawn next, and what is skipped nobody misses. */
  async draw() {
    this.asked = true;
    this.div.setAttribute("aria-busy", "true");
    if (this.drawing) return;
    this.drawing = true;
    try {
      const Plotly = await plotly(this.data.library);
      if (!this.width) await this.turn();
      while (this.asked && this.div.isConnected && this.div.clientWidth) {
        this.asked = false;
        try {
          await this.drawOnce(Plotly);
        } catch (problem) {
          // Without WebGL there is no map: the page shows a table in its place.
          if (!this.data.figure.sources) throw problem;
          this.refuse();
          return;
        }
        if (!this.asked) this.div.setAttribute("aria-busy", "false");
      }
    } finally {
      this.drawing = false;
      this.stand?.();
    }
  }

  /** Wait for what is in view, where this figure is not; it is drawn soon, or as soon as someone comes near it. */
  async turn() {
    const { top, bottom } = this.div.getBoundingClientRect();
    if (top < innerHeight && bottom > 0) {
      const drawn = new Promise((resolve) => (this.stand = resolve));
      ahead.add(drawn);
      drawn.then(() => ahead.delete(drawn));
      return;
    }
    let observer;
    const near = new Promise((resolve) => {
      observer = new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && resolve());
      observer.observe(this.div);
    });
    const tired = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    const soon = idle().then(() => Promise.race([Promise.all(ahead), tired])).then(idle);
    await Promise.race([near, soon]);
    observer.disconnect();
  }

  async drawOnce(Plotly) {
    const { figure, config } = this.data;
    const layout = this.layout();
    this.width = layout.width;
    this.div.style.height = `${layout.height}px`;
    const known = Boolean(this.div._fullLayout);
    const drawn = Plotly.react(this.div, figure.data, layout, config);
    // Names appear at once: to fade them in, the map would be painted some twenty times.
    if (this.map) this.map._fadeDuration = 0;
    await drawn;
    if (!known) this.div.on("plotly_click", (event) => this.clicked(event));
    this.fill(figure.sources);
  }

  /** The map of MapLibre in a figure that has one. */
  get map() {
    return this.div._fullLayout?.map?._subplot?.map;
  }

  /** Put what belongs to the map's own layers into their sources. */
  fill(sources) {
    if (sources === this.shown) return;
    this.shown = sources;
    for (const [name, features] of Object.entries(sources ?? {})) this.map?.getSource(name)?.setData(features);
  }

  clicked(event) {
    const said = event.points.map((point) => point.customdata?.[0]).filter((value) => value !== undefined);
    if (said.length && this.data.clickable) this.click(said);
  }

  remove() {
    this.observer.disconnect();
    globalThis.Plotly?.purge(this.div);
    this.div.remove();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let figure = figures.get(parentElement);
  if (!figure) {
    figure = new Figure(parentElement);
    figures.set(parentElement, figure);
  }
  figure.show(
    data,
    (values) => setTriggerValue("clicked", values),
    () => setTriggerValue("refused", true),
  );
  return () => {
    figure.remove();
    figures.delete(parentElement);
  };
}
