// Says that the flow files have a mistake, as long as they have one.

/** Shows what is wrong with the flow files. @param {{on: (name: string, callback: (data: object) => void) => void}} bench */
export function watchFlowFiles(bench) {
  const strip = document.getElementById("flows-problem");
  const findings = document.getElementById("flows-findings");

  bench.on("flows", ({ problem }) => {
    findings.textContent = problem ?? "";
    strip.hidden = problem === null;
  });
}
