import { OWNER } from "./admin.ts";

/**
 * Signs the owner in without a browser.
 * @param url `http://localhost:PORT`
 * @returns the cookie to send from now on
 */
export async function signIn(url: string): Promise<string> {
  const answer = await requestSignIn(url);
  if (!answer.ok) throw new Error(`signing in was answered with ${answer.status}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** The request by which the owner signs in, and its answer as it is. */
export function requestSignIn(url: string): Promise<Response> {
  return fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/json" },
    body: JSON.stringify({ email: OWNER.email, password: OWNER.password }),
  });
}

/** The form for a new incident, with what a browser without scripts would send along unseen. */
export async function readIncidentForm(url: string, cookie: string): Promise<FormData> {
  const page = await (await fetch(`${url}/admin/incidents/new`, { headers: { cookie } })).text();
  const form = page.split("<form").find((part) => part.includes('name="body"')) ?? "";
  const fields = new FormData();
  for (const [input] of form.matchAll(/<input type="hidden"[^>]*>/g)) {
    fields.append(attribute(input, "name"), attribute(input, "value"));
  }
  if (!fields.has("$ACTION_KEY")) throw new Error("there is no form for a new incident");
  return fields;
}

/** Publishes an incident. Resolves once the product has said that it is published. */
export async function publishIncident(
  url: string,
  cookie: string,
  form: FormData,
  name: string,
): Promise<void> {
  const body = new FormData();
  for (const [field, value] of form) body.append(field, value);
  for (const [field, value] of Object.entries({ name, status: "investigating", body: "We look into it." })) {
    body.append(field, value);
  }
  const answer = await fetch(`${url}/admin/incidents/new`, {
    method: "POST",
    headers: { cookie, origin: url },
    body,
    redirect: "manual",
  });
  await answer.arrayBuffer();
  if (answer.status !== 303) throw new Error(`publishing was answered with ${answer.status}`);
}

function attribute(tag: string, name: string): string {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value.replaceAll("&quot;", '"').replaceAll("&#x27;", "'").replaceAll("&amp;", "&");
}
