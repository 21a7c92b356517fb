// Makes a package for npm: `allclear`, whose only file is a launcher, or the package with the program of one system.
//
//   node pack.mjs launcher WORK DIST
//   node pack.mjs program WORK DIST TARGET STAGE
//
// npm installs of the optional dependencies of `allclear` the one whose `os` and `cpu` are those of the machine; no script runs
// when it is installed. The program of Linux is static, so that it needs no other package for Alpine.

import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [which, work, dist, target, stage] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const metadata = JSON.parse(execFileSync('cargo', ['metadata', '--locked', '--no-deps', '--format-version', '1'], { cwd: root }));
const { version, description, license, keywords, repository } = metadata.packages[0];

const SYSTEMS = { linux: 'linux', darwin: 'darwin', windows: 'win32' };
const PROCESSORS = { x86_64: 'x64', aarch64: 'arm64' };
/** The packages with programs, by the target of the program but for its C library. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'];

const common = { version, license, ...(repository && { repository: { type: 'git', url: `git+${repository}.git` } }) };

/** Writes a package and packs it into DIST. */
function pack(folder, manifest, files) {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2) + '\n');
  for (const [name, path] of files) copyFileSync(path, join(folder, name));
  for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) copyFileSync(join(root, name), join(folder, name));
  for (const [name] of files.filter(([name]) => name.startsWith('bin/'))) chmodSync(join(folder, name), 0o755);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', dist], { cwd: folder, shell: process.platform === 'win32' });
}

function launcher() {
  pack(join(work, 'allclear'), {
    name: 'allclear',
    description,
    keywords,
    ...common,
    bin: { allclear: 'bin/allclear.js' },
    files: ['bin', 'LICENSE-*'],
    engines: { node: '>=18' },
    optionalDependencies: Object.fromEntries(PLATFORMS.map((platform) => [`@allclear/${platform}`, version])),
  }, [['bin/allclear.js', join(here, 'allclear.js')], ['README.md', join(root, 'README.md')]]);
}

function program() {
  const [, processor, system] = /^(\w+?)-\w+-(linux|darwin|windows)/.exec(target);
  const [os, cpu] = [SYSTEMS[system], PROCESSORS[processor]];
  if (!PLATFORMS.includes(`${os}-${cpu}`)) throw new Error(`there is no package for ${target}`);
  const name = system === 'windows' ? 'allclear.exe' : 'allclear';
  const folder = join(work, `${os}-${cpu}`);
  mkdirSync(folder, { recursive: true });
  const readme = join(work, 'README.md');
  writeFileSync(readme, `# @allclear/${os}-${cpu}\n\nThe program of [allclear](https://www.npmjs.com/package/allclear) for ${os} on ${cpu}. Install \`allclear\`.\n`);
  pack(folder, {
    name: `@allclear/${os}-${cpu}`,
    description: `The program of allclear for ${os} on ${cpu}`,
    ...common,
    os: [os],
    cpu: [cpu],
    files: ['bin', 'LICENSE-*'],
    preferUnplugged: true,
  }, [
    [`bin/${name}`, join(stage, name)],
    ['LICENSE-THIRD-PARTY', join(stage, 'LICENSE-THIRD-PARTY')],
    ['README.md', readme],
  ]);
}

({ launcher, program })[which]();
