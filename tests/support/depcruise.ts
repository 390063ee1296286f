// Holds the imports against the rules of .dependency-cruiser.mjs. A run that cruised no modules
// is a failure: a parser that cannot read the sources would otherwise look like a clean house.
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";

import config from "../../.dependency-cruiser.mjs";

const FOLDERS = ["app", "bin", "components", "lib", "tests"];

const { output } = await cruise(
  FOLDERS,
  { ...config.options, ruleSet: { forbidden: config.forbidden ?? [] }, validate: true },
  undefined,
  { tsConfig: extractTSConfig("tsconfig.json") },
);
if (typeof output === "string") throw new Error("expected the cruise's result as an object");
const { summary, modules }: ICruiseResult = output;
const own = modules.filter((module) => FOLDERS.some((folder) => module.source.startsWith(`${folder}/`)));

for (const violation of summary.violations) {
  console.error(`${violation.rule.name}: ${violation.from} -> ${violation.to}`);
}
if (own.length === 0) {
  console.error("0 modules were cruised: the parser reads nothing, so nothing was checked");
} else {
  const imports = summary.totalDependenciesCruised ?? 0;
  console.log(`${own.length} modules, ${imports} imports, ${summary.violations.length} violations`);
}
process.exitCode = own.length === 0 || summary.violations.length > 0 ? 1 : 0;
