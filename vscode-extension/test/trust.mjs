// A workspace that is not trusted: checked by the defaults, nothing of its own is run or read.

import { strict as assert } from "node:assert";
import { PYTHON, until } from "./editor.mjs";

const EVIL = "#!/bin/sh\ntouch \"$(dirname \"$0\")/has-run\"\n";

export function prepare() {
  return {
    files: {
      Dockerfile: "FROM debian:12\nMAINTAINER Zoe\n",
      "dflint.toml": 'shellcheck = false\nignore = ["maintainer-deprecated"]\n',
      "evil/dflint": EVIL,
      ".vscode/settings.json": JSON.stringify({ "dflint.path": "${workspaceFolder}/evil/dflint" }),
    },
    settings: {
      "dflint.interpreter": PYTHON,
      "security.workspace.trust.startupPrompt": "never",
      "security.workspace.trust.banner": "never",
    },
    isTrusted: false,
  };
}

export const steps = {
  async untrusted(editor) {
    await editor.open("Dockerfile");
    await until("the squiggle", () => editor.squiggled("MAINTAINER"), 60_000);
    assert.match(await editor.statusbar(), /Restricted Mode/);
    const lenses = await editor.page.locator(".codelens-decoration").allInnerTexts();
    assert.ok(!lenses.some((text) => /Build/.test(text)), lenses.join());
    assert.doesNotMatch(editor.log(), /evil/);
    await editor.shot("untrusted");
  },
};
