import { type Manifest, podOf } from './manifests.ts';
import { type PodProcess, startContainer, type Surroundings } from './pod-process.ts';

/** The Pods of a Deployment, as processes. */
export interface Deployment {
  /** Where the Service would send a request now. */
  ready(): readonly PodProcess[];
  pods(): readonly PodProcess[];
  /** Replaces the Pods one after the other: a new one is ready before an old one ends. */
  roll(to: Manifest, around: Surroundings): Promise<void>;
  stop(): Promise<void>;
}

/** Starts as many Pods as are asked for, and waits until their probes are green. */
export async function startDeployment(
  from: Manifest,
  replicas: number,
  around: Surroundings,
): Promise<Deployment> {
  let ready: PodProcess[] = [];
  let all: PodProcess[] = [];
  const start = async (manifest: Manifest, surroundings: Surroundings): Promise<PodProcess> => {
    const pod = podOf(manifest);
    const [container] = pod.containers;
    if (container === undefined) throw new Error('a Pod without a container');
    const started = await startContainer(pod, container, surroundings);
    all.push(started);
    await started.ready();
    ready.push(started);
    return started;
  };
  const end = async (pod: PodProcess): Promise<void> => {
    // It gets no requests any more before it is told to end: that is what preStop waits for.
    ready = ready.filter((each) => each !== pod);
    await pod.stop();
    all = all.filter((each) => each !== pod);
  };
  await Promise.all(Array.from({ length: replicas }, () => start(from, around)));
  return {
    ready: () => ready,
    pods: () => all,
    async roll(to, surroundings) {
      for (const old of [...ready]) {
        await start(to, surroundings);
        await end(old);
      }
    },
    async stop() {
      for (const pod of [...ready]) await end(pod);
    },
  };
}
