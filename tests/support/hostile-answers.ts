/** Answers that give away secrets in the ways in which real ones do, made anew from a seed. */

export interface HostileAnswer {
  /** Which ways, for the message of a test that fails. */
  readonly ways: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What must not be found in anything that is kept. */
  readonly planted: readonly string[];
  /** What must still be there: people need it. */
  readonly telling: readonly string[];
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A secret that no text holds by chance. */
export function makeSecret(random: () => number, length = 16 + Math.floor(random() * 24)): string {
  return Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join("");
}

const pick = <T>(random: () => number, from: readonly [T, ...T[]]): T =>
  from[Math.floor(random() * from.length)] ?? from[0];

const NAMES = [
  "token",
  "access_token",
  "refreshToken",
  "password",
  "user[password]",
  "api_key",
  "apikey",
  "X-Api-Key",
  "client_secret",
  "sessionId",
  "csrf-token",
  "Authorization",
  "PHPSESSID",
  "aws_secret_access_key",
  "sig",
] as const;

type Way = (secret: string, name: string) => string;

/** A secret under a telling name, that somebody else than we put there. */
export const BODY_WAYS: Readonly<Record<string, Way>> = {
  json: (secret, name) => JSON.stringify({ id: 7, [name]: secret, ok: false }),
  jsonPretty: (secret, name) => JSON.stringify({ [name]: secret }, null, 2),
  jsonWithQuotes: (secret, name) => JSON.stringify({ [name]: `ab"cd${secret}` }),
  jsonInJson: (secret, name) => JSON.stringify({ body: JSON.stringify({ [name]: secret, a: 1 }) }),
  jsonInJsonInJson: (secret, name) =>
    JSON.stringify({ x: JSON.stringify({ y: JSON.stringify({ [name]: secret }) }) }),
  jsonList: (secret, name) => JSON.stringify({ headers: { [name]: [secret, `${secret}2`] } }),
  jsonUnfinished: (secret, name) => `{"${name}":"${secret}`,
  singleQuotes: (secret, name) => `{'${name}': '${secret}'}`,
  rubyHash: (secret, name) => `{"${name}"=>"${secret}", "b"=>1}`,
  goMap: (secret, name) => `map[${name}:[${secret}] Accept:[*/*]]`,
  phpArray: (secret, name) => `array(1) { ["${name}"]=> "${secret}" }`,
  yaml: (secret, name) => `${name}: ${secret}\nname: api`,
  ini: (secret, name) => `${name} = ${secret}\n`,
  environment: (secret, name) => `PATH=/bin\n${name}=${secret}\n`,
  form: (secret, name) => `user=ann&${name}=${secret}&x=1`,
  query: (secret, name) => `<a href="/next?x=1&${name}=${secret}#top">next</a>`,
  queryInHtml: (secret, name) => `<a href="/next?x=1&amp;${name}=${secret}">next</a>`,
  queryInJson: (secret, name) => `{"next":"/cb?x=1\\u0026${name}=${secret}\\u0026y=2"}`,
  queryEncoded: (secret, name) =>
    `/login?next=%2Fcb%3Fx%3D1%26${encodeURIComponent(name)}%3D${secret}%26y%3D2`,
  queryNameEncoded: (secret) => `/cb?x=1&%74oken=${secret}&y=2`,
  queryKey: (secret) => `/v1/items?key=${secret}&page=2`,
  queryCode: (secret) => `/cb?code=${secret}&state=1`,
  fragment: (secret) => `https://app.example.com/#id_token=${secret}`,
  htmlAttribute: (secret, name) => `<div data-${name}="${secret}">x</div>`,
  htmlEscapedJson: (secret, name) => `<pre>{&quot;${name}&quot;:&quot;${secret}&quot;}</pre>`,
  htmlInput: (secret, name) => `<input type="hidden" name="${name}" value="${secret}">`,
  htmlInputReversed: (secret, name) => `<input value='${secret}' type="hidden" name='${name}'/>`,
  htmlMeta: (secret) => `<meta name="csrf-token" content="${secret}">`,
  htmlCells: (secret, name) => `<tr><td class="e">${name} </td><td class="v">${secret}</td></tr>`,
  htmlDefinition: (secret, name) => `<dt>${name}</dt>\n<dd><code>${secret}</code></dd>`,
  xml: (secret) => `<user><password>${secret}</password></user>`,
  xmlCdata: (secret) => `<ns:apiKey xml:lang="en"><![CDATA[${secret}]]></ns:apiKey>`,
  xmlSetting: (secret, name) => `<add key="${name}" value="${secret}" />`,
  connectionString: (secret) => `Server=db;User Id=app;Password=${secret};Timeout=3`,
  headerLine: (secret) => `GET / HTTP/1.1\nHost: api\nAuthorization: Token ${secret}\nAccept: */*`,
  cookieLine: (secret) => `Cookie: theme=dark; x=${secret}\nAccept: */*`,
  setCookieLine: (secret) => `Set-Cookie: x=${secret}; Path=/; HttpOnly`,
  bearer: (secret) => `could not verify bearer ${secret}: unknown key`,
  basic: (secret) => `sent Basic ${Buffer.from(`ann:${secret}`).toString("base64")}`,
  webToken: (secret) => `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0${secret}.${secret}`,
  userInfo: (secret) => `could not reach postgres://app:${secret}@db.internal:5432/main`,
  userInfoWithAt: (secret) => `https://ann:p@${secret}@example.com/`,
  userInfoEscaped: (secret) => `{"url":"https:\\/\\/ann:${secret}@example.com\\/"}`,
  userInfoEncoded: (secret) => `/go?to=https%3A%2F%2Fann%3A${secret}%40example.com%2F`,
  userInfoBare: (secret) => `<a href="//ann:${secret}@example.com/">x</a>`,
  github: (secret) => `remote: ghp_${secret}${secret} was revoked`,
  slack: (secret) => `posting to https://hooks.slack.com/services/T0000001/B0000001/${secret} failed`,
  resetLink: (secret) => `https://example.com/reset-password/${secret}`,
  privateKey: (secret) =>
    `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n${secret}\n-----END RSA PRIVATE KEY-----`,
  prose: (secret) => `Invalid API key: ${secret}`,
};

/** The same for headers: name and value. */
export const HEADER_WAYS: Readonly<Record<string, (secret: string) => readonly [string, string]>> = {
  setCookie: (secret) => ["set-cookie", `x=${secret}; Path=/; Secure`],
  authorization: (secret) => ["authorization", `Bearer ${secret}`],
  proxyAuthorization: (secret) => ["proxy-authorization", `Basic ${secret}`],
  authToken: (secret) => ["x-auth-token", secret],
  functionsKey: (secret) => ["x-functions-key", secret],
  amzToken: (secret) => ["x-amz-security-token", secret],
  location: (secret) => [
    "location",
    `https://ann:${secret}@example.com/cb?x=1&access_token=${secret}#id_token=${secret}`,
  ],
  link: (secret) => [
    "link",
    `</v1/items?page=2&api_key=${secret}>; rel="next", </v1?token=${secret}>; rel="first"`,
  ],
  referer: (secret) => ["referer", `https://example.com/?password=${secret}`],
  refresh: (secret) => ["refresh", `5; url=/next?sig=${secret}`],
  debug: (secret) => ["x-debug", `{"session":"${secret}"}`],
  webToken: (secret) => ["x-forwarded-user", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0${secret}.${secret}`],
};

/** Ways in which an answer writes what it was sent. */
export const ECHOES: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => `you sent ${secret}`,
  upper: (secret) => `YOU SENT ${secret.toUpperCase()}`,
  url: (secret) => `you sent ${encodeURIComponent(secret)}`,
  urlTwice: (secret) => `you sent ${encodeURIComponent(encodeURIComponent(secret))}`,
  form: (secret) => `you sent ${new URLSearchParams({ x: secret }).toString()}`,
  json: (secret) => JSON.stringify({ youSent: secret }),
  html: (secret) =>
    `you sent ${secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;")}`,
  base64: (secret) => `you sent ${Buffer.from(secret).toString("base64")}`,
  base64Within: (secret) => `you sent ${Buffer.from(`x: Bearer ${secret}\r\n`).toString("base64")}`,
  base64Within2: (secret) => `you sent ${Buffer.from(`ab: Bearer ${secret}\r\n`).toString("base64url")}`,
  hex: (secret) => `you sent ${Buffer.from(secret).toString("hex")}`,
};

const TELLING: readonly [string, ...string[]] = [
  "502 Bad Gateway",
  "<hr><center>nginx/1.22.1</center>",
  "upstream connect error or disconnect/reset before headers. reset reason: connection timeout",
  '{"code":"E502","message":"no upstream","request":"9f2c-11"}',
  "Error from cloudfront. Request ID: zGk2M8x",
  "Basic authentication is required",
  "The session has expired, sign in again",
  "invalid token",
  "error code: 1016",
  '<a href="/status?page=2&sort=asc">Status</a>',
  "The API key is missing.",
];

/** One answer with a few secrets in a few ways, and telling text between them. */
export function hostileAnswer(random: () => number): HostileAnswer {
  const planted: string[] = [];
  const plant = (): string => {
    const secret = makeSecret(random);
    planted.push(secret);
    return secret;
  };
  const ways = Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
    pick(random, Object.keys(BODY_WAYS) as [string, ...string[]]),
  );
  const telling = [pick(random, TELLING), pick(random, TELLING)];
  const parts = ways.map((way) => BODY_WAYS[way]?.(plant(), pick(random, NAMES)) ?? "");
  const headerWays = [pick(random, Object.keys(HEADER_WAYS) as [string, ...string[]])];
  const headers = headerWays.map((way) => HEADER_WAYS[way]?.(plant()) ?? ["x-none", ""]);
  return {
    ways: [...ways, ...headerWays],
    headers: Object.fromEntries([...headers, ["server", "nginx/1.22.1"], ["x-request-id", "9f2c-11"]]),
    body: [telling[0], ...parts, telling[1]].join("\n"),
    planted,
    telling,
  };
}
