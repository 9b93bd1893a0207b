// Turns the outlines of the admin into maps, and text fields with GeoJSON into something to draw on.
// A page without WebGL keeps the outline and the text field: nothing here is needed to get work done.

const EMPTY = { type: "FeatureCollection", features: [] };

let library;

function canDraw() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

async function loaded(element) {
  if (!library) {
    library = await import(element.dataset.library);
    library.setWorkerUrl(element.dataset.worker);
  }
  return library;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#666666";
}

function positions(value, found = []) {
  if (Array.isArray(value) && typeof value[0] === "number") found.push(value);
  else if (Array.isArray(value)) value.forEach((part) => positions(part, found));
  else if (value && typeof value === "object") {
    positions(value.coordinates || value.geometry || value.features || value.geometries || [], found);
  }
  return found;
}

function box(geojson) {
  const all = positions(geojson);
  if (!all.length) return null;
  const lons = all.map((position) => position[0]);
  const lats = all.map((position) => position[1]);
  const low = (values) => values.reduce((a, b) => Math.min(a, b));
  const high = (values) => values.reduce((a, b) => Math.max(a, b));
  return [[low(lons), low(lats)], [high(lons), high(lats)]];
}

async function mapIn(element, canvas) {
  const { Map, NavigationControl, ScaleControl } = await loaded(element);
  const map = new Map({
    container: canvas,
    style: {
      version: 8,
      sources: {},
      layers: [{ id: "ground", type: "background", paint: { "background-color": colour("--darkened-bg") } }],
    },
    attributionControl: false,
    locale: JSON.parse(element.dataset.locale),
    fadeDuration: 0,
    maxZoom: 22,
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.addControl(new ScaleControl({}));
  await new Promise((resolve) => map.once("load", resolve));
  return map;
}

function addShape(map, name, data, line, fill, opacity) {
  map.addSource(name, { type: "geojson", data });
  map.addLayer({ id: `${name}-fill`, type: "fill", source: name, filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": fill, "fill-opacity": opacity } });
  map.addLayer({ id: `${name}-line`, type: "line", source: name, paint: { "line-color": line, "line-width": 2 } });
  map.addLayer({ id: `${name}-dot`, type: "circle", source: name, filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-color": line, "circle-radius": 6 } });
}

async function addSurroundings(map, address) {
  if (!address) return EMPTY;
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) return EMPTY;
  const data = await answer.json();
  addShape(map, "around", data, colour("--body-quiet-color"), ["coalesce", ["get", "colour"], "#999999"], 0.35);
  return data;
}

function look(map, geojson) {
  const bounds = box(geojson);
  if (bounds) map.fitBounds(bounds, { padding: 40, maxZoom: 18, animate: false });
}

async function show(figure) {
  const canvas = figure.querySelector(".planning-canvas");
  const geometry = JSON.parse(figure.querySelector("script").textContent);
  canvas.hidden = false;
  const map = await mapIn(figure, canvas);
  await addSurroundings(map, figure.dataset.around);
  addShape(map, "row", geometry, colour("--link-fg"), colour("--link-fg"), 0.3);
  look(map, geometry);
  figure.querySelector(".planning-outline").setAttribute("hidden", "");
  figure.dataset.ready = "yes";
}

// --- Drawing ---

function polygonsOf(text) {
  if (!text.trim()) return [];
  const found = [];
  const walk = (value) => {
    if (value.type === "FeatureCollection") value.features.forEach(walk);
    else if (value.type === "Feature") walk(value.geometry);
    else if (value.type === "Polygon") found.push(value.coordinates);
    else if (value.type === "MultiPolygon") found.push(...value.coordinates);
    else throw new Error("no polygon");
  };
  walk(JSON.parse(text));
  return found;
}

class Drawing {
  constructor(element) {
    this.element = element;
    this.text = element.querySelector("textarea");
    this.status = element.querySelector(".planning-status");
    this.corners = [];
    this.polygons = [];
    this.read();
  }

  async begin() {
    const panel = this.element.querySelector(".planning-drawing");
    panel.hidden = false;
    this.map = await mapIn(this.element, panel.querySelector(".planning-canvas"));
    const around = await addSurroundings(this.map, this.element.dataset.around);
    addShape(this.map, "drawn", EMPTY, colour("--link-fg"), colour("--link-fg"), 0.3);
    this.map.addLayer({ id: "drawn-corners", type: "circle", source: "drawn",
      filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": colour("--link-fg"), "circle-radius": 5 } });
    look(this.map, this.polygons.length ? this.collection() : around);
    this.map.doubleClickZoom.disable();
    this.map.on("click", (event) => this.add(event.lngLat));
    panel.addEventListener("click", (event) => this.press(event.target.dataset.do));
    this.text.addEventListener("input", () => { this.read(); this.paint(); });
    this.paint();
    this.element.dataset.ready = "yes";
  }

  press(what) {
    if (what === "corner") this.add(this.map.getCenter());
    if (what === "undo") this.undo();
    if (what === "close") this.close();
    if (what === "clear") { this.corners = []; this.polygons = []; this.write(); this.count(); }
  }

  add(place) {
    this.corners.push([Number(place.lng.toFixed(7)), Number(place.lat.toFixed(7))]);
    this.paint();
    this.count();
  }

  undo() {
    if (this.corners.length) this.corners.pop();
    else if (this.polygons.length) {
      // the last polygon is opened again, to go on from its last corner
      this.corners = this.polygons.pop()[0].slice(0, -1);
      this.write();
    }
    this.paint();
    this.count();
  }

  close() {
    if (this.corners.length < 3) {
      this.say(this.element.dataset.tooFew);
      return;
    }
    this.polygons.push([[...this.corners, this.corners[0]]]);
    this.corners = [];
    this.write();
    this.say(this.element.dataset.polygonDone);
  }

  read() {
    try {
      this.polygons = polygonsOf(this.text.value);
      this.say("");
    } catch {
      this.polygons = [];
      this.say(this.element.dataset.unreadable);
    }
  }

  write() {
    this.text.value = this.polygons.length
      ? JSON.stringify({ type: "MultiPolygon", coordinates: this.polygons }) : "";
    this.paint();
  }

  collection() {
    const feature = (geometry) => ({ type: "Feature", properties: {}, geometry });
    const features = this.polygons.map((coordinates) => feature({ type: "Polygon", coordinates }));
    if (this.corners.length > 1) features.push(feature({ type: "LineString", coordinates: this.corners }));
    features.push(...this.corners.map((coordinates) => feature({ type: "Point", coordinates })));
    return { type: "FeatureCollection", features };
  }

  paint() {
    this.map.getSource("drawn").setData(this.collection());
  }

  count() {
    const { cornersOne, cornersMany } = this.element.dataset;
    this.say(this.corners.length === 1 ? cornersOne : cornersMany.replace("%n", this.corners.length));
  }

  say(words) {
    this.status.textContent = words;
  }
}

if (canDraw()) {
  document.querySelectorAll("[data-planning-map]").forEach(show);
  document.querySelectorAll("[data-planning-extent]").forEach((element) => new Drawing(element).begin());
}
