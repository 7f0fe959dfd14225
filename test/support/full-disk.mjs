// Loaded before a program (`node --import`): what it writes below FULL_DISK fails as on a full disk.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const full = process.env.FULL_DISK ?? '';

for (const name of ['writeFileSync', 'appendFileSync', 'mkdirSync', 'copyFileSync']) {
  const original = fs[name];
  fs[name] = (path, ...rest) => {
    if (String(path).startsWith(full)) {
      const message = `ENOSPC: no space left on device, ${name} '${path}'`;
      throw Object.assign(new Error(message), { code: 'ENOSPC', path: String(path) });
    }
    return original(path, ...rest);
  };
}
syncBuiltinESMExports();
