(() => {
  const by = (id) => document.getElementById(id);
  by("smaller").addEventListener("click", () => page.zoom(1 / 1.25));
  by("larger").addEventListener("click", () => page.zoom(1.25));
  by("fit").addEventListener("click", () => page.zoom());
  by("undo").addEventListener("click", page.undo);
  by("redo").addEventListener("click", page.redo);
  const steps = () => {
    by("undo").disabled = !page.past.length;
    by("redo").disabled = !page.future.length;
  };
  page.listeners.push(steps);
  steps();
  page.zoom();
  page.choose("move");
  page.told("all");
  page.results();
  if (!page.boot.served) document.querySelector("[data-tool=follow]").title = "Click where a line begins, then further along it: it is followed between, in its colour";
  if (page.boot.unread) page.say("The curves were not read. Type the values at the points of the axes, drag points that are off their tick, then follow each line.");
  if (page.boot.served) page.solve();
})();
