// Preloaded into the command (`node --import`): standard output is taken for a terminal.
Object.defineProperty(process.stdout, 'isTTY', { value: true });
