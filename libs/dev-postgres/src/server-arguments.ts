/** PostgreSQL's configuration parameters. */
export type Settings = Readonly<Record<string, string | number>>;

/**
 * The command line of a server: settings follow the code, not a file that an older version has written.
 * `fsync`, `full_page_writes` and `synchronous_commit` keep their defaults: what is committed stays.
 */
export function serverArguments(data: string, port: number, more: Settings): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    // No socket file: its path may not exceed some hundred characters, which a checkout's path easily does.
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '32MB',
    // Reading ahead in worker processes is of no use to a small database.
    io_method: 'sync',
    // Nobody replicates it.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    max_wal_size: '256MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Values of a failed statement have no place in a log.
    log_error_verbosity: 'terse',
    ...more,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', data, ...options];
}
