import { describe, expect, test } from "vitest";

import { isGatewatchError } from "#lib/base/errors.ts";
import { parseConfig, type GatewatchConfig } from "#lib/catalog/yaml-config.ts";

const FILE = "gatewatch.yaml";

function problemsOf(text: string, variables: Record<string, string> = {}): string[] {
  try {
    parseConfig(text, FILE, variables);
  } catch (error) {
    if (isGatewatchError(error, "CONFIG_INVALID"))
      return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

/** A file with one check that has these keys besides its name and kind. */
function withCheck(keys: string): string {
  return `components:\n  - name: API\n    checks:\n      - name: a\n        kind: http\n${keys.replaceAll(/^/gm, "        ")}\n`;
}

const URL_LINE = 'url: "https://api.example.com/"';

describe("a bad file is told with its line and column", () => {
  test.each<[string, string, string, RegExp]>([
    ["an empty file", "", "1:1", /the file is empty/],
    ["only a comment", "# nothing\n", "1:1", /the file is empty/],
    ["a list instead of a mapping", "- a\n", "1:1", /the file must be a mapping .* found a list/],
    ["an unclosed bracket", "components: [\n", "2:1", /not valid YAML/],
    ["a tab as indentation", "components:\n\t- name: a\n", "2:1", /not valid YAML: tabs/],
    ["a key used twice", "components: []\ncomponents: []\n", "2:1", /used twice/],
    ["an unknown tag", "components: !secret []\n", "1:13", /not valid YAML: unresolved tag/],
    ["two documents", "components: []\n---\ncomponents: []\n", "2:1", /not valid YAML/],
    ["an alias without anchor", "components: *nope\n", "1:13", /the alias \*nope has no anchor/],
    ["no components", "page: { name: A }\n", "1:1", /`components` is missing; it must be a list/],
    [
      "a mistyped key",
      "componets: []\ncomponents: []\n",
      "1:1",
      /`componets` is not a key here; did you mean `components`\? allowed: page, groups, components/,
    ],
    [
      "a page without name",
      "page: { url: 'https://a.example' }\ncomponents: []\n",
      "1:7",
      /`name` is missing/,
    ],
    [
      "a page address that is none",
      "page: { name: A, url: example }\ncomponents: []\n",
      "1:23",
      /`url` must be an address .* found "example"/,
    ],
    [
      "a script as support link",
      "page: { name: A, support: 'javascript:alert(1)' }\ncomponents: []\n",
      "1:27",
      /must begin with https/,
    ],
    [
      "a zone that does not exist",
      "page:\n  name: A\n  time_zone: Mars/Base\ncomponents: []\n",
      "3:14",
      /is not a time zone; .* found "Mars\/Base"/,
    ],
    [
      "the code's spelling of a key",
      "page: { name: A, timeZone: UTC }\ncomponents: []\n",
      "1:18",
      /`timeZone` is not a key here; did you mean `time_zone`/,
    ],
    [
      "a component without name",
      "components:\n  - description: x\n",
      "2:5",
      /`name` is missing; it must be text/,
    ],
    ["a number as name", "components:\n  - name: 5\n", "2:11", /`name` must be text, found 5/],
    [
      "a bad slug",
      "components:\n  - name: A\n    slug: Äh\n",
      "3:11",
      /`slug` takes lower-case letters .* found "Äh"/,
    ],
    [
      "a component name twice",
      "components:\n  - name: API\n  - name: API\n",
      "3:11",
      /the component “API” stands on line 2 already/,
    ],
    [
      "a slug twice",
      "components:\n  - { name: A, slug: a }\n  - { name: B, slug: a }\n",
      "3:22",
      /the slug “a” stands on line 2 already/,
    ],
    [
      "a group that is not listed",
      "groups: [{ name: Core }]\ncomponents:\n  - { name: A, group: Cor }\n",
      "3:23",
      /the group “Cor” is not in `groups`; did you mean “Core”\?; allowed: Core/,
    ],
    [
      "a group twice",
      "groups:\n  - name: A\n  - name: A\ncomponents: []\n",
      "3:11",
      /the group “A” stands on line 2 already/,
    ],
    [
      "checks that are no list",
      "components:\n  - name: A\n    checks: {}\n",
      "3:13",
      /`checks` must be a list, found a mapping/,
    ],
    [
      "a check that is text",
      "components:\n  - name: A\n    checks:\n      - hello\n",
      "4:9",
      /a check must be a mapping .* found "hello"/,
    ],
    [
      "a check without kind",
      "components:\n  - name: A\n    checks:\n      - name: a\n",
      "4:9",
      /`kind` is missing; allowed: http/,
    ],
    [
      "an unknown kind",
      "components:\n  - name: A\n    checks:\n      - { name: a, kind: htp }\n",
      "4:26",
      /`kind` is "htp", which is no kind of check; did you mean http/,
    ],
    ["no address", withCheck("interval: 30s"), "4:9", /`url` is missing/],
    [
      "an address of another scheme",
      withCheck("url: 'ftp://a.example'"),
      "6:14",
      /`url` must begin with http:\/\/ .* found "ftp/,
    ],
    [
      "a duration without unit",
      withCheck(`${URL_LINE}\ninterval: 30`),
      "7:19",
      /`interval` must be a duration such as 500ms, 30s or 5m, found 30/,
    ],
    [
      "a duration in words",
      withCheck(`${URL_LINE}\ninterval: half a minute`),
      "7:19",
      /must be a duration .* found "half a minute"/,
    ],
    [
      "an interval too short",
      withCheck(`${URL_LINE}\ninterval: 100ms\ntimeout: 100ms`),
      "7:19",
      /`interval` must be between 1s and 24h, found "100ms"/,
    ],
    [
      "a timeout over the interval",
      withCheck(`${URL_LINE}\ninterval: 5s\ntimeout: 10s`),
      "8:18",
      /`timeout` must not be longer than the interval/,
    ],
    [
      "a limit for slow over the timeout",
      withCheck(`${URL_LINE}\nslow: 20s`),
      "7:15",
      /`slow` must be shorter than the timeout/,
    ],
    ["delays that shrink", withCheck(`${URL_LINE}\nconfirm: [2s, 1s]`), "7:18", /`confirm` must grow/],
    ["a delay that is none", withCheck(`${URL_LINE}\nconfirm: [1s, soon]`), "7:23", /must be a duration/],
    [
      "a mistyped key of a check",
      withCheck(`${URL_LINE}\nintervall: 30s`),
      "7:9",
      /`intervall` is not a key here; did you mean `interval`/,
    ],
    [
      "a key of another spelling",
      withCheck(`${URL_LINE}\nfollowRedirects: false`),
      "7:9",
      /did you mean `follow_redirects`/,
    ],
    [
      "yes instead of true",
      withCheck(`${URL_LINE}\nverify_tls: yes`),
      "7:21",
      /`verify_tls` must be true or false, found "yes"/,
    ],
    [
      "a bad status range",
      withCheck(`${URL_LINE}\nexpect_status: ["2xx"]`),
      "7:25",
      /must be a status like 204 or a range/,
    ],
    [
      "an unknown method",
      withCheck(`${URL_LINE}\nmethod: GOT`),
      "7:17",
      /`method` must be one of GET, .* found "GOT"; did you mean GET/,
    ],
    ["a bad region", withCheck(`${URL_LINE}\nregions: [EU]`), "7:19", /takes lower-case letters/],
    [
      "a variable that is not set",
      withCheck('url: "https://${HOST}/"'),
      "6:14",
      /the variable HOST is not set; set it, or write \$\{HOST:-default\}/,
    ],
    ["a placeholder that is none", withCheck('url: "https://${1}/"'), "6:14", /does not begin a variable/],
    [
      "a variable of Gatewatch's own",
      withCheck(`${URL_LINE}\nheaders: { X: "\${GATEWATCH_SECRET}" }`),
      "7:23",
      /belongs to Gatewatch itself/,
    ],
    ["a key that is no text", "components: []\n5: x\n", "2:1", /a key must be text, found 5/],
  ])("%s", (_, text, place, sentence) => {
    const problems = problemsOf(text, { GATEWATCH_SECRET: "x".repeat(40) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${FILE}:${place}: `));
    expect(problems[0]).toMatch(sentence);
  });

  test("all of them at once, in the order of the file", () => {
    const problems = problemsOf(
      "page: { nme: A }\ncomponents:\n  - name: A\n    checks:\n      - { name: a, kind: http, url: '${NO}', interval: 1 }\n      - { name: b, kind: http, url: x }\n",
    );
    expect(problems.map((problem) => problem.split(": ")[0])).toEqual([
      `${FILE}:1:7`,
      `${FILE}:1:9`,
      `${FILE}:5:37`,
      `${FILE}:5:56`,
      `${FILE}:6:37`,
    ]);
  });

  test("names a variable, never its value, and hides what stands in headers", () => {
    const text = withCheck('url: "${TARGET}"\nheaders: { "bad name": "s3cret-a" }');
    const problems = problemsOf(text, { TARGET: "s3cret-b" }).join("\n");
    expect(problems).toContain('found "${TARGET}"');
    expect(problems).not.toContain("s3cret");
  });

  test("an alias bomb ends at once", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) =>
        `x${i}: &x${i} [${Array.from({ length: 10 }, () => (i === 0 ? "a" : `*x${i - 1}`)).join(", ")}]`,
    );
    const began = performance.now();
    expect(problemsOf(`${levels.join("\n")}\ncomponents: []\n`).join()).toContain("too many entries");
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test("a file of megabytes is refused", () => {
    expect(problemsOf(`components: []\n#${"x".repeat(1_100_000)}`)).toEqual([
      expect.stringContaining("larger than 1024 KB"),
    ]);
  });
});

function parse(text: string, variables: Record<string, string> = {}): GatewatchConfig {
  return parseConfig(text, FILE, variables);
}

describe("a good file", () => {
  test("of the README", () => {
    const config = parse(
      'page: { name: Acme Status }\ncomponents:\n  - name: API\n    group: Core\n    checks:\n      - { name: front door, kind: http, url: "https://api.example.com/health", interval: 30s, timeout: 10s }\n',
    );
    expect(config.page).toEqual({
      name: "Acme Status",
      url: null,
      timeZone: "Etc/UTC",
      supportUrl: null,
      canaries: [],
    });
    expect(config.groups).toEqual(["Core"]);
    expect(config.components[0]).toMatchObject({ name: "API", group: "Core", at: `${FILE}:3:11` });
    expect(config.components[0]?.checks[0]).toMatchObject({
      intervalMs: 30_000,
      timeoutMs: 10_000,
      slowMs: null,
      confirmMs: [500, 2_000],
    });
  });

  test("keeps the placeholder of a secret and uses the value of everything else", () => {
    const config = parse(
      `page: { name: "\${NAME:-Acme}" }\n${withCheck('url: "https://${HOST}/"\nheaders: { authorization: "Bearer ${TOKEN}" }\ninterval: "${EVERY}"')}`,
      { HOST: "api.example.com", TOKEN: "s3cret", EVERY: "20s" },
    );
    expect(config.page?.name).toBe("Acme");
    expect(config.components[0]?.checks[0]).toMatchObject({
      intervalMs: 20_000,
      target: { url: "https://${HOST}/", headers: { authorization: "Bearer ${TOKEN}" } },
    });
    expect(JSON.stringify(config)).not.toContain("s3cret");
  });

  test("may use anchors, aliases and merge keys", () => {
    const config = parse(
      "components:\n  - name: A\n    checks:\n      - &base { name: a, kind: http, url: 'https://a.example/', interval: 20s }\n      - { <<: *base, name: b }\n  - name: B\n    checks: [*base]\n",
    );
    expect(
      config.components.map(({ checks }) => checks.map(({ name, intervalMs }) => [name, intervalMs])),
    ).toEqual([
      [
        ["a", 20_000],
        ["b", 20_000],
      ],
      [["a", 20_000]],
    ]);
  });

  test("takes a short interval's default timeout from the interval", () => {
    expect(parse(withCheck(`${URL_LINE}\ninterval: 2s`)).components[0]?.checks[0]?.timeoutMs).toBe(2_000);
  });
});
