import { OWN_PAGE, type GatewayPlan, type GatewayProgram, type GatewaySetting } from "./program.ts";

export const caddy: GatewayProgram = {
  places: ["/usr/bin/caddy", "/usr/local/bin/caddy", "/opt/homebrew/bin/caddy"],
  debianPackage: "caddy",
  plan: (setting: GatewaySetting): GatewayPlan => ({
    files: { Caddyfile: configuration(setting) },
    arguments: ["run", "--config", `${setting.directory}/Caddyfile`, "--adapter", "caddyfile"],
    environment: {
      HOME: setting.directory,
      XDG_DATA_HOME: setting.directory,
      XDG_CONFIG_HOME: setting.directory,
    },
  }),
};

function configuration(setting: GatewaySetting): string {
  const { port, upstreams, connectMs, answerMs } = setting;
  const scheme = setting.upstreamTls ? "https" : "http";
  const to = upstreams.map(({ host, port: at }) => `${scheme}://${host}:${at}`).join(" ");
  const tls = setting.upstreamTls
    ? `tls_server_name localhost\n      tls_trusted_ca_certs ${setting.authorityFile}`
    : "";
  return `{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {
  bind 127.0.0.1
  reverse_proxy ${to} {
    transport http {
      dial_timeout ${connectMs}ms
      response_header_timeout ${answerMs}ms
      ${tls}
      ${setting.resolverPort > 0 ? `resolvers udp/127.0.0.1:${setting.resolverPort}` : ""}
    }
    ${setting.ejects ? "fail_duration 30s" : ""}
    ${setting.extra}
  }
  ${
    setting.reveals || setting.ownPages
      ? `handle_errors {
    ${setting.reveals ? `header X-Gateway-Error "{http.error.message}"` : ""}
    ${setting.ownPages ? `respond \`${OWN_PAGE.trim()}\`` : ""}
  }`
      : ""
  }
}
`;
}
