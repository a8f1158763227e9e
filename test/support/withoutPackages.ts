import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, inCheckout, temporaryFolder } from './checkout.ts';

/** The build beside all packages but some, as whoever has not asked for them has it, and a picture `a.png`. */
export function withoutPackages(...without: string[]): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder();
  const modules = join(folder.path, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(checkout, 'node_modules'))) {
    if (!without.includes(name) && !name.startsWith('.')) {
      symlinkSync(join(checkout, 'node_modules', name), join(modules, name), 'junction');
    }
  }
  cpSync(join(checkout, 'dist'), join(folder.path, 'dist'), { recursive: true });
  cpSync(join(checkout, 'package.json'), join(folder.path, 'package.json'));
  cpSync(inCheckout('samples/camera.png'), join(folder.path, 'a.png'));
  return folder;
}
