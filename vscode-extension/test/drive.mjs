// Tries the packaged extension in the real thing: code-server, driven in Chromium by playwright-core.
//
// CODE_SERVER: the entry point of code-server (out/node/entry.js), or its program; PLAYWRIGHT: the
// folder of playwright-core; CHROMIUM: the browser; DFLINT_PYTHON: a Python that has dflint[lsp].
// VSIX: another package than dist/dflint.vsix; BUNDLED: a package that brings dflint along. SHOTS: where screenshots go. PATIENCE: what limits of waiting are multiplied by.
// Arguments name scenes, or steps as SCENE.STEP; without any, all are tried.
// Nothing listens but on this machine, and nothing is fetched.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { Editor } from "./editor.mjs";
import * as beside from "./beside.mjs";
import * as bundled from "./bundled.mjs";
import * as features from "./features.mjs";
import * as missing from "./missing.mjs";
import * as trust from "./trust.mjs";

const SCENES = { features, beside, missing, bundled, trust };
const shots = resolve(process.env.SHOTS ?? "shots");
/** What the log of extensions may say that is none of ours. */
const OTHERS = /^(?!.*dflint)/i;

/** What is wrong though every step passed: popups, and errors in the logs. */
async function aftermath(editor, scene) {
  const popups = (await editor.popups()).filter((text) => !(scene.popups ?? /^$/).test(text));
  const errors = `${editor.log()}\n${editor.log(/exthost.*\.log$/)}`
    .split("\n")
    .filter((line) => /\[error\]|Traceback|Unhandled|rejected promise/i.test(line))
    .filter((line) => !OTHERS.test(line) || /\[error\]/.test(line) && editor.log().includes(line))
    .filter((line) => !(scene.errors ?? /^$/).test(line));
  return [
    ...popups.map((text) => `popup: ${text}`),
    ...errors.map((text) => `log: ${text}`),
  ];
}

async function play(name, scene, wanted) {
  if (scene.isSkipped) {
    console.log(`${name}: skipped: ${scene.isSkipped}`);
    return [];
  }
  const editor = new Editor({ ...(await (scene.prepare())), shots });
  const failed = [];
  try {
    await editor.start();
    for (const [step, act] of Object.entries(scene.steps)) {
      if (wanted.length && !wanted.includes(step) && step !== Object.keys(scene.steps)[0]) {
        continue;
      }
      const began = Date.now();
      try {
        const note = await act(editor);
        console.log(`${name}.${step}: passed (${Date.now() - began} ms)${note ? `; ${note}` : ""}`);
      } catch (error) {
        failed.push(`${name}.${step}`);
        console.log(`${name}.${step}: FAILED: ${error.message.split("\n").slice(0, 6).join(" | ")}`);
        await editor.shot(`failed-${step}`).catch(() => undefined);
        editor.settings({});
        await editor.dismiss();
        await editor.reset("Dockerfile", editor.files.Dockerfile).catch(() => undefined);
      }
    }
    for (const one of await aftermath(editor, scene)) {
      failed.push(`${name}: ${one}`);
      console.log(`${name}: FAILED: ${one}`);
    }
  } catch (error) {
    failed.push(`${name}: ${error.message}`);
    console.log(`${name}: FAILED: ${error.stack}`);
    await editor.shot(`failed-${name}`).catch(() => undefined);
  } finally {
    if (failed.length) {
      console.log(editor.log().split("\n").slice(-20).join("\n"));
    }
    await editor.stop();
  }
  return failed;
}

mkdirSync(shots, { recursive: true });
const words = process.argv.slice(2).map((word) => word.split("."));
const failed = [];
for (const [name, scene] of Object.entries(SCENES)) {
  const asked = words.filter((word) => word[0] === name);
  if (words.length === 0 || asked.length) {
    failed.push(...(await play(name, scene, asked.flatMap((word) => word.slice(1)))));
  }
}
console.log(failed.length ? `failed: ${failed.length}` : "all passed");
process.exitCode = failed.length ? 1 : 0;
