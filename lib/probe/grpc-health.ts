/**
 * The two messages of grpc.health.v1 (github.com/grpc/grpc-proto, grpc/health/v1/health.proto), each
 * with one field, in protobuf's wire format (protobuf.dev/programming-guides/encoding) and gRPC's
 * framing: a byte for compression, four for the length (grpc/doc/PROTOCOL-HTTP2.md).
 */

/** HealthCheckResponse.ServingStatus by number. */
const SERVING_STATUSES = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"] as const;
export type ServingStatus = (typeof SERVING_STATUSES)[number];

const FRAME_BYTES = 5;
// field 1, length-delimited; field 1, varint
const SERVICE_TAG = 0x0a;
const STATUS_TAG = 0x08;

/** A framed HealthCheckRequest { service = 1 }; an empty name asks for the server as a whole. */
export function healthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message =
    name.length === 0 ? name : Buffer.concat([Buffer.from([SERVICE_TAG]), varint(name.length), name]);
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32BE(message.length, 1);
  return Buffer.concat([frame, message]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

/** The status in a framed HealthCheckResponse { status = 1 }; null when it is not one. */
export function healthStatus(framed: Buffer): ServingStatus | null {
  if (framed.length < FRAME_BYTES || framed[0] !== 0) return null;
  const end = FRAME_BYTES + framed.readUInt32BE(1);
  if (framed.length < end) return null;
  const message = framed.subarray(FRAME_BYTES, end);
  // proto3 leaves a field out that has its default, 0
  if (message.length === 0) return "UNKNOWN";
  return message[0] === STATUS_TAG ? (SERVING_STATUSES[message[1] ?? -1] ?? null) : null;
}

/** gRPC's status codes by number (grpc/doc/statuscodes.md). */
const STATUS_NAMES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;
export type GrpcStatus = (typeof STATUS_NAMES)[number];

/** The name of a `grpc-status`; null for what is none. */
export function grpcStatus(code: string | undefined): GrpcStatus | null {
  return code !== undefined && /^\d{1,2}$/.test(code) ? (STATUS_NAMES[Number(code)] ?? null) : null;
}
