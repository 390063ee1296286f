import { CheckBox, SelectField, TextArea, TextField } from "./fields.tsx";
import type { FormState } from "./form-state.ts";

/** How an http check connects and who it says it is; secrets are shown as dots. */
export interface ConnectionDefaults {
  readonly basicUser: string;
  readonly basicPassword: string;
  readonly bearerToken: string;
  readonly clientCert: string;
  readonly clientKey: string;
  readonly ca: string;
  readonly serverName: string;
  readonly connectTo: string;
  readonly ipFamily: string;
  readonly http2: string;
  readonly maxRedirects: string;
  readonly followRedirects: boolean;
  readonly verifyTls: boolean;
  readonly reuseConnection: boolean;
}

interface Props {
  readonly state: FormState;
  readonly defaults: ConnectionDefaults;
}

const FAMILIES = [
  { value: "both", label: "IPv6 and IPv4" },
  { value: "6", label: "IPv6 only" },
  { value: "4", label: "IPv4 only" },
];

const HTTP2 = [
  { value: "off", label: "HTTP/1.1" },
  { value: "prefer", label: "HTTP/2 where it is offered" },
  { value: "require", label: "HTTP/2 only" },
];

const KEPT = "Shown as dots once it is saved.";

function Credentials({ state, defaults }: Props) {
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          state={state}
          name="basicUser"
          label="User name"
          autoComplete="off"
          initial={defaults.basicUser}
        />
        <TextField
          state={state}
          name="basicPassword"
          label="Password"
          hint={KEPT}
          autoComplete="off"
          initial={defaults.basicPassword}
        />
      </div>
      <TextField
        state={state}
        name="bearerToken"
        label="Bearer token"
        hint={`Instead of user name and password. ${KEPT}`}
        autoComplete="off"
        initial={defaults.bearerToken}
      />
    </>
  );
}

function Connection({ state, defaults }: Props) {
  return (
    <>
      <CheckBox
        state={state}
        name="followRedirects"
        label="Follow redirects"
        initial={defaults.followRedirects}
      />
      <div className="grid gap-5 sm:grid-cols-3">
        <TextField
          state={state}
          name="maxRedirects"
          type="number"
          label="Redirects at most"
          initial={defaults.maxRedirects}
          min={1}
          required
        />
        <SelectField
          state={state}
          name="ipFamily"
          label="IP version"
          initial={defaults.ipFamily}
          options={FAMILIES}
        />
        <SelectField state={state} name="http2" label="Protocol" initial={defaults.http2} options={HTTP2} />
      </div>
      <TextField
        state={state}
        name="connectTo"
        label="Connect to"
        placeholder="192.0.2.7:8443"
        hint="Host and port, when they are to be others than the address says. The Host header is set under Headers."
        initial={defaults.connectTo}
      />
      <CheckBox
        state={state}
        name="reuseConnection"
        label="Keep the connection between looks"
        hint="Cheaper, but trouble with connecting and TLS is then seen only when a new connection is made, after 5 minutes at most. The component's page says so."
        initial={defaults.reuseConnection}
      />
    </>
  );
}

function Certificates({ state, defaults }: Props) {
  return (
    <>
      <CheckBox
        state={state}
        name="verifyTls"
        label="Ask for a valid certificate"
        initial={defaults.verifyTls}
      />
      <TextField
        state={state}
        name="serverName"
        label="Server name"
        hint="For SNI and the certificate, when it is to be another than the address's."
        initial={defaults.serverName}
      />
      <TextArea
        state={state}
        name="ca"
        label="Authorities to trust instead of the system's"
        rows={3}
        mono
        initial={defaults.ca}
        hint="Certificates as PEM text."
      />
      <TextArea
        state={state}
        name="clientCert"
        label="Client certificate"
        rows={3}
        mono
        initial={defaults.clientCert}
        hint="PEM text, with its chain."
      />
      <TextArea
        state={state}
        name="clientKey"
        label="Private key of the client certificate"
        rows={3}
        mono
        initial={defaults.clientKey}
        hint={`PEM text, without a passphrase. ${KEPT}`}
      />
    </>
  );
}

/** Credentials, connection and certificates of an http check. */
export function HttpConnectionFields(props: Props) {
  return (
    <div className="grid gap-5 pb-4">
      <Credentials {...props} />
      <Connection {...props} />
      <Certificates {...props} />
    </div>
  );
}
