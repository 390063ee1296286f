import {
  isRoot,
  wholeSeconds,
  type GatewayPlan,
  type GatewayProgram,
  type GatewaySetting,
} from "./program.ts";

export const squid: GatewayProgram = {
  places: ["/usr/sbin/squid", "/usr/local/sbin/squid", "/usr/local/squid/sbin/squid"],
  debianPackage: "squid",
  // it counts two seconds down otherwise, also with nothing to wait for
  stopSignal: "SIGKILL",
  plan: (setting: GatewaySetting): GatewayPlan => ({
    files: { "squid.conf": configuration(setting) },
    arguments: ["-N", "-f", `${setting.directory}/squid.conf`],
  }),
};

/** Squid as an accelerator: in front of a server, not of the people who browse. */
function configuration(setting: GatewaySetting): string {
  const { directory, port } = setting;
  const tls = setting.upstreamTls ? `tls tls-cafile=${setting.authorityFile} ssldomain=localhost` : "";
  const peers = setting.upstreams.map(
    (upstream, index) =>
      `cache_peer ${upstream.host} parent ${upstream.port} 0 no-query no-digest originserver round-robin name=p${index} connect-timeout=${wholeSeconds(setting.connectMs)} ${setting.ejects ? "connect-fail-limit=1" : ""} ${tls}`,
  );
  return `http_port 127.0.0.1:${port} accel defaultsite=gateway.example.test no-vhost
${peers.join("\n")}
http_access allow all
never_direct allow all
cache deny all
connect_retries 0
read_timeout ${wholeSeconds(setting.answerMs)} seconds
forward_timeout 5 seconds
shutdown_lifetime 0 seconds
visible_hostname gateway.example.test
pid_filename none
access_log none
cache_log ${directory}/error.log
cache_store_log none
coredump_dir ${directory}
netdb_filename none
${isRoot() ? "cache_effective_user proxy" : ""}
${setting.extra}
`;
}
