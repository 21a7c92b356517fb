#!/usr/bin/env node
// Runs the program that npm has installed for this system, in its place: arguments, streams, signals and exit code are its own.
'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');

const name = `@allclear/${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/allclear${process.platform === 'win32' ? '.exe' : ''}`);
} catch {
  console.error(`allclear: the package ${name}, which has the program of this system, is not installed.
Install without --omit=optional; where ${name} does not exist, build the program: cargo install --locked allclear`);
  process.exit(2);
}

const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' });
// A terminal sends Ctrl-C to both; what sends a signal to this process alone means the program.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => signal !== 'SIGINT' || !process.stdin.isTTY ? child.kill(signal) : undefined);
}
child.on('error', (error) => {
  console.error(`allclear: ${program} does not run: ${error.message}`);
  process.exit(2);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
