// Imported before everything else: libuv reads this when it starts its first thread, not later.
//
// A name is looked up by getaddrinfo, which keeps a thread busy until it answers. Of the four that
// there are by default, a zone whose servers are dead would hold all, for seconds on end, and every
// other check would wait for its name in vain and be called a DNS failure. An idle thread takes a
// few kilobytes.
process.env["UV_THREADPOOL_SIZE"] ??= "16";
