// Beside other extensions for Dockerfiles: nothing is said twice, and nothing is lost.

import { strict as assert } from "node:assert";
import { PYTHON, pack, until } from "./editor.mjs";

const TEXT = "FROM debian:12\nMAINTAINER Zoe\nRUN echo a\nCMD echo a\nEXPOSE 80\n";

export function prepare() {
  return {
    files: { Dockerfile: TEXT, "dflint.toml": "shellcheck = false\n", ".vscode/settings.json": "{}" },
    settings: { "dflint.interpreter": PYTHON },
  };
}

const OURS = "dflint maintainer-deprecated";
const OTHERS = ["hadolint", "dockerfile-utils", "docker-language-server"];

export const steps = {
  async alone(editor) {
    await editor.open("Dockerfile");
    await until("what dflint says", async () =>
      (await editor.problems()).some((row) => row.includes(OURS)), 60_000);
  },

  async installedLater(editor) {
    editor.install(pack("others"));
    await editor.reload();
    await until("findings of both, each once", async () => {
      const rows = await editor.problems();
      return [...OTHERS, "dflint shell-form-cmd"].every((one) => rows.some((row) => row.includes(one)))
        && !rows.some((row) => row.includes(OURS));
    }, 60_000);
    await editor.page.waitForTimeout(1000);
    const rows = await editor.problems();
    assert.ok(!rows.some((row) => row.includes(OURS)), rows.join("\n"));
    await editor.shot("beside");
  },

  async fixesStay(editor) {
    await editor.goTo(2, 3);
    await editor.fixes("Write the author as a label");
    await editor.dismiss();
  },

  async both(editor) {
    editor.settings({ "dflint.deferTo": [] });
    await until("what dflint says, too", async () =>
      (await editor.problems()).some((row) => row.includes(OURS)));
    editor.settings({});
    await until("that it is said once again", async () =>
      !(await editor.problems()).some((row) => row.includes(OURS)));
  },

  async removed(editor) {
    editor.uninstall("dflint-test.others");
    await editor.reload();
    await until("what dflint says, alone", async () => {
      const rows = await editor.problems();
      return rows.some((row) => row.includes(OURS))
        && !OTHERS.some((one) => rows.some((row) => row.includes(one)));
    }, 60_000);
  },
};
