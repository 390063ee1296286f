import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";

import { fileWith, KIND_EXAMPLES, OtherKinds } from "#components/admin/other-kinds.tsx";
import { parseConfig } from "#lib/catalog/yaml-config.ts";

test.each(Object.entries(KIND_EXAMPLES))(
  "the example of kind %s is a file that is taken",
  (kind, example) => {
    const { components } = parseConfig(fileWith(example), "gatewatch.yaml", {});
    expect(components[0]?.checks).toMatchObject([{ kind }]);
  },
);

test("a kind without an example is named as well", () => {
  const shown = renderToStaticMarkup(<OtherKinds kinds={["tcp", "smoke-signals"]} />);
  expect(shown).toContain("kind: tcp, host:");
  expect(shown).toContain("kind: smoke-signals");
});
