// Where the site's search puts a page: what tells how to do a thing first, long lists of everything last.
var Scorer = {
  score: ([docname, title, anchor, descr, score, filename, kind]) => {
    const weights = [
      [/^(how_to|start)\/index$|^index$/, 0.5, 0],
      [/^(how_to|start)\//, 1.6, 4],
      [/^(choosing|methods|from_r)$/, 1.3, 1],
      [/^(changelog|contributing)$|^reference\/(error_catalogue|benchmarks)$/, 0.2, 0],
      [/^reference\/generated\/metaonc\.results\./, 0.5, 0],
      [/^(collections|vignettes)\//, 0.6, 0],
    ];
    const [, times, plus] = weights.find(([page]) => page.test(docname)) ?? [null, 1, 0];
    return score * times + plus;
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
