import { OWN_PAGE, type GatewayPlan, type GatewayProgram, type GatewaySetting } from "./program.ts";

export const haproxy: GatewayProgram = {
  places: ["/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy", "/opt/homebrew/bin/haproxy"],
  debianPackage: "haproxy",
  plan: (setting: GatewaySetting): GatewayPlan => ({
    files: { "haproxy.cfg": configuration(setting), "sorry.http": sorry() },
    arguments: ["-db", "-q", "-f", `${setting.directory}/haproxy.cfg`],
  }),
};

function sorry(): string {
  return `HTTP/1.0 503 Service Unavailable\r\nCache-Control: no-cache\r\nContent-Type: text/html\r\n\r\n${OWN_PAGE}`;
}

function configuration(setting: GatewaySetting): string {
  const { directory, port, upstreams, connectMs, answerMs } = setting;
  const named = setting.resolverPort > 0;
  const options = [
    setting.upstreamTls ? `ssl verify required ca-file ${setting.authorityFile} verifyhost localhost` : "",
    setting.ejects ? "check inter 200ms fastinter 50ms downinter 30s rise 2 fall 1" : "",
    named ? "resolvers names init-addr none" : "",
  ].join(" ");
  const servers = upstreams.map(({ host, port: at }, index) => `  server s${index} ${host}:${at} ${options}`);
  const pages = [502, 503, 504].map((status) => `  errorfile ${status} ${directory}/sorry.http`);
  return `global
  maxconn 64
defaults
  mode http
  timeout client 30s
  timeout connect ${connectMs}ms
  timeout server ${answerMs}ms
${setting.ownPages ? pages.join("\n") : ""}
${named ? `resolvers names\n  nameserver local 127.0.0.1:${setting.resolverPort}\n  timeout retry 100ms\n  resolve_retries 1` : ""}
frontend front
  bind 127.0.0.1:${port}
  default_backend pool
${setting.reveals ? REVEALS : ""}
backend pool
${servers.join("\n")}
${setting.extra}
`;
}

// docs/diagnosis.md
const REVEALS = `  http-after-response set-header X-Gateway-Upstream "usable=%[nbsrv(pool)]; connect=%Tc; header=%Tr; retries=%rc; tls=%[ssl_bc_err_str]"`;
