import { fits } from '../match/pattern.ts';
import type { Step } from '../suite/step.ts';
import { printable } from '../wire/printable.ts';
import type { Course, Frame } from './course.ts';
import { StepFailure } from './failure.ts';
import { show } from './told.ts';
import type { World } from './world.ts';

/** Makes a client under test do something. */
export async function stimulate(
  course: Course,
  peer: string,
  stimulus: string,
  values: unknown,
): Promise<void> {
  const { world } = course;
  if (!world.stimuli) throw new StepFailure('harness', `nothing can make a client "${stimulus}" here`);
  course.transcript.add({
    at: course.at(),
    peer,
    what: 'note',
    text: `is made to ${stimulus} ${show(values)}`,
    step: course.stepIndex,
  });
  await course.unlessAborted(world.stimuli.run(peer, stimulus, values as Record<string, unknown>));
}

/** What a client has shown: all of it, or what of one kind is read from its lines. */
function read(world: World, output: string, kind: string | undefined): unknown[] {
  if (kind === undefined) return [output];
  const reads = world.shows?.get(kind);
  return output.split(/\r?\n/).flatMap((line): unknown[] => {
    const parts = reads?.groups(line);
    return parts ? [parts] : [];
  });
}

/** Waits until a client shows something; or, where it never may, for a quiet time. */
export async function shows(
  course: Course,
  peer: string,
  { pattern, never, kind }: Extract<Step, { do: 'shows' }>,
  frame: Frame,
  limit: number,
): Promise<void> {
  const { world } = course;
  const wanted = `${kind === undefined ? '' : `${kind} `}${pattern.print(frame.scope)}`;
  const due = world.clock.now() + (never ? world.quiet : limit);
  for (;;) {
    const shown = world.stimuli?.shown(peer) ?? '';
    const isShown = read(world, shown, kind).some((one) => fits(pattern, one, frame.scope, course.wall));
    if (isShown && !never) return;
    if (isShown)
      throw new StepFailure('unexpected', `the client of ${peer} must not show ${wanted}`, {
        peer,
        actual: printable(shown.slice(-400)),
      });
    if (world.clock.now() >= due) {
      if (never) return;
      throw new StepFailure('silent', `the client of ${peer} does not show ${wanted}`, {
        peer,
        expected: wanted,
        actual: printable(shown.slice(-400)),
      });
    }
    await course.wait(15);
  }
}
