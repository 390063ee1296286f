// The table of rooms in docs/architecture.md as rules. Imports only go down.

/** What each room of lib/ may import besides itself. */
const ROOMS = {
  model: [],
  base: [],
  config: ["model", "base"],
  store: ["config", "model", "base"],
  probe: ["model", "base"],
  classify: ["model", "base"],
  detect: ["model", "base"],
  sight: ["detect", "probe", "schedule", "store", "model", "base"],
  forecast: ["model", "base"],
  diagnose: ["classify", "store", "model", "base"],
  upstream: ["store", "model", "base"],
  deploy: ["store", "model", "base"],
  schedule: ["store", "model", "base"],
  agent: ["sight", "detect", "schedule", "store", "model", "base"],
  incident: ["store", "model", "base"],
  maintenance: ["store", "model", "base"],
  auth: ["store", "model", "base"],
  catalog: ["probe", "config", "store", "model", "base"],
  sample: ["store", "model", "base"],
  public: ["forecast", "store", "model", "base"],
  inspect: ["store", "model", "base"],
  statuspage: ["public", "model"],
  edge: ["config", "base"],
  embedded: ["config", "base"],
  supervise: ["base"],
};

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const rooms = Object.entries(ROOMS).map(([room, below]) => ({
  name: `${room}-imports-only-what-is-below`,
  severity: "error",
  comment: `lib/${room} may import: ${below.join(", ") || "nothing of ours"}`,
  from: { path: `^lib/${room}/` },
  to: { path: "^(lib|app|components|bin|tests)/", pathNot: `^lib/(${[room, ...below].join("|")})/` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...rooms,
    {
      name: "an-agent-has-no-database",
      severity: "error",
      comment: "an agent runs where the database cannot be reached, and its client loads nothing of it",
      from: { path: "^bin/agent\\.ts$" },
      to: { path: "^lib/store/", reachable: true },
    },
    {
      name: "the-agents-two-sides-stay-apart",
      severity: "error",
      from: { path: "^lib/agent/client-" },
      to: { path: "^lib/agent/serve-|^lib/store/" },
    },
    {
      name: "every-room-has-a-rule",
      severity: "error",
      comment: "a new folder in lib/ gets a line in ROOMS and in docs/architecture.md",
      from: { path: "^lib/", pathNot: `^lib/(${Object.keys(ROOMS).join("|")})/|^lib/(pipeline|look)\\.ts$` },
      to: {},
    },
    {
      name: "statuspage-takes-types-only",
      severity: "error",
      from: { path: "^lib/statuspage/" },
      to: { path: "^lib/public/", pathNot: "^lib/public/types\\.ts$" },
    },
    {
      name: "components-know-public-types-and-words-only",
      severity: "error",
      from: { path: "^components/" },
      to: {
        path: "^(lib|app|bin|tests)/",
        pathNot: "^lib/(public/types\\.ts$|model/|base/(clock|errors)\\.ts$)",
      },
    },
    {
      name: "nothing-imports-app",
      severity: "error",
      from: { pathNot: "^(app|tests)/" },
      to: { path: "^app/" },
    },
    {
      name: "nothing-imports-bin",
      severity: "error",
      from: { pathNot: "^(bin|tests)/" },
      to: { path: "^bin/" },
    },
    {
      name: "product-does-not-import-tests",
      severity: "error",
      from: { pathNot: "^tests/" },
      to: { path: "^tests/" },
    },
    {
      name: "lib-is-plain-node",
      severity: "error",
      comment: "the worker has neither Next nor React",
      from: { path: "^(lib|bin)/", pathNot: "^bin/parts/pages\\.ts$" },
      to: { path: "node_modules/(next|react|react-dom|server-only|swr)/" },
    },
    {
      name: "sql-lives-in-store",
      severity: "error",
      from: { path: "^(lib|app|components)/", pathNot: "^lib/(store|embedded)/" },
      to: { path: "^lib/store/generated/|node_modules/(pg|@prisma)/" },
    },
    {
      name: "no-circular",
      severity: "error",
      from: { pathNot: "^lib/store/generated/" },
      to: { circular: true },
    },
    {
      name: "not-to-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "generated" },
    },
    {
      name: "not-to-dev-dep",
      severity: "error",
      from: { path: "^(lib|app|components|bin)/" },
      to: { dependencyTypes: ["npm-dev"], pathNot: "node_modules/@types/" },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules|lib/store/generated" },
    exclude: { path: "^\\.next/|^next-env\\.d\\.ts$" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json"],
    },
  },
};
