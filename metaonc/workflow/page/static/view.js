(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const { left, top, width, height } = page.boot.picture;
  const canvas = document.getElementById("canvas");
  const shown = (id) => document.getElementById(id).checked;
  const make = (tag, attributes, text) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  page.make = make;
  let zoom = 1, pad = 0; // screen pixels a unit of the figure; units around it

  const MARGIN = 54; // screen pixels around the figure, in which points of the axes have room
  const picture = make("image", { x: left, y: top, width, height, preserveAspectRatio: "none", href: document.getElementById("picture").src });
  const layer = make("g", {});
  canvas.append(picture, layer);

  page.zoom = (by) => {
    const wide = document.getElementById("figure").clientWidth - 36 - 2 * MARGIN;
    const high = Math.max(0.66 * window.innerHeight, 320) - 2 * MARGIN;
    zoom = by === undefined ? Math.min(wide / width, high / height) : Math.max(0.1, Math.min(zoom * by, 12));
    pad = MARGIN / zoom;
    canvas.setAttribute("viewBox", `${left - pad} ${top - pad} ${width + 2 * pad} ${height + 2 * pad}`);
    canvas.setAttribute("width", (width + 2 * pad) * zoom);
    canvas.setAttribute("height", (height + 2 * pad) * zoom);
    draw();
  };
  page.unit = (screen) => screen / zoom;
  page.position = (event) => {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left - canvas.clientLeft) / zoom, (event.clientY - box.top - canvas.clientTop) / zoom];
    return [left - pad + x, top - pad + y];
  };

  const path = (points) => points.map(([x, y]) => `${x},${y}`).join(" ");
  const text = (x, y, words, fill, anchor = "middle", size = 11) =>
    make("text", { x, y, fill, "font-size": page.unit(size), "stroke-width": page.unit(3), "text-anchor": anchor }, words);
  const line = (x1, y1, x2, y2, stroke, extra = {}) => make("line", { x1, y1, x2, y2, stroke, "stroke-width": 1, ...extra });

  const steps = (low, high) => {
    const raw = (high - low) / 8;
    const power = 10 ** Math.floor(Math.log10(raw));
    const usual = [1, 2, 2.5, 5, 6, 10].find((m) => m * power >= raw) || 10;
    const step = usual * power;
    const out = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) out.push(Number((k * step).toPrecision(10)));
    return out;
  };
  const ink = "#00558f";

  const scales = () => {
    const { x_axis: xs, y_axis: ys } = page.hand;
    const bottom = page.bottom(), side = page.side();
    const upper = Math.min(...ys.map(([at]) => at)), right = Math.max(...xs.map(([at]) => at));
    const x = page.scale("x"), y = page.scale("y");
    layer.append(line(side, bottom, right, bottom, ink), line(side, upper, side, bottom, ink));
    if (x) for (const value of steps(x.low, x.high)) {
      const at = x.place(value);
      layer.append(line(at, bottom, at, bottom - page.unit(7), ink), text(at, bottom - page.unit(9), value, ink));
    }
    if (y) for (const value of steps(y.low, y.high)) {
      const at = y.place(value);
      layer.append(line(side, at, side + page.unit(7), at, ink), text(side + page.unit(9), at + page.unit(4), value, ink, "start"));
    }
    // the points lie across from the printed numbers, so that both are seen
    xs.forEach(([at, value], i) => axisPoint("x", i, at, upper - page.unit(20), value, [at, upper - page.unit(12), at, bottom]));
    ys.forEach(([at, value], i) => axisPoint("y", i, right + page.unit(20), at, value, [side, at, right + page.unit(12), at]));
  };
  const axisPoint = (name, i, x, y, value, guide) => {
    const stated = value !== null && value !== "";
    const handle = make("g", { class: "handle drag", tabindex: 0, role: "button", "data-axis": name, "data-point": i,
      "aria-label": `Point ${i + 1} of the ${name} axis, ${stated ? `value ${value}` : "without a value"}; arrow keys move it` });
    const stroke = stated ? ink : "#b3261e";
    handle.append(line(...guide, stroke, { "stroke-dasharray": "3 4", opacity: 0.7 }),
      make("circle", { class: "ring", cx: x, cy: y, r: page.unit(7), fill: "#fff", "fill-opacity": 0.85, stroke, "stroke-width": 2 }),
      name === "x" ? text(x, y - page.unit(10), stated ? value : "?", stroke, "middle", 13)
        : text(x + page.unit(11), y + page.unit(4), stated ? value : "?", stroke, "start", 13));
    layer.append(handle);
  };

  const boxes = () => {
    page.hand.masks.forEach(([a, b, c, d]) => layer.append(make("rect", { x: a, y: b, width: c - a, height: d - b, fill: "#888",
      "fill-opacity": 0.35, stroke: "#444", "stroke-width": 1 })));
    const p = page.hand.panel;
    if (p) layer.append(make("rect", { x: p[0], y: p[1], width: p[2] - p[0], height: p[3] - p[1], fill: "none", stroke: "#444",
      "stroke-width": 1.5, "stroke-dasharray": "8 4" }));
    if (page.box) {
      const [[a, b], [c, d]] = page.box;
      layer.append(make("rect", { x: Math.min(a, c), y: Math.min(b, d), width: Math.abs(c - a), height: Math.abs(d - b), fill: "#888",
        "fill-opacity": 0.2, stroke: "#000", "stroke-width": 1, "stroke-dasharray": "4 3" }));
    }
  };

  const levelAt = (curve, x) => {
    let y = null;
    for (const [px, py] of curve.points) if (px <= x || y === null) y = py;
    return y;
  };
  const read = () => page.hand.curves.forEach((curve, k) => {
    const stroke = page.colour(k), chosen = k === page.chosen;
    const dense = curve.read === "pixels" ? curve.points : staircase(curve);
    layer.append(make("polyline", { points: path(dense), fill: "none", stroke, "stroke-width": chosen ? 4 : 3, "stroke-opacity": 0.55, "data-curve": k }));
    curve.marks.forEach((x) => {
      const y = levelAt(curve, x);
      if (y !== null) layer.append(line(x, y - page.unit(7), x, y + page.unit(7), stroke, { "stroke-width": 2 }));
    });
    if (curve.label && curve.points.length) {
      const [x, y] = curve.points[Math.floor(curve.points.length * (0.3 + 0.12 * (k % 3)))];
      layer.append(text(x + page.unit(6), y - page.unit(8), curve.label, stroke, "start", 12));
    }
  });
  const staircase = (curve) => {
    if (curve.read === "corners") return curve.points;
    const out = [];
    curve.points.forEach(([x, y], i) => {
      if (i) out.push([x, curve.points[i - 1][1]]);
      out.push([x, y]);
    });
    return out;
  };
  const patients = () => (page.solved?.curves || []).forEach((one) => one.km && layer.append(
    make("polyline", { points: path(one.km), fill: "none", stroke: "#fff", "stroke-width": 3, "stroke-opacity": 0.8 }),
    make("polyline", { class: "km", points: path(one.km), fill: "none", stroke: "#000", "stroke-width": 1.3 })));
  const atRisk = () => {
    const x = page.scale("x");
    if (!x) return;
    page.hand.curves.forEach((curve, k) => curve.n_risk.forEach((count, i) => {
      const time = Number(page.hand.risk_times[i]);
      const y = page.bottom() - page.unit(26 + 13 * (page.hand.curves.length - 1 - k));
      if (count !== null && Number.isFinite(time)) layer.append(text(x.place(time), y, count, page.colour(k)));
    }));
  };
  const points = () => {
    const curve = page.curve();
    if (!curve || curve.read === "pixels") return;
    curve.points.forEach(([x, y], i) => {
      const now = i === page.point;
      layer.append(make("circle", { class: "ring handle drag point", cx: x, cy: y, r: page.unit(now ? 5.5 : 4), fill: now ? page.colour(page.chosen) : "#fff",
        stroke: page.colour(page.chosen), "stroke-width": 1.5, tabindex: now ? 0 : -1, role: "button", "data-index": i,
        "aria-label": `Point ${i + 1} of ${curve.points.length} of ${curve.label}` }));
    });
  };
  const cross = () => {
    if (!page.cursor || document.activeElement !== canvas) return;
    const [x, y] = page.cursor, r = page.unit(14);
    layer.append(line(x - r, y, x + r, y, "#000", { "stroke-width": 1.5 }), line(x, y - r, x, y + r, "#000", { "stroke-width": 1.5 }));
  };

  const draw = () => {
    const focused = document.activeElement?.dataset || {};
    layer.replaceChildren();
    boxes();
    if (shown("show-found")) read();
    if (shown("show-km")) patients();
    if (shown("show-scale")) { scales(); atRisk(); }
    points();
    cross();
    const again = focused.axis ? `[data-axis="${focused.axis}"][data-point="${focused.point}"]` : focused.index !== undefined ? `[data-index="${page.point}"]` : null;
    if (again) layer.querySelector(again)?.focus({ preventScroll: true });
  };
  page.draw = draw;
  page.listeners.push(draw);
  ["show-found", "show-km", "show-scale"].forEach((id) => document.getElementById(id).addEventListener("change", draw));
})();
