/** The client of the server. It is read when it is needed: the library that it stands on is large. */

import type { ChildProcess } from "node:child_process";
import * as vscode from "vscode";
import {
  CloseAction,
  DocumentDiagnosticRequest,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  type ClientCapabilities,
  type LanguageClientOptions,
  type MessageSignature,
  type StaticFeature,
} from "vscode-languageclient/node";
import { ENVIRONMENT, type Found } from "./find";
import { middleware, settingsFor } from "./middleware";
import { SELECTOR, SHOW_REFERENCES } from "./names";

/** Where the client writes, and whom it tells that the server has ended. */
export interface Around {
  readonly context: vscode.ExtensionContext;
  readonly cwd: string | undefined;
  readonly output: vscode.LogOutputChannel;
  readonly trace: vscode.OutputChannel;
  readonly died: () => void;
}

/** Says under `experimental.commands.commands` that code lenses may show references. */
class ClientCommands implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = {
      ...(capabilities.experimental as object | undefined),
      commands: { commands: [SHOW_REFERENCES] },
    };
  }
  initialize(): void {}
  getState(): { kind: "static" } {
    return { kind: "static" };
  }
  clear(): void {}
}

/**
 * A client that calls nothing an error once the server was told to end: it ends, what was asked is not
 * answered any more, and the channel to write to may be closed already.
 */
export class Client extends LanguageClient {
  isLeaving = false;

  /** `started` is a server of what was found that runs already. */
  constructor(found: Found, around: Around, started: ChildProcess | undefined) {
    const options = { env: ENVIRONMENT, cwd: around.cwd };
    const command = { command: found.program, args: [...found.before, "lsp"], options };
    const server = started === undefined ? command : () => Promise.resolve(started);
    super("dflint", "dflint", server, optionsOf(around));
    this.registerFeature(new ClientCommands());
  }

  /** Have the editor ask for the findings of open documents again. */
  lookAgain(): void {
    const feature = this.getFeature(DocumentDiagnosticRequest.method);
    for (const document of vscode.workspace.textDocuments) {
      feature?.getProvider(document)?.onDidChangeDiagnosticsEmitter.fire();
    }
  }

  override handleFailedRequest<T>(
    type: MessageSignature,
    token: vscode.CancellationToken | undefined,
    error: unknown,
    defaultValue: T,
    showNotification?: boolean,
  ): T {
    return this.isLeaving
      ? defaultValue
      : super.handleFailedRequest(type, token, error, defaultValue, showNotification);
  }

  override error(message: string, data?: unknown, show?: boolean | "force"): void {
    if (!this.isLeaving) {
      super.error(message, data, show);
    }
  }
}

function optionsOf({ context, output, trace, died }: Around): LanguageClientOptions {
  return {
    documentSelector: SELECTOR,
    initializationOptions: settingsFor(context),
    outputChannel: output,
    traceOutputChannel: trace,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        died();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    middleware: middleware(context),
    markdown: { isTrusted: false, supportHtml: false },
  };
}
