(() => {
  const canvas = document.getElementById("canvas");
  const STILL = 3; // screen pixels: what moves less is a click
  const { rounded } = page;

  const useless = (name) => page.boot.lines && ["mask", "panel"].includes(name); // the axes choose the panel of a figure of lines
  const choose = (name) => {
    if (useless(name)) return;
    page.tool = name;
    page.corner = null;
    document.querySelectorAll("[data-tool]").forEach((button) => button.setAttribute("aria-pressed", button.dataset.tool === name));
    canvas.style.cursor = name === "move" ? "default" : "crosshair";
    page.draw();
  };
  page.choose = choose;
  document.querySelectorAll("[data-tool]").forEach((button) => {
    button.hidden = useless(button.dataset.tool);
    button.addEventListener("click", () => choose(button.dataset.tool));
  });

  const boxOf = ([a, b], [c, d]) => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)].map(rounded);
  const boxed = (box) => {
    if (box[2] - box[0] < page.unit(STILL) || box[3] - box[1] < page.unit(STILL)) return;
    page.change((hand) => (page.tool === "mask" ? hand.masks.push(box) : (hand.panel = box)));
  };

  // what the tool does where it is clicked, by pointer or at the cross
  const act = ([x, y]) => {
    const { tool } = page;
    if (tool === "follow") return page.follow(x, y);
    if (tool === "mask" || tool === "panel") {
      if (!page.corner) { page.corner = [x, y]; return page.say("First corner; press Enter at the other."); }
      boxed(boxOf(page.corner, [x, y]));
      page.corner = null;
      return undefined;
    }
    if (tool === "points") {
      page.change((hand) => page.insert(page.curve() || page.addCurve(hand), x, y));
      return undefined;
    }
    if (tool === "marks" && page.curve()) {
      page.change(() => {
        const { marks } = page.curve();
        const near = marks.findIndex((at) => Math.abs(at - x) < page.unit(4));
        if (near < 0) marks.push(rounded(x)); else marks.splice(near, 1);
        marks.sort((a, b) => a - b);
      });
    }
    return undefined;
  };

  const moveAxis = (name, i, by, joined) => page.change((hand) => {
    hand[`${name}_axis`][i][0] = rounded(hand[`${name}_axis`][i][0] + by);
  }, { joined });
  const movePoint = (i, dx, dy, joined) => page.change(() => {
    const curve = page.curve();
    page.toClicks(curve);
    curve.points[i] = [rounded(curve.points[i][0] + dx), rounded(curve.points[i][1] + dy)];
  }, { joined });
  const removePoint = (i) => page.change(() => {
    page.toClicks(page.curve());
    page.curve().points.splice(i, 1);
    page.point = Math.max(0, Math.min(i, page.curve().points.length - 1));
  });

  let drag = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const at = page.position(event);
    const handle = event.target.closest("[data-axis], .point");
    const curve = event.target.closest("[data-curve]");
    drag = { from: at, last: at, moved: false, screen: [event.clientX, event.clientY] };
    if (handle && handle.dataset.axis) Object.assign(drag, { axis: handle.dataset.axis, i: Number(handle.dataset.point) });
    else if (handle && page.tool !== "follow") Object.assign(drag, { point: Number(handle.dataset.index) });
    else if (curve && page.tool === "move") page.selected(Number(curve.dataset.curve));
    if (drag.axis || drag.point !== undefined) event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const at = page.position(event);
    if (!drag.moved && Math.hypot(event.clientX - drag.screen[0], event.clientY - drag.screen[1]) < STILL) return;
    const [dx, dy] = [at[0] - drag.last[0], at[1] - drag.last[1]];
    if (drag.axis) moveAxis(drag.axis, drag.i, drag.axis === "x" ? dx : dy, drag.moved);
    else if (drag.point !== undefined) { page.point = drag.point; movePoint(drag.point, dx, dy, drag.moved); }
    else if (page.tool === "mask" || page.tool === "panel") { page.box = [drag.from, at]; page.draw(); }
    drag.moved = true;
    drag.last = at;
  });
  canvas.addEventListener("pointerup", (event) => {
    const done = drag;
    drag = null;
    if (!done) return;
    const at = page.position(event);
    const box = page.box && boxOf(...page.box);
    page.box = null;
    if (box) { boxed(box); page.draw(); return; }
    if (done.moved && (done.axis || done.point !== undefined)) return;
    if (done.point !== undefined && page.tool === "points") { removePoint(done.point); return; }
    if (done.point !== undefined) { page.point = done.point; page.draw(); return; }
    if (done.axis) { document.getElementById(`${done.axis}-${done.i}`).focus(); return; }
    if (page.tool !== "mask" && page.tool !== "panel") act(at);
  });
  canvas.addEventListener("pointercancel", () => { drag = null; page.box = null; page.draw(); });

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    const size = event.shiftKey ? 10 : event.altKey ? 0.1 : 1;
    const arrow = ARROWS[event.key]?.map((part) => part * size);
    const { axis, point, index } = event.target.dataset;
    const next = { n: 1, N: -1 }[event.key];
    if (arrow) {
      event.preventDefault();
      if (axis) moveAxis(axis, Number(point), axis === "x" ? arrow[0] : arrow[1], false);
      else if (index !== undefined) movePoint(Number(index), ...arrow, false);
      else {
        const { left, top, width, height } = page.boot.picture;
        page.cursor = (page.cursor || [left + width / 2, top + height / 2]).map((at, i) => at + arrow[i]);
        page.say(`Cross at ${page.cursor.map((at) => at.toFixed(1)).join(", ")}${page.valuesAt(page.cursor)}`);
        page.draw();
      }
    } else if (next && page.curve()?.points.length && page.curve().read !== "pixels") {
      page.point = (page.point + next + page.curve().points.length) % page.curve().points.length;
      page.draw();
      canvas.querySelector(`[data-index="${page.point}"]`)?.focus();
    } else if ((event.key === "Delete" || event.key === "Backspace") && index !== undefined) {
      event.preventDefault();
      removePoint(Number(index));
    } else if (event.key === "Enter" && event.target === canvas && page.cursor) {
      event.preventDefault();
      act(page.cursor);
    }
  });
  page.valuesAt = ([x, y]) => {
    const sx = page.scale("x"), sy = page.scale("y");
    return sx && sy ? `: time ${sx.at(x).toPrecision(4)}, axis ${sy.at(y).toPrecision(4)}` : "";
  };
  canvas.addEventListener("focus", page.draw);
  canvas.addEventListener("blur", page.draw);

  const KEYS = { v: "move", f: "follow", p: "points", c: "marks", m: "mask", b: "panel" };
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea")) return;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === "z") { event.preventDefault(); (event.shiftKey ? page.redo : page.undo)(); }
    else if ((event.ctrlKey || event.metaKey) && key === "y") { event.preventDefault(); page.redo(); }
    else if (!event.ctrlKey && !event.metaKey && !event.altKey && KEYS[key]) choose(KEYS[key]);
  });
})();
