/** The commands of the palette; most ask the server for one of its own. */

import * as vscode from "vscode";
import type { Location, Position } from "vscode-languageclient/node";
import { SHOW_REFERENCES } from "./names";
import type { Server } from "./server";

const GRAPH = "dflint-graph";

/** Serves the text behind the preview of a stage graph. */
class Graphs implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly texts = new Map<string, string>();

  put(uri: vscode.Uri, text: string): void {
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }
}

/** Register all commands. */
export function registerCommands(
  server: Server,
  output: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const graphs = new Graphs();
  const register = vscode.commands.registerCommand;
  return [
    vscode.workspace.registerTextDocumentContentProvider(GRAPH, graphs),
    register("dflint.restart", () => server.restart()),
    register("dflint.showLog", () => output.show()),
    register("dflint.showStageGraph", () => showGraph(server, graphs)),
    register("dflint.build", () => build(server)),
    register("dflint.fixAllInFile", () => ask(server, "dflint.fixAll")),
    register("dflint.formatFile", () => ask(server, "dflint.format")),
    register(SHOW_REFERENCES, showReferences),
  ];
}

/** The Dockerfile in front, or word of what is missing. */
function document(server: Server): vscode.TextDocument | undefined {
  const front = vscode.window.activeTextEditor?.document;
  if (front === undefined || !["dockerfile", "containerfile"].includes(front.languageId)) {
    void vscode.window.showInformationMessage("dflint: open a Dockerfile first.");
    return undefined;
  }
  if (!server.isRunning) {
    void vscode.window.showInformationMessage("dflint: the server is not running.");
    return undefined;
  }
  return front;
}

async function ask(server: Server, command: string): Promise<void> {
  const front = document(server);
  if (front !== undefined) {
    await vscode.commands.executeCommand(command, front.uri.toString());
  }
}

async function showGraph(server: Server, graphs: Graphs): Promise<void> {
  const front = document(server);
  if (front === undefined) {
    return;
  }
  const uri = front.uri.toString();
  const text = await vscode.commands.executeCommand<string>("dflint.stageGraph", uri);
  const place = front.uri.with({ scheme: GRAPH, path: `${front.uri.path}.md` });
  graphs.put(place, "```mermaid\n" + text + "```\n");
  await vscode.commands.executeCommand("markdown.showPreviewToSide", place);
}

/** Build a stage: the user chooses where there are several. */
async function build(server: Server): Promise<void> {
  const front = document(server);
  if (front === undefined) {
    return;
  }
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showInformationMessage("dflint: builds need a trusted workspace.");
    return;
  }
  const stages = await stagesOf(front);
  const stage =
    stages.length > 1
      ? await vscode.window.showQuickPick(stages, { placeHolder: "Stage to build" })
      : { label: "", target: "" };
  if (stage === undefined) {
    return;
  }
  await front.save();
  const words = stage.target ? [stage.target] : [];
  await vscode.commands.executeCommand("dflint.buildStage", front.uri.toString(), ...words);
}

async function stagesOf(front: vscode.TextDocument): Promise<{ label: string; target: string }[]> {
  const symbols =
    (await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
      "vscode.executeDocumentSymbolProvider",
      front.uri,
    )) ?? [];
  const stages = symbols.filter((one) => /^\s*FROM\b/i.test(front.lineAt(one.range.start).text));
  return stages.map((one, index) => {
    const name = /\bAS\s+(\S+)\s*$/i.exec(front.lineAt(one.range.start).text)?.[1];
    return { label: name ?? `stage ${index}`, target: name ?? String(index) };
  });
}

/** What a code lens asks for: a URI, a position and locations, as the protocol writes them. */
async function showReferences(uri: string, at: Position, places: Location[]): Promise<void> {
  const position = (one: Position) => new vscode.Position(one.line, one.character);
  const locations = places.map(
    (one) =>
      new vscode.Location(
        vscode.Uri.parse(one.uri),
        new vscode.Range(position(one.range.start), position(one.range.end)),
      ),
  );
  await vscode.commands.executeCommand(
    "editor.action.showReferences",
    vscode.Uri.parse(uri),
    position(at),
    locations,
  );
}
