// The package that brings dflint along, on a machine whose Python has none.

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PYTHON, until } from "./editor.mjs";

/** Tried where the package is: `python scripts/bundle.py TARGET` makes it. */
export const isSkipped = process.env.BUNDLED === undefined && "BUNDLED names no package";

export function prepare() {
  const place = mkdtempSync(join(tmpdir(), "dflint-plain-"));
  execFileSync(PYTHON, ["-m", "venv", "--without-pip", place]);
  return {
    files: { Dockerfile: "FROM debian:12\nMAINTAINER Zoe\n", "dflint.toml": "shellcheck = false\n" },
    env: { PATH: `${join(place, "bin")}:/usr/bin:/bin`, PYTHONPATH: "" },
    vsix: resolve(process.env.BUNDLED),
  };
}

export const steps = {
  async squiggle(editor) {
    await editor.open("Dockerfile");
    await until("the squiggle", () => editor.squiggled("MAINTAINER"), 60_000);
    assert.match(editor.log(), /run\.py lsp \([\d.]+, bundled\)/);
  },

  async status(editor) {
    await editor.page.locator('.statusbar-item[id^="status.languageStatus"]').first().hover();
    await until("where it comes from", async () => {
      const texts = await editor.page.locator(".hover-language-status").allInnerTexts();
      return texts.some((text) => text.includes("bundled"));
    });
    await editor.shot("bundled");
    await editor.dismiss();
  },
};
