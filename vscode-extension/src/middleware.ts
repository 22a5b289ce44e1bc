/** What stands between the server and the editor: trust, and other extensions' findings. */

import * as path from "node:path";
import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";

const BUILD_STAGE = "dflint.buildStage";

/** The middleware of a client. */
export function middleware(context: vscode.ExtensionContext): Middleware {
  return {
    workspace: {
      configuration: async (params, token, next) => {
        const answer = await next(params, token);
        if (vscode.workspace.isTrusted || !Array.isArray(answer)) {
          return answer;
        }
        const isOurs = (index: number) => params.items[index]?.section === "dflint";
        return answer.map((one, index) => (isOurs(index) ? settingsFor(context) : one));
      },
    },
    executeCommand: async (command, words, next) => {
      if (command === BUILD_STAGE && !vscode.workspace.isTrusted) {
        return undefined; // a build runs what the Dockerfile says
      }
      return next(command, words);
    },
    provideCodeLenses: async (document, token, next) => {
      const lenses = await next(document, token);
      return vscode.workspace.isTrusted
        ? lenses
        : lenses?.filter((one) => one.command?.command !== BUILD_STAGE);
    },
    handleDiagnostics: (uri, diagnostics, next) => next(uri, withoutOthers(uri, diagnostics)),
    provideDiagnostics: async (document, _previous, token, next) => {
      const uri = document instanceof vscode.Uri ? document : document.uri;
      // What is left out changes without the server's knowing: "unchanged" would not be true.
      const report = await next(document, undefined, token);
      if (report?.kind === "full") {
        report.items = withoutOthers(uri, report.items);
      }
      return report;
    },
  };
}

/** Tell when other extensions have found something, where their findings count. */
export function watchOthers(tell: () => void): vscode.Disposable {
  const seen = new Map<string, string>();
  return vscode.languages.onDidChangeDiagnostics((event) => {
    const sources = deferred();
    if (sources.size === 0) {
      return;
    }
    const changed = event.uris.filter((uri) => {
      const others = othersOf(uri, sources).map((one) => [codeOf(one), one.range]);
      const now = JSON.stringify(others);
      const before = seen.get(uri.toString()) ?? "[]";
      seen.set(uri.toString(), now);
      return now !== before;
    });
    if (changed.length) {
      tell();
    }
  });
}

/**
 * The settings for the server. Without trust: the defaults, and a configuration file of our own in
 * place of those of the workspace, which can name programs to run.
 */
export function settingsFor(context: vscode.ExtensionContext): object {
  const settings = vscode.workspace.getConfiguration("dflint");
  if (vscode.workspace.isTrusted) {
    return JSON.parse(JSON.stringify(settings)) as object;
  }
  return {
    enable: settings.inspect<boolean>("enable")?.globalValue ?? true,
    configuration: path.join(context.extensionPath, "untrusted.toml"),
    shellcheck: { enable: false },
  };
}

function deferred(): Set<string> {
  const settings = vscode.workspace.getConfiguration("dflint");
  return new Set(settings.get<string[]>("deferTo") ?? []);
}

function othersOf(uri: vscode.Uri, sources: Set<string>): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter((one) => one.source !== undefined && sources.has(one.source));
}

function withoutOthers(uri: vscode.Uri, found: vscode.Diagnostic[]): vscode.Diagnostic[] {
  const sources = deferred();
  if (sources.size === 0) {
    return found;
  }
  const others = othersOf(uri, sources);
  return found.filter((one) => !others.some((other) => isSame(one, other)));
}

/** Whether another tool has found the same: by the name it has for it, or by the very characters. */
function isSame(ours: vscode.Diagnostic, other: vscode.Diagnostic): boolean {
  const code = codeOf(other);
  if (/^\d*$/.test(code)) {
    return ours.range.isEqual(other.range); // numbers say nothing
  }
  const data = (ours as { data?: { aliases?: readonly string[] } }).data;
  const isNamed = data?.aliases?.includes(code) ?? false;
  return isNamed && ours.range.start.line >= other.range.start.line
    && ours.range.start.line <= other.range.end.line;
}

function codeOf(one: vscode.Diagnostic): string {
  return String(typeof one.code === "object" ? one.code.value : (one.code ?? ""));
}
