// Preloaded into the server: when the process that started it is gone, however it ended, the server ends too.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
