/** dflint in VS Code: puts the parts together; the server is started beside activation. */

import * as vscode from "vscode";
import { registerCommands } from "./commands";
import { watchInterpreter } from "./find";
import { lookAgain, watchOthers } from "./middleware";
import { SELECTOR, Server } from "./server";
import { Status } from "./status";
import { Tasks } from "./tasks";

/** When the bundle began to be read; it is set at its top. */
declare const dflintBegan: number;

let server: Server | undefined;

/** Start. What follows does not wait for the server. */
export function activate(context: vscode.ExtensionContext): void {
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
    watchOthers(() => made.running),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (["dflint.interpreter", "dflint.path"].some((one) => event.affectsConfiguration(one))) {
        restart();
      } else if (event.affectsConfiguration("dflint.deferTo")) {
        lookAgain(made.running);
      }
    }),
  );
  restart();
  void watchInterpreter(() => void made.reconsider(), context.subscriptions);
  output.info(`dflint activated in ${Math.ceil(performance.now() - dflintBegan)} ms`);
}

/** Stop; the server is told to leave. */
export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
