/** Loaded into a service that is measured from outside (`node --import`): tells its CPU time when it is asked. */
process.on('message', () => process.send?.(process.cpuUsage()));
process.channel?.unref();
