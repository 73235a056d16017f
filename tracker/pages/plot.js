// Draws one figure of Plotly, and on a change only what has changed: the map keeps its place, its outlines and its
// picture, where a new element would load them all again.

let library;

/** Plotly, loaded once for all figures of the page. */
function plotly(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(address, document.baseURI);
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => reject(new Error("The charts could not be loaded. Reload the page."));
    document.head.append(script);
  });
  return library;
}

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
      if (this.div.clientWidth !== this.width) this.draw();
    });
    this.observer.observe(this.div);
  }

  /** The layout for the width that there is. */
  layout() {
    const { layout, narrow } = this.data.figure;
    const fitted = { ...layout, width: this.div.clientWidth };
    if (fitted.width >= this.data.narrow) return fitted;
    for (const [name, value] of Object.entries(narrow ?? {}))
      fitted[name] = typeof value === "object" ? { ...layout[name], ...value } : value;
    return fitted;
  }

  show(data, click, refuse) {
    const { layout } = data.figure;
    this.data = data;
    this.click = click;
    this.refuse = refuse;
    this.div.style.height = `${this.layout().height}px`;
    this.div.style.background = layout.paper_bgcolor;
    this.div.setAttribute("aria-label", data.alt);
    this.div.setAttribute("aria-busy", "true");
    this.draw();
  }

  /** Draw what is asked for now; what is asked for meanwhile is drawn next, and what is skipped nobody misses. */
  async draw() {
    this.asked = true;
    if (this.drawing) return;
    this.drawing = true;
    try {
      const Plotly = await plotly(this.data.library);
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
    }
  }

  async drawOnce(Plotly) {
    const { figure, config } = this.data;
    const layout = this.layout();
    this.width = layout.width;
    this.div.style.height = `${layout.height}px`;
    const known = Boolean(this.div._fullLayout);
    await Plotly.react(this.div, figure.data, layout, config);
    if (!known) this.div.on("plotly_click", (event) => this.clicked(event));
    this.fill(figure.sources);
  }

  /** Put what belongs to the map's own layers into their sources. */
  fill(sources) {
    const map = this.div._fullLayout?.map?._subplot?.map;
    // Names appear at once: to fade them in, the map would be painted some twenty times at each filter.
    if (map) map._fadeDuration = 0;
    for (const [name, features] of Object.entries(sources ?? {})) map?.getSource(name)?.setData(features);
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
