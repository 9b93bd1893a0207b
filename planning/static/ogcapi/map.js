// Puts a live map in the place of the drawing. A browser without WebGL keeps the drawing; nothing is lost.

function canDraw() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

// Addresses begin with the public name of the service; the page may have been reached by another one.
function ours(origin) {
  return (url) => ({ url: url.startsWith(`${origin}/`) ? location.origin + url.slice(origin.length) : url });
}

async function show(figure) {
  const { Map, NavigationControl, ScaleControl, setWorkerUrl } = await import(figure.dataset.library);
  setWorkerUrl(figure.dataset.worker);
  const { style, bounds, words } = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const canvas = figure.querySelector(".canvas");
  canvas.hidden = false;
  const map = new Map({
    container: canvas,
    style,
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 24, maxZoom: 18 } } : {}),
    locale: words,
    transformRequest: ours(figure.dataset.origin),
    attributionControl: false,
    dragRotate: false,
    touchPitch: false,
    cooperativeGestures: false,
    fadeDuration: 0,
    maxZoom: 20,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }));
  map.addControl(new ScaleControl({}));
  map.scrollZoom.disable();
  map.on("click", "features-area", (event) => leadToRow(event.features[0]));
  map.once("idle", () => {
    figure.querySelector(".overview, .needed")?.setAttribute("hidden", "");
    figure.dataset.ready = "yes";
  });
}

function leadToRow(feature) {
  const row = document.getElementById(`row-${feature.properties.row}`);
  if (row) location.hash = row.id;
}

if (canDraw()) document.querySelectorAll("figure[data-map]").forEach((figure) => show(figure));
