// Bundles the extension into dist/extension.js, and writes the licences of what goes into it.
import { build } from "esbuild";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const result = await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  banner: { js: "const dflintBegan = performance.now();" },
  metafile: true,
  logLevel: "info",
});
const packages = new Set(
  Object.keys(result.metafile.inputs).flatMap(
    (name) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(name) ?? [],
  ),
);
const notices = [...packages].sort().map((place) => {
  const { name, version, license } = JSON.parse(readFileSync(`${place}/package.json`, "utf8"));
  const file = readdirSync(place).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? "" : `\n${readFileSync(`${place}/${file}`, "utf8").trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
});
writeFileSync("THIRD-PARTY.txt", notices.join(`\n${"-".repeat(78)}\n\n`));
