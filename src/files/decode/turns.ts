import sharp from 'sharp';

let working = 0;
let waitingAlone = 0;
let isAlone = false;
const asleep: (() => void)[] = [];

/** Does work of libvips that may run beside other such work. */
export function beside<T>(work: () => Promise<T>): Promise<T> {
  return turn(
    () => isAlone || waitingAlone > 0,
    () => working++,
    work,
    () => working--,
  );
}

/**
 * Does work of libvips when none of ours runs beside it: its log of errors is one for the whole process, so that only then a reason found
 * there is sure to be this work's own.
 */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  waitingAlone++;
  return turn(
    () => isAlone || working > 0,
    () => {
      waitingAlone--;
      isAlone = true;
    },
    work,
    () => {
      isAlone = false;
    },
  );
}

/** {@link alone}, after the log of errors was emptied: to be refused is what empties it. */
export function undisturbed<T>(work: () => Promise<T>): Promise<T> {
  return alone(async () => {
    await sharp(Buffer.from('no picture'))
      .metadata()
      .catch(() => {});
    return work();
  });
}

async function turn<T>(
  mustWait: () => boolean,
  begin: () => void,
  work: () => Promise<T>,
  end: () => void,
): Promise<T> {
  while (mustWait()) await new Promise<void>((wake) => asleep.push(wake));
  begin();
  try {
    return await work();
  } finally {
    end();
    for (const wake of asleep.splice(0)) wake();
  }
}
