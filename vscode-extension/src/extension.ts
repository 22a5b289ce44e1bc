/** dflint in VS Code: puts the parts together; the server is started beside activation. */

import * as vscode from "vscode";
import { registerCommands } from "./commands";
import { watchInterpreter } from "./find";
import { watchOthers } from "./middleware";
import { SELECTOR } from "./names";
import { Server } from "./server";
import { Status } from "./status";
import { Tasks } from "./tasks";

/** When the bundle began to be read; it is set at its top. */
declare const dflintBegan: number;

let server: Server | undefined;

/** How long (ms) it took to read it; other work of the editor comes before the call of `activate`. */
const reading = performance.now() - dflintBegan;

/** Start. What follows does not wait for the server. */
export function activate(context: vscode.ExtensionContext): void {
  const began = performance.now();
  const output = vscode.window.createOutputChannel("dflint", { log: true });
  const trace = vscode.window.createOutputChannel("dflint trace");
  const status = new Status(SELECTOR);
  const made = new Server(context, output, trace, status);
  server = made;
  const restart = (): void => void made.restart();
  context.subscriptions.push(
    output,
    trace,
    status,
    ...registerCommands(made, output),
    vscode.tasks.registerTaskProvider("dflint", new Tasks(made)),
    watchOthers(() => made.lookAgain()),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (["dflint.interpreter", "dflint.path"].some((one) => event.affectsConfiguration(one))) {
        restart();
      } else if (event.affectsConfiguration("dflint.deferTo")) {
        made.lookAgain();
      }
    }),
  );
  restart();
  void watchInterpreter(() => void made.reconsider(), context.subscriptions);
  const took = Math.ceil(reading + performance.now() - began);
  output.info(`dflint activated in ${took} ms`);
}

/** Stop; the server is told to leave. */
export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
