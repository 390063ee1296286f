import { isRoot, OWN_PAGE, type GatewayPlan, type GatewayProgram, type GatewaySetting } from "./program.ts";

export const nginx: GatewayProgram = {
  places: ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx", "/opt/homebrew/bin/nginx"],
  debianPackage: "nginx-light",
  plan: (setting: GatewaySetting): GatewayPlan => ({
    files: { "nginx.conf": configuration(setting), "sorry.html": OWN_PAGE },
    arguments:
      `-p ${setting.directory} -c ${setting.directory}/nginx.conf -e ${setting.directory}/error.log`.split(
        " ",
      ),
  }),
};

function configuration(setting: GatewaySetting): string {
  const { directory, port, upstreams, upstreamTls } = setting;
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${directory}/${name};`)
    .join("\n  ");
  const failures = setting.ejects ? "max_fails=1 fail_timeout=30s" : "max_fails=0";
  const [first] = upstreams;
  // a name in an upstream block is looked up at the start, in a variable with each request
  const named = setting.resolverPort > 0 && first !== undefined ? `${first.host}:${first.port}` : null;
  return `${isRoot() ? "user root;" : ""}
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 64; }
http {
  access_log off;
  ${temporary}
  ${setting.reveals ? REVEALS.http : ""}
  ${named === null ? "" : `resolver 127.0.0.1:${setting.resolverPort} ipv6=off; resolver_timeout 2s;`}
  upstream pool {
    ${
      named === null
        ? upstreams.map(({ host, port: at }) => `server ${host}:${at} ${failures};`).join("\n    ")
        : "server 127.0.0.1:1;"
    }
  }
  server {
    listen 127.0.0.1:${port};
    ${setting.ownPages ? `error_page 502 503 504 /sorry.html; location = /sorry.html { root ${directory}; internal; }` : ""}
    location / {
      set $target ${named ?? "pool"};
      proxy_pass ${upstreamTls ? "https" : "http"}://$target;
      proxy_connect_timeout ${setting.connectMs}ms;
      proxy_read_timeout ${setting.answerMs}ms;
      ${upstreamTls ? `proxy_ssl_verify on; proxy_ssl_name localhost; proxy_ssl_trusted_certificate ${setting.authorityFile};` : ""}
      ${setting.reveals ? REVEALS.location.replace("to=http", upstreamTls ? "to=https" : "to=http") : ""}
      ${setting.extra}
    }
  }
}
`;
}

// docs/diagnosis.md
const REVEALS = {
  http: `map $upstream_addr $upstream_tried { default none; "~:" yes; }`,
  location: `add_header X-Gateway-Upstream "status=$upstream_status; connect=$upstream_connect_time; header=$upstream_header_time; received=$upstream_bytes_received; tried=$upstream_tried; to=http" always;`,
};
