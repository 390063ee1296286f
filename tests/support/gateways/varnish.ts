import { OWN_PAGE, type GatewayPlan, type GatewayProgram, type GatewaySetting } from "./program.ts";

export const varnish: GatewayProgram = {
  places: ["/usr/sbin/varnishd", "/usr/local/sbin/varnishd", "/opt/homebrew/sbin/varnishd"],
  debianPackage: "varnish",
  plan: (setting: GatewaySetting): GatewayPlan => ({
    files: { "default.vcl": configuration(setting) },
    arguments:
      `-F -j none -n ${setting.directory}/work -a 127.0.0.1:${setting.port} -f ${setting.directory}/default.vcl -s malloc,16m`.split(
        " ",
      ),
  }),
};

/** Varnish speaks no TLS to its backends and looks names up at the start: both are not offered. */
function configuration(setting: GatewaySetting): string {
  const backends = setting.upstreams.map(
    ({ host, port }, index) => `backend b${index} {
  .host = "${host}"; .port = "${port}";
  .connect_timeout = ${setting.connectMs}ms; .first_byte_timeout = ${setting.answerMs}ms;
  ${setting.ejects ? `.probe = { .interval = 300s; .timeout = 200ms; .window = 1; .threshold = 1; .initial = 0; }` : ""}
}`,
  );
  return `vcl 4.1;
import directors;
${backends.join("\n")}
sub vcl_init {
  new pool = directors.round_robin();
  ${setting.upstreams.map((_, index) => `pool.add_backend(b${index});`).join(" ")}
}
sub vcl_recv { set req.backend_hint = pool.backend(); return (pass); }
${setting.ownPages ? `sub vcl_backend_error { set beresp.http.Content-Type = "text/html"; synthetic({"${OWN_PAGE}"}); return (deliver); }` : ""}
${setting.extra}
`;
}
