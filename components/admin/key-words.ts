/** What a key may do, by its scope. */
export const SCOPE_WORDS: Readonly<Record<string, string>> = {
  deploys: "Mark deploys",
  agent: "Look from a region (agent)",
};
