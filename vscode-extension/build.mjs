// Bundles the extension into dist/: what activation reads, and the client, which is read after it. Writes
// the licences of what goes into them.
import { build } from "esbuild";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const bundle = (name, more = {}) =>
  build({
    entryPoints: [`src/${name}.ts`],
    outfile: `dist/${name}.js`,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "./client.js"],
    supported: { "dynamic-import": false }, // the editor has "vscode" for require alone
    metafile: true,
    logLevel: "info",
    ...more,
  });
const results = [
  await bundle("extension", { banner: { js: "const dflintBegan = performance.now();" } }),
  await bundle("client"),
];
const packages = new Set(
  results.flatMap((result) => Object.keys(result.metafile.inputs)).flatMap(
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
