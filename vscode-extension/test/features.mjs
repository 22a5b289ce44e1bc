// What the extension does in a workspace that is trusted, with a server that runs.

import { strict as assert } from "node:assert";
import { loadavg } from "node:os";
import { PATIENCE, PYTHON, pack, until } from "./editor.mjs";

const TEXT = `FROM python:3.13-slim AS build
MAINTAINER Zoe
WORKDIR /src
COPY . .
RUN  pip install   --prefix /out .  &&  \\
    rm -rf build

FROM build AS test
RUN python -m unittest

FROM python:3.13-slim
COPY --from=build /out /usr/local
ENTRYPOINT python -m app
`;
const SAVED = `FROM python:3.13-slim AS build
LABEL org.opencontainers.image.authors="Zoe"
WORKDIR /src
COPY . .
RUN pip install --prefix /out . \\
    && rm -rf build

FROM build AS test
RUN python -m unittest

FROM python:3.13-slim
COPY --from=build /out /usr/local
ENTRYPOINT python -m app
USER 1000
`;
const BROKEN = "FROM scratch AS empty\nCOPY dflint.toml /\n\nFROM scratch AS broken\nCOPY nothing /\n";
const OTHER = "FROM debian:12\n\nMAINTAINER Zoe\n";
const TASKS = {
  version: "2.0.0",
  tasks: ["empty", "broken"].map((stage) => ({
    type: "dflint", task: "build", file: "images/Dockerfile", context: ".", stage,
    label: `build the stage ${stage}`,
  })),
};
const ON_SAVE = {
  "[dockerfile]": {
    "editor.defaultFormatter": "dflint.dflint",
    "editor.formatOnSave": true,
    "editor.codeActionsOnSave": { "source.fixAll.dflint": "explicit" },
  },
};
const FIRST = 3000;
const ACTIVATION = 50;

export const prepare = () => ({
  files: {
    "Dockerfile": TEXT,
    "dflint.toml": "shellcheck = false\n",
    "images/Dockerfile": BROKEN,
    "other/Dockerfile": OTHER,
    ".vscode/tasks.json": JSON.stringify(TASKS, null, 2),
  },
  settings: { "dflint.interpreter": PYTHON },
  extensions: [pack("nothing")],
});

export const steps = {
  async squiggles(editor) {
    // What the editor does for itself when a window opens is none of ours.
    await until("the editor's own start", () => /Eager extensions activated/.test(editor.log(/exthost.*\.log$/)));
    const began = Date.now();
    await editor.open("Dockerfile");
    await until("the squiggle", () => editor.squiggled("MAINTAINER"), 60_000);
    const took = Date.now() - began;
    const served = editor.age();
    assert.deepEqual(await editor.squiggles(), ["MAINTAINER", "python -m app"]);
    assert.deepEqual(await editor.squiggles("error"), []);
    await editor.shot("squiggles");
    const load = loadavg()[0].toFixed(1);
    const note = `first squiggle ${took} ms after the double click, ${served} after the server's start, load ${load}`;
    if (took > FIRST) {
      return `${note}: more than ${FIRST} ms`;
    }
    return note;
  },

  async activation(editor) {
    await editor.run("Developer: Show Running Extensions");
    const rows = editor.page.locator(".runtime-extensions-editor .monaco-list-row");
    await rows.first().waitFor();
    const timeOf = (name) => until(`the time of ${name}`, async () => {
      const box = await rows.first().boundingBox();
      await editor.page.mouse.move(box.x + 100, box.y + 150);
      await editor.page.mouse.wheel(0, 40); // what is out of sight is not on the page
      const text = await rows.filter({ hasText: name }).first().innerText({ timeout: 500 });
      return /Activation:\s*(\d+)\s*ms/.exec(text)?.[1];
    });
    const [said, nothing] = [Number(await timeOf("dflint")), Number(await timeOf("Does nothing"))];
    await editor.shot("activation");
    await editor.dismiss(); // it lies over the others
    const own = await until("its own time in the log", () =>
      /dflint activated in (\d+) ms/.exec(editor.log())?.[1]);
    const more = said - nothing;
    assert.ok(more <= ACTIVATION * PATIENCE, `${more} ms more than an extension that does nothing`);
    const note = `${own} ms for its own code; activation ${said} ms in "Show Running Extensions"`;
    return `${note}, ${nothing} of an extension that does nothing; load ${loadavg()[0].toFixed(1)}`;
  },

  async hover(editor) {
    // Lines move when the lenses come.
    await editor.page.locator(".codelens-decoration a", { hasText: /Build stage 2/ }).first().waitFor();
    await editor.pointAt("MAINTAINER");
    const hover = editor.page.locator(".monaco-resizable-hover:visible, .monaco-hover:visible");
    const said = await until("the hover", async () => {
      const text = (await hover.allInnerTexts()).join("\n");
      return /is deprecated[\s\S]*Dockerfile reference/.test(text) && text;
    });
    assert.match(said, /dflint\(?maintainer-deprecated/);
    await editor.shot("hover");
    await editor.dismiss();
    await editor.pointAt("build");
    await until("the stage's hover", async () =>
      /stage/i.test((await hover.allInnerTexts()).join("\n")));
    await editor.shot("hover-stage");
    await editor.dismiss();
  },

  async quickFix(editor) {
    await editor.goTo(2, 3);
    await editor.fixes("Write the author as a label");
    await editor.shot("quick-fix");
    await editor.page.keyboard.press("Enter");
    await until("the label", async () =>
      (await editor.text()).includes('LABEL org.opencontainers.image.authors="Zoe"'));
    await until("no squiggle", async () => !(await editor.squiggled("MAINTAINER")));
    await editor.reset("Dockerfile", TEXT);
  },

  async completion(editor) {
    await editor.goTo(12, 13);
    await editor.page.keyboard.press("Control+Space");
    const rows = editor.page.locator(".suggest-widget .monaco-list-row");
    const texts = await until("the stages among the suggestions", async () => {
      const seen = await rows.allInnerTexts();
      return seen.some((text) => /^build/.test(text)) && seen;
    });
    assert.ok(texts.some((text) => /^test/.test(text)), texts.join(" | "));
    await editor.shot("completion-stage");
    await editor.dismiss();
    await editor.goTo(14, 1);
    await editor.page.keyboard.type("HEAL", { delay: 30 });
    await until("the instruction", async () =>
      (await rows.allInnerTexts()).some((text) => /^HEALTHCHECK/.test(text)));
    await editor.page.waitForTimeout(500);
    await editor.shot("completion");
    await editor.page.keyboard.press("Enter");
    await until("the instruction in the text", async () =>
      /HEALTHCHECK .*CMD/.test(await editor.text()));
    await editor.reset("Dockerfile", TEXT);
  },

  async rename(editor) {
    await editor.goTo(1, 27);
    await editor.page.keyboard.press("F2");
    const box = editor.page.locator(".rename-box input");
    await box.waitFor({ state: "visible" });
    assert.equal(await box.inputValue(), "build");
    await box.fill("wheels");
    await editor.shot("rename");
    await editor.page.keyboard.press("Enter");
    await until("the new name everywhere", async () => {
      const text = await editor.text();
      return ["AS wheels", "FROM wheels AS", "--from=wheels"].every((one) => text.includes(one));
    });
    assert.ok((await editor.text()).includes("rm -rf build"));
    await editor.reset("Dockerfile", TEXT);
  },

  async outline(editor) {
    const header = editor.page.locator(".pane-header", { hasText: "Outline" });
    await header.click();
    const rows = editor.page.locator(".outline-pane .monaco-list-row, .outline-tree .monaco-list-row");
    await until("the stages and what is in them", async () => {
      const texts = (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
      return ["FROM", "MAINTAINER", "COPY"].every((one) => texts.some((text) => text.includes(one)));
    });
    await editor.shot("outline");
    await header.click();
    await editor.run("View: Focus Active Editor Group");
    await editor.page.keyboard.press("Control+Shift+o");
    const found = editor.page.locator(".quick-input-list .monaco-list-row");
    await until("the symbols of the file", async () => {
      const texts = (await found.allInnerTexts()).join(" ");
      return ["MAINTAINER", "WORKDIR", "ENTRYPOINT"].every((one) => texts.includes(one));
    });
    await editor.dismiss();
  },

  async folding(editor) {
    await editor.goTo(1, 1);
    await editor.run("Fold All");
    await until("one line for each stage", async () => {
      const text = await editor.text();
      return text.includes("FROM build AS test") && !/MAINTAINER|ENTRYPOINT/.test(text);
    });
    await editor.shot("folding");
    await editor.run("Unfold All");
    await until("all lines", async () => (await editor.text()).includes("MAINTAINER"));
  },

  async references(editor) {
    const lens = editor.page.locator(".codelens-decoration a", { hasText: /Used by 2 stages/ });
    await lens.first().click();
    await editor.page.locator(".peekview-widget").waitFor();
    await until("the references", async () =>
      (await editor.page.locator(".peekview-widget .monaco-list-row").count()) >= 2);
    await editor.shot("references");
    await editor.dismiss();
  },

  async save(editor) {
    editor.settings(ON_SAVE);
    await editor.page.waitForTimeout(1000);
    await editor.goTo(14, 1);
    await editor.page.keyboard.type("USER 1000", { delay: 30 });
    await editor.page.waitForTimeout(1000); // whatever is offered by then, Enter is a new line
    await editor.page.keyboard.press("Enter");
    await editor.dismiss();
    await editor.page.keyboard.press("Control+s");
    await until("the file as fixed and formatted", () => editor.read("Dockerfile") === SAVED)
      .catch((error) => assert.equal(editor.read("Dockerfile"), SAVED, error.message));
    await editor.shot("save");
    editor.settings({});
    await editor.page.waitForTimeout(500);
    await editor.reset("Dockerfile", TEXT);
  },

  async changedSetting(editor) {
    await until("the squiggle", () => editor.squiggled("MAINTAINER"));
    const [before] = editor.servers();
    editor.settings({ "dflint.ignore": ["maintainer-deprecated"] });
    await until("no squiggle", async () => !(await editor.squiggled("MAINTAINER")));
    assert.deepEqual(await editor.squiggles(), ["python -m app"]);
    await editor.shot("changed-setting");
    editor.settings({});
    await until("the squiggle again", () => editor.squiggled("MAINTAINER"));
    assert.deepEqual(editor.servers(), [before]);
  },

  async changedFile(editor) {
    editor.write("dflint.toml", 'shellcheck = false\nignore = ["maintainer-deprecated"]\n');
    await until("no squiggle", async () => !(await editor.squiggled("MAINTAINER")));
    editor.write("dflint.toml", "shellcheck = false\n");
    await until("the squiggle again", () => editor.squiggled("MAINTAINER"));
  },

  async crash(editor) {
    const [before, ...others] = editor.servers();
    assert.ok(before && !others.length, `one server runs: ${[before, ...others]}`);
    process.kill(before, "SIGKILL");
    const after = await until("another server", () => editor.servers().find((one) => one !== before));
    assert.notEqual(after, before);
    await editor.goTo(2, 1);
    await editor.page.keyboard.type("x");
    await until("no finding on xMAINTAINER", async () => !(await editor.squiggled("MAINTAINER")));
    await editor.page.keyboard.press("Backspace");
    await until("findings of the new server", () => editor.squiggled("MAINTAINER"));
    await editor.shot("crash");
    assert.match(editor.log(), /the server has ended; it is started again in 500 ms/);
    await editor.reset("Dockerfile", TEXT);
  },

  async restart(editor) {
    const [before] = editor.servers();
    await editor.run("dflint: Restart the Server");
    await until("another server", () => {
      const now = editor.servers();
      return now.length === 1 && now[0] !== before;
    });
    await until("the squiggle", () => editor.squiggled("MAINTAINER"));
  },

  async status(editor) {
    await editor.page.locator('.statusbar-item[id="status.languageStatus"]').hover();
    const hover = editor.page.locator(".hover-language-status");
    await until("state and version", async () =>
      (await hover.allInnerTexts()).some((text) => /dflint \d+\.\d+\.\d+[\s\S]*running/.test(text)));
    await editor.shot("status");
    await editor.dismiss();
  },

  async checkTask(editor) {
    const before = await editor.problems();
    assert.equal(before.filter((row) => row.includes("dflint maintainer-deprecated")).length, 1);
    await runTask(editor, "check the folder");
    const others = await until("the problem of a file that is not open", async () => {
      const rows = await editor.problems();
      return rows.length > before.length + 1 && rows.filter((row) => !before.includes(row));
    });
    await editor.shot("check-task");
    // The file that is open has its live findings, and no others.
    assert.deepEqual(others.map((row) => row.replace(/^.*?(dflint m)/, "$1")), [
      "Dockerfileother 1", "dflint maintainer-deprecated [Ln 3, Col 1]",
    ]);
    await editor.openQuickly("other/Dockerfile");
    await until("the live finding", () => editor.squiggled("MAINTAINER"));
    await until("the problems as before", async () => {
      const rows = (await editor.problems()).filter((row) => row.includes("maintainer-deprecated"));
      return rows.length === 2;
    });
    await editor.shot("check-task-opened");
    await editor.only("Dockerfile");
  },

  async buildTask(editor) {
    const ofBuilds = async () => (await editor.problems()).filter((row) => row.includes("dflint build"));
    await runTask(editor, "build the stage broken");
    const [said, ...more] = await until("the problem", async () => {
      const rows = await ofBuilds();
      return rows.length && rows;
    });
    await editor.shot("build-task");
    assert.deepEqual(more, []);
    assert.match(said, /^COPY nothing \/: .*"\/nothing": not found dflint build \[Ln 5, Col 1\]$/);
    assert.ok((await editor.problems()).includes("Dockerfileimages 1"));
    await runTask(editor, "build the stage empty");
    await until("no problem of builds", async () => !(await ofBuilds()).length);
    await editor.shot("build-task-done");
    await editor.only("Dockerfile");
  },

  async graph(editor) {
    await editor.goTo(1, 1);
    await editor.run("dflint: Show the Stage Graph");
    await editor.page.locator(".tab", { hasText: /Preview/ }).first().waitFor();
    const frame = editor.page.frameLocator("iframe.webview").frameLocator("iframe");
    await frame.locator("svg").first().waitFor();
    await until("the stages", async () => {
      const text = await frame.locator("svg").first().textContent();
      return ["build", "test"].every((one) => text.includes(one));
    });
    await editor.page.waitForTimeout(500);
    await editor.shot("graph");
    await editor.run("View: Close All Editors");
    await editor.open("Dockerfile");
  },

  async walkthrough(editor) {
    await editor.run("Welcome: Open Walkthrough...");
    const rows = editor.page.locator(".quick-input-list .monaco-list-row");
    await rows.filter({ hasText: "Dockerfiles with dflint" }).first().click();
    const page = editor.page.locator(".gettingStartedContainer");
    await until("the steps", async () => /Install dflint/.test(await page.innerText()));
    await editor.shot("walkthrough");
    await editor.run("View: Close All Editors");
  },
};

/** Run a task to its end, by its label, of `tasks.json` or of the extension. */
async function runTask(editor, label) {
  const rows = editor.page.locator(".quick-input-list .monaco-list-row");
  await editor.run("Tasks: Run Task");
  const task = rows.filter({ hasText: label });
  const group = rows.filter({ hasText: "dflint" });
  await until("the tasks", async () => (await task.count()) || (await group.count()));
  if (!(await task.count())) {
    await group.first().click();
  }
  await task.first().click();
  const running = editor.page.locator('.statusbar-item[id="status.runningTasks"]');
  await running.waitFor({ state: "visible" });
  await running.waitFor({ state: "detached", timeout: 90_000 });
}
