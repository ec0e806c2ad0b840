(() => {
  const by = (id) => document.getElementById(id);
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  page.element = make;
  const typed = (text) => (text.trim() === "" ? null : text.trim());
  const list = (text) => text.split(/[\s,;]+/).filter(Boolean);

  const fields = { axes: [], curves: [], risk: [], paper: [] };
  let part = "axes"; // that is being made

  // a labelled field: what it shows, and what typing in it changes
  const field = (label, id, get, set, properties = {}) => {
    const input = make("input", { id, autocomplete: "off", spellcheck: false, value: get() ?? "", ...properties });
    input.setAttribute("inputmode", properties.inputMode || "decimal");
    let before = null;
    input.addEventListener("focus", () => { before = input.value; });
    input.addEventListener("input", () => {
      page.change((hand) => set(hand, input.value), { joined: before === null });
      before = null; // one step to undo for all that is typed at once
    });
    fields[part].push({ input, get });
    return make("label", { className: properties.wide ? "wide" : "" }, label, input);
  };
  const select = (label, id, options, get, set) => {
    const box = make("select", { id }, ...options.map(([value, text]) => make("option", { value, textContent: text })));
    box.value = get() ?? "";
    box.addEventListener("change", () => page.change((hand) => set(hand, box.value || null)));
    fields[part].push({ input: box, get });
    return make("label", { className: "wide" }, label, box);
  };
  const button = (text, label, click) => {
    const made = make("button", { type: "button", className: "small", textContent: text });
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", click);
    return made;
  };

  // what a program has read waits for a word of the user: to type in one field does not confirm the others
  const unsure = (name) => page.hand.unconfirmed.includes(name);
  const confirmation = (name, what, where) => {
    if (name !== "curves") by(where).classList.toggle("unconfirmed", unsure(name));
    if (name === "printed") by("curves").classList.toggle("medians", unsure(name));
    if (!unsure(name)) return;
    by(where).append(make("p", { className: "caution", id: `unconfirmed-${name}` }, `Read by the program, not confirmed: compare ${what} with the figure. `,
      button("They are right", `Confirm ${what}`, () => page.change((hand) => { hand.unconfirmed = hand.unconfirmed.filter((part) => part !== name); }))));
  };

  const axes = () => {
    const of = (name, i, label) => field(label, `${name}-${i}`, () => page.hand[`${name}_axis`][i][1], (hand, text) => { hand[`${name}_axis`][i][1] = typed(text); });
    const at = (name, i, label) => field(label, `${name}-${i}-at`, () => page.hand[`${name}_axis`][i][0],
      (hand, text) => { if (Number.isFinite(Number(text)) && text.trim()) hand[`${name}_axis`][i][0] = Number(text); });
    const kinds = [["", "survival"], ["percent", "survival in percent"], ["event", "events, 1 − survival"]];
    const places = make("details", {}, make("summary", { textContent: `Positions, in ${page.boot.picture.unit}s` }),
      make("div", { className: "fields" }, at("x", 0, "Place, x left"), at("x", 1, "x right"), at("y", 0, "y lower"), at("y", 1, "y upper")));
    by("axes").replaceChildren(
      make("p", { className: "wide", textContent: "Drag the two points of each axis onto ticks, and type the values there." }),
      make("div", { className: "fields" }, of("x", 0, "x left"), of("x", 1, "x right"), of("y", 0, "y lower"), of("y", 1, "y upper")),
      select("The y axis shows", "kind", kinds, () => page.hand.kind, (hand, value) => { hand.kind = value; }), places);
    if (page.boot.unread) by("axes").append(make("details", {}, make("summary", { textContent: "Why the curves were not read" }), make("p", { textContent: page.boot.unread })));
    by("axes").append(...page.hand.masks.map((_, i) => button(`Remove mask ${i + 1}`, "", () => page.change((hand) => hand.masks.splice(i, 1)))));
    if (page.hand.panel) by("axes").append(button("Remove panel", "", () => page.change((hand) => { hand.panel = null; })));
    confirmation("axes", "the values of the axes", "axes");
  };

  const READ = { clicks: "points", pixels: "columns followed", corners: "corners read" };
  const curves = () => {
    by("curves").replaceChildren(...boxes());
    confirmation("curves", "their number", "curves");
    confirmation("names", "the names", "curves");
  };
  const boxes = () => page.hand.curves.map((curve, k) => {
    const own = (hand) => hand.curves[k];
    const count = (label, name) => field(label, `${name}-${k}`, () => page.hand.curves[k][name], (hand, text) => { own(hand)[name] = typed(text); }, { placeholder: name === "median" ? "as printed" : "" });
    const swatch = make("span", { className: "swatch" });
    swatch.style.background = curve.colour;
    swatch.title = "its colour in the figure";
    const drawn = make("span", { className: "swatch" });
    drawn.style.background = page.colour(k);
    drawn.title = "as it is drawn over the figure";
    const name = field("Name", `label-${k}`, () => page.hand.curves[k]?.label, (hand, text) => {
      const was = own(hand).label;
      own(hand).label = text;
      for (const arm of ["control", "treatment"]) if (hand.printed[arm] === was) hand.printed[arm] = text;
    }, { inputMode: "text" });
    const box = make("div", { className: `curve${k === page.chosen ? " chosen" : ""}` },
      make("div", { className: "head" }, swatch, drawn, name, button(k === page.chosen ? "Chosen" : "Choose", `Choose ${curve.label}`, () => page.selected(k))),
      make("div", { className: "fields" }, count("Patients n", "n"), count("Events", "events"), count("Median", "median")),
      make("div", { className: "actions" }, make("span", { textContent: `${curve.points.length} ${READ[curve.read]}, ${curve.marks.length} mark${curve.marks.length === 1 ? "" : "s"}` }),
        ...(page.boot.served ? [button("Follow again", `Follow ${curve.label} again`, () => page.trace(k, null))] : []),
        button("Clear", `Clear the points of ${curve.label}`, () => page.change((hand) => Object.assign(own(hand), { points: [], marks: [], read: "clicks", cautions: [] }))),
        button("Remove", `Remove ${curve.label}`, () => page.change((hand) => hand.curves.splice(k, 1)))));
    box.querySelector("button").setAttribute("aria-pressed", k === page.chosen);
    return box;
  });

  const risk = () => {
    const rows = page.hand.curves.map((curve, k) => field(curve.label, `risk-${k}`,
      () => page.hand.curves[k]?.n_risk.map((n) => n ?? "-").join(" "), (hand, text) => {
        hand.curves[k].n_risk = list(text).map((n) => (n === "-" ? null : n));
      }, { wide: true, placeholder: "285 244 201 …" }));
    const times = field("Times", "risk-times", () => page.hand.risk_times.join(" "), (hand, text) => { hand.risk_times = list(text); },
      { wide: true, placeholder: "0 6 12 18 …" });
    by("risk").replaceChildren(times, ...rows);
    confirmation("risk", "the numbers at risk", "risk");
  };

  const paper = () => {
    const number = (label, name) => field(label, `printed-${name}`, () => page.hand.printed[name], (hand, text) => { hand.printed[name] = typed(text); });
    const arms = [["", "–"], ...page.hand.curves.map((curve) => [curve.label, curve.label])];
    const arm = (label, name) => select(label, `printed-${name}`, arms, () => page.hand.printed[name], (hand, value) => { hand.printed[name] = value; });
    by("paper").replaceChildren(make("div", { className: "fields" }, number("Hazard ratio", "hr"), number("95 % from", "ci_low"), number("to", "ci_high")),
      make("div", { className: "fields" }, arm("Treatment", "treatment"), arm("Control", "control")));
    confirmation("printed", "the printed numbers", "paper");
  };

  // a part is made anew where its shape changes, else only what it shows: who types keeps the place
  const parts = { axes, curves, risk, paper };
  const shapes = {};
  let named = null; // the names that the curves' buttons say: not while one is being typed
  const show = () => {
    const { hand, chosen } = page;
    const labels = hand.curves.map((curve) => curve.label);
    if (!document.activeElement?.id.startsWith("label-")) named = labels;
    const now = {
      axes: [hand.masks.length, hand.panel, unsure("axes")],
      curves: [hand.curves.map((curve) => [curve.colour, curve.read, curve.points.length, curve.marks.length]), chosen, named, unsure("names"), unsure("curves")],
      risk: [labels, unsure("risk")],
      paper: [labels, unsure("printed")],
    };
    const focused = document.activeElement?.id;
    for (const [name, build] of Object.entries(parts)) {
      const shape = JSON.stringify(now[name]);
      if (shape !== shapes[name]) {
        shapes[name] = shape;
        part = name;
        fields[name] = [];
        build();
      }
      for (const { input, get } of fields[name]) if (input !== document.activeElement) input.value = get() ?? "";
    }
    if (focused && document.activeElement?.id !== focused) by(focused)?.focus();
  };
  page.listeners.push(show);
  by("curves").addEventListener("focusout", () => setTimeout(show));
  by("add-curve").addEventListener("click", () => {
    page.change((hand) => page.addCurve(hand));
    by(`label-${page.chosen}`)?.focus();
  });
})();
