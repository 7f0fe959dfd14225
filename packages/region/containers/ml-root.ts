import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What stands for `/opt/ml` of one container: a directory of its own. */
export class MlRoot {
  constructor(readonly path: string) {}

  /** An empty one: what an earlier container left is gone. */
  static async create(path: string): Promise<MlRoot> {
    await rm(path, { recursive: true, force: true });
    const root = new MlRoot(path);
    const directories = ['input/config', 'input/data', 'model', 'output/data'];
    for (const directory of directories) await mkdir(join(path, directory), { recursive: true });
    return root;
  }

  get model(): string {
    return join(this.path, 'model');
  }

  get outputData(): string {
    return join(this.path, 'output/data');
  }

  channel(name: string): string {
    return join(this.path, 'input/data', name);
  }

  async writeConfig(name: string, content: unknown): Promise<void> {
    await writeFile(join(this.path, 'input/config', name), JSON.stringify(content));
  }

  /** What a container wrote about its failure. SageMaker reports the first 1,024 characters. */
  async failure(): Promise<string> {
    const text = await readFile(join(this.path, 'output/failure'), 'utf8').catch(() => '');
    return text.slice(0, 1024);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
