/** What a failed build says, on the one line that a problem matcher reads. */

const WHERE = /^(.+):(\d+)\r?\n-{20}\r?\n([\s\S]*?)^-{20}$/m;
const MARKED = /^ +\d+ \| >>> (.*)$/m;
const WHY = /^ERROR: (?:failed to build: )?(?:failed to solve: )?(.*)$/gm;

/** `FILE:LINE: error: INSTRUCTION: REASON` of a build's output; undefined if it names no place. */
export function problemOf(output: string): string | undefined {
  const text = output.replaceAll("\r\n", "\n");
  const where = WHERE.exec(text);
  const marked = MARKED.exec(where?.[3] ?? "")?.[1]?.trim();
  if (where === null || marked === undefined) {
    return undefined;
  }
  const why = [...text.matchAll(WHY)].pop()?.[1];
  return `${where[1]}:${where[2]}: error: ${marked}${why === undefined ? "" : `: ${why}`}`;
}
