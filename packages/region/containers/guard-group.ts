import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads `+ <pid>` and `- <pid>` until its input ends, which it does when this process is gone, however it went; then ends the process
 * groups that are left. A shell, because it takes a megabyte where Node.js takes forty.
 */
const script = `
groups=' '
while read -r change group; do
  case $change in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% "$group" *} \${groups#* "$group" }" ;;
  esac
done
for group in $groups; do kill -KILL -"$group"; done 2>/dev/null
`;

let shell: ChildProcess | undefined;

/**
 * Has a process group ended when this process ends, even by SIGKILL.
 * @param group the id of its leader, which was started `detached`.
 * @returns a function that says that the group has ended, so that its id may be somebody else's.
 */
export function guardGroup(group: number): () => void {
  tell(`+ ${group}`);
  return () => tell(`- ${group}`);
}

function tell(line: string): void {
  shell ??= startShell();
  shell.stdin?.write(`${line}\n`);
}

function startShell(): ChildProcess {
  // In a session of its own, or Ctrl-C would end it before those that it guards.
  const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // Without a shell nothing is guarded against SIGKILL; all else ends as it does.
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  if (child.stdin && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
}
