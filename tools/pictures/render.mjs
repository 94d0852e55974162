// Reads a Graphviz document on stdin and writes it as SVG, with Graphviz compiled to WebAssembly.
import { readFileSync } from "node:fs";
import { instance } from "@viz-js/viz";

function draw(document) {
  try {
    return graphviz.render(document, { format: "svg", engine: "dot" });
  } catch (error) {
    // Uncaught, it would print the whole of Graphviz, which is one line of source.
    return { status: "failure", errors: [{ level: "error", message: error.message }] };
  }
}

const graphviz = await instance();
const result = draw(readFileSync(0, "utf8"));
for (const { level, message } of result.errors) {
  process.stderr.write(`graphviz: ${level ?? "error"}: ${message}\n`);
}
if (result.status !== "success") {
  process.exit(1);
}
process.stdout.write(result.output);
