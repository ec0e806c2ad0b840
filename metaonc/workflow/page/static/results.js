(() => {
  const make = page.element;
  const at = document.getElementById("results");
  const row = (cells, tag = "td") => make("tr", {}, ...cells.map((cell) => (cell instanceof Node ? cell : make(tag, { textContent: cell ?? "" }))));
  const table = (caption, heads, rows) => make("table", {}, make("caption", { textContent: caption }), make("thead", {}, row(heads, "th")), make("tbody", {}, ...rows));

  const arms = (solved) => table("Reconstructed patients", ["Arm", "n", "events", "median", "RMSE", "largest"],
    solved.curves.filter((one) => one.km).map((one) => row([one.label, one.n, one.events, one.median, one.rmse.toFixed(4), one.max_abs.toFixed(4)])));
  const NAMES = { "standard error": "SE of log HR", median: "Median", HR: "HR" };
  const check = (solved) => table("Beside the paper", ["", "printed", "patients", ""],
    solved.check.map((one) => row([`${NAMES[one.quantity] || one.quantity} ${one.quantity === "median" ? one.arm : ""}`, one.published, one.reconstructed,
      make("td", { className: one.agrees ? "good" : "bad", textContent: one.agrees ? "agrees" : "does not agree" })])));

  const HIGH = 90;
  const residuals = (solved) => {
    const all = solved.curves.flatMap((one) => (one.residuals || []).map(([, off]) => Math.abs(off)));
    if (!all.length) return [];
    const half = Math.max(...all, 0.001) * 1.1;
    const x = page.scale("x");
    const from = x.place(x.low), span = x.place(x.high) - from;
    const svg = page.make("svg", { id: "residuals", viewBox: `0 0 400 ${HIGH}`, preserveAspectRatio: "none", role: "img",
      "aria-label": `Residuals, at most ${Math.max(...all).toFixed(4)}` });
    svg.append(page.make("line", { x1: 0, x2: 400, y1: HIGH / 2, y2: HIGH / 2, stroke: "#888", "stroke-width": 1, "vector-effect": "non-scaling-stroke" }));
    solved.curves.forEach((one, k) => one.residuals && svg.append(page.make("polyline", { fill: "none", stroke: page.colour(k), "stroke-width": 1.2,
      "vector-effect": "non-scaling-stroke", points: one.residuals.map(([px, off]) => `${((px - from) / span) * 400},${HIGH / 2 - (off / half) * (HIGH / 2)}`).join(" ") })));
    return [make("p", { className: "wide", textContent: `Residuals, patients minus read; the strip is ±${half.toPrecision(2)} high` }), svg];
  };

  const sentences = (solved) => {
    const out = solved.problems.map((text) => make("p", { className: "bad", textContent: text }));
    solved.curves.forEach((one) => {
      if (one.problem) out.push(make("p", { className: "bad", textContent: one.problem }));
      (one.notes || []).forEach((note) => out.push(make("p", { className: "caution", textContent: `${one.label}: ${note}` })));
    });
    return [...out, ...solved.cautions.map((text) => make("p", { className: "caution", textContent: text }))];
  };

  page.results = () => {
    const { solved } = page;
    if (!page.boot.served) {
      const cautions = [...page.hand.cautions, ...page.hand.curves.flatMap((curve) => curve.cautions)];
      at.replaceChildren(make("p", { textContent: "This page stands alone: Follow a line goes from the point clicked last to the next, by colour and no more. The page of the program (metaonc page) follows whole lines, tells those of one colour apart and shows the patients at once." }),
        make("p", { textContent: `Export the project, then: metaonc reconstruct ${page.boot.name} --project ${page.boot.stem}_project.json --out patients` }),
        ...cautions.map((text) => make("p", { className: "caution", textContent: text })));
      return;
    }
    if (!solved) return;
    const out = [], first = []; // beside each other where there is room
    if (solved.curves.some((one) => one.km)) first.push(arms(solved));
    if (solved.ratio) {
      const { treatment, control, text, logrank } = solved.ratio;
      first.push(make("p", {}, `Hazard ratio of ${treatment} to ${control}: `, make("strong", { id: "ratio", textContent: text }), `; log-rank ${logrank}`));
    }
    if (solved.check.length) out.push(check(solved));
    const parts = [[...first, ...sentences(solved)], [...residuals(solved), ...out]].filter((part) => part.length);
    at.replaceChildren(...parts.map((part) => make("div", {}, ...part)));
  };
})();
