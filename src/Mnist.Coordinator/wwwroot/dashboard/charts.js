// Shows the values of a chart at the pointer, or where the arrow keys lead. Works on whatever charts the page has at the moment: they are
// described by their attribute data-chart.
const overlay = document.createElement("div");
overlay.className = "chart-overlay";
overlay.hidden = true;
const line = overlay.appendChild(document.createElement("div"));
line.className = "chart-cursor";
const tip = overlay.appendChild(document.createElement("div"));
tip.className = "chart-tip";
tip.setAttribute("role", "status");
document.body.append(overlay);

const positions = new WeakMap();

function nearest(points, x) {
  let [low, high] = [0, points.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (points[middle][0] < x) {
      low = middle;
    } else {
      high = middle;
    }
  }

  return Math.abs(points[low][0] - x) <= Math.abs(points[high][0] - x) ? points[low] : points[high];
}

function format(value, digits) {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function show(frame, fraction) {
  const chart = JSON.parse(frame.dataset.chart);
  const shown = chart.series.filter(series => series.points.length > 0);
  if (shown.length === 0) {
    return;
  }

  // The cursor stands on a point of the line that has the most of them.
  const wanted = chart.x.min + fraction * (chart.x.max - chart.x.min);
  const densest = shown.reduce((a, b) => (b.points.length > a.points.length ? b : a));
  const x = nearest(densest.points, wanted)[0];
  positions.set(frame, densest.points.findIndex(point => point[0] === x));

  const plot = frame.querySelector(".chart-plot").getBoundingClientRect();
  const left = plot.left + ((x - chart.x.min) / (chart.x.max - chart.x.min)) * plot.width;
  line.style.transform = `translate(${left}px, ${plot.top}px)`;
  line.style.height = `${plot.height}px`;

  const head = document.createElement("p");
  head.textContent = `${chart.x.label} ${format(x, Number.isInteger(x) ? 0 : 1)}`;
  tip.replaceChildren(head);
  for (const series of shown) {
    const [at, value] = nearest(series.points, x);
    // A line with few points has nothing to say between them.
    if (Math.abs(at - x) > (chart.x.max - chart.x.min) / 12) {
      continue;
    }

    const row = document.createElement("p");
    const key = row.appendChild(document.createElement("span"));
    key.className = `key s${series.color}`;
    row.append(`${series.name} `);
    row.appendChild(document.createElement("b")).textContent = format(value, chart.y.digits) + chart.y.suffix;
    tip.append(row);
  }

  overlay.hidden = false;
  const width = tip.offsetWidth;
  const isRight = left + width + 24 > innerWidth;
  tip.style.transform = `translate(${Math.max(4, isRight ? left - width - 12 : left + 12)}px, ${plot.top + 8}px)`;
}

function hide() {
  overlay.hidden = true;
}

const frameOf = event => event.target.closest?.(".chart-frame");

document.addEventListener("pointermove", event => {
  const frame = frameOf(event);
  if (!frame) {
    hide();
    return;
  }

  const plot = frame.querySelector(".chart-plot").getBoundingClientRect();
  show(frame, Math.min(1, Math.max(0, (event.clientX - plot.left) / plot.width)));
});

document.addEventListener("keydown", event => {
  const frame = frameOf(event);
  const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
  if (event.key === "Escape") {
    hide();
  } else if (frame && step !== undefined) {
    const chart = JSON.parse(frame.dataset.chart);
    const points = chart.series.reduce((a, b) => (b.points.length > a.length ? b.points : a), []);
    const next = Math.min(points.length - 1, Math.max(0, (positions.get(frame) ?? -1) + step));
    show(frame, (points[next][0] - chart.x.min) / (chart.x.max - chart.x.min));
    event.preventDefault();
  }
});

document.addEventListener("focusout", hide);
addEventListener("scroll", hide, { passive: true, capture: true });
