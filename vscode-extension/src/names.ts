/** What several parts name. */

/** The documents that are the server's. */
export const SELECTOR = [
  ...["dockerfile", "containerfile"].flatMap((language) => [
    { language, scheme: "file" },
    { language, scheme: "untitled" },
  ]),
  // Compose files may have Dockerfiles in them.
  { language: "dockercompose", scheme: "file" },
  { language: "yaml", scheme: "file", pattern: "**/*compose*.{yml,yaml}" },
];
/** The command of code lenses that show references. */
export const SHOW_REFERENCES = "dflint.showReferences";
