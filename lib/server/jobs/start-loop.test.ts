import { describe, expect, it, vi } from 'vitest';
import { startLoop } from './start-loop';

/** Resolves once `work` was called so often. */
function counted(times: number, each: (call: number) => Promise<unknown>) {
  let calls = 0;
  let done = () => {};
  const reached = new Promise<void>((resolve) => {
    done = resolve;
  });
  const work = async () => {
    calls += 1;
    if (calls === times) done();
    await each(calls);
  };
  return { work, reached, calls: () => calls };
}

describe('a loop', () => {
  it('goes on after a failure, says which one failed, and is started once', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const loop = counted(4, async (call) => {
      if (call === 2) throw new Error('no database');
    });
    startLoop('testing one', 1, loop.work);
    const second = vi.fn(async () => {});
    startLoop('testing one', 1, second);
    await loop.reached;
    expect(second).not.toHaveBeenCalled();
    expect(said).toHaveBeenCalledWith('testing one failed', expect.anything());
    said.mockRestore();
  });

  it('never runs beside itself, and is held up by no other', async () => {
    let running = 0;
    let most = 0;
    startLoop('testing stuck', 1, () => new Promise(() => {}));
    const loop = counted(5, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 3));
      running -= 1;
    });
    startLoop('testing two', 1, loop.work);
    await loop.reached;
    expect(most).toBe(1);
  });

  it('ends with the process, whatever it is doing, through one listener for all', async () => {
    const listeners = process.listeners('SIGTERM');
    const loop = counted(1, () => Promise.resolve());
    startLoop('testing three', 1, loop.work);
    await loop.reached;
    expect(process.listeners('SIGTERM')).toHaveLength(listeners.length);
    process.listeners('SIGTERM').at(-1)?.('SIGTERM');
    const calls = loop.calls();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(loop.calls()).toBe(calls);
  });
});
