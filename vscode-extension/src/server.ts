/** The server's life: found, started, watched, started again when it dies. */

import * as vscode from "vscode";
import type { Client } from "./client";
import { EarlyServer } from "./early";
import { find, NotFound, type Found } from "./find";
import type { Status } from "./status";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 60_000;
/** A server that has lived for so long (ms) is started again as if it had never died. */
const STEADY = 180_000;

export class Server implements vscode.Disposable {
  private client: Client | undefined;
  /** What was looked for, found or not: looked for once, until the next start. */
  private foundDflint: Promise<Found> | undefined;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private wait = FIRST_WAIT;
  private startedAt = 0;
  /** Starts and stops follow one another, whoever asks for them. */
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly output: vscode.LogOutputChannel,
    private readonly trace: vscode.OutputChannel,
    private readonly status: Status,
  ) {}

  get isRunning(): boolean {
    return this.client?.isRunning() ?? false;
  }

  /** Have the editor ask for the findings of open documents again. */
  lookAgain(): void {
    if (this.isRunning) {
      this.client?.lookAgain();
    }
  }

  /** The dflint that serves, or would. */
  dflint(trying?: (program: string, before: readonly string[]) => void): Promise<Found> {
    this.foundDflint ??= find((line) => this.output.info(line), trying);
    return this.foundDflint;
  }

  /** Start it, or start it anew with what is found now. */
  restart(): Promise<void> {
    this.wait = FIRST_WAIT;
    this.foundDflint = undefined;
    return this.enqueue(() => this.startNow());
  }

  /** Start it anew if another dflint would be found now. */
  async reconsider(): Promise<void> {
    const before = await this.foundDflint?.catch(() => undefined);
    const now = await find(() => undefined).catch(() => undefined);
    if (now?.program !== before?.program) {
      await this.restart();
    }
  }

  stop(): Promise<void> {
    return this.enqueue(() => this.stopNow());
  }

  dispose(): void {
    clearTimeout(this.waiting);
    void this.stop();
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work, work);
    return this.queue;
  }

  private async stopNow(): Promise<void> {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    const client = this.client;
    this.client = undefined;
    if (client !== undefined) {
      client.isLeaving = true;
    }
    try {
      await client?.dispose(2000);
    } catch (error) {
      this.output.warn(`the server did not leave by itself: ${String(error)}`);
    }
  }

  private async startNow(): Promise<void> {
    await this.stopNow();
    this.status.starting();
    let found: Found;
    const { context, output, trace } = this;
    // Without trust, nothing of the workspace is at hand of what is run.
    const cwd = vscode.workspace.isTrusted ? undefined : context.extensionPath;
    const early = new EarlyServer(cwd);
    const looking = this.dflint((program, before) => early.begin(program, before));
    const reading = idle().then(() => import("./client.js"));
    try {
      found = await looking;
    } catch (error) {
      early.end();
      await this.cannotStart(error);
      return;
    }
    const words = [...found.before, "lsp"];
    this.output.info(`${found.program} ${words.join(" ")} (${found.version}, ${found.origin})`);
    const { Client } = await reading;
    const around = { context, cwd, output, trace, died: () => this.died() };
    const client = new Client(found, around, early.take(found));
    this.client = client;
    this.startedAt = Date.now();
    try {
      await client.start();
    } catch (error) {
      if (this.client === client) {
        this.output.error(String(error));
        this.died();
      }
      return;
    }
    this.status.running(found.version, found.origin);
    await this.context.globalState.update("told", undefined);
  }

  /** Start it again after a while that doubles each time. */
  private died(): void {
    if (this.waiting !== undefined) {
      return; // a start that fails is told of twice
    }
    if (Date.now() - this.startedAt > STEADY) {
      this.wait = FIRST_WAIT;
    }
    const wait = this.wait;
    this.wait = Math.min(wait * 2, LONGEST_WAIT);
    this.output.warn(`the server has ended; it is started again in ${wait} ms`);
    this.status.died(wait);
    this.waiting = setTimeout(() => void this.enqueue(() => this.startNow()), wait);
  }

  private async cannotStart(error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    this.output.error(message);
    this.status.missing(message);
    // Said once, until a server has run: a window that opens is no news.
    if (this.context.globalState.get("told") === message) {
      return;
    }
    await this.context.globalState.update("told", message);
    const install = error instanceof NotFound ? error.install : undefined;
    const hint = install === undefined ? "" : ` Install it with: ${install}`;
    const choices = install === undefined ? ["Show log"] : ["Install…", "Show log"];
    void vscode.window.showWarningMessage(`${message}.${hint}`, ...choices).then((choice) => {
      if (choice === "Show log") {
        this.output.show();
      } else if (choice !== undefined && install !== undefined) {
        const terminal = vscode.window.createTerminal("Install dflint");
        terminal.show();
        terminal.sendText(install, false); // to be looked at, and sent by the user
      }
    });
  }
}

/** After what can be begun now has been begun. */
function idle(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
