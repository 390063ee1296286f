import {
  isRoot,
  OWN_PAGE,
  wholeSeconds,
  type GatewayPlan,
  type GatewayProgram,
  type GatewaySetting,
} from "./program.ts";

export const apache: GatewayProgram = {
  places: ["/usr/sbin/apache2", "/usr/sbin/httpd", "/usr/local/bin/httpd", "/opt/homebrew/bin/httpd"],
  debianPackage: "apache2",
  plan: (setting: GatewaySetting): GatewayPlan => ({
    files: { "httpd.conf": configuration(setting), "sorry.html": OWN_PAGE },
    arguments: ["-D", "FOREGROUND", "-d", setting.directory, "-f", `${setting.directory}/httpd.conf`],
  }),
};

const MODULES =
  "mpm_event authz_core headers proxy proxy_http proxy_balancer lbmethod_byrequests slotmem_shm ssl socache_shmcb";

function configuration(setting: GatewaySetting): string {
  const { directory, port, connectMs, answerMs, upstreams } = setting;
  const scheme = setting.upstreamTls ? "https" : "http";
  const parameters = [
    `connectiontimeout=${connectMs}ms`,
    `timeout=${wholeSeconds(answerMs)}`,
    // a worker in error is otherwise left out for a minute, and answers 503 without trying
    `retry=${setting.ejects ? 30 : 0}`,
  ].join(" ");
  const members = upstreams.map(
    ({ host, port: at }) => `  BalancerMember ${scheme}://${host}:${at} ${parameters}`,
  );
  const [only] = upstreams;
  const route =
    upstreams.length === 1 && only !== undefined
      ? `ProxyPass / ${scheme}://${only.host}:${only.port}/ ${parameters}`
      : `<Proxy balancer://pool>\n${members.join("\n")}\n</Proxy>\nProxyPass / balancer://pool/`;
  return `ServerRoot ${directory}
ServerName gateway.example.test
Listen 127.0.0.1:${port}
PidFile ${directory}/httpd.pid
ErrorLog ${directory}/error.log
DefaultRuntimeDir ${directory}
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 8
${isRoot() ? "User nobody\nGroup nogroup" : ""}
${MODULES.split(" ")
  .map((name) => `LoadModule ${name}_module ${modules()}/mod_${name}.so`)
  .join("\n")}
ProxyPassInterpolateEnv Off
${setting.upstreamTls ? `SSLProxyEngine on\nSSLProxyVerify require\nSSLProxyCACertificateFile ${setting.authorityFile}` : ""}
${setting.ownPages ? [500, 502, 503, 504].map((status) => `ErrorDocument ${status} "${OWN_PAGE.trim()}`).join("\n") : ""}
${setting.reveals ? REVEALS : ""}
${setting.extra}
${route}
`;
}

// docs/diagnosis.md
const REVEALS = `Header always set X-Gateway-Error "expr=%{note:error-notes}"`;

/** Debian's place for modules; elsewhere they lie below the prefix of httpd. */
function modules(): string {
  return process.platform === "darwin"
    ? "/opt/homebrew/opt/httpd/lib/httpd/modules"
    : "/usr/lib/apache2/modules";
}
