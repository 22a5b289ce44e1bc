// A machine without any Python: one clear message, and no more of them.

import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./editor.mjs";

const PROGRAMS = ["sh", "bash", "cat", "env", "ls", "ps", "sed", "uname", "getconf", "which", "dirname", "readlink"];
const SAID = /dflint was not found\. Install it with: python3 -m pip install "dflint\[lsp\]"/;

export const popups = SAID;
export const errors = /dflint was not found/;

export function prepare() {
  const bin = mkdtempSync(join(tmpdir(), "dflint-bare-"));
  for (const name of PROGRAMS) {
    const place = ["/usr/bin", "/bin"].map((one) => join(one, name)).find(existsSync);
    if (place) {
      symlinkSync(place, join(bin, name));
    }
  }
  return { files: { Dockerfile: "FROM debian:12\nMAINTAINER Zoe\n" }, env: { PATH: bin, PYTHONPATH: "" } };
}

export const steps = {
  async message(editor) {
    await editor.open("Dockerfile");
    await until("the message", async () => (await editor.popups()).some((text) => SAID.test(text)), 60_000);
    await editor.shot("missing");
    assert.equal((await editor.popups()).length, 1);
    assert.deepEqual(editor.servers(), []);
  },

  async status(editor) {
    await editor.page.locator('.statusbar-item[id^="status.languageStatus"]').first().hover();
    await until("what is missing", async () => {
      const texts = await editor.page.locator(".hover-language-status").allInnerTexts();
      return texts.some((text) => text.includes("dflint was not found"));
    });
    await editor.shot("missing-status");
    await editor.dismiss();
  },

  async once(editor) {
    await editor.run("Notifications: Clear All Notifications");
    await editor.reload();
    await until("another look", () => editor.log().match(/dflint was not found/g).length >= 2);
    await editor.page.waitForTimeout(1000);
    assert.deepEqual(await editor.popups(), []);
  },
};
