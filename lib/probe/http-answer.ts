import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";

/** The head of an answer, whatever version of HTTP it came in, and the way to its body. */
export interface Answer {
  readonly status: number;
  /** "1.1", "2.0". */
  readonly version: string;
  readonly headers: IncomingHttpHeaders;
  /** The same with every value of a header that came more than once. */
  readonly everyHeader: () => Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Readable;
  /** Once the body has ended: what it was cut off by, null when it is whole. */
  readonly cutOff: () => unknown;
  /** Once the whole body is there: whether the connection can carry another request. */
  readonly reusable: () => boolean;
}
