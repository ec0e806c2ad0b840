(() => {
  const { boot } = page;
  const status = document.getElementById("status");
  page.say = (text, bad = false) => {
    status.textContent = text;
    status.classList.toggle("bad", bad);
  };

  const post = async (name, body) => {
    const answer = await fetch(name, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the program answered ${answer.status}`);
    return answer.json();
  };
  const asked = async (name, body) => {
    try {
      const answer = await post(name, body);
      if (answer.error) page.say(answer.error, true);
      return answer.error ? null : answer;
    } catch (problem) {
      page.say(`The program is not there any more (${problem.message}). What you did is kept: run metaonc page again, or export the project.`, true);
      return null;
    }
  };

  // one question at a time; what changed meanwhile is asked at once after it
  let busy = false, again = false, version = 0;
  const solve = async () => {
    if (busy) { again = true; return; }
    busy = true;
    const sent = version;
    const before = performance.now();
    const answer = await asked("solve", { hand: page.hand });
    busy = false;
    page.fresh = sent === version && Boolean(answer); // what is shown is of what is placed and typed, and that is kept
    document.getElementById("results").setAttribute("aria-busy", !page.fresh);
    if (answer) {
      page.solved = answer.solved;
      page.took = performance.now() - before;
      if (status.classList.contains("bad")) page.say("");
      page.draw();
      page.results();
    } else {
      page.solved = null;
      page.draw();
    }
    if (again) { again = false; solve(); }
  };
  let waiting = 0;
  const kept = () => { try { localStorage.setItem(`metaonc ${boot.sha256}`, JSON.stringify(page.hand)); } catch { /* no room, or not allowed */ } };
  page.listeners.push((what) => {
    if (what !== "hand") return;
    if (!boot.served) { kept(); page.results(); return; }
    version += 1;
    page.fresh = false;
    document.getElementById("results").setAttribute("aria-busy", true);
    clearTimeout(waiting);
    waiting = setTimeout(solve, 60);
  });
  page.solve = solve;

  page.trace = async (k, at) => {
    page.say("Following the line …");
    const answer = await asked("trace", { hand: page.hand, curve: k, at });
    if (!answer) return false;
    page.change((hand) => { hand.curves[k] = answer.curve; });
    page.solved = answer.solved;
    page.say(`${answer.curve.label}: followed over ${answer.curve.points.length} points.`);
    page.draw();
    page.results();
    return true;
  };
  page.follow = async (x, y) => {
    const colour = page.colourAt(x, y, page.unit(5));
    if (!colour) { page.say("There is no line here: click on the line itself.", true); return; }
    if (!boot.served) { page.followHere(x, y, colour); return; }
    page.change((hand) => {
      const curve = page.curve() && !page.curve().points.length ? page.curve() : page.addCurve(hand);
      curve.colour = colour;
    });
    const k = page.chosen;
    if (!(await page.trace(k, [page.rounded(x), page.rounded(y)]))) page.change((hand) => page.insert(hand.curves[k], x, y));
  };

  const project = () => JSON.stringify({ format: boot.format, file: boot.name, sha256: boot.sha256, by_hand: page.hand }, null, 1);
  document.getElementById("export").addEventListener("click", () => {
    const link = Object.assign(document.createElement("a"), { download: `${boot.stem}_project.json`, href: URL.createObjectURL(new Blob([project()], { type: "application/json" })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    page.say(`Exported ${boot.stem}_project.json.`);
  });
  const save = document.getElementById("save");
  save.hidden = !boot.served;
  save.addEventListener("click", async () => {
    page.say("Writing …");
    const answer = await asked("save", { hand: page.hand });
    if (answer) page.say(`Saved ${answer.written.length} files in ${boot.out}.`);
  });

  if (boot.served) {
    setInterval(() => fetch("beat", { method: "POST", body: "" }).catch(() => {}), 15000);
    window.addEventListener("beforeunload", (event) => { if (!page.fresh) event.preventDefault(); });
    window.addEventListener("pagehide", () => {
      const hand = new Blob([JSON.stringify({ hand: page.hand })], { type: "application/json" });
      if (!page.fresh) navigator.sendBeacon("keep", hand);
      navigator.sendBeacon("bye");
    });
    window.addEventListener("pageshow", (event) => { if (event.persisted) fetch("beat", { method: "POST", body: "" }).catch(() => {}); });
  } else {
    try {
      const was = localStorage.getItem(`metaonc ${boot.sha256}`);
      if (was) page.hand = JSON.parse(was);
    } catch { /* not allowed here: the page begins anew */ }
  }
})();
