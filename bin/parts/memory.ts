// Imported before a service's own modules. V8 lets a busy heap grow to about four times of what is alive
// in it before it collects: 55 MB become 180 under a thousand looks a second. Three fifths more than is alive
// cost little memory beside two fifths, and the shorter pauses are seen in how punctual the looks are.
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--heap-growing-percent=60");
