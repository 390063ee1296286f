import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A certificate with what follows it in its chain, and its key; PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  readonly ca: string;
  /** @param altNames as OpenSSL writes them, "DNS:localhost,IP:127.0.0.1" */
  readonly issue: (request: {
    readonly name: string;
    readonly altNames?: string;
    readonly days: number;
    /** Signed by an intermediate authority that is valid for so many days, which the chain then holds. */
    readonly intermediateDays?: number;
  }) => Promise<Issued>;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/**
 * A certificate authority made for one test, for what fixtures cannot be: certificates that are about to
 * end. OpenSSL does it; the files are gone afterwards.
 */
export async function withAuthority<T>(work: (authority: Authority) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "gatewatch-authority-"));
  const file = (name: string): string => join(folder, name);
  const openssl = (...parameters: string[]) => run("openssl", parameters, { cwd: folder });
  const read = (name: string): Promise<string> => readFile(file(name), "utf8");

  /** Signs a new key; `extensions` in OpenSSL's configuration language. */
  async function sign(name: string, by: string, days: number, extensions: string): Promise<void> {
    await writeFile(file(`${name}.ext`), extensions);
    await openssl(
      "req",
      "-new",
      ...NEW_KEY,
      "-keyout",
      `${name}.key`,
      "-subj",
      `/CN=${name}`,
      "-out",
      `${name}.csr`,
    );
    // a serial file would be shared by all that is signed at once
    const serial = `0x${randomBytes(8).toString("hex")}`;
    const signer = ["-CA", `${by}.pem`, "-CAkey", `${by}.key`, "-set_serial", serial];
    const into = ["-days", String(days), "-extfile", `${name}.ext`, "-out", `${name}.pem`];
    await openssl("x509", "-req", "-in", `${name}.csr`, ...signer, ...into);
  }

  try {
    await openssl(
      "req",
      "-x509",
      ...NEW_KEY,
      "-keyout",
      "root.key",
      "-subj",
      "/CN=Root of the test",
      "-days",
      "3650",
      "-out",
      "root.pem",
    );
    return await work({
      ca: await read("root.pem"),
      issue: async ({ name, altNames = "DNS:localhost,IP:127.0.0.1,IP:::1", days, intermediateDays }) => {
        const between = intermediateDays === undefined ? null : `${name} intermediate`;
        if (between !== null && intermediateDays !== undefined)
          await sign(between, "root", intermediateDays, "basicConstraints=critical,CA:TRUE");
        await sign(name, between ?? "root", days, `subjectAltName=${altNames}`);
        const chain = between === null ? [name] : [name, between];
        const certificates = await Promise.all(chain.map((link) => read(`${link}.pem`)));
        return { cert: certificates.join(""), key: await read(`${name}.key`) };
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
