// Beside other extensions for Dockerfiles: nothing is said twice, and nothing is lost.

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PYTHON, until } from "./editor.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const TEXT = "FROM debian:12\nMAINTAINER Zoe\nRUN echo a\nCMD echo a\nEXPOSE 80\n";

/** The package of the stand-in: it reports as Container Tools, Docker DX and hadolint do. */
function pack() {
  const place = join(mkdtempSync(join(tmpdir(), "dflint-others-")), "others.vsix");
  const vsce = join(HERE, "..", "node_modules", ".bin", "vsce");
  const words = ["package", "--no-dependencies", "--skip-license", "--allow-missing-repository", "-o", place];
  execFileSync(vsce, words, { cwd: join(HERE, "others"), stdio: "pipe" });
  return place;
}

export function prepare() {
  return {
    files: { Dockerfile: TEXT, "dflint.toml": "shellcheck = false\n", ".vscode/settings.json": "{}" },
    settings: { "dflint.interpreter": PYTHON },
    extensions: [pack()],
  };
}

async function problems(editor) {
  const view = editor.page.locator(".markers-panel");
  if (!(await view.isVisible())) {
    await editor.run("Problems: Focus on Problems View");
    await view.waitFor();
  }
  const rows = await view.locator(".monaco-list-row").allInnerTexts();
  return rows.map((row) => row.replace(/[\s()]+/g, " "));
}

export const steps = {
  async once(editor) {
    await editor.open("Dockerfile");
    await until("findings of both", async () => {
      const rows = await problems(editor);
      return ["dflint", "hadolint", "dockerfile-utils", "docker-language-server"].every((source) =>
        rows.some((row) => row.includes(source)));
    }, 60_000);
    await until("that dflint says nothing of MAINTAINER", async () =>
      !(await problems(editor)).some((row) => row.includes("dflint maintainer-deprecated")));
    const rows = await problems(editor);
    await editor.shot("beside");
    const ours = rows.filter((row) => / dflint [a-z-]+ /.test(row));
    assert.ok(ours.some((row) => row.includes("dflint shell-form-cmd")), rows.join("\n"));
  },

  async fixesStay(editor) {
    await editor.goTo(2, 3);
    await editor.page.keyboard.press("Control+.");
    const action = editor.page.locator(".action-widget").first();
    await action.locator("text=Write the author as a label").first().waitFor();
    await editor.dismiss();
  },

  async both(editor) {
    editor.settings({ "dflint.deferTo": [] });
    await until("what dflint says, too", async () =>
      (await problems(editor)).some((row) => row.includes("dflint maintainer-deprecated")));
    editor.settings({});
    await until("that it is said once again", async () =>
      !(await problems(editor)).some((row) => row.includes("dflint maintainer-deprecated")));
  },
};
