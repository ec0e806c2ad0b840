(() => {
  // The page without a server follows a line itself: in the colour picked, between two points clicked on it, by the
  // falling path through most of its pixels. It knows no other lines: where two of one colour meet, it may change over.
  const WHOLE = 0.5; // of the line's colour: a pixel that is the line's
  const FAINT = 0.15; // of it: what is less is paper
  const SEEN = 0.4; // of the columns: a line that is seen in fewer was not followed
  const AGAIN = 12; // pixels before a click that are followed anew from it: it may have been in a drop
  const REACH = 4; // pixels that a click may be off the line
  page.FOLLOWED = "its line was followed in the browser, by its colour between the points clicked: look at it where lines meet.";

  // how much of each pixel the colour covers, by columns from a to b: 0 on white and on other colours, 1 on the colour
  const coverage = (colour, a, b) => {
    const { context, high, zoom } = page.pixels();
    const { left, top } = page.boot.picture;
    const wide = b - a + 1;
    const { data } = context.getImageData(a, 0, wide, high);
    const [r, g, l] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
    const far = Math.max(Math.hypot(255 - r, 255 - g, 255 - l), 60);
    const cover = Array.from({ length: wide }, () => new Float32Array(high));
    for (let row = 0; row < high; row += 1) for (let k = 0; k < wide; k += 1) {
      const i = 4 * (row * wide + k);
      const off = Math.hypot(data[i] - r, data[i + 1] - g, data[i + 2] - l);
      cover[k][row] = Math.max(0, 1 - off / (0.8 * far));
    }
    for (const [x0, y0, x1, y1] of page.hand.masks) {
      const rows = [y0, y1].map((y) => Math.max(Math.min(Math.round((y - top) * zoom), high), 0));
      for (let k = 0; k < wide; k += 1) {
        const x = left + (a + k + 0.5) / zoom;
        if (x >= x0 && x <= x1) cover[k].fill(0, ...rows);
      }
    }
    return cover;
  };

  // rows of the falling path from the first click to the second through most of what is covered
  const falling = (cover, first, last) => {
    const high = cover[0].length;
    const came = cover.map(() => new Int32Array(high));
    let worth = new Float32Array(high).fill(-Infinity);
    for (let row = Math.max(first - REACH, 0); row <= Math.min(first + REACH, high - 1); row += 1) worth[row] = cover[0][row];
    for (let k = 1; k < cover.length; k += 1) {
      const next = new Float32Array(high);
      let best = -Infinity, from = 0;
      for (let row = 0; row < high; row += 1) {
        if (worth[row] >= best) { best = worth[row]; from = row; }
        next[row] = best + cover[k][row];
        came[k][row] = from;
      }
      worth = next;
    }
    let row = Math.max(last - REACH, 0);
    for (let at = row; at <= Math.min(last + REACH, high - 1); at += 1) if (worth[at] > worth[row]) row = at;
    if (worth[row] === -Infinity) return null;
    const rows = new Array(cover.length);
    for (let k = cover.length - 1; k >= 0; k -= 1) { rows[k] = row; row = came[k][row]; }
    return rows;
  };

  // upper and lower edge of the line in a column, around the row of the path; null where nothing is drawn there
  const edges = (column, row) => {
    let at = row;
    for (let off = 0; off <= 2 && column[at] < WHOLE; off += 1) at = [row + off, row - off].find((r) => column[r] >= WHOLE) ?? row;
    if (!(column[at] >= WHOLE)) return null;
    let [up, down] = [at, at];
    while (column[up - 1] > FAINT) up -= 1;
    while (column[down + 1] > FAINT) down += 1;
    return [up + 0.5 - column[up], down - 0.5 + column[down]];
  };

  // levels of all columns: the middle of both edges, each moved by half the line's width to where the line drops. Edges
  // fall from column to column: a mark that stands out above or below is cut off.
  const levels = (found, start) => {
    const heights = found.filter(Boolean).map(([up, down]) => down - up).sort((a, b) => a - b);
    const half = heights[Math.floor(heights.length / 4)] / 2;
    const ups = [], downs = new Array(found.length);
    let most = start - half;
    found.forEach((one) => { most = Math.max(most, one ? one[0] : most); ups.push(most); });
    let least = Infinity;
    for (let k = found.length - 1; k >= 0; k -= 1) {
      least = Math.min(least, found[k] ? found[k][1] : least);
      downs[k] = least;
    }
    const at = (edge, k) => edge[Math.round(Math.max(0, Math.min(k, edge.length - 1)))];
    return found.map((_, k) => {
      const down = at(downs, k - half) - half;
      const up = at(ups, k + half) + half;
      return Number.isFinite(down) ? (up + down) / 2 : up;
    });
  };

  // positions of the line between two clicks, from the left one to the right one; null where it is not seen
  page.between = (colour, from, to) => {
    const { wide, high, zoom } = page.pixels();
    const { left, top } = page.boot.picture;
    const pixel = ([x, y]) => [Math.round((x - left) * zoom - 0.5), Math.round((y - top) * zoom - 0.5)];
    const [[a, y0], [b, y1]] = [pixel(from), pixel(to)];
    if (b - a < 2 || a < 0 || b >= wide) return null;
    const rising = page.hand.kind === "event";
    const turned = (row) => (rising ? high - 1 - row : row);
    const cover = coverage(colour, a, b);
    if (rising) cover.forEach((column) => column.reverse());
    const path = falling(cover, turned(y0), turned(y1));
    if (!path) return null;
    const found = path.map((row, k) => edges(cover[k], row));
    if (found.filter(Boolean).length < SEEN * found.length) return null;
    const rows = levels(found, turned(y0));
    let lowest = -Infinity; // what a program reads falls
    return rows.map((row, k) => {
      lowest = Math.max(lowest, row);
      return [left + (a + k + 0.5) / zoom, top + (turned(lowest) + 0.5) / zoom].map((at) => Math.round(at * 1e4) / 1e4);
    });
  };

  // where every curve begins, once both axes are stated
  const beginning = () => {
    const x = page.scale("x"), y = page.scale("y");
    if (!x || !y) return null;
    const percent = page.hand.kind === "percent" || y.high > 1.5;
    return [x.place(0), y.place(page.hand.kind === "event" ? 0 : percent ? 100 : 1)];
  };

  // a click on a line: it is followed from time 0 to there, and by each further click on from the last
  page.followHere = (x, y, colour) => {
    const apart = (a, b) => Math.hypot(...[1, 3, 5].map((i) => parseInt(a.slice(i, i + 2), 16) - parseInt(b.slice(i, i + 2), 16)));
    const curve = page.curve();
    const end = curve?.points[curve.points.length - 1];
    const anew = !end || x <= end[0] || apart(colour, curve.colour) > 90;
    const last = anew ? beginning() : curve.read === "pixels" ? curve.points[Math.max(curve.points.length - AGAIN, 0)] : end;
    const points = last && page.between(anew ? colour : curve.colour, last, [x, y]);
    page.change((hand) => {
      const own = !anew || (curve && !end) ? curve : page.addCurve(hand);
      if (anew) own.colour = colour;
      if (points) join(own, points, last); else page.insert(own, x, y);
    });
    page.say(points ? `${page.curve().label}: followed to here. Click further along it, or on the next line.`
      : !last ? "This is where the curve begins, as the axes are not stated. Click further along the same line: it is followed from here to there."
        : "The line was not followed to here: a point was set. Click nearer, or set points along it.", Boolean(last) && !points);
  };
  const join = (curve, points, last) => {
    const before = curve.read === "pixels" ? curve.points.filter(([x]) => x < last[0]) : [];
    const floor = before.length ? before[before.length - 1][1] : null;
    const falls = page.hand.kind === "event" ? Math.min : Math.max;
    const own = points.map(([x, y]) => [x, floor === null ? y : falls(floor, y)]);
    Object.assign(curve, { read: "pixels", points: [...before, ...own], cautions: [`${curve.label}: ${page.FOLLOWED}`] });
  };
})();
