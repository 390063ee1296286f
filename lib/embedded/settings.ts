/** Whether a commit survives a power cut. `none` is for tests, whose data nobody wants back. */
export type Durability = "full" | "none";

/**
 * Server settings for a machine that it shares with everything else: about 30 MB of its own, a
 * handful of processes. Each deviation from PostgreSQL's default is here for memory, except
 * where it says otherwise.
 *
 * @see https://www.postgresql.org/docs/18/runtime-config.html
 */
export function serverSettings(port: number, durability: Durability): Readonly<Record<string, string>> {
  return {
    listen_addresses: "127.0.0.1",
    port: String(port),
    // a socket path has a length limit of 107 bytes, which a deep checkout exceeds
    unix_socket_directories: "",
    shared_buffers: "32MB",
    max_connections: "60",
    work_mem: "4MB",
    maintenance_work_mem: "32MB",
    autovacuum_max_workers: "2",
    max_worker_processes: "4",
    max_parallel_workers_per_gather: "1",
    huge_pages: "off",
    jit: "off",
    // version 18 starts three workers to read ahead; what is read here lies in memory
    io_method: "sync",
    // nobody replicates from an embedded server
    wal_level: "minimal",
    max_wal_senders: "0",
    max_logical_replication_workers: "0",
    min_wal_size: "64MB",
    max_wal_size: "512MB",
    timezone: "UTC",
    log_timezone: "UTC",
    // errors of statements reach the code that ran them; the log keeps what happens to the server
    log_min_messages: "log",
    log_checkpoints: "off",
    ...(durability === "none" ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
}
