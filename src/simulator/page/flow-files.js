// Says that the flow files have a mistake, as long as they have one.

/** Shows what is wrong with the flow files. @param {{on: (name: string, callback: (data: object) => void) => void}} bench */
export function watchFlowFiles(bench) {
  const strip = document.getElementById("flows-problem");
  const summary = document.getElementById("flows-summary");
  const findings = document.getElementById("flows-findings");

  function show({ problem }) {
    strip.hidden = problem === null;
    summary.textContent = problem?.summary ?? "";
    findings.textContent = problem?.details ?? "";
  }

  bench.on("flows", show);
  bench.on("live", ({ flows }) => show(flows));
}
